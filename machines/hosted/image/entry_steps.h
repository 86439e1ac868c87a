/* Steps that the ways into the kernel have in common, as macros: fast_entry.S, compat_entry.S, protected_entry.S, entry.S. */
#pragma once
#include "entry_layout.h"

  // A user may have asked for faults at unaligned accesses, which the kernel makes. A step from outside sets its flag anew.
  .macro permit_unaligned
  pushfq
  andl $~(ALIGNMENT_FLAG | TRAP_FLAG), (%rsp)
  popfq
  .endm

  // rax, and what LAHF and SETO save of the flags, in rax; destroys r11, which is the number from `kept` on.
  .macro pack_number kept, shifted
  mov %rax, %r11
\kept:
  lahf
  seto %al
  movzwl %ax, %eax
  shlq $16, %r11
\shifted:
  orq %r11, %rax
  .endm

  // The same of 32-bit code: the number in r10, the flags in r9; destroys rax.
  .macro keep_number
  movl %eax, %r10d
  lahf
  seto %al
  movzwl %ax, %r9d
  .endm

  // On to `refused` unless the register has the address of a state: a user may have anything in it.
  .macro expect_state register, refused
  cmpq image_stacks_start(%rip), \register
  jb \refused
  cmpq image_stacks_end(%rip), \register
  jae \refused
  testl $(STACK_SIZE - 1), \register\()d
  jnz \refused
  .endm

  // The user's flags in `rest`, which has the register: but for the trap flag, since somebody outside may be stepping, and the
  // arithmetic ones, which are in what LAHF has saved (`saved`) and SETO (`overflow`).
  .macro join_flags rest, saved, overflow
  shll $11, \overflow
  orl \overflow, \saved
  andl $~(ARITHMETIC_FLAGS | TRAP_FLAG), \rest
  orl \saved, \rest
  .endm

  // rbx is the state. The stack pointer is at the user's registers afterwards, and a signal begins the way out anew.
  .macro begin_leaving
  mov STATE_ATTENTION(%rbx), %rax
  cmpl $0, (%rax)
  jne image_fast_called
  movb $0, STATE_IN_KERNEL(%rbx)
  lea FRAME_AT(%rbx), %rsp
  .endm

  // The arithmetic flags of the user's; destroys rax and rcx. What SAHF does not set: an addition that overflows or not.
  .macro load_flags
  mov REG_RFLAGS(%rsp), %rax
  mov %eax, %ecx
  shrl $11, %ecx
  andl $1, %ecx
  movb %al, %ah
  addb $0x7f, %cl
  sahf
  .endm

  // The registers of a 64-bit user but for rax, rcx, rdx and rsp.
  .macro load_registers
  mov REG_RBX(%rsp), %rbx
  mov REG_RSI(%rsp), %rsi
  mov REG_RDI(%rsp), %rdi
  mov REG_RBP(%rsp), %rbp
  mov REG_R8(%rsp), %r8
  mov REG_R9(%rsp), %r9
  mov REG_R10(%rsp), %r10
  mov REG_R11(%rsp), %r11
  mov REG_R12(%rsp), %r12
  mov REG_R13(%rsp), %r13
  mov REG_R14(%rsp), %r14
  mov REG_R15(%rsp), %r15
  .endm

  // Where a 32-bit user goes on, for a far jump: r15 is the state; destroys rax.
  .macro place_far_exit at
  movl REG_RIP(%rsp), %eax
  movl %eax, \at(%r15)
  movl $USER_CODE_32, \at + 4(%r15)
  .endm

  // The registers of a 32-bit user but for eax, ecx and edx; the stack pointer is the user's afterwards.
  .macro load_registers_32
  movl REG_RBX(%rsp), %ebx
  movl REG_RSI(%rsp), %esi
  movl REG_RDI(%rsp), %edi
  movl REG_RBP(%rsp), %ebp
  movl REG_RSP(%rsp), %esp
  .endm
