// One personality on one architecture over one kernel, as the constant object that the kernel is linked with.
#pragma once

#include <polyabi/core/core_dumps.hpp>
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

// What an architecture may leave out: without a signal frame a handler cannot run, and the signal kills; an image begins with
// an empty auxiliary vector and the registers that the kernel gives it; nothing is mounted.

template <class Env>
consteval auto signal_frame_of() -> decltype(abi<typename Env::kernel>::deliver_signal) {
  if constexpr (requires { &Env::arch::template deliver_signal<Env>; })
    return &Env::arch::template deliver_signal<Env>;
  else
    return [](typename Env::kernel::thread&, registers&, const signal_delivery<typename Env::kernel>&) { return false; };
}

template <class Env>
consteval auto core_of() -> decltype(abi<typename Env::kernel>::leave_core) {
  if constexpr (requires { &Env::arch::template leave_core<Env>; })
    return Env::kernel::template provides<service::core_dumps> ? &Env::arch::template leave_core<Env> : nullptr;
  else
    return nullptr;
}

template <class Env>
consteval auto auxiliary_vector_of() -> decltype(abi<typename Env::kernel>::auxiliary_vector) {
  if constexpr (requires { &Env::arch::auxiliary_vector; })
    return &Env::arch::auxiliary_vector;
  else
    return [](const image_start&, std::span<auxiliary_entry>) { return usize{0}; };
}

template <class Env>
consteval auto initial_registers_of() -> decltype(abi<typename Env::kernel>::initial_registers) {
  if constexpr (requires { &Env::arch::initial_registers; })
    return &Env::arch::initial_registers;
  else
    return [](registers&) {};
}

template <class Env>
consteval std::span<const pseudo_mount<typename Env::kernel>> pseudo_mounts_of() {
  if constexpr (requires { Env::arch::template pseudo_mounts<typename Env::kernel>(); })
    return Env::arch::template pseudo_mounts<typename Env::kernel>();
  else
    return {};
}

} // namespace detail

namespace detail {
/// The personality's name, if both sides have classed each other's signals.
template <class Env>
consteval std::string_view checked_name() {
  if constexpr (requires { typename kernel_map<typename Env::kernel, signal>; })
    static_assert(signals_are_classed<kernel_map<typename Env::kernel, signal>, typename Env::personality::signals>);
  return Env::personality::name;
}
template <class P>
constexpr std::string_view release_setting_of() {
  if constexpr (requires { P::release_setting; })
    return P::release_setting;
  else
    return {};
}
template <class P>
constexpr std::string_view colon_script_shell_of() {
  if constexpr (requires { P::colon_script_shell; })
    return P::colon_script_shell;
  else
    return {};
}

} // namespace detail

/// The `abi` of an environment: everything in it is derived from the personality's declarations.
template <class Env>
inline constexpr abi<typename Env::kernel> abi_of{
    .name = detail::checked_name<Env>(),
    .arch = Env::arch::arch,
    .platform = Env::arch::platform,
    .emulation_root = Env::personality::emulation_root,
    .brand = Env::arch::brand,
    .system_call = &detail::enter<Env>,
    .deliver_signal = detail::signal_frame_of<Env>(),
    .leave_core = detail::core_of<Env>(),
    .auxiliary_vector = detail::auxiliary_vector_of<Env>(),
    .initial_registers = detail::initial_registers_of<Env>(),
    .pseudo_mounts = detail::pseudo_mounts_of<Env>(),
    .release_setting = detail::release_setting_of<typename Env::personality>(),
    .colon_script_shell = detail::colon_script_shell_of<typename Env::personality>(),
};

} // namespace polyabi
