// Which system calls the functions of an image make: the numbers that reach kernel entries, through wrappers that take the
// number or an argument from their caller, over several levels and from image to image.
#pragma once

#include "code_graph.hpp"
#include "value_flow.hpp"

#include <functional>
#include <map>

namespace polyabi::check {

/// How a program tells its kernel what it wants: the personality's trap convention, in the numbers of registers.
struct entry_convention {
  u8 number_register = 0;
  std::array<u8, 6> argument_registers{};
  bool stack_arguments = false; ///< above the return address instead
};

/// What the analysis has to know of a system: nothing of it is stated here.
struct call_interest {
  entry_convention convention;
  std::function<bool(entry_gate)> is_gate; ///< whether this instruction is a call of the system in question
  /// The arguments (bits) whose constants matter for a call.
  std::function<u32(u64 number)> arguments;
};

/// A system call as one function makes it.
struct system_call {
  u32 function = 0;
  u64 address = 0; ///< of the kernel entry, or of the call of a wrapper
  entry_gate gate{};
  bool is_known = false; ///< `number` is
  bool is_guess = false; ///< by a call of some function whose address was taken, which may be the wrapper or not
  u64 number = 0;
  std::array<value, 6> arguments; ///< in the function's own terms
};

/// A function that leaves part of a call to its caller.
struct call_wrapper {
  value number;
  std::array<value, 6> arguments;
  u64 address = 0; ///< of the kernel entry
  entry_gate gate{};
  u8 level = 0;
};
using wrapper_list = std::vector<call_wrapper>;

class system_calls {
public:
  /// `imported` finds what an imported symbol wraps; null if nothing.
  system_calls(const code_graph&, const call_interest&, const std::function<const wrapper_list*(const symbol&)>& imported);

  std::vector<system_call> calls; ///< by function
  std::map<u32, wrapper_list> wrappers;
  bool has_taken_wrapper = false; ///< a function that takes the number is called through pointers

  std::span<const system_call> of(u32 function) const;

private:
  class search;
};

} // namespace polyabi::check
