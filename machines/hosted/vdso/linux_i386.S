// What 32-bit Linux programs get as their vDSO: the way into the kernel, which the auxiliary vector points to, and what signal
// handlers return to. Each is a call site of a shape that becomes a jump (image/patching.cpp).
#include <asm/unistd_32.h>

  .section .table, "a"
  // For the kernel: where these are, each from its place here.
  .long enter - ., return_plain - ., return_with_details - .

  .text
  // What is before a site has to be code as far as the kernel looks.
  .fill 96, 1, 0x90

  // Number in eax, arguments as for `int $0x80`.
  .globl __kernel_vsyscall
  .type __kernel_vsyscall, @function
__kernel_vsyscall:
enter:
  .cfi_startproc
  .byte 0x8d, 0xb6, 0, 0, 0, 0 // lea 0(%esi), %esi: nothing, of the length of a jump at least
  int $0x80
  ret
  .cfi_endproc
  .size __kernel_vsyscall, . - __kernel_vsyscall

  .globl __kernel_sigreturn
  .type __kernel_sigreturn, @function
__kernel_sigreturn:
return_plain:
  popl %eax
  movl $__NR_sigreturn, %eax
  int $0x80
  .size __kernel_sigreturn, . - __kernel_sigreturn

  .globl __kernel_rt_sigreturn
  .type __kernel_rt_sigreturn, @function
__kernel_rt_sigreturn:
return_with_details:
  movl $__NR_rt_sigreturn, %eax
  int $0x80
  .size __kernel_rt_sigreturn, . - __kernel_rt_sigreturn
  .fill 16, 1, 0x90

  .section .note.GNU-stack, "", @progbits
