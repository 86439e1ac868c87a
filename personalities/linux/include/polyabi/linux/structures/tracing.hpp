// What ptrace(2) shows of a thread: asm/user_64.h, asm/user_32.h (struct user and its parts), linux/ptrace.h.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/fxsave.hpp>

namespace polyabi::linux_abi {

struct user_registers_x86_64 {
  using M = lp64;
  M::u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax, rip, cs, eflags, rsp, ss, fs_base,
      gs_base, ds, es, fs, gs;
  POLYABI_FIELDS(user_registers_x86_64, r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax, rip, cs,
                 eflags, rsp, ss, fs_base, gs_base, ds, es, fs, gs)
};
static_assert(layout<user_registers_x86_64, 216>);

struct user_registers_i386 {
  using M = ilp32_i386;
  M::u32 ebx, ecx, edx, esi, edi, ebp, eax, ds, es, fs, gs, orig_eax, eip, cs, eflags, esp, ss;
  POLYABI_FIELDS(user_registers_i386, ebx, ecx, edx, esi, edi, ebp, eax, ds, es, fs, gs, orig_eax, eip, cs, eflags, esp, ss)
};
static_assert(layout<user_registers_i386, 68>);

/// Offsets in struct user, by which PTRACE_PEEKUSER names a word.
struct user_area {
  u64 registers_size, debug_registers, size;
};
inline constexpr user_area user_area_x86_64{sizeof(user_registers_x86_64), 848, 912}, user_area_i386{sizeof(user_registers_i386), 252, 284};

/// struct ptrace_syscall_info. The tail is that of an entry or, shorter, that of an exit, or, with a filter's value, that of a stop at one.
struct traced_call_information {
  using M = lp64;
  M::u8 op;
  M::u8 padding[3];
  M::u32 arch;
  M::u64 instruction_pointer, stack_pointer;
  M::u64 words[7]; ///< number and arguments; or the result, and one byte that says whether it is an error
  M::u32 filter_value, rest;
  POLYABI_FIELDS(traced_call_information, op, padding, arch, instruction_pointer, stack_pointer, words, filter_value, rest)

  static constexpr u64 none_size = 24, exit_size = 33, entry_size = 80, filter_size = 84;
};
static_assert(layout<traced_call_information, 88>);

/// struct ptrace_peeksiginfo_args
struct pending_signals_wanted {
  using M = lp64;
  M::u64 from;
  M::u32 flags;
  M::i32 count;
  POLYABI_FIELDS(pending_signals_wanted, from, flags, count)

  static constexpr u32 of_process = 1; ///< PTRACE_PEEKSIGINFO_SHARED
};
static_assert(layout<pending_signals_wanted, 16>);

} // namespace polyabi::linux_abi
