#include "start_check.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace polyabi::tool {

namespace {

[[noreturn]] void become_check(char** arguments) {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe").replace_filename("polyabi-check");
  execv(program.c_str(), arguments);
  throw std::system_error{errno, std::generic_category(), "cannot start " + program.string()};
}

} // namespace

void add_start_of_check(CLI::App& app, char** arguments) {
  CLI::App* command = app.add_subcommand(check_name, check_description);
  command->set_help_flag(); // it has its own
  command->prefix_command();
  command->allow_extras();
  command->callback([arguments] { become_check(arguments); });
}

} // namespace polyabi::tool
