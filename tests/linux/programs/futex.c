/* What a program sees of futexes: run on the host and under polyabi, and compared. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tell.h"

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifdef SYS_futex_time64
#define FUTEX_CALL SYS_futex_time64
#else
#define FUTEX_CALL SYS_futex
#endif

struct long_time { int64_t sec, nsec; };
struct awaited { uint64_t val, uaddr; uint32_t flags, reserved; };

static long futex(uint32_t *at, int op, uint32_t value, const void *timeout, uint32_t *second, uint32_t third) {
  return syscall(FUTEX_CALL, at, op, value, timeout, second, third);
}
static const struct long_time soon = {0, 20000000}, bad = {0, 1000000000}, past = {1, 0};
static uint32_t words[4];

static void nap(long milliseconds) { usleep((useconds_t)milliseconds * 1000); }

/* --- threads that wait, and what became of them */
struct waiter {
  pthread_t thread;
  uint32_t *word;
  uint32_t bits;
  long answer;
  int error;
  volatile int done;
};
static void *wait_here(void *of) {
  struct waiter *w = of;
  w->answer = futex(w->word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, *w->word, 0, 0, w->bits);
  w->error = errno;
  w->done = 1;
  return 0;
}
static void start(struct waiter *w, uint32_t *word, uint32_t bits) {
  memset(w, 0, sizeof *w);
  w->word = word;
  w->bits = bits;
  pthread_create(&w->thread, 0, wait_here, w);
  nap(60);
}

static void errors(void) {
  puts("-- errors");
  TELL(futex(words, FUTEX_WAIT, 1, 0, 0, 0));
  TELL(futex(words, FUTEX_WAIT, 0, &soon, 0, 0));
  TELL(futex(words, FUTEX_WAIT, 0, &bad, 0, 0));
  TELL(futex((uint32_t *)((char *)words + 1), FUTEX_WAIT, 0, &soon, 0, 0));
  TELL(futex((uint32_t *)8, FUTEX_WAIT, 0, &soon, 0, 0));
  TELL(futex((uint32_t *)8, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0));
  TELL(futex((uint32_t *)8, FUTEX_WAKE, 1, 0, 0, 0));
  TELL(futex(words, FUTEX_WAIT, 0, (void *)8, 0, 0));
  TELL(futex(words, FUTEX_WAIT_BITSET, 0, &past, 0, 1));
  TELL(futex(words, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &past, 0, 1));
  TELL(futex(words, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &soon, 0, 0) < 0);
  TELL(futex(words, FUTEX_WAIT_BITSET, 0, &soon, 0, 0));
  TELL(futex(words, FUTEX_WAKE_BITSET, 1, 0, 0, 0));
  TELL(futex(words, FUTEX_WAKE, 1, 0, 0, 0));
  TELL(futex(words, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, 0, 0, 0));
  TELL(futex(words, FUTEX_REQUEUE, (uint32_t)-1, (void *)1, words + 1, 0));
  TELL(futex(words, FUTEX_REQUEUE, 1, (void *)(intptr_t)-1, words + 1, 0));
  TELL(futex(words, FUTEX_CMP_REQUEUE, 1, (void *)1, words + 1, 9));
  TELL(futex(words, FUTEX_CMP_REQUEUE, 1, (void *)1, words + 1, 0));
  TELL(futex(words, FUTEX_FD, 1, 0, 0, 0));
  TELL(futex(words, 99, 1, 0, 0, 0));
}

