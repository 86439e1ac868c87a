# As numbers.S, for i386: three ways into the kernel, arguments on the stack.
        .text
        .globl  _start
_start:
        mov     $1000, %eax
        int     $0x80
        mov     $1001, %eax
        call    *%gs:0x10
        push    $7
        push    $1002
        call    wrapper
        add     $8, %esp
        sub     $12, %esp               # arguments are stored, not pushed
        movl    $1003, (%esp)
        call    outer_wrapper
        add     $12, %esp
        call    gate_function_user
        call    with_selector
        mov     $1, %eax
        int     $0x80
        hlt

        .type   wrapper, @function
wrapper:
        push    %ebp
        mov     %esp, %ebp
        push    %ebx
        mov     8(%ebp), %eax
        mov     12(%ebp), %ebx
        int     $0x80
        pop     %ebx
        pop     %ebp
        ret

        .type   outer_wrapper, @function
outer_wrapper:
        sub     $8, %esp
        push    $0
        push    16(%esp)
        call    wrapper
        add     $16, %esp
        ret

# As static C libraries do: the way into the kernel is a variable.
        .type   gate_function_user, @function
gate_function_user:
        mov     $1004, %eax
        call    *entry
        ret
        .type   gate_function, @function
gate_function:
        int     $0x80
        ret

        .type   with_selector, @function
with_selector:
        push    %ebx
        mov     $102, %eax
        mov     $5, %ebx
        int     $0x80
        pop     %ebx
        ret

        .data
entry:  .long   gate_function
        .section .note.GNU-stack, "", @progbits
