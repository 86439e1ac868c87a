/* ptrace(2): what a tracer sees and what it can change. Numbers of processes and addresses are not printed. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "traced.h"

static volatile long shared_word = 1;
static volatile sig_atomic_t handled;
static void handler(int signo) { handled = signo; }

static void answer(const char* what, long result) {
  if (result < 0) printf("%s: error %d\n", what, errno);
  else printf("%s: %ld\n", what, result);
}

static void get(pid_t child, struct user_regs_struct* r) {
  if (ptrace(PTRACE_GETREGS, child, 0, r) != 0) printf("GETREGS: error %d\n", errno);
}

/* --- system calls */
static void make_calls(void) {
  long first = syscall(SYS_getppid), second = syscall(SYS_getuid), third = syscall(SYS_gettid);
  long fourth = syscall(SYS_write, -1, "", 0);
  _exit(first == 4321 && second == -EPERM * 0 + 77 && third == -1 && fourth == -1 ? 5 : 6);
}

static void follow_calls(void) {
  pid_t child = traced_child(make_calls);
  wait_and_tell("beginning", child);
  answer("options", ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD));
  int inside = 0;
  for (int stops = 0; stops < 20; ++stops) {
    if (ptrace(PTRACE_SYSCALL, child, 0, 0) != 0) break;
    int status = 0;
    if (waitpid(child, &status, 0) != child) break;
    if (!WIFSTOPPED(status)) {
      tell("end", child, child, status);
      return;
    }
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
      tell("other", child, child, status);
      continue;
    }
    struct user_regs_struct r;
    get(child, &r);
    struct __ptrace_syscall_info info;
    memset(&info, 0, sizeof info);
    long size = ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info);
    siginfo_t details;
    ptrace(PTRACE_GETSIGINFO, child, 0, &details);
    inside = !inside;
    if (inside) printf("call %ld, %d of %ld bytes, number %ld, answer so far %ld, code %x\n", (long)r.NUMBER, info.op, size, (long)info.entry.nr, (long)r.RESULT, details.si_code);
    else printf("answer of %ld, %d of %ld bytes, error %d\n", (long)r.NUMBER, info.op, size, info.exit.is_error);
    if (inside && r.NUMBER == SYS_getuid) { /* not made */
      r.NUMBER = -1;
      r.RESULT = 77;
      answer("skip", ptrace(PTRACE_SETREGS, child, 0, &r));
    } else if (!inside && r.NUMBER == SYS_getppid) {
      r.RESULT = 4321;
      answer("another answer", ptrace(PTRACE_SETREGS, child, 0, &r));
    } else if (inside && r.NUMBER == SYS_gettid) { /* another one: close(-1) */
      answer("another number", ptrace(PTRACE_POKEUSER, child, offsetof(struct user, regs.NUMBER), SYS_close));
    }
  }
}

/* --- memory, steps, breakpoints */
extern const char step_start[], step_end[];
static void run_into_trap(void) {
#ifdef __x86_64__
  __asm__ volatile("int3\n.globl step_start, step_end\nstep_start: nop\n movl $7, %%ecx\n leaq (%%rcx), %%rdx\nstep_end: nop" ::: "rcx", "rdx");
#else
  __asm__ volatile("int3\n.globl step_start, step_end\nstep_start: nop\n movl $7, %%ecx\n leal (%%ecx), %%edx\nstep_end: nop" ::: "ecx", "edx");
#endif
  _exit(shared_word == 42 ? 3 : 4);
}

