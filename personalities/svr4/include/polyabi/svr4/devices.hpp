// /dev as System V has it, beside the kernel's own: the transports, each of whose opens is a new endpoint (the clone driver).
#pragma once

#include <polyabi/facilities/streams/open.hpp>
#include <polyabi/vfs/pseudo.hpp>

namespace polyabi::svr4 {

/// The clone driver's major number; its minor numbers are the drivers'.
inline constexpr u32 clone_major = 11;
namespace clone_minor {
inline constexpr u32 ticlts = 38, ticots = 39, ticotsord = 40;
}

template <class K>
struct device_tree {
  static constexpr pseudo_entry<K> entries[] = {
      pseudo::device<K>("ticlts", native_device<K>(clone_major, clone_minor::ticlts),
                        &streams::open_loopback<K, streams::ticlts>),
      pseudo::device<K>("ticots", native_device<K>(clone_major, clone_minor::ticots),
                        &streams::open_loopback<K, streams::ticots>),
      pseudo::device<K>("ticotsord", native_device<K>(clone_major, clone_minor::ticotsord),
                        &streams::open_loopback<K, streams::ticotsord>),
  };
  static constexpr pseudo_tree<K> tree{"dev", entries, true};
  static constexpr pseudo_mount<K> mounts[] = {{"/dev", &tree}};
};

/// A kernel without open files of facilities has no such devices.
template <class K>
constexpr std::span<const pseudo_mount<K>> pseudo_mounts() {
  if constexpr (provides<K, service::custom_files>() && provides<K, service::timers>() && provides<K, service::signals>())
    return device_tree<K>::mounts;
  else
    return {};
}

} // namespace polyabi::svr4
