// System calls of Linux, x86-64 and i386, and what guests without a C library say with them.
#pragma once

typedef unsigned long word;

#ifdef __x86_64__
enum { nr_read = 0, nr_write = 1, nr_rt_sigaction = 13, nr_rt_sigreturn = 15, nr_sched_yield = 24, nr_nanosleep = 35, nr_getpid = 39,
       nr_fork = 57, nr_vfork = 58, nr_execve = 59, nr_exit = 60, nr_wait4 = 61, nr_kill = 62, nr_getppid = 110, nr_arch_prctl = 158 };

static long call(long number, word a, word b, word c, word d) {
  long result;
  register word r10 asm("r10") = d;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return result;
}
#else
enum { nr_exit = 1, nr_fork = 2, nr_read = 3, nr_write = 4, nr_getpid = 20, nr_kill = 37, nr_getppid = 64, nr_rt_sigaction = 174 };

static long call(long number, word a, word b, word c, word d) {
  long result;
  asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
  return result;
}
#endif

static word length(const char* text) {
  word n = 0;
  while (text[n] != 0) ++n;
  return n;
}
static void say(const char* text) { call(nr_write, 1, (word)text, length(text), 0); }
static int same(const char* a, const char* b) {
  while (*a != 0 && *a == *b) ++a, ++b;
  return *a == *b;
}
static void leave(int status) {
  for (;;) call(nr_exit, (word)status, 0, 0, 0);
}
static void check(int holds, const char* what) {
  if (holds) return;
  say("failed: ");
  say(what);
  say("\n");
  leave(1);
}
