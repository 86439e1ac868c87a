#include "trace.hpp"

#include "output_file.hpp"
#include "run.hpp"
#include "trace_printer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace polyabi::tool {

std::vector<const abi_description*> linked_descriptions() {
  std::vector<const abi_description*> all;
  for (const hosted::linked_personality& linked : hosted::linked_personalities())
    all.push_back(find_description(linked.name, architecture_name(linked.arch)));
  return all;
}

namespace {

struct trace_options {
  program_options program;
  std::string output, reached;
  bool follow = true, native = false, summary = false;
};

void append(const std::string& path, const std::string& text) {
  std::FILE* stream = std::fopen(path.c_str(), "ae");
  if (stream == nullptr) throw CLI::ValidationError{fmt::format("--reached: {}: {}", path, std::strerror(errno))};
  fmt::print(stream, "{}", text);
  std::fclose(stream);
}

void trace(const trace_options& options) {
  hosted::run_options run = to_run_options(options.program);
  output_file out{options.output, STDERR_FILENO, "--output"};
  trace_printer printer{out.stream(),
                        linked_descriptions(),
                        {.always_prefix = !options.output.empty(),
                         .native = options.native,
                         .calls = !options.summary,
                         .first_only = !options.follow}};
  printer.first_program(run.program, run.arguments, run.environment.size());
  run.trace = [&](std::span<const u8> record) { printer.record(record); };
  const hosted::outcome outcome = hosted::run(run);
  printer.finish();
  if (options.summary)
    fmt::print(out.stream(),
               "{}\nEntries: {} by a jump from one of {} changed call sites ({} by a short instruction), {} dispatched by the host; "
               "{} texts mapped with their sites changed\n",
               printer.tally().summary(), outcome.calls.fast, outcome.calls.sites + outcome.calls.short_sites,
               outcome.calls.short_sites, outcome.calls.dispatched, outcome.calls.shared_texts);
  out.close();
  if (!options.reached.empty()) append(options.reached, printer.tally().reached());
  report(outcome);
  hosted::end_as(outcome);
}

} // namespace

void add_trace(CLI::App& app) {
  auto options = std::make_shared<trace_options>();
  CLI::App* command =
      app.add_subcommand("trace", "Run a program and print each of its system calls, in its own system's terms");
  add_program_options(*command, options->program);
  command->add_option("-o,--output", options->output, "Write the trace to this file instead of standard error")
      ->type_name("FILE");
  command->add_flag("-f,--follow,!--no-follow", options->follow, "Trace the program's children as well; this is the default");
  command->add_flag("-n,--native", options->native, "Show the kernel's operation, or what answers instead, behind each call");
  command->add_flag("-c,--summary", options->summary,
                    "Count calls, errors and time, and print a table when the program has ended");
  command
      ->add_option("--reached", options->reached,
                   "Append the rows of the tables that were called to this file, each once, as `polyabi matrix` numbers them")
      ->type_name("FILE");
  command->footer("Examples:\n"
                  "  polyabi trace /bin/busybox ls /\n"
                  "  polyabi trace -o calls --native /bin/busybox sh -c 'ls | wc -l'\n"
                  "  polyabi trace -c /bin/ls -R /etc\n"
                  "\n"
                  "A call is printed as strace prints it. With several processes each line begins with the id of\n"
                  "the one that made the call; in a file it always does. Times are those between a call and its\n"
                  "answer, waiting included.");
  command->callback([options, command] {
    take_program(*command, options->program);
    trace(*options);
  });
}

} // namespace polyabi::tool
