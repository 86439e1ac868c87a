// The Linux personality: its tables and maps, and what its two architectures add.
#pragma once

#include <polyabi/core/instantiate.hpp>
#include <polyabi/linux/conventions.hpp>
#include <polyabi/linux/core_image.hpp>
#include <polyabi/linux/errors.hpp>
#include <polyabi/linux/history.hpp>
#include <polyabi/linux/image.hpp>
#include <polyabi/linux/ioctls.hpp>
#include <polyabi/linux/pseudo.hpp>
#include <polyabi/linux/signal_frame.hpp>
#include <polyabi/linux/signals.hpp>
#include <polyabi/linux/tables/events.hpp>
#include <polyabi/linux/tables/files.hpp>
#include <polyabi/linux/tables/interprocess.hpp>
#include <polyabi/linux/tables/memory.hpp>
#include <polyabi/linux/tables/obsolete.hpp>
#include <polyabi/linux/tables/paths.hpp>
#include <polyabi/linux/tables/processes.hpp>
#include <polyabi/linux/tables/signals.hpp>
#include <polyabi/linux/tables/sockets.hpp>
#include <polyabi/linux/tables/system.hpp>
#include <polyabi/linux/tables/times.hpp>

namespace polyabi::linux_abi {

struct syscalls : named<syscalls, concatenate<tables::file_calls, tables::path_calls, tables::process_calls, tables::memory_calls,
                                              tables::signal_calls, tables::time_calls, tables::event_calls,
                                              tables::direct_socket_calls, tables::interprocess_calls, tables::system_calls,
                                              tables::obsolete_calls>> {};

/// What both architectures share.
struct personality {
  static constexpr std::string_view name = "linux";
  static constexpr std::string_view emulation_root = "/compat/linux";
  using errors = linux_abi::errors;
  using signals = signal_numbers;
  template <class M>
  using addresses = linux_abi::addresses<M>;
  /// AT_FDCWD
  static constexpr i32 current_directory = -100;
  using syscalls = linux_abi::syscalls;
  static constexpr std::span<const brought> history = linux_abi::history;
  static constexpr std::string_view release_setting = system_identity::release_setting;
};

namespace detail {
/// What does not depend on the architecture's registers.
struct common_architecture {
  /// A call that a filter of the thread's refuses is not made.
  template <class Env>
  static bool intercept(typename Env::kernel::thread& thread, registers& frame, gate) {
    return handlers::seccomp::refuses<Env>(thread, frame);
  }

  template <class Env>
  static bool leave_core(typename Env::kernel::thread& thread, const native<typename Env::kernel, shape::siginfo>& details) {
    return linux_abi::leave_core<Env>(thread, details);
  }

  static constexpr brand_rules brand = brands::linux_images;
  using ioctl_encoding = linux_abi::ioctl_encoding;

  /// The child sees 0.
  template <class Env>
  static void child_registers(context<Env>&, registers& child) {
    child.rax = 0;
  }
};
} // namespace detail

struct x86_64 : detail::common_architecture {
  using model = lp64;
  static constexpr usize column = 0;
  static constexpr architecture arch = architecture::x86_64;
  static constexpr std::string_view platform = "x86_64";
  static constexpr u32 audit_architecture = audit_architectures::x86_64;
  static constexpr const trap_convention& convention = conventions::x86_64;

  template <class Env>
  static bool deliver_signal(typename Env::kernel::thread& thread, registers& frame,
                             const signal_delivery<typename Env::kernel>& what) {
    return linux_abi::deliver_signal<Env>(thread, frame, what);
  }
  static usize auxiliary_vector(const image_start& start, std::span<auxiliary_entry> out) {
    return auxiliary_vector_x86_64(start, out);
  }
  static void initial_registers(registers& r) { initial_registers_x86_64(r); }
  template <class K>
  static constexpr std::span<const pseudo_mount<K>> pseudo_mounts() {
    return linux_abi::pseudo_mounts<K>();
  }
};

struct i386 : detail::common_architecture {
  using model = ilp32_i386;
  static constexpr usize column = 1;
  static constexpr architecture arch = architecture::i386;
  static constexpr std::string_view platform = "i686";
  static constexpr u32 audit_architecture = audit_architectures::i386;
  static constexpr const trap_convention& convention = conventions::i386;

  template <class Env>
  static bool deliver_signal(typename Env::kernel::thread& thread, registers& frame,
                             const signal_delivery<typename Env::kernel>& what) {
    return linux_abi::deliver_signal<Env>(thread, frame, what);
  }
  static usize auxiliary_vector(const image_start& start, std::span<auxiliary_entry> out) {
    return auxiliary_vector_i386(start, out);
  }
  static void initial_registers(registers& r) { initial_registers_i386(r); }
  template <class K>
  static constexpr std::span<const pseudo_mount<K>> pseudo_mounts() {
    return linux_abi::pseudo_mounts<K>();
  }
};

} // namespace polyabi::linux_abi
