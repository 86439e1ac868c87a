// Changes of a memory map: each is checked, done by the machine, and noted.
#include "memory_checks.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

namespace {

/// The next number for shared anonymous memory.
u64 last_shared_id = 0;

/// Flags that say where or how to map, and not what is mapped.
constexpr u32 momentary = map_flags::fixed | map_flags::fixed_noreplace | map_flags::low32 | map_flags::populate |
                          map_flags::nonblock | map_flags::locked;

} // namespace

memory_limits memory_limits::of(const process& p) {
  return {p.limits[resources::as].cur, p.limits[resources::data].cur, p.limits[resources::stack].cur,
          p.identity.may(privileges::lock_memory) ? ~u64{0} : p.limits[resources::memlock].cur};
}

result<> address_space::fits(const memory_limits& limits, u64 more, bool is_data) const {
  // Without a limit, nothing has to be added up.
  if (limits.total < resources::infinity && (more > limits.total || size() > limits.total - more)) return error::nomem;
  if (is_data && limits.data < resources::infinity && (more > limits.data || data_size() > limits.data - more))
    return error::nomem;
  return {};
}

result<u64> address_space::place(u64 address, u64 size, u32 flags) const {
  if ((flags & (map_flags::fixed | map_flags::fixed_noreplace)) != 0) {
    if (!is_page_aligned(address)) return error::inval;
    if (address > limit() || size > limit() - address) return error::nomem;
    if (address < lowest()) return error::perm;
    if ((flags & map_flags::fixed_noreplace) != 0 && !is_free(address, address + size)) return error::exist;
    return address;
  }
  address = page_round_down(address);
  const bool hint_is_good =
      address >= lowest_address && address <= limit() && size <= limit() - address && is_free(address, address + size);
  if ((flags & map_flags::low32) != 0 && !is_32_bit_) {
    // The second GiB (MAP_32BIT): the lowest gap there.
    constexpr u64 start = u64{1} << 30, end = u64{2} << 30;
    if (hint_is_good && address >= start && address + size <= end) return address;
    u64 at = start;
    for (const region* r = first_from(at); r != nullptr && at + size <= end && r->start < at + size; r = next(*r)) at = r->end;
    return size <= end && at <= end - size ? result<u64>{at} : error::nomem;
  }
  if (!hint_is_good) address = find_gap(size);
  return address != 0 ? result<u64>{address} : error::nomem;
}

result<u64> address_space::map(const memory_limits& limits, u64 address, u64 size, u32 protection, u32 flags, ref<file> backing,
                               u64 offset, region::purpose use) {
  if (size == 0 || !is_page_aligned(offset)) return error::inval;
  if (size > limit()) return error::nomem;
  size = page_round_up(size);
  if (backing && offset + size < offset) return error::overflow;
  const bool shared = (flags & map_flags::shared) != 0;
  if (!backing && shared && (flags & map_flags::growsdown) != 0) return error::inval;
  u32 allowed = protections::read | protections::write | protections::exec;
  if (backing) {
    allowed = backing->mappable(shared);
    if (allowed == 0) return error::acces;
    if ((protection & ~allowed) != 0) {
      const auto why = backing->map(offset, size, protection, shared); // the file may know better
      return why ? error::acces : why.error();
    }
  }
  const auto placed = place(address, size, flags);
  if (!placed) return placed;
  address = *placed;
  const u64 end = address + size;
  if (any_sealed(address, end)) return error::perm;

  u32 marks = future_marks_;
  if ((flags & map_flags::locked) != 0) {
    if (limits.locked == 0) return error::perm;
    marks |= region_marks::locked;
  }
  if ((marks & region_marks::locked) != 0 && limits.locked != ~u64{0} && locked_size() + size > limits.locked)
    return error::again;
  const bool is_data = !shared && (protection & protections::write) != 0 && (flags & map_flags::growsdown) == 0;
  if (auto fit = fits(limits, size - mapped_within(address, end), is_data); !fit) return fit.error();

  machine::mapping_source source;
  source.shared = shared;
  if (backing) {
    auto from_file = backing->map(offset, size, protection, shared);
    if (!from_file) return from_file.error();
    source = *from_file;
  }
  const bool is_text = backing && !shared && marks == 0 && (protection & (protections::write | protections::exec)) == protections::exec;
  if (const thread* self = is_text ? machine::current() : nullptr; self != nullptr && self->owner->memory == this)
    source = machine::text_source(*self->owner, address, size, *backing, offset, source);
  if ((protection & protections::write) == 0)
    if (const auto left = lifecycle::leave_sequences(address, end); !left) return left.error();
  region* made = heap::create<region>();
  if (made == nullptr || !split(address) || !split(end)) {
    heap::destroy(made);
    return error::nomem;
  }
  const auto mapped = [&] {
    const others_may_run while_it_maps{*this};
    return as_result(machine::map(address, size, protection, source));
  }();
  if (!mapped) {
    heap::destroy(made);
    return mapped.error();
  }
  forget(address, end);
  made->start = address;
  made->end = end;
  made->protection = protection;
  made->flags = flags & ~momentary;
  made->marks = marks;
  made->offset = backing ? offset : 0;
  if (shared && !backing) made->shared_id = ++last_shared_id;
  made->allowed = allowed;
  made->use = use;
  made->show(std::move(backing));
  insert(*made);
  // What cannot be brought in faults later; that is no reason to fail here.
  if ((marks & region_marks::locked) != 0) {
    (void)populate(address, end);
  } else if ((flags & (map_flags::populate | map_flags::nonblock)) == map_flags::populate && protection != 0) {
    const bool to_write = !shared && (protection & protections::write) != 0;
    (void)machine::advise(address, size, to_write ? machine::advice::bring_in_to_write : machine::advice::bring_in);
  }
  return address;
}

