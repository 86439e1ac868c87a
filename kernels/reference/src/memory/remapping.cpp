// mremap(2): mappings that grow, shrink, move, or are doubled.
#include "memory_checks.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

namespace {

bool overlap(u64 a, u64 a_size, u64 b, u64 b_size) {
  return a + a_size > b && b + b_size > a;
}

/// The machine's own mappings may be smaller than a region: then one page after the other is moved.
result<> move_pages(u64 address, u64 size, u64 to, u64 new_size, machine::remapping how) {
  const auto moved = as_result(machine::remap(address, size, to, new_size, how));
  if (moved || moved.error() != error::fault || how == machine::remapping::duplicate) return moved;
  for (u64 done = 0; done < size; done += page_size) {
    const u64 now = done + page_size < size ? page_size : new_size - done;
    if (auto page = as_result(machine::remap(address + done, page_size, to + done, now, how)); !page) return page;
  }
  return {};
}

} // namespace

/// What a mapping that changes its size has to satisfy.
result<> address_space::check_resize(const memory_limits& limits, const region& old, u64 address, u64 size, u64 new_size,
                                     u32 flags) const {
  if (size == 0 && !old.is_shared()) return error::inval;
  if (size > old.end - address) return error::fault;
  if (size == new_size && (flags & remap_flags::keep) == 0) return {};
  if ((old.backing() || old.shared_id != 0) && old.offset + (address - old.start) + new_size < new_size) return error::inval;
  const u64 more = (flags & remap_flags::keep) != 0 ? new_size : new_size > size ? new_size - size : 0;
  if (old.has(region_marks::locked) && limits.locked != ~u64{0} && locked_size() + more > limits.locked) return error::again;
  return fits(limits, more, old.is_data());
}

result<u64> address_space::remap(const memory_limits& limits, u64 address, u64 size, u64 new_size, u32 flags, u64 new_address) {
  using namespace remap_flags;
  if ((flags & fixed) != 0 && (flags & may_move) == 0) return error::inval;
  if ((flags & keep) != 0 && ((flags & may_move) == 0 || size != new_size)) return error::inval;
  if (!is_page_aligned(address) || new_size == 0 || new_size > limit()) return error::inval;
  size = page_round_up(size);
  new_size = page_round_up(new_size);
  const region* old = find(address);
  if (old == nullptr) return error::fault;
  if (any_sealed(address, address + (size != 0 ? size : 1))) return error::perm;

  if ((flags & (fixed | keep)) != 0) {
    if (!is_page_aligned(new_address) || new_address > limit() || new_size > limit() - new_address) return error::inval;
    if (overlap(address, size, new_address, new_size)) return error::inval;
    if ((flags & fixed) != 0) {
      if (new_address < lowest()) return error::perm;
      if (auto cleared = unmap(new_address, new_size); !cleared) return cleared.error();
    }
  }
  if (size > new_size) {
    if (auto cut = unmap(address + new_size, size - new_size); !cut) return cut.error();
    size = new_size;
  }
  if (size == new_size && (flags & (fixed | keep)) == 0) return address;
  old = find(address);
  if (old == nullptr) return error::fault;
  if (auto good = check_resize(limits, *old, address, size, new_size, flags); !good) return good.error();
  if ((flags & (fixed | keep)) == 0 && size != 0 && address + size == old->end) {
    auto grown = remap_here(limits, *old, address, size, new_size);
    if (grown || grown.error() != error::busy) return grown;
  }
  if ((flags & may_move) == 0) return error::nomem;
  const auto to = (flags & fixed) != 0 ? result<u64>{new_address} : place((flags & keep) != 0 ? new_address : 0, new_size, 0);
  if (!to) return to;
  return remap_elsewhere(address, size, new_size, *to, flags);
}

