// Priorities for input and output, memory policies, sizes of pipes, comparisons of processes, signals to a thread with details, the
// later futex calls and the clock's state, printed so that two systems can be compared.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tell.h"

#ifndef SYS_futex_wake
#define SYS_futex_wake 454
#define SYS_futex_wait 455
#define SYS_futex_requeue 456
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_set_mempolicy_home_node
#define SYS_set_mempolicy_home_node 450
#endif

static long io_set(int which, int who, int value) { return syscall(SYS_ioprio_set, which, who, value); }
static long io_get(int which, int who) { return syscall(SYS_ioprio_get, which, who); }
static int io_word(int class, int level) { return class << 13 | level; }

static void io_priorities(void) {
  enum { process = 1, group = 2, user = 3 };
  TELL(io_set(process, 0, io_word(2, 6)));
  TELL(io_get(process, 0));
  TELL(io_get(process, getpid()) == io_get(process, 0));
  TELL(io_set(process, 0, io_word(3, 0)));
  TELL(io_get(process, 0));
  TELL(io_set(process, 0, io_word(0, 3)));
  TELL(io_set(process, 0, io_word(4, 0)));
  TELL(io_set(9, 0, io_word(2, 0)));
  TELL(io_get(0, 0));
  TELL(io_set(process, 0x7ffffff, io_word(2, 0)));
  TELL(io_get(process, 0x7ffffff));
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    TELL(io_get(process, 0)); // inherited
    TELL(setpgid(0, 0));
    TELL(io_get(group, 0));
    TELL(io_set(group, getpid(), io_word(2, 1)));
    TELL(io_get(process, 0));
    TELL(io_set(process, getppid(), io_word(2, 2)));
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  TELL(io_get(process, 0));
}

static long policy(int mode, unsigned long first, unsigned long limit) {
  const unsigned long nodes[2] = {first, 0};
  return syscall(SYS_set_mempolicy, mode, nodes, limit);
}

static void tell_policy(unsigned long flags, void *address) {
  int mode = -1;
  unsigned long nodes[64] = {0};
  errno = 0;
  const long answer = syscall(SYS_get_mempolicy, &mode, nodes, 8 * sizeof nodes, address, flags);
  printf("policy %lu: %ld %s mode %d nodes %lx\n", flags, answer, answer == -1 ? error_name(errno) : "", mode, nodes[0]);
}

