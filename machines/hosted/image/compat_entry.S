// System calls of 32-bit programs without a host signal. A stub of theirs lies in their own memory and goes over to 64-bit code by a
// far jump; from there on it is as in fast_entry.S, but that registers are at hand: of r8 to r15 a 32-bit program knows nothing, and
// neither the processor nor the host changes them while it runs. r15 is the state.
//
// A system call of 32-bit code changes eax alone, and what its personality says (SVR4: edx, the carry flag).
#include "entry_layout.h"

  .text

// From a stub: r11 is the site's record. The user is put back by a signal up to `image_compat_entered`: eax is kept in r10, the flags
// (as LAHF and SETO have them) in r9 from `image_compat_packed` on, esp in r14 from `image_compat_stack_left` on.
  .globl image_compat_entry, image_compat_packed, image_compat_stack_left, image_compat_saved, image_compat_entered
image_compat_entry:
  movl %eax, %r10d
  lahf
  seto %al
  movzwl %ax, %r9d
image_compat_packed:
  cmpq image_stacks_start(%rip), %r15
  jb image_compat_refused
  cmpq image_stacks_end(%rip), %r15
  jae image_compat_refused
  testl $(STACK_SIZE - 1), %r15d
  jnz image_compat_refused
  movl %esp, %r14d
  lea FRAME_AT(%r15), %rsp
image_compat_stack_left:
  // The upper halves are nobody's.
  movl %ebx, %r12d
  mov %r12, REG_RBX(%rsp)
  movl %ecx, %r12d
  mov %r12, REG_RCX(%rsp)
  movl %edx, %r12d
  mov %r12, REG_RDX(%rsp)
  movl %esi, %r12d
  mov %r12, REG_RSI(%rsp)
  movl %edi, %r12d
  mov %r12, REG_RDI(%rsp)
  movl %ebp, %r12d
  mov %r12, REG_RBP(%rsp)
  mov %r10, REG_RAX(%rsp)
  mov %r14, REG_RSP(%rsp)
  pushfq
  popq %r13
  movzbl %r9b, %r8d
  shll $11, %r8d
  movl %r9d, %r12d
  shrl $8, %r12d
  orl %r12d, %r8d
  andl $~(ARITHMETIC_FLAGS | TRAP_FLAG), %r13d
  orl %r8d, %r13d
  mov %r13, REG_RFLAGS(%rsp)
  cld
  testl $ALIGNMENT_FLAG, %r13d
  jz image_compat_saved
  pushfq
  andl $~(ALIGNMENT_FLAG | TRAP_FLAG), (%rsp) // a step from outside sets its flag anew
  popfq
image_compat_saved:
  mov %rsp, %rdi
  mov %r15, %rsi
  mov %r11, %rdx
  mov %r15, %rbx
  mov STATE_CALL_STACK(%r15), %rsp
  movb $1, STATE_IN_KERNEL(%rbx)
image_compat_entered:
  call image_compat_call
  cmpb $BY_FAR_JUMP, %al
  jne image_other_way

// The way back: rbx is the state. A signal that comes from here on begins it anew.
  .globl image_compat_leave, image_compat_left
image_compat_leave:
  mov STATE_ATTENTION(%rbx), %rax
  cmpl $0, (%rax)
  jne image_fast_called
  movb $0, STATE_IN_KERNEL(%rbx)
  mov %rbx, %r15
  lea FRAME_AT(%rbx), %rsp
  movl REG_RIP(%rsp), %eax
  movl %eax, STATE_EXIT_ADDRESS(%r15)
  movl $USER_CODE_32, STATE_EXIT_ADDRESS + 4(%r15)
  // the flags: see fast_entry.S
  mov REG_RFLAGS(%rsp), %rax
  mov %eax, %ecx
  shrl $11, %ecx
  andl $1, %ecx
  movb %al, %ah
  addb $0x7f, %cl
  sahf
  movl REG_RAX(%rsp), %eax
  movl REG_RBX(%rsp), %ebx
  movl REG_RCX(%rsp), %ecx
  movl REG_RDX(%rsp), %edx
  movl REG_RSI(%rsp), %esi
  movl REG_RDI(%rsp), %edi
  movl REG_RBP(%rsp), %ebp
  movl REG_RSP(%rsp), %esp
  ljmpl *STATE_EXIT_ADDRESS(%r15)
image_compat_left:

// The user has run 64-bit code of its own: the call is made by the instruction itself, which stands where it was.
  .globl image_compat_refused, image_compat_end
image_compat_refused:
  movl %r9d, %eax
  addb $0x7f, %al
  sahf
  movl %r10d, %eax
  ljmpl *SITE_CALL(%r11)
image_compat_end:

  .section .note.GNU-stack, "", @progbits
