/* Start-up of a static program, and the system-call stubs: System V Release 4 on i386.
 *
 * At entry the stack holds argc, argv, 0, envp, 0 and the auxiliary vector; EDX is a function for atexit or 0.
 * A call has its number in EAX and its arguments above the return address: a stub needs to move nothing. The gate sets the carry
 * flag and leaves the error number in EAX, or clears it and leaves one or two values in EAX and EDX.
 *
 * With POLYABI_C_LIBRARY these are the stubs under a whole C library (userland/): `exit` and `errno` are that library's.
 */
        .text
        .globl  _start
_start:
        pushl   $0              /* a frame that ends here */
        pushl   $0
        movl    %esp, %ebp
        movl    8(%ebp), %ecx   /* argc */
        leal    12(%ebp), %eax  /* argv */
        leal    16(%ebp,%ecx,4), %edx
        movl    %edx, environ
        movl    %edx, %esi
1:      lodsl                   /* the auxiliary vector follows the environment */
        testl   %eax, %eax
        jnz     1b
        movl    %esi, auxiliary_vector
        leal    12(%ebp), %eax
        andl    $-16, %esp
        subl    $4, %esp
        pushl   %edx
        pushl   %eax
        pushl   %ecx
        call    main
        pushl   %eax
        call    exit
        hlt

        .globl  cerror
cerror:
#ifdef POLYABI_C_LIBRARY
        pushl   %eax
        call    __errno
        popl    (%eax)
#else
        movl    %eax, errno
#endif
        movl    $-1, %eax
        movl    $-1, %edx       /* for calls that answer 64 bits */
        ret

/* A call that answers one value, or 64 bits in EDX:EAX. */
.macro  stub    name, number
        .globl  \name
\name:
        movl    $\number, %eax
        lcall   $7, $0
        jc      cerror
        ret
.endm

/* A call that answers nothing but success. */
.macro  stub0   name, number
        .globl  \name
\name:
        movl    $\number, %eax
        lcall   $7, $0
        jc      cerror
        xorl    %eax, %eax
        ret
.endm

/* A call of a family: the first argument is the function. The stub has its own frame so that it can put one below the others. */
.macro  family  name, number, function
        .globl  \name
\name:
        popl    %edx            /* the return address */
        pushl   $\function
        pushl   %edx
        movl    $\number, %eax
        lcall   $7, $0
        popl    %ecx            /* takes the function away again */
        movl    %ecx, (%esp)
        jc      cerror
        ret
.endm

/* A call of LWPs: answers the error number, or 0. `errno` is one for all of them. */
.macro  direct  name, number
        .globl  \name
\name:
        movl    $\number, %eax
        lcall   $7, $0
        jc      1f
        xorl    %eax, %eax
1:      ret
.endm

/* fork: EDX is 1 in the child, which has the parent's id in EAX. */
.macro  forks   name, number
        .globl  \name
\name:
        movl    $\number, %eax
        lcall   $7, $0
        jc      cerror
        movl    %eax, forked_value
        movl    %edx, forked_second
        testl   %edx, %edx
        jz      1f
        xorl    %eax, %eax
1:      ret
.endm

#ifdef POLYABI_C_LIBRARY
        stub0   _exit, 1
#else
        stub0   exit, 1
#endif
        forks   forkall, 2
        stub    read, 3
        stub    write, 4
        stub    open, 5
        stub0   close, 6
        stub    creat, 8
        stub0   link, 9
        stub0   unlink, 10
        stub0   chdir, 12
        stub    time, 13
        stub0   mknod, 14
        stub0   chmod, 15
        stub0   chown, 16
        stub0   brk, 17
        stub0   old_stat, 18
        stub    lseek, 19
        stub    getpid, 20
        stub    getuid, 24
        stub0   mount, 21
        stub0   umount, 22
        stub    alarm, 27
        stub0   old_fstat, 28
        stub0   pause, 29
        stub0   utime, 30
        stub0   access, 33
        stub    nice, 34
        stub    statfs, 35
        stub0   sync, 36
        stub0   kill, 37
        family  getpgrp, 39, 0
        family  setpgrp, 39, 1
        family  getsid, 39, 2
        family  setsid, 39, 3
        family  getpgid, 39, 4
        family  setpgid, 39, 5
        stub    dup, 41
        stub    times, 43
        stub    getgid, 47
        stub    ssig, 48
        stub    msgsys, 49
        stub    shmsys, 52
        stub    semsys, 53
        stub    sysi86, 50
        stub    ioctl, 54
        stub    utssys, 57
        stub0   execve, 59
        stub    umask, 60
        stub    fcntl, 62
        stub    ulimit, 63
        stub0   rmdir, 79
        stub0   mkdir, 80
        stub    getdents, 81
        stub    sysfs, 84
        stub    getmsg, 85
        stub0   putmsg, 86
        stub    poll, 87
        stub0   old_lstat, 88
        stub0   symlink, 89
        stub    readlink, 90
        stub    setgroups, 91
        stub    getgroups, 92
        stub0   fchmod, 93
        stub0   fchown, 94
        stub0   sigprocmask, 95
        stub0   sigsuspend, 96
        stub0   sigaltstack, 97
