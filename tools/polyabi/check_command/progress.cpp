#include "progress.hpp"

#include <report.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <sys/ioctl.h>
#include <unistd.h>

namespace polyabi::tool {

check_progress::check_progress(usize programs, bool wanted)
    : programs_{programs}, wanted_{wanted}, is_terminal_{isatty(STDERR_FILENO) == 1} {
  winsize window{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col != 0) width_ = window.ws_col;
}

void check_progress::begin(const std::string& program) {
  if (wanted_ && is_terminal_) draw(program);
}

void check_progress::end(const check::judgement& judged) {
  ++done_;
  if (wanted_ && !is_terminal_)
    fmt::print(stderr, "{}/{} {}: {}\n", done_, programs_, check::printable(judged.path), check::verdict_sentence(judged.what));
}

void check_progress::finish() {
  if (wanted_ && is_terminal_) fmt::print(stderr, "\r\x1b[K");
}

/// [########            ] 123/700 /usr/bin/git
void check_progress::draw(const std::string& program) const {
  constexpr usize bar = 30;
  const usize filled = programs_ == 0 ? bar : done_ * bar / programs_;
  std::string line =
      fmt::format("[{:#>{}}{:>{}}] {}/{} {}", "", filled, "", bar - filled, done_, programs_, check::printable(program));
  if (line.size() >= width_) line.resize(width_ - 1); // a line that wraps could not be drawn over
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xc0) == 0x80) line.pop_back();
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
}

} // namespace polyabi::tool
