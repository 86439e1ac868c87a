# Calls through the gate of System V on i386: arguments on the stack.
        .text
        .globl  _start
_start:
        push    $3
        push    $0x5401
        push    $0
        call    ask
        add     $12, %esp
        mov     $1, %eax
        lcall   $7, $0
        hlt
        .type   ask, @function
ask:    mov     $54, %eax
        lcall   $7, $0
        ret
        .section .note.GNU-stack, "", @progbits
