/* Restartable sequences: what the call checks, what a thread is told of its processor, sequences that are given up where another
   thread, a signal or another processor came in between, and who has inherited the registration. */
#define _GNU_SOURCE
#include "tell.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { signature = 0x53053053, unregister = 1, size = 32 };

struct area {
  uint32_t cpu_id_start, cpu_id;
  uint64_t sequence;
  uint32_t flags, node_id, mm_cid, unused;
} __attribute__((aligned(32)));

struct description {
  uint32_t version, flags;
  uint64_t start_ip, post_commit_offset, abort_ip;
} __attribute__((aligned(32)));

static _Thread_local struct area own;

static long rseq(void* at, unsigned length, int flags, unsigned with) { return syscall(SYS_rseq, at, length, flags, with); }

/* The C library has registered one of its own; what is made after this has none of it. */
static void forget_library_area(void) {
#if defined __x86_64__
  char* base;
  __asm__("mov %%fs:0, %0" : "=r"(base));
#else
  char* base;
  __asm__("mov %%gs:0, %0" : "=r"(base));
#endif
  if (__rseq_size == 0) printf("the C library has none\n");
  else TELL(rseq(base + __rseq_offset, size, unregister, signature));
}

static void checks(void) {
  static struct area other;
  TELL(rseq(&own, size, unregister, signature));
  TELL(rseq(&own, size, 2, signature));
  TELL(rseq(&own, 16, 0, signature));
  TELL(rseq((char*)&own + 8, size, 0, signature));
  TELL(rseq(&own, size, 0, signature));
  printf("told: %d\n", own.cpu_id == own.cpu_id_start && own.cpu_id < (unsigned)sysconf(_SC_NPROCESSORS_CONF));
  TELL(rseq(&own, size, 0, signature));
  TELL(rseq(&own, size, 0, 1));
  TELL(rseq(&own, 64, 0, signature));
  TELL(rseq(&other, size, 0, signature));
  TELL(rseq(&own, size, unregister, 1));
  TELL(rseq(&own, size, unregister | 2, signature));
  TELL(rseq(&other, size, unregister, signature));
  TELL(rseq(&own, size, unregister, signature));
  printf("told nothing: %d\n", (int)own.cpu_id);
}

/* On whichever processor it is put, it is told of that one. */
static void processors(void) {
  cpu_set_t all, one;
  int right = 1;
  sched_getaffinity(0, sizeof all, &all);
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &all)) continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    right &= own.cpu_id == cpu && own.cpu_id_start == cpu && (unsigned)sched_getcpu() == cpu;
  }
  sched_setaffinity(0, sizeof all, &all);
  printf("each processor: %d\n", right);
}

/* A sequence that goes round until it is given up; answers 1 if it was, by its abort handler. */
#if defined __x86_64__
#define STORE_DESCRIPTION "leaq 4b(%%rip), %%rax\n movq %%rax, %[word]\n"
#define ADDRESS ".quad"
#define ADDRESS_END ""
#define CLOBBERED "rax"
#else
#define STORE_DESCRIPTION "movl $4b, %[word]\n"
#define ADDRESS ".long"
#define ADDRESS_END ", 0"
#define CLOBBERED "eax"
#endif
#define DESCRIPTION(mark)                                                                                                         \
  ".pushsection .data\n .balign 32\n 4: .long 0, 0\n " ADDRESS " 1f" ADDRESS_END "\n " ADDRESS " (2f - 1f)" ADDRESS_END "\n " ADDRESS      \
  " 3f" ADDRESS_END "\n .popsection\n"

static int go_round(volatile int* until) {
  int aborted = 0;
  __asm__ volatile(DESCRIPTION() STORE_DESCRIPTION "1: cmpl $0, %[until]\n pause\n je 1b\n 2: jmp 5f\n"
                   ".byte 0x0f, 0xb9, 0x3d\n .long 0x53053053\n 3: movl $1, %[aborted]\n 5:\n"
                   : [word] "=m"(own.sequence), [aborted] "+m"(aborted)
                   : [until] "m"(*until)
                   : CLOBBERED, "memory", "cc");
  return aborted;
}

static volatile int handled, never;
static void handle(int number) { handled = number; }

