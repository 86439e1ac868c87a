// A part of a program in a child of its own, and how that ended.
#pragma once

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void in_child(const char *what, void (*work)(void)) {
  printf("-- %s\n", what);
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    work();
    fflush(stdout);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) printf("exits with %d\n", WEXITSTATUS(status));
  if (WIFSIGNALED(status)) printf("killed by %s\n", sigabbrev_np(WTERMSIG(status)));
}
