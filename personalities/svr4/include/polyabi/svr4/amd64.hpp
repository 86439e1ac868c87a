// Solaris and illumos on amd64: registers, signals, the first stack.
#pragma once

#include <polyabi/svr4/amd64_signal_frame.hpp>
#include <polyabi/svr4/amd64_syscalls.hpp>
#include <polyabi/svr4/common_architecture.hpp>

namespace polyabi::svr4 {

struct amd64 : common_architecture {
  using model = lp64;
  static constexpr usize column = 0;
  static constexpr architecture arch = architecture::x86_64;
  static constexpr std::string_view platform = "i86pc";
  static constexpr const brand_rules& brand = brands::solaris_amd64_images;

  /// Errors by the carry flag; a second value in RDX.
  static constexpr trap_convention convention{
      .number = &registers::rax,
      .arguments = {&registers::rdi, &registers::rsi, &registers::rdx, &registers::r10, &registers::r8, &registers::r9},
      .result = &registers::rax,
      .second = &registers::rdx,
      .errors = error_style::carry};

  template <class Env>
  static bool deliver_signal(typename Env::kernel::thread& thread, registers& frame,
                             const signal_delivery<typename Env::kernel>& what) {
    return build_wide_signal_frame<Env>(thread, frame, what);
  }

  /// RDX is a function for atexit(3), or 0.
  static void initial_registers(registers& r) {
    r.rax = r.rbx = r.rcx = r.rdx = r.rsi = r.rdi = r.rbp = 0;
    r.r8 = r.r9 = r.r10 = r.r11 = r.r12 = r.r13 = r.r14 = r.r15 = 0;
    r.rflags = 0x202;
  }
};

} // namespace polyabi::svr4
