#include "command_line.hpp"

#include "run.hpp"

#include <polyabi/hosted/system.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace polyabi::tool {

int parse_words(CLI::App& app, std::vector<std::string> words) {
  drop_end_of_options(app, words);
  std::reverse(words.begin(), words.end()); // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : hosted::failed_status;
  } catch (const std::exception& error) {
    return failed(error);
  }
  return 0;
}

int failed(const std::exception& error) {
  fmt::print(stderr, "polyabi: {}\n", error.what());
  return hosted::failed_status;
}

} // namespace polyabi::tool