static void memory_policies(void) {
  enum { preferred = 1, bind = 2, interleave = 3, local = 4 };
  const long page = sysconf(_SC_PAGESIZE);
  char *memory = mmap(NULL, 4 * (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memory[0] = 1;
  tell_policy(0, NULL);
  TELL(policy(bind, 1, 64));
  tell_policy(0, NULL);
  TELL(policy(bind, 0, 64));
  TELL(policy(bind, 2, 64));
  TELL(policy(interleave, 1, 64));
  tell_policy(0, NULL);
  TELL(policy(99, 1, 64));
  TELL(policy(local, 0, 0));
  tell_policy(0, NULL);
  TELL(policy(0, 1, 64));
  TELL(policy(0, 0, 0));
  tell_policy(4, NULL);
  tell_policy(3, memory);
  tell_policy(8, NULL);
  tell_policy(0, memory);
  unsigned long one[2] = {1}, two[2] = {2};
  TELL(syscall(SYS_mbind, memory, 4 * page, bind, one, 64, 0));
  TELL(syscall(SYS_mbind, memory + 1, page, bind, one, 64, 0));
  TELL(syscall(SYS_mbind, memory, page, bind, two, 64, 0));
  TELL(syscall(SYS_mbind, memory, page, 77, one, 64, 0));
  TELL(syscall(SYS_mbind, memory, page, bind, one, 64, 99));
  TELL(syscall(SYS_migrate_pages, 0, 64, one, one));
  void *pages[2] = {memory, memory + page};
  int status[2] = {77, 77};
  TELL(syscall(SYS_move_pages, 0, 1, pages, NULL, status, 0));
  printf("status %d\n", status[0]);
  TELL(syscall(SYS_move_pages, 0, 1, pages, NULL, status, 99));
  TELL(syscall(SYS_set_mempolicy_home_node, memory, page, 0, 1));
  TELL(munmap(memory, 4 * (size_t)page));
}

static void pipe_sizes(void) {
  int ends[2];
  if (pipe(ends) != 0) return;
  TELL(fcntl(ends[0], F_GETPIPE_SZ));
  TELL(fcntl(ends[1], F_SETPIPE_SZ, 100000));
  TELL(fcntl(ends[0], F_GETPIPE_SZ));
  static char bytes[131072];
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  TELL(write(ends[1], bytes, sizeof bytes));
  TELL(write(ends[1], bytes, 1));
  TELL(fcntl(ends[1], F_SETPIPE_SZ, 4096));
  TELL(read(ends[0], bytes, sizeof bytes));
  TELL(fcntl(ends[1], F_SETPIPE_SZ, 1));
  TELL(write(ends[1], bytes, sizeof bytes));
  TELL(fcntl(ends[1], F_SETPIPE_SZ, 0x80000001));
  TELL(fcntl(0x7fff, F_GETPIPE_SZ));
  const int other = open("/dev/null", O_RDONLY);
  TELL(fcntl(other, F_GETPIPE_SZ));
  close(other);
  close(ends[0]);
  close(ends[1]);
}

static long compare(int type, long one, long other) {
  return syscall(SYS_kcmp, getpid(), getpid(), type, one, other);
}

static void comparisons(void) {
  enum { file, memory, descriptors, directories, actions, io, undo };
  const int one = open("/dev/null", O_RDONLY), same = dup(one), other = open("/dev/null", O_RDONLY);
  TELL(compare(file, one, same));
  TELL(compare(file, one, other) > 0);
  TELL(compare(file, one, other) + compare(file, other, one));
  TELL(compare(file, one, 0x7fff));
  for (int type = memory; type <= undo; ++type) TELL(compare(type, 0, 0));
  TELL(compare(99, 0, 0));
  TELL(syscall(SYS_kcmp, getpid(), 0x7ffffff, memory, 0, 0));
  int ends[2];
  if (pipe(ends) != 0) return;
  const pid_t child = fork();
  if (child == 0) {
    char byte;
    close(ends[1]);
    _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
  }
  TELL(syscall(SYS_kcmp, getpid(), child, file, one, one));
  TELL(syscall(SYS_kcmp, getpid(), child, memory, 0, 0) > 0);
  TELL(syscall(SYS_kcmp, getpid(), child, descriptors, 0, 0) > 0);
  close(ends[1]);
  close(ends[0]);
  waitpid(child, NULL, 0);
  close(one), close(same), close(other);
}

static void watched_comparisons(void) {
  enum { watched = 7 };
  int ends[2], others[2];
  const int list = epoll_create1(0);
  if (pipe(ends) != 0 || pipe(others) != 0) return;
  const int same = dup(ends[0]);
  struct epoll_event event = {EPOLLIN, {0}};
  struct kcmp_epoll_slot slot = {(unsigned)list, (unsigned)same, 0};
  TELL(compare(watched, ends[0], (long)&slot));
  TELL(epoll_ctl(list, EPOLL_CTL_ADD, same, &event));
  TELL(compare(watched, ends[0], (long)&slot));
  TELL(compare(watched, ends[1], (long)&slot) > 0);
  TELL(compare(watched, 0x7fff, (long)&slot));
  // A second file that is watched by the same descriptor, which was the first one's.
  TELL(dup2(others[0], same) == same);
  TELL(epoll_ctl(list, EPOLL_CTL_ADD, same, &event));
  slot.toff = 1;
  const long second = compare(watched, others[0], (long)&slot);
  slot.toff = 0;
  TELL((compare(watched, others[0], (long)&slot) == 0) + (second == 0));
  slot.toff = 2;
  TELL(compare(watched, ends[0], (long)&slot));
  slot.toff = 0, slot.tfd = (unsigned)ends[0];
  TELL(compare(watched, ends[0], (long)&slot));
  slot.efd = (unsigned)ends[0];
  TELL(compare(watched, ends[0], (long)&slot));
  slot.efd = 0x7fff;
  TELL(compare(watched, ends[0], (long)&slot));
  TELL(compare(watched, ends[0], 0));
  TELL(syscall(SYS_kcmp, getpid(), 0x7ffffff, watched, 0, 0));
  close(list), close(same), close(ends[0]), close(ends[1]), close(others[0]), close(others[1]);
}

static volatile int arrived;
static volatile int arrived_value, arrived_code, arrived_here;
static pid_t receiver;
static void take(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  arrived_value = info->si_value.sival_int;
  arrived_code = info->si_code;
  arrived_here = (pid_t)syscall(SYS_gettid) == receiver;
  arrived = 1;
}

static void *wait_for_signal(void *unused) {
  receiver = (pid_t)syscall(SYS_gettid);
  while (!arrived) usleep(1000);
  return unused;
}

static long queue_for(pid_t process, pid_t thread, int number, int code) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  info.si_code = code;
  info.si_value.sival_int = 42;
  info.si_pid = getpid();
  info.si_uid = getuid();
  return syscall(SYS_rt_tgsigqueueinfo, process, thread, number, &info);
}

static void thread_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = take;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, NULL);
  pthread_t other;
  pthread_create(&other, NULL, wait_for_signal, NULL);
  while (receiver == 0) usleep(1000);
  TELL(queue_for(getpid(), receiver, SIGUSR1, SI_QUEUE));
  pthread_join(other, NULL);
  printf("value %d code %d in its thread %d\n", arrived_value, arrived_code, arrived_here);
  TELL(queue_for(getpid(), 0, SIGUSR1, SI_QUEUE));
  TELL(queue_for(0, getpid(), SIGUSR1, SI_QUEUE));
  TELL(queue_for(getppid(), getppid(), 0, SI_TKILL));
  TELL(queue_for(getpid(), getpid(), 99, SI_QUEUE));
  TELL(queue_for(getpid(), 0x7ffffff, SIGUSR1, SI_QUEUE));
  TELL(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, NULL));
}

