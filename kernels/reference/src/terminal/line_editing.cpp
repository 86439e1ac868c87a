// Erasing characters, words and lines, in the queue and on the screen.
#include <polyabi/reference/line_discipline.hpp>

namespace polyabi::reference {

namespace t = termios_bits;

namespace {

constexpr bool is_control(u8 c) {
  return c < 0x20 || c == 0x7f;
}
constexpr bool is_word(u8 c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

} // namespace

void line_discipline::erase(u32 which) {
  if (input_count_ == complete_) return;
  const bool echoes = local(t::echo);
  if (which == t::vkill && !(echoes && local(t::echok) && local(t::echoke) && local(t::echoe))) {
    input_count_ = complete_;
    if (!echoes) return;
    // The line cannot be wiped out: show the kill character, and go to a new line if asked to.
    finish_erasing();
    echo(attributes_.cc[t::vkill]);
    if (local(t::echok)) echo_as_is('\n');
    return show();
  }
  bool in_word = false;
  while (input_count_ != complete_) {
    // One character, of several bytes in UTF-8; a rest without its first byte stays.
    usize start = input_count_;
    u8 c = 0;
    do c = static_cast<u8>(entry(--start));
    while (continues(c) && start != complete_);
    if (continues(c)) break;
    if (which == t::vwerase) {
      if (is_word(c))
        in_word = true;
      else if (in_word)
        break;
    }
    const usize bytes = input_count_ - start;
    input_count_ = start;
    if (echoes) {
      if (local(t::echoprt)) {
        if (!erasing_) echo_as_is('\\');
        erasing_ = true;
        echo(c);
        for (usize i = 1; i < bytes; ++i) echo_as_is(static_cast<u8>(entry(start + i)));
      } else {
        erase_on_screen(c, which == t::verase);
      }
    }
    if (which == t::verase) break;
  }
  if (!echoes) return;
  if (input_count_ == complete_) finish_erasing();
  show();
}

void line_discipline::erase_on_screen(u8 c, bool single) {
  if (single && !local(t::echoe)) return echo(attributes_.cc[t::verase]);
  if (c == '\t') return erase_tab();
  if (is_control(c) && !local(t::echoctl)) return;
  if (is_control(c)) echo_text("\b \b");
  echo_text("\b \b");
}

/// The cursor goes back over as many columns as the tab took: counted from the tab before it, or from where the line begins.
void line_discipline::erase_tab() {
  u32 columns = 0;
  bool after_tab = false;
  for (usize i = input_count_; i != complete_ && !after_tab;) {
    const u8 c = static_cast<u8>(entry(--i));
    if (c == '\t')
      after_tab = true;
    else if (is_control(c))
      columns += local(t::echoctl) ? 2 : 0;
    else if (!continues(c))
      ++columns;
  }
  if (!after_tab) columns += line_column_;
  for (u32 width = 8 - (columns & 7); width != 0; --width) {
    if (output_count_ == output_limit) return;
    emit('\b');
    if (column_ != 0) --column_;
  }
}

void line_discipline::finish_erasing() {
  if (!erasing_) return;
  echo_as_is('/');
  erasing_ = false;
}

void line_discipline::reprint() {
  finish_erasing();
  echo(attributes_.cc[t::vreprint]);
  echo_as_is('\n');
  for (usize i = complete_; i < input_count_; ++i) echo(static_cast<u8>(entry(i)));
  show();
}

void line_discipline::echo(u8 c) {
  if (local(t::echoctl) && is_control(c) && c != '\t') {
    // No part of output processing, but for the column.
    if (output_limit - output_count_ < 2) return;
    emit('^');
    emit(c ^ 0x40);
    column_ += 2;
  } else {
    echo_as_is(c);
  }
}

} // namespace polyabi::reference
