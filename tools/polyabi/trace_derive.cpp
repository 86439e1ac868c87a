#include "trace_derive.hpp"

namespace polyabi::tool::detail {

void add_arguments(call_description& to, std::span<neighbour> all) {
  usize word = 0, strings = 0;
  const neighbour* previous = nullptr;
  for (neighbour& n : all) {
    argument_description& d = n.description;
    d.word = static_cast<u8>(word);
    word += d.words;
    if (n.is_mode && previous != nullptr && previous->mode_behind != nullptr) d.format = previous->mode_behind;
    // The second array of texts is an environment, which is only counted.
    if (n.is_strings && strings++ > 0) d.format = &variables_argument;
    if (d.words > 0) to.arguments.push_back(d);
    previous = &n;
  }
}

std::vector<call_description> describe_all(std::span<const row_describer> rows) {
  std::vector<call_description> calls;
  for (const row_describer describe : rows)
    if (describe != nullptr) describe(calls.emplace_back());
  return calls;
}

} // namespace polyabi::tool::detail
