// `polyabi trace PROGRAM [ARG...]`.
#pragma once

#include <CLI/App.hpp>

namespace polyabi::tool {

/// Adds the subcommand, which ends the tool as the program ended.
void add_trace(CLI::App& app);

} // namespace polyabi::tool
