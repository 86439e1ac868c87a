// The lengths of instructions, and where they begin: what turning a call site into a jump has to know.
// Source: Intel's manual, volume 2, chapter 2 and appendix A; a test compares every length with Zydis'.
#pragma once

#include <polyabi/core/types.hpp>

#include <span>

namespace polyabi::hosted {

/// What the processor takes code for: the same bytes are other instructions in each.
enum class code_kind : u8 { bits64, bits32 };

struct instruction {
  u32 length = 0;       ///< 0: none that is known
  bool movable = false; ///< does the same at any other address: no branch, nothing relative to itself, and known to be plain
};

/// Jumps by a distance from their ends, of four bytes and of one, and how long they are.
inline constexpr u8 jump_opcode = 0xe9, short_jump_opcode = 0xeb;
inline constexpr u32 jump_size = 5, short_jump_size = 2;

namespace instruction_set {

/// What follows an opcode.
enum : u16 {
  operands = 1,    ///< a ModRM byte, and what that announces
  byte = 2,        ///< an immediate byte
  full = 4,        ///< an immediate of the operand's size, four bytes at most
  wide = 8,        ///< the same, eight bytes with REX.W
  plain = 16,      ///< moves or computes, and does nothing else
  group_test = 32, ///< an immediate only if ModRM's middle is 0 or 1 (test)
  address = 64,    ///< an absolute address
  unknown = 128,   ///< no instruction, or one that compilers do not make
  two = 256,       ///< two bytes: a selector, or what a return takes from the stack
};

/// Those of 32-bit code that 64-bit code has not, or has for prefixes.
constexpr u16 of_one_byte_32(u32 opcode) {
  if (opcode < 0x40) return (opcode & 7) < 6 ? unknown : 0; // segment registers to and from the stack, decimal arithmetic
  if (opcode < 0x50) return plain;
  switch (opcode) {
  case 0x60:
  case 0x61: return 0;
  case 0x63: return operands;
  case 0x82: return operands | byte;
  case 0x9a:
  case 0xea: return full | two;
  default: return unknown;
  }
}

constexpr u16 of_one_byte(u32 opcode) {
  if (opcode < 0x40) {
    constexpr u16 arithmetic[8] = {operands | plain, operands | plain, operands | plain, operands | plain,
                                   byte | plain,     full | plain,     unknown,          unknown};
    return arithmetic[opcode & 7];
  }
  if (opcode < 0x50) return unknown; // a second REX prefix
  if (opcode < 0x60) return plain;
  if (opcode == 0x63) return operands | plain;
  if (opcode == 0x68) return full;
  if (opcode == 0x69) return operands | full | plain;
  if (opcode == 0x6a) return byte;
  if (opcode == 0x6b) return operands | byte | plain;
  if (opcode >= 0x6c && opcode < 0x70) return 0;
  if (opcode >= 0x70 && opcode < 0x80) return byte;
  if (opcode == 0x80 || opcode == 0x83) return operands | byte | plain;
  if (opcode == 0x81) return operands | full | plain;
  if (opcode >= 0x84 && opcode < 0x90) return opcode == 0x8f || opcode == 0x8c || opcode == 0x8e ? operands : operands | plain;
  if (opcode >= 0x90 && opcode < 0xa0) return opcode == 0x9a ? unknown : opcode == 0x90 ? plain : 0;
  if (opcode >= 0xa0 && opcode < 0xa4) return address;
  if (opcode == 0xa8) return byte | plain;
  if (opcode == 0xa9) return full | plain;
  if (opcode >= 0xa4 && opcode < 0xb0) return 0;
  if (opcode >= 0xb0 && opcode < 0xb8) return byte | plain;
  if (opcode >= 0xb8 && opcode < 0xc0) return wide | plain;
  if (opcode == 0xc0 || opcode == 0xc1 || opcode == 0xc6) return operands | byte | plain;
  if (opcode == 0xc7) return operands | full | plain;
  if (opcode == 0xc2) return two;
  if (opcode == 0xc3 || opcode == 0xc9 || opcode == 0xcc) return 0;
  if (opcode == 0xcd) return byte;
  if (opcode >= 0xd0 && opcode < 0xd4) return operands | plain;
  if (opcode >= 0xd8 && opcode < 0xe0) return operands;
  if (opcode >= 0xe0 && opcode < 0xe4) return byte;
  if (opcode == 0xe8 || opcode == 0xe9) return full;
  if (opcode == 0xeb) return byte;
  if (opcode == 0xf4 || opcode == 0xf5) return 0;
  if (opcode == 0xf6) return operands | byte | group_test | plain;
  if (opcode == 0xf7) return operands | full | group_test | plain;
  if (opcode >= 0xf8 && opcode < 0xfe) return 0;
  if (opcode >= 0xfe) return operands;
  return unknown;
}

/// After 0f, and in the first opcode map of VEX and EVEX.
constexpr u16 of_two_bytes(u32 opcode) {
  if (opcode == 0x05 || opcode == 0x0b || opcode == 0x31 || opcode == 0x77 || opcode == 0xa2) return 0;
  if (opcode == 0x0d || opcode == 0x01 || opcode == 0x18 || opcode == 0x1e) return operands;
  if (opcode >= 0x10 && opcode < 0x18) return operands | plain;
  if (opcode == 0x1f) return operands | plain;
  if (opcode >= 0x28 && opcode < 0x30) return operands | plain;
  if (opcode >= 0x40 && opcode < 0x50) return operands | plain;
  if (opcode >= 0x50 && opcode < 0x70) return operands | plain;
  if (opcode >= 0x70 && opcode < 0x74) return operands | byte;
  if (opcode >= 0x74 && opcode < 0x77) return operands;
  if (opcode >= 0x7c && opcode < 0x80) return operands | plain;
  if (opcode >= 0x80 && opcode < 0x90) return full;
  if (opcode >= 0x90 && opcode < 0xa0) return operands | plain;
  if (opcode == 0xa4 || opcode == 0xac || opcode == 0xba) return operands | byte | plain;
  if (opcode == 0xa3 || opcode == 0xa5 || opcode == 0xab || opcode == 0xad || opcode == 0xae) return operands;
  if (opcode >= 0xaf && opcode < 0xc2)
    return operands | (opcode == 0xb2 || opcode == 0xb4 || opcode == 0xb5 || opcode == 0xb9 ? 0 : plain);
  if (opcode == 0xc2 || opcode == 0xc4 || opcode == 0xc5 || opcode == 0xc6) return operands | byte;
  if (opcode == 0xc3 || opcode == 0xc7) return operands;
  if (opcode >= 0xc8 && opcode < 0xd0) return plain;
  if (opcode >= 0xd0) return operands;
  return unknown;
}

/// Reads on through the bytes of one instruction.
struct reader {
  std::span<const u8> code;
  usize at = 0;

