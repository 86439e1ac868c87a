// Types of files, as modes have them (include/uapi/linux/stat.h). A kernel's own modes have the same ones.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::linux_abi::mode_type {

inline constexpr u32 mask = 0170000, pipe = 0010000, directory = 0040000, block = 0060000, regular = 0100000;

/// Of what stat(2) tells.
template <class Status>
constexpr u32 of(const Status& status) {
  return static_cast<u32>(status.mode) & mask;
}

} // namespace polyabi::linux_abi::mode_type
