// System calls without a host signal: a patched call site jumps to its stub, the stub comes here, and this returns behind the site.
//
// A system call changes no register of the user's but rax, rcx and r11, and no flag; nor does it touch the user's stack, below which
// amd64 code keeps a red zone. A host signal may come at any instruction: handlers look at where it came (fast_entry.cpp).
#include "entry_steps.h"

  .text

// From a stub: rcx is the site's record, rax the number; r11 is free; everything else is the user's. rax and rcx stay as they are
// from `image_fast_packed` to `image_fast_entered`, so that a signal in between can undo all of it: rax has the number, of 48 bits,
// above what LAHF and SETO have saved.
  .globl image_fast_entry, image_fast_number_kept, image_fast_number_shifted, image_fast_packed, image_fast_stack_left
  .globl image_fast_saved, image_fast_entered
image_fast_entry:
  pack_number image_fast_number_kept, image_fast_number_shifted
image_fast_packed:
  // The GS base is the state, unless the user has taken the register for itself.
  rdgsbase %r11
  expect_state %r11, image_fast_refused
  .globl image_fast_found
image_fast_found:
  mov %rsp, STATE_USER_STACK(%r11)
  lea FRAME_AT(%r11), %rsp
image_fast_stack_left:
  mov %rbx, REG_RBX(%rsp)
  mov %rdx, REG_RDX(%rsp)
  mov %rsi, REG_RSI(%rsp)
  mov %rdi, REG_RDI(%rsp)
  mov %rbp, REG_RBP(%rsp)
  mov %r8, REG_R8(%rsp)
  mov %r9, REG_R9(%rsp)
  mov %r10, REG_R10(%rsp)
  mov %r12, REG_R12(%rsp)
  mov %r13, REG_R13(%rsp)
  mov %r14, REG_R14(%rsp)
  mov %r15, REG_R15(%rsp)
image_fast_saved:
  pushfq
  popq %rdx
  movzbl %ah, %ebx
  movzbl %al, %esi
  join_flags %edx, %ebx, %esi
  cld
  testl $ALIGNMENT_FLAG, %edx
  jz 1f
  permit_unaligned
1:
  mov %rdx, REG_RFLAGS(%rsp)
  mov %rdx, REG_R11(%rsp)
  mov SITE_AFTER(%rcx), %rdx
  add %rcx, %rdx
  mov %rdx, REG_RIP(%rsp)
  mov %rdx, REG_RCX(%rsp)
  mov %rax, %rdx
  sarq $16, %rdx
  mov %rdx, REG_RAX(%rsp)
  mov STATE_USER_STACK(%r11), %rdx
  mov %rdx, REG_RSP(%rsp)
  movl $0x002b0033, REG_CS(%rsp)      // cs, ss
  xorl %esi, %esi
  mov %rsi, REG_DS(%rsp)              // ds, es, fs, gs: what 64-bit code has in them
  mov %rsi, REG_TRAP(%rsp)
  mov %rsi, REG_FAULT_ADDRESS(%rsp)
  mov %rsi, REG_FPU(%rsp)
  mov %rsi, REG_FPU_SIZE(%rsp)
  lea image_save_floating_point(%rip), %rdx
  mov %rdx, REG_SAVE_FPU(%rsp)
  mov %rsp, %rdi
  mov %r11, %rsi
  mov %r11, %rbx
  movb $1, STATE_IN_KERNEL(%rbx)
image_fast_entered:
  mov STATE_CALL_STACK(%rbx), %rsp
  call image_fast_call
  cmpb $BY_JUMP, %al
  jne image_other_way

// The way back: rbx is the state. A signal that comes from here on begins it anew.
  .globl image_fast_leave, image_fast_left
image_fast_leave:
  begin_leaving
  mov REG_RIP(%rsp), %rax
  mov %rax, STATE_EXIT_ADDRESS(%rbx)
  load_flags
  mov REG_RAX(%rsp), %rax
  mov REG_RCX(%rsp), %rcx
  mov REG_RDX(%rsp), %rdx
  load_registers
  mov REG_RSP(%rsp), %rsp
  jmp *%gs:STATE_EXIT_ADDRESS
image_fast_left:

// Somebody has called this thread since it looked.
image_fast_called:
  lea FRAME_AT(%rbx), %rdi
  mov %rbx, %rsi
  mov STATE_CALL_STACK(%rbx), %rsp
  call image_fast_attention
  cmpb $BY_JUMP, %al
  je image_fast_leave
  .globl image_other_way, image_fast_called
image_other_way:
  cmpb $BY_FAR_JUMP, %al
  je image_compat_leave
  cmpb $BY_CLOSING_JUMP, %al
  je image_protected_leave
  cmpb $BY_CLOSING_FAR_JUMP, %al
  je image_protected_compat_leave

// What the way above does not restore, the host does: rbx is the state. A signal that comes from `image_context_leave` on begins
// this anew.
  .globl image_leave_by_context, image_context_leave, image_context_left
image_leave_by_context:
  lea FRAME_AT(%rbx), %rdi
  mov %rbx, %rsi
  mov STATE_CALL_STACK(%rbx), %rsp
  call image_make_context
image_context_leave:
  mov STATE_ATTENTION(%rbx), %rcx
  cmpl $0, (%rcx)
  jne image_fast_called
  movb $0, STATE_IN_KERNEL(%rbx)
  mov %rax, %rsp
  mov $15, %eax                       // rt_sigreturn
  syscall
image_context_left:
  ud2

// The GS base is the user's own: the call is made as an unpatched one is, by the instruction itself, which stands where it was.
  .globl image_fast_refused, image_fast_refused_unpacked, image_fast_refused_late, image_fast_refused_whole, image_fast_end
image_fast_refused:
  mov %rax, %r11
  sarq $16, %r11
image_fast_refused_unpacked:
  addb $0x7f, %al
  sahf
image_fast_refused_late:
  mov %r11, %rax
image_fast_refused_whole:
  mov SITE_AFTER(%rcx), %r11
  lea -2(%r11,%rcx), %r11
  jmp *%r11
image_fast_end:

  .section .rodata
  .balign 8
  .globl image_stacks_start, image_stacks_end
image_stacks_start:
  .quad STACKS_START
image_stacks_end:
  .quad STACKS_START + STACK_SIZE * STACK_COUNT

  .section .note.GNU-stack, "", @progbits
