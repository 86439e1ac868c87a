// Signals.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/handlers/signalfd.hpp>
#include <polyabi/linux/handlers/signals.hpp>
#include <polyabi/linux/signal_frame.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

// clang-format off
using signal_calls = syscall_table<
    call<at{13, 174}, "rt_sigaction", status(signal_number, in_or_null<sigaction>, out_or_null<sigaction>, sigset_size),
         op::set_action>,
    call<at{14, 175}, "rt_sigprocmask", status(int_, in_or_null<sigset>, out_or_null<sigset>, sigset_size),
         handlers::sigprocmask>,
    call<at{15, 173}, "rt_sigreturn", registers_set(), rt_sigreturn>,
    call<at{127, 176}, "rt_sigpending", status(pointer<sigset>, size), handlers::rt_sigpending>,
    call<at{130, 179}, "rt_sigsuspend", status(in<sigset>, sigset_size), op::suspend>,
    call<at{128, 177}, "rt_sigtimedwait", count(in<sigset>, pointer<siginfo>, in_or_null<timespec>, sigset_size),
         handlers::sigtimedwait>,
    call<at{absent, 421}, "rt_sigtimedwait_time64", count(in<sigset>, pointer<siginfo>, in_or_null<timespec64>, sigset_size),
         handlers::sigtimedwait>,
    call<at{129, 178}, "rt_sigqueueinfo", status(pid, signal_number, pointer<siginfo>), handlers::sigqueueinfo>,
    call<at{297, 335}, "rt_tgsigqueueinfo", status(pid, pid, signal_number, pointer<siginfo>), handlers::tgsigqueueinfo>,
    call<at{131, 186}, "sigaltstack", status(in_or_null<sigstack>, out_or_null<sigstack>), op::alternate_stack>,
    call<at{62, 37}, "kill", status(pid, signal_number), op::kill>,
    call<at{200, 238}, "tkill", status(pid, signal_number), handlers::tkill>,
    call<at{234, 270}, "tgkill", status(pid, pid, signal_number), handlers::tgkill>,
    call<at{34, 29}, "pause", status(), handlers::pause>,
    call<at{absent, 119}, "sigreturn", registers_set(), sigreturn>,
    call<at{absent, 48}, "signal", word(signal_number, address), handlers::old_signal>,
    call<at{absent, 67}, "sigaction", status(signal_number, in_or_null<old_sigaction>, out_or_null<old_sigaction>),
         op::set_action>,
    call<at{absent, 126}, "sigprocmask", status(int_, in_or_null<old_sigset>, out_or_null<old_sigset>), handlers::sigprocmask>,
    call<at{absent, 73}, "sigpending", status(out<old_sigset>), op::pending>,
    call<at{absent, 72}, "sigsuspend", status(unused, unused, ulong), handlers::old_sigsuspend>,
    call<at{absent, 68}, "sgetmask", word(), handlers::sgetmask>,
    call<at{absent, 69}, "ssetmask", word(ulong), handlers::ssetmask>,
    call<at{282, 321}, "signalfd", fcntl_result(fd, pointer<sigset>, size, constant<u32{0}>), handlers::signalfd4>,
    call<at{289, 327}, "signalfd4", fcntl_result(fd, pointer<sigset>, size, flags<signalfd_flags>), handlers::signalfd4>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
