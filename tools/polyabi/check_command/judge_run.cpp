#include "judge_run.hpp"

#include "support.hpp"
#include "trace.hpp"
#include "trace_printer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace polyabi::tool {

namespace {

/// The row of the support table that was called; one that no table has is missing.
check::observed_call observed(const call_tally::row& which, const call_tally::totals& sum,
                              const std::vector<std::string>& settings) {
  check::observed_call call{.name = which.name(), .number = which.number, .level = support::missing, .reason = "no such call"};
  call.count = sum.begun;
  call.errors = sum.errors;
  const check::supported_system* system = find_supported(which.abi->personality, which.abi->arch, "reference", settings);
  const check::supported_call* row = system == nullptr || which.outer == nullptr ? nullptr : system->find(which.number);
  if (row != nullptr && which.inner != nullptr) row = row->find_selected(static_cast<u64>(which.inner->number));
  if (row != nullptr) {
    call.level = row->level;
    call.reason = row->reason;
  }
  return call;
}

check::observed_run observed(const call_tally& tally, const hosted::outcome& outcome,
                             const std::vector<std::string>& settings) {
  check::observed_run run;
  for (const auto& [which, sum] : tally.rows()) run.calls.push_back(observed(which, sum, settings));
  std::stable_sort(run.calls.begin(), run.calls.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const hosted::unsupported_thing& one : outcome.unsupported)
    run.lacks.push_back({one.call, one.what, one.value, one.program, one.count});
  run.lost = outcome.unsupported_lost;
  run.is_whole = outcome.how == hosted::outcome::kind::ended;
  run.ending =
      run.is_whole ? fmt::format("exited with {}", outcome.status) : fmt::format("killed by signal {}", outcome.signal);
  return run;
}

} // namespace

traced_judgement judge_run_of(const program_options& program, check::judgement about) {
  hosted::run_options run = to_run_options(program);
  trace_printer printer{nullptr, linked_descriptions(), {.calls = false}};
  run.trace = [&](std::span<const u8> record) { printer.record(record); };
  traced_judgement result{std::move(about), hosted::run(run)};
  const hosted::outcome& outcome = result.outcome;
  switch (outcome.how) {
  case hosted::outcome::kind::not_started:
    if (!result.judged.problem.empty()) break; // it is not there
    result.judged.what = result.judged.format == "unknown" ? check::verdict::not_judged : check::verdict::fails;
    result.judged.problem =
        outcome.message.starts_with(run.program + ": ") ? outcome.message.substr(run.program.size() + 2) : outcome.message;
    break;
  case hosted::outcome::kind::panicked:
    check::judge(observed(printer.tally(), outcome, program.settings), result.judged);
    result.judged.what = check::verdict::fails;
    result.judged.problem = outcome.message;
    break;
  case hosted::outcome::kind::ended:
  case hosted::outcome::kind::killed: check::judge(observed(printer.tally(), outcome, program.settings), result.judged); break;
  }
  return result;
}

} // namespace polyabi::tool
