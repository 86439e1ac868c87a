/* Start-up and system-call stubs of a program of System V Release 3 on the 386 (iBCS2): arguments lie above the return address, the
 * number is in EAX, `lcall $7,$0` is the gate, the carry flag says that EAX is an error number. */
        .text
        .globl  _start
_start:
        movl    (%esp), %ecx            /* argc */
        leal    4(%esp), %eax           /* argv */
        leal    8(%esp,%ecx,4), %edx    /* envp */
        movl    %esp, first_stack
        pushl   %edx
        pushl   %eax
        pushl   %ecx
        call    main
        pushl   %eax
        call    sys_exit
        hlt

.macro  stub    name, number
        .globl  \name
\name:  movl    $\number, %eax
        lcall   $7, $0
        jc      failed
        ret
.endm

failed: movl    %eax, error_number
        movl    $-1, %eax
        ret

        stub    sys_exit, 1
        stub    sys_read, 3
        stub    sys_write, 4
        stub    sys_open, 5
        stub    sys_close, 6
        stub    sys_unlink, 10
        stub    sys_brk, 17
        stub    sys_stat, 18
        stub    sys_lseek, 19
        stub    sys_getpid, 20
        stub    sys_alarm, 27
        stub    sys_pause, 29
        stub    sys_kill, 37
        stub    sys_ioctl, 54
        stub    sys_utssys, 57
        stub    sys_execve, 59
        stub    sys_nap, 0x0c28
        stub    sys_sigaction, 0x2728
        stub    sys_sigprocmask, 0x2828
        stub    sys_sigpending, 0x2928
        stub    sys_sigsuspend, 0x2a28

/* The child gets 1 in EDX. */
        .globl  sys_fork
sys_fork:
        movl    $2, %eax
        lcall   $7, $0
        jc      failed
        testl   %edx, %edx
        jz      1f
        xorl    %eax, %eax
1:      ret

        .globl  sys_pipe
sys_pipe:
        movl    $42, %eax
        lcall   $7, $0
        jc      failed
        movl    4(%esp), %ecx
        movl    %eax, (%ecx)
        movl    %edx, 4(%ecx)
        xorl    %eax, %eax
        ret

/* The status comes in EDX. */
        .globl  sys_wait
sys_wait:
        movl    $7, %eax
        lcall   $7, $0
        jc      failed
        movl    4(%esp), %ecx
        movl    %edx, (%ecx)
        ret

/* waitpid is wait with the flags ZF, PF, SF and OF set. */
        .globl  sys_waitpid
sys_waitpid:
        pushfl
        orl     $0x8c4, (%esp)
        popfl
        movl    $7, %eax
        lcall   $7, $0
        jc      failed
        movl    8(%esp), %ecx
        movl    %edx, (%ecx)
        ret

/* EDX is where handlers return to. */
        .globl  sys_signal
sys_signal:
        movl    $48, %eax
        movl    $signal_return, %edx
        lcall   $7, $0
        jc      failed
        ret
signal_return:
        addl    $4, %esp                /* the signal's number */
        lcall   $0xf, $0
        hlt

        .globl  error_number, first_stack
        .data
error_number:
        .long   0
first_stack:
        .long   0
        .section .note.GNU-stack, "", @progbits
