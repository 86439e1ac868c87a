# Data that looks like a call, in the segment of the code, as linkers lay it out without -z separate-code.
        .text
        .globl  _start
_start:
        lea     looks_like_a_call(%rip), %rsi
        mov     $231, %eax
        xor     %edi, %edi
        syscall

        .section .rodata
looks_like_a_call:
        .byte   0xb8, 0xd2, 0x07, 0, 0, 0x0f, 0x05      # mov $2002, %eax; syscall
        .byte   0xc3
