// The registers of a tracee as ptrace(2) shows and sets them.
#pragma once

#include <polyabi/linux/signal_frame/common.hpp>
#include <polyabi/linux/structures/tracing.hpp>
#include <polyabi/linux/tracing_numbers.hpp>

namespace polyabi::linux_abi::handlers::detail {

/// What is shown beside the frame: the number of the call that the thread is in, and what it has for an answer so far.
struct shown_call {
  i64 number = -1, answer = 0;
};

template <class Tracee>
shown_call call_of(Tracee& of) {
  constexpr i64 nothing_yet = -38; // ENOSYS
  registers& r = of.frame();
  const bool is_32_bit = of.is_32_bit();
  const auto word = [&](u64 value) { return is_32_bit ? i64{static_cast<i32>(static_cast<u32>(value))} : static_cast<i64>(value); };
  switch (of.progress()) {
  case call_progress::none: return {-1, word(r.rax)};
  case call_progress::being_made: {
    const auto& stop = of.stop();
    if (stop.emulates) return {word(of.call_number()), word(stop.answer)};
    const bool sleeps = stop.event == trace_event::none || stop.event == trace_event::stop;
    return {word(of.call_number()), sleeps ? restart_answer : nothing_yet};
  }
  case call_progress::made: return {word(of.call_number()), of.restarts() ? restart_answer : word(r.rax)};
  }
  return {};
}

template <class Tracee>
void show(Tracee& of, user_registers_x86_64& to) {
  const registers& r = of.frame();
  const shown_call call = call_of(of);
  to = {};
  to.r15 = r.r15; to.r14 = r.r14; to.r13 = r.r13; to.r12 = r.r12; to.r11 = r.r11; to.r10 = r.r10; to.r9 = r.r9; to.r8 = r.r8;
  to.rbp = r.rbp; to.rbx = r.rbx; to.rcx = r.rcx; to.rdx = r.rdx; to.rsi = r.rsi; to.rdi = r.rdi; to.rsp = r.rsp; to.rip = r.rip;
  to.rax = static_cast<u64>(call.answer);
  to.orig_rax = static_cast<u64>(call.number);
  to.cs = r.cs; to.ss = r.ss; to.ds = r.ds; to.es = r.es; to.fs = r.fs; to.gs = r.gs;
  to.eflags = r.rflags;
  to.fs_base = of.stop().segments.bases[0];
  to.gs_base = of.stop().segments.bases[1];
}

template <class Tracee>
void show(Tracee& of, user_registers_i386& to) {
  const registers& r = of.frame();
  const shown_call call = call_of(of);
  const auto low = [](u64 value) { return static_cast<u32>(value); };
  to = {};
  to.ebx = low(r.rbx); to.ecx = low(r.rcx); to.edx = low(r.rdx); to.esi = low(r.rsi); to.edi = low(r.rdi); to.ebp = low(r.rbp);
  to.eax = low(static_cast<u64>(call.answer));
  to.orig_eax = low(static_cast<u64>(call.number));
  to.ds = r.ds; to.es = r.es; to.fs = r.fs; to.gs = r.gs; to.cs = r.cs; to.ss = r.ss;
  to.eip = low(r.rip); to.esp = low(r.rsp); to.eflags = low(r.rflags);
}

/// The call that the thread is in: another one, none with this answer, or the same again.
template <class Tracee>
void set_call(Tracee& of, registers& r, shown_call call) {
  if (of.progress() == call_progress::being_made) {
    if (!of.stop().entering) return;
    of.stop().skips_call = call.number < 0;
    of.stop().answer = static_cast<u64>(call.answer);
    r.rax = static_cast<u64>(call.number < 0 ? call.answer : call.number);
    return;
  }
  of.drop_restart();
  r.rax = static_cast<u64>(call.answer);
  if (call.number < 0 || !is_restart_answer(call.answer)) return;
  r.rax = static_cast<u64>(call.number);
  r.rip -= instruction_length(of.is_32_bit() ? gate::int80 : gate::syscall64);
}

/// A call in which the thread sleeps does not outlast a change of where it is.
template <class Tracee>
void settle(Tracee& of, const registers& before, shown_call call) {
  const registers& r = of.frame();
  const bool moved = before.rip != r.rip || before.rsp != r.rsp || call.number < 0;
  if (of.progress() == call_progress::being_made && !of.stop().entering && moved)
    of.leave_call(static_cast<u64>(call.answer));
}

inline u64 user_flags(const registers& r, u64 wanted) {
  return (r.rflags & ~frames::eflags::of_user) | (wanted & frames::eflags::of_user);
}

template <class Tracee>
void set(Tracee& of, const user_registers_x86_64& from) {
  registers& r = of.frame();
  const registers before = r;
  const shown_call call{static_cast<i64>(u64{from.orig_rax}), static_cast<i64>(u64{from.rax})};
  r.r15 = from.r15; r.r14 = from.r14; r.r13 = from.r13; r.r12 = from.r12; r.r11 = from.r11; r.r10 = from.r10; r.r9 = from.r9;
  r.r8 = from.r8; r.rbp = from.rbp; r.rbx = from.rbx; r.rcx = from.rcx; r.rdx = from.rdx; r.rsi = from.rsi; r.rdi = from.rdi;
  r.rsp = from.rsp; r.rip = from.rip;
  r.rflags = user_flags(r, from.eflags);
  set_call(of, r, call);
  settle(of, before, call);
  thread_segments& segments = of.stop().segments;
  if (segments.bases[0] == u64{from.fs_base} && segments.bases[1] == u64{from.gs_base}) return;
  segments.bases[0] = from.fs_base;
  segments.bases[1] = from.gs_base;
  segments.bases_changed = true;
}

template <class Tracee>
void set(Tracee& of, const user_registers_i386& from) {
  registers& r = of.frame();
  const registers before = r;
  const shown_call call{static_cast<i32>(u32{from.orig_eax}), static_cast<i32>(u32{from.eax})};
  r.rbx = u32{from.ebx}; r.rcx = u32{from.ecx}; r.rdx = u32{from.edx}; r.rsi = u32{from.esi}; r.rdi = u32{from.edi};
  r.rbp = u32{from.ebp}; r.rsp = u32{from.esp}; r.rip = u32{from.eip};
  r.rflags = user_flags(r, u32{from.eflags});
  set_call(of, r, call);
  settle(of, before, call);
}

} // namespace polyabi::linux_abi::handlers::detail
