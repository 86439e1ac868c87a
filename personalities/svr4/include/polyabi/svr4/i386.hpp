// System V Release 4 on i386: gates, frames, signals, the first stack.
#pragma once

#include <polyabi/svr4/common_architecture.hpp>
#include <polyabi/svr4/handlers/time.hpp>
#include <polyabi/svr4/old_signal_frame.hpp>
#include <polyabi/svr4/signal_frame.hpp>
#include <polyabi/svr4/syscalls.hpp>

namespace polyabi::svr4 {

/// `int $0xd2`: EAX chooses, nothing is on the stack, nothing fails.
namespace fast_trap {
enum : u32 { null, getfp, setfp, gethrtime, gethrvtime, gethrestime, getlgrp };
}

struct i386 : common_architecture {
  using model = ilp32_i386;
  static constexpr usize column = 0;
  static constexpr architecture arch = architecture::i386;
  static constexpr std::string_view platform = "i86pc";
  static constexpr const brand_rules& brand = brands::svr4_images;

  /// Arguments above the return address; errors by the carry flag; a second value in EDX.
  static constexpr trap_convention convention{.number = &registers::rax,
                                              .stack_arguments = true,
                                              .result = &registers::rax,
                                              .second = &registers::rdx,
                                              .errors = error_style::carry};

  /// What stands before the table: fast traps, and numbers as the gates mean them. True if the call is done.
  template <class Env>
  static bool intercept(typename Env::kernel::thread& thread, registers& frame, gate through) {
    if (through == gate::intd2) {
      run_fast_trap<Env>(thread, frame);
      return true;
    }
    if (through == gate::lcall0f) {
      return_from_old_handler<Env>(thread, frame);
      return true;
    }
    u32 number = own_number<Env>(thread, static_cast<u32>(frame.rax) & 0xffff);
    if (through == gate::int91 || through == gate::lcall27) {
      using vector = vector_of<Env>;
      const u32 own = solaris_bank + number;
      if (own < vector::end && vector::entries[own] != &vector::unknown) number = own;
    }
    frame.rax = number;
    return false;
  }

  /// An indirect call's child goes on with the stack that the call itself would have had.
  template <class Env>
  static void child_registers(context<Env>& c, registers& child) {
    child.rsp = indirect::stack_pointer<Env>(c.frame);
    common_architecture::child_registers(c, child);
  }

  template <class Env>
  static bool deliver_signal(typename Env::kernel::thread& thread, registers& frame,
                             const signal_delivery<typename Env::kernel>& what) {
    return build_signal_frame<Env>(thread, frame, what);
  }

  /// EDX is a function for atexit(3), or 0. A new image begins with the processor's flags and registers clear.
  static void initial_registers(registers& r) {
    r.rax = r.rbx = r.rcx = r.rdx = r.rsi = r.rdi = r.rbp = 0;
    r.rflags = 0x202;
  }

private:
  /// Numbers count modulo 256, but for those that a variant has above, and XENIX' calls, which stand in the second byte above
  /// 0x28.
  template <class Env>
  static u32 own_number([[maybe_unused]] typename Env::kernel::thread& thread, u32 wide) {
    constexpr u32 xenix = 0x28;
    const u32 narrow = wide & 0xff;
    if (wide == narrow) return narrow;
    const auto* over = polyabi::detail::overlay_in_force<Env>(thread);
    if (over == nullptr) return narrow;
    return narrow == xenix || over->find(wide) != nullptr ? wide : narrow;
  }

  template <class Env>
  static void run_fast_trap(typename Env::kernel::thread& thread, registers& frame) {
    using K = typename Env::kernel;
    context<Env> c{thread, frame, "fast trap"sv};
    if constexpr (provides<K, op::clock_get>()) {
      const auto function = static_cast<u32>(frame.rax);
      if (function == fast_trap::gethrtime || function == fast_trap::gethrvtime || function == fast_trap::gethrestime) {
        const i32 which = function == fast_trap::gethrtime    ? native_number<K, clock::monotonic>
                          : function == fast_trap::gethrvtime ? native_number<K, clock::process_cputime_id>
                                                              : native_number<K, clock::realtime>;
        const auto now = static_cast<u64>(handlers::nanoseconds_of(c, which));
        frame.rax = function == fast_trap::gethrestime ? static_cast<u32>(now / 1'000'000'000) : static_cast<u32>(now);
        frame.rdx = function == fast_trap::gethrestime ? now % 1'000'000'000 : now >> 32;
        return;
      }
    }
    if (frame.rax == fast_trap::null || frame.rax == fast_trap::getlgrp) {
      frame.rax = frame.rdx = 0;
      return;
    }
    c.unsupported("fast trap"sv, frame.rax);
  }
};

} // namespace polyabi::svr4
