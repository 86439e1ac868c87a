/* Start-up of a static 64-bit program, and the system-call stubs: Solaris and illumos on amd64.
 *
 * At entry the stack holds argc, argv, 0, envp, 0 and the auxiliary vector; RDX is a function for atexit or 0.
 * A call has its number in EAX and its arguments in RDI, RSI, RDX, R10, R8 and R9. The kernel sets the carry flag and leaves the error
 * number in RAX, or clears it and leaves one or two values in RAX and RDX.
 */
        .text
        .globl  _start
_start:
        movq    %rsp, %rbp
        movq    (%rbp), %rdi            /* argc */
        leaq    8(%rbp), %rsi           /* argv */
        leaq    16(%rbp,%rdi,8), %rdx
        movq    %rdx, environ(%rip)
        pushq   $0                      /* a frame that ends here, and the alignment of a call */
        andq    $-16, %rsp
        call    main
        movl    %eax, %edi
        call    exit
        hlt

        .globl  cerror
cerror:
        movl    %eax, errno(%rip)
        movq    $-1, %rax
        ret

/* A call that answers one value. */
.macro  stub    name, number
        .globl  \name
\name:
        movq    %rcx, %r10
        movl    $\number, %eax
        syscall
        jc      cerror
        movq    %rdx, second_value(%rip)
        ret
.endm

/* A call that answers nothing but success. */
.macro  stub0   name, number
        .globl  \name
\name:
        movq    %rcx, %r10
        movl    $\number, %eax
        syscall
        jc      cerror
        xorl    %eax, %eax
        ret
.endm

/* A call of LWPs: answers the error number, or 0. */
.macro  direct  name, number
        .globl  \name
\name:
        movq    %rcx, %r10
        movl    $\number, %eax
        syscall
        jc      1f
        xorl    %eax, %eax
1:      ret
.endm

/* A call of a family: the function comes first. */
.macro  family  name, number, function
        .globl  \name
\name:
        movq    %rdx, %r10
        movq    %rsi, %rdx
        movq    %rdi, %rsi
        movl    $\function, %edi
        movl    $\number, %eax
        syscall
        jc      cerror
        ret
.endm

/* fork: RDX is 1 in the child, which has the parent's id in RAX. */
.macro  forks   name
        jc      cerror
        movq    %rax, forked_value(%rip)
        testq   %rdx, %rdx
        jz      1f
        xorl    %eax, %eax
1:      ret
.endm

        stub0   exit, 1
        stub    read, 3
        stub    write, 4
        stub    open, 5
        stub0   close, 6
        stub0   linkat, 7
        stub0   unlink, 10
        stub0   symlinkat, 11
        stub0   brk, 17
        stub0   stat, 18
        stub    lseek, 19
        stub    getpid, 20
        stub    readlinkat, 22
        stub0   fstat, 28
        stub0   access, 33
        stub0   kill, 37
        stub    pipe_calls, 42
        stub    times, 43
        stub0   faccessat, 45
        stub    ioctl, 54
        stub0   execve, 59
        stub    fcntl, 62
        stub0   renameat, 64
        stub0   unlinkat, 65
        stub0   fstatat, 66
        stub    openat, 68
        stub0   mkdir, 80
        stub    getdents, 81
        stub0   lstat, 88
        stub0   sigprocmask, 95
        stub0   sigaltstack, 97
        stub0   sigaction, 98
        family  sigpending, 99, 1
        family  context_get, 100, 0
        family  context_set, 100, 1
        stub0   mkdirat, 102
        stub0   statvfs, 103
        stub0   waitsys, 107
        stub    mmap_call, 115
        stub0   mprotect, 116
        stub0   munmap, 117
        stub    writev, 122
        stub0   getrlimit, 129
        stub    uname, 135
        stub    systeminfo, 139
        stub    yield_call, 146
        stub0   gettimeofday, 156
        stub    pread, 173
        stub    pollsys, 183
        stub0   sigqueue, 190
        stub0   clock_gettime, 191
        stub0   nanosleep, 199
        stub0   getcwd, 229
        stub    nonexistent, 240
        stub    out_of_range, 4000
        direct  lwp_park, 77
        direct  lwp_info, 145
        direct  lwp_sema_wait, 147
        direct  lwp_sema_post, 148
        direct  lwp_create, 159
        direct  lwp_exit, 160
        direct  lwp_suspend, 161
        direct  lwp_continue, 162
        direct  lwp_kill, 163
        stub    lwp_self, 164
        stub    lwp_private, 166
        direct  lwp_wait, 167
        direct  lwp_mutex_lock, 169
        direct  lwp_mutex_unlock, 250

/* Six arguments: the fourth comes in RCX, the others are where they are to be. */
        .globl  mmap
mmap:
        jmp     mmap_call

        .globl  fork1, forkx
fork1:
        movl    $143, %eax
        syscall
        forks
forkx:
        movq    %rdi, %rsi
        xorl    %edi, %edi
        movl    $142, %eax
        syscall
        forks

/* int getcontext(ucontext_t *): the kernel tells the registers within its stub; the context is to continue behind this function. */
        .globl  getcontext
getcontext:
        pushq   %rdi
        call    context_get
        popq    %rdi
        testq   %rax, %rax
        jnz     1f
        movq    (%rsp), %rcx
        movq    %rcx, 64+17*8(%rdi)     /* RIP */
        leaq    8(%rsp), %rcx
        movq    %rcx, 64+20*8(%rdi)     /* RSP */
1:      ret

/* What the kernel calls: the number, its siginfo and the context are in registers, and there is nothing to return to. Then the context
 * is entered again. */
        .globl  handler_entry
handler_entry:
        movq    %rsp, handler_stack(%rip)
        movq    (%rsp), %rax
        movq    %rax, handler_return_address(%rip)
        movq    %rdx, %rbx
        subq    $8, %rsp
        call    *handler_function(%rip)
        movq    %rbx, %rdi
        call    context_set
        hlt

        .data
        .globl  environ, errno, second_value, forked_value, handler_function, handler_stack, handler_return_address
        .align  8
environ: .quad  0
second_value: .quad 0
forked_value: .quad 0
handler_function: .quad 0
handler_stack: .quad 0
handler_return_address: .quad 0
errno:  .long   0

        .section .note.GNU-stack, "", @progbits