static void follow_steps(void) {
  pid_t child = traced_child(run_into_trap);
  wait_and_tell("before the trap", child);
  errno = 0;
  answer("word", ptrace(PTRACE_PEEKDATA, child, &shared_word, 0));
  answer("change", ptrace(PTRACE_POKEDATA, child, &shared_word, 42));
  errno = 0;
  ptrace(PTRACE_PEEKDATA, child, 8, 0);
  printf("no memory: error %d\n", errno);
  answer("no memory to write", ptrace(PTRACE_POKEDATA, child, 8, 1));
  answer("on", ptrace(PTRACE_CONT, child, 0, 0));
  wait_and_tell("trap", child);
  siginfo_t details;
  answer("details", ptrace(PTRACE_GETSIGINFO, child, 0, &details));
  printf("signal %d, code %x\n", details.si_signo, details.si_code);
  struct user_regs_struct r;
  for (int steps = 0; steps < 3; ++steps) {
    get(child, &r);
    printf("at %ld, flag %d\n", (long)(r.PLACE - (unsigned long)step_start), (int)(r.eflags >> 8 & 1));
    ptrace(PTRACE_SINGLESTEP, child, 0, 0);
    wait_and_tell("step", child);
    ptrace(PTRACE_GETSIGINFO, child, 0, &details);
    printf("code %x\n", details.si_code);
  }
  get(child, &r);
  printf("at the end: %d, ecx %ld\n", r.PLACE == (unsigned long)step_end, (long)(r.PLACE ? 7 : 0));
  /* A breakpoint in text that the program cannot write. */
  unsigned long text = ptrace(PTRACE_PEEKTEXT, child, step_end, 0);
  answer("breakpoint", ptrace(PTRACE_POKETEXT, child, step_end, (text & ~0xfful) | 0xcc));
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("at the breakpoint", child);
  answer("as it was", ptrace(PTRACE_POKETEXT, child, step_end, text));
  get(child, &r);
  printf("after it: %ld\n", (long)(r.PLACE - (unsigned long)step_end));
  r.PLACE -= 1;
  ptrace(PTRACE_SETREGS, child, 0, &r);
  struct user_fpregs_struct floating;
  answer("floating point", ptrace(PTRACE_GETFPREGS, child, 0, &floating));
  answer("and back", ptrace(PTRACE_SETFPREGS, child, 0, &floating));
  struct user_regs_struct again;
  struct iovec vector = {&again, sizeof again};
  answer("set of registers", ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &vector));
  printf("%d bytes, the same: %d\n", (int)(vector.iov_len - sizeof again), memcmp(&r, &again, sizeof r) == 0);
  answer("no such set", ptrace(PTRACE_GETREGSET, child, 0x12345, &vector));
  answer("beyond the area", ptrace(PTRACE_PEEKUSER, child, 100000, 0));
  answer("between words", ptrace(PTRACE_POKEUSER, child, 1, 0));
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("end", child);
}

/* --- signals */
static void take_signals(void) {
  signal(SIGUSR1, handler);
  signal(SIGUSR2, handler);
  raise(SIGUSR1);
  int first = handled;
  handled = 0;
  raise(SIGUSR1);
  int second = handled;
  raise(SIGTERM);
  raise(SIGWINCH);
  _exit(first == SIGUSR2 && second == 0 ? 8 : 9);
}

static void follow_signals(void) {
  pid_t child = traced_child(take_signals);
  wait_and_tell("beginning", child);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("first", child);
  answer("no signal", ptrace(PTRACE_CONT, child, 0, 1000));
  answer("another one", ptrace(PTRACE_CONT, child, 0, SIGUSR2));
  wait_and_tell("second", child);
  answer("none", ptrace(PTRACE_CONT, child, 0, 0));
  wait_and_tell("deadly", child);
  answer("none", ptrace(PTRACE_CONT, child, 0, 0));
  wait_and_tell("ignored", child);
  answer("runs", ptrace(PTRACE_CONT, child, 0, SIGWINCH));
  wait_and_tell("end", child);
  answer("is gone", ptrace(PTRACE_CONT, child, 0, 0));
  child = traced_child(take_signals);
  wait_and_tell("another", child);
  answer("killed", ptrace(PTRACE_KILL, child, 0, 0));
  wait_and_tell("end", child);
}

/* --- events */
static void* thread_body(void* nothing) { return nothing; }
static void make_others(void) {
  pid_t child = fork();
  if (child == 0) _exit(11);
  int status;
  while (waitpid(child, &status, 0) != child) continue;
  child = vfork();
  if (child == 0) _exit(12);
  while (waitpid(child, &status, 0) != child) continue;
  pthread_t thread;
  pthread_create(&thread, 0, thread_body, 0);
  pthread_join(thread, 0);
  char* arguments[] = {"/bin/true", 0};
  execve("/bin/true", arguments, arguments + 1);
  _exit(13);
}

static void follow_events(void) {
  pid_t child = traced_child(make_others);
  wait_and_tell("beginning", child);
  answer("no such option", ptrace(PTRACE_SETOPTIONS, child, 0, 0x40000000));
  answer("options", ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXIT));
  ptrace(PTRACE_CONT, child, 0, 0);
  int ends = 0;
  char of_first[2000] = "", of_others[2000] = "";
  for (;;) {
    int status = 0;
    pid_t got = waitpid(-1, &status, __WALL);
    if (got < 0) break;
    char* to = got == child ? of_first : of_others;
    char* at = to + strlen(to);
    if (!WIFSTOPPED(status)) {
      ++ends;
      if (got == child) sprintf(at, "ended with %x\n", status);
      continue;
    }
    int event = status >> 16, signo = WSTOPSIG(status);
    unsigned long message = 0;
    if (event != 0) ptrace(PTRACE_GETEVENTMSG, got, 0, &message);
    if (signo == SIGCHLD) signo = 0;
    else if (got == child) sprintf(at, "stop %d, event %s, message %ld\n", signo, event_name(event), event == PTRACE_EVENT_EXIT ? (long)message : (long)(message != 0) + (event == PTRACE_EVENT_EXEC && message != (unsigned long)child));
    ptrace(PTRACE_CONT, got, 0, signo == SIGSTOP || signo == SIGTRAP ? 0 : signo);
  }
  printf("%s%d ends\n", of_first, ends);
}

