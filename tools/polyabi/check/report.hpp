// A judgement in words, as JSON, and as a page.
#pragma once

#include "verdict.hpp"

#include <nlohmann/json_fwd.hpp>

namespace polyabi::check {

/// Names of files and strings in them may hold anything: control characters are shown as \xNN.
std::string printable(std::string_view text);
/// Some lines: the verdict, the calls that matter, how sure it is. `all`: also what does no harm, every call, every library.
std::string to_text(const judgement&, bool all);
nlohmann::ordered_json to_json(const judgement&);

/// How a run of `check` is to be described at the head of a page.
struct page_facts {
  std::string title, kernel, version;
  usize others = 0; ///< files that are no programs
};
/// One page that needs nothing but itself.
std::string to_page(const std::vector<judgement>&, const page_facts&);

} // namespace polyabi::check
