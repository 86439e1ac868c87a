// Constant propagation through one function: the registers and the stack's words before each instruction that is asked for.
#pragma once

#include "function_list.hpp"
#include "instruction.hpp"
#include "value.hpp"

#include <map>

namespace polyabi::check {

/// Registers by their number in instructions: rax 0, rcx 1, rdx 2, rbx 3, rsp 4, rbp 5, rsi 6, rdi 7, r8 to r15.
inline constexpr u8 stack_pointer = 4, frame_pointer = 5, register_count = 16;

/// Words of the stack by their distance from the stack pointer at the function's beginning, those that are known to be written.
class stack_words {
public:
  const value* find(i64 offset) const;
  void set(i64 offset, const value&);
  /// Widens each word by what another way knows. True if that changed anything.
  bool join(const stack_words&);
  bool operator==(const stack_words&) const = default;

private:
  struct word {
    i64 offset = 0;
    value what;
    bool operator==(const word&) const = default;
  };
  std::vector<word> words_; ///< by offset
};

struct machine_values {
  std::array<value, register_count> registers;
  stack_words stack;
  bool reached = false;

  bool operator==(const machine_values&) const = default;
  /// Widens this by what another way here knows. True if that changed anything.
  bool join(const machine_values&);

  /// The word so far above the present stack pointer.
  value stack_word(i64 offset, usize word_size) const;
};

class value_flow {
public:
  /// Reads the function. `is_go`: calls preserve no registers.
  value_flow(const elf_image&, const function_range&, bool is_go);

  /// The values before the instruction at this address; null if it was not reached or does not exist.
  const machine_values* before(u64 address) const;

private:
  struct step {
    instruction what;
    ZydisMnemonic mnemonic{};
    u8 operand_count = 0, visible_count = 0;
    u32 first_operand = 0;
  };
  struct block {
    u32 first = 0, last = 0; ///< steps [first, last)
    std::vector<u32> next;
    bool has_predecessor = false;
    bool leaves_indirectly = false;
    machine_values start;
  };

  void decode(const function_range&);
  void find_blocks(const function_range&);
  bool is_padding(const block&) const; ///< between functions and blocks: nothing goes there
  void propagate(std::vector<u32> work);
  void run();
  std::optional<u8> program_counter_thunk(const instruction& call) const;
  void apply(const step&, machine_values&) const;
  void apply_arithmetic(const step&, machine_values&) const;
  value read(const ZydisDecodedOperand&, const machine_values&, u64 next_address) const;
  void write(const ZydisDecodedOperand&, const value&, machine_values&, u64 next_address) const;
  value address_of(const ZydisDecodedOperand&, const machine_values&, u64 next_address) const;
  value narrowed(const value&, u16 bits) const;
  void push(const value&, machine_values&) const;
  value pop(machine_values&) const;
  const ZydisDecodedOperand& operand(const step& s, usize index) const { return operands_[s.first_operand + index]; }

  const elf_image& image_;
  const bool is_go_, wide_;
  const i64 word_;
  std::vector<step> steps_;
  std::vector<ZydisDecodedOperand> operands_;
  std::vector<block> blocks_;
  mutable std::map<u64, machine_values> asked_;
};

} // namespace polyabi::check
