// What 64-bit Linux programs get as their vDSO: calls that tell the time without entering the kernel. The clocks are the host's,
// which nobody here may set, so its own vDSO, which is mapped above all users, has the answer; without it, or for clocks that the
// kernel counts itself, the call is made.
#include <asm/unistd_64.h>

  .section .table, "a"
  // Filled in by the kernel: addresses, 0 where the host has none. In the order of `host_function` (image.hpp).
clock_gettime_of_host:
  .quad 0
gettimeofday_of_host:
  .quad 0
time_of_host:
  .quad 0
getcpu_of_host:
  .quad 0

  .text
  .macro begin name
  .globl __vdso_\name
  .weak \name
  .type __vdso_\name, @function
  .type \name, @function
  .balign 16
__vdso_\name:
\name:
  .cfi_startproc
  .endm

  .macro end name
  .cfi_endproc
  .size __vdso_\name, . - __vdso_\name
  .size \name, . - \name
  .endm

  .macro host_function name, number
  mov \name\()_of_host(%rip), %rax
  test %rax, %rax
  jz 1f
  jmp *%rax
1:
  mov $\number, %eax
  syscall
  ret
  .endm

  // CLOCK_REALTIME, CLOCK_MONOTONIC and their coarse ones
  begin clock_gettime
  mov $0x63, %eax
  cmp $6, %edi
  ja 1f
  bt %edi, %eax
  jnc 1f
  host_function clock_gettime, __NR_clock_gettime
  end clock_gettime

  begin gettimeofday
  host_function gettimeofday, __NR_gettimeofday
  end gettimeofday

  begin time
  host_function time, __NR_time
  end time

  begin getcpu
  host_function getcpu, __NR_getcpu
  end getcpu

  begin clock_getres
  mov $__NR_clock_getres, %eax
  syscall
  ret
  end clock_getres

  .section .note.GNU-stack, "", @progbits
