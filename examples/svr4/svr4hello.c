/* Says what system it runs on, and shows its arguments and environment. */
#include "libc/svr4.h"

int main(int argc, char **argv, char **envp) {
  struct utsname names;
  if (uname(&names) < 0) {
    printf("uname: errno %d\n", errno);
    return 1;
  }
  printf("hello from %s %s on %s\n", names.sysname, names.release, names.machine);
  for (int i = 1; i < argc; ++i) printf("argv[%d] = %s\n", i, argv[i]);
  int count = 0;
  for (char **e = envp; *e; ++e) ++count;
  if (getenv("SVR4HELLO_SHOW_ENVIRONMENT"))
    for (char **e = envp; *e; ++e) printf("%s\n", *e);
  return argc > 0 && count >= 0 ? 0 : 1;
}
