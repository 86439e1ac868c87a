/* For programs that trace a child: registers by what they are for, the child, and what a wait says of it. */
#pragma once
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
#define RESULT rax
#define NUMBER orig_rax
#define PLACE rip
#else
#define RESULT eax
#define NUMBER orig_eax
#define PLACE eip
#endif

static const char* event_name(int event) {
  static const char* names[] = {"none", "fork", "vfork", "clone", "exec", "vfork done", "exit", "seccomp"};
  return event < 8 ? names[event] : event == PTRACE_EVENT_STOP ? "stop" : "?";
}

static void tell(const char* what, pid_t got, pid_t wanted, int status) {
  printf("%s: %s", what, got == wanted ? "" : "(another) ");
  if (got < 0) printf("error %d\n", errno);
  else if (WIFSTOPPED(status)) printf("stopped by %d%s, event %s\n", WSTOPSIG(status) & 0x7f, WSTOPSIG(status) & 0x80 ? " at a call" : "", event_name(status >> 16));
  else if (WIFEXITED(status)) printf("exited with %d\n", WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) printf("killed by %d\n", WTERMSIG(status));
  else printf("status %x\n", status);
}

static int wait_and_tell(const char* what, pid_t child) {
  int status = 0;
  pid_t got = waitpid(child, &status, __WALL);
  tell(what, got, child, status);
  return status;
}

/* Stopped, with a tracer, before it does this. */
static pid_t traced_child(void (*body)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child != 0) return child;
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(99);
  raise(SIGSTOP);
  body();
  _exit(0);
}
