// The layouts of signal frames against the headers of the system this is compiled on: for x86-64, and with -m32 for i386.
#include <polyabi/linux/signal_frame/layout.hpp>
#include <polyabi/linux/signal_frame/old_floating_point.hpp>

#include <stddef.h>

// The kernel's own headers, not the C library's: those have larger ucontexts.
#include <asm/sigcontext.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/ucontext.h>

namespace mine = polyabi::linux_abi;
using polyabi::layout;
using polyabi::offset_of;

#define SAME(type, member, real, real_member) static_assert(offset_of<type, member> == offsetof(real, real_member))
#define SAME_MEMBER(type, member, real, real_member) static_assert(offsetof(type, member) == offsetof(real, real_member))

// struct sigcontext_32 and _64 are there on both.
using wide = mine::sigcontext_x86_64;
static_assert(sizeof(wide) == sizeof(sigcontext_64));
SAME(wide, "r8", sigcontext_64, r8);
SAME(wide, "r15", sigcontext_64, r15);
SAME(wide, "rdi", sigcontext_64, di);
SAME(wide, "rsi", sigcontext_64, si);
SAME(wide, "rbp", sigcontext_64, bp);
SAME(wide, "rbx", sigcontext_64, bx);
SAME(wide, "rdx", sigcontext_64, dx);
SAME(wide, "rax", sigcontext_64, ax);
SAME(wide, "rcx", sigcontext_64, cx);
SAME(wide, "rsp", sigcontext_64, sp);
SAME(wide, "rip", sigcontext_64, ip);
SAME(wide, "eflags", sigcontext_64, flags);
SAME(wide, "cs", sigcontext_64, cs);
SAME(wide, "gs", sigcontext_64, gs);
SAME(wide, "fs", sigcontext_64, fs);
SAME(wide, "ss", sigcontext_64, ss);
SAME(wide, "err", sigcontext_64, err);
SAME(wide, "trapno", sigcontext_64, trapno);
SAME(wide, "oldmask", sigcontext_64, oldmask);
SAME(wide, "cr2", sigcontext_64, cr2);
SAME(wide, "fpstate", sigcontext_64, fpstate);

using narrow = mine::sigcontext_i386;
static_assert(sizeof(narrow) == sizeof(sigcontext_32));
SAME(narrow, "gs", sigcontext_32, gs);
SAME(narrow, "fs", sigcontext_32, fs);
SAME(narrow, "es", sigcontext_32, es);
SAME(narrow, "ds", sigcontext_32, ds);
SAME(narrow, "edi", sigcontext_32, di);
SAME(narrow, "esi", sigcontext_32, si);
SAME(narrow, "ebp", sigcontext_32, bp);
SAME(narrow, "esp", sigcontext_32, sp);
SAME(narrow, "ebx", sigcontext_32, bx);
SAME(narrow, "edx", sigcontext_32, dx);
SAME(narrow, "ecx", sigcontext_32, cx);
SAME(narrow, "eax", sigcontext_32, ax);
SAME(narrow, "trapno", sigcontext_32, trapno);
SAME(narrow, "err", sigcontext_32, err);
SAME(narrow, "eip", sigcontext_32, ip);
SAME(narrow, "cs", sigcontext_32, cs);
SAME(narrow, "eflags", sigcontext_32, flags);
SAME(narrow, "esp_at_signal", sigcontext_32, sp_at_signal);
SAME(narrow, "ss", sigcontext_32, ss);
SAME(narrow, "fpstate", sigcontext_32, fpstate);
SAME(narrow, "oldmask", sigcontext_32, oldmask);
SAME(narrow, "cr2", sigcontext_32, cr2);

using old = mine::old_floating_point;
SAME(old, "control", _fpstate_32, cw);
SAME(old, "tags", _fpstate_32, tag);
SAME(old, "code_segment", _fpstate_32, cssel);
SAME(old, "data_segment", _fpstate_32, datasel);
SAME(old, "st", _fpstate_32, _st);
SAME(old, "status_again", _fpstate_32, status);
SAME(old, "magic", _fpstate_32, magic);
static_assert(sizeof(old) == offsetof(_fpstate_32, _fxsr_env));
static_assert(sizeof(mine::frame_i386::unused_fpstate) == sizeof(_fpstate_32));

#ifdef __x86_64__
using model = polyabi::lp64;
using context = mine::ucontext<model, wide>;
#else
using model = polyabi::ilp32_i386;
using context = mine::ucontext<model, narrow>;
#endif
SAME(context, "flags", ucontext, uc_flags);
SAME(context, "link", ucontext, uc_link);
SAME(context, "stack", ucontext, uc_stack);
SAME(context, "mcontext", ucontext, uc_mcontext);
SAME(context, "sigmask", ucontext, uc_sigmask);
SAME(mine::frame_stack<model>, "sp", stack_t, ss_sp);
SAME(mine::frame_stack<model>, "flags", stack_t, ss_flags);
SAME(mine::frame_stack<model>, "size", stack_t, ss_size);

using info = mine::siginfo<model>;
static_assert(sizeof(info) == sizeof(siginfo_t));
SAME_MEMBER(info, signo, siginfo_t, si_signo);
SAME_MEMBER(info, error, siginfo_t, si_errno);
SAME_MEMBER(info, code, siginfo_t, si_code);
SAME_MEMBER(info, sender.pid, siginfo_t, si_pid);
SAME_MEMBER(info, sender.uid, siginfo_t, si_uid);
SAME_MEMBER(info, queued.value, siginfo_t, si_value);
SAME_MEMBER(info, timer.id, siginfo_t, si_tid);
SAME_MEMBER(info, timer.overrun, siginfo_t, si_overrun);
SAME_MEMBER(info, child.status, siginfo_t, si_status);
SAME_MEMBER(info, child.utime, siginfo_t, si_utime);
SAME_MEMBER(info, child.stime, siginfo_t, si_stime);
SAME_MEMBER(info, fault.address, siginfo_t, si_addr);
SAME_MEMBER(info, readiness.band, siginfo_t, si_band);
SAME_MEMBER(info, readiness.descriptor, siginfo_t, si_fd);
