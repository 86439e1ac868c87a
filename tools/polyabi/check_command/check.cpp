#include "check.hpp"

#include "examine.hpp"
#include "judge_run.hpp"
#include "output_file.hpp"
#include "program_files.hpp"
#include "progress.hpp"
#include "start_check.hpp"
#include "unsupported_report.hpp"

#include <report.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <unistd.h>

namespace polyabi::tool {

namespace {

struct check_options {
  program_options how;
  std::vector<std::string> programs;
  std::string page, output;
  bool json = false, all = false, trace = false;
};

int status_of(check::verdict v) {
  return static_cast<int>(v);
}

examine_options examining(const program_options& from) {
  return {.personality = from.personality, .fallback_brand = from.fallback_brand, .root = from.root, .settings = from.settings};
}

/// Names of files need not be UTF-8.
std::string json_text(const nlohmann::ordered_json& all) {
  return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int check_programs(const check_options& options) {
  output_file to{options.page.empty() ? options.output : options.page, STDOUT_FILENO,
                 options.page.empty() ? "--output" : "--html"};
  examiner examine{examining(options.how)};
  const program_files files = files_of(options.programs, examine);
  check_progress progress{files.all.size(), !options.page.empty()};
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  std::vector<check::judgement> judged;
  check::page_facts facts{.title = fmt::format("{}", fmt::join(options.programs, " ")),
                          .kernel = "reference",
                          .version = POLYABI_VERSION,
                          .others = files.others};
  int status = 0;
  for (const program_file& file : files.all) {
    progress.begin(file.path);
    check::judgement one = examine.examine(file.path);
    if (file.is_of_folder && one.what == check::verdict::not_judged && one.format != "unknown") { // a library
      ++facts.others;
      progress.leave_out();
      continue;
    }
    progress.end(one);
    status = std::max(status, status_of(one.what));
    if (!options.page.empty()) {
      judged.push_back(std::move(one));
    } else if (options.json) {
      all.push_back(check::to_json(one));
    } else {
      to.write(check::to_text(one, options.all));
      to.flush();
    }
  }
  progress.finish();
  if (!options.page.empty())
    to.write(check::to_page(judged, facts));
  else if (options.json)
    to.write(json_text(all));
  to.close();
  return status;
}

int check_run(const check_options& options) {
  output_file to{options.output, STDERR_FILENO, "--output"};
  program_options program = options.how;
  program.command = options.programs;
  const traced_judgement traced = judge_run_of(program, examiner{examining(options.how)}.describe(program.command.front()));
  if (options.json) {
    nlohmann::ordered_json one = check::to_json(traced.judged);
    one["run"].update(unsupported_json(traced.outcome));
    to.write(json_text(nlohmann::ordered_json::array({std::move(one)})));
  } else {
    to.write(check::to_text(traced.judged, options.all));
  }
  to.close();
  return status_of(traced.judged.what);
}

} // namespace

void mark_traced_program(const CLI::App& app, std::vector<std::string>& words) {
  if (words.empty() || words.front() != check_name) return;
  const auto end = words.begin() +
                   static_cast<std::ptrdiff_t>(std::min(end_of_options(*app.get_subcommand(check_name), words), words.size()));
  const bool is_traced =
      std::any_of(words.begin(), end, [](const std::string& word) { return word == "-t" || word == "--trace"; });
  if (is_traced && (end == words.end() || *end != "--")) words.insert(end, "--");
}

void add_check(CLI::App& app, int& status) {
  auto options = std::make_shared<check_options>();
  CLI::App* command = app.add_subcommand(check_name, check_description);
  command->add_option("PROGRAM", options->programs, "Programs to look at, or folders of them")->required();
  add_system_options(*command, options->how);
  command->add_flag("-a,--all", options->all, "Tell also what does no harm, every call, every library");
  CLI::Option* json = command->add_flag("-j,--json", options->json, "Print a JSON array with an object for each program");
  CLI::Option* trace =
      command->add_flag("-t,--trace", options->trace, "Run the program, with all that follows it, and judge what it asks for");
  CLI::Option* output =
      command
          ->add_option("-o,--output", options->output,
                       "Write the answer to this file instead of standard output; after a run, standard error")
          ->type_name("FILE");
  command->add_option("--html", options->page, "Write a page to look at to this file")
      ->type_name("REPORT")
      ->excludes(json)
      ->excludes(trace)
      ->excludes(output);
  add_run_options(*command, options->how);
  command->footer("Exit status: 0 works, 1 works with limits, 2 will not work, 3 cannot be judged; of several programs the\n"
                  "worst. With --trace it is not the program's own.\n"
                  "\n"
                  "Examples:\n"
                  "  polyabi check /usr/bin/git\n"
                  "  polyabi check --all --root ~/debian /usr/bin/python3\n"
                  "  polyabi check --trace /usr/bin/git log\n"
                  "  polyabi check --html report.html /opt/svr4/bin /usr/bin\n"
                  "  polyabi check --json /opt/svr4/bin | jq -r '.[] | [.file, .verdict] | @tsv'\n"
                  "\n"
                  "The system calls that a program can reach are found by disassembly, in it and in its libraries, and\n"
                  "compared with the support table (`polyabi matrix`). What only a run can tell lowers the certainty;\n"
                  "--trace answers from one, down to flags.");
  command->callback([options, &status] { status = options->trace ? check_run(*options) : check_programs(*options); });
}

} // namespace polyabi::tool
