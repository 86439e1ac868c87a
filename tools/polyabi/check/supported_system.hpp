// How a kernel supports a personality's calls, as the check needs it: rows of the support table, and what the personality says
// of how its programs ask. Filled by the tool from the tables; a test may fill its own.
#pragma once

#include "system_calls.hpp"

#include <polyabi/core/syscall_table.hpp>

#include <string>

namespace polyabi::check {

/// An argument whose constants can be judged: flags under a map, a value of an enumeration.
struct judged_argument {
  u8 word = 0;
  /// The part of a value that the kernel refuses or ignores; nothing if all is well.
  std::optional<u64> (*unsupported)(u64 value) = nullptr;
};

/// One row of the support table.
struct supported_call {
  u64 number = 0; ///< or the selector, for a call behind another one
  std::string name;
  support level{};
  std::string reason;
  std::vector<judged_argument> arguments;
  i8 selector = -1; ///< the argument that chooses a call behind this one
  u32 selector_mask = ~u32{0};
  std::vector<supported_call> selected;

  const supported_call* find_selected(u64 selector_value) const;
};

struct supported_system {
  std::string personality, arch, kernel;
  entry_convention convention;
  std::vector<entry_gate> gates;
  std::vector<supported_call> calls; ///< by number

  const supported_call* find(u64 number) const;
  call_interest interest() const;
};

} // namespace polyabi::check
