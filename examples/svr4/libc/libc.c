/* The little of a C library that the examples use. */
#include "stropts.h"
#include <stdarg.h>

size_t strlen(const char *s) {
  size_t n = 0;
  while (s[n]) ++n;
  return n;
}
int strncmp(const char *a, const char *b, size_t n) {
  for (; n > 0; --n, ++a, ++b) {
    if (*a != *b) return (uchar)*a - (uchar)*b;
    if (!*a) return 0;
  }
  return 0;
}
int strcmp(const char *a, const char *b) { return strncmp(a, b, ~0u); }
void *memset(void *to, int c, size_t n) {
  for (size_t i = 0; i < n; ++i) ((volatile char *)to)[i] = (char)c;
  return to;
}
void *memcpy(void *to, const void *from, size_t n) {
  for (size_t i = 0; i < n; ++i) ((volatile char *)to)[i] = ((const char *)from)[i];
  return to;
}
int memcmp(const void *a, const void *b, size_t n) {
  const uchar *p = a, *q = b;
  for (; n > 0; --n, ++p, ++q)
    if (*p != *q) return *p - *q;
  return 0;
}
char *getenv(const char *name) {
  const size_t n = strlen(name);
  for (char **e = environ; *e; ++e)
    if (!strncmp(*e, name, n) && (*e)[n] == '=') return *e + n + 1;
  return NULL;
}

static char buffer[256];
static uint used;

static void put(char c) {
  if (used == sizeof buffer) {
    write(1, buffer, used);
    used = 0;
  }
  buffer[used++] = c;
}

static void put_number(uint n, uint base, uint width, char fill) {
  char digits[32];
  uint count = 0;
  do {
    digits[count++] = "0123456789abcdef"[n % base];
    n /= base;
  } while (n);
  while (count < width && count < sizeof digits) digits[count++] = fill;
  while (count) put(digits[--count]);
}

/* %s %c %d %u %x %o with width and zero fill; every call is written at once. */
int printf(const char *format, ...) {
  va_list list;
  va_start(list, format);
  for (; *format; ++format) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    char fill = ' ';
    uint width = 0;
    if (*++format == '0') fill = '0';
    for (; *format >= '0' && *format <= '9'; ++format) width = width * 10 + (uint)(*format - '0');
    switch (*format) {
    case 's':
      for (const char *s = va_arg(list, const char *); *s; ++s) put(*s);
      break;
    case 'c': put((char)va_arg(list, int)); break;
    case 'd': {
      const int n = va_arg(list, int);
      if (n < 0) put('-');
      put_number(n < 0 ? 0u - (uint)n : (uint)n, 10, width, fill);
      break;
    }
    case 'u': put_number(va_arg(list, uint), 10, width, fill); break;
    case 'x': put_number(va_arg(list, uint), 16, width, fill); break;
    case 'o': put_number(va_arg(list, uint), 8, width, fill); break;
    default: put(*format);
    }
  }
  va_end(list);
  const int all = (int)used;
  write(1, buffer, used);
  used = 0;
  return all;
}

int failures;

int check(int holds, const char *what) {
  const int error = errno;
  if (holds) {
    printf("ok %s\n", what);
  } else {
    printf("FAIL %s (errno %d)\n", what, error);
    ++failures;
  }
  return holds;
}

int check_error(int answer, int error, const char *what) {
  if (answer == -1 && errno == error) return check(1, what);
  printf("FAIL %s: answered %d, errno %d instead of %d\n", what, answer, errno, error);
  ++failures;
  return 0;
}

/* <stropts.h>: a stream knows this request; anything else does not. */
int isastream(int fd) {
  const int answer = ioctl(fd, I_CANPUT, 0);
  if (answer < 0 && errno == EBADF) return -1;
  return answer >= 0;
}
int fattach(int fd, const char *path) {
  return mount(NULL, path, MS_DATA, "namefs", &fd, sizeof fd);
}
int fdetach(const char *path) { return umount(path); }
