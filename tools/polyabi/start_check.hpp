// `polyabi check` is a program of its own beside this one, `polyabi-check`: it needs a disassembler's shared library, and
// without one this program can be linked statically, which every start gains from.
#pragma once

#include <CLI/App.hpp>

namespace polyabi::tool {

inline constexpr const char* check_name = "check";
inline constexpr const char* check_description = "Tell whether programs will work, before they run, or from a run";

/// Adds the subcommand, which becomes that program with all of `arguments`, main's own. Throws std::system_error if it cannot.
void add_start_of_check(CLI::App& app, char** arguments);

} // namespace polyabi::tool
