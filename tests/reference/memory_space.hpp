// A process with an empty address space, for tests of memory maps.
#pragma once

#include "guests.hpp"

#include <polyabi/reference/address_space.hpp>

namespace polyabi::tests {

inline constexpr u32 read_write = reference::protections::read | reference::protections::write;
inline constexpr u64 page = reference::page_size;
inline constexpr u32 anonymous = reference::map_flags::private_ | reference::map_flags::anonymous;
inline constexpr u32 shared_anonymous = reference::map_flags::shared | reference::map_flags::anonymous;

struct mapper {
  simulated::fresh_process p;
  mapper() { p->process().memory = reference::address_space::make(false); }
  reference::address_space& space() { return *p->process().memory; }
  reference::result<u64> map(u64 address, u64 size, u32 flags = anonymous, u32 protection = read_write) {
    return perform(*p, op::map{}, address, size, protection, flags, -1, i64{0});
  }
  error unmap(u64 address, u64 size) { return perform(*p, op::unmap{}, address, size).error(); }
  error protect(u64 address, u64 size, u32 protection) { return perform(*p, op::protect{}, address, size, protection).error(); }
  reference::result<u64> remap(u64 address, u64 size, u64 new_size, u32 flags = 0, u64 to = 0) {
    return perform(*p, op::remap{}, address, size, new_size, flags, to);
  }
  error advise(u64 address, u64 size, i32 advice) { return perform(*p, op::advise{}, address, size, advice).error(); }
  void limit(i32 resource, u64 most) {
    const reference::rlimit l{most, most};
    (void)perform(*p, op::set_limit{}, resource, l);
  }
  usize regions() {
    usize count = 0;
    for (const auto* r = space().first(); r != nullptr; r = space().next(*r)) ++count;
    return count;
  }
};

} // namespace polyabi::tests
