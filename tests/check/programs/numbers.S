# Ways in which a number reaches a system call: x86-64, without libraries. tests/check/numbers.cpp says what has to be found.
        .text
        .globl  _start
_start:
        mov     $1000, %eax             # a constant
        syscall
        call    through_another_register
        call    one_of_two
        mov     $1003, %edi             # a wrapper takes the number
        call    wrapper
        mov     $1004, %edi             # a wrapper of a wrapper, reached by a jump
        call    outer_wrapper
        call    through_the_stack
        call    in_a_loop
        lea     taken(%rip), %rax       # only its address is used
        call    *%rax
        lea     table(%rip), %rbx       # functions in data
        call    *8(%rbx)
        mov     $3, %edi
        call    switched
        call    with_request
        call    computed
        mov     $60, %eax
        syscall
        hlt

        .type   through_another_register, @function
through_another_register:
        mov     $1001, %r8d
        mov     %r8d, %eax
        syscall
        ret

        .type   one_of_two, @function
one_of_two:
        mov     $1002, %eax
        mov     $1012, %edx
        test    %edi, %edi
        cmove   %edx, %eax
        syscall
        ret

        .type   wrapper, @function
wrapper:
        push    %rbx
        mov     %rdi, %rax
        mov     %rsi, %rdi
        mov     %rdx, %rsi
        syscall
        pop     %rbx
        ret

        .type   outer_wrapper, @function
outer_wrapper:
        xor     %esi, %esi
        jmp     wrapper

        .type   through_the_stack, @function
through_the_stack:
        sub     $24, %rsp
        movl    $1005, 8(%rsp)
        mov     $7, %edi
        mov     8(%rsp), %eax
        syscall
        add     $24, %rsp
        ret

        .type   in_a_loop, @function
in_a_loop:
        mov     $1006, %r9d
1:      mov     %r9d, %eax
        syscall
        cmp     $-4, %rax
        je      1b
        cmp     $-11, %rax
        je      1b
        ret

        .type   taken, @function
taken:
        mov     $1007, %eax
        syscall
        ret

        .type   in_table, @function
in_table:
        mov     $1008, %eax
        syscall
        ret

        .type   in_other_table, @function
in_other_table:
        mov     $2000, %eax             # in a table that nobody looks at
        syscall
        ret

        .type   switched, @function
switched:
        push    %rbx
        mov     $1009, %ebx
        lea     cases(%rip), %rcx
        movslq  (%rcx,%rdi,4), %rdi
        add     %rcx, %rdi
        jmp     *%rdi
first_case:
        mov     %ebx, %eax
        syscall
        pop     %rbx
        ret
second_case:
        mov     $1010, %eax
        syscall
        pop     %rbx
        ret

        .type   with_request, @function
with_request:
        mov     $0x5413, %esi
        call    ask
        mov     $0x5401, %esi
        call    ask
        ret

        .type   ask, @function
ask:
        mov     $1011, %eax
        syscall
        ret

        .type   computed, @function
computed:
        mov     counter(%rip), %eax     # nobody can know
        syscall
        ret

        .type   unreachable, @function
unreachable:
        mov     $2001, %eax
        syscall
        ret

        .section .rodata
cases:  .long   first_case - cases, second_case - cases
        .section .data.rel.ro, "aw"
        .balign 8
        .type   other_table, @object
        .size   other_table, 8
other_table:
        .quad   in_other_table
        .type   table, @object
        .size   table, 16
table:  .quad   0, in_table
        .bss
counter: .long  0
        .section .note.GNU-stack, "", @progbits
