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
        stub    sys_locking, 0x0128
        stub    sys_creatsem, 0x0228
        stub    sys_rdchk, 0x0728
        stub    sys_chsize, 0x0a28
        stub    sys_ftime, 0x0b28
        stub    sys_nap, 0x0c28
        stub    sys_select, 0x2428
        stub    sys_eaccess, 0x2528
        stub    sys_getgroups, 0x2b28
        stub    sys_setgroups, 0x2c28
        stub    sys_sysconf, 0x2d28
        stub    sys_pathconf, 0x2e28
        stub    sys_fpathconf, 0x2f28
        stub    sys_rename, 0x3028
        stub    sys_utsname, 0x3228
        stub    sys_getitimer, 0x3728
        stub    sys_setitimer, 0x3828
        stub    sys_nosuchxenix, 0x6328
        stub    sys_sysisc, 105
        stub    sys_lstat, 88
        stub    sys_lstat_sco, 91
        stub    sys_symlink_sco, 90
        stub    sys_readlink_sco, 92
        stub    sys_xstat, 123
        stub    sys_pwrite_uw, 190
        stub    sys_ftruncate_uw, 192
        stub    sys_uname, 135
        stub    sys_cohcall, 500
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
.macro  handler_stub name, number
        .globl  \name
\name:  movl    $signal_return, %edx
        movl    $\number, %eax
        lcall   $7, $0
        jc      failed
        ret
.endm
        handler_stub sys_signal, 48
        handler_stub sys_sigaction, 0x2728
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
