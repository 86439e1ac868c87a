/* The reference kernel's own ABI, as its programs see it: the numbers of its calls and of its vocabulary. */
#ifndef POLYABI_EXAMPLES_NATIVE_H
#define POLYABI_EXAMPLES_NATIVE_H

typedef unsigned long u64;
typedef unsigned int u32;

enum { call_exit = 0, call_open = 1, call_close = 2, call_read = 3, call_write = 4, call_fstat = 11, call_dup_to = 39, call_pipe = 49,
       call_fork = 80, call_exec = 82, call_wait = 84, call_getpid = 85, call_kill = 140, call_set_action = 142,
       call_system_names = 180 };
enum { here = -100, error_noent = 2, error_again = 35, flag_creat = 0x200, flag_nonblock = 4, signal_usr1 = 30 };
enum { sigaction_siginfo = 0x40, sigaction_restorer = 0x100, wait_for_pid = 1, wait_exited = 16 };

struct names { char sysname[65], nodename[65], release[65], version[65], machine[65], domain[65]; };
struct wait_request { int target, id; u32 flags; };
struct wait_report { int pid, status; u32 uid; long usage[18]; };
struct sigaction { u64 handler, restorer; u32 flags; u64 mask[2]; };

long call(long number, ...);

void restorer(void);

static inline u64 length_of(const char *text) {
  u64 n = 0;
  while (text[n]) ++n;
  return n;
}
static inline void print(const char *text) { call(call_write, 1, text, length_of(text)); }
static inline void print_number(long value) {
  char digits[24];
  int at = sizeof digits;
  u64 left = value < 0 ? -(u64)value : (u64)value;
  digits[--at] = 0;
  do {
    digits[--at] = (char)('0' + left % 10);
    left /= 10;
  } while (left);
  if (value < 0) digits[--at] = '-';
  print(digits + at);
}

#endif
