// A guest that reaches for the kernel's memory. `pages` is told where: a line "START END STEP" on standard input, in
// hexadecimal. It answers "open START END" for each run of pages that it could read or write, and "done PAGES". `ways` tries a
// few pages on every way back from the kernel that there is.
#include "guest_calls.h"

// Make one access; 0 if it was refused. What is written is what is there.
int load(word address), store(word address);
extern const char refused[];
void restorer(void);
long new_thread(void* stack, void (*function)(void), int* alive);
asm("  .globl load, store, refused, restorer, new_thread\n"
    "load:\n  movb (%rdi), %cl\n  mov $1, %eax\n  ret\n"
    "store:\n  lock orb $0, (%rdi)\n  mov $1, %eax\n  ret\n"
    "refused:\n  xor %eax, %eax\n  ret\n"
    "restorer:\n  mov $15, %eax\n  syscall\n"
    // clone(CLONE_VM | FS | FILES | SIGHAND | THREAD | SYSVSEM | CHILD_CLEARTID)
    "new_thread:\n  mov %rsi, %r9\n  mov %rdi, %rsi\n  mov %rdx, %r10\n  mov $0x250f00, %edi\n  mov $56, %eax\n  syscall\n"
    "  test %rax, %rax\n  jz 1f\n  ret\n"
    "1: call *%r9\n  mov $60, %eax\n  xor %edi, %edi\n  syscall\n");

static const char* program;
static volatile word expected; // of the next fault
static volatile int signals;

/// Words of a signal frame (struct ucontext), and its floating-point state.
enum { frame_rip = 21, frame_error = 24, frame_trap = 25, frame_fpstate = 28 };
static const word header = 512, extended = 576;
static volatile enum { as_it_is, without_state, without_components, all_zero } return_by;

static int is_thread, tries_in_handlers;
void on_fault(int number, const unsigned* info, word* frame) {
  const word address = *(const word*)(info + 4);
  check(number == 11 && info[2] == 1, "the signal is SIGSEGV with SEGV_MAPERR");
  check(is_thread || address == expected, "its address is that of the access");
  check(frame[frame_trap] == 14 && (frame[frame_error] & ~2ul) == 4, "the processor's error is that of an absent page");
  check(frame[frame_rip] == (word)load || frame[frame_rip] == (word)store, "it is at the access");
  frame[frame_rip] = (word)refused;
}

static void must_refuse(word address) {
  expected = address;
  check(load(address) == 0, "a load from the kernel is refused");
  check(store(address) == 0, "a store to the kernel is refused");
}

/// A page of each kind: constants, text, data, this thread's state and its kernel stack, and the page store.
static void try_some(void) {
  word state;
  asm volatile("rdgsbase %0" : "=r"(state));
  must_refuse(0x7ff800000000);
  must_refuse(0x7ff800100000);
  must_refuse(0x7ff810000000);
  if (state != 0) {
    must_refuse(state);
    must_refuse(state + 0x10000);
  }
  must_refuse(0x7ff900000000);
  must_refuse(0x7ff920000000);
}

/// Inside of a handler, and then by a return with a state that says nothing of rights, or too much.
void on_signal(int number, const void* info, word* frame) {
  (void)number, (void)info;
  ++signals;
  if (tries_in_handlers) try_some();
  unsigned char* state = (unsigned char*)frame[frame_fpstate];
  unsigned size = 0;
  if (state != 0) size = *(const unsigned*)(state + 480);
  switch (return_by) {
  case as_it_is: break;
  case without_state: frame[frame_fpstate] = 0; break;
  case without_components: *(word*)(state + header) = 0; break;
  case all_zero:
    *(word*)(state + header) |= 0x200;
    for (word at = extended; at < size; ++at) state[at] = 0;
    break;
  }
}

static void handle(int number, void* handler) {
  const struct { word handler, flags, restorer, mask; } action = {(word)handler, 0x44000004, (word)restorer, 0}; // SA_NODEFER
  check(call(nr_rt_sigaction, (word)number, (word)&action, 0, 8) == 0, "rt_sigaction");
}

static void call_and_try(long self) {
  for (int round = 0; round < 12; ++round) { // the first ones are dispatched, the others jump
    check(call(nr_getpid, 0, 0, 0, 0) == self, "a call's answer");
    try_some();
  }
}

