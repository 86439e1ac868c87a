// Filters of calls (seccomp) and strict mode: what is refused and how, in threads and children too, printed so that two systems can
// be compared.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "tell.h"

#ifdef __x86_64__
#define THIS_ARCH AUDIT_ARCH_X86_64
#else
#define THIS_ARCH AUDIT_ARCH_I386
#endif

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define GIVE(answer) BPF_STMT(BPF_RET | BPF_K, answer)
#define IF_NOT(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped)

static long set_program(unsigned flags, struct sock_filter *program, size_t count) {
  const struct sock_fprog header = {(unsigned short)count, program};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &header);
}
#define SET(flags, program) set_program(flags, program, COUNT(program))

// The call gets this answer, all others are made.
static long set_answer(unsigned flags, int call, unsigned answer) {
  struct sock_filter program[] = {LOAD(nr), IF_NOT((unsigned)call, 1), GIVE(answer), GIVE(SECCOMP_RET_ALLOW)};
  return SET(flags, program);
}

static void no_privileges(void) {
  TELL(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  TELL(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

static void errors(void) {
  no_privileges();
  TELL(prctl(PR_GET_SECCOMP));
  TELL(set_answer(0, SYS_getuid, SECCOMP_RET_ERRNO | EBUSY));
  TELL(prctl(PR_GET_SECCOMP));
  TELL(syscall(SYS_getuid));
  TELL(syscall(SYS_getppid) == getppid());
  // The newest is asked first; what comes first in order wins, whoever says it.
  TELL(set_answer(0, SYS_getuid, SECCOMP_RET_ERRNO | ENXIO));
  TELL(syscall(SYS_getuid));
  TELL(set_answer(0, SYS_getuid, SECCOMP_RET_LOG));
  TELL(syscall(SYS_getuid));
  TELL(set_answer(0, SYS_getgid, SECCOMP_RET_ERRNO | 0xffff));
  TELL(syscall(SYS_getgid));
  TELL(set_answer(0, SYS_getsid, SECCOMP_RET_ERRNO));
  TELL(syscall(SYS_getsid, 0));
  TELL(set_answer(0, SYS_getpgrp, SECCOMP_RET_TRACE | 7));
  TELL(syscall(SYS_getpgrp));
  TELL(set_answer(SECCOMP_FILTER_FLAG_LOG, 100000, SECCOMP_RET_KILL));
  TELL(syscall(100001));
}

static void by_arguments(void) {
  no_privileges();
  struct sock_filter program[] = {
      LOAD(arch), IF_NOT(THIS_ARCH, 7), LOAD(nr), IF_NOT(SYS_lseek, 5), LOAD(args[0]), IF_NOT(77, 3),
      LOAD(args[1]), BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, SECCOMP_RET_ERRNO), BPF_STMT(BPF_RET | BPF_A, 0), GIVE(SECCOMP_RET_ALLOW)};
  TELL(SET(0, program));
  TELL(syscall(SYS_lseek, 77, EDOM, SEEK_SET));
  TELL(syscall(SYS_lseek, 78, EDOM, SEEK_SET));
}

static void arithmetic(void) {
  no_privileges();
  // ((args[1] * 3 - 2) ^ args[2]) / 2, by way of memory and the index register.
  struct sock_filter program[] = {LOAD(nr),
                                  IF_NOT(SYS_lseek, 14),
                                  LOAD(args[1]),
                                  BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 3),
                                  BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, 2),
                                  BPF_STMT(BPF_ST, 5),
                                  LOAD(args[2]),
                                  BPF_STMT(BPF_MISC | BPF_TAX, 0),
                                  BPF_STMT(BPF_LD | BPF_MEM, 5),
                                  BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
                                  BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),
                                  BPF_STMT(BPF_LDX | BPF_LEN, 0),
                                  BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 3, 0),
                                  BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),
                                  BPF_STMT(BPF_RET | BPF_A, 0),
                                  GIVE(SECCOMP_RET_ALLOW),
                                  GIVE(SECCOMP_RET_ALLOW)};
  TELL(SET(0, program));
  TELL(syscall(SYS_lseek, 99, 10, 3));
  TELL(syscall(SYS_lseek, 99, 1000, 3));
}

