// /dev as System V has it, beside the kernel's own: the transports, each of whose opens is a new endpoint (the clone driver). And
// where it and /proc are mounted.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/facilities/streams/open.hpp>
#include <polyabi/svr4/pseudo/process.hpp>
#include <polyabi/vfs/pseudo.hpp>

#include <array>

namespace polyabi::svr4 {

/// The clone driver's major number; its minor numbers are the drivers'.
inline constexpr u32 clone_major = 11;
namespace clone_minor {
inline constexpr u32 tcp = 35, udp = 36, ticlts = 38, ticots = 39, ticotsord = 40;
}

namespace detail {
template <class K, const streams::loopback_transport& Transport>
constexpr pseudo_entry<K> loopback_device(u32 minor) {
  return pseudo::device<K>(Transport.name, native_device<K>(clone_major, minor), &streams::open_loopback<K, Transport>);
}
template <class K, const streams::internet_transport& Transport>
constexpr pseudo_entry<K> internet_device(u32 minor) {
  return pseudo::device<K>(Transport.name, native_device<K>(clone_major, minor), &streams::open_internet<K, Transport>);
}
template <class K>
inline constexpr pseudo_entry<K> loopback_devices[] = {
    loopback_device<K, streams::ticlts>(clone_minor::ticlts),
    loopback_device<K, streams::ticots>(clone_minor::ticots),
    loopback_device<K, streams::ticotsord>(clone_minor::ticotsord),
};
template <class K>
struct internet_and_loopback {
  static constexpr pseudo_entry<K> entries[] = {
      loopback_devices<K>[0],
      loopback_devices<K>[1],
      loopback_devices<K>[2],
      internet_device<K, streams::tcp>(clone_minor::tcp),
      internet_device<K, streams::udp>(clone_minor::udp),
  };
};
template <class K>
constexpr std::span<const pseudo_entry<K>> devices() {
  if constexpr (streams::has_internet<K>()) return internet_and_loopback<K>::entries;
  else return loopback_devices<K>;
}
} // namespace detail

template <class K>
struct device_tree {
  static constexpr pseudo_tree<K> tree{"dev", detail::devices<K>(), true};
};

/// What is mounted under the emulation root; a kernel that cannot tell of processes has no /proc. It depends on the kernel
/// alone, so that a kernel may have it compiled once: `extern template struct svr4::pseudo_files<kernel>`.
template <class K>
struct pseudo_files {
  static constexpr bool tells_of_processes = polyabi::detail::provides_all<K, proc::needs>::value();
  static const std::array<pseudo_mount<K>, tells_of_processes ? 2 : 1> all;
};
template <class K>
constinit const std::array<pseudo_mount<K>, pseudo_files<K>::tells_of_processes ? 2 : 1> pseudo_files<K>::all = [] {
  constexpr pseudo_mount<K> devices{"/dev", &device_tree<K>::tree};
  if constexpr (tells_of_processes)
    return std::array{devices, pseudo_mount<K>{"/proc", &proc::files<K>::tree}};
  else
    return std::array{devices};
}();

/// A kernel without open files of facilities has none of them.
template <class K>
constexpr std::span<const pseudo_mount<K>> pseudo_mounts() {
  if constexpr (provides<K, service::custom_files>() && provides<K, service::timers>() && provides<K, service::signals>())
    return pseudo_files<K>::all;
  else
    return {};
}

} // namespace polyabi::svr4
