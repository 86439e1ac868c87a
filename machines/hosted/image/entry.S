// The kernel side's assembly: returning to the user, cloning, and access to user memory with recovery from faults.
// A faulting instruction in the `.recovery` table continues at its recovery label instead of being a kernel bug.

#include "entry_steps.h"

  .text

  .macro recover instruction, label
  .pushsection .recovery, "a"
  .quad \instruction, \label
  .popsection
  .endm

// One register's worth of memory, either side of which may fault.
  .macro moves from, by, to
.Lmoves_from_\@: mov \from, \by
.Lmoves_to_\@: mov \by, \to
  recover .Lmoves_from_\@, image_failed
  recover .Lmoves_to_\@, image_failed
  .endm

// The handler of host signals. The host leaves the user's alignment check on.
  .globl image_signal_entry
image_signal_entry:
  permit_unaligned
  jmp image_handle_signal

// rt_sigreturn takes the frame at the stack pointer: handlers return here, `resume` comes here with a frame of its own.
  .globl image_signal_return
image_signal_return:
  mov $15, %eax
  syscall
  ud2

// void resume(host_context*)
  .globl image_resume
image_resume:
  mov %rdi, %rsp
  jmp image_signal_return

// i64 clone_onto(u64 flags, void* stack, void (*function)(void*), void* argument, u32* child_word)
  .globl image_clone_onto
image_clone_onto:
  mov %r8, %r10
  mov %rdx, %r9
  mov %rcx, %r8
  xor %edx, %edx
  mov $56, %eax
  syscall
  test %rax, %rax
  jz 1f
  ret
1: xor %ebp, %ebp
  mov %r8, %rdi
  call *%r9
  ud2

// i64 clone_and_leave(u64 flags, i32* process): the child returns 0 on this very stack. The caller's task ends without touching the stack
// again. The flags have the host write the child's id to `process`, which it does before the child runs (kernel_clone, kernel/fork.c): who
// hears of the caller's end finds the child there, and nothing is written that may be another's by then. Negative if the host refuses.
  .globl image_clone_and_leave
image_clone_and_leave:
  mov %rsi, %rdx
  xor %esi, %esi
  xor %r10d, %r10d
  mov $56, %eax
  syscall
  test %rax, %rax
  jg 1f
  ret
1: xor %edi, %edi
  mov $60, %eax
  syscall
  ud2

// i64 call_32(u32 number, u32 argument): a call of the host's 32-bit table.
  .globl image_call_32
image_call_32:
  push %rbx
  mov %edi, %eax
  mov %esi, %ebx
  xor %ecx, %ecx
  xor %edx, %edx
  int $0x80
  movslq %eax, %rax
  pop %rbx
  ret

// bool copy(void* to, const void* from, usize size): one side is the user's. Up to 256 bytes words are quicker than a string instruction,
// which takes long to begin. The last words overlap what is before them.
  .globl image_copy
image_copy:
  cmp $16, %rdx
  jb 3f
  cmp $256, %rdx
  ja 7f
  xor %ecx, %ecx
  sub $16, %rdx
  jz 2f
1:
  moves "(%rsi,%rcx)", %rax, "(%rdi,%rcx)"
  moves "8(%rsi,%rcx)", %rax, "8(%rdi,%rcx)"
  add $16, %rcx
  cmp %rdx, %rcx
  jb 1b
2:
  moves "(%rsi,%rdx)", %rax, "(%rdi,%rdx)"
  moves "8(%rsi,%rdx)", %rax, "8(%rdi,%rdx)"
  jmp image_done
3: cmp $8, %edx
  jb 4f
  moves (%rsi), %rax, (%rdi)
  moves "-8(%rsi,%rdx)", %rax, "-8(%rdi,%rdx)"
  jmp image_done
4: cmp $4, %edx
  jb 5f
  moves (%rsi), %eax, (%rdi)
  moves "-4(%rsi,%rdx)", %eax, "-4(%rdi,%rdx)"
  jmp image_done
5: xor %ecx, %ecx
6: cmp %edx, %ecx
  je image_done
  moves "(%rsi,%rcx)", %al, "(%rdi,%rcx)"
  inc %ecx
  jmp 6b
7: mov %rdx, %rcx
8: rep movsb
image_done:
  mov $1, %eax
  ret
  recover 8b, image_failed

// bool fill(void* to, u8 value, usize size)
  .globl image_fill
image_fill:
  mov %esi, %eax
  mov %rdx, %rcx
1: rep stosb
  mov $1, %eax
  ret
  recover 1b, image_failed

// bool load_data_selectors(u32 ds, u32 es), load_fs(u32), load_gs(u32): false if the processor refuses one
  .globl image_load_data_selectors
image_load_data_selectors:
1: mov %edi, %ds
2: mov %esi, %es
  mov $1, %eax
  ret
  recover 1b, image_failed
  recover 2b, image_failed

  .globl image_load_fs
image_load_fs:
1: mov %edi, %fs
  mov $1, %eax
  ret
  recover 1b, image_failed

  .globl image_load_gs
image_load_gs:
1: mov %edi, %gs
  mov $1, %eax
  ret
  recover 1b, image_failed

image_failed:
  xor %eax, %eax
  ret

// i64 copy_string(char* to, const char* from, usize limit): length without NUL, -1 on a fault, -2 without NUL within the limit. By words,
// but for those that would reach into another page than the NUL before them, or beyond the limit.
  .globl image_copy_string
image_copy_string:
  mov $0x0101010101010101, %r8
  mov $0x8080808080808080, %r9
  xor %eax, %eax
1: lea 8(%rax), %rcx
  cmp %rdx, %rcx
  ja 3f
  lea (%rsi,%rax), %ecx
  and $(PAGE_SIZE - 1), %ecx
  cmp $(PAGE_SIZE - 8), %ecx
  ja 3f
2: mov (%rsi,%rax), %rcx
  mov %rcx, (%rdi,%rax)
  mov %rcx, %r10 // the lowest byte that is zero is the lowest that has its highest bit in r10
  not %rcx
  sub %r8, %r10
  and %rcx, %r10
  and %r9, %r10
  jnz 5f
  add $8, %rax
  jmp 1b
3: cmp %rdx, %rax
  jae 6f
4: movb (%rsi,%rax), %cl
  movb %cl, (%rdi,%rax)
  test %cl, %cl
  jz 7f
  inc %rax
  jmp 1b
5: bsf %r10, %r10
  shr $3, %r10
  add %r10, %rax
  ret
6: mov $-2, %rax
7: ret
8: mov $-1, %rax
  ret
  recover 2b, 8b
  recover 4b, 8b

// void clear(u64* word): zero, whatever it was; nothing on a fault
  .globl image_clear
image_clear:
1: cmpq $0, (%rdi)
  je 3f
2: movq $0, (%rdi)
3: ret
  recover 1b, 3b
  recover 2b, 3b

// bool exchange(u32* word, u32 expected, u32 desired, u32* seen)
  .globl image_exchange
image_exchange:
  mov %esi, %eax
1: lock cmpxchgl %edx, (%rdi)
  mov %eax, (%rcx)
  mov $1, %eax
  ret
  recover 1b, image_failed

  .section .note.GNU-stack, "", @progbits
