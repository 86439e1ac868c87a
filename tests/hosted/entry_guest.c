// A guest that looks closely at what a system call leaves alone, made from sites that the kernel turns into jumps.
#include "entry_checks.h"

// In assembly below: a getpid from each shape of site that can be changed, with every register and flag holding a pattern. Each
// writes what it finds afterwards to `after` and answers rax. `instruction` is the first site's own instruction.
typedef long made_call(word flags);
made_call id_by_number, id_by_two_bytes, id_by_three_bytes, id_by_four_bytes, id_by_argument, id_beside_gap;
static made_call* const shapes[] = {id_by_number, id_by_two_bytes, id_by_three_bytes, id_by_four_bytes, id_by_argument, id_beside_gap};
enum { shape_count = sizeof shapes / sizeof *shapes };
extern word after[17];
extern const char instruction[];
/// Beside the last shape: room for a jump, which the program itself never enters.
extern const char gap[], gap_end[];

asm("  .macro id_by name, first, last, label, behind=\n"
    "  .globl \\name\n"
    "\\name:\n"
    "  push %rbx\n  push %rbp\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
    "  mov $0x5555555555555555, %rbx\n"
    "  movq %rbx, %xmm6\n  movq %rbx, %xmm15\n"
    "  bt $10, %rdi\n  jnc 1f\n  std\n"
    "1: mov %rdi, %rcx\n  shr $11, %rcx\n  and $1, %ecx\n  mov %edi, %eax\n  mov %al, %ah\n  addb $0x7f, %cl\n  sahf\n"
    "  mov %rbx, -8(%rsp)\n  mov %rbx, -120(%rsp)\n" // the red zone
    "  movq $0x1006, -24(%rsp)\n  movq $39, -32(%rsp)\n"
    "  mov $0x1001, %rdx\n  mov $0x1002, %rsi\n  mov $0x1003, %rdi\n  mov $39, %rbp\n"
    "  mov $0x1005, %r8\n  mov $0x1006, %r9\n  mov $0x1007, %r10\n  mov $0x1008, %r12\n"
    "  mov $0x1009, %r13\n  mov $0x100a, %r14\n  mov $39, %r15\n"
    "  \\first\n"
    "  \\last\n" // nothing may stand between this and the instruction
    "\\label:\n"
    "  syscall\n"
    "  \\behind\n"
    "  mov %rbx, after(%rip)\n  mov %rdx, after+8(%rip)\n  mov %rsi, after+16(%rip)\n  mov %rdi, after+24(%rip)\n"
    "  mov %rbp, after+32(%rip)\n  mov %r8, after+40(%rip)\n  mov %r9, after+48(%rip)\n  mov %r10, after+56(%rip)\n"
    "  mov %r12, after+64(%rip)\n  mov %r13, after+72(%rip)\n  mov %r14, after+80(%rip)\n  mov %r15, after+88(%rip)\n"
    "  mov -120(%rsp), %rdx\n  mov %rdx, after+104(%rip)\n  mov -8(%rsp), %rdx\n  mov %rdx, after+128(%rip)\n"
    "  movq %xmm6, %rdx\n  mov %rdx, after+112(%rip)\n  movq %xmm15, %rdx\n  mov %rdx, after+120(%rip)\n"
    "  pushfq\n  pop %rdx\n  mov %rdx, after+96(%rip)\n"
    "  cld\n"
    "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbp\n  pop %rbx\n"
    "  ret\n"
    "  .endm\n"
    "  .macro skip_gap\n"
    "  jmp 3f\n"
    "gap: .zero 16, 0x90\n  .balign 16, 0x90\n"
    "gap_end:\n"
    "3:\n"
    "  .endm\n"
    "  .globl instruction, after, gap, gap_end\n"
    "  .zero 96, 0x90\n"
    "  id_by id_by_number, \"nop\", \"mov $39, %eax\", instruction\n"
    "  id_by id_by_two_bytes, \"mov $0, %eax\", \"mov %ebp, %eax\", 2\n"
    "  id_by id_by_three_bytes, \"mov $0, %eax\", \"mov %r15d, %eax\", 2\n"
    "  id_by id_by_four_bytes, \"mov $39, %eax\", \"mov -32(%rsp), %ebp\", 2\n"
    "  id_by id_by_argument, \"mov $39, %eax\", \"mov -24(%rsp), %r9\", 2\n"
    "  id_by id_beside_gap, \"mov $0, %eax\", \"mov %ebp, %eax\", 2, skip_gap\n"
    "  .bss\n  .balign 8\nafter: .zero 136\n  .text\n"
    "  .globl restorer, on_signal, faulting, faulting_load, read_by_xor\n"
    "faulting:\n"
    "  mov $39, %eax\n"
    "faulting_load:\n"
    "  mov (%rdi), %rsi\n"
    "  syscall\n"
    "  ret\n"
    "read_by_xor:\n"
    "  xor %eax, %eax\n"
    "  syscall\n"
    "  cmp $-4096, %rax\n"
    "  ret\n"
    "restorer:\n  mov $15, %rax\n  syscall\n");
