// The ways in and out where the kernel's memory is closed by a protection key while a user runs: the first opens it and goes on in
// fast_entry.S, compat_entry.S or entry.cpp; the last closes it.
//
// WRPKRU wants rax, rcx and rdx. What these have for the user is kept meanwhile where it is not closed: in registers that only
// 64-bit code has, or in the `open_words` of the thread's stack. Nothing there is more than the user's own: the kernel trusts none.
#include "entry_steps.h"

  // Destroys rax, rcx, rdx and the arithmetic flags.
  .macro open_kernel
  xorl %eax, %eax
  xorl %ecx, %ecx
  xorl %edx, %edx
  wrpkru
  .endm

  // Destroys rax, rcx and rdx, no flags.
  .macro close_kernel rights
  movl \rights, %eax
  movl $0, %ecx
  movl $0, %edx
  wrpkru
  .endm

  // As `expect_state`, without the constants, which are closed; destroys the register.
  .macro expect_closed_state register, refused
  testl $(STACK_SIZE - 1), \register\()d
  jnz \refused
  shrq $STACKS_SHIFT, \register
  cmpq $(STACKS_START >> STACKS_SHIFT), \register
  jne \refused
  .endm

  .text

// From a stub, as `image_fast_entry`. A signal finds the user as there, but that between `image_protected_opening` and
// `image_protected_opened` r11 is the site and the user's rax and rdx are in the open words.
  .globl image_protected_entry, image_protected_opening, image_protected_opened, image_protected_entry_end
image_protected_entry:
  pack_number 1, 2
  rdgsbase %r11
  expect_closed_state %r11, image_fast_refused
  mov %rax, %gs:OPEN_RAX
  mov %rdx, %gs:OPEN_RDX
  mov %rcx, %r11
image_protected_opening:
  open_kernel
  mov %gs:OPEN_RAX, %rax
  mov %gs:OPEN_RDX, %rdx
  mov %r11, %rcx
image_protected_opened:
  rdgsbase %r11
  jmp image_fast_found
image_protected_entry_end:

// The way back, as `image_fast_leave`.
  .globl image_protected_leave, image_protected_left
image_protected_leave:
  begin_leaving
  mov REG_RIP(%rsp), %rax
  mov %rax, OPEN_EXIT_ADDRESS(%rbx)
  mov REG_RAX(%rsp), %rax
  mov %rax, OPEN_RAX(%rbx)
  mov REG_RCX(%rsp), %rax
  mov %rax, OPEN_RCX(%rbx)
  mov REG_RDX(%rsp), %rax
  mov %rax, OPEN_RDX(%rbx)
  load_flags
  load_registers
  mov REG_RSP(%rsp), %rsp
  close_kernel %gs:STATE_CLOSED_RIGHTS
  mov %gs:OPEN_RAX, %rax
  mov %gs:OPEN_RCX, %rcx
  mov %gs:OPEN_RDX, %rdx
  jmp *%gs:OPEN_EXIT_ADDRESS
image_protected_left:

// From a stub of 32-bit code, as `image_compat_entry`: between `image_protected_compat_opening` and `image_protected_compat_opened`
// r12 and r13 are the user's ecx and edx.
  .globl image_protected_compat_entry, image_protected_compat_opening, image_protected_compat_opened
  .globl image_protected_compat_entry_end
image_protected_compat_entry:
  keep_number
  mov %r15, %r12
  expect_closed_state %r12, image_compat_refused
  movl %ecx, %r12d
  movl %edx, %r13d
image_protected_compat_opening:
  open_kernel
  movl %r12d, %ecx
  movl %r13d, %edx
image_protected_compat_opened:
  jmp image_compat_found
image_protected_compat_entry_end:

// The way back, as `image_compat_leave`.
  .globl image_protected_compat_leave, image_protected_compat_left
image_protected_compat_leave:
  begin_leaving
  mov %rbx, %r15
  place_far_exit OPEN_EXIT_ADDRESS
  load_flags
  movl REG_RAX(%rsp), %r8d
  movl REG_RCX(%rsp), %r9d
  movl REG_RDX(%rsp), %r10d
  load_registers_32
  close_kernel STATE_CLOSED_RIGHTS(%r15)
  movl %r8d, %eax
  movl %r9d, %ecx
  movl %r10d, %edx
  ljmpl *OPEN_EXIT_ADDRESS(%r15)
image_protected_compat_left:

// The handler of host signals, for which the host has closed the kernel. Its frame is in the open; the kernel goes on below that.
  .globl image_protected_signal_entry
image_protected_signal_entry:
  mov %rdx, %r8
  open_kernel
  mov %r8, %rdx
  permit_unaligned
  mov %rsp, %rbx
  mov %rsp, %rax
  andq $-STACK_SIZE, %rax
  cmpq STATE_CALL_STACK(%rax), %rsp
  jb 1f
  mov STATE_CALL_STACK(%rax), %rsp
1:
  andq $-16, %rsp
  call image_handle_signal
  mov %rbx, %rsp
  ret

  .section .note.GNU-stack, "", @progbits
