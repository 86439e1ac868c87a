// Output processing: what a character becomes on its way to the screen, and the column it leaves the cursor in.
#include <polyabi/reference/line_discipline.hpp>

namespace polyabi::reference {

namespace t = termios_bits;

namespace {
constexpr u8 end_of_transmission = 4;
/// Latin-1, as in Linux' line discipline.
constexpr bool is_lower(u8 c) {
  return (c >= 'a' && c <= 'z') || (c >= 0xdf && c != 0xf7 && c != 0xff);
}
} // namespace

bool line_discipline::process(u8 c, usize limit) {
  usize room = output_count_ < limit ? limit - output_count_ : 0;
  if (room == 0) return false;
  if (output(t::opost)) {
    switch (c) {
    case '\n':
      if (output(t::onlret)) column_ = 0;
      if (output(t::onlcr)) {
        if (room < 2) return false;
        column_ = 0;
        emit('\r');
      }
      line_column_ = column_;
      break;
    case '\r':
      if (output(t::onocr) && column_ == 0) return true;
      if (output(t::ocrnl)) {
        c = '\n';
        if (output(t::onlret)) line_column_ = column_ = 0;
        break;
      }
      line_column_ = column_ = 0;
      break;
    case '\t': {
      const u32 width = 8 - (column_ & 7);
      if (output(t::oxtabs)) {
        if (room < width) return false;
        for (u32 i = 0; i < width; ++i) emit(' ');
        column_ += width;
        return true;
      }
      column_ += width;
      break;
    }
    case '\b':
      if (column_ != 0) --column_;
      break;
    case end_of_transmission:
      if (output(t::onoeot)) return true;
      break;
    default:
      if (c < 0x20 || c == 0x7f) break;
      if (output(t::olcuc) && is_lower(c)) c = static_cast<u8>(c - ('a' - 'A'));
      if (!continues(c)) ++column_;
    }
  }
  emit(c);
  return true;
}

usize line_discipline::write(const char* text, usize size) {
  if (output_stopped()) return 0;
  usize done = 0;
  while (done < size && process(static_cast<u8>(text[done]), write_limit)) ++done;
  show();
  return done;
}

void line_discipline::show() {
  if (output_count_ != 0 && !output_stopped()) observer_.output_ready();
}

} // namespace polyabi::reference
