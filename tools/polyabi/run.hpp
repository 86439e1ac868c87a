// `polyabi run PROGRAM [ARG...]`.
#pragma once

#include <polyabi/hosted/system.hpp>

#include <CLI/App.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace polyabi::tool {

/// The options that every subcommand which runs a program has.
struct program_options {
  std::string personality, fallback_brand = "linux", root, log;
  hosted::entry_mode entry = hosted::entry_mode::patched;
  hosted::protection protect = hosted::protection::where_possible;
  std::vector<std::string> environment, settings, command;
  bool end_rest = false, superuser = false;
};

/// Those that say which system a program sees: its personality, its root, its settings.
void add_system_options(CLI::App& command, program_options&);
/// Those that say how it runs.
void add_run_options(CLI::App& command, program_options&);
/// Adds both to a subcommand. All options come before the program on the command line.
void add_program_options(CLI::App& command, program_options&);
/// The index of the first word that is no option of the subcommand which the first word names, nor an option's value: a `--`,
/// or the program. As many as there are words if none is left.
usize end_of_options(const CLI::App& command, const std::vector<std::string>& words);
/// Takes a `--` that ends a subcommand's options out of the command line: CLI11 would go on with the program's own options.
void drop_end_of_options(const CLI::App& app, std::vector<std::string>& words);
/// To be called in the subcommand's callback: the program and its arguments are what the options left.
void take_program(const CLI::App& command, program_options&);

/// What they say, for the hosted machine. Throws CLI::ValidationError for what cannot be meant.
hosted::run_options to_run_options(const program_options&);

/// Prints why a program did not run or the system did not survive. Nothing for an ordinary end.
void report(const hosted::outcome&);

/// Exit status of `run --strict` if something was not supported.
inline constexpr int strict_status = 123;

/// Adds the subcommand, which ends the tool as the program ended.
void add_run(CLI::App& app);

/// `run PROGRAM [ARG...]` with no option, neither among these words nor in the environment: ends the tool as the program ended, or
/// answers what to exit with. Nothing for any other command line. The parser of command lines is left out: putting all options together
/// takes as long as some programs take to run.
std::optional<int> run_without_options(std::span<char* const> words);

} // namespace polyabi::tool
