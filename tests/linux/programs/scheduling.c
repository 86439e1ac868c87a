// Processors that threads may run on, and scheduling policies.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char* what, long result) { printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : ""); }

static cpu_set_t everything;

static int first_of(const cpu_set_t* set) {
  for (int i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, set)) return i;
  return -1;
}

static void* in_thread(void* wanted) {
  cpu_set_t own;
  sched_getaffinity(0, sizeof own, &own);
  printf("a thread inherits: %d\n", CPU_EQUAL(&own, (cpu_set_t*)wanted));
  sched_setaffinity(0, sizeof everything, &everything);
  return NULL;
}

static void affinity(void) {
  say("all", sched_getaffinity(0, sizeof everything, &everything));
  say("too small", syscall(SYS_sched_getaffinity, 0, sizeof(long) - 1, &everything));
  say("no word", syscall(SYS_sched_getaffinity, 0, 3, &everything));
  say("nobody", sched_getaffinity(0x7fffffff, sizeof everything, &everything));
  say("negative", sched_getaffinity(-1, sizeof everything, &everything));
  say("nowhere", syscall(SYS_sched_getaffinity, 0, sizeof everything, 8));
  cpu_set_t none, one, seen;
  CPU_ZERO(&none);
  say("no processor", sched_setaffinity(0, sizeof none, &none));
  say("from nowhere", syscall(SYS_sched_setaffinity, 0, sizeof none, 8));
  say("of nobody", sched_setaffinity(0x7fffffff, sizeof everything, &everything));
  CPU_ZERO(&one);
  CPU_SET(first_of(&everything), &one);
  say("one processor", sched_setaffinity(0, sizeof one, &one));
  sched_getaffinity(0, sizeof seen, &seen);
  printf("it is that one: %d, and it runs there: %d\n", CPU_EQUAL(&one, &seen), sched_getcpu() == first_of(&one));
  pthread_t thread;
  pthread_create(&thread, NULL, in_thread, &one);
  pthread_join(thread, NULL);
  sched_getaffinity(0, sizeof seen, &seen);
  printf("the thread changed its own: %d\n", CPU_EQUAL(&one, &seen));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    sched_getaffinity(0, sizeof seen, &seen);
    printf("a child inherits: %d\n", CPU_EQUAL(&one, &seen));
    fflush(stdout);
    sched_setaffinity(getppid(), sizeof everything, &everything);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  sched_getaffinity(0, sizeof seen, &seen);
  printf("the child gave all back: %d\n", CPU_EQUAL(&everything, &seen));
  printf("as many as are online: %d\n", CPU_COUNT(&everything) <= sysconf(_SC_NPROCESSORS_ONLN));
  unsigned processor = ~0u, node = ~0u;
  say("getcpu", syscall(SYS_getcpu, &processor, &node, NULL));
  printf("it is one of them: %d\n", CPU_ISSET(processor, &everything) != 0);
  say("getcpu for nobody", syscall(SYS_getcpu, NULL, NULL, NULL));
  say("getcpu to nowhere", syscall(SYS_getcpu, 8, NULL, NULL));
}

