// getpid by the gates of 32-bit programs, so many times: gate_calls WAY TURNS. Of the C library's there is nothing here: the program
// that calls through `lcall` is one of System V's, which says how it fails by the carry flag, and both have the same two numbers.
typedef unsigned long word;
enum { nr_exit = 1, nr_getpid = 20 };

#ifdef SYSTEM_V
#define ENTER "lcall $7, $0"
#else
#define ENTER "int $0x80"
#endif

static word library_entry;

static void by_gate(long turns) {
  for (; turns > 0; --turns) {
    long answer;
    asm volatile("mov $20, %%eax\n\t" ENTER : "=a"(answer) : : "edx", "memory", "cc");
  }
}

static void by_library(long turns) {
  for (; turns > 0; --turns) {
    long answer = nr_getpid;
    asm volatile("call *%1" : "+a"(answer) : "m"(library_entry) : "memory", "cc");
  }
}

static long number(const char* digits) {
  long value = 0;
  while (*digits >= '0' && *digits <= '9') value = value * 10 + (*digits++ - '0');
  return value;
}

static word auxiliary(const word* stack, word type) {
  const word* p = stack + 1 + stack[0] + 1;
  while (*p != 0) ++p;
  for (++p; *p != 0; p += 2)
    if (*p == type) return p[1];
  return 0;
}

/// The stack begins with the count of arguments and their addresses.
void start(const word* stack) {
  long status = 2;
  if (stack[0] == 3) {
    const char* way = (const char*)stack[2];
    const long turns = number((const char*)stack[3]);
    const word at_sysinfo = 32;
    status = 0;
    if (way[0] == 'g')
      by_gate(turns);
    else if ((library_entry = auxiliary(stack, at_sysinfo)) != 0)
      by_library(turns);
    else
      status = 1;
  }
  // Where System V has its arguments, too.
  asm volatile("push %0\n\tpush %0\n\tmov $1, %%eax\n\t" ENTER : : "b"(status) : "eax", "memory");
  __builtin_unreachable();
}

asm(".globl _start\n_start:\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall start\n");
