/* ptrace(2) and calls: filters that ask the tracer, calls that the tracer makes itself, signals that wait, thread-local descriptors, and
   tracees that are killed at their end. */
#define _GNU_SOURCE
#include "tell.h"
#include "traced.h"

#include <asm/ldt.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PTRACE_SYSEMU
#define PTRACE_SYSEMU 31
#define PTRACE_SYSEMU_SINGLESTEP 32
#endif
#define GET_AREA 25
#define SET_AREA 26

/* --- a filter that asks */
static void install(unsigned number, unsigned answer) {
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, answer),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog all = {sizeof program / sizeof program[0], program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all) != 0) _exit(98);
}

static void asks(void) {
  install(SYS_getppid, SECCOMP_RET_TRACE | 77);
  install(SYS_getpgid, SECCOMP_RET_ERRNO | 44);
  const pid_t self = getpid();
  const long made = syscall(SYS_getppid), skipped = syscall(SYS_getppid), another = syscall(SYS_getppid), refused = syscall(SYS_getppid);
  const int refused_by = errno;
  const long again = syscall(SYS_getppid);
  _exit(made != self && skipped == 321 && another == self && refused == -1 && refused_by == 44 && again > 0 ? 5 : 6);
}
static void asks_nobody(void) {
  install(SYS_getppid, SECCOMP_RET_TRACE | 77);
  const long result = syscall(SYS_getppid);
  _exit(result == -1 && errno == ENOSYS ? 7 : 8);
}

static void show_filter_stop(pid_t child) {
  unsigned long message = 0;
  struct user_regs_struct r;
  siginfo_t details;
  TELL(ptrace(PTRACE_GETEVENTMSG, child, 0, &message));
  ptrace(PTRACE_GETREGS, child, 0, &r);
  ptrace(PTRACE_GETSIGINFO, child, 0, &details);
  printf("message %lu, call %ld, answer so far %ld, code %x\n", message, (long)r.NUMBER, (long)r.RESULT, details.si_code);
  unsigned char bytes[88];
  memset(bytes, 0xee, sizeof bytes);
  const long size = ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof bytes, bytes);
  const struct __ptrace_syscall_info* info = (const void*)bytes;
  unsigned value;
  memcpy(&value, bytes + 80, sizeof value);
  printf("%ld bytes: kind %d, number %ld, value %u\n", size, info->op, (long)info->entry.nr, value);
}

static void set(pid_t child, long number, long result) {
  struct user_regs_struct r;
  ptrace(PTRACE_GETREGS, child, 0, &r);
  r.NUMBER = (unsigned long)number;
  r.RESULT = (unsigned long)result;
  TELL(ptrace(PTRACE_SETREGS, child, 0, &r));
}

static void filters(void) {
  pid_t child = traced_child(asks);
  wait_and_tell("beginning", child);
  TELL(ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD));
  for (int turn = 0; turn < 5; ++turn) {
    ptrace(PTRACE_CONT, child, 0, 0);
    wait_and_tell("filter", child);
    show_filter_stop(child);
    if (turn == 1) set(child, -1, 321);
    if (turn == 2) set(child, SYS_getpid, -ENOSYS);
    if (turn == 3) set(child, SYS_getpgid, -ENOSYS); /* which the other filter refuses */
    if (turn == 4) {
      ptrace(PTRACE_SYSCALL, child, 0, 0); /* the entry has been told: only the answer is left */
      wait_and_tell("answer", child);
    }
  }
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("end", child);

  child = traced_child(asks_nobody);
  wait_and_tell("beginning", child);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("a tracer that did not ask", child);
  fflush(stdout);
  if ((child = fork()) == 0) asks_nobody();
  wait_and_tell("no tracer", child);

  /* The entry comes before the filter. */
  child = traced_child(asks_nobody);
  wait_and_tell("beginning", child);
  ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD);
  for (int stops = 0, shown = 0; stops < 40 && shown < 3; ++stops) {
    int status;
    ptrace(PTRACE_SYSCALL, child, 0, 0);
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) break;
    struct user_regs_struct r;
    ptrace(PTRACE_GETREGS, child, 0, &r);
    if (r.NUMBER != SYS_getppid) continue;
    printf("stop by %d, event %d\n", WSTOPSIG(status), status >> 16);
    ++shown;
  }
  kill(child, SIGKILL);
  wait_and_tell("killed", child);

  /* In that stop it can be killed. */
  child = traced_child(asks_nobody);
  wait_and_tell("beginning", child);
  ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESECCOMP);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("filter", child);
  kill(child, SIGKILL);
  wait_and_tell("killed", child);
}

/* --- calls that the tracer makes */
static void calls_nothing(void) {
  const long first = syscall(SYS_getppid), second = syscall(12345, 1, 2, 3), third = syscall(SYS_getpgid, 0);
  const int error = errno;
  syscall(SYS_exit_group, first == 1234 && second == 5678 && third == -1 && error == ENOSYS ? 5 : 6);
  for (;;) {}
}

