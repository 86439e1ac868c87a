/* What the 64-bit example needs of Solaris' headers (_LP64): types, constants and calls, as its documents give them. */
#ifndef POLYABI_EXAMPLES_SOLARIS_AMD64_H
#define POLYABI_EXAMPLES_SOLARIS_AMD64_H

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
#define NULL ((void *)0)

extern int errno;
extern char **environ;
extern ulong second_value, forked_value;
extern void *handler_function;
extern ulong handler_stack, handler_return_address;

enum { ESRCH = 3, EINTR, EBADF = 9, EFAULT = 14, EEXIST = 17, ENOTDIR = 20, EINVAL = 22, ENOTTY = 25, ENOENT = 2, EDEADLK = 45,
       ENOSYS = 89 };
enum { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT = 0x100, O_TRUNC = 0x200, O_EXCL = 0x400 };
enum { AT_REMOVEDIR = 1, AT_SYMLINK_NOFOLLOW = 0x1000, AT_FDCWD = (int)0xffd19553 };
enum { F_SETLK = 6, F_GETLK = 14, F_RDLCK = 1, F_WRLCK, F_UNLCK };
enum { PROT_READ = 1, PROT_WRITE, MAP_SHARED = 1, MAP_PRIVATE, MAP_ANON = 0x100 };
enum { S_IFMT = 0xf000, S_IFDIR = 0x4000, S_IFREG = 0x8000, S_IFLNK = 0xa000 };
enum { SIGKILL = 9, SIGSEGV = 11, SIGUSR1 = 16, SIGUSR2, SIGCLD };
enum { SA_ONSTACK = 1, SA_SIGINFO = 8, SIG_BLOCK = 1, SIG_UNBLOCK, SIG_SETMASK };
enum { SI_USER = 0, SI_LWP = -1, SI_QUEUE = -2, SEGV_MAPERR = 1, SEGV_ACCERR, CLD_EXITED = 1 };
enum { P_PID, P_ALL = 7, WEXITED = 1 };
enum { SI_SYSNAME = 1, SI_MACHINE = 5, SI_ARCHITECTURE, SI_ARCHITECTURE_64 = 517 };
enum { CLOCK_REALTIME = 3, CLOCK_HIGHRES };
enum { SETPRIVATE, GETPRIVATE, FSBASE = 0, GSBASE };
enum { FIONREAD = 0x4004667f, TCGETS = 'T' << 8 | 13 };
enum { LWP_DETACHED = 0x40, LWP_SUSPENDED = 0x80 };

struct timespec { long tv_sec, tv_nsec; };
struct timeval { long tv_sec, tv_usec; };
struct stat {
  ulong st_dev, st_ino;
  uint st_mode, st_nlink, st_uid, st_gid;
  ulong st_rdev;
  long st_size;
  struct timespec st_atim, st_mtim, st_ctim;
  int st_blksize;
  long st_blocks;
  char st_fstype[16];
};
struct statvfs { ulong f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_fsid; char f_basetype[16];
                 ulong f_flag, f_namemax; char f_fstr[32]; };