static void wait_for_child(void) {
  int status = -1;
  check(call(nr_wait4, (word)-1, (word)&status, 0, 0) > 0 && status == 0, "a child's end");
}

static int alive[4];
static void in_thread(void) {
  for (int round = 0; round < 100; ++round) {
    call(nr_sched_yield, 0, 0, 0, 0);
    try_some();
  }
}

static void threads(void) {
  static char stacks[4][16384];
  is_thread = 1;
  for (int i = 0; i < 4; ++i) {
    alive[i] = 1;
    check(new_thread(stacks[i + 1], in_thread, &alive[i]) > 0, "clone");
  }
  in_thread();
  for (int i = 0; i < 4; ++i)
    while (*(volatile int*)&alive[i] != 0) call(nr_sched_yield, 0, 0, 0, 0);
  is_thread = 0;
}

static void ways(void) {
  const long self = call(nr_getpid, 0, 0, 0, 0);
  call_and_try(self);
  tries_in_handlers = 1;
  for (return_by = as_it_is; return_by <= all_zero; ++return_by)
    for (int round = 0; round < 12; ++round) {
      signals = 0;
      call(nr_kill, (word)self, 10, 0, 0);
      check(signals == 1, "a signal");
      try_some();
    }
  return_by = as_it_is;
  for (int round = 0; round < 3; ++round) {
    if (call(nr_fork, 0, 0, 0, 0) == 0) {
      call_and_try(call(nr_getpid, 0, 0, 0, 0));
      leave(0);
    }
    call_and_try(self);
    wait_for_child();
  }
  const char* const again[] = {program, "some", 0};
  for (int round = 0; round < 3; ++round) {
    long child;
    asm volatile("syscall" : "=a"(child) : "a"((long)nr_vfork) : "rcx", "r11", "memory");
    if (child == 0) {
      try_some();
      call(nr_execve, (word)program, (word)again, (word)(again + 2), 0);
      leave(1);
    }
    try_some();
    wait_for_child();
  }
  threads();
  call_and_try(self);
}

static char line[256];
/// A line without its end; 0 at the end of the input.
static int read_line(void) {
  word size = 0;
  while (size < sizeof line - 1 && call(nr_read, 0, (word)(line + size), 1, 0) == 1 && line[size] != '\n') ++size;
  line[size] = 0;
  return size != 0;
}

static word number(const char** text) {
  word value = 0;
  while (**text == ' ') ++*text;
  for (; (**text >= '0' && **text <= '9') || (**text >= 'a' && **text <= 'f'); ++*text)
    value = value * 16 + (word)(**text <= '9' ? **text - '0' : **text - 'a' + 10);
  return value;
}

static void say_number(word value) {
  char digits[18] = " ";
  int at = 1;
  for (int shift = 60; shift >= 0; shift -= 4)
    if (value >> shift != 0 || shift == 0) digits[at++] = "0123456789abcdef"[value >> shift & 15];
  say(digits);
}

static void say_open(word start, word end) {
  if (start == 0) return;
  say("open");
  say_number(start);
  say_number(end);
  say("\n");
}

static void pages(void) {
  const long self = call(nr_getpid, 0, 0, 0, 0);
  say("up\n");
  while (read_line()) {
    const char* rest = line;
    const word start = number(&rest), end = number(&rest), step = number(&rest);
    word tried = 0, open_from = 0;
    for (word page = start; page < end; page += step, ++tried) {
      expected = page;
      int is_open = load(page);
      expected = page + 4088;
      is_open |= store(page + 4088);
      if (is_open && open_from == 0) open_from = page;
      if (!is_open) {
        say_open(open_from, page);
        open_from = 0;
      }
      if (tried % 64 != 0) continue;
      check(call(nr_getpid, 0, 0, 0, 0) == self, "a call in between");
      signals = 0;
      call(nr_kill, (word)self, 10, 0, 0);
      check(signals == 1, "a signal in between");
    }
    say_open(open_from, end);
    say("done");
    say_number(tried);
    say("\n");
  }
}

void start(const long* stack) {
  program = (const char*)stack[1];
  const char* what = stack[0] > 1 ? (const char*)stack[2] : "";
  handle(11, (void*)on_fault);
  handle(10, (void*)on_signal);
  if (same(what, "pages")) pages();
  if (same(what, "some")) call_and_try(call(nr_getpid, 0, 0, 0, 0));
  if (same(what, "ways")) ways();
  say("ok\n");
  leave(0);
}

asm(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");
