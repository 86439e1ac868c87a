// Numbers of device nodes on a Linux host, in the reference kernel's form and back: a device that both have has the kernel's number.
#pragma once

#include <polyabi/linux/structures/devices.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference::linux_host {

/// Most files are no devices and have 0 as their number.
constexpr u64 node_of_host(u32 major, u32 minor) {
  return (major | minor) == 0 ? 0 : special_device_to_native<kernel, linux_abi::device_codec>(major, minor);
}

/// As the host's calls take it.
constexpr u64 node_for_host(u64 device) {
  u32 major = 0, minor = 0;
  special_device_to_foreign<kernel, linux_abi::device_codec>(device, major, minor);
  return linux_abi::device_codec::encode(major, minor);
}

} // namespace polyabi::reference::linux_host