static void interrupted(void) {
  struct sigaction action = {.sa_handler = handle};
  sigaction(SIGALRM, &action, 0);
  const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
  setitimer(ITIMER_REAL, &soon, 0);
  printf("given up: %d", go_round(&never));
  while (!handled) continue;
  printf(", signal %d, in none: %d\n", handled, own.sequence == 0);
}

/* Two threads on one processor count without a lock; each addition is a sequence. */
enum { rounds = 2000000 };
static volatile long counter;

static int add_one(void) {
  int aborted = 0;
  __asm__ volatile(DESCRIPTION() STORE_DESCRIPTION
#if defined __x86_64__
                   "1: movq %[counter], %%rax\n incq %%rax\n movq %%rax, %[counter]\n 2: jmp 5f\n"
#else
                   "1: movl %[counter], %%eax\n incl %%eax\n movl %%eax, %[counter]\n 2: jmp 5f\n"
#endif
                   ".byte 0x0f, 0xb9, 0x3d\n .long 0x53053053\n 3: movl $1, %[aborted]\n 5:\n"
                   : [word] "=m"(own.sequence), [aborted] "+m"(aborted), [counter] "+m"(counter)
                   :
                   : CLOBBERED, "memory", "cc");
  return aborted;
}

static void* count(void* nothing) {
  if (rseq(&own, size, 0, signature) != 0) printf("not registered\n");
  for (int i = 0; i < rounds; ++i)
    while (add_one()) continue;
  return nothing;
}

static void counting(void) {
  cpu_set_t all, one;
  sched_getaffinity(0, sizeof all, &all);
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof one, &one);
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i) pthread_create(&threads[i], 0, count, 0);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], 0);
  sched_setaffinity(0, sizeof all, &all);
  printf("counted: %ld\n", counter);
}

static void ended(const char* what, pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("%s: %s\n", what, strsignal(WTERMSIG(status)));
  else printf("%s: exit %d\n", what, WEXITSTATUS(status));
  fflush(stdout);
}

static void children(void) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    TELL(rseq(&own, size, 0, signature));
    fflush(stdout);
    _exit(own.cpu_id < (unsigned)sysconf(_SC_NPROCESSORS_CONF) ? 3 : 4);
  }
  ended("a copy", child);
  static struct area other;
  child = vfork();
  if (child == 0) _exit(rseq(&other, size, 0, signature) == 0 ? 5 : 6);
  ended("in the same memory", child);
  TELL(rseq(&own, size, 0, signature));
}

/* What is wrong ends it, and no handler helps. */
static void wrong(const char* what, void (*make)(void)) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGSEGV, handle);
    make();
  }
  ended(what, child);
}

static struct description described;
static void spin_with(uint64_t at) {
  const struct itimerval soon = {.it_value = {.tv_usec = 50000}};
  setitimer(ITIMER_REAL, &soon, 0);
  own.sequence = at;
  for (;;) continue;
}
static void nowhere(void) { spin_with(8); }
static void bad_version(void) {
  described = (struct description){.version = 7, .start_ip = 0x1000, .post_commit_offset = 0x10, .abort_ip = 0x3000};
  spin_with((uintptr_t)&described);
}
static void abort_inside(void) {
  described = (struct description){.start_ip = (uintptr_t)spin_with, .post_commit_offset = 4096, .abort_ip = (uintptr_t)spin_with + 8};
  spin_with((uintptr_t)&described);
}
static void no_signature(void) {
  described = (struct description){.start_ip = (uintptr_t)spin_with, .post_commit_offset = 4096, .abort_ip = (uintptr_t)checks};
  spin_with((uintptr_t)&described);
}

int main(int count_of, char** words) {
  setvbuf(stdout, 0, _IOLBF, 0);
  forget_library_area();
  if (count_of > 1) {
    printf("another program: %s\n", words[1]);
    return 0;
  }
  checks();
  printf("registered: %ld\n", rseq(&own, size, 0, signature));
  processors();
  interrupted();
  counting();
  children();
  wrong("no description", nowhere);
  wrong("of another version", bad_version);
  wrong("begins anew in itself", abort_inside);
  wrong("without the signature", no_signature);
  fflush(stdout);
  execl("/proc/self/exe", words[0], "has the C library's", (char*)0);
  return 1;
}
