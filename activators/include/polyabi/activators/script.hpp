// `#!` scripts: the rules of Linux' execve(2), which the other systems' are a subset of. Only where blanks stand before a NUL
// or the end of the file does Linux differ: it finds an empty path or argument there, here they are dropped as before a
// newline.
#pragma once

#include <polyabi/activators/image.hpp>

namespace polyabi::activators {

/// How much of a file is looked at for the first line (Linux' BINPRM_BUF_SIZE since 5.1).
inline constexpr usize script_line_limit = 256;
/// So many scripts may stand before the program that is run in the end; one more is ELOOP.
inline constexpr u32 max_script_depth = 5;

/// The parts of a `#!` line; both views lie in the bytes that were parsed.
struct script_line {
  std::string_view interpreter;
  std::string_view argument; ///< the rest of the line, blanks and all; empty: none
};

/// Whether these bytes begin a script.
constexpr bool is_script(std::string_view beginning) {
  return beginning.size() >= 2 && beginning[0] == '#' && beginning[1] == '!';
}

/// Whether these bytes begin a script as shells knew them before `#!`: text whose first line begins with a colon, which is a
/// command that does nothing. The program that made the call, or its system, gave such files to the shell.
constexpr bool is_colon_script(std::string_view beginning);

/// Parses the beginning of a file: its first `script_line_limit` bytes, or all of a shorter file.
/// `errc::noexec` if there is no interpreter, or its path may be cut off. `depth`: how many scripts led here.
constexpr verdict parse_script(std::string_view beginning, script_line& line, u32 depth = 0);

} // namespace polyabi::activators

#include <polyabi/activators/detail/parse_script.hpp>
