// What lies on the stack of a Linux signal handler: asm/sigcontext.h, asm-generic/ucontext.h and the kernel's own frames around
// them, which debuggers and unwinders know.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/linux/signal_frame/siginfo.hpp>

namespace polyabi::linux_abi {

// --- the interrupted registers: struct sigcontext

struct sigcontext_x86_64 {
  using M = lp64;
  M::u64 r8, r9, r10, r11, r12, r13, r14, r15;
  M::u64 rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags;
  M::u16 cs, gs, fs, ss;
  M::u64 err, trapno, oldmask, cr2;
  M::u64 fpstate; ///< 0: no floating-point state
  M::u64 reserved[8];
  POLYABI_FIELDS(sigcontext_x86_64, r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags, cs,
                 gs, fs, ss, err, trapno, oldmask, cr2, fpstate)
};
static_assert(layout<sigcontext_x86_64, 256>);
static_assert(at_offset<sigcontext_x86_64, "rip", 128> && at_offset<sigcontext_x86_64, "fpstate", 184>);

struct sigcontext_i386 {
  using M = ilp32_i386;
  M::u32 gs, fs, es, ds; ///< 16 bits each, with padding
  M::u32 edi, esi, ebp, esp, ebx, edx, ecx, eax, trapno, err, eip;
  M::u32 cs;
  M::u32 eflags, esp_at_signal;
  M::u32 ss;
  M::u32 fpstate;
  M::u32 oldmask, cr2;
  POLYABI_FIELDS(sigcontext_i386, gs, fs, es, ds, edi, esi, ebp, esp, ebx, edx, ecx, eax, trapno, err, eip, cs, eflags,
                 esp_at_signal, ss, fpstate, oldmask, cr2)
};
static_assert(layout<sigcontext_i386, 88>);
static_assert(at_offset<sigcontext_i386, "eip", 56> && at_offset<sigcontext_i386, "fpstate", 76>);

// --- stack_t as it lies in a ucontext

template <class M>
struct frame_stack {
  typename M::pointer sp;
  typename M::i32 flags;
  typename M::ulong size;
  POLYABI_FIELDS(frame_stack, sp, flags, size)
};
static_assert(layout<frame_stack<lp64>, 24> && layout<frame_stack<ilp32_i386>, 12>);

// --- struct ucontext

template <class M, class Context>
struct ucontext {
  typename M::ulong flags;
  typename M::pointer link;
  frame_stack<M> stack;
  Context mcontext;
  signal_set<typename M::ulong, 8 / M::word_size, signal_numbers> sigmask;
  POLYABI_FIELDS(ucontext, flags, link, stack, mcontext, sigmask)
};
static_assert(layout<ucontext<lp64, sigcontext_x86_64>, 304> && layout<ucontext<ilp32_i386, sigcontext_i386>, 116>);
static_assert(at_offset<ucontext<lp64, sigcontext_x86_64>, "sigmask", 296>);

namespace ucontext_flags {
inline constexpr u64 fp_xstate = 1; ///< the floating-point state is an XSAVE area
inline constexpr u64 sigcontext_ss = 2, strict_restore_ss = 4;
} // namespace ucontext_flags

// --- frames, from the address that the handler returns to upwards

struct rt_frame_x86_64 {
  lp64::u64 return_address;
  linux_abi::ucontext<lp64, sigcontext_x86_64> ucontext;
  linux_abi::siginfo<lp64> siginfo;
  POLYABI_FIELDS(rt_frame_x86_64, return_address, ucontext, siginfo)
};

struct rt_frame_i386 {
  using M = ilp32_i386;
  M::u32 return_address;
  M::i32 signo;
  M::u32 siginfo_address, ucontext_address;
  linux_abi::siginfo<M> siginfo;
  linux_abi::ucontext<M, sigcontext_i386> ucontext;
  M::u8 return_code[8];
  POLYABI_FIELDS(rt_frame_i386, return_address, signo, siginfo_address, ucontext_address, siginfo, ucontext, return_code)
};

/// Without SA_SIGINFO.
struct frame_i386 {
  using M = ilp32_i386;
  M::u32 return_address;
  M::i32 signo;
  sigcontext_i386 context;
  M::u8 unused_fpstate[624]; ///< once the floating-point state: it may lie anywhere now
  M::u32 extra_mask;         ///< signals 33 to 64; the first 32 are `context.oldmask`
  M::u8 return_code[8];
  POLYABI_FIELDS(frame_i386, return_address, signo, context, unused_fpstate, extra_mask, return_code)
};
static_assert(layout<rt_frame_x86_64, 440> && layout<rt_frame_i386, 268> && layout<frame_i386, 732>);

} // namespace polyabi::linux_abi
