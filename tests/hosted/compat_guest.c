// A 32-bit guest that looks closely at what a system call leaves alone, made from sites that the kernel turns into jumps.
#include "entry_checks.h"

// In assembly below: a getpid from each shape of site that can be changed, with every register and flag holding a pattern. Each
// writes what it finds afterwards to `after` and answers eax. `instruction` is the first site's own instruction.
typedef long made_call(word flags);
made_call id_by_number, id_by_two_bytes, id_by_argument, id_by_library;
static made_call* const shapes[] = {id_by_number, id_by_two_bytes, id_by_argument, id_by_library};
enum { shape_count = sizeof shapes / sizeof *shapes };
enum { ebx, ecx, edx, esi, edi, ebp, flags_found, low_xmm6, after_count };
extern word after[after_count];
extern const char instruction[], faulting_load[];
/// AT_SYSINFO's function.
word library_entry;

asm("  .macro id_by name, first, last, label, enter\n"
    "  .globl \\name\n"
    "\\name:\n"
    "  push %ebx\n  push %ebp\n  push %esi\n  push %edi\n"
    "  mov 20(%esp), %edx\n"
    "  mov $0x55555555, %ebx\n  movd %ebx, %xmm6\n"
    "  bt $10, %edx\n  jnc 1f\n  std\n"
    "1: mov %edx, %ecx\n  shr $11, %ecx\n  and $1, %ecx\n  mov %dl, %ah\n  addb $0x7f, %cl\n  sahf\n"
    "  mov $0x1001, %ecx\n  mov $0x1002, %edx\n  mov $0x1003, %esi\n  mov $0x1004, %edi\n  mov $20, %ebp\n"
    "  \\first\n"
    "  \\last\n" // nothing may stand between this and the instruction
    "\\label:\n"
    "  \\enter\n"
    "  mov %ebx, after\n  mov %ecx, after+4\n  mov %edx, after+8\n  mov %esi, after+12\n  mov %edi, after+16\n  mov %ebp, after+20\n"
    "  pushf\n  pop %edx\n  mov %edx, after+24\n"
    "  movd %xmm6, %edx\n  mov %edx, after+28\n"
    "  cld\n"
    "  pop %edi\n  pop %esi\n  pop %ebp\n  pop %ebx\n"
    "  ret\n"
    "  .endm\n"
    "  .globl instruction, after, restorer, faulting, faulting_load, visit_64\n"
    "  .fill 96, 1, 0x90\n"
    "  id_by id_by_number, \"nop\", \"mov $20, %eax\", instruction, \"int $0x80\"\n"
    "  id_by id_by_two_bytes, \"mov $0, %eax\", \"mov %ebp, %eax\", 2, \"int $0x80\"\n"
    "  id_by id_by_argument, \"mov $20, %eax\", \"mov argument, %esi\", 2, \"int $0x80\"\n"
    "  id_by id_by_library, \"nop\", \"mov $20, %eax\", 2, \"call *library_entry\"\n"
    "faulting:\n"
    "  push %ebx\n"
    "  mov 8(%esp), %ecx\n"
    "  mov $20, %eax\n"
    "faulting_load:\n"
    "  mov 0(%ecx, %ecx, 1), %ebx\n"
    "  int $0x80\n"
    "  pop %ebx\n"
    "  ret\n"
    "restorer:\n"
    "  pop %eax\n"
    "  mov $119, %eax\n"
    "  int $0x80\n"
    // 64-bit code of the program's own, with a value for r15.
    "visit_64:\n"
    "  mov 4(%esp), %eax\n"
    "  mov 8(%esp), %edx\n"
    "  ljmp $0x33, $1f\n"
    "  .code64\n"
    "1: mov %rax, %r15\n"
    "  shl $32, %rdx\n"
    "  or %rdx, %r15\n"
    "  ljmpl *back(%rip)\n"
    "  .code32\n"
    "2: ret\n"
    "  .data\n"
    "argument: .long 0x1003\n"
    "back: .long 2b\n  .word 0x23\n"
    "  .bss\n  .balign 8\nafter: .zero 32\n"
    "  .text\n");
void restorer(void), visit_64(word low, word high);
long faulting(word half_of_address);

static made_call* shape = id_by_number;

static void call_and_compare(word flags, long self) {
  check(shape(flags) == self, "the answer");
  check(after[ebx] == 0x55555555 && after[ebp] == 20, "ebx or ebp");
  check(after[ecx] == 0x1001 && after[edx] == 0x1002 && after[esi] == 0x1003 && after[edi] == 0x1004, "a register");
  check((after[flags_found] & (arithmetic | direction)) == (flags & (arithmetic | direction)), "the flags");
  check(after[low_xmm6] == 0x55555555, "a vector register");
}

