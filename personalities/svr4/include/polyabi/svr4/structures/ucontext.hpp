// ucontext_t of i386: registers and floating-point state (sys/ucontext.h, sys/regset.h, psABI i386 "signal delivery").
#pragma once

#include <polyabi/core/fxsave.hpp>
#include <polyabi/core/registers.hpp>
#include <polyabi/svr4/structures/signal.hpp>

namespace polyabi::svr4 {

/// Indices into gregset_t.
enum class greg : u8 { gs, fs, es, ds, edi, esi, ebp, esp, ebx, edx, ecx, eax, trapno, err, eip, cs, efl, uesp, ss, count };

/// fpregset_t as Solaris 9 and later fill it: the FNSAVE image, the status word at the time of the exception, and the SSE part.
/// The 16 bytes behind it are the rest of the older form.
template <class M>
struct fpregset {
  typename M::u32 control, status_word, tags, instruction, code_segment, operand, data_segment;
  u8 st[8][10];
  typename M::u32 status, mxcsr, xstatus, pad[2];
  u8 xmm[8][16];
  u8 tail[124];
  POLYABI_FIELDS(fpregset, control, status_word, tags, instruction, code_segment, operand, data_segment, st, status, mxcsr, xmm)
};
static_assert(layout<fpregset<ilp32_i386>, 380>);
static_assert(at_offset<fpregset<ilp32_i386>, "status", 108> && at_offset<fpregset<ilp32_i386>, "xmm", 128>);

template <class M>
struct ucontext {
  typename M::u32 flags;
  typename M::pointer link;
  sigset<M> sigmask;
  sigstack<M> stack;
  typename M::u32 gregs[static_cast<usize>(greg::count)];
  fpregset<M> fpregs;
  typename M::u32 filler[5];
  POLYABI_FIELDS(ucontext, flags, link, sigmask, stack, gregs, fpregs)
};
static_assert(layout<ucontext<ilp32_i386>, 512>);
static_assert(at_offset<ucontext<ilp32_i386>, "sigmask", 8> && at_offset<ucontext<ilp32_i386>, "stack", 24>);
static_assert(at_offset<ucontext<ilp32_i386>, "gregs", 36> && at_offset<ucontext<ilp32_i386>, "fpregs", 112>);

/// uc_flags: which parts are there.
namespace context_parts {
inline constexpr u32 sigmask = 1, stack = 2, cpu = 4, fpu = 8, all = 15;
}

/// The processor's x87 and SSE state: FXSAVE's layout, which a machine keeps, and FNSAVE's, which the ABI shows.
namespace floating_point {

/// FNSAVE's tag of a register that is in use: 0 valid, 1 zero, 2 special.
constexpr u32 tag_of(const u8* st) {
  u32 exponent = (u32{st[9]} << 8 | st[8]) & 0x7fff;
  bool zero_significand = true;
  for (usize i = 0; i < 8; ++i) zero_significand = zero_significand && st[i] == 0;
  if (exponent == 0x7fff) return 2;
  if (exponent == 0) return zero_significand ? 1 : 2;
  return (st[7] & 0x80) != 0 ? 0 : 2;
}

template <class M>
void to_foreign(const u8* area, fpregset<M>& out) {
  u16 control, status;
  u32 instruction, code, operand, data, mxcsr;
  __builtin_memcpy(&control, area, 2);
  __builtin_memcpy(&status, area + 2, 2);
  __builtin_memcpy(&instruction, area + 8, 4);
  __builtin_memcpy(&code, area + 12, 4);
  __builtin_memcpy(&operand, area + 16, 4);
  __builtin_memcpy(&data, area + 20, 4);
  __builtin_memcpy(&mxcsr, area + fxsave::mxcsr_at, 4);
  const u32 top = status >> 11 & 7;
  u32 tags = 0;
  // FXSAVE keeps one bit for each physical register; the registers themselves lie in stack order.
  for (u32 physical = 0; physical < 8; ++physical) {
    const bool used = (area[4] >> physical & 1) != 0;
    tags |= (used ? tag_of(area + 32 + 16 * ((physical - top) & 7)) : 3u) << (2 * physical);
  }
  out.control = 0xffff0000u | control;
  out.status_word = 0xffff0000u | status;
  out.tags = 0xffff0000u | tags;
  out.instruction = instruction;
  out.code_segment = code & 0xffff;
  out.operand = operand;
  out.data_segment = 0xffff0000u | (data & 0xffff);
  for (usize i = 0; i < 8; ++i) __builtin_memcpy(out.st[i], area + 32 + 16 * i, 10);
  out.status = status;
  out.xstatus = 0u;
  out.mxcsr = mxcsr;
  __builtin_memcpy(out.xmm, area + 160, sizeof out.xmm);
}

template <class M>
void to_native(const fpregset<M>& in, u8* area) {
  const auto control = static_cast<u16>(u32{in.control}), status = static_cast<u16>(u32{in.status_word});
  const u32 tags = in.tags, instruction = in.instruction, code = in.code_segment & 0xffffu, operand = in.operand,
            data = in.data_segment & 0xffffu;
  const u32 mxcsr = fxsave::loadable_mxcsr(area, in.mxcsr);
  u8 used = 0;
  for (u32 physical = 0; physical < 8; ++physical)
    if ((tags >> (2 * physical) & 3) != 3) used = static_cast<u8>(used | 1u << physical);
  __builtin_memcpy(area, &control, 2);
  __builtin_memcpy(area + 2, &status, 2);
  area[4] = used;
  area[5] = 0;
  __builtin_memcpy(area + 8, &instruction, 4);
  __builtin_memcpy(area + 12, &code, 4);
  __builtin_memcpy(area + 16, &operand, 4);
  __builtin_memcpy(area + 20, &data, 4);
  __builtin_memcpy(area + fxsave::mxcsr_at, &mxcsr, 4);
  for (usize i = 0; i < 8; ++i) {
    u8* const place = area + fxsave::registers_at + fxsave::register_step * i;
    __builtin_memset(place, 0, fxsave::register_step);
    __builtin_memcpy(place, in.st[i], 10);
  }
  __builtin_memcpy(area + fxsave::xmm_at, in.xmm, sizeof in.xmm);
}

} // namespace floating_point

/// The registers of a context that user code may not choose: privileged flags, and the code and stack segments of another mode.
inline constexpr u32 user_flags = 0x240dd5; ///< CF PF AF ZF SF TF DF OF AC ID

/// Where lwp_create(2) finds the new one's thread pointer.
inline u32 thread_pointer_of(const ucontext<ilp32_i386>& from) {
  return from.gregs[static_cast<usize>(greg::esp)];
}

template <class M>
void registers_to_context(registers& frame, ucontext<M>& to) {
  const auto put = [&](greg which, u64 value) { to.gregs[static_cast<usize>(which)] = static_cast<u32>(value); };
  put(greg::gs, frame.gs);
  put(greg::fs, frame.fs);
  put(greg::es, frame.es);
  put(greg::ds, frame.ds);
  put(greg::edi, frame.rdi);
  put(greg::esi, frame.rsi);
  put(greg::ebp, frame.rbp);
  put(greg::esp, frame.rsp);
  put(greg::ebx, frame.rbx);
  put(greg::edx, frame.rdx);
  put(greg::ecx, frame.rcx);
  put(greg::eax, frame.rax);
  put(greg::trapno, frame.trap_number);
  put(greg::err, frame.trap_error);
  put(greg::eip, frame.rip);
  put(greg::cs, frame.cs);
  put(greg::efl, frame.rflags);
  put(greg::uesp, frame.rsp);
  put(greg::ss, frame.ss);
  to.flags = u32{to.flags} | context_parts::cpu;
  if (frame.floating_point() != nullptr && frame.fpu_size >= fxsave::size) {
    floating_point::to_foreign(static_cast<const u8*>(frame.fpu), to.fpregs);
    to.flags = u32{to.flags} | context_parts::fpu;
  }
}

template <class M>
void context_to_registers(const ucontext<M>& from, registers& frame) {
  const auto get = [&](greg which) { return u64{static_cast<u32>(from.gregs[static_cast<usize>(which)])}; };
  if ((from.flags & context_parts::cpu) != 0) {
    frame.gs = static_cast<u16>(get(greg::gs));
    frame.fs = static_cast<u16>(get(greg::fs));
    frame.es = static_cast<u16>(get(greg::es));
    frame.ds = static_cast<u16>(get(greg::ds));
    frame.rdi = get(greg::edi);
    frame.rsi = get(greg::esi);
    frame.rbp = get(greg::ebp);
    frame.rbx = get(greg::ebx);
    frame.rdx = get(greg::edx);
    frame.rcx = get(greg::ecx);
    frame.rax = get(greg::eax);
    frame.rip = get(greg::eip);
    frame.rsp = get(greg::uesp);
    frame.rflags = (frame.rflags & ~u64{user_flags}) | (get(greg::efl) & user_flags);
  }
  if ((from.flags & context_parts::fpu) != 0 && frame.floating_point_to_change() != nullptr &&
      frame.fpu_size >= fxsave::size)
    floating_point::to_native(from.fpregs, static_cast<u8*>(frame.fpu));
}

} // namespace polyabi::svr4
