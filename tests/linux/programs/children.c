// What clone and clone3 give a child and its parent beside the usual: a descriptor, default handlers, another signal at the end; and how
// waits tell such children apart.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tell.h"

#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif
struct arguments {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
} __attribute__((aligned(8)));

static long make(struct arguments how) {
  fflush(stdout);
  const long child = syscall(SYS_clone3, &how, sizeof how);
  if (child == 0) _exit(0);
  return child;
}
/// Of a child that ends at once: whether it was there to be waited for.
static long made(struct arguments how) {
  const long child = make(how);
  return child > 0 ? waitpid((pid_t)child, NULL, __WALL) == child : child;
}
static long made_before(unsigned long flags) {
  fflush(stdout);
  const long child = syscall(SYS_clone, flags, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  return child > 0 ? waitpid((pid_t)child, NULL, __WALL) == child : child;
}

static void refused(void) {
  int descriptor = -1;
  TELL(made((struct arguments){.flags = CLONE_FS | CLONE_NEWNS, .exit_signal = SIGCHLD}));
  TELL(made((struct arguments){.flags = CLONE_FS | CLONE_NEWUSER, .exit_signal = SIGCHLD}));
  TELL(made((struct arguments){.flags = 1ULL << 40, .exit_signal = SIGCHLD}));
  TELL(made((struct arguments){.flags = CLONE_CLEAR_SIGHAND | CLONE_SIGHAND | CLONE_VM, .exit_signal = SIGCHLD}));
  TELL(made((struct arguments){.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = 999}));
  TELL(made((struct arguments){.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = 0x1ffffffffULL}));
  TELL(made((struct arguments){.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&descriptor, .set_tid_size = 33}));
  TELL(made((struct arguments){.flags = CLONE_PIDFD, .exit_signal = SIGCHLD, .pidfd = 8}));
  TELL(made((struct arguments){.flags = CLONE_PIDFD | CLONE_PARENT_SETTID,
                               .exit_signal = SIGCHLD,
                               .pidfd = (uintptr_t)&descriptor,
                               .parent_tid = (uintptr_t)&descriptor}));
  TELL(made((struct arguments){.flags = CLONE_PARENT_SETTID, .exit_signal = SIGCHLD, .parent_tid = 8}));
  TELL(made_before(CLONE_FS | CLONE_NEWNS | SIGCHLD));
  TELL(made_before(CLONE_FS | CLONE_NEWUSER | SIGCHLD));
  TELL(made_before(CLONE_PIDFD | SIGCHLD));
  TELL(made_before(CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD));
  TELL(made_before(CLONE_PIDFD | CLONE_DETACHED | SIGCHLD));
  TELL(made_before(65));
  TELL(descriptor);
  TELL(waitpid(-1, NULL, __WALL));
}

static void descriptors(void) {
  int descriptor = -1;
  const long child = make((struct arguments){.flags = CLONE_PIDFD, .exit_signal = SIGCHLD, .pidfd = (uintptr_t)&descriptor});
  TELL(child > 0);
  TELL(fcntl(descriptor, F_GETFD));
  TELL(fcntl(descriptor, F_GETFL) & O_ACCMODE);
  struct pollfd ready = {descriptor, POLLIN, 0};
  TELL(poll(&ready, 1, 10000));
  siginfo_t about;
  memset(&about, 0, sizeof about);
  TELL(waitid((idtype_t)3 /* P_PIDFD */, (id_t)descriptor, &about, WEXITED));
  TELL(about.si_pid == child);
  close(descriptor);

  int second = -1;
  fflush(stdout);
  const long other = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &second, 0, 0);
  if (other == 0) _exit(fcntl(descriptor, F_GETFD) == -1 ? 3 : 4); // it has none of its own
  int status = 0;
  TELL(waitpid((pid_t)other, &status, 0) == other);
  TELL(status);
  TELL(second == descriptor);
  TELL(syscall(SYS_pidfd_send_signal, second, 0, NULL, 0));
  close(second);
}

static void handler(int number) { (void)number; }

