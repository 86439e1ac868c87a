// The instructions by which users enter a kernel, in their bytes.
#pragma once

#include <polyabi/core/registers.hpp>

#include <optional>
#include <span>

namespace polyabi {

/// Bytes of the longest.
inline constexpr usize longest_gate = 7;

/// The gate at the beginning of `code`. Only 32-bit code has calls of another segment; the processor ignores the offset of one
/// that goes to a call gate.
constexpr std::optional<gate> gate_at(std::span<const u8, longest_gate> code, bool is_32_bit) {
  if (code[0] == 0x0f && code[1] == 0x05 && !is_32_bit) return gate::syscall64;
  if (code[0] == 0xcd) { // int
    switch (code[1]) {
    case 0x80: return gate::int80;
    case 0x91: return gate::int91;
    case 0xd2: return gate::intd2;
    default: return {};
    }
  }
  if (code[0] != 0x9a || !is_32_bit) return {}; // lcall offset, selector
  switch (code[5] | u32{code[6]} << 8) {
  case 0x07: return gate::lcall7;
  case 0x0f: return gate::lcall0f;
  case 0x27: return gate::lcall27;
  default: return {};
  }
}

} // namespace polyabi
