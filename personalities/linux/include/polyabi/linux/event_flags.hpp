// Flags of the calls that make descriptors for events (include/uapi/linux/eventfd.h, asm-generic/fcntl.h).
#pragma once

#include <polyabi/facilities/event_counter.hpp>

namespace polyabi::linux_abi {

/// eventfd2(2).
struct eventfd_flags : flag_map<facilities::counter_flag> {
  using name = facilities::counter_flag;
  static constexpr auto rows =
      std::to_array<flag_row>({bit(name::one_by_one, 1), bit(name::nonblock, 0x800), bit(name::cloexec, 0x80000)});
};
static_assert(checked<eventfd_flags>);

} // namespace polyabi::linux_abi
