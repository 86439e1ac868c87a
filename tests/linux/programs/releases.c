/* Which calls of different ages there are, and how long their structures: one word for each. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Makes a call with arguments that are refused, if the call is there. */
static void ask(const char* name, long number) {
  errno = 0;
  if (syscall(number, -1L, -1L, -1L, -1L, -1L, -1L) == -1 && errno == ENOSYS) printf(" -%s", name);
}

int main(void) {
  ask("dup3", SYS_dup3);
  ask("renameat2", SYS_renameat2);
  ask("mlock2", SYS_mlock2);
  ask("copy_file_range", SYS_copy_file_range);
  ask("statx", SYS_statx);
  ask("pidfd_open", 434);
  ask("openat2", 437);
  ask("close_range", 436);
#ifdef __i386__
  ask("connect", 362);
  ask("clock_gettime64", 403);
#endif
  unsigned attributes[32] = {0};
  if (syscall(SYS_sched_getattr, 0, attributes, sizeof attributes, 0) == 0) printf(" sched_attr=%u", attributes[0]);
  /* struct clone_args with a signal that there is not, and something in its last word. */
  unsigned long long arguments[11] = {0};
  arguments[4] = 65;
  arguments[10] = 1;
  const long child = syscall(435, arguments, sizeof arguments);
  if (child == 0) _exit(0);
  printf(" clone3=%s\n", child > 0 ? "made" : errno == ENOSYS ? "ENOSYS" : errno == E2BIG ? "E2BIG" : errno == EINVAL ? "EINVAL" : "?");
  return 0;
}
