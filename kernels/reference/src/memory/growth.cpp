// Regions that grow down when somebody touches what lies below them: stacks, and what was mapped with MAP_GROWSDOWN.
#include "memory_checks.hpp"

namespace polyabi::reference {

void address_space::note_growth() {
  /// A step down that is larger than this is still found by the fault.
  constexpr u64 reach = u64{128} << 20;
  growth_low_ = growth_high_ = 0;
  known_gap_ = {};
  for (const region* r = first(); r != nullptr; r = next(*r)) {
    if (!r->grows_down()) continue;
    if (growth_high_ == 0) growth_low_ = r->start > reach ? r->start - reach : 0;
    growth_high_ = r->start;
  }
}

bool address_space::grow_to(const memory_limits& limits, u64 address) {
  region* r = first_from(address);
  if (r == nullptr || r->start <= address || !r->grows_down() || r->backing()) return false;
  const u64 start = page_round_down(address), more = r->start - start;
  if (start < lowest() || r->end - start > limits.stack) return false;
  const region* below = regions_.previous(*r);
  if (below != nullptr && below->protection != 0 && !below->grows_down() && start - below->end < stack_guard) return false;
  if (!fits(limits, more, false)) return false;
  if (r->has(region_marks::locked) && limits.locked != ~u64{0} && locked_size() + more > limits.locked) return false;
  if (!as_result(machine::map(start, more, r->protection, machine::mapping_source{}))) return false;
  r->start = start;
  note_growth();
  if (r->has(region_marks::locked)) (void)populate(start, start + more);
  return true;
}

} // namespace polyabi::reference
