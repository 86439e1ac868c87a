// The line discipline: its modes, its input queue as programs read it, and flow control.
#include <polyabi/reference/line_discipline.hpp>

namespace polyabi::reference {

namespace t = termios_bits;

namespace {

constexpr u8 control(char c) {
  return static_cast<u8>(c & 0x1f);
}
constexpr usize input_high_water = line_discipline::input_limit - 512, input_low_water = 512;

} // namespace

termios line_discipline::defaults() {
  termios d{};
  d.iflag = t::brkint | t::icrnl | t::imaxbel | t::ixon;
  d.oflag = t::opost | t::onlcr;
  d.cflag = t::cread | t::cs8 | t::hupcl;
  d.lflag = t::echo | t::echoe | t::echok | t::echoke | t::echoctl | t::isig | t::icanon | t::iexten;
  for (u8& c : d.cc) c = t::disabled;
  d.cc[t::veof] = control('D');
  d.cc[t::verase] = 0x7f;
  d.cc[t::vwerase] = control('W');
  d.cc[t::vkill] = control('U');
  d.cc[t::vreprint] = control('R');
  d.cc[t::vintr] = control('C');
  d.cc[t::vquit] = control('\\');
  d.cc[t::vsusp] = control('Z');
  d.cc[t::vstart] = control('Q');
  d.cc[t::vstop] = control('S');
  d.cc[t::vlnext] = control('V');
  d.cc[t::vdiscard] = control('O');
  d.cc[t::vmin] = 1;
  d.cc[t::vtime] = 0;
  d.ispeed = d.ospeed = 38400;
  return d;
}

bool line_discipline::has_usual_flow() const {
  return input(t::ixon) && attributes_.cc[t::vstop] == control('S') && attributes_.cc[t::vstart] == control('Q');
}

void line_discipline::set_attributes(const termios& wanted) {
  using change = line_observer::change;
  const bool was_canonical = canonical(), had_usual_flow = has_usual_flow(), was_external = local(t::extproc);
  attributes_ = wanted;
  if (has_usual_flow() != had_usual_flow)
    observer_.changed(had_usual_flow ? change::needs_no_flow_characters : change::obeys_flow_characters);
  if (was_external || local(t::extproc)) observer_.changed(change::external_processing);
  if (canonical() != was_canonical) {
    literal_next_ = erasing_ = false;
    // What was typed ahead can be read: as one line without an end, or as it is.
    if (canonical() && input_count_ != 0) {
      entry(input_count_ - 1) |= delimiter;
      complete_ = input_count_;
    } else {
      complete_ = 0;
    }
  }
  if (!input(t::ixon) && stopped_by_character_) restart_output();
  if (!input(t::ixoff) && peer_stopped_) send_flow_character(t::vstart);
  if (readable()) observer_.input_ready();
}

usize line_discipline::receive_room() const {
  if (canonical() && complete_ == 0) return input_limit;
  // What `receive_text` needs for one character: the end of the line keeps its place, and PARMRK may double a character.
  const usize kept = (canonical() ? 1 : 0) + (input(t::parmrk) ? 1 : 0);
  return input_count_ + kept < input_limit ? input_limit - kept - input_count_ : 0;
}

u16 line_discipline::take_entry() {
  const u16 first = input_[input_start_];
  input_start_ = (input_start_ + 1) % input_limit;
  --input_count_;
  if (complete_ != 0) --complete_;
  return first;
}

void line_discipline::input_taken() {
  if (peer_stopped_ && input_count_ <= input_low_water) send_flow_character(t::vstart);
  observer_.input_room();
}

line_discipline::taken line_discipline::take_line(char* to, usize limit) {
  taken line{0, false};
  while (complete_ != 0 && !line.line_ends && line.size < limit) {
    const u16 e = take_entry();
    line.line_ends = (e & delimiter) != 0;
    if ((e & end_of_file) == 0) to[line.size++] = static_cast<char>(e);
  }
  input_taken();
  return line;
}

void line_discipline::skip_end_of_file() {
  if (complete_ != 0 && (entry(0) & end_of_file) != 0) (void)take_entry();
}

usize line_discipline::take_raw(char* to, usize limit) {
  usize size = 0;
  while (input_count_ != 0 && size < limit) to[size++] = static_cast<char>(take_entry());
  if (size != 0) input_taken();
  return size;
}

usize line_discipline::bytes_readable() const {
  if (!canonical()) return input_count_;
  usize size = 0;
  for (usize i = 0; i < complete_; ++i)
    if ((entry(i) & end_of_file) == 0) ++size;
  return size;
}

void line_discipline::put(u16 e) {
  input_[(input_start_ + input_count_++) % input_limit] = e;
  if (input(t::ixoff) && !peer_stopped_ && input_count_ >= input_high_water) send_flow_character(t::vstop);
}

void line_discipline::end_line(u16 e) {
  if (input_count_ == input_limit) return bell();
  put(static_cast<u16>(e | delimiter));
  complete_ = input_count_;
  observer_.input_ready();
}

void line_discipline::bell() {
  if (!input(t::imaxbel)) return;
  echo_as_is('\a');
  show();
}

void line_discipline::flush_input() {
  input_start_ = input_count_ = complete_ = 0;
  literal_next_ = erasing_ = false;
  input_taken();
  observer_.changed(line_observer::change::flushed_input);
}

void line_discipline::flush_output() {
  output_start_ = output_count_ = 0;
  observer_.output_room();
  observer_.changed(line_observer::change::flushed_output);
}

usize line_discipline::take_output(char* to, usize limit) {
  const usize run = next_output().size(), size = run < limit ? run : limit;
  for (usize i = 0; i < size; ++i) to[i] = output_[output_start_ + i];
  output_shown(size);
  return size;
}

std::string_view line_discipline::next_output() const {
  if (output_stopped()) return {};
  const usize until_end = output_limit - output_start_;
  return {output_ + output_start_, output_count_ < until_end ? output_count_ : until_end};
}

void line_discipline::output_shown(usize size) {
  output_start_ = (output_start_ + size) % output_limit;
  output_count_ -= size;
  if (size != 0 && output_count_ < write_limit) observer_.output_room();
}

void line_discipline::stop_output() {
  if (!output_stopped()) observer_.changed(line_observer::change::stopped);
  stopped_by_call_ = true;
}

void line_discipline::start_output() {
  if (stopped_by_call_ && !stopped_by_character_) observer_.changed(line_observer::change::started);
  stopped_by_call_ = false;
  restart_output();
}

void line_discipline::restart_output() {
  const bool was_stopped = stopped_by_character_;
  stopped_by_character_ = false;
  if (stopped_by_call_) return;
  if (was_stopped) observer_.changed(line_observer::change::started);
  show();
  observer_.output_room();
}

void line_discipline::send_flow_character(u32 which) {
  const u8 c = attributes_.cc[which];
  peer_stopped_ = which == t::vstop;
  if (c == t::disabled || output_count_ == output_limit) return;
  emit(c);
  show();
}

} // namespace polyabi::reference
