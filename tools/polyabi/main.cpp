// The polyabi command. Each subcommand is a file of its own.
#include "brand.hpp"
#include "check.hpp"
#include "identify.hpp"
#include "matrix.hpp"
#include "run.hpp"
#include "trace.hpp"

#include <polyabi/hosted/system.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

int main(int argument_count, char** arguments) {
  polyabi::hosted::make_room(arguments);
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
  polyabi::tool::add_trace(app);
  polyabi::tool::add_check(app, status);
  polyabi::tool::add_matrix(app);
  polyabi::tool::add_identify(app, status);
  polyabi::tool::add_brand(app, status);
  std::vector<std::string> words(arguments + 1, arguments + argument_count);
  polyabi::tool::mark_traced_program(app, words);
  polyabi::tool::drop_end_of_options(app, words);
  std::reverse(words.begin(), words.end()); // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 125;
  } catch (const std::exception& error) {
    fmt::print(stderr, "polyabi: {}\n", error.what());
    return 125;
  }
  return status;
}