static uint32_t words[2];
enum { size_32 = 2, is_private = 128 };
static void *wait_at_word(void *unused) {
  const long answer = syscall(SYS_futex_wait, &words[0], 0L, 0xffffffffL, size_32 | is_private, NULL, 0);
  __atomic_store_n(&words[1], answer == 0 ? 1 : 2, __ATOMIC_SEQ_CST);
  return unused;
}

static void later_futexes(void) {
  TELL(syscall(SYS_futex_wait, &words[0], 1L, 1L, size_32 | is_private, NULL, 0));
  TELL(syscall(SYS_futex_wait, &words[0], 0L, 0L, size_32, NULL, 0));
  TELL(syscall(SYS_futex_wait, &words[0], 0L, 1L, 1, NULL, 0));
  struct {
    int64_t sec, nsec;
  } long_ago = {1, 0};
  TELL(syscall(SYS_futex_wait, &words[0], 0L, 1L, size_32 | is_private, &long_ago, CLOCK_REALTIME));
  TELL(syscall(SYS_futex_wait, &words[0], 0L, 1L, size_32 | is_private, &long_ago, 7));
  TELL(syscall(SYS_futex_wake, &words[0], 0xffffffffL, 1, size_32 | is_private));
  TELL(syscall(SYS_futex_wake, &words[0], 0L, 1, size_32 | is_private));
  pthread_t other;
  pthread_create(&other, NULL, wait_at_word, NULL);
  while (syscall(SYS_futex_wake, &words[0], 0xffffffffL, 1, size_32 | is_private) == 0) usleep(1000);
  pthread_join(other, NULL);
  printf("woken: %u\n", words[1]);
  struct {
    uint64_t value, address;
    uint32_t flags, reserved;
  } pair[2] = {{0, (uintptr_t)&words[0], size_32 | is_private, 0}, {0, (uintptr_t)&words[1], size_32 | is_private, 0}};
  TELL(syscall(SYS_futex_requeue, pair, 0, 1, 1));
  TELL(syscall(SYS_futex_requeue, pair, 1, 1, 1));
  TELL(syscall(SYS_futex_requeue, NULL, 0, 1, 1));
  pair[0].value = 7;
  TELL(syscall(SYS_futex_requeue, pair, 0, 1, 1));
}

static void advice_to_processes(void) {
  const long page = sysconf(_SC_PAGESIZE);
  char *memory = mmap(NULL, (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memory[0] = 1;
  const int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
  struct {
    void *at;
    size_t size;
  } range = {memory, (size_t)page};
  TELL(syscall(SYS_process_madvise, self, &range, 1, 20, 0) == page);
  TELL(syscall(SYS_process_madvise, self, &range, 1, 20, 1));
  TELL(syscall(SYS_process_madvise, self, &range, 1, 99, 0));
  TELL(syscall(SYS_process_madvise, -1, &range, 1, 20, 0));
  munmap(memory, (size_t)page);
  close(self);
}

static void clock_state(void) {
  struct timex state;
  memset(&state, 0, sizeof state);
  printf("state is told: %d\n", adjtimex(&state) >= 0 && state.time.tv_sec > 1000000 && state.tick > 0);
  TELL(clock_adjtime(CLOCK_MONOTONIC, &state));
  TELL(clock_adjtime(99, &state));
  TELL(syscall(SYS_adjtimex, NULL));
}

int main(void) {
  io_priorities();
  memory_policies();
  pipe_sizes();
  comparisons();
  watched_comparisons();
  thread_signals();
  later_futexes();
  advice_to_processes();
  clock_state();
  return 0;
}
