#include "check.hpp"

#include "examine.hpp"

#include <report.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace polyabi::tool {

namespace {

struct check_options {
  std::vector<std::string> programs;
  examine_options how;
  std::string page;
  bool json = false, all = false;
};

int status_of(check::verdict v) {
  return static_cast<int>(v);
}

int check_programs(const check_options& options) {
  examiner examine{options.how};
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  int status = 0;
  for (const std::string& program : options.programs) {
    const check::judgement judged = examine.examine(program);
    status = std::max(status, status_of(judged.what));
    if (options.json)
      all.push_back(check::to_json(judged));
    else
      fmt::print("{}", check::to_text(judged, options.all));
  }
  // Names of files need not be UTF-8.
  if (options.json) fmt::print("{}\n", all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  return status;
}

} // namespace

void mark_traced_program(const CLI::App&, std::vector<std::string>&) {}

void add_check(CLI::App& app, int& status) {
  auto options = std::make_shared<check_options>();
  CLI::App* command = app.add_subcommand("check", "Tell whether programs will work, before they run");
  command->add_option("PROGRAM", options->programs, "Programs to look at")->required();
  command
      ->add_option("-p,--personality", options->how.personality, "Judge them under this personality, whatever their brand says")
      ->type_name("NAME");
  command->add_option("-r,--root", options->how.root, "Host directory that appears at the personality's emulation root")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory.description(""));
  command->add_flag("-a,--all", options->all, "Tell also what does no harm, every call, every library");
  command->add_flag("-j,--json", options->json, "Print a JSON array with an object for each program");
  command->footer("Exit status: 0 works, 1 works with limits, 2 will not work, 3 cannot be judged; of several programs the\n"
                  "worst.\n"
                  "\n"
                  "Examples:\n"
                  "  polyabi check /usr/bin/git\n"
                  "  polyabi check --all --root ~/debian /usr/bin/python3\n"
                  "  polyabi check --json /opt/svr4/bin/* | jq -r '.[] | [.file, .verdict] | @tsv'\n"
                  "\n"
                  "The system calls that a program can reach are found by disassembly, in it and in its libraries, and\n"
                  "compared with the support table (`polyabi matrix`). What only a run can tell lowers the certainty.");
  command->callback([options, &status] { status = check_programs(*options); });
}

} // namespace polyabi::tool