/// What 64-bit code leaves in the register by which the kernel finds its state.
static void visits(long self) {
  static const word values[][2] = {{0, 0}, {~0ul, ~0ul}, {8, 0x7ff9}, {0x1000, 0}, {0, 0x7fff}};
  call_and_compare(0x202, self);
  for (int round = 0; round < 8; ++round)
    for (unsigned i = 0; i < sizeof values / sizeof *values; ++i) {
      visit_64(values[i][0], values[i][1]);
      call_and_compare(0x202 | arithmetic, self);
      call_and_compare(0x202 | direction, self);
    }
}

/// A jump to the instruction itself, which belongs to a site that has been changed.
static void jump(long self) {
  for (int round = 0; round < 6; ++round) call_and_compare(0x202, self);
  const long parent = call(nr_getppid, 0, 0, 0, 0);
  for (int round = 0; round < 8; ++round) {
    long answer = nr_getppid;
    // It ends in the ret of id_by_number, after taking four registers from the stack.
    asm volatile("push %%ebp\n\tpush %%ebx\n\tpush %%esi\n\tpush %%edi\n\tpush $1f\n\tpush %%ebx\n\tpush %%ebp\n\tpush %%esi\n\tpush "
                 "%%edi\n\tjmp instruction\n1:\n\tpop %%edi\n\tpop %%esi\n\tpop %%ebx\n\tpop %%ebp"
                 : "+a"(answer)
                 :
                 : "ecx", "edx", "memory");
    check(answer == parent, "another call by the same instruction");
  }
}

/// The words of the old signal frame's context (struct sigcontext of asm/sigcontext.h).
enum { context_ecx = 10, context_eip = 14 };
struct context {
  word words[22];
};
static int in_own_text(word eip) {
  return (eip >= text_start && eip < text_end) || (eip & ~0xffful) == (library_entry & ~0xffful);
}
void on_signal(int number, struct context interrupted) {
  (void)number;
  check(in_own_text(interrupted.words[context_eip]), "a signal finds the program in its own text");
  call(nr_write, 1, (word) "h", 1, 0);
}

static word place = 7;
static volatile word fault_seen;
void on_fault(int number, struct context interrupted) {
  volatile struct context* changed = &interrupted;
  (void)number;
  fault_seen = interrupted.words[context_eip];
  changed->words[context_ecx] = (word)&place / 2;
}
static void handle(int number, void* handler) {
  const struct {
    word handler, flags, restorer, mask[2];
  } action = {(word)handler, 0x04000000, (word)restorer, {0, 0}};
  check(call(nr_rt_sigaction, (word)number, (word)&action, 0, 8) == 0, "rt_sigaction");
}

/// An instruction that has moved faults where the program has it, and is made again there.
static void fault(long self) {
  handle(11, (void*)on_fault);
  for (int round = 0; round < 8; ++round) {
    check(faulting((word)&place / 2) == self, "the answer");
    fault_seen = 0;
    check(faulting(4) == self, "the answer after a fault");
    check(fault_seen == (word)faulting_load, "where the fault was");
  }
}

/// All protection keys but the first are closed, whatever way the kernel returned.
static void check_rights(const char* when) {
  const word all_but_first = 0x55555554;
  word found;
  asm volatile("rdpkru" : "=a"(found) : "c"(0) : "edx");
  check((found & all_but_first) == all_but_first, when);
}
void on_quiet_signal(int number) {
  (void)number;
  check_rights("rights in a handler");
}
static void rights(long self) {
  handle(10, (void*)on_quiet_signal);
  for (int round = 0; round < 8; ++round) {
    call_and_compare(0x202, self);
    check_rights("rights after a call");
    call(nr_kill, (word)self, 10, 0, 0);
    check_rights("rights after a signal");
  }
}

static void find_library(const long* stack) {
  const word* p = (const word*)stack + 1 + stack[0] + 1;
  while (*p != 0) ++p;
  for (++p; *p != 0; p += 2)
    if (*p == 32) library_entry = p[1];
}

void start(const long* stack) {
  const char* what = stack[0] > 1 ? (const char*)stack[2] : "";
  if (stack[0] > 2) shape = shapes[(((const char*)stack[3])[0] - '0') % shape_count];
  find_library(stack);
  check(library_entry != 0, "AT_SYSINFO");
  const long self = call(nr_getpid, 0, 0, 0, 0);
  if (same(what, "registers")) registers(self);
  if (same(what, "visits")) visits(self);
  if (same(what, "jump")) jump(self);
  if (same(what, "fault")) fault(self);
  if (same(what, "rights")) rights(self);
  if (same(what, "entries")) {
    handle(10, (void*)on_signal);
    entries(self);
  }
  say("ok\n");
  leave(0);
}

asm(".globl _start\n_start:\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall start\n");
