/* What the examples need of System V Release 4's headers: types, constants and calls, as its documents give them. */
#ifndef POLYABI_EXAMPLES_SVR4_H
#define POLYABI_EXAMPLES_SVR4_H

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef long long longlong;
typedef unsigned int size_t;
#define NULL ((void *)0)

extern int errno;
extern char **environ;
extern unsigned *auxiliary_vector;

/* errno */
enum {
  EPERM = 1, ENOENT, ESRCH, EINTR, EIO, ENXIO, E2BIG, ENOEXEC, EBADF, ECHILD, EAGAIN, ENOMEM, EACCES, EFAULT, ENOTBLK, EBUSY,
  EEXIST, EXDEV, ENODEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE, ENOTTY, ETXTBSY, EFBIG, ENOSPC, ESPIPE, EROFS, EMLINK, EPIPE,
  EDEADLK = 45, ENOLCK = 46, ENAMETOOLONG = 78, EOVERFLOW = 79, ENOSYS = 89, ELOOP = 90, ENOTEMPTY = 93
};

/* open, fcntl */
enum { O_RDONLY, O_WRONLY, O_RDWR, O_NDELAY = 4, O_APPEND = 8, O_SYNC = 0x10, O_NONBLOCK = 0x80, O_CREAT = 0x100,
       O_TRUNC = 0x200, O_EXCL = 0x400, O_NOCTTY = 0x800 };
enum { F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_O_GETLK, F_SETLK, F_SETLKW, F_DUP2FD = 9, F_FREESP = 11, F_GETLK = 14,
       F_GETLK64 = 33, F_SETLK64 };
enum { F_RDLCK = 1, F_WRLCK, F_UNLCK };
struct flock { short l_type, l_whence; int l_start, l_len, l_sysid, l_pid, l_pad[4]; };
struct o_flock { short l_type, l_whence; int l_start, l_len; short l_sysid, l_pid; };
struct flock64 { short l_type, l_whence; longlong l_start __attribute__((packed, aligned(4))), l_len __attribute__((packed, aligned(4)));
                 int l_sysid, l_pid, l_pad[4]; };

/* stat */
struct old_stat { ushort st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_rdev; int st_size, st_atime, st_mtime, st_ctime; };
struct stat { uint st_dev, pad1[3], st_ino, st_mode, st_nlink, st_uid, st_gid, st_rdev, pad2[2]; int st_size, pad3;
              int st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec, st_blksize, st_blocks;
              char st_fstype[16]; int pad4[8]; };
typedef unsigned long long u64_4 __attribute__((aligned(4)));
typedef longlong i64_4 __attribute__((aligned(4)));
struct stat64 { uint st_dev, pad1[3]; u64_4 st_ino; uint st_mode, st_nlink, st_uid, st_gid, st_rdev, pad2[2]; i64_4 st_size;
                int st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec, st_blksize; i64_4 st_blocks;
                char st_fstype[16]; int pad4[8]; };
enum { S_IFMT = 0xf000, S_IFIFO = 0x1000, S_IFCHR = 0x2000, S_IFDIR = 0x4000, S_IFREG = 0x8000, S_IFLNK = 0xa000 };
struct statvfs { uint f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_fsid; char f_basetype[16];
                 uint f_flag, f_namemax; char f_fstr[32]; uint f_filler[16]; };
struct dirent { uint d_ino; int d_off; ushort d_reclen; char d_name[1]; };
struct iovec { void *iov_base; int iov_len; };
struct pollfd { int fd; short events, revents; };
enum { POLLIN = 1, POLLOUT = 4, POLLHUP = 0x10, POLLNVAL = 0x20, POLLRDNORM = 0x40 };

/* memory, limits */
enum { PROT_READ = 1, PROT_WRITE = 2, MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANON = 0x100 };
#define _MAP_NEW 0x80000000
struct rlimit { uint rlim_cur, rlim_max; };

/* processes */
enum { P_PID, P_PPID, P_PGID, P_ALL = 7, P_MYID = -1, POP_AND = 1 };
struct procset { int operation, left_type, left, right_type, right; };
enum { WEXITED = 1, WTRAPPED = 2, WSTOPPED = 4, WCONTINUED = 8, WNOHANG = 0x40, WNOWAIT = 0x80 };
struct tms { int tms_utime, tms_stime, tms_cutime, tms_cstime; };

