#include "unsupported_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace polyabi::tool {

std::string unsupported_lines(const hosted::outcome& outcome) {
  std::string text;
  for (const hosted::unsupported_thing& one : outcome.unsupported) {
    // A whole call has no value worth telling.
    const bool has_value = one.what != "call" && one.what != "faked";
    text += fmt::format("{}: {}: unsupported {}{} ({}), {}\n", one.personality, one.call, one.what,
                        has_value ? fmt::format(" {:#x}", one.value) : "", one.program,
                        one.count == 1 ? "once" : fmt::format("{} times", one.count));
  }
  if (outcome.unsupported_lost != 0) text += fmt::format("and {} more\n", outcome.unsupported_lost);
  return text;
}

nlohmann::ordered_json unsupported_json(const hosted::outcome& outcome) {
  nlohmann::ordered_json reports = nlohmann::ordered_json::array();
  for (const hosted::unsupported_thing& one : outcome.unsupported)
    reports.push_back({{"personality", one.personality},
                       {"call", one.call},
                       {"argument", one.what},
                       {"value", one.value},
                       {"program", one.program},
                       {"count", one.count}});
  return {{"reports", std::move(reports)}, {"lost", outcome.unsupported_lost}};
}

} // namespace polyabi::tool