result<> address_space::unmap(u64 address, u64 size) {
  if (!is_page_aligned(address) || size == 0 || address > limit() || size > limit() - address) return error::inval;
  const u64 end = address + page_round_up(size);
  if (is_free(address, end)) return {};
  if (any_sealed(address, end)) return error::perm;
  if (const auto left = lifecycle::leave_sequences(address, end); !left) return left.error();
  if (!split(address) || !split(end)) return error::nomem;
  const auto unmapped = [&] {
    const others_may_run while_it_unmaps{*this};
    return as_result(machine::unmap(address, end - address));
  }();
  if (unmapped) forget(address, end);
  return unmapped;
}

/// What lies before a page that is not mapped, or may not be so protected, is changed all the same.
result<> address_space::protect(const memory_limits& limits, u64 address, u64 size, u32 protection) {
  u64 end = 0;
  if (!is_page_aligned(address)) return error::inval;
  if (size == 0) return {};
  if (!end_of_range(address, size, end)) return error::nomem;
  if ((protection & protections::growsdown) != 0) {
    // From the beginning of the region, wherever that has come to.
    const region* r = first_from(address);
    if (r == nullptr || r->start >= end) return error::nomem;
    if (!r->grows_down()) return error::inval;
    address = r->start;
    protection &= ~protections::growsdown;
  }
  result<> answer;
  for (u64 at = address; at < end && answer;) {
    const region* r = find(at);
    if (r == nullptr) {
      answer = error::nomem;
      break;
    }
    const u64 piece_end = r->end < end ? r->end : end;
    const bool becomes_data = !r->is_data() && !r->is_shared() && (protection & protections::write) != 0 && !r->grows_down();
    if (r->has(region_marks::sealed)) {
      answer = error::perm;
    } else if ((protection & ~r->allowed) != 0) {
      answer = error::acces;
    } else if (becomes_data && !fits({.data = limits.data}, piece_end - at, true)) {
      answer = error::nomem;
    } else if (r->protection != protection) {
      if ((protection & protections::write) == 0)
        if (const auto left = lifecycle::leave_sequences(at, piece_end); !left) return left.error();
      if (!split(at) || !split(piece_end)) return error::nomem;
      {
        const others_may_run while_it_protects{*this};
        answer = as_result(machine::protect(at, piece_end - at, protection));
      }
      if (answer) {
        region& changed = *first_from(at);
        if (changed.backing() && !changed.is_shared() && (changed.protection & protections::write) != 0)
          changed.marks |= region_marks::was_writable;
        changed.protection = protection;
      }
    }
    if (answer) at = piece_end;
  }
  merge(address, end);
  return answer;
}

// brk(2): the heap is one region that begins at the page of the break's start.
result<u64> address_space::set_break(const memory_limits& limits, u64 address) {
  if (address < break_start_ || break_start_ == 0 || address - break_start_ > limits.data) return break_;
  const u64 old_end = page_round_up(break_), new_end = page_round_up(address);
  if (address > limit()) return break_;
  if (new_end > old_end) {
    if (!is_free(old_end, new_end)) return break_;
    const auto grown = map(limits, old_end, new_end - old_end, protections::read | protections::write,
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