/// EBUSY if there is no room behind it.
result<u64> address_space::remap_here(const memory_limits& limits, const region& old, u64 address, u64 size, u64 new_size) {
  const u64 end = address + size, new_end = address + new_size;
  const u32 marks = old.marks;
  if (new_size > limit() - address || !is_free(end, new_end)) return error::busy;
  if (old.shared_id == 0) {
    // Private anonymous pages and those of files are simply mapped behind.
    const u64 offset = old.backing() ? old.offset + old.size() : 0;
    const u32 flags = (old.flags & ~map_flags::growsdown) | map_flags::fixed;
    auto more = map(limits, end, new_size - size, old.protection, flags, old.backing(), offset, old.use);
    if (!more) return more;
    mark(end, new_end, ~u32{0}, marks);
  } else {
    // The shared memory itself stays as long as it was: what lies behind it is a bus error.
    if (!split(address)) return error::nomem;
    if (auto grown = move_pages(address, size, address, new_size, machine::remapping::move); !grown)
      return grown.error() == error::nomem ? error::busy : grown.error();
    region& r = *first_from(address);
    r.end = new_end;
  }
  if (find(address)->has(region_marks::locked)) (void)populate(end, new_end);
  return address;
}

result<u64> address_space::remap_elsewhere(u64 address, u64 size, u64 new_size, u64 to, u32 flags) {
  const u64 end = address + size;
  const bool doubles = size == 0, keeps = (flags & remap_flags::keep) != 0 || doubles;
  if (!doubles)
    if (const auto left = lifecycle::leave_sequences(address, end); !left) return left.error();
  if (!split(address) || (!doubles && !split(end))) return error::nomem;
  region* const old = first_from(address);
  region* made = nullptr;
  if (keeps && (made = heap::create<region>()) == nullptr) return error::nomem;
  const auto how = doubles ? machine::remapping::duplicate : keeps ? machine::remapping::keep : machine::remapping::move;
  if (auto moved = move_pages(address, size, to, new_size, how); !moved) {
    heap::destroy(made);
    return moved.error();
  }
  if (keeps) {
    made->protection = old->protection;
    made->flags = old->flags & ~map_flags::growsdown;
    made->marks = old->marks;
    made->offset = old->offset;
    made->shared_id = old->shared_id;
    made->allowed = old->allowed;
    made->use = old->use == region::purpose::stack ? region::purpose::ordinary : old->use;
    if (!doubles) old->marks &= ~(region_marks::locked | region_marks::lock_on_fault);
  } else {
    made = old;
    take_out(*old);
  }
  made->start = to;
  made->end = to + new_size;
  if (keeps) made->show(old->backing());
  if (!keeps && made->grows_down()) {
    made->flags &= ~map_flags::growsdown;
    note_growth();
  }
  insert(*made);
  if (!doubles) merge(address, end);
  if (find(to)->has(region_marks::locked)) (void)populate(to, to + new_size);
  return to;
}

result<> address_space::remap_file(const memory_limits& limits, u64 address, u64 size, u64 offset) {
  address = page_round_down(address);
  size = page_round_down(size);
  if (size == 0 || address + size <= address || offset + size < offset) return error::inval;
  const u64 end = address + size;
  const region* first_region = find(address);
  if (first_region == nullptr || !first_region->is_shared()) return error::inval;
  for (const region* r = first_region; r->end < end;) {
    const region* following = next(*r);
    if (following == nullptr || following->start != r->end || following->backing() != r->backing() ||
        following->shared_id != r->shared_id || following->flags != r->flags)
      return error::inval;
    r = following;
  }
  if (any_sealed(address, end)) return error::perm;
  if (first_region->backing()) {
    const ref<file> backing = first_region->backing();
    const u32 flags = first_region->flags | map_flags::fixed | map_flags::populate |
                      (first_region->has(region_marks::locked) ? map_flags::locked : 0);
    auto mapped = map(limits, address, size, first_region->protection, flags, backing, offset);
    return mapped ? result<>{} : result<>{mapped.error()};
  }
  if (!split(address) || !split(end)) return error::nomem;
  if (auto shown = as_result(machine::show(address, size, offset)); !shown) return shown;
  for (region* r = first_from(address); r != nullptr && r->start < end; r = regions_.next(*r))
    r->offset = offset + (r->start - address);
  merge(address, end);
  return {};
}

} // namespace polyabi::reference
