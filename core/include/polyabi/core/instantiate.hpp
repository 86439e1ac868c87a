// One personality on one architecture over one kernel, as the constant object that the kernel is linked with.
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/ioctl_table.hpp>
#include <polyabi/core/overlay.hpp>
#include <polyabi/core/personality.hpp>
#include <polyabi/core/trace.hpp>

namespace polyabi {

namespace detail {

template <class Env>
void enter(typename Env::kernel::thread& thread, registers& frame, [[maybe_unused]] gate through) {
  // An architecture with more than one way in, or with calls outside the table (fast traps), looks first.
  if constexpr (requires { Env::arch::template intercept<Env>(thread, frame, through); }) {
    if (Env::arch::template intercept<Env>(thread, frame, through)) return;
  }
  // A kernel that can trace has `traced`, `trace_identity` and `trace_write`.
  if constexpr (requires { Env::kernel::traced(thread); }) {
    if (Env::kernel::traced(thread)) [[unlikely]] {
      const auto number = static_cast<u32>(frame.*Env::arch::convention.number);
      return traced_enter<Env>(thread, frame, find_traced_call<Env>(thread, number), &dispatch_call<Env>);
    }
  }
  dispatch_call<Env>(thread, frame, static_cast<u32>(frame.*Env::arch::convention.number));
}

} // namespace detail

/// The `abi` of an environment: everything in it is derived from the personality's declarations.
template <class Env>
inline constexpr abi<typename Env::kernel> abi_of{
    .name = Env::personality::name,
    .arch = Env::arch::arch,
    .platform = Env::arch::platform,
    .emulation_root = Env::personality::emulation_root,
    .brand = Env::arch::brand,
    .system_call = &detail::enter<Env>,
    .deliver_signal = &Env::arch::template deliver_signal<Env>,
    .auxiliary_vector = &Env::arch::auxiliary_vector,
    .initial_registers = &Env::arch::initial_registers,
    .pseudo_mounts = Env::arch::template pseudo_mounts<typename Env::kernel>(),
};

} // namespace polyabi
