// Waiting in the host (waiting.hpp).

#include "entry_layout.h"

  .text

// i64 image_waiting_call(const u32* word, u32 expected, const u64 call[7])
// An interrupt that comes before the host has begun the call continues at image_wait_changed (leave_wait); one that comes later ends the
// call: the handler does not ask for calls to be begun again.
  .globl image_waiting_call
image_waiting_call:
  mov %rdi, %r11
  mov %esi, %ecx
  mov (%rdx), %rax
  mov 8(%rdx), %rdi
  mov 16(%rdx), %rsi
  mov 32(%rdx), %r10
  mov 40(%rdx), %r8
  mov 48(%rdx), %r9
  mov 24(%rdx), %rdx
  .globl image_wait_begins
image_wait_begins:
  cmp %ecx, (%r11)
  jne image_wait_changed
  syscall
  .globl image_waits
image_waits:
  ret
  .globl image_wait_changed
image_wait_changed:
  mov $-HOST_EINTR, %rax
  ret

  .section .note.GNU-stack, "", @progbits