static void emulation(void) {
  pid_t child = traced_child(calls_nothing);
  wait_and_tell("beginning", child);
  TELL(ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD));
  for (int stops = 0; stops < 4; ++stops) {
    ptrace(PTRACE_SYSEMU, child, 0, 0);
    wait_and_tell("call", child);
    struct user_regs_struct r;
    ptrace(PTRACE_GETREGS, child, 0, &r);
    struct __ptrace_syscall_info info;
    const long size = ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info);
    printf("number %ld, answer so far %ld; kind %d of %ld bytes\n", (long)r.NUMBER, (long)r.RESULT, info.op, size < 80 ? size : 80);
    if (r.NUMBER == SYS_exit_group) break;
    if (stops < 2) {
      r.RESULT = stops == 0 ? 1234 : 5678;
      TELL(ptrace(PTRACE_SETREGS, child, 0, &r));
    }
  }
  /* This one, too, is not made; its end can be followed. */
  ptrace(PTRACE_SYSCALL, child, 0, 0);
  wait_and_tell("after", child);
  struct user_regs_struct r;
  ptrace(PTRACE_GETREGS, child, 0, &r);
  printf("answer %ld\n", (long)r.RESULT);
  ptrace(PTRACE_SYSEMU_SINGLESTEP, child, 0, 0);
  wait_and_tell("a step", child);
  kill(child, SIGKILL);
  wait_and_tell("killed", child);
}

/* --- signals that wait */
static void sends_itself(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  union sigval value;
  for (int i = 0; i < 3; ++i) {
    value.sival_int = 100 + i;
    sigqueue(getpid(), SIGRTMIN + i, value);
  }
  syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1);
  syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR2);
  __asm__ volatile("int3");
}

static void show_pending(pid_t child, struct __ptrace_peeksiginfo_args wanted) {
  siginfo_t got[4];
  memset(got, 0, sizeof got);
  const long count = ptrace(PTRACE_PEEKSIGINFO, child, &wanted, got);
  printf("from %d, at most %d, flags %u: %ld %s\n", (int)wanted.off, wanted.nr, wanted.flags, count, count < 0 ? error_name(errno) : "");
  for (long i = 0; i < count && i < 4; ++i)
    printf("  signal %d, code %d, value %d, from itself %d\n", got[i].si_signo, got[i].si_code, got[i].si_code == SI_QUEUE ? got[i].si_int : 0,
           got[i].si_pid == child);
}

static void waiting_signals(void) {
  pid_t child = traced_child(sends_itself);
  wait_and_tell("beginning", child);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("trap", child);
  show_pending(child, (struct __ptrace_peeksiginfo_args){0, 0, 4});
  show_pending(child, (struct __ptrace_peeksiginfo_args){0, 1, 4});
  show_pending(child, (struct __ptrace_peeksiginfo_args){1, 1, 1});
  show_pending(child, (struct __ptrace_peeksiginfo_args){3, 1, 1});
  show_pending(child, (struct __ptrace_peeksiginfo_args){0, 1, 0});
  show_pending(child, (struct __ptrace_peeksiginfo_args){0, 2, 1});
  show_pending(child, (struct __ptrace_peeksiginfo_args){0, 0, -1});
  show_pending(child, (struct __ptrace_peeksiginfo_args){1ull << 40, 0, 1});
  TELL(ptrace(PTRACE_PEEKSIGINFO, child, 8, 8));
  kill(child, SIGKILL);
  wait_and_tell("killed", child);
}

/* --- thread-local descriptors */
static void has_area(void) {
#ifdef __i386__
  struct user_desc area = {.entry_number = 13, .base_addr = 0x1000, .limit = 0xfff, .seg_32bit = 1, .useable = 1};
  syscall(SYS_set_thread_area, &area);
  raise(SIGSTOP);
  struct user_desc changed = {.entry_number = 13};
  syscall(SYS_get_thread_area, &changed);
  _exit(changed.base_addr == 0x3000 && changed.limit == 0x1ff ? 5 : 6);
#endif
}
static void areas(void) {
  pid_t child = traced_child(has_area);
  wait_and_tell("beginning", child);
#ifdef __i386__
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("with an area", child);
  struct user_desc area;
  memset(&area, 0, sizeof area);
  TELL(ptrace(GET_AREA, child, 13, &area));
  printf("entry %u, base %x, limit %x, 32 bits %d, usable %d\n", area.entry_number, area.base_addr, area.limit, area.seg_32bit, area.useable);
  area.base_addr = 0x3000;
  area.limit = 0x1ff;
  TELL(ptrace(SET_AREA, child, 13, &area));
  TELL(ptrace(GET_AREA, child, 13, &area));
  TELL(ptrace(GET_AREA, child, 11, &area));
  TELL(ptrace(GET_AREA, child, 15, &area));
  TELL(ptrace(GET_AREA, child, -1, &area));
  TELL(ptrace(GET_AREA, child, 13, 8));
  TELL(ptrace(SET_AREA, child, 13, 8));
#endif
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("end", child);
}

/* --- the end */
static void ends(void) { _exit(9); }
static void* thread_ends(void* argument) {
  syscall(SYS_exit, 7);
  return argument;
}
static void has_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, thread_ends, NULL);
  for (;;) pause();
}

static void killed_at_the_end(void) {
  pid_t child = traced_child(ends);
  wait_and_tell("beginning", child);
  ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACEEXIT);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("its end", child);
  /* It ends already. */
  TELL(kill(child, SIGKILL));
  usleep(20000);
  int status;
  TELL(waitpid(child, &status, WNOHANG));
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("ended", child);

  child = traced_child(has_thread);
  wait_and_tell("beginning", child);
  ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACEEXIT | PTRACE_O_TRACECLONE);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("a thread", child);
  unsigned long thread = 0;
  ptrace(PTRACE_GETEVENTMSG, child, 0, &thread);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("its beginning", (pid_t)thread);
  ptrace(PTRACE_CONT, (pid_t)thread, 0, 0);
  wait_and_tell("its end", (pid_t)thread);
  usleep(20000);
  TELL(kill(child, SIGKILL));
  wait_and_tell("the thread, killed", (pid_t)thread);
  wait_and_tell("the other's end", child);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("killed", child);
}

int main(void) {
  filters();
  emulation();
  waiting_signals();
  areas();
  killed_at_the_end();
  return 0;
}
