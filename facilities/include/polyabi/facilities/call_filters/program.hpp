// Programs of the Berkeley packet filter: McCanne and Jacobson, "The BSD Packet Filter" (USENIX, 1993); the numbers are those
// of net/bpf.h. A program is checked once and then runs over words of data, always to its end: it jumps only forwards.
#pragma once

#include <polyabi/core/scalar.hpp>

#include <span>

namespace polyabi::facilities {

/// One instruction. Of a jump, how many instructions are skipped if its condition holds, and if it does not.
struct filter_instruction {
  u16 code = 0;
  u8 if_true = 0, if_false = 0;
  u32 operand = 0;
};

namespace filter_code {
inline constexpr u16 load = 0, load_index = 1, store = 2, store_index = 3, arithmetic = 4, jump = 5, give = 6, move = 7,
                     class_bits = 7;
inline constexpr u16 immediate = 0, absolute = 0x20, memory = 0x60, length = 0x80; ///< of words: sizes are 0
inline constexpr u16 add = 0, subtract = 0x10, multiply = 0x20, divide = 0x30, or_ = 0x40, and_ = 0x50, shift_left = 0x60,
                     shift_right = 0x70, negate = 0x80, exclusive_or = 0xa0, operation_bits = 0xf0;
inline constexpr u16 always = 0, equal = 0x10, greater = 0x20, greater_or_equal = 0x30, any_bit = 0x40;
inline constexpr u16 index = 8; ///< the second operand is the index register
inline constexpr u16 accumulator = 0x10;
inline constexpr u16 to_index = 0, to_accumulator = 0x80;
} // namespace filter_code

inline constexpr u32 filter_memory_words = 16;
/// BPF_MAXINSNS
inline constexpr usize longest_filter = 4096;

namespace detail {

/// Whether an instruction alone is one that can run over `words` words of data.
constexpr bool is_sound(const filter_instruction& i, u32 words) {
  using namespace filter_code;
  const u16 rest = i.code & static_cast<u16>(~class_bits);
  switch (i.code & class_bits) {
  case load:
    if (rest == absolute) return i.operand % 4 == 0 && i.operand / 4 < words;
    [[fallthrough]];
  case load_index: return rest == immediate || rest == length || (rest == memory && i.operand < filter_memory_words);
  case store:
  case store_index: return rest == 0 && i.operand < filter_memory_words;
  case arithmetic:
    switch (rest & ~index) {
    case divide: return rest == (divide | index) || i.operand != 0;
    case shift_left:
    case shift_right: return (rest & index) != 0 || i.operand < 32;
    case negate: return rest == negate;
    case add:
    case subtract:
    case multiply:
    case or_:
    case and_:
    case exclusive_or: return true;
    default: return false;
    }
  case jump:
    switch (rest & ~index) {
    case always: return rest == always;
    case equal:
    case greater:
    case greater_or_equal:
    case any_bit: return true;
    default: return false;
    }
  case give: return rest == 0 || rest == accumulator;
  default: return rest == to_index || rest == to_accumulator;
  }
}

} // namespace detail

/// Whether a program can run over `words` words of data: every instruction is known, every jump stays inside, the last
/// instruction gives an answer, and no word of its memory is read before it was stored. `stored` is as long as the program:
/// room to work in.
constexpr bool is_sound_filter(std::span<const filter_instruction> program, u32 words, std::span<u16> stored) {
  using namespace filter_code;
  if (program.empty() || program.size() > longest_filter || (program.back().code & class_bits) != give) return false;
  // Which words are stored on every way that leads to an instruction.
  for (u16& at : stored) at = 0xffff;
  u16 now = 0;
  for (usize at = 0; at < program.size(); ++at) {
    const filter_instruction& i = program[at];
    if (!detail::is_sound(i, words)) return false;
    now &= stored[at];
    const usize left = program.size() - at - 1;
    const u16 kind = i.code & class_bits, bit = static_cast<u16>(1u << (i.operand % filter_memory_words));
    if (kind == store || kind == store_index) now |= bit;
    if ((kind == load || kind == load_index) && (i.code & ~class_bits) == memory && (now & bit) == 0) return false;
    if (kind != jump) continue;
    if ((i.code & operation_bits) == always) {
      if (i.operand >= left) return false;
      stored[at + 1 + i.operand] &= now;
    } else {
      if (i.if_true >= left || i.if_false >= left) return false;
      stored[at + 1 + i.if_true] &= now;
      stored[at + 1 + i.if_false] &= now;
    }
    now = 0xffff; // the next instruction is reached by jumps alone, which have told what they leave stored
  }
  return true;
}

/// The answer of a sound program. Division by zero ends it with 0.
constexpr u32 run_filter(std::span<const filter_instruction> program, std::span<const u32> data) {
  using namespace filter_code;
  u32 a = 0, x = 0, stored[filter_memory_words]{};
  for (usize at = 0; at < program.size(); ++at) {
    const filter_instruction& i = program[at];
    const u32 second = (i.code & index) != 0 ? x : i.operand;
    switch (i.code & class_bits) {
    case load:
    case load_index: {
      u32& to = (i.code & class_bits) == load ? a : x;
      switch (i.code & ~class_bits) {
      case absolute: to = data[i.operand / 4]; break;
      case memory: to = stored[i.operand]; break;
      case length: to = static_cast<u32>(data.size_bytes()); break;
      default: to = i.operand;
      }
      break;
    }
    case store: stored[i.operand] = a; break;
    case store_index: stored[i.operand] = x; break;
    case arithmetic:
      switch (i.code & operation_bits) {
      case add: a += second; break;
      case subtract: a -= second; break;
      case multiply: a *= second; break;
      case divide:
        if (second == 0) return 0;
        a /= second;
        break;
      case or_: a |= second; break;
      case and_: a &= second; break;
      case shift_left: a <<= second % 32; break;
      case shift_right: a >>= second % 32; break;
      case negate: a = 0 - a; break;
      default: a ^= second;
      }
      break;
    case jump: {
      bool holds = false;
      switch (i.code & operation_bits) {
      case always: at += i.operand; continue;
      case equal: holds = a == second; break;
      case greater: holds = a > second; break;
      case greater_or_equal: holds = a >= second; break;
      default: holds = (a & second) != 0;
      }
      at += holds ? i.if_true : i.if_false;
      break;
    }
    case give: return (i.code & accumulator) != 0 ? a : i.operand;
    default: ((i.code & to_accumulator) != 0 ? a : x) = (i.code & to_accumulator) != 0 ? x : a;
    }
  }
  return 0;
}

} // namespace polyabi::facilities
