// A guest that does one thing, named by its first argument, with the system calls of x86-64 Linux and nothing else.
#include "guest_calls.h"

static void sleep_for_ever(void) {
  const long time[2] = {1000, 0};
  for (;;) call(nr_nanosleep, (word)time, 0, 0, 0);
}

static void hostile_pointers(void) {
  const long fault = -14;
  check(call(nr_write, 1, 16, 8, 0) == fault, "an unmapped address");
  check(call(nr_write, 1, 0x7ff800000000, 8, 0) == fault, "the kernel's text");
  check(call(nr_write, 1, 0x7ff810000000, 8, 0) == fault, "the kernel's data");
  check(call(nr_read, 0, 0x7ff900000000, 8, 0) == fault, "the kernel's stacks");
  check(call(nr_write, 1, 0x7ff7fffffffc, 8, 0) == fault, "across the border");
  check(call(nr_write, 1, 0x8000000000000000, 8, 0) == fault, "no canonical address");
}

static double keep(double value, long number) {
  asm volatile("movq %1, %%xmm7\n\tmov %2, %%rax\n\tsyscall\n\tmovq %%xmm7, %0"
               : "=x"(value) : "x"(value), "r"(number) : "rax", "rcx", "r11", "xmm7", "memory");
  return value;
}

static void floating_point(void) {
  check(keep(1.5, nr_getpid) == 1.5, "a call keeps the registers");
  const word parent = (word)call(nr_getpid, 0, 0, 0, 0);
  check(keep(2.5, nr_fork) == 2.5, "fork keeps the registers on both sides");
  if ((word)call(nr_getpid, 0, 0, 0, 0) != parent) leave(0);
  int status = -1;
  call(nr_wait4, (word)-1, (word)&status, 0, 0);
  check(status == 0, "the child's registers");
}

static volatile int value;
static void memory(void) {
  int status = 0;
  if (call(nr_fork, 0, 0, 0, 0) == 0) {
    value = 1;
    leave(0);
  }
  call(nr_wait4, (word)-1, (word)&status, 0, 0);
  check(value == 0, "fork copies");
  long child;
  asm volatile("syscall" : "=a"(child) : "a"((long)nr_vfork) : "rcx", "r11", "memory");
  if (child == 0) {
    value = 2;
    leave(0);
  }
  check(value == 2, "vfork shares");
}

static void tree(void) {
  for (int i = 0; i < 3; ++i)
    if (call(nr_fork, 0, 0, 0, 0) == 0) break;
  say("up\n");
  sleep_for_ever();
}

static void spin(void) {
  say("up\n");
  for (;;) value = 1;
}

static void work_for_ever(void) {
  for (int i = 0; i < 3; ++i) call(nr_fork, 0, 0, 0, 0);
  for (;;) {
    if (call(nr_fork, 0, 0, 0, 0) == 0) leave(0);
    int status;
    call(nr_wait4, (word)-1, (word)&status, 0, 0);
    call(nr_sched_yield, 0, 0, 0, 0);
  }
}

static void many_children(void) {
  for (int i = 0; i < 300; ++i) {
    const long child = call(nr_fork, 0, 0, 0, 0);
    check(child >= 0, "fork");
    if (child == 0) leave(i & 0x7f);
    int status = -1;
    check(call(nr_wait4, (word)child, (word)&status, 0, 0) == child, "wait4");
    check(status == (i & 0x7f) << 8, "the child's status");
  }
}

static void read_line(void) {
  char text[64];
  say("ready\n");
  const long size = call(nr_read, 0, (word)text, sizeof text, 0);
  if (size > 0) call(nr_write, 1, (word)text, (word)size, 0);
}

void start(const long* stack) {
  const char* what = stack[0] > 1 ? (const char*)stack[2] : "";
  if (same(what, "exit")) leave(42);
  if (same(what, "fault")) value = *(volatile int*)8;
  if (same(what, "abort")) call(nr_kill, (word)call(nr_getpid, 0, 0, 0, 0), 6, 0, 0);
  if (same(what, "hostile")) hostile_pointers();
  if (same(what, "floating")) floating_point();
  if (same(what, "memory")) memory();
  if (same(what, "tree")) tree();
  if (same(what, "spin")) spin();
  if (same(what, "work")) work_for_ever();
  if (same(what, "children")) many_children();
  if (same(what, "line")) read_line();
  leave(0);
}

asm(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");