#ifdef POLYABI_C_LIBRARY
        stub0   kernel_sigaction, 98
#else
        stub0   sigaction, 98
#endif
        family  sigpending, 99, 1
        stub0   statvfs, 103
        family  context_get, 100, 0
        family  context_set, 100, 1
        stub0   waitsys, 107
        stub0   sigsendsys, 108
        stub    pathconf, 113
        stub    mmap, 115
        stub0   mprotect, 116
        stub0   munmap, 117
        stub    readv, 121
        stub    writev, 122
        stub0   xstat, 123
        stub0   lxstat, 124
        stub0   fxstat, 125
        stub0   fchdir, 120
        stub0   setrlimit, 128
        stub0   getrlimit, 129
        stub0   lchown, 130
        stub    getpmsg, 132
        stub0   putpmsg, 133
        stub0   rename, 134
        stub    uname, 135
        stub    sysconfig, 137
        stub    systeminfo, 139
        forks   fork, 143
        stub0   gettimeofday, 156
        stub0   getitimer, 157
        stub0   setitimer, 158
        stub    pread, 173
        stub    pwrite, 174
        stub    llseek, 175
        stub0   rusagesys, 181
        stub    pollsys, 183
        stub0   sigqueue, 190
        stub0   clock_gettime, 191
        stub0   clock_getres, 193
        stub0   nanosleep, 199
        stub    getdents64, 213
        stub0   stat64, 215
        stub0   fstat64, 217
        stub0   getrlimit64, 221
        stub    open64, 225
#ifdef POLYABI_C_LIBRARY
        stub0   kernel_getcwd, 229
#else
        stub0   getcwd, 229
#endif

/* Sockets */
#ifndef POLYABI_C_LIBRARY
        stub    so_socket, 230
        stub0   so_socketpair, 231
        stub0   bind, 232
        stub0   listen, 233
        stub    accept, 234
        stub0   connect, 235
        stub0   shutdown, 236
        stub    recv, 237
        stub    recvfrom, 238
        stub    recvmsg, 239
        stub    send, 240
        stub    sendmsg, 241
        stub    sendto, 242
        stub0   getpeername, 243
        stub0   getsockname, 244
        stub0   getsockopt, 245
        stub0   setsockopt, 246
#endif

/* Light-weight processes */
        direct  lwp_park, 77
        direct  lwp_info, 145
        direct  lwp_sema_wait, 147
        direct  lwp_sema_post, 148
        direct  lwp_sema_trywait, 149
        direct  lwp_detach, 150
        direct  lwp_create, 159
        direct  lwp_exit, 160
        direct  lwp_suspend, 161
        direct  lwp_continue, 162
        direct  lwp_kill, 163
        stub    lwp_self, 164
        stub    lwp_private, 166
        direct  lwp_wait, 167
        direct  lwp_mutex_wakeup, 168
        direct  lwp_mutex_lock, 169
        direct  lwp_cond_wait, 170
        direct  lwp_cond_signal, 171
        direct  lwp_cond_broadcast, 172
        direct  schedctl, 206
        direct  lwp_mutex_timedlock, 210
        direct  lwp_sema_timedwait, 211
        direct  lwp_rwlock_sys, 212
        direct  lwp_mutex_unlock, 250
        direct  lwp_mutex_trylock, 251
        direct  lwp_mutex_init, 252

/* A system call that nobody has. */
        stub    nonexistent, 254

/* vfork: the child runs on the parent's stack, so the return address waits in ECX, which the gate leaves alone. */
        .globl  vfork
vfork:
        popl    %ecx
        movl    $119, %eax
        lcall   $7, $0
        jc      2f
        testl   %edx, %edx
        jz      1f
        xorl    %eax, %eax
1:      jmp     *%ecx
2:      pushl   %ecx
        jmp     cerror