static volatile sig_atomic_t traps;
static siginfo_t last;
static void trapped(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  last = *info;
  ++traps;
}

static void trap(void) {
  no_privileges();
  const struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};
  sigaction(SIGSYS, &action, NULL);
  TELL(set_answer(0, SYS_getpgid, SECCOMP_RET_TRAP | 1234));
  TELL(syscall(SYS_getpgid, 0) == SYS_getpgid || errno != 0);
  printf("%d traps: code %d errno %d call %d arch %d address %d\n", (int)traps, last.si_code, last.si_errno,
         last.si_syscall == SYS_getpgid, last.si_arch == THIS_ARCH, last.si_call_addr != NULL);
  // Blocked, it cannot wait: it kills.
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  fflush(stdout);
  syscall(SYS_getpgid, 0);
  printf("not reached\n");
}

static void trap_without_handler(void) {
  no_privileges();
  TELL(set_answer(0, SYS_getpgid, SECCOMP_RET_TRAP));
  fflush(stdout);
  syscall(SYS_getpgid, 0);
}
static void kill_thread(void) {
  no_privileges();
  TELL(set_answer(0, SYS_getpgid, SECCOMP_RET_KILL_THREAD));
  fflush(stdout);
  syscall(SYS_getpgid, 0);
}
static void kill_process(void) {
  no_privileges();
  signal(SIGSYS, SIG_IGN);
  TELL(set_answer(0, SYS_getpgid, SECCOMP_RET_KILL_PROCESS));
  fflush(stdout);
  syscall(SYS_getpgid, 0);
}

static void *asks(void *unused) {
  (void)unused;
  syscall(SYS_getpgid, 0);
  return "not reached";
}
static void kill_one_of_two(void) {
  no_privileges();
  TELL(set_answer(0, SYS_getpgid, SECCOMP_RET_KILL_THREAD));
  pthread_t other;
  pthread_create(&other, NULL, asks, NULL);
  usleep(50000);
  printf("the other goes on\n");
}

static int ready[2], go[2];
static void *waits(void *filtered) {
  char byte = 0;
  if (filtered != NULL) TELL(set_answer(0, SYS_getppid, SECCOMP_RET_ERRNO | EIO));
  if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1) abort();
  TELL(syscall(SYS_getpgid, 0) == -1 ? errno : 0);
  return NULL;
}
static void all_threads(void) {
  no_privileges();
  for (int filtered = 0; filtered < 2; ++filtered) {
    char byte = 0;
    if (pipe(ready) != 0 || pipe(go) != 0) abort();
    pthread_t other;
    pthread_create(&other, NULL, waits, filtered ? &other : NULL);
    if (read(ready[0], &byte, 1) != 1) abort();
    const unsigned call = filtered ? SYS_getgid : SYS_getpgid;
    TELL(set_answer(SECCOMP_FILTER_FLAG_TSYNC, (int)call, SECCOMP_RET_ERRNO | EXDEV) > 0);
    TELL(set_answer(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH, (int)call, SECCOMP_RET_ERRNO | EXDEV));
    if (write(go[1], &byte, 1) != 1) abort();
    pthread_join(other, NULL);
  }
}

static void inherited(void) {
  no_privileges();
  TELL(set_answer(0, SYS_getpgid, SECCOMP_RET_ERRNO | EXDEV));
  fflush(stdout);
  if (fork() == 0) {
    TELL(syscall(SYS_getpgid, 0));
    fflush(stdout);
    char *const arguments[] = {"filters", "exec", NULL};
    execv("/proc/self/exe", arguments);
  }
  wait(NULL);
}

