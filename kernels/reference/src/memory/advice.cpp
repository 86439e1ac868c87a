// madvise(2) and msync(2).
#include "memory_checks.hpp"

namespace polyabi::reference {

namespace {

/// Whether the advice may be given for a region of this kind.
result<> suits(i32 advice, const region& r) {
  using namespace advices;
  const bool is_anonymous = !r.backing() && !r.is_shared();
  switch (advice) {
  case dontneed:
  case cold:
  case pageout:
    if (r.has(region_marks::locked)) return error::inval;
    break;
  case free:
    if (!is_anonymous) return error::inval;
    break;
  case remove:
    if (r.has(region_marks::locked) || is_anonymous) return error::inval;
    if (!r.is_shared() || (r.allowed & protections::write) == 0) return error::acces;
    break;
  case wipeonfork:
    if (!is_anonymous) return error::inval;
    break;
  case populate_read:
    if ((r.protection & (protections::read | protections::exec)) == 0) return error::inval;
    break;
  case populate_write:
    if ((r.protection & protections::write) == 0) return error::inval;
    break;
  }
  // What cannot be written cannot be lost by advice either, once it is sealed.
  const bool loses = advice == dontneed || advice == dontneed_locked || advice == free || advice == remove ||
                     advice == dontfork || advice == wipeonfork;
  if (loses && r.has(region_marks::sealed) && is_anonymous && (r.protection & protections::write) == 0) return error::perm;
  return {};
}

struct change {
  bool to_machine = false;
  machine::advice how{};
  u32 without = 0, with = 0; ///< marks
};

change change_for(i32 given) {
  using namespace advices;
  using machine::advice;
  switch (given) {
  case dontneed:
  case dontneed_locked: return {true, advice::discard};
  case free: return {true, advice::release};
  case remove: return {true, advice::remove};
  case dontfork: return {true, advice::not_in_children, 0, region_marks::not_in_children};
  case dofork: return {true, advice::in_children, region_marks::not_in_children, 0};
  case wipeonfork: return {true, advice::zero_in_children, 0, region_marks::zero_in_children};
  case keeponfork: return {true, advice::copied_in_children, region_marks::zero_in_children, 0};
  case populate_read: return {true, advice::bring_in};
  case populate_write: return {true, advice::bring_in_to_write};
  case dontdump: return {.with = region_marks::not_dumped};
  case dodump: return {.without = region_marks::not_dumped};
  default: return {}; // no more than a hint
  }
}

} // namespace

/// Pages that are not mapped are left out, and told in the end.
result<> address_space::advise(u64 address, u64 size, i32 advice) {
  u64 end = 0;
  if (!is_page_aligned(address) || !end_of_range(address, size, end)) return error::inval;
  if (address == end) return {};
  const change what = change_for(advice);
  bool holes = false;
  for (u64 at = address; at < end;) {
    const region* r = first_from(at);
    if (r == nullptr || r->start >= end) {
      holes = true;
      break;
    }
    if (r->start > at) {
      holes = true;
      if (advice == advices::populate_read || advice == advices::populate_write) break;
      at = r->start;
    }
    const u64 piece_end = r->end < end ? r->end : end;
    if (auto good = suits(advice, *r); !good) return good;
    if (what.to_machine)
      if (auto given = as_result(machine::advise(at, piece_end - at, what.how)); !given) return given;
    if ((what.with & ~r->marks) != 0 || (what.without & r->marks) != 0) {
      if (!split(at) || !split(piece_end)) return error::nomem;
      mark(at, piece_end, what.without, what.with);
    }
    at = piece_end;
  }
  return holes ? error::nomem : error::none;
}

result<> address_space::sync(u64 address, u64 size, u32 flags) {
  u64 end = 0;
  if (!is_page_aligned(address)) return error::inval;
  if (!end_of_range(address, size, end)) return error::nomem;
  bool holes = false;
  for (u64 at = address; at < end;) {
    const region* r = first_from(at);
    if (r == nullptr || r->start >= end) {
      holes = true;
      break;
    }
    if (r->start > at) {
      holes = true;
      at = r->start;
    }
    const u64 piece_end = r->end < end ? r->end : end;
    if ((flags & sync_flags::invalidate) != 0 && r->has(region_marks::locked)) return error::busy;
    if ((flags & sync_flags::async) == 0 && r->is_shared() && r->backing())
      if (auto written = as_result(machine::sync(at, piece_end - at)); !written) return written;
    at = piece_end;
  }
  return holes ? error::nomem : error::none;
}

} // namespace polyabi::reference