/* int wait(int *status): the id in EAX, the status in EDX. */
        .globl  wait
wait:
        movl    $7, %eax
        lcall   $7, $0
        jc      cerror
1:      movl    4(%esp), %ecx
        testl   %ecx, %ecx
        jz      2f
        movl    %edx, (%ecx)
2:      ret

/* int waitpid(int pid, int *status, int options): the same call with the flags PF, ZF, SF and OF set. */
        .globl  waitpid
waitpid:
        pushfl
        orl     $0x8c4, (%esp)
        popfl
        movl    $7, %eax
        lcall   $7, $0
        jc      cerror
        movl    8(%esp), %ecx
        testl   %ecx, %ecx
        jz      1f
        movl    %edx, (%ecx)
1:      ret

/* int pipe(int fds[2]): both in registers. */
        .globl  pipe
pipe:
        movl    $42, %eax
        lcall   $7, $0
        jc      cerror
        movl    4(%esp), %ecx
        movl    %eax, (%ecx)
        movl    %edx, 4(%ecx)
        xorl    %eax, %eax
        ret

/* int syscall(int number, ...): the indirect call. */
        stub    syscall, 0

/* The second values of getpid, getuid and getgid. */
.macro  second  name, number
        .globl  \name
\name:
        movl    $\number, %eax
        lcall   $7, $0
        movl    %edx, %eax
        ret
.endm
        second  getppid, 20
        second  geteuid, 24
        second  getegid, 47

/* The gates of Solaris: int gate91(int number, ...), int gate27(int number, ...), with the number where syscall has it. */
        .globl  gate91, gate27
gate91:
        popl    %ecx
        popl    %eax
        pushl   %ecx
        int     $0x91
        popl    %ecx
        pushl   %eax
        pushl   %ecx
        jc      cerror
        ret
gate27:
        popl    %ecx
        popl    %eax
        pushl   %ecx
        lcall   $0x27, $0
        popl    %ecx
        pushl   %eax
        pushl   %ecx
        jc      cerror
        ret

/* int gate7(int number, ...): any call through `lcall $7,$0`. EDX is `gate_second` before it and after it. */
        .globl  gate7
gate7:
        popl    %ecx
        popl    %eax
        pushl   %ecx
        movl    gate_second, %edx
        lcall   $7, $0
        movl    %edx, gate_second
        popl    %ecx
        pushl   %eax
        pushl   %ecx
        jc      cerror
        ret

/* long long fast_trap(int function) */
        .globl  fast_trap
fast_trap:
        movl    4(%esp), %eax
        int     $0xd2
        ret

/* int getcontext(ucontext_t *): the kernel tells the registers within its stub; the context is to continue behind this function. */
        .globl  getcontext
getcontext:
        pushl   4(%esp)
        call    context_get
        addl    $4, %esp
        testl   %eax, %eax
        jnz     1f
        movl    4(%esp), %edx
        movl    (%esp), %ecx
        movl    %ecx, 36+14*4(%edx)     /* EIP */
        leal    4(%esp), %ecx
        movl    %ecx, 36+17*4(%edx)     /* UESP */
1:      ret

/* What the kernel calls: the frame has the signal, its siginfo and the context, and nothing to return to. The C function gets the
 * three arguments where they are; then the context is entered again. */
        .globl  handler_entry
handler_entry:
        movl    %esp, handler_stack
        popl    %eax            /* 0xffffffff */
        movl    %eax, handler_return_address
        call    *handler_function
        pushl   8(%esp)         /* the context */
        call    context_set
        hlt

#ifdef POLYABI_C_LIBRARY
/* The same, for many handlers: `signal_functions` has them by number. */
        .globl  signal_entry
signal_entry:
        popl    %eax            /* 0xffffffff */
        movl    (%esp), %eax
        call    *signal_functions(,%eax,4)
        pushl   8(%esp)         /* the context */
        call    context_set
        hlt
#endif

        .data
        .globl  environ, auxiliary_vector, forked_value, forked_second, handler_function, handler_stack
        .globl  handler_return_address, gate_second
        .align  4
environ: .long  0
auxiliary_vector: .long 0
#ifndef POLYABI_C_LIBRARY
        .globl  errno
errno:  .long   0
#endif
forked_value: .long 0
forked_second: .long 0
handler_function: .long 0
handler_stack: .long 0
handler_return_address: .long 0
gate_second: .long 0

        .section .note.GNU-stack, "", @progbits