/* signals */
enum { SIGHUP = 1, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGEMT, SIGFPE, SIGKILL, SIGBUS, SIGSEGV, SIGSYS, SIGPIPE, SIGALRM,
       SIGTERM, SIGUSR1, SIGUSR2, SIGCLD, SIGPWR, SIGWINCH, SIGURG, SIGPOLL, SIGSTOP, SIGTSTP, SIGCONT };
#define SIG_DFL ((void *)0)
#define SIG_IGN ((void *)1)
#define SIG_HOLD ((void *)2)
enum { SIGDEFER = 0x100, SIGHOLD = 0x200, SIGRELSE = 0x400, SIGIGNORE = 0x800, SIGPAUSE = 0x1000 };
enum { SIG_BLOCK = 1, SIG_UNBLOCK, SIG_SETMASK };
enum { SA_ONSTACK = 1, SA_RESETHAND = 2, SA_RESTART = 4, SA_SIGINFO = 8, SA_NODEFER = 0x10, SA_NOCLDWAIT = 0x10000,
       SA_NOCLDSTOP = 0x20000 };
enum { SS_ONSTACK = 1, SS_DISABLE = 2 };
enum { SI_USER = 0, SI_QUEUE = -2, CLD_EXITED = 1, CLD_KILLED, CLD_DUMPED, CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED,
       SEGV_MAPERR = 1, SEGV_ACCERR };
typedef struct { uint bits[4]; } sigset_t;
struct sigaction { uint sa_flags; void *sa_handler; sigset_t sa_mask; int sa_resv[2]; };
typedef struct { void *ss_sp; uint ss_size, ss_flags; } stack_t;
typedef struct {
  int si_signo, si_code, si_errno;
  union {
    int pad[29];
    struct { int pid, uid, value; } sent;
    struct { int pid, utime, status, stime; } child;
    struct { void *addr; } fault;
  } u;
} siginfo_t;
enum { GS, FS, ES, DS, EDI, ESI, EBP, ESP, EBX, EDX, ECX, EAX, TRAPNO, ERR, EIP, CS, EFL, UESP, SS, NGREG };
enum { UC_SIGMASK = 1, UC_STACK = 2, UC_CPU = 4, UC_FPU = 8 };
typedef struct ucontext {
  uint uc_flags;
  struct ucontext *uc_link;
  sigset_t uc_sigmask;
  stack_t uc_stack;
  uint gregs[NGREG];
  uint fpregs[95];
  int uc_filler[5];
} ucontext_t;

/* time */
struct timespec { int tv_sec, tv_nsec; };
struct timeval { int tv_sec, tv_usec; };
struct itimerval { struct timeval it_interval, it_value; };
struct utimbuf { int actime, modtime; };
enum { CLOCK_VIRTUAL = 1, CLOCK_THREAD_CPUTIME_ID, CLOCK_REALTIME, CLOCK_HIGHRES, CLOCK_PROCESS_CPUTIME_ID };

/* terminals */
#define T(n) ('T' << 8 | (n))
#define t(n) ('t' << 8 | (n))
enum { TCGETA = T(1), TCSETA, TCSETAW, TCSETAF, TCSBRK, TCXONC, TCFLSH, TCGETS = T(13), TCSETS, TCSETSW, TCSETSF,
       TIOCSWINSZ = T(103), TIOCGWINSZ, TIOCGPGRP = t(20), TIOCSPGRP, TIOCGSID, FIORDCHK = 'f' << 8 | 3 };
#define FIONREAD 0x4004667f
#define FIONBIO 0x8004667e
#define FIOCLEX 0x20006601
#define FIONCLEX 0x20006602
struct termio { ushort c_iflag, c_oflag, c_cflag, c_lflag; uchar c_line, c_cc[8]; };
struct termios { uint c_iflag, c_oflag, c_cflag, c_lflag; uchar c_cc[19]; };
struct winsize { ushort ws_row, ws_col, ws_xpixel, ws_ypixel; };
enum { ICRNL = 0400, IXON = 02000, OPOST = 1, ONLCR = 4, CBAUD = 017, B9600 = 13, CSIZE = 060, CS8 = 060, CREAD = 0200,
       ISIG = 1, ICANON = 2, ECHO = 010, ECHOE = 020, IEXTEN = 0100000 };
enum { VINTR, VQUIT, VERASE, VKILL, VEOF, VEOL, VMIN = 4, VTIME, VSUSP = 10 };

/* the system */
struct utsname { char sysname[257], nodename[257], release[257], version[257], machine[257]; };
enum { SI_SYSNAME = 1, SI_HOSTNAME, SI_RELEASE, SI_VERSION, SI_MACHINE, SI_ARCHITECTURE, SI_HW_SERIAL, SI_HW_PROVIDER };
enum { CONFIG_NGROUPS = 2, CONFIG_OPEN_FILES = 4, CONFIG_PAGESIZE = 6, CONFIG_CLK_TCK = 7 };

