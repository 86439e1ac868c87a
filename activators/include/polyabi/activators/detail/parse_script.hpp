// Implementation of script.hpp.
#pragma once

namespace polyabi::activators {

namespace detail {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

constexpr std::string_view without_leading_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

constexpr std::string_view without_trailing_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Up to the first blank.
constexpr std::string_view first_word(std::string_view text) {
  usize length = 0;
  while (length < text.size() && !is_blank(text[length])) ++length;
  return text.substr(0, length);
}

} // namespace detail

constexpr verdict parse_script(std::string_view beginning, script_line& line, u32 depth) {
  if (!is_script(beginning)) return {errc::noexec, "not a script"};
  if (depth > max_script_depth) return {errc::loop, "interpreters of interpreters, too many"};

  beginning = beginning.substr(0, script_line_limit);
  std::string_view text = beginning.substr(2);
  const usize newline = text.find('\n');
  // A NUL ends the line as well: no path or argument can hold one. So does the end of a short file.
  const usize nul = text.find('\0');
  const bool ended = newline != text.npos || nul != text.npos || beginning.size() < script_line_limit;
  text = text.substr(0, newline < nul ? newline : nul);
  text = detail::without_trailing_blanks(detail::without_leading_blanks(text));

  line.interpreter = detail::first_word(text);
  if (line.interpreter.empty()) return {errc::noexec, "no interpreter after #!"};
  // Without an end in sight the argument may be cut off, as everywhere; the path may not.
  const bool path_complete = ended || detail::without_leading_blanks(beginning.substr(2)).size() > line.interpreter.size();
  if (!path_complete) return {errc::noexec, "the interpreter's path is too long"};
  line.argument = detail::without_leading_blanks(text.substr(line.interpreter.size()));
  return {};
}

} // namespace polyabi::activators
