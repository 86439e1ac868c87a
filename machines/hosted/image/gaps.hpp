// Gaps in code: what fills the room before a function or a loop whose beginning is aligned, and is never run.
#pragma once

#include "instructions.hpp"

namespace polyabi::hosted {

/// How long the filler at the beginning of `code` is, 0 if there is none: an instruction that does nothing, or int3.
/// Source: what GNU as and LLVM make of `.p2align` in code; Intel's manual, volume 2, NOP.
constexpr usize filler_length(std::span<const u8> code) {
  if (code.empty()) return 0;
  if (code[0] == 0xcc) return 1;
  usize at = 0;
  while (at < code.size() && (code[at] == 0x66 || code[at] == 0x2e)) ++at;
  if (at + 1 >= code.size()) return at < code.size() && code[at] == 0x90 ? at + 1 : 0;
  const bool does_nothing = code[at] == 0x90 || (code[at] == 0x0f && code[at + 1] == 0x1f);
  return does_nothing ? decode_instruction(code).length : 0;
}

/// Whether nothing but filler is in `code`.
constexpr bool is_filler(std::span<const u8> code) {
  while (!code.empty()) {
    const usize length = filler_length(code);
    if (length == 0 || length > code.size()) return false;
    code = code.subspan(length);
  }
  return true;
}

/// Whether the next instruction is never run after this one: a return or a jump.
constexpr bool never_goes_on(std::span<const u8> instruction) {
  while (!instruction.empty() && (instruction[0] == 0xf2 || instruction[0] == 0xf3 || instruction[0] == 0x3e))
    instruction = instruction.subspan(1);
  if (instruction.empty()) return false;
  const u8 opcode = instruction[0];
  const bool jumps_through = opcode == 0xff && instruction.size() > 1 && (instruction[1] >> 3 & 7) == 4;
  return opcode == 0xc3 || opcode == jump_opcode || opcode == short_jump_opcode || jumps_through;
}

/// A place for `size` bytes in a gap, where a jump of two bytes at `from` can lead; `code.size()` if there is none. `code`
/// begins at an address of a multiple of 16.
constexpr usize find_gap(std::span<const u8> code, usize from, usize size) {
  constexpr usize alignment = 16, longest = 2 * alignment - 1, window = code_window;
  constexpr i64 reach_back = -128, reach = 127; // of a byte
  const i64 next = static_cast<i64>(from) + short_jump_size;
  for (usize end = (window / alignment + 1) * alignment; end <= code.size(); end += alignment) {
    for (usize begin = end - longest; begin + size <= end; ++begin) {
      const i64 distance = static_cast<i64>(begin) - next;
      if (begin < window || distance < reach_back || distance > reach) continue;
      if (!is_filler(code.subspan(begin, end - begin))) continue;
      const instruction last = last_instruction(code.subspan(begin - window, window));
      if (last.length != 0 && never_goes_on(code.subspan(begin - last.length, last.length))) return begin;
    }
  }
  return code.size();
}

} // namespace polyabi::hosted
