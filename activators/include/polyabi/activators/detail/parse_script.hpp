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

constexpr usize blank_position(std::string_view text) {
  usize at = 0;
  while (at < text.size() && !is_blank(text[at])) ++at;
  return at;
}

} // namespace detail

constexpr bool is_colon_script(std::string_view beginning) {
  if (beginning.empty() || beginning.front() != ':') return false;
  for (char c : detail::first(beginning, detail::position(beginning, '\n'))) {
    const bool is_text = static_cast<u8>(c) >= ' ' || c == '\t' || c == '\r' || c == '\f';
    if (!is_text || c == '\x7f') return false;
  }
  return true;
}

constexpr verdict parse_script(std::string_view beginning, script_line& line, u32 depth) {
  if (!is_script(beginning)) return {errc::noexec, "not a script"sv};
  if (depth >= max_script_depth) return {errc::loop, "interpreters of interpreters, too many"sv};

  const std::string_view seen = detail::first(beginning, script_line_limit);
  const bool has_newline = detail::position(seen, '\n') < seen.size();
  // Linux keeps the last byte of its buffer for a NUL: a newline may stand there, a character of the line is lost.
  const std::string_view kept = has_newline ? seen : detail::first(seen, script_line_limit - 1);
  const std::string_view rest = detail::after(kept, 2);
  // A NUL ends the line as well: no path or argument can hold one. So does the end of a short file.
  const std::string_view whole_line = detail::until_nul(detail::first(rest, detail::position(rest, '\n')));
  const bool ended = has_newline || whole_line.size() < rest.size() || seen.size() < script_line_limit;
  const std::string_view text = detail::without_trailing_blanks(detail::without_leading_blanks(whole_line));

  line.interpreter = detail::first(text, detail::blank_position(text));
  if (line.interpreter.empty()) return {errc::noexec, "no interpreter after #!"sv};
  // Without an end in sight the argument may be cut off, as everywhere; the path may not.
  const std::string_view from_path = detail::without_leading_blanks(detail::after(seen, 2));
  const bool path_complete = ended || detail::blank_position(from_path) < from_path.size();
  if (!path_complete) return {errc::noexec, "the interpreter's path is too long"sv};
  line.argument = detail::without_leading_blanks(detail::after(text, line.interpreter.size()));
  return {};
}

} // namespace polyabi::activators
