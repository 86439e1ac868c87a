// What becomes of a typed character: flow control, signals, editing, text.
#include <polyabi/reference/line_discipline.hpp>

namespace polyabi::reference {

namespace t = termios_bits;

namespace {

/// Latin-1, whatever the character set is, as Linux' line discipline has it.
constexpr bool is_upper(u8 c) {
  return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7);
}

} // namespace

void line_discipline::receive(u8 c) {
  if (input(t::istrip)) c &= 0x7f;
  if (input(t::iuclc) && local(t::iexten) && is_upper(c)) c = static_cast<u8>(c + ('a' - 'A'));
  if (local(t::extproc)) return receive_text(c);
  if (literal_next_) {
    literal_next_ = false;
    return receive_text(c);
  }
  if (receive_flow(c) || (local(t::isig) && receive_signal(c))) return;
  const bool is_return = c == '\r';
  if (is_return) {
    if (input(t::igncr)) return;
    if (input(t::icrnl)) c = '\n';
  } else if (c == '\n' && input(t::inlcr)) {
    c = '\r';
  }
  if (canonical() && receive_editing(c)) return;
  receive_text(c, is_return && c == '\n');
}

bool line_discipline::receive_flow(u8 c) {
  if (!input(t::ixon)) return false;
  if (is(c, t::vstart)) {
    restart_output();
    return true;
  }
  if (is(c, t::vstop)) {
    if (!output_stopped()) observer_.changed(line_observer::change::stopped);
    stopped_by_character_ = true;
    return true;
  }
  if (stopped_by_character_ && input(t::ixany)) restart_output();
  return false;
}

bool line_discipline::receive_signal(u8 c) {
  const i32 signo = is(c, t::vintr) ? signals::int_ : is(c, t::vquit) ? signals::quit : is(c, t::vsusp) ? signals::tstp : 0;
  if (signo == 0) return false;
  if (!local(t::noflsh)) {
    flush_input();
    flush_output();
  }
  if (input(t::ixon)) restart_output();
  if (local(t::echo)) {
    echo(c);
    show();
  }
  observer_.signal(signo);
  return true;
}

bool line_discipline::receive_editing(u8 c) {
  const bool extended = local(t::iexten);
  if (is(c, t::verase)) return erase(t::verase), true;
  if (is(c, t::vkill)) return erase(t::vkill), true;
  if (extended && is(c, t::vwerase)) return erase(t::vwerase), true;
  if (extended && is(c, t::vlnext)) {
    literal_next_ = true;
    if (local(t::echo)) {
      finish_erasing();
      if (local(t::echoctl)) echo_text("^\b");
      show();
    }
    return true;
  }
  if (extended && local(t::echo) && is(c, t::vreprint)) return reprint(), true;
  if (c == '\n') {
    if (local(t::echo) || local(t::echonl)) {
      echo_as_is('\n');
      show();
    }
    return end_line('\n'), true;
  }
  if (is(c, t::veof)) return end_line(static_cast<u16>(c | end_of_file)), true;
  if (is(c, t::veol) || (extended && is(c, t::veol2))) {
    if (local(t::echo)) {
      echo(c);
      show();
    }
    return end_line(c), true;
  }
  return false;
}

void line_discipline::receive_text(u8 c, bool ends_line) {
  // The last place of a line is its end's.
  const usize limit = canonical() ? input_limit - 1 : input_limit;
  const bool doubled = c == 0xff && input(t::parmrk);
  if (input_count_ + (doubled ? 1 : 0) >= limit) return bell();
  if (local(t::echo)) {
    finish_erasing();
    if (canonical() && input_count_ == complete_) line_column_ = column_;
    // Only a return that became a newline moves the cursor there; a newline that is text is shown as a control character.
    if (ends_line)
      echo_as_is(c);
    else
      echo(c);
    show();
  }
  if (doubled) put(c);
  put(c);
  if (!canonical()) observer_.input_ready();
}

} // namespace polyabi::reference
