/* Processes that share what threads share otherwise: clone(2) with CLONE_FS and CLONE_SIGHAND, until one parts from it or becomes
   another program. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char stack[64 * 1024] __attribute__((aligned(16)));
static volatile sig_atomic_t handled;

static void on_signal(int number) { handled = number; }

static int go_elsewhere(void* where) {
  umask(027);
  return chdir(where);
}

static int part(void* where) {
  if (unshare(CLONE_FS) != 0) return 1;
  umask(077);
  return chdir(where);
}

static int become(void* word) {
  execl("/proc/self/exe", "program", (char*)word, (char*)0);
  return 99;
}

static int handle(void* nothing) {
  (void)nothing;
  signal(SIGUSR1, on_signal);
  signal(SIGUSR2, SIG_IGN);
  return 0;
}

static int handle_once(void* nothing) {
  (void)nothing;
  const struct sigaction once = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
  sigaction(SIGUSR1, &once, NULL);
  raise(SIGUSR1);
  return handled == SIGUSR1 ? 0 : 1;
}

static void look(const char* what) {
  char here[256] = "";
  if (getcwd(here, sizeof here) == NULL) return;
  const mode_t mask = umask(0);
  umask(mask);
  struct sigaction one, other;
  sigaction(SIGUSR1, NULL, &one);
  sigaction(SIGUSR2, NULL, &other);
  printf("%s: in %s, mask %o, handler %s, other %s\n", what, here, mask, one.sa_handler == on_signal ? "set" : "default",
         other.sa_handler == SIG_IGN ? "ignored" : "default");
  fflush(stdout);
}

static void child(const char* what, int (*body)(void*), int flags, void* argument) {
  int status = -1;
  errno = 0;
  const pid_t made = clone(body, stack + sizeof stack, flags | SIGCHLD, argument);
  if (made > 0) waitpid(made, &status, __WALL);
  printf("%s: %s, ended with %d\n", what, made > 0 ? "made" : error_name(errno), WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  look("then");
}

int main(int count, char** words) {
  if (count > 1) {
    look(words[1]);
    umask(07);
    return chdir("/usr");
  }
  if (chdir("/") != 0) return 1;
  umask(022);
  look("first");
  child("its own", go_elsewhere, 0, "/tmp");
  child("shared", go_elsewhere, CLONE_FS, "/tmp");
  child("parts", part, CLONE_FS, "/usr");
  child("a program", become, CLONE_FS, "a program that shares");
  child("with memory", go_elsewhere, CLONE_FS | CLONE_VM, "/");
  child("handlers without memory", handle, CLONE_SIGHAND, NULL);
  child("own handlers", handle, CLONE_VM, NULL);
  child("shared handlers", handle, CLONE_VM | CLONE_SIGHAND, NULL);
  child("a program with shared handlers", become, CLONE_VM | CLONE_VFORK | CLONE_SIGHAND, "a program");
  signal(SIGUSR1, SIG_DFL);
  child("once", handle_once, CLONE_VM | CLONE_SIGHAND, NULL);
  child("all but the thread", go_elsewhere, CLONE_VM | CLONE_SIGHAND | CLONE_FS | CLONE_FILES | CLONE_UNTRACED, "/usr");
  child("a thread without handlers", go_elsewhere, CLONE_VM | CLONE_THREAD, "/");
  return 0;
}
