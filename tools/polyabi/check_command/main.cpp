// `polyabi check` as a program, with the same words as `polyabi` has: the first is "check".
#include "check.hpp"
#include "command_line.hpp"

#include <polyabi/hosted/system.hpp>

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

int main(int argument_count, char** arguments) {
  polyabi::hosted::make_room(arguments);
  CLI::App app{"Tells whether programs will work.", "polyabi"};
  app.require_subcommand(1);
  int status = 0;
  polyabi::tool::add_check(app, status);
  std::vector<std::string> words(arguments + 1, arguments + argument_count);
  polyabi::tool::mark_traced_program(app, words);
  const int failure = polyabi::tool::parse_words(app, std::move(words));
  return failure != 0 ? failure : status;
}
