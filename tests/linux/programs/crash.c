/* Two threads, and a third that crashes: for a debugger. */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

static __thread volatile int own_word;
static pthread_barrier_t all_there;
static volatile int turns;
static const char* volatile text = "a text";
static double volatile number = 2.5;

static void* sleeps(void* argument) {
  own_word = 7;
  pthread_barrier_wait(&all_there);
  for (;;) pause();
  return argument;
}

static void* spins(void* argument) {
  own_word = 8;
  pthread_barrier_wait(&all_there);
  for (;;) ++turns;
  return argument;
}

__attribute__((noinline)) static int writes(int depth, intptr_t where) {
  own_word = depth;
  *(volatile int*)where = depth;
  return depth;
}

__attribute__((noinline)) static int goes_deeper(int depth, intptr_t where) {
  volatile double local = number * depth;
  return (depth < 3 ? goes_deeper(depth + 1, where) : writes(depth + 1, where)) + (int)local;
}

int main(void) {
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &limit);
  pthread_t thread;
  pthread_barrier_init(&all_there, NULL, 3);
  pthread_create(&thread, NULL, sleeps, NULL);
  pthread_create(&thread, NULL, spins, NULL);
  pthread_barrier_wait(&all_there);
  usleep(50000); /* until one of them sleeps */
  return goes_deeper(1, 0x40);
}
