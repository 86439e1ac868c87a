// `polyabi trace PROGRAM [ARG...]`.
#pragma once

#include "trace_description.hpp"

#include <CLI/App.hpp>

namespace polyabi::tool {

/// Of every personality of the kernel image, by the index that its records carry.
std::vector<const abi_description*> linked_descriptions();

/// Adds the subcommand, which ends the tool as the program ended.
void add_trace(CLI::App& app);

} // namespace polyabi::tool