static void bitsets(void) {
  puts("-- bitsets");
  struct waiter one, two, three;
  start(&one, words, 1), start(&two, words, 2), start(&three, words, 3);
  TELL(futex(words, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 10, 0, 0, 4));
  TELL(futex(words, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 10, 0, 0, 2));
  nap(60);
  printf("%d %d %d\n", one.done, two.done, three.done);
  TELL(futex(words, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
  pthread_join(one.thread, 0), pthread_join(two.thread, 0), pthread_join(three.thread, 0);
  printf("%ld %ld %ld\n", one.answer, two.answer, three.answer);
}

static void requeues(void) {
  puts("-- requeue");
  struct waiter all[4];
  for (int i = 0; i < 4; ++i) start(&all[i], words, ~0u);
  TELL(futex(words, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, (void *)2, words + 1, 0));
  nap(60);
  printf("%d %d %d %d\n", all[0].done, all[1].done, all[2].done, all[3].done);
  TELL(futex(words, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, 0, 0, 0));
  TELL(futex(words + 1, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0));
  TELL(futex(words + 1, FUTEX_REQUEUE | FUTEX_PRIVATE_FLAG, 0, (void *)5, words + 2, 0));
  TELL(futex(words + 1, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, 0, 0, 0));
  TELL(futex(words + 2, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, 0, 0, 0));
  for (int i = 0; i < 4; ++i) pthread_join(all[i].thread, 0);
}

static long wake_op(int operation, int operand, int comparison, int compared) {
  return futex(words, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)1, words + 1, FUTEX_OP(operation, operand, comparison, compared));
}
static void wake_ops(void) {
  puts("-- wake_op");
  struct waiter first, second;
  words[0] = 0, words[1] = 5;
  start(&first, words, ~0u), start(&second, words + 1, ~0u);
  TELL(wake_op(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 4));
  nap(60);
  printf("%u %d %d\n", words[1], first.done, second.done);
  TELL(wake_op(FUTEX_OP_SET, 0xfff, FUTEX_OP_CMP_GE, 8));
  nap(60);
  printf("%#x %d\n", words[1], second.done);
  TELL(wake_op(FUTEX_OP_OR, 0x10, FUTEX_OP_CMP_NE, 0));
  TELL(wake_op(FUTEX_OP_ANDN | FUTEX_OP_OPARG_SHIFT, 31, FUTEX_OP_CMP_LT, 0));
  printf("%#x\n", words[1]);
  TELL(wake_op(FUTEX_OP_XOR, 0xff, FUTEX_OP_CMP_GT, -1));
  printf("%#x\n", words[1]);
  TELL(wake_op(5, 0, FUTEX_OP_CMP_EQ, 0));
  printf("%#x\n", words[1]);
  TELL(wake_op(FUTEX_OP_ADD, 1, 9, 0)); // the comparison is unknown when the word has changed
  printf("%#x\n", words[1]);
  pthread_join(first.thread, 0), pthread_join(second.thread, 0);
  words[1] = 0;
}

static void waits_for_several(void) {
  puts("-- waitv");
  struct awaited all[3];
  memset(all, 0, sizeof all);
  for (int i = 0; i < 3; ++i) all[i].uaddr = (uintptr_t)&words[i], all[i].flags = 2 | FUTEX_PRIVATE_FLAG;
  struct long_time until;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  until.sec = now.tv_sec, until.nsec = now.tv_nsec;
  TELL(syscall(SYS_futex_waitv, all, 3, 0, &until, CLOCK_MONOTONIC));
  TELL(syscall(SYS_futex_waitv, all, 3, 0, &until, CLOCK_BOOTTIME));
  TELL(syscall(SYS_futex_waitv, all, 3, 1, 0, 0));
  TELL(syscall(SYS_futex_waitv, all, 0, 0, 0, 0));
  TELL(syscall(SYS_futex_waitv, all, 129, 0, 0, 0));
  TELL(syscall(SYS_futex_waitv, 0, 1, 0, 0, 0));
  all[1].val = 1;
  TELL(syscall(SYS_futex_waitv, all, 3, 0, 0, 0));
  all[1].val = 0, all[1].flags = 0x1000;
  TELL(syscall(SYS_futex_waitv, all, 3, 0, 0, 0));
  all[1].flags = 2 | FUTEX_PRIVATE_FLAG, all[2].reserved = 1;
  TELL(syscall(SYS_futex_waitv, all, 3, 0, 0, 0));
  all[2].reserved = 0;
  uint32_t *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  all[2].uaddr = (uintptr_t)shared, all[2].flags = 2;
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    nap(60);
    *shared = 1;
    _exit(futex(shared, FUTEX_WAKE, 1, 0, 0, 0) == 1 ? 0 : 1);
  }
  TELL(syscall(SYS_futex_waitv, all, 3, 0, 0, 0));
  int status = -1;
  waitpid(child, &status, 0);
  printf("child %d\n", status);
  munmap(shared, 4096);
}

