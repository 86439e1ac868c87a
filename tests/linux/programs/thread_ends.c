/* A process ends while its last thread does: whichever of them the host sees last, the process is gone and can be waited for. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int running, go;

static void* body(void* nothing) {
  running = 1;
  while (!go) sched_yield();
  syscall(SYS_exit, 0);
  return nothing;
}

static void spin(int turns) {
  for (volatile int i = 0; i < turns; ++i) continue;
}

int main(void) {
  int ended = 0;
  for (int round = 0; round < 100; ++round) {
    pid_t child = fork();
    if (child == 0) {
      pthread_t thread;
      pthread_create(&thread, 0, body, 0);
      while (!running) sched_yield();
      go = 1;
      spin(round * 200);
      /* The first thread alone, or all of them. */
      syscall(round % 2 ? SYS_exit : SYS_exit_group, 0);
    }
    int status = -1;
    ended += waitpid(child, &status, 0) == child && status == 0;
  }
  printf("%d ended\n", ended);
  return 0;
}
