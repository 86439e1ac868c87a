// The kernel's entries: host signals. Syscall User Dispatch makes every system call instruction of the user a SIGSYS; call
// gates and software interrupts arrive as SIGSEGV at their instruction; faults as what they are; a kick from another thread as
// SIGURG.
#include "fast_entry.hpp"
#include "patching.hpp"
#include "protection.hpp"
#include "selectors.hpp"
#include "waiting.hpp"

namespace polyabi::hosted {

namespace trap = reference::trap;
namespace machine = reference::machine;
namespace native_signals = reference::signals;
namespace codes = reference::signal_codes;

namespace {

/// A gate at the instruction that faulted.
std::optional<gate> faulting_gate(const registers& r) {
  constexpr u32 general_protection = 13;
  u8 code[longest_gate] = {};
  if (r.trap_number != general_protection) return {};
  // The last instruction of a page may be a short one.
  if (!machine::copy_in(code, r.rip, sizeof code) && !machine::copy_in(code, r.rip, 2)) return {};
  const std::optional<gate> found = gate_at(code, r.cs != selector::user64);
  return found == gate::syscall64 || found == gate::int80 ? std::nullopt : found; // the host has these two
}

/// The codes of 1 to 8 mean the same on both sides; a fault without an address has the kernel's own code.
/// The host's and the kernel's codes of faults are the same, but for two of SIGFPE.
i32 native_code(i32 number, const host_siginfo& info) {
  if (number == host_signal::fpe && info.code == 1) return codes::fpe_intdiv;
  if (number == host_signal::fpe && info.code == 2) return codes::fpe_intovf;
  return info.code >= 1 && info.code <= 8 ? info.code : codes::kernel;
}

/// Where a fault was, in the program's addresses. Only a page fault speaks of a linear one.
u64 fault_address(const registers& r, const host_siginfo& info) {
  constexpr u32 page_fault = 14;
  return r.trap_number == page_fault ? info.address - host_address(0) : info.address;
}

i32 native_fault(i32 number, const registers& r) {
  constexpr u32 stack_fault = 12; // beyond the stack segment's limit; the host calls it a bus error
  if (r.trap_number == stack_fault) return native_signals::segv;
  switch (number) {
  case host_signal::segv: return native_signals::segv;
  case host_signal::bus: return native_signals::bus;
  case host_signal::fpe: return native_signals::fpe;
  case host_signal::trap: return native_signals::trap;
  default: return native_signals::ill;
  }
}

struct recovery_row {
  u64 instruction, label;
};
extern "C" [[gnu::visibility("hidden")]] const recovery_row image_recovery_start[], image_recovery_end[];

/// The host's vDSO, called by the kernel, has made a system call, which was dispatched: the host's clock is none that it can
/// read. It is made for it, and the kernel calls the host itself from now on.
bool answer_host_library(const host_siginfo& info, host_context& context) {
  if (context.rip < shared.host_library.start || context.rip >= shared.host_library.end) return false;
  shared.host_functions[static_cast<usize>(host_function::clock_gettime)] = 0;
  context.rax = static_cast<u64>(host_call(info.system_call, context.rdi, context.rsi, context.rdx));
  return true;
}

/// A fault of the kernel's own code: one of the user-memory routines, or a bug.
void kernel_fault(i32 number, const host_siginfo& info, host_context& context) {
  if (number == host_signal::segv || number == host_signal::bus)
    for (const recovery_row* row = image_recovery_start; row < image_recovery_end; ++row)
      if (row->instruction == context.rip) {
        context.rip = row->label;
        return;
      }
  if (number == host_signal::sys && answer_host_library(info, context)) return;
  const char* why = "unexpected signal in the kernel";
  switch (number) {
  case host_signal::segv: why = "segmentation fault in the kernel"; break;
  case host_signal::bus: why = "bus error in the kernel"; break;
  case host_signal::fpe: why = "arithmetic fault in the kernel"; break;
  case host_signal::ill: why = "illegal instruction in the kernel"; break;
  case host_signal::trap: why = "trap in the kernel"; break;
  case host_signal::sys: why = "the host forbids a call that the kernel needs"; break;
  }
  panic_with(why, __builtin_strlen(why), &context, info.address);
}

/// A call that the host has brought here.
void dispatch_call(thread& self, registers& r, gate which) {
  ++shared.counts.dispatched;
  patch_call_site(self, r, which);
  trap::system_call(self, r, which);
}

/// To a user nothing is where the kernel is, whatever the host has against it. These are bits of a page fault's error code.
bool hide_kernel(i32 number, const host_siginfo& info, registers& r) {
  constexpr u32 page_fault = 14, present = 1, closed_by_key = 32;
  if (number != host_signal::segv || r.trap_number != page_fault || info.address < kernel_base) return false;
  r.trap_error &= ~(present | closed_by_key);
  return true;
}

void dispatch(i32 number, const host_siginfo& info, thread& self, registers& r) {
  if (number == host_signal::urg) return trap::attention(self, r);
  if (number == host_signal::sys) {
    const gate which = info.machine == audit_arch_i386 ? gate::int80 : gate::syscall64;
    if (trap::is_gate(self, which)) return dispatch_call(self, r, which);
    r.rip -= instruction_length(which);
    return trap::user_fault(self, r, native_signals::segv, codes::kernel, 0);
  }
  if (number == host_signal::segv)
    if (const auto which = faulting_gate(r); which && trap::is_gate(self, *which)) {
      r.rip += instruction_length(*which);
      return dispatch_call(self, r, *which);
    }
  const i32 code = hide_kernel(number, info, r) ? codes::segv_maperr : native_code(number, info);
  trap::user_fault(self, r, native_fault(number, r), code, fault_address(r, info));
}

void handle_signal(i32 number, host_siginfo* info, host_context* context) {
  machine_state* state = own_state();
  if (state == nullptr || state->magic != machine_state::valid || state->stack_canary != machine_state::valid)
    panic_with("kernel stack overflow", 21, in_kernel_text(context->rip) ? context : nullptr, info->address);
  if (number == host_signal::urg && begin_again(*state, *context)) return;
  if (state->in_kernel || state->owner == nullptr) {
    if (number == host_signal::urg)
      leave_wait(*context);
    else
      kernel_fault(number, *info, *context);
    return;
  }
  undo_entry(*state, *context);
  state->in_kernel = true;
  state->fresh_floating_point = false;
  if (number != host_signal::sys) leave_stub(*context);
  state->context = context;
  registers r;
  load(*context, r);
  dispatch(number, *info, *state->owner, r);
  // The stack pointer may have moved to another host process (vfork, exec), never to another stack.
  store(*context, r, *state);
  state->fresh_floating_point = false;
  state->in_kernel = false;
}

} // namespace

extern "C" [[gnu::visibility("hidden")]] void image_handle_signal(i32 number, host_siginfo* info, host_context* context) {
  handle_signal(number, info, context);
}

u32 floating_point_size(const u8* area) {
  u32 magic, size;
  __builtin_memcpy(&magic, area + 464, sizeof magic);
  __builtin_memcpy(&size, area + 468, sizeof size);
  const u32 largest = shared.floating_point_size + 4; // it lies in the open, where users may write
  return magic != 0x46505853 ? 512 : size < largest ? size : largest;
}

void load(const host_context& c, registers& r) {
  r.rax = c.rax;
  r.rbx = c.rbx;
  r.rcx = c.rcx;
  r.rdx = c.rdx;
  r.rsi = c.rsi;
  r.rdi = c.rdi;
  r.rbp = c.rbp;
  r.rsp = c.rsp;
  r.r8 = c.r8;
  r.r9 = c.r9;
  r.r10 = c.r10;
  r.r11 = c.r11;
  r.r12 = c.r12;
  r.r13 = c.r13;
  r.r14 = c.r14;
  r.r15 = c.r15;
  r.rip = c.rip;
  r.rflags = c.rflags;
  r.cs = c.cs;
  r.ss = c.ss;
  set_selectors(r, loaded_selectors());
  r.trap_number = static_cast<u32>(c.trap);
  r.trap_error = static_cast<u32>(c.error);
  r.fault_address = c.cr2 - host_address(0);
  r.fpu = c.floating_point;
  r.fpu_size = c.floating_point != nullptr ? floating_point_size(c.floating_point) : 0;
  r.fpu_changed = false;
  r.save_floating_point = nullptr;
  if (c.cs != selector::user64) r.r8 = r.r9 = r.r10 = r.r11 = r.r12 = r.r13 = r.r14 = r.r15 = 0; // see compat_entry.S
}

/// The host restores no data selectors. What the processor refuses stays as it is: 32-bit code without its data segment faults.
void store(host_context& c, const registers& r, machine_state& state) {
  c.rax = r.rax;
  c.rbx = r.rbx;
  c.rcx = r.rcx;
  c.rdx = r.rdx;
  c.rsi = r.rsi;
  c.rdi = r.rdi;
  c.rbp = r.rbp;
  c.rsp = r.rsp;
  c.r8 = r.r8;
  c.r9 = r.r9;
  c.r10 = r.r10;
  c.r11 = r.r11;
  c.r12 = r.r12;
  c.r13 = r.r13;
  c.r14 = r.r14;
  c.r15 = r.cs == selector::user64 ? r.r15 : word(&state); // see compat_entry.S
  c.rip = r.rip;
  c.rflags = r.rflags;
  c.cs = r.cs;
  c.ss = r.ss;
  c.flags |= context_has_ss | context_strict_ss;
  const data_selectors now = loaded_selectors();
  if (r.ds != now.ds || r.es != now.es) (void)image_load_data_selectors(r.ds, r.es);
  if (r.fs != now.fs) (void)image_load_fs(r.fs);
  if (r.gs != now.gs) (void)image_load_gs(r.gs);
  // Loading a selector loads a base, too.
  if (r.cs == selector::user64 && !state.user_has_gs_base) settle_gs_base(state);
  if (state.fresh_floating_point) c.floating_point = nullptr;
  set_rights(c, state.closed_rights);
}

void install_handlers() {
  // Faults nest (a call gate whose bytes cannot be read, a user address in a fault's own handling), and so does a call that the
  // host's vDSO makes; nothing else does.
  constexpr u64 synchronous = host_signal::bit(host_signal::segv) | host_signal::bit(host_signal::bus) |
                              host_signal::bit(host_signal::fpe) | host_signal::bit(host_signal::ill) |
                              host_signal::bit(host_signal::trap) | host_signal::bit(host_signal::sys);
  const host_sigaction handle{reinterpret_cast<u64>(is_protected() ? &image_protected_signal_entry : &image_signal_entry),
                              host_signal::flag_siginfo | host_signal::flag_onstack | host_signal::flag_restorer |
                                  host_signal::flag_nodefer,
                              reinterpret_cast<u64>(&image_signal_return), ~synchronous};
  for (i32 number : {host_signal::sys, host_signal::segv, host_signal::bus, host_signal::fpe, host_signal::ill,
                     host_signal::trap, host_signal::urg})
    host_call(call::sigaction, word(number), word(&handle), 0, 8);
  // Writing to a closed pipe or beyond the file size limit is an error to the kernel, which raises its own signals.
  const host_sigaction ignore{host_signal::ignore, host_signal::flag_restorer, reinterpret_cast<u64>(&image_signal_return), 0};
  for (i32 number : {host_signal::pipe, host_signal::xfsz}) host_call(call::sigaction, word(number), word(&ignore), 0, 8);
}

} // namespace polyabi::hosted
