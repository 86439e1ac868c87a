// A call, what it answers and the name of its error, in a line.
#pragma once

#include <errno.h>
#include <stdio.h>
#include <string.h>

static inline const char *error_name(int number) {
  const char *name = strerrorname_np(number);
  return name != NULL ? name : "?";
}

#define TELL(call)                                                                                                               \
  do {                                                                                                                           \
    errno = 0;                                                                                                                   \
    const long answer = (long)(call);                                                                                            \
    printf("%s: %ld %s\n", #call, answer, answer == -1 && errno != 0 ? error_name(errno) : "");                                  \
  } while (0)

/// Of a call whose answer is another one each time; written out at once.
#define TELL_OUTCOME(call)                                                                                                       \
  do {                                                                                                                           \
    errno = 0;                                                                                                                   \
    const long answer = (long)(call);                                                                                            \
    printf("%s: %s\n", #call, answer == -1 ? error_name(errno) : "ok");                                                          \
    fflush(stdout);                                                                                                              \
  } while (0)
