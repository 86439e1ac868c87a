// Changes of a memory map: each is checked, done by the machine, and noted.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>

namespace polyabi::reference {

namespace {

constexpr u64 round_up(u64 value) {
  return (value + page_size - 1) & ~u64{page_size - 1};
}
constexpr bool is_aligned(u64 value) {
  return value % page_size == 0;
}

result<> as_result(u16 number) {
  return static_cast<error>(number);
}

} // namespace

result<u64> address_space::map(u64 address, u64 size, u32 protection, u32 flags, ref<file> backing, u64 offset,
                               region::purpose use) {
  if (size == 0 || !is_aligned(offset)) return error::inval;
  if (size > limit()) return error::nomem;
  size = round_up(size);
  const bool shared = (flags & map_flags::shared) != 0;
  if (backing) {
    const u32 allowed = backing->mappable(shared);
    if (allowed == 0 || (protection & ~allowed) != 0) return error::acces;
  }

  if ((flags & (map_flags::fixed | map_flags::fixed_noreplace)) != 0) {
    if (!is_aligned(address)) return error::inval;
    if (address > limit() || size > limit() - address) return error::nomem;
    if (address < lowest()) return error::perm;
    if ((flags & map_flags::fixed_noreplace) != 0 && !is_free(address, address + size)) return error::exist;
  } else {
    address &= ~u64{page_size - 1};
    const bool hint_is_good =
        address >= lowest_address && address <= limit() && size <= limit() - address && is_free(address, address + size);
    if (!hint_is_good) address = find_gap(size);
    if (address == 0) return error::nomem;
  }

  machine::mapping_source source;
  source.shared = shared;
  if (backing) {
    auto from_file = backing->map(offset, size, protection, shared);
    if (!from_file) return from_file.error();
    source = *from_file;
  }
  region* made = heap::create<region>();
  if (made == nullptr || !split(address) || !split(address + size)) {
    heap::destroy(made);
    return error::nomem;
  }
  const auto mapped = as_result(machine::map(address, size, protection, source));
  if (!mapped) {
    heap::destroy(made);
    return mapped.error();
  }
  forget(address, address + size);
  made->start = address;
  made->end = address + size;
  made->protection = protection;
  constexpr u32 placement = map_flags::fixed | map_flags::fixed_noreplace | map_flags::low32 | map_flags::populate;
  made->flags = flags & ~placement;
  made->offset = backing ? offset : 0;
  made->use = use;
  if (backing) made->allowed = backing->mappable(shared);
  made->show(std::move(backing));
  insert(*made);
  return address;
}

result<> address_space::unmap(u64 address, u64 size) {
  if (!is_aligned(address) || size == 0 || address > limit() || size > limit() - address) return error::inval;
  const u64 end = address + round_up(size);
  if (is_free(address, end)) return {};
  if (!split(address) || !split(end)) return error::nomem;
  const auto unmapped = as_result(machine::unmap(address, end - address));
  if (unmapped) forget(address, end);
  return unmapped;
}

result<> address_space::protect(u64 address, u64 size, u32 protection) {
  if (!is_aligned(address)) return error::inval;
  if (size == 0) return {};
  if (address > limit() || size > limit() - address) return error::nomem;
  const u64 end = address + round_up(size);
  if (!covers(address, end)) return error::nomem;
  for (const region* r = first_from(address); r != nullptr && r->start < end; r = regions_.next(*r))
    if ((protection & ~r->allowed) != 0) return error::acces;
  if (!split(address) || !split(end)) return error::nomem;
  const auto changed = as_result(machine::protect(address, end - address, protection));
  if (!changed) return changed;
  for (region* r = first_from(address); r != nullptr && r->start < end; r = regions_.next(*r)) r->protection = protection;
  merge(address, end);
  return {};
}

result<u64> address_space::remap(u64 address, u64 size, u64 new_size, bool may_move) {
  if (!is_aligned(address) || new_size == 0) return error::inval;
  size = round_up(size);
  new_size = round_up(new_size);
  const region* old = find(address);
  if (size == 0 || size > limit() || new_size > limit() || old == nullptr || size > old->end - address) return error::fault;
  if (new_size <= size) {
    if (new_size < size) {
      const auto cut = unmap(address + new_size, size - new_size);
      if (!cut) return cut.error();
    }
    return address;
  }
  // In place, if what follows is free: private anonymous and file pages are simply mapped behind.
  const bool shared_anonymous = !old->backing() && (old->flags & map_flags::shared) != 0;
  const u64 end = address + size;
  if (end == old->end && !shared_anonymous && new_size <= limit() - address && is_free(end, address + new_size)) {
    const u64 offset = old->backing() ? old->offset + (end - old->start) : 0;
    auto more = map(end, new_size - size, old->protection, old->flags | map_flags::fixed, old->backing(), offset, old->use);
    return more ? result<u64>{address} : more;
  }
  if (!may_move) return error::nomem;
  const u64 to = find_gap(new_size);
  if (to == 0 || !split(address) || !split(end)) return error::nomem;
  region* moved = first_from(address);
  const auto done_by_machine = as_result(machine::remap(address, size, to, new_size));
  if (!done_by_machine) return done_by_machine.error();
  regions_.remove(*moved);
  moved->start = to;
  moved->end = to + new_size;
  insert(*moved);
  return to;
}

// brk(2): the heap is one region that begins at the page of the break's start.
result<u64> address_space::set_break(u64 address, u64 data_limit) {
  if (address < break_start_ || break_start_ == 0 || address - break_start_ > data_limit) return break_;
  const u64 old_end = round_up(break_), new_end = round_up(address);
  if (address > limit()) return break_;
  if (new_end > old_end) {
    if (!is_free(old_end, new_end)) return break_;
    const auto grown = map(old_end, new_end - old_end, protections::read | protections::write,
                           map_flags::private_ | map_flags::anonymous | map_flags::fixed, nullptr, 0, region::purpose::heap);
    if (!grown) return break_;
  } else if (new_end < old_end) {
    const auto shrunk = unmap(new_end, old_end - new_end);
    if (!shrunk) return break_;
  }
  break_ = address;
  return break_;
}

} // namespace polyabi::reference
