// clone3 and the attributes of scheduling: what they answer, and what the children see.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tell.h"

// <linux/sched/types.h> and <sched.h> of older C libraries both have struct sched_param.
struct attributes {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
  uint32_t util_min, util_max;
};

static long clone3(struct clone_args *how, size_t size) {
  return syscall(SYS_clone3, how, size);
}

static void wrong(void) {
  struct clone_args how = {.exit_signal = SIGCHLD};
  TELL_OUTCOME(clone3(&how, 63));
  TELL_OUTCOME(clone3(&how, 4097));
  TELL_OUTCOME(clone3(NULL, sizeof how));
  char longer[sizeof how + 8];
  memset(longer, 0, sizeof longer);
  memcpy(longer, &how, sizeof how);
  longer[sizeof how + 3] = 1;
  TELL_OUTCOME(clone3((struct clone_args *)longer, sizeof longer));
  how.flags = SIGCHLD;
  TELL_OUTCOME(clone3(&how, sizeof how));
  how.flags = 0, how.exit_signal = 65;
  TELL_OUTCOME(clone3(&how, sizeof how));
  how.exit_signal = SIGCHLD, how.stack = 4096;
  TELL_OUTCOME(clone3(&how, sizeof how));
  how.stack = 0, how.stack_size = 4096;
  TELL_OUTCOME(clone3(&how, sizeof how));
  how.stack_size = 0, how.flags = CLONE_SIGHAND;
  TELL_OUTCOME(clone3(&how, sizeof how));
  how.flags = CLONE_THREAD;
  TELL_OUTCOME(clone3(&how, sizeof how));
  how.flags = 0, how.set_tid_size = 1;
  TELL_OUTCOME(clone3(&how, sizeof how));
}

static void children(void) {
  pid_t in_parent = 0, in_child = 0;
  struct clone_args how = {.flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID,
                           .exit_signal = SIGCHLD,
                           .parent_tid = (uintptr_t)&in_parent,
                           .child_tid = (uintptr_t)&in_child};
  const long child = clone3(&how, sizeof how);
  if (child == 0) _exit(in_child == getpid() ? 7 : 1);
  int status = 0;
  printf("waited %d\n", waitpid((pid_t)child, &status, 0) == child);
  printf("status %d, told %d\n", WEXITSTATUS(status), in_parent == child);
  // The first release's structure.
  struct clone_args first = {.exit_signal = SIGCHLD};
  const long second = clone3(&first, CLONE_ARGS_SIZE_VER0);
  if (second == 0) _exit(9);
  waitpid((pid_t)second, &status, 0);
  printf("status %d\n", WEXITSTATUS(status));
}

static void scheduling(void) {
  struct attributes a = {0};
  TELL_OUTCOME(syscall(SYS_sched_getattr, 0, &a, sizeof a, 0));
  printf("size %u policy %u nice %d priority %u\n", a.size, a.policy, a.nice, a.priority);
  TELL_OUTCOME(syscall(SYS_sched_getattr, 0, &a, 48, 0));
  printf("size %u\n", a.size);
  TELL_OUTCOME(syscall(SYS_sched_getattr, 0, &a, 47, 0));
  TELL_OUTCOME(syscall(SYS_sched_getattr, 0, &a, 4097, 0));
  TELL_OUTCOME(syscall(SYS_sched_getattr, 0, NULL, 48, 0));
  TELL_OUTCOME(syscall(SYS_sched_getattr, 0, &a, 48, 1));
  TELL_OUTCOME(syscall(SYS_sched_getattr, -1, &a, 48, 0));
  TELL_OUTCOME(syscall(SYS_sched_getattr, 0x3fffffff, &a, 48, 0));
  memset(&a, 0, sizeof a);
  a.size = 48, a.nice = 3;
  TELL_OUTCOME(syscall(SYS_sched_setattr, 0, &a, 0));
  printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
  a.size = 0, a.nice = 5;
  TELL_OUTCOME(syscall(SYS_sched_setattr, 0, &a, 0));
  printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
  a.size = 20;
  TELL_OUTCOME(syscall(SYS_sched_setattr, 0, &a, 0));
  a.size = 48, a.priority = 1;
  TELL_OUTCOME(syscall(SYS_sched_setattr, 0, &a, 0));
  a.priority = 0, a.policy = 77;
  TELL_OUTCOME(syscall(SYS_sched_setattr, 0, &a, 0));
  a.policy = 0;
  TELL_OUTCOME(syscall(SYS_sched_setattr, 0, &a, 1));
  TELL_OUTCOME(syscall(SYS_sched_setattr, -1, &a, 0));
  TELL_OUTCOME(syscall(SYS_sched_setattr, 0, NULL, 0));
}