struct dirent { ulong d_ino; long d_off; ushort d_reclen; char d_name[1]; };
struct flock { short l_type, l_whence; long l_start, l_len; int l_sysid, l_pid; long l_pad[4]; };
struct iovec { const void *iov_base; ulong iov_len; };
struct pollfd { int fd; short events, revents; };
struct rlimit { ulong rlim_cur, rlim_max; };
struct tms { long tms_utime, tms_stime, tms_cutime, tms_cstime; };
struct utsname { char sysname[257], nodename[257], release[257], version[257], machine[257]; };
typedef struct { uint bits[4]; } sigset_t;
struct sigaction { int sa_flags; void *sa_handler; sigset_t sa_mask; };
typedef struct { void *ss_sp; ulong ss_size; int ss_flags; } stack_t;
typedef struct {
  int si_signo, si_code, si_errno, si_pad;
  union {
    int pad[60];
    struct {
      int pid;
      union { struct { uint uid; ulong value; } kill; struct { long utime; int status; long stime; } child; } data;
      int contract, zone;
    } process;
    struct { void *addr; int trapno; void *pc; } fault;
  } u;
} siginfo_t;
enum { REG_RDI = 8, REG_RSI, REG_RBP, REG_RBX, REG_RIP = 17, REG_RSP = 20, REG_FSBASE = 26, NGREG = 28 };
typedef struct { uchar image[512]; uint status, xstatus; } __attribute__((aligned(16))) fpregset_t;
typedef struct ucontext {
  ulong uc_flags;
  struct ucontext *uc_link;
  sigset_t uc_sigmask;
  stack_t uc_stack;
  struct { ulong gregs[NGREG]; fpregset_t fpregs; } __attribute__((aligned(16))) uc_mcontext;
  long uc_filler[5];
} ucontext_t;
typedef struct { ushort flag1; uchar flag2, ceiling; ushort type, magic; volatile uchar lock[8]; ulong data; } lwp_mutex_t;
typedef struct { volatile uint count; ushort type, magic; volatile uchar flags[8]; ulong data; } lwp_sema_t;

void exit(int) __attribute__((noreturn));
long read(int, void *, ulong), write(int, const void *, ulong), lseek(int, long, int), pread(int, void *, ulong, long);
long writev(int, const struct iovec *, int), readlinkat(int, const char *, char *, ulong), times(struct tms *);
int open(const char *, int, ...), openat(int, const char *, int, ...), close(int), unlink(const char *), unlinkat(int, const char *, int);
int linkat(int, const char *, int, const char *, int), symlinkat(const char *, int, const char *), brk(void *);
int stat(const char *, struct stat *), lstat(const char *, struct stat *), fstat(int, struct stat *);
int fstatat(int, const char *, struct stat *, int), statvfs(const char *, struct statvfs *), access(const char *, int);
int faccessat(int, const char *, int, int), renameat(int, const char *, int, const char *), mkdir(const char *, int);
int mkdirat(int, const char *, int), getdents(int, void *, ulong), getpid(void), kill(int, int), pipe_calls(void), ioctl(int, int, ...);
int execve(const char *, char **, char **), fcntl(int, int, ...), getcwd(char *, ulong), uname(struct utsname *), systeminfo(int, char *, long);
int sigprocmask(int, const sigset_t *, sigset_t *), sigaction(int, const struct sigaction *, struct sigaction *);
int sigaltstack(const stack_t *, stack_t *), sigpending(sigset_t *), sigqueue(int, int, ulong, int, int);
int getcontext(ucontext_t *) __attribute__((returns_twice)), context_set(const ucontext_t *), waitsys(int, int, siginfo_t *, int);
void *mmap(void *, ulong, int, int, int, long);
int mprotect(void *, ulong, int), munmap(void *, ulong), getrlimit(int, struct rlimit *), gettimeofday(struct timeval *);
int clock_gettime(int, struct timespec *), nanosleep(const struct timespec *, struct timespec *), fork1(void), forkx(int);
int pollsys(struct pollfd *, ulong, const struct timespec *, const sigset_t *), nonexistent(void), out_of_range(void);
int lwp_create(const ucontext_t *, uint, int *), lwp_exit(void), lwp_wait(int, int *), lwp_kill(int, int), lwp_self(void);
int lwp_suspend(int), lwp_continue(int), lwp_info(struct timespec *), lwp_park(int, void *, int);
long lwp_private(int, int, void *);
int lwp_mutex_lock(lwp_mutex_t *), lwp_mutex_unlock(lwp_mutex_t *), lwp_sema_wait(lwp_sema_t *), lwp_sema_post(lwp_sema_t *);
extern void handler_entry(void);

#endif