static void strict_reads(void) {
  int ends[2];
  char byte = 'x';
  if (pipe(ends) != 0) abort();
  TELL(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, &byte));
  TELL(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL));
  fflush(stdout);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL) != 0) _exit(9);
  if (write(ends[1], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1) syscall(SYS_exit, 8);
  syscall(SYS_exit, 5);
}
static void strict_kills(void) {
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(9);
  syscall(SYS_getpid);
}
static void strict_after_filter(void) {
  no_privileges();
  TELL(set_answer(0, 100000, SECCOMP_RET_KILL));
  TELL(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
}

static void refused_programs(void) {
  no_privileges();
  struct sock_filter ends_open[] = {LOAD(nr)};
  struct sock_filter far[] = {LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 5, 0), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter loops[] = {BPF_JUMP(BPF_JMP | BPF_JA, 0xffffffff, 0, 0), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter by_zero[] = {BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter modulo[] = {BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter shift[] = {BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter odd[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter beyond[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter bytes[] = {BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter not_stored[] = {BPF_STMT(BPF_LD | BPF_MEM, 3), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter no_word[] = {BPF_STMT(BPF_ST, 16), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter half_stored[] = {LOAD(nr), IF_NOT(1, 1), BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LD | BPF_MEM, 3), GIVE(SECCOMP_RET_ALLOW)};
  struct sock_filter index_answer[] = {BPF_STMT(BPF_RET | BPF_X, 0)};
  struct sock_filter unknown[] = {{0xffff, 0, 0, 0}, GIVE(SECCOMP_RET_ALLOW)};
  TELL(SET(0, ends_open));
  TELL(SET(0, far));
  TELL(SET(0, loops));
  TELL(SET(0, by_zero));
  TELL(SET(0, modulo));
  TELL(SET(0, shift));
  TELL(SET(0, odd));
  TELL(SET(0, beyond));
  TELL(SET(0, bytes));
  TELL(SET(0, not_stored));
  TELL(SET(0, no_word));
  TELL(SET(0, half_stored));
  TELL(SET(0, index_answer));
  TELL(SET(0, unknown));
  struct sock_filter good[] = {GIVE(SECCOMP_RET_ALLOW)};
  TELL(set_program(0, good, 0));
  TELL(set_program(0, good, 4097));
  TELL(set_program(0, NULL, 1));
  TELL(set_program(0, (struct sock_filter *)8, 1));
  TELL(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, 8));
  TELL(SET(1u << 20, good));
  TELL(prctl(PR_SET_SECCOMP, 3));
  TELL(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 8));
  // Not more than 32768 instructions in all.
  struct sock_filter *all_zero = malloc(4096 * sizeof *all_zero);
  for (int i = 0; i < 4096; ++i) all_zero[i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_IMM, 0);
  all_zero[4095] = good[0];
  for (int i = 0; i < 9; ++i) TELL(set_program(0, all_zero, 4096));
}

static void asking(void) {
  const unsigned actions[] = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO,
                              SECCOMP_RET_TRACE, SECCOMP_RET_LOG, SECCOMP_RET_ALLOW, 12345};
  for (size_t i = 0; i < COUNT(actions); ++i) TELL(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &actions[i]));
  TELL(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, 8));
  TELL(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, actions));
  struct seccomp_notif_sizes sizes = {0};
  TELL(syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes));
  printf("%u %u %u\n", sizes.seccomp_notif, sizes.seccomp_notif_resp, sizes.seccomp_data);
  TELL(syscall(SYS_seccomp, 99, 0, 0));
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "exec") == 0) {
    TELL(syscall(SYS_getpgid, 0));
    TELL(prctl(PR_GET_SECCOMP));
    return 0;
  }
  in_child("errors", errors);
  in_child("by arguments", by_arguments);
  in_child("arithmetic", arithmetic);
  in_child("trap", trap);
  in_child("trap without a handler", trap_without_handler);
  in_child("a thread is killed", kill_thread);
  in_child("a process is killed", kill_process);
  in_child("one of two threads is killed", kill_one_of_two);
  in_child("all threads", all_threads);
  in_child("inherited", inherited);
  in_child("strict", strict_reads);
  in_child("strict kills", strict_kills);
  in_child("strict after a filter", strict_after_filter);
  in_child("refused programs", refused_programs);
  in_child("asking", asking);
  return 0;
}
