#include "call_tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace polyabi::tool {

std::string call_tally::row::name() const {
  if (outer == nullptr) return fmt::format("syscall_{:#x}", number);
  return inner == nullptr ? std::string{outer->name} : fmt::format("{}.{}", outer->name, inner->name);
}

call_tally::row call_tally::row_of(const call_view& view) {
  const u32 number = view.enter->head.number;
  const call_description* outer = view.abi->find(number);
  return {view.abi, number, outer, view.call == outer ? nullptr : view.call};
}

void call_tally::answer(const row& which, bool failed, u64 time) {
  totals& sum = rows_[which];
  ++sum.answered;
  sum.errors += failed;
  sum.time += time;
}

std::string call_tally::reached() const {
  std::set<std::string> lines;
  for (const auto& [which, sum] : rows_) {
    if (which.outer == nullptr) continue;
    const std::string number = fmt::format("{} {} {}", which.abi->personality, which.abi->arch, which.outer->number);
    lines.insert(fmt::format("{} {}", number, which.outer->name));
    if (which.inner != nullptr) lines.insert(fmt::format("{}.{} {}", number, which.inner->number, which.inner->name));
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

namespace {

/// Requests of one ioctl count together; calls behind another number for themselves.
std::string summary_name(const call_tally::row& which) {
  if (which.inner == nullptr || which.outer->select == selection::request)
    return which.outer == nullptr ? which.name() : std::string{which.outer->name};
  return std::string{which.inner->name};
}

} // namespace

std::string call_tally::summary() const {
  std::map<std::string, totals> by_name;
  totals all;
  for (const auto& [which, sum] : rows_) {
    if (sum.answered == 0) continue;
    for (totals* to : {&by_name[summary_name(which)], &all}) {
      to->answered += sum.answered;
      to->errors += sum.errors;
      to->time += sum.time;
    }
  }
  std::vector<std::pair<std::string, totals>> rows{by_name.begin(), by_name.end()};
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second.time > b.second.time; });
  const auto line = [&](const totals& sum, std::string_view name) {
    const double share = all.time == 0 ? 0 : 100.0 * static_cast<double>(sum.time) / static_cast<double>(all.time);
    return fmt::format("{:6.2f} {:11.6f} {:11} {:9} {:>9} {}\n", share, static_cast<double>(sum.time) * 1e-9,
                       sum.answered == 0 ? 0 : sum.time / sum.answered / 1000, sum.answered,
                       sum.errors == 0 ? std::string{} : std::to_string(sum.errors), name);
  };
  const std::string rule = "------ ----------- ----------- --------- --------- ----------------\n";
  std::string text = "% time     seconds  usecs/call     calls    errors syscall\n" + rule;
  for (const auto& [name, sum] : rows) text += line(sum, name);
  return text + rule + line(all, "total");
}

} // namespace polyabi::tool
