/* Signals: the kernel calls `signal_entry` (start.S), which calls the handler and enters the context again. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

_sig_func_ptr signal_functions[NSIG];
void signal_entry(void);
int kernel_sigaction(int, const struct sigaction *, struct sigaction *);

int sigaction(int signal, const struct sigaction *action, struct sigaction *before) {
  if (signal <= 0 || signal >= NSIG) {
    errno = EINVAL;
    return -1;
  }
  const _sig_func_ptr old = signal_functions[signal];
  struct sigaction to;
  if (action != NULL) {
    to = *action;
    if (to.sa_handler != SIG_DFL && to.sa_handler != SIG_IGN) {
      signal_functions[signal] = to.sa_handler;
      to.sa_handler = (_sig_func_ptr)signal_entry;
    }
  }
  if (kernel_sigaction(signal, action != NULL ? &to : NULL, before) < 0) {
    signal_functions[signal] = old;
    return -1;
  }
  if (before != NULL && before->sa_handler == (_sig_func_ptr)signal_entry) before->sa_handler = old;
  return 0;
}

_sig_func_ptr signal(int number, _sig_func_ptr handler) {
  struct sigaction to = {.sa_flags = SA_RESTART, .sa_handler = handler}, before;
  return sigaction(number, &to, &before) < 0 ? SIG_ERR : before.sa_handler;
}
int raise(int number) { return kill(getpid(), number); }

/* Signal 1 is bit 0. */
static int valid(int signal) {
  if (signal > 0 && signal <= 128) return 1;
  errno = EINVAL;
  return 0;
}
int sigemptyset(sigset_t *set) {
  memset(set, 0, sizeof *set);
  return 0;
}
int sigfillset(sigset_t *set) {
  memset(set, 0xff, sizeof *set);
  return 0;
}
int sigaddset(sigset_t *set, int signal) {
  if (!valid(signal)) return -1;
  set->__bits[(signal - 1) / 32] |= 1u << (signal - 1) % 32;
  return 0;
}
int sigdelset(sigset_t *set, int signal) {
  if (!valid(signal)) return -1;
  set->__bits[(signal - 1) / 32] &= ~(1u << (signal - 1) % 32);
  return 0;
}
int sigismember(const sigset_t *set, int signal) {
  return valid(signal) ? (int)(set->__bits[(signal - 1) / 32] >> (signal - 1) % 32 & 1) : -1;
}
