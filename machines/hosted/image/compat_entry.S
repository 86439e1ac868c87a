// System calls of 32-bit programs without a host signal. A stub of theirs lies in their own memory and goes over to 64-bit code by a
// far jump; from there on it is as in fast_entry.S, but that registers are at hand: of r8 to r15 a 32-bit program knows nothing, and
// neither the processor nor the host changes them while it runs. r15 is the state.
//
// A system call of 32-bit code changes eax alone, and what its personality says (SVR4: edx, the carry flag).
#include "entry_steps.h"

  // Keeps a register of the user's; its upper half is nobody's.
  .macro keep register, at
  movl \register, %r12d
  mov %r12, \at(%rsp)
  .endm

  .text

// From a stub: r11 is the site's record. The user is put back by a signal up to `image_compat_entered`: eax is kept in r10, the flags
// (as LAHF and SETO have them) in r9 from `image_compat_packed` on, esp in r14 from `image_compat_stack_left` on.
  .globl image_compat_entry, image_compat_packed, image_compat_stack_left, image_compat_saved, image_compat_entered
image_compat_entry:
  keep_number
image_compat_packed:
  expect_state %r15, image_compat_refused
  .globl image_compat_found
image_compat_found:
  movl %esp, %r14d
  lea FRAME_AT(%r15), %rsp
image_compat_stack_left:
  keep %ebx, REG_RBX
  keep %ecx, REG_RCX
  keep %edx, REG_RDX
  keep %esi, REG_RSI
  keep %edi, REG_RDI
  keep %ebp, REG_RBP
  mov %r10, REG_RAX(%rsp)
  mov %r14, REG_RSP(%rsp)
  pushfq
  popq %r13
  movzbl %r9b, %r8d
  movl %r9d, %r12d
  shrl $8, %r12d
  join_flags %r13d, %r12d, %r8d
  mov %r13, REG_RFLAGS(%rsp)
  cld
  testl $ALIGNMENT_FLAG, %r13d
  jz image_compat_saved
  permit_unaligned
image_compat_saved:
  mov %rsp, %rdi
  mov %r15, %rsi
  mov %r11, %rdx
  mov %r15, %rbx
  movb $1, STATE_IN_KERNEL(%rbx)
image_compat_entered:
  mov STATE_CALL_STACK(%rbx), %rsp
  call image_compat_call
  cmpb $BY_FAR_JUMP, %al
  jne image_other_way

// The way back: rbx is the state. A signal that comes from here on begins it anew.
  .globl image_compat_leave, image_compat_left
image_compat_leave:
  begin_leaving
  mov %rbx, %r15
  place_far_exit STATE_EXIT_ADDRESS
  load_flags
  movl REG_RAX(%rsp), %eax
  movl REG_RCX(%rsp), %ecx
  movl REG_RDX(%rsp), %edx
  load_registers_32
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