/* --- seizing, interrupting, group stops */
static void wait_for_ever(void) {
  for (;;) pause();
}

static void seize(void) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) wait_for_ever();
  answer("not traced", ptrace(PTRACE_CONT, child, 0, 0));
  answer("seize with an address", ptrace(PTRACE_SEIZE, child, 1, 0));
  answer("seize", ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_TRACESYSGOOD));
  answer("twice", ptrace(PTRACE_SEIZE, child, 0, 0));
  answer("while it runs", ptrace(PTRACE_CONT, child, 0, 0));
  answer("interrupt", ptrace(PTRACE_INTERRUPT, child, 0, 0));
  wait_and_tell("interrupted", child);
  answer("listen", ptrace(PTRACE_LISTEN, child, 0, 0));
  answer("while it listens", ptrace(PTRACE_CONT, child, 0, 0));
  answer("interrupt", ptrace(PTRACE_INTERRUPT, child, 0, 0));
  wait_and_tell("interrupted again", child);
  ptrace(PTRACE_CONT, child, 0, 0);
  kill(child, SIGSTOP);
  wait_and_tell("stop signal", child);
  ptrace(PTRACE_CONT, child, 0, SIGSTOP);
  wait_and_tell("group stop", child);
  ptrace(PTRACE_LISTEN, child, 0, 0);
  kill(child, SIGCONT);
  wait_and_tell("continued", child);
  ptrace(PTRACE_CONT, child, 0, 0);
  wait_and_tell("by this signal", child);
  answer("detach", ptrace(PTRACE_DETACH, child, 0, SIGKILL));
  wait_and_tell("end", child);

  child = fork();
  if (child == 0) wait_for_ever();
  answer("attach", ptrace(PTRACE_ATTACH, child, 0, 0));
  wait_and_tell("attached", child);
  answer("only of the seized", ptrace(PTRACE_INTERRUPT, child, 0, 0));
  answer("detach", ptrace(PTRACE_DETACH, child, 0, 0));
  answer("no more", ptrace(PTRACE_DETACH, child, 0, 0));
  kill(child, SIGTERM);
  wait_and_tell("end", child);
  answer("oneself", ptrace(PTRACE_ATTACH, getpid(), 0, 0));
  answer("nobody", ptrace(PTRACE_ATTACH, 0x7ffffff0, 0, 0));
  answer("no such request", ptrace((enum __ptrace_request)0x9999, child, 0, 0));
}

/* --- the tracer ends first; the parent waits for what another process traces */
static void lose_tracer(void) {
  for (int kills = 0; kills < 2; ++kills) {
    fflush(stdout);
    int ready[2];
    if (pipe(ready) != 0) return;
    pid_t child = fork();
    if (child == 0) wait_for_ever();
    pid_t tracer = fork();
    if (tracer == 0) {
      int status;
      int result = ptrace(PTRACE_SEIZE, child, 0, kills ? PTRACE_O_EXITKILL : 0);
      ptrace(PTRACE_INTERRUPT, child, 0, 0);
      waitpid(child, &status, __WALL);
      char byte = result == 0 && WIFSTOPPED(status);
      _exit(write(ready[1], &byte, 1) != 1);
    }
    char byte = 0;
    if (read(ready[0], &byte, 1) != 1) return;
    wait_and_tell("tracer", tracer);
    printf("traced: %d\n", byte);
    if (!kills) kill(child, SIGTERM);
    wait_and_tell("tracee", child);
    close(ready[0]);
    close(ready[1]);
  }
  fflush(stdout);
  int begins[2], traced[2];
  if (pipe(begins) != 0 || pipe(traced) != 0) return;
  pid_t child = fork();
  char byte = 0;
  if (child == 0) _exit(read(begins[0], &byte, 1) == 1 ? 21 : 22);
  pid_t tracer = fork();
  if (tracer == 0) {
    int status = 0;
    ptrace(PTRACE_SEIZE, child, 0, 0);
    if (write(traced[1], "", 1) != 1) _exit(1);
    pid_t got = waitpid(child, &status, __WALL);
    _exit(got == child && WIFEXITED(status) && WEXITSTATUS(status) == 21 ? 0 : 2);
  }
  if (read(traced[0], &byte, 1) != 1 || write(begins[1], "", 1) != 1) return;
  wait_and_tell("the parent's child", child);
  wait_and_tell("its tracer", tracer);
}

int main(void) {
  setvbuf(stdout, 0, _IOFBF, 65536);
  follow_calls();
  follow_steps();
  follow_signals();
  follow_events();
  seize();
  lose_tracer();
  return 0;
}
