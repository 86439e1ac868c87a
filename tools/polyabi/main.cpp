// The polyabi command. Each subcommand is a file of its own; `check` is a program of its own.
#include "brand.hpp"
#include "command_line.hpp"
#include "identify.hpp"
#include "matrix.hpp"
#include "run.hpp"
#include "start_check.hpp"
#include "trace.hpp"

#include <polyabi/hosted/system.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

int main(int argument_count, char** arguments) {
  polyabi::hosted::make_room(arguments);
  const std::span words{arguments + 1, static_cast<std::size_t>(std::max(argument_count - 1, 0))};
  if (const auto status = polyabi::tool::run_without_options(words)) return *status;
  CLI::App app{"Runs programs of other systems: their calls are translated, nothing is emulated.", "polyabi"};
  app.set_version_flag("--version", std::string{"polyabi "} + POLYABI_VERSION);
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  polyabi run /bin/busybox sh -c 'uname -a'\n"
             "  polyabi trace /bin/busybox ls /\n"
             "  polyabi matrix --personality linux\n"
             "  polyabi identify /bin/ls\n"
             "  polyabi brand -t Solaris ./program\n"
             "\n"
             "`polyabi SUBCOMMAND --help` tells more.");
  int status = 0;
  polyabi::tool::add_run(app);
  // All the others' options take as long to put together as a small program to run.
  if (const bool runs = !words.empty() && std::string_view{words.front()} == "run"; !runs) {
    polyabi::tool::add_trace(app);
    polyabi::tool::add_start_of_check(app, arguments);
    polyabi::tool::add_matrix(app);
    polyabi::tool::add_identify(app, status);
    polyabi::tool::add_brand(app, status);
  }
  const int failure = polyabi::tool::parse_words(app, {words.begin(), words.end()});
  return failure != 0 ? failure : status;
}