static void between_processes(void) {
  puts("-- processes");
  pthread_mutexattr_t how;
  struct shared {
    pthread_mutex_t lock;
    int count;
  } *both = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_init(&how);
  pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&both->lock, &how);
  fflush(stdout);
  pid_t children[2];
  for (int c = 0; c < 2; ++c) {
    children[c] = fork();
    if (children[c] != 0) continue;
    for (int i = 0; i < 2000; ++i) {
      pthread_mutex_lock(&both->lock);
      ++both->count;
      if (i % 64 == 0) sched_yield();
      pthread_mutex_unlock(&both->lock);
    }
    _exit(0);
  }
  for (int c = 0; c < 2; ++c) waitpid(children[c], 0, 0);
  printf("%d\n", both->count);
  munmap(both, 4096);
}

/* --- locks whose owner dies */
static pthread_mutex_t lock;
static void make_lock(int robust, int inherits) {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  pthread_mutexattr_settype(&how, PTHREAD_MUTEX_ERRORCHECK);
  if (robust) pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
  if (inherits) pthread_mutexattr_setprotocol(&how, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init(&lock, &how);
}
static void *dies_with_lock(void *seconds) {
  pthread_mutex_lock(&lock);
  nap((long)(intptr_t)seconds);
  return 0;
}
static void show(const char *what, int error) { printf("%s: %s\n", what, error_name(error)); }
static void robust_locks(int inherits) {
  printf("-- robust%s\n", inherits ? ", inheriting" : "");
  pthread_t thread;
  make_lock(1, inherits);
  pthread_create(&thread, 0, dies_with_lock, 0);
  pthread_join(thread, 0);
  show("after its end", pthread_mutex_lock(&lock));
  show("consistent", pthread_mutex_consistent(&lock));
  show("unlock", pthread_mutex_unlock(&lock));
  show("lock", pthread_mutex_lock(&lock));
  show("unlock", pthread_mutex_unlock(&lock));
  pthread_create(&thread, 0, dies_with_lock, (void *)100);
  nap(40);
  show("while it lives", pthread_mutex_trylock(&lock));
  show("waited", pthread_mutex_lock(&lock));
  show("not made consistent", pthread_mutex_unlock(&lock));
  show("lost", pthread_mutex_lock(&lock));
  pthread_join(thread, 0);
}

static void *counts(void *to) {
  for (int i = 0; i < 2000; ++i) {
    pthread_mutex_lock(&lock);
    ++*(volatile int *)to;
    if (i % 64 == 0) sched_yield();
    pthread_mutex_unlock(&lock);
  }
  return 0;
}
static void inheriting_locks(void) {
  puts("-- inheriting");
  make_lock(0, 1);
  int count = 0;
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i) pthread_create(&threads[i], 0, counts, &count);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], 0);
  printf("%d\n", count);
  const uint32_t self = (uint32_t)syscall(SYS_gettid);
  words[0] = 0;
  TELL(futex(words, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
  printf("%d\n", words[0] == self);
  TELL(futex(words, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
  TELL(futex(words, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
  printf("%u\n", words[0]);
  TELL(futex(words, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
  TELL(futex(words, FUTEX_TRYLOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
  TELL(futex(words, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
  words[0] = 0x3ffffff0;
  TELL(futex(words, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
  TELL(futex(words, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, &bad, 0, 0));
  TELL(futex(words, FUTEX_LOCK_PI2 | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME, 0, 0, 0, 0));
  words[0] = 0;
  pthread_t thread;
  pthread_create(&thread, 0, dies_with_lock, (void *)200);
  nap(60);
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += 20000000;
  if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, ++until.tv_sec;
  printf("in time: %s\n", error_name(pthread_mutex_timedlock(&lock, &until)));
  pthread_join(thread, 0);
}

/* --- from a word to a lock */
static uint32_t news, lock_word;
struct caller {
  pthread_t thread;
  long answer;
  int error, owns;
  volatile int entered;
};
static void *waits_for_news(void *of) {
  struct caller *c = of;
  errno = 0;
  c->entered = 1;
  c->answer = futex(&news, FUTEX_WAIT_REQUEUE_PI | FUTEX_PRIVATE_FLAG, news, 0, &lock_word, 0);
  c->error = errno;
  c->owns = (lock_word & FUTEX_TID_MASK) == (uint32_t)gettid();
  if (c->answer == 0) futex(&lock_word, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0);
  return 0;
}
static long call_to_lock(uint32_t wakes, long moves, uint32_t expected) {
  return futex(&news, FUTEX_CMP_REQUEUE_PI | FUTEX_PRIVATE_FLAG, wakes, (const void *)moves, &lock_word, expected);
}
static void from_word_to_lock(void) {
  puts("-- from a word to a lock");
  TELL(call_to_lock(1, 4, 0));
  TELL(call_to_lock(1, 4, 9));
  TELL(call_to_lock(2, 4, 0));
  TELL(call_to_lock(0, 4, 0));
  TELL(call_to_lock(1, -1, 0));
  TELL(futex(&news, FUTEX_CMP_REQUEUE_PI | FUTEX_PRIVATE_FLAG, 1, 0, &news, 0));
  TELL(futex(&news, FUTEX_WAIT_REQUEUE_PI | FUTEX_PRIVATE_FLAG, 0, 0, &news, 0));
  TELL(futex(&news, FUTEX_WAIT_REQUEUE_PI | FUTEX_PRIVATE_FLAG, 9, 0, &lock_word, 0));
  TELL(futex(&news, FUTEX_WAIT_REQUEUE_PI | FUTEX_PRIVATE_FLAG, 0, &past, &lock_word, 0));
  TELL(futex(&news, FUTEX_WAIT_REQUEUE_PI | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME, 0, &past, &lock_word, 0));
  TELL(futex(&news, FUTEX_WAIT_REQUEUE_PI | FUTEX_PRIVATE_FLAG, 0, &bad, &lock_word, 0));
  for (int held = 0; held < 2; ++held) {
    struct caller three[3];
    memset(three, 0, sizeof three);
    for (int i = 0; i < 3; ++i) pthread_create(&three[i].thread, 0, waits_for_news, &three[i]);
    for (int i = 0; i < 3; ++i)
      while (!three[i].entered) nap(1);
    nap(60);
    TELL(futex(&news, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0));
    TELL(futex(&news, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, (void *)1, &words[3], 0));
    TELL(futex(&news, FUTEX_CMP_REQUEUE_PI | FUTEX_PRIVATE_FLAG, 1, (void *)1, &words[3], 0));
    if (held) TELL(futex(&lock_word, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
    long called = 0;
    for (long some; called < 3; called += some > 0 ? some : 0)
      if ((some = call_to_lock(1, 8, news)) == 0) nap(1);
    printf("called %ld\n", called);
    if (held) {
      nap(30);
      printf("mine %d\n", (lock_word & FUTEX_TID_MASK) == (uint32_t)gettid());
      TELL(futex(&lock_word, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0));
    }
    for (int i = 0; i < 3; ++i) {
      pthread_join(three[i].thread, 0);
      printf("caller %ld %d owns %d\n", three[i].answer, three[i].error, three[i].owns);
    }
    printf("lock %u\n", lock_word);
  }
  struct waiter plain;
  start(&plain, &news, FUTEX_BITSET_MATCH_ANY);
  TELL(call_to_lock(1, 8, news));
  while (futex(&news, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0) == 0) nap(1);
  pthread_join(plain.thread, 0);
}

static void on_signal(int number) { (void)number; }
static void signals(void) {
  puts("-- signals");
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigaction(SIGALRM, &action, 0);
  ualarm(30000, 0);
  TELL(futex(words, FUTEX_WAIT, 0, 0, 0, 0));
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, 0);
  const struct long_time second = {1, 0};
  ualarm(30000, 0);
  TELL(futex(words, FUTEX_WAIT, 0, &second, 0, 0));
  TELL(syscall(SYS_restart_syscall));
}

static void others_locks(void) {
  puts("-- of others");
  words[0] = 1; // the first process
  futex(words, FUTEX_TRYLOCK_PI | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0); // the error depends on what the first process is
  printf("%#x\n", words[0]);
  words[0] = 0;
  void *head;
  size_t size;
  TELL(syscall(SYS_get_robust_list, 0x3fffffff, &head, &size));
  TELL(syscall(SYS_get_robust_list, -1, &head, &size));
  TELL(syscall(SYS_get_robust_list, 0, &head, &size));
}

int main(void) {
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  errors();
  bitsets();
  requeues();
  wake_ops();
  waits_for_several();
  between_processes();
  robust_locks(0);
  robust_locks(1);
  inheriting_locks();
  others_locks();
  from_word_to_lock();
  signals();
  return 0;
}