long faulting(const word* from), read_by_xor(long descriptor, char* to, word size);
extern const char faulting_load[];
void restorer(void);

static made_call* shape = id_by_number;

static void call_and_compare(word flags, long self) {
  check(shape(flags) == self, "the answer");
  check(after[0] == 0x5555555555555555, "rbx");
  for (word i = 1; i <= 11; ++i) check(after[i] == (i == 4 || i == 11 ? 39 : 0x1000 + i), "a register");
  check((after[12] & (arithmetic | direction)) == (flags & (arithmetic | direction)), "the flags");
  check(after[13] == 0x5555555555555555 && after[16] == 0x5555555555555555, "the red zone");
  check(after[14] == 0x5555555555555555 && after[15] == 0x5555555555555555, "vector registers");
}

// A program may ask for faults at unaligned accesses: the kernel, which makes some, must not have them, and the program keeps the flag.
static const word alignment = 0x40000;
static long aligned_call(long number, word first, word second, word third, word *flags_after) {
  long answer;
  asm volatile("pushfq\n\torl $0x40000, (%%rsp)\n\tpopfq\n\t"
               "syscall\n\t"
               "pushfq\n\tmov (%%rsp), %[after]\n\tandl $~0x40000, (%%rsp)\n\tpopfq"
               : "=a"(answer), [after] "=&r"(*flags_after)
               : "a"(number), "D"(first), "S"(second), "d"(third)
               : "rcx", "r11", "memory", "cc");
  return answer;
}
static long aligned_getpid(word *flags_after) {
  long answer;
  asm volatile("pushfq\n\torl $0x40000, (%%rsp)\n\tpopfq\n\t"
               "mov $39, %%eax\n\tsyscall\n\t"
               "pushfq\n\tmov (%%rsp), %[after]\n\tandl $~0x40000, (%%rsp)\n\tpopfq"
               : "=&a"(answer), [after] "=&r"(*flags_after)
               :
               : "rcx", "r11", "memory", "cc");
  return answer;
}

static void alignment_checks(long self) {
  static char room[4096];
  word after = 0;
  for (int round = 0; round < 8; ++round) {
    check(aligned_getpid(&after) == self && (after & alignment) != 0, "a changed site with alignment checks");
    check(aligned_call(39, 0, 0, 0, &after) == self && (after & alignment) != 0, "a dispatched call with alignment checks");
    check(aligned_call(63, (word)room + 1, 0, 0, &after) == 0, "uname with alignment checks");
    check(aligned_call(79, (word)room + 3, 1000, 0, &after) > 0, "getcwd with alignment checks");
    check(aligned_call(4, (word) "/", (word)room + 5, 0, &after) == 0, "stat with alignment checks");
    check(aligned_call(21, (word) "/proc/self/status", 4, 0, &after) == 0, "access with alignment checks");
    check(aligned_call(4, 1, (word)room, 0, &after) == -14 && (after & alignment) != 0, "a fault with alignment checks");
  }
}

static word own_base = 0x1234567890;
/// A program that uses the GS base itself: its calls are dispatched, and it keeps the register.
static void gs_base(long self) {
  const word set = 0x1001, get = 0x1004;
  call_and_compare(0x202, self);
  word seen = 1;
  check(call(nr_arch_prctl, get, (word)&seen, 0, 0) == 0 && seen == 0, "the base is zero at first");
  check(call(nr_arch_prctl, set, (word)&own_base, 0, 0) == 0, "arch_prctl");
  for (int round = 0; round < 8; ++round) {
    call_and_compare(0x202 | arithmetic, self);
    word value;
    asm volatile("mov %%gs:0, %0" : "=r"(value));
    check(value == own_base, "what %gs shows");
  }
  check(call(nr_arch_prctl, get, (word)&seen, 0, 0) == 0 && seen == (word)&own_base, "the base");
  check(call(nr_arch_prctl, set, 0, 0, 0) == 0, "arch_prctl of nothing");
  for (int round = 0; round < 8; ++round) call_and_compare(0x202 | arithmetic, self);
}

