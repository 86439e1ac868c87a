// What a run showed: which calls were made, and what was asked for in vain. Filled by the tool; judged under the same policy as
// what the disassembly shows.
#pragma once

#include <polyabi/core/syscall_table.hpp>

#include <string>
#include <vector>

namespace polyabi::check {

/// A row of the support table that was called.
struct observed_call {
  std::string name; ///< as the support table has it: "ioctl.TCGETS"
  u64 number = 0;
  support level{};
  std::string reason;
  u64 count = 0, errors = 0;
};

/// Something that went through the one place where a kernel is told of what it does not support.
struct observed_lack {
  std::string call;
  std::string what; ///< "call", "faked", "number", "flags", "request", "option", ...
  u64 value = 0;
  std::string program;
  u64 count = 0;

  /// Whether it is the call as a whole, of which the row says all.
  bool is_whole_call() const { return what == "call" || what == "faked" || what == "number"; }
};

struct observed_run {
  std::string ending;   ///< "exited with 0", "killed by signal 11"
  bool is_whole = true; ///< it ended by itself
  std::vector<observed_call> calls;
  std::vector<observed_lack> lacks;
  u64 lost = 0; ///< more of them, for which there was no room
};

} // namespace polyabi::check