static void by_directory(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d", getpid());
  const int self = open(path, O_RDONLY | O_DIRECTORY), proc = open("/proc", O_RDONLY | O_DIRECTORY);
  signal(SIGUSR1, SIG_IGN);
  TELL(syscall(SYS_pidfd_send_signal, self, SIGUSR1, NULL, 0));
  TELL(syscall(SYS_pidfd_send_signal, self, 0, NULL, 0));
  TELL(syscall(SYS_pidfd_send_signal, self, 65, NULL, 0));
  TELL(syscall(SYS_pidfd_send_signal, proc, SIGUSR1, NULL, 0));
  TELL(syscall(SYS_pidfd_send_signal, 0, SIGUSR1, NULL, 0));
  TELL(syscall(SYS_pidfd_send_signal, -1, SIGUSR1, NULL, 0));
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  snprintf(path, sizeof path, "/proc/%d", child);
  const int other = open(path, O_RDONLY | O_DIRECTORY);
  TELL(syscall(SYS_pidfd_send_signal, other, SIGTERM, NULL, 0));
  int status = 0;
  waitpid(child, &status, 0);
  printf("ended by %d\n", WTERMSIG(status));
  TELL(syscall(SYS_pidfd_send_signal, other, SIGTERM, NULL, 0));
  close(self), close(proc), close(other);
}

static volatile int meeting[4];
static void until(volatile int *word, int value) {
  while (*word != value) sched_yield();
}
static int in_same_memory(void *unused) {
  (void)unused;
  until(&meeting[0], 1); // the parent runs meanwhile
  meeting[1] = getpid();
  meeting[0] = 2;
  until(&meeting[0], 3);
  chdir("/");
  meeting[2] = open("/dev/null", O_RDONLY);
  return 5;
}
static int then_executes(void *unused) {
  (void)unused;
  meeting[0] = 4;
  execl("/bin/sh", "sh", "-c", "exit 6", (char *)NULL);
  return 1;
}
static int slowly(void *unused) {
  (void)unused;
  struct timespec while_the_parent_waits = {0, 50000000};
  nanosleep(&while_the_parent_waits, NULL);
  meeting[0] = 9;
  return write(meeting[3], "", 1) == 1 ? 7 : 8;
}

/// Processes that share memory and nothing else, and a parent that waits although nothing is shared.
static void with_shared_memory(void) {
  static char stack[1 << 16] __attribute__((aligned(64)));
  char before[4096], after[4096];
  int status = 0;
  getcwd(before, sizeof before);
  pid_t child = clone(in_same_memory, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
  printf("made %d\n", child > 0);
  meeting[0] = 1;
  until(&meeting[0], 2);
  printf("its pid is there %d\n", meeting[1] == child);
  meeting[0] = 3;
  TELL(waitpid(child, &status, 0) == child);
  TELL(status);
  TELL(strcmp(before, getcwd(after, sizeof after)));
  TELL(fcntl(meeting[2], F_GETFD));

  child = clone(then_executes, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
  TELL(waitpid(child, &status, 0) == child);
  TELL(status);
  TELL(meeting[0]);

  int ends[2];
  if (pipe2(ends, O_NONBLOCK) != 0) return;
  meeting[3] = ends[1];
  child = clone(slowly, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
  TELL(meeting[0]);
  TELL(waitpid(child, &status, 0) == child);
  child = clone(slowly, stack + sizeof stack, CLONE_VFORK | SIGCHLD, NULL);
  TELL(read(ends[0], before, sizeof before)); // both have ended
  TELL(waitpid(child, &status, 0) == child);
  TELL(status);
}

int main(void) {
  wrong();
  children();
  scheduling();
  by_directory();
  with_shared_memory();
  return 0;
}