/// A jump to the instruction itself, which belongs to a site that has been changed.
static void jump(long self) {
  for (int round = 0; round < 6; ++round) call_and_compare(0x202, self);
  const long parent = call(nr_getppid, 0, 0, 0, 0);
  for (int round = 0; round < 8; ++round) {
    long answer = nr_getppid;
    // It ends in the ret of id_by_jump, after taking six registers from the stack.
    asm volatile("lea -128(%%rsp), %%rsp\n\tpush %%rbp\n\tpush %%rbx\n\tlea 1f(%%rip), %%rcx\n\tpush %%rcx\n\tpush %%rbx\n\tpush "
                 "%%rbp\n\tpush %%r12\n\tpush %%r13\n\tpush %%r14\n\tpush %%r15\n\tjmp instruction\n1:\n\tpop %%rbx\n\tpop "
                 "%%rbp\n\tlea 128(%%rsp), %%rsp"
                 : "+a"(answer)
                 :
                 : "rcx", "rdx", "r11", "memory");
    check(answer == parent, "another call by the same instruction");
  }
}

/// Where in a signal frame the interrupted instruction's address is, and a word of other registers (struct ucontext).
enum { frame_rdi = 13, frame_rip = 21 };
static volatile int signals;
void on_signal(int number, const void* info, const word* frame) {
  (void)number, (void)info;
  ++signals;
  check(frame[frame_rip] >= text_start && frame[frame_rip] < text_end, "a signal finds the program in its own text");
  check(frame[frame_rip] < (word)gap || frame[frame_rip] >= (word)gap_end, "a signal finds the program where it can be");
  call(nr_write, 1, (word) "h", 1, 0);
}

static word place = 7;
static volatile word fault_seen;
void on_fault(int number, const void* info, word* frame) {
  (void)number, (void)info;
  fault_seen = frame[frame_rip];
  frame[frame_rdi] = (word)&place;
}
static void handle(int number, void* handler) {
  const struct {
    word handler, flags, restorer, mask;
  } action = {(word)handler, 0x04000004, (word)restorer, 0};
  check(call(nr_rt_sigaction, (word)number, (word)&action, 0, 8) == 0, "rt_sigaction");
}

/// An instruction that has moved faults where the program has it, and is made again there.
static void fault(long self) {
  handle(11, on_fault);
  for (int round = 0; round < 8; ++round) {
    check(faulting(&place) == self, "the answer");
    fault_seen = 0;
    check(faulting((const word*)8) == self, "the answer after a fault");
    check(fault_seen == (word)faulting_load, "where the fault was");
  }
}

/// The shape of a C library's read: the jump ends in the bytes of two other instructions.
static void by_xor(long self) {
  (void)self;
  char byte;
  for (int round = 0; round < 20; ++round) check(read_by_xor(1000, &byte, 1) == -9, "read of a bad descriptor");
}

/// Before anything else has been called: what vector registers and their control hold survives a new image's first call.
static long first_call(void) {
  const word pattern = 0x5555aaaa5555aaaa;
  const unsigned control = 0x5f80; // up: rounding, of MXCSR
  unsigned control_after = 0;
  word after_call = 0;
  long answer;
  asm volatile("movq %[pattern], %%xmm7\n\tldmxcsr %[control]\n\tsyscall\n\tmovq %%xmm7, %[after]\n\tstmxcsr %[control_after]"
               : "=a"(answer), [after] "=&r"(after_call), [control_after] "=m"(control_after)
               : "a"((long)nr_getpid), [pattern] "r"(pattern), [control] "m"(control)
               : "rcx", "r11", "memory", "xmm7");
  check(after_call == pattern && control_after == control, "vector registers after the first call");
  const unsigned ordinary = 0x1f80;
  asm volatile("ldmxcsr %0" : : "m"(ordinary));
  return answer;
}

/// Becomes another image by a call whose site has been changed.
static void exec_by_jump(const char* shape_name) {
  const char* const words[] = {"entry_guest", "registers", shape_name, 0};
  for (int round = 0; round < 30; ++round) {
    const word path = (word)(round < 29 ? "/proc/self/no-such-file" : "/proc/self/exe");
    check(call(nr_execve, path, (word)words, 0, 0) == -2, "exec of nothing");
  }
}

void start(const long* stack) {
  const long self = first_call();
  const char* what = stack[0] > 1 ? (const char*)stack[2] : "";
  if (stack[0] > 2) shape = shapes[(((const char*)stack[3])[0] - '0') % shape_count];
  if (same(what, "exec")) exec_by_jump(stack[0] > 2 ? (const char*)stack[3] : "0");
  if (same(what, "registers")) registers(self);
  else if (same(what, "alignment")) alignment_checks(self);
  if (same(what, "gs")) gs_base(self);
  if (same(what, "jump")) jump(self);
  if (same(what, "fault")) fault(self);
  if (same(what, "xor")) by_xor(self);
  if (same(what, "entries")) {
    handle(10, (void*)on_signal);
    entries(self);
  }
  say("ok\n");
  leave(0);
}

asm(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");
