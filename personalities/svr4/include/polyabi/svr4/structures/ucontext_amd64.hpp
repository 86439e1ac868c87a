// ucontext_t of amd64: registers and floating-point state (sys/ucontext.h, sys/regset.h and sys/mcontext.h of illumos, _LP64).
#pragma once

#include <polyabi/svr4/structures/ucontext.hpp>

namespace polyabi::svr4 {

/// Indices into gregset_t (REG_*). The bases of FS and GS are told, and not taken from a context.
enum class wide_greg : u8 {
  r15,
  r14,
  r13,
  r12,
  r11,
  r10,
  r9,
  r8,
  rdi,
  rsi,
  rbp,
  rbx,
  rdx,
  rcx,
  rax,
  trapno,
  err,
  rip,
  cs,
  rfl,
  rsp,
  ss,
  fs,
  gs,
  es,
  ds,
  fsbase,
  gsbase,
  count
};
static_assert(static_cast<int>(wide_greg::rip) == 17 && static_cast<int>(wide_greg::rsp) == 20);
static_assert(static_cast<int>(wide_greg::ds) == 25 && static_cast<int>(wide_greg::count) == 28);

/// fpregset_t: the FXSAVE image, and the status words at the time of the exception. Its alignment is 16.
template <>
struct fpregset<lp64> {
  u8 image[fxsave::size];
  lp64::u32 status, xstatus;
  lp64::u64 pad;
  POLYABI_FIELDS(fpregset, image, status, xstatus)
};
static_assert(layout<fpregset<lp64>, 528> && at_offset<fpregset<lp64>, "status", 512>);

template <>
struct ucontext<lp64> {
  lp64::ulong flags;
  lp64::pointer link;
  sigset<lp64> sigmask;
  sigstack<lp64> stack;
  lp64::ulong pad; ///< the registers are aligned to 16
  lp64::ulong gregs[static_cast<usize>(wide_greg::count)];
  fpregset<lp64> fpregs;
  lp64::ulong filler[5], more_pad;
  POLYABI_FIELDS(ucontext, flags, link, sigmask, stack, gregs, fpregs)
};
static_assert(layout<ucontext<lp64>, 864>);
static_assert(at_offset<ucontext<lp64>, "sigmask", 16> && at_offset<ucontext<lp64>, "stack", 32>);
static_assert(at_offset<ucontext<lp64>, "gregs", 64> && at_offset<ucontext<lp64>, "fpregs", 288>);

/// Where lwp_create(2) finds the new one's thread pointer.
inline u64 thread_pointer_of(const ucontext<lp64>& from) {
  return from.gregs[static_cast<usize>(wide_greg::fsbase)];
}

/// Where the processor's registers stand.
struct wide_register {
  wide_greg at;
  u64 registers::*of;
};
inline constexpr wide_register wide_registers[] = {
    {wide_greg::r15, &registers::r15}, {wide_greg::r14, &registers::r14}, {wide_greg::r13, &registers::r13},
    {wide_greg::r12, &registers::r12}, {wide_greg::r11, &registers::r11}, {wide_greg::r10, &registers::r10},
    {wide_greg::r9, &registers::r9},   {wide_greg::r8, &registers::r8},   {wide_greg::rdi, &registers::rdi},
    {wide_greg::rsi, &registers::rsi}, {wide_greg::rbp, &registers::rbp}, {wide_greg::rbx, &registers::rbx},
    {wide_greg::rdx, &registers::rdx}, {wide_greg::rcx, &registers::rcx}, {wide_greg::rax, &registers::rax},
    {wide_greg::rip, &registers::rip}, {wide_greg::rsp, &registers::rsp}};

inline void registers_to_context(registers& frame, ucontext<lp64>& to) {
  const auto put = [&](wide_greg which, u64 value) { to.gregs[static_cast<usize>(which)] = value; };
  for (const wide_register& r : wide_registers) put(r.at, frame.*r.of);
  put(wide_greg::rfl, frame.rflags);
  put(wide_greg::trapno, frame.trap_number);
  put(wide_greg::err, frame.trap_error);
  put(wide_greg::cs, frame.cs);
  put(wide_greg::ss, frame.ss);
  put(wide_greg::ds, frame.ds);
  put(wide_greg::es, frame.es);
  put(wide_greg::fs, frame.fs);
  put(wide_greg::gs, frame.gs);
  to.flags = to.flags | context_parts::cpu;
  if (frame.floating_point() == nullptr || frame.fpu_size < fxsave::size) return;
  __builtin_memcpy(to.fpregs.image, frame.fpu, sizeof to.fpregs.image);
  u16 status;
  __builtin_memcpy(&status, to.fpregs.image + 2, sizeof status);
  to.fpregs.status = status;
  to.flags = to.flags | context_parts::fpu;
}

/// Segment registers stay: 64-bit code has one of each.
inline void context_to_registers(const ucontext<lp64>& from, registers& frame) {
  if ((from.flags & context_parts::cpu) != 0) {
    for (const wide_register& r : wide_registers) frame.*r.of = from.gregs[static_cast<usize>(r.at)];
    const u64 flags = from.gregs[static_cast<usize>(wide_greg::rfl)];
    frame.rflags = (frame.rflags & ~u64{user_flags}) | (flags & user_flags);
  }
  if ((from.flags & context_parts::fpu) == 0 || frame.floating_point_to_change() == nullptr ||
      frame.fpu_size < fxsave::size)
    return;
  using namespace fxsave;
  auto* area = static_cast<u8*>(frame.fpu);
  u32 mxcsr;
  __builtin_memcpy(area, from.fpregs.image, mxcsr_at);
  __builtin_memcpy(&mxcsr, from.fpregs.image + mxcsr_at, sizeof mxcsr);
  mxcsr = loadable_mxcsr(area, mxcsr);
  __builtin_memcpy(area + mxcsr_at, &mxcsr, sizeof mxcsr);
  __builtin_memcpy(area + registers_at, from.fpregs.image + registers_at, state_size - registers_at);
}

} // namespace polyabi::svr4
