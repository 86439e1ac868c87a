// What programs asked for and did not get during a run: as lines, and as JSON.
#pragma once

#include <polyabi/hosted/system.hpp>

#include <nlohmann/json_fwd.hpp>

namespace polyabi::tool {

/// "linux: epoll_create1: unsupported call (nginx), 3 times"; a line for each.
std::string unsupported_lines(const hosted::outcome&);
/// {"reports": [{"personality", "call", "argument", "value", "program", "count"}...], "lost": 0}.
nlohmann::ordered_json unsupported_json(const hosted::outcome&);

} // namespace polyabi::tool