  constexpr bool take(u32& value) {
    if (at >= code.size()) return false;
    value = code[at++];
    return true;
  }
};

/// What a ModRM byte announces: its middle, and whether an address is relative to the instruction.
constexpr bool take_operands(reader& from, u32& middle, bool& relative) {
  u32 modrm = 0;
  if (!from.take(modrm)) return false;
  const u32 mode = modrm >> 6, place = modrm & 7;
  middle = modrm >> 3 & 7;
  if (mode == 3) return true;
  u32 index = 0;
  if (place == 4 && !from.take(index)) return false;
  if (mode == 1) from.at += 1;
  if (mode == 2 || (mode == 0 && (place == 5 || (place == 4 && (index & 7) == 5)))) from.at += 4;
  if (mode == 0 && place == 5) relative = true;
  return true;
}

/// The rest of an instruction after a VEX or EVEX prefix's first byte.
constexpr bool take_vector(reader& from, u32 prefix, u16& kind) {
  u32 map = 1, opcode = 0, rest = 0;
  if (!from.take(rest)) return false;
  if (prefix != 0xc5) {
    map = prefix == 0xc4 ? rest & 0x1f : rest & 7;
    from.at += prefix == 0xc4 ? 1 : 2;
  }
  if (!from.take(opcode)) return false;
  if (map == 1)
    kind = static_cast<u16>(of_two_bytes(opcode) & ~plain);
  else if (map == 2)
    kind = operands;
  else if (map == 3)
    kind = operands | byte;
  else
    kind = unknown;
  return true;
}

} // namespace instruction_set

/// The instruction at the beginning of `code`.
constexpr instruction decode_instruction(std::span<const u8> code, code_kind of = code_kind::bits64) {
  namespace set = instruction_set;
  const bool is_32 = of == code_kind::bits32;
  set::reader from{code};
  bool half_operands = false, half_addresses = false, wide_operands = false, relative = false, prefixed = false;
  u32 opcode = 0;
  for (;; prefixed = true) {
    if (!from.take(opcode)) return {};
    if (opcode == 0x66)
      half_operands = true;
    else if (opcode == 0x67)
      half_addresses = true;
    else if (opcode != 0xf0 && opcode != 0xf2 && opcode != 0xf3 && opcode != 0x26 && opcode != 0x2e && opcode != 0x36 &&
             opcode != 0x3e && opcode != 0x64 && opcode != 0x65)
      break;
  }
  if (!is_32 && (opcode & 0xf0) == 0x40) {
    wide_operands = (opcode & 8) != 0;
    if (wide_operands) half_operands = false;
    if (!from.take(opcode)) return {};
  }
  u16 kind = 0;
  const bool maybe_vector = opcode == 0xc4 || opcode == 0xc5 || opcode == 0x62;
  // 32-bit code has other instructions there, whose operand is in memory.
  if (is_32 && maybe_vector && from.at < code.size() && code[from.at] < 0xc0) {
    kind = set::operands;
  } else if (maybe_vector) {
    if (!set::take_vector(from, opcode, kind)) return {};
  } else if (opcode == 0x0f) {
    if (!from.take(opcode)) return {};
    if (opcode == 0x38 || opcode == 0x3a) {
      kind = opcode == 0x38 ? set::operands : set::operands | set::byte;
      from.at += 1;
    } else {
      kind = set::of_two_bytes(opcode);
      if (opcode >= 0x80 && opcode < 0x90 && !is_32) half_operands = false; // branches
    }
  } else {
    kind = is_32 ? set::of_one_byte_32(opcode) : set::of_one_byte(opcode);
    if (is_32 && (kind & set::unknown) != 0) kind = set::of_one_byte(opcode);
    if (!is_32 && (opcode == 0xe8 || opcode == 0xe9)) half_operands = false;
  }
  if ((kind & set::unknown) != 0) return {};
  u32 middle = 0;
  if (is_32 && half_addresses && (kind & (set::operands | set::address)) != 0) return {}; // of 16 bits: no compiler's
  if ((kind & set::operands) != 0 && !set::take_operands(from, middle, relative)) return {};
  if (is_32) relative = false; // an address there
  if ((opcode == 0xc6 || opcode == 0xc7) && middle != 0) kind = static_cast<u16>(kind & ~set::plain); // transactions
  if ((kind & set::group_test) != 0 && middle > 1) kind = static_cast<u16>(kind & ~(set::byte | set::full));
  if ((kind & set::byte) != 0) from.at += 1;
  if ((kind & set::full) != 0) from.at += half_operands ? 2 : 4;
  if ((kind & set::wide) != 0) from.at += wide_operands ? 8 : half_operands ? 2 : 4;
  if ((kind & set::two) != 0) from.at += 2;
  if ((kind & set::address) != 0) from.at += is_32 || half_addresses ? 4 : 8;
  constexpr usize longest = 15;
  if (from.at > code.size() || from.at > longest) return {};
  const bool one_prefix = prefixed && from.at > longest - 4; // nothing that is padded out
  return {static_cast<u32>(from.at), (kind & set::plain) != 0 && !relative && !one_prefix};
}

/// So much code is enough for `last_instruction`.
inline constexpr usize code_window = 96;

/// The instruction that ends at the end of `code`, found by decoding from many places further up: where code is read from does
/// not matter after a few instructions, so all of them must agree. An empty answer: they do not, or `code` is too short.
constexpr instruction last_instruction(std::span<const u8> code, code_kind of = code_kind::bits64) {
  constexpr usize starts = 24, least_agreeing = 12, longest = 128;
  if (code.size() < starts + 24 || code.size() > longest) return {};
  instruction found{}, decoded[longest]{}; // they soon run along the same instructions
  bool is_decoded[longest]{};
  usize agreeing = 0;
  for (usize start = 0; start < starts; ++start) {
    instruction last{};
    usize at = start;
    while (at < code.size()) {
      if (!is_decoded[at]) decoded[at] = decode_instruction(code.subspan(at), of);
      is_decoded[at] = true;
      last = decoded[at];
      if (last.length == 0) break;
      at += last.length;
    }
    if (last.length == 0) continue; // began in the middle of something, or among data
    if (agreeing != 0 && last.length != found.length) return {};
    found = last;
    ++agreeing;
  }
  return agreeing >= least_agreeing ? found : instruction{};
}

} // namespace polyabi::hosted