static void handlers(void) {
  signal(SIGUSR1, handler);
  signal(SIGUSR2, SIG_IGN);
  struct arguments how = {.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
  fflush(stdout);
  const long child = syscall(SYS_clone3, &how, sizeof how);
  if (child == 0) {
    struct sigaction first, second;
    sigaction(SIGUSR1, NULL, &first);
    sigaction(SIGUSR2, NULL, &second);
    _exit((first.sa_handler == SIG_DFL) + 2 * (second.sa_handler == SIG_IGN));
  }
  int status = 0;
  waitpid((pid_t)child, &status, 0);
  printf("handlers %d\n", WEXITSTATUS(status));
  struct sigaction own;
  sigaction(SIGUSR1, NULL, &own);
  TELL(own.sa_handler == handler);
}

static volatile sig_atomic_t told_by, told_code, told_of;
static void tell_end(int number, siginfo_t *about, void *frame) {
  (void)frame;
  told_by = number;
  told_code = about->si_code;
  told_of = about->si_pid;
}

static void signals(void) {
  struct sigaction how = {.sa_sigaction = tell_end, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &how, NULL);
  sigaction(SIGCHLD, &how, NULL);
  const int numbers[] = {SIGUSR1, 0, SIGCHLD, 40};
  sigaction(40, &how, NULL);
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
    told_by = told_code = told_of = 0;
    const long child = make((struct arguments){.exit_signal = (uint64_t)numbers[i]});
    siginfo_t about;
    while (waitid(P_PID, (id_t)child, &about, WEXITED | WNOWAIT | __WALL) != 0 && errno == EINTR) {}
    printf("signal %d: by %d code %d", numbers[i], (int)told_by, (int)told_code);
    if (numbers[i] == SIGCHLD) printf(" of it %d", told_of == child); // of others the details are laid out by their numbers
    printf("\n");
    errno = 0;
    const int usual = waitpid((pid_t)child, NULL, WNOHANG), why = errno;
    printf("usual wait: %d %s\n", usual == child ? 1 : usual, usual < 0 ? error_name(why) : "");
    errno = 0;
    const int only = waitpid((pid_t)child, NULL, WNOHANG | __WCLONE), why_not = errno;
    printf("__WCLONE: %d %s\n", only == child ? 1 : only, only < 0 ? error_name(why_not) : "");
  }
  // Who ignores SIGCHLD still waits for those that do not send it.
  signal(SIGCHLD, SIG_IGN);
  const long child = make((struct arguments){.exit_signal = SIGUSR1});
  int status = -1;
  TELL(waitpid((pid_t)child, &status, __WALL) == child);
  TELL(status);
  signal(SIGCHLD, SIG_DFL);
  // After exec it ends as others do.
  fflush(stdout);
  struct arguments plain = {.exit_signal = SIGUSR1};
  const long executes = syscall(SYS_clone3, &plain, sizeof plain);
  if (executes == 0) {
    execl("/bin/sh", "sh", "-c", "exit 6", (char *)NULL);
    _exit(1);
  }
  told_by = 0;
  sigaction(SIGCHLD, &how, NULL);
  while (waitpid((pid_t)executes, &status, __WALL) < 0 && errno == EINTR) {}
  printf("after exec: %d by SIGCHLD %d\n", WEXITSTATUS(status), told_by == SIGCHLD);
}

// 42 if a child of fork has what its parent has: its text, and what lies in the stack, the heap, mappings of memory and of a file.
static int has_all(const char *here, const char *heap, const char *mapped, const char *shared, const char *file) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const int all = *here == 's' && *heap == 'h' && *mapped == 'm' && *shared == 'g' && memcmp(file, "\177ELF", 4) == 0;
    _exit(all ? 42 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

// A child of vfork leaves its parent's memory by exec or at its end: the parent's next child has all of that again.
static void leave_memory(const char *program) {
  const size_t size = 16384;
  char here = 's', *heap = malloc(size);
  char *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const int own = open("/proc/self/exe", O_RDONLY);
  const char *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE, own, 0);
  if (heap == NULL || mapped == MAP_FAILED || shared == MAP_FAILED || file == MAP_FAILED) return;
  heap[0] = 'h', mapped[0] = 'm', shared[0] = 'g';
  for (int turn = 0; turn < 4; ++turn) {
    // Half of the times some of it is nothing for children.
    if (turn == 2) TELL(madvise(mapped + size / 2, size / 2, MADV_DONTFORK));
    fflush(stdout);
    volatile int in_child = 0;
    const pid_t child = vfork();
    if (child == 0) {
      in_child = 1;
      if (turn % 2 == 0) execl(program, program, "ends", (char *)NULL);
      _exit(7);
    }
    int status = -1;
    waitpid(child, &status, 0);
    printf("vfork: ran %d, ended with %d; then a child has all: %d\n", in_child, WEXITSTATUS(status), has_all(&here, heap, mapped, shared, file));
  }
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const char touched = mapped[size / 2];
    _exit(touched);
  }
  int status = -1;
  waitpid(child, &status, 0);
  printf("what is not for children: signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

// A child of vfork whose parent is no more, before it leaves that one's memory.
static void outlive_parent(const char *program) {
  int ends[2];
  if (pipe(ends) != 0) return;
  fflush(stdout);
  const pid_t parent = fork();
  if (parent == 0) {
    if (vfork() == 0) {
      const pid_t parents = getppid();
      kill(parents, SIGKILL);
      while (getppid() == parents) usleep(1000);
      dup2(ends[1], 1);
      execl(program, program, "ends", (char *)NULL);
      _exit(7);
    }
    _exit(8);
  }
  close(ends[1]);
  int status = 0;
  waitpid(parent, &status, 0);
  char told[16] = "";
  const long size = read(ends[0], told, sizeof told - 1);
  printf("parent: signal %d; child: %ld %s\n", WTERMSIG(status), size, told);
}

int main(int count, char **words) {
  if (count > 1) {
    puts("ends");
    return 5;
  }
  refused();
  descriptors();
  handlers();
  signals();
  leave_memory(words[0]);
  outlive_parent(words[0]);
  return 0;
}
