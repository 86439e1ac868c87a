/* <sys/wait.h> of System V Release 4. */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H
#include <sys/types.h>

#define WUNTRACED 04
#define WNOHANG 0100

#define WIFEXITED(w) (((w) & 0xff) == 0)
#define WEXITSTATUS(w) ((w) >> 8 & 0xff)
#define WIFSTOPPED(w) (((w) & 0xff) == 0x7f)
#define WSTOPSIG(w) WEXITSTATUS(w)
#define WIFSIGNALED(w) (!WIFEXITED(w) && !WIFSTOPPED(w))
#define WTERMSIG(w) ((w) & 0x7f)
#define WCOREDUMP(w) ((w) & 0x80)

struct rusage;
pid_t wait(int *), waitpid(pid_t, int *, int), wait3(int *, int, struct rusage *);
#endif
