// The verdict about a run.
#include "verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polyabi::check {

namespace {

void add(judgement& to, finding f) {
  const ruling found = ruling_of(f.call, f.level);
  f.then = found.then;
  f.why = found.why;
  f.is_direct = true; // it happened
  to.what = std::max(to.what, f.then == consequence::stops    ? verdict::fails
                              : f.then == consequence::limits ? verdict::limited
                                                              : verdict::works);
  to.findings.push_back(std::move(f));
}

} // namespace

void judge(observed_run run, judgement& to) {
  to.what = verdict::works;
  for (const observed_call& call : run.calls) {
    ++to.levels[call.level];
    to.calls.push_back(call.name);
    if (is_supported(call.level)) continue;
    finding f;
    f.call = call.name;
    f.number = call.number;
    f.level = call.level;
    f.reason = call.reason;
    f.times = call.count;
    add(to, std::move(f));
  }
  std::sort(to.calls.begin(), to.calls.end());
  for (const observed_lack& lack : run.lacks) {
    if (lack.is_whole_call()) continue;
    finding f;
    f.call = fmt::format("{} {} {:#x}", lack.call, lack.what, lack.value);
    f.level = support::refused;
    f.reason = unknown_value;
    f.way = {lack.program};
    f.times = lack.count;
    add(to, std::move(f));
  }
  gravest_first(to.findings);
  const auto doubt = [&](std::string why) {
    to.sure = std::max(to.sure, certainty::medium);
    to.doubts.push_back(std::move(why));
  };
  to.doubts.push_back("what another run asks for");
  if (run.lost != 0) doubt(fmt::format("{} more things that are not supported, for which there was no room", run.lost));
  if (!run.is_whole) doubt("it was " + run.ending);
  to.run = std::move(run);
}

} // namespace polyabi::check