static void policies(void) {
  struct sched_param zero = {0}, one = {.sched_priority = 1}, high = {.sched_priority = 100};
  say("policy", sched_getscheduler(0));
  say("batch", sched_setscheduler(0, SCHED_BATCH, &zero));
  say("policy", sched_getscheduler(0));
  say("batch with a priority", sched_setscheduler(0, SCHED_BATCH, &one));
  say("first in, first out, without priority", sched_setscheduler(0, SCHED_FIFO, &zero));
  say("with too high a one", sched_setscheduler(0, SCHED_RR, &high));
  say("unknown", sched_setscheduler(0, 4, &zero));
  say("unknown", sched_setscheduler(0, 99, &zero));
  say("deadline without its parameters", sched_setscheduler(0, 6, &zero));
  say("of nobody", sched_setscheduler(0x7fffffff, SCHED_BATCH, &zero));
  say("of nobody", sched_getscheduler(0x7fffffff));
  say("parameters of nobody", sched_getparam(0x7fffffff, &one));
  say("a priority for batch", sched_setparam(0, &high));
  say("none for batch", sched_setparam(0, &zero));
  fflush(stdout);
  if (fork() == 0) {
    say("a child's policy", sched_getscheduler(0));
    say("idle", sched_setscheduler(0, SCHED_IDLE | SCHED_RESET_ON_FORK, &zero));
    say("policy", sched_getscheduler(0));
    fflush(stdout);
    if (fork() == 0) {
      say("its child's policy", sched_getscheduler(0));
      fflush(stdout);
      _exit(0);
    }
    wait(NULL);
    _exit(0);
  }
  wait(NULL);
  say("still", sched_getscheduler(0));
  struct {
    unsigned size, policy;
    unsigned long long flags;
    int nice;
    unsigned priority;
    unsigned long long runtime, deadline, period;
  } attributes = {0};
  say("attributes", syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0));
  printf("size %u policy %u flags %llu nice %d priority %u\n", attributes.size, attributes.policy, attributes.flags, attributes.nice,
         attributes.priority);
  attributes.policy = SCHED_OTHER;
  attributes.flags = 1;
  attributes.nice = 5;
  say("set", syscall(SYS_sched_setattr, 0, &attributes, 0));
  memset(&attributes, 0, sizeof attributes);
  say("attributes", syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0));
  printf("policy %u flags %llu nice %d\n", attributes.policy, attributes.flags, attributes.nice);
  say("policy", sched_getscheduler(0));
}

/* Each thread has its own; who makes a thread or a process passes it on. */
static volatile pid_t other;
static pthread_barrier_t both;

static void tell_nice(const char* who) {
  printf("%s: own %d, the first's %d, the other's %d, the group's %d\n", who, getpriority(PRIO_PROCESS, 0),
         getpriority(PRIO_PROCESS, getpid()), getpriority(PRIO_PROCESS, other), getpriority(PRIO_PGRP, 0));
}

static void* be_nice(void* nothing) {
  other = (pid_t)syscall(SYS_gettid);
  tell_nice("a thread begins");
  say("its own", setpriority(PRIO_PROCESS, 0, 11));
  tell_nice("then");
  fflush(stdout);
  if (fork() == 0) {
    printf("its child's: %d\n", getpriority(PRIO_PROCESS, 0));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  pthread_barrier_wait(&both);
  pthread_barrier_wait(&both);
  tell_nice("as others set it");
  return nothing;
}

static void nice_values(void) {
  pthread_t thread;
  pthread_barrier_init(&both, NULL, 2);
  if (setpgid(0, 0) != 0) setsid(); /* a group of its own, which it may have */
  say("nice", setpriority(PRIO_PROCESS, 0, 7));
  pthread_create(&thread, NULL, be_nice, NULL);
  pthread_barrier_wait(&both);
  tell_nice("the first");
  say("the other's", setpriority(PRIO_PROCESS, other, 12));
  say("the first's", setpriority(PRIO_PROCESS, getpid(), 8));
  tell_nice("the first");
  say("all of the group's", setpriority(PRIO_PGRP, 0, 13));
  say("of nobody", setpriority(PRIO_PROCESS, 0x7fffffff, 13));
  say("nice", nice(1));
  pthread_barrier_wait(&both);
  pthread_join(thread, NULL);
}

/// What only a kernel that keeps processors busy for somebody can grant.
static void utilisation(void) {
  struct {
    unsigned size, policy;
    unsigned long long flags;
    int nice;
    unsigned priority;
    unsigned long long runtime, deadline, period;
    unsigned least, most;
  } how = {sizeof how, 0, 0x20, 0, 0, 0, 0, 0, 100, 0};
  const long answer = syscall(SYS_sched_setattr, 0, &how, 0);
  printf("least utilisation: %s\n", answer == 0 ? "granted" : strerror(errno));
}

int main(void) {
  utilisation();
  affinity();
  policies();
  nice_values();
  return 0;
}
