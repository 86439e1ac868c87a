// mlock(2) and its kin: which pages are to stay in memory. They are brought in; that the host does not take them out again is
// left to the host.
#include "memory_checks.hpp"

namespace polyabi::reference {

void address_space::mark(u64 start, u64 end, u32 without, u32 with) {
  for (region* r = first_from(start); r != nullptr && r->start < end; r = regions_.next(*r))
    r->marks = (r->marks & ~without) | with;
  merge(start, end);
}

result<> address_space::populate(u64 start, u64 end) {
  result<> answer;
  for (const region* r = first_from(start); r != nullptr && r->start < end; r = next(*r)) {
    if (r->has(region_marks::lock_on_fault)) continue;
    const u64 from = r->start > start ? r->start : start, to = r->end < end ? r->end : end;
    const bool to_write = !r->is_shared() && (r->protection & protections::write) != 0;
    const auto how = to_write ? machine::advice::bring_in_to_write : machine::advice::bring_in;
    if (r->protection == 0 || machine::advise(from, to - from, how) != 0) answer = error::nomem;
  }
  return answer;
}

/// What lies before a page that is not mapped is locked all the same.
result<> address_space::lock(const memory_limits& limits, u64 address, u64 size, bool on_fault) {
  if (limits.locked == 0) return error::perm;
  u64 end = 0;
  if (!end_of_range(page_round_down(address), size + address % page_size, end)) return error::inval;
  address = page_round_down(address);
  if (limits.locked != ~u64{0}) {
    u64 already = 0;
    for (const region* r = first_from(address); r != nullptr && r->start < end; r = next(*r))
      if (r->has(region_marks::locked)) already += (r->end < end ? r->end : end) - (r->start > address ? r->start : address);
    if (end - address + locked_size() - already > limits.locked) return error::nomem;
  }
  if (address == end) return {};
  u64 covered = address;
  for (const region* r = find(address); r != nullptr && r->start <= covered && covered < end; r = next(*r)) covered = r->end;
  if (covered > end) covered = end;
  if (!split(address) || !split(covered)) return error::nomem;
  using namespace region_marks;
  mark(address, covered, locked | lock_on_fault, on_fault ? locked | lock_on_fault : locked);
  if (covered < end) return error::nomem;
  return populate(address, end);
}

result<> address_space::unlock(u64 address, u64 size) {
  u64 end = 0;
  if (!end_of_range(page_round_down(address), size + address % page_size, end)) return error::inval;
  address = page_round_down(address);
  if (address == end) return {};
  const bool whole = covers(address, end);
  if (!split(address) || !split(end)) return error::nomem;
  mark(address, end, region_marks::locked | region_marks::lock_on_fault, 0);
  return whole ? error::none : error::nomem;
}

result<> address_space::lock_all(const memory_limits& limits, u32 flags) {
  using namespace region_marks;
  const u32 marks = (flags & lock_flags::on_fault) != 0 ? locked | lock_on_fault : locked;
  if (flags == 0) {
    future_marks_ = 0;
    mark(0, limit(), locked | lock_on_fault, 0);
    return {};
  }
  if (limits.locked == 0) return error::perm;
  if ((flags & lock_flags::current) != 0 && size() > limits.locked) return error::nomem;
  future_marks_ = (flags & lock_flags::future) != 0 ? marks : 0;
  if ((flags & lock_flags::current) == 0) return {};
  mark(0, limit(), locked | lock_on_fault, marks);
  (void)populate(0, limit());
  return {};
}

result<> address_space::seal(u64 address, u64 size) {
  u64 end = 0;
  if (!is_page_aligned(address) || !end_of_range(address, size, end)) return error::inval;
  if (address == end) return {};
  if (!covers(address, end)) return error::nomem;
  if (!split(address) || !split(end)) return error::nomem;
  mark(address, end, 0, region_marks::sealed);
  return {};
}

} // namespace polyabi::reference
