#include "run.hpp"

#include "command_line.hpp"
#include "unsupported_report.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

namespace polyabi::tool {

namespace {

constexpr const char *entry_variable = "POLYABI_ENTRY", *protect_variable = "POLYABI_PROTECT";

/// The tool's own environment, with `NAME=value` set and `NAME` taken from it.
std::vector<std::string> environment_with(const std::vector<std::string>& changes) {
  std::vector<std::string> result;
  for (char** variable = environ; *variable != nullptr; ++variable) result.emplace_back(*variable);
  for (const std::string& change : changes) {
    const auto equals = change.find('=');
    const std::string prefix = change.substr(0, equals) + "=";
    std::erase_if(result, [&](const std::string& variable) { return variable.starts_with(prefix); });
    if (equals != std::string::npos) result.push_back(change);
  }
  return result;
}

/// The program is what the options leave, which CLI11 does not show by itself.
class program_formatter : public CLI::Formatter {
public:
  std::string make_usage(const CLI::App* command, std::string) const override {
    return fmt::format("Usage: polyabi {} [OPTIONS] PROGRAM [ARG...]\n", command->get_name());
  }
};

} // namespace

void add_system_options(CLI::App& command, program_options& to) {
  command
      .add_option("-p,--personality", to.personality,
                  "Run the program under this personality, whatever its brand says; svr4:unixware is a vendor's variant")
      ->type_name("NAME");
  command
      .add_option("--fallback-brand", to.fallback_brand,
                  "Personality of files without any mark, as Solaris' programs are; '' for none")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("-r,--root", to.root, "Host directory that appears at the personality's emulation root (/compat/NAME)")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory.description(""));
  command.add_option("-s,--set", to.settings, "Change a setting of a personality, as linux.osrelease=5.10.0")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void add_run_options(CLI::App& command, program_options& to) {
  command.add_option("-e,--env", to.environment, "Set a variable of the program's environment; NAME alone removes it")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_flag("-k,--end-rest", to.end_rest,
                   "When the program has ended, end the processes that it leaves behind instead of waiting for them");
  command.add_flag("-u,--superuser", to.superuser,
                   "Programs are the superuser of their own system, whoever starts them; on the host they are who they were");
  const std::map<std::string, hosted::entry_mode> entries{{"dispatch", hosted::entry_mode::dispatch},
                                                          {"patched", hosted::entry_mode::patched},
                                                          {"auto", hosted::entry_mode::patched}};
  command
      .add_option(
          "--entry", to.entry,
          "How calls enter the kernel: patched changes call sites into jumps; dispatch leaves the program's text as it is; "
          "auto (the default) is patched where the processor allows it")
      ->type_name("MODE")
      ->envname(entry_variable)
      ->transform(CLI::CheckedTransformer(entries).description(""));
  const std::map<std::string, hosted::protection> protections{{"on", hosted::protection::on},
                                                              {"off", hosted::protection::off},
                                                              {"auto", hosted::protection::where_possible}};
  command
      .add_option("--protect", to.protect,
                  "Close the kernel's memory by a protection key while programs run, so that their stray stores cannot reach it: on, "
                  "off, or auto (the default), which is on where the processor has such keys")
      ->envname(protect_variable)
      ->type_name("WHEN")
      ->transform(CLI::CheckedTransformer(protections).description(""));
  command.add_option("--log", to.log, "Append the kernel's log to this file")->type_name("FILE");
}

void add_program_options(CLI::App& command, program_options& to) {
  add_system_options(command, to);
  add_run_options(command, to);
  command.prefix_command(); // the program, and all that follows it
  command.formatter(std::make_shared<program_formatter>());
}

usize end_of_options(const CLI::App& command, const std::vector<std::string>& words) {
  usize at = 1;
  for (; at < words.size() && words[at].starts_with('-') && words[at] != "--"; ++at) {
    const CLI::Option* option = command.get_option_no_throw(words[at]);
    const bool takes_next_word = option != nullptr && option->get_items_expected_max() > 0;
    if (takes_next_word) ++at;
  }
  return at;
}

void drop_end_of_options(const CLI::App& app, std::vector<std::string>& words) {
  if (words.empty()) return;
  const auto is_meant = [&](const CLI::App* candidate) { return candidate->check_name(words.front()); };
  const auto commands = app.get_subcommands(is_meant);
  if (commands.empty() || !commands.front()->get_prefix_command()) return;
  const usize at = end_of_options(*commands.front(), words);
  if (at < words.size() && words[at] == "--") words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
}

void take_program(const CLI::App& command, program_options& to) {
  to.command = command.remaining();
  if (!to.command.empty() && to.command.front().starts_with('-')) throw CLI::ExtrasError{{to.command.front()}};
  if (to.command.empty()) throw CLI::RequiredError{"PROGRAM"};
}

hosted::run_options to_run_options(const program_options& from) {
  hosted::run_options options;
  options.program = from.command.front();
  options.arguments = from.command;
  options.environment = environment_with(from.environment);
  options.personality = from.personality;
  options.fallback_brand = from.fallback_brand;
  options.root = from.root;
  options.log = from.log;
  options.end_rest = from.end_rest;
  options.superuser = from.superuser;
  options.entry = from.entry;
  options.protect = from.protect;
  for (const auto& [option, name] :
       {std::pair{"--personality", from.personality}, std::pair{"--fallback-brand", from.fallback_brand}}) {
    if (name.empty()) continue;
    const auto known = hosted::personalities();
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw CLI::ValidationError{
          fmt::format("{}: there is no personality {}; there are: {}", option, name, fmt::join(known, ", "))};
  }
  for (const std::string& setting : from.settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos) throw CLI::ValidationError{fmt::format("--set: {} is not KEY=VALUE", setting)};
    options.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  return options;
}

void report(const hosted::outcome& outcome) {
  if (!outcome.message.empty()) fmt::print(stderr, "polyabi: {}\n", outcome.message);
}

namespace {

struct run_options {
  program_options program;
  std::string report;
  bool strict = false;
};

/// Opened before the program runs: a report that cannot be written is a mistake of the command line.
std::ofstream open_report(const std::string& path) {
  std::ofstream file;
  if (path.empty()) return file;
  file.open(path);
  if (!file) throw CLI::ValidationError{fmt::format("--report: {}: {}", path, std::strerror(errno))};
  return file;
}

void run(const run_options& options) {
  const hosted::run_options how = to_run_options(options.program);
  std::ofstream report_file = open_report(options.report);
  const hosted::outcome outcome = hosted::run(how);
  report(outcome);
  if (report_file.is_open()) {
    nlohmann::ordered_json all{{"program", how.program}, {"status", outcome.status}};
    all.update(unsupported_json(outcome));
    report_file << all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
    report_file.close();
    if (!report_file) fmt::print(stderr, "polyabi: {}: cannot be written\n", options.report);
  }
  if (options.strict && !outcome.unsupported.empty()) {
    fmt::print(stderr, "polyabi: not supported:\n{}", unsupported_lines(outcome));
    std::exit(strict_status);
  }
  hosted::end_as(outcome);
}

} // namespace

void add_run(CLI::App& app) {
  auto options = std::make_shared<run_options>();
  CLI::App* command = app.add_subcommand("run", "Run a program of any system that polyabi knows");
  add_program_options(*command, options->program);
  command->add_flag("--strict", options->strict,
                    "Fail at the end if a program asked for something that is not supported, and list it");
  command->add_option("--report", options->report, "Write what is not supported and was asked for, as JSON")->type_name("FILE");
  command->footer("Examples:\n"
                  "  polyabi run /bin/busybox sh\n"
                  "  polyabi run --set linux.osrelease=5.10.0 /bin/busybox uname -r\n"
                  "  polyabi run --personality svr4 --root ~/svr4 ./hello\n"
                  "  polyabi run --root ~/coherent ~/coherent/bin/sh\n"
                  "  polyabi run --root ~/debian-i386 /bin/bash\n"
                  "  polyabi run --fallback-brand svr4:solaris ./unmarked\n"
                  "  polyabi run --strict --report missing.json /usr/bin/git log\n"
                  "\n"
                  "Processes that the program leaves behind are waited for. The exit status is the program's; a signal that "
                  "kills the program kills polyabi.\n"
                  "123: with --strict, something was not supported; 125: the system could not run; 126: the program cannot be "
                  "executed; 127: it was not found.");
  command->callback([options, command] {
    take_program(*command, options->program);
    run(*options);
  });
}

std::optional<int> run_without_options(std::span<char* const> words) {
  if (words.size() < 2 || std::string_view{words[0]} != "run" || words[1][0] == '-') return std::nullopt;
  if (std::getenv(entry_variable) != nullptr || std::getenv(protect_variable) != nullptr) return std::nullopt;
  run_options options;
  options.program.command.assign(words.begin() + 1, words.end());
  try {
    run(options);
  } catch (const std::exception& error) {
    return failed(error);
  }
  return 0;
}

} // namespace polyabi::tool
