/* <signal.h> of System V Release 4: sys/signal.h. */
#ifndef _SYS_SIGNAL_H
#define _SYS_SIGNAL_H
#include <_ansi.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/types.h>

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGIOT 6
#define SIGABRT 6
#define SIGEMT 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGBUS 10
#define SIGSEGV 11
#define SIGSYS 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGUSR1 16
#define SIGUSR2 17
#define SIGCLD 18
#define SIGCHLD 18
#define SIGPWR 19
#define SIGWINCH 20
#define SIGURG 21
#define SIGPOLL 22
#define SIGIO 22
#define SIGSTOP 23
#define SIGTSTP 24
#define SIGCONT 25
#define SIGTTIN 26
#define SIGTTOU 27
#define SIGVTALRM 28
#define SIGPROF 29
#define SIGXCPU 30
#define SIGXFSZ 31
#define NSIG 32

#define SIG_BLOCK 1
#define SIG_UNBLOCK 2
#define SIG_SETMASK 3

#define SA_ONSTACK 0x1
#define SA_RESETHAND 0x2
#define SA_RESTART 0x4
#define SA_SIGINFO 0x8
#define SA_NODEFER 0x10
#define SA_NOCLDWAIT 0x10000
#define SA_NOCLDSTOP 0x20000

typedef void (*_sig_func_ptr)(int);
struct sigaction {
  int sa_flags;
  _sig_func_ptr sa_handler;
  sigset_t sa_mask;
  int sa_resv[2];
};

int kill(pid_t, int), killpg(pid_t, int);
int sigaction(int, const struct sigaction *, struct sigaction *), sigprocmask(int, const sigset_t *, sigset_t *);
int sigpending(sigset_t *), sigsuspend(const sigset_t *);
int sigemptyset(sigset_t *), sigfillset(sigset_t *);
int sigaddset(sigset_t *, int), sigdelset(sigset_t *, int), sigismember(const sigset_t *, int);
#endif