/* calls */
void exit(int) __attribute__((noreturn));
int forkall(void), fork(void), vfork(void) __attribute__((returns_twice)), wait(int *), waitpid(int, int *, int);
int read(int, void *, uint), write(int, const void *, uint), open(const char *, int, ...), open64(const char *, int, ...), close(int);
int creat(const char *, int), link(const char *, const char *), unlink(const char *), chdir(const char *), time(void);
int mknod(const char *, int, int), chmod(const char *, int), chown(const char *, int, int), brk(void *);
int old_stat(const char *, struct old_stat *), old_fstat(int, struct old_stat *), old_lstat(const char *, struct old_stat *);
int lseek(int, int, int), getpid(void), getppid(void), getuid(void), geteuid(void), getgid(void), getegid(void), alarm(uint);
int pause(void), utime(const char *, struct utimbuf *), access(const char *, int), nice(int), kill(int, int);
int getpgrp(void), setpgrp(void), getsid(int), setsid(void), getpgid(int), setpgid(int, int), dup(int), pipe(int *);
int times(struct tms *), ssig(int, void *), sysi86(int, ...), ioctl(int, int, ...), utssys(void *, int, int);
int execve(const char *, char **, char **), umask(int), fcntl(int, int, ...), ulimit(int, ...), rmdir(const char *);
int mkdir(const char *, int), getdents(int, void *, uint), getdents64(int, void *, uint), sysfs(int, ...);
int poll(struct pollfd *, uint, int), symlink(const char *, const char *), readlink(const char *, char *, uint);
int setgroups(int, uint *), getgroups(int, uint *), sigprocmask(int, const sigset_t *, sigset_t *), sigsuspend(const sigset_t *);
int sigaltstack(const stack_t *, stack_t *), sigaction(int, const struct sigaction *, struct sigaction *), sigpending(sigset_t *);
int statfs(const char *, void *, int, int), statvfs(const char *, struct statvfs *), getcontext(ucontext_t *) __attribute__((returns_twice)), context_set(const ucontext_t *);
int waitsys(int, int, siginfo_t *, int), pathconf(const char *, int), munmap(void *, uint), mprotect(void *, uint, int);
void *mmap(void *, uint, int, uint, int, int);
int readv(int, const struct iovec *, int), writev(int, const struct iovec *, int);
int xstat(int, const char *, void *), lxstat(int, const char *, void *), fxstat(int, int, void *);
int setrlimit(int, const struct rlimit *), getrlimit(int, struct rlimit *), rename(const char *, const char *), uname(struct utsname *);
int sysconfig(int), systeminfo(int, char *, int), gettimeofday(struct timeval *), getitimer(int, struct itimerval *);
int setitimer(int, const struct itimerval *, struct itimerval *), pread(int, void *, uint, int), pwrite(int, const void *, uint, int);
longlong llseek(int, longlong, int);
int sigqueue(int, int, int, int, int), clock_gettime(int, struct timespec *), clock_getres(int, struct timespec *);
int nanosleep(const struct timespec *, struct timespec *), stat64(const char *, struct stat64 *), fstat64(int, struct stat64 *);
int pollsys(struct pollfd *, uint, const struct timespec *, const sigset_t *), sigsendsys(const struct procset *, int);
int lchown(const char *, int, int), sync(void), fchdir(int);
int semsys(int, ...), shmsys(int, ...), msgsys(int, ...);
int rusagesys(int, int *), getcwd(char *, uint), nonexistent(void), syscall(int, ...), gate91(int, ...), gate27(int, ...), gate7(int, ...);
longlong fast_trap(int);

extern int forked_value, forked_second, gate_second;
extern void (*handler_function)(int, siginfo_t *, ucontext_t *);
extern void handler_entry(void);
extern uint handler_stack, handler_return_address;

/* library */
size_t strlen(const char *);
int strcmp(const char *, const char *), strncmp(const char *, const char *, size_t);
void *memset(void *, int, size_t), *memcpy(void *, const void *, size_t);
int memcmp(const void *, const void *, size_t);
char *getenv(const char *);
int printf(const char *, ...) __attribute__((format(printf, 1, 2)));

/* Prints "ok what" or "FAIL what" with the error number; counts failures. */
extern int failures;
int check(int holds, const char *what);
/* Checks that a call answered -1 with this error number. */
int check_error(int answer, int error, const char *what);

#endif
