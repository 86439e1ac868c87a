// How a command line is parsed and what is told of one that cannot be meant: the same for all programs of the tool.
#pragma once

#include <CLI/App.hpp>

#include <exception>
#include <string>
#include <vector>

namespace polyabi::tool {

/// Parses the words after the program's name, with which the chosen subcommand runs. What to exit with: 0, or
/// `hosted::failed_status` after a message.
int parse_words(CLI::App& app, std::vector<std::string> words);

/// Tells what went wrong. What to exit with.
int failed(const std::exception&);

} // namespace polyabi::tool
