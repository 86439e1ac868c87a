/* Start-up and system calls of the reference kernel's own programs: number in RAX, arguments in RDI RSI RDX R10 R8 R9; the carry flag
 * says that RAX is an error number. */
        .section .note.polyabi, "a", @note
        .balign 4
        .long   8, 4, 1                 /* the ABI tag: owner, and version 1 */
        .string "polyabi"
        .long   1

        .text
        .globl  _start
_start: xorl    %ebp, %ebp
        movq    (%rsp), %rdi
        leaq    8(%rsp), %rsi
        leaq    16(%rsp,%rdi,8), %rdx
        andq    $-16, %rsp
        call    main
        movl    %eax, %edi
        movl    $0, %eax                /* exit */
        syscall
        hlt

/* long call(long number, long, long, long, long, long, long): minus the error number, or the value */
        .globl  call
call:   movq    %rdi, %rax
        movq    %rsi, %rdi
        movq    %rdx, %rsi
        movq    %rcx, %rdx
        movq    %r8, %r10
        movq    %r9, %r8
        movq    8(%rsp), %r9
        syscall
        jnc     1f
        negq    %rax
1:      ret

/* What a handler returns to. */
        .globl  restorer
restorer:
        leaq    -8(%rsp), %rdi          /* the frame begins with the return address that led here */
        movl    $149, %eax
        syscall
        hlt
        .section .note.GNU-stack, "", @progbits
