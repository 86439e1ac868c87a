// Instructions as far as they lead somewhere: calls, jumps, addresses, kernel entries. Zydis decodes them.
#pragma once

#include "elf_image.hpp"

#include <Zydis/Zydis.h>

namespace polyabi::check {

enum class instruction_kind : u8 { other, call, jump, conditional, back, kernel_entry, trap };

/// The instructions that enter a kernel.
enum class entry_gate : u8 { none, syscall, sysenter, int80, vsyscall_gs, lcall7, lcall27, lcall0f, int91, intd2 };
std::string_view gate_name(entry_gate);

struct instruction {
  u64 address = 0;
  u8 length = 0;
  instruction_kind kind{};
  entry_gate gate{};
  bool has_target = false;         ///< of a direct call or jump
  bool through_memory = false;     ///< a call or jump through the word at `memory`
  bool has_memory = false;         ///< an operand at a constant address, or (i386) at a constant distance from a register
  bool memory_is_relative = false; ///< `memory` is such a distance
  bool has_immediate = false;
  u64 target = 0, memory = 0, immediate = 0;
  u64 end() const { return address + length; }
};

/// Decodes one instruction after the other.
class decoder {
public:
  /// `with_operands`: `operands` will be asked; it takes longer.
  explicit decoder(const elf_image&, bool with_operands = false);

  /// False if there is no instruction at this address.
  bool operator()(u64 address, instruction&);

  /// What the last decoding left, for those who need operands.
  const ZydisDecodedInstruction& raw() const { return raw_; }
  bool operands(ZydisDecodedOperand (&to)[ZYDIS_MAX_OPERAND_COUNT]) const;

private:
  const elf_image& image_;
  ZydisDecoder decoder_{};
  ZydisDecodedInstruction raw_{};
  ZydisDecoderContext context_{};
  const memory_range* range_ = nullptr;
};

} // namespace polyabi::check
