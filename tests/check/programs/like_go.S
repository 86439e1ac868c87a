# Calls as Go programs make them: the number is the first argument, in memory (Go's first ABI) or in a register (its second), and
# passes through stubs that save it while the runtime is told.
        .text
        .globl  _start
_start:
        call    main
        mov     $231, %eax
        syscall
        hlt

        .type   main, @function
main:
        cmp     16(%r14), %rsp
        jbe     2f
1:      sub     $40, %rsp
        movq    $1000, (%rsp)
        movq    $1, 8(%rsp)
        call    syscall_on_stack
        mov     $1001, %eax
        xor     %ebx, %ebx
        call    syscall_in_registers
        add     $40, %rsp
        ret
2:      mov     %rax, 8(%rsp)
        call    more_stack
        mov     8(%rsp), %rax
        jmp     1b

        .type   syscall_on_stack, @function
syscall_on_stack:
        mov     8(%rsp), %rax
        mov     16(%rsp), %rdi
        syscall
        mov     %rax, 64(%rsp)
        ret

        .type   syscall_in_registers, @function
syscall_in_registers:
        cmp     16(%r14), %rsp
        jbe     2f
1:      sub     $56, %rsp
        mov     %rax, 64(%rsp)
        mov     %rbx, 72(%rsp)
        call    enter
        mov     64(%rsp), %rax
        mov     72(%rsp), %rbx
        call    syscall6
        add     $56, %rsp
        ret
2:      mov     %rax, 8(%rsp)
        call    more_stack
        mov     8(%rsp), %rax
        jmp     1b

        .type   syscall6, @function
syscall6:
        mov     %rdi, %rdx
        mov     %rbx, %rdi
        syscall
        ret

        .type   enter, @function
enter:  ret
        .type   more_stack, @function
more_stack:
        ret
        .section .note.GNU-stack, "", @progbits
