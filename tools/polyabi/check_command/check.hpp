// `polyabi check PROGRAM...`: whether programs will work, before they run; `--trace` answers from a run.
#pragma once

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace polyabi::tool {

/// Adds the subcommand. When it was given, `status` says the verdict: 0 works, 1 with limits, 2 will not, 3 cannot be judged;
/// of several programs the worst.
void add_check(CLI::App& app, int& status);
/// With `--trace`, all that follows the program is the program's: marks its beginning.
void mark_traced_program(const CLI::App& app, std::vector<std::string>& words);

} // namespace polyabi::tool
