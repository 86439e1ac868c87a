/* answered NUMBER[.SELECTOR]=ERROR...: makes each call without arguments but its selector, and tells of one that does not answer the
 * error. With ERROR 0 it has to succeed. */
#include "svr4.h"

enum { ioctl_number = 54, fcntl_number = 62 };

static uint number(const char **at) {
  uint n = 0;
  for (; **at >= '0' && **at <= '9'; ++*at) n = n * 10 + (uint)(**at - '0');
  return n;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    const char *at = argv[i];
    const uint call = number(&at);
    uint selector = 0;
    if (*at == '.') {
      ++at;
      selector = number(&at);
    }
    if (*at++ != '=') {
      check(0, argv[i]);
      continue;
    }
    const int error = (int)number(&at);
    const int is_request = call == ioctl_number || call == fcntl_number;
    const int answer = is_request ? gate7((int)call, 1, selector, 0, 0, 0, 0) : gate7((int)call, selector, 0, 0, 0, 0, 0);
    if (error == 0 ? answer < 0 : answer != -1 || errno != error) {
      printf("FAIL %s: answered %d, errno %d\n", argv[i], answer, errno);
      ++failures;
    }
  }
  printf("%d calls\n", argc - 1);
  return failures != 0;
}
