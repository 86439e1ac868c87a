/* vendor_calls VARIANT: the calls and requests that one vendor's system alone has. */
#include "pseudo_terminal.h"

static int status;
static char buffer[256];
static int master, terminal;

static int in_child(int (*what)(void)) {
  const int child = forkall();
  if (child == 0) exit(what() ? 0 : 1);
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void make_file(int symlink_number) {
  const int fd = open("vendor_file", O_RDWR | O_CREAT | O_TRUNC, 0640);
  write(fd, "0123456789", 10);
  close(fd);
  gate7(symlink_number, "vendor_file", "vendor_link");
}

/* Solaris: the large structure behind the old numbers, whichever way they are called. */
static void solaris(void) {
  struct stat now;
  const int fd = open("vendor_file", O_RDONLY);
  check(gate7(18, "vendor_file", &now) == 0 && now.st_size == 10 && now.st_mode == (S_IFREG | 0640), "stat fills the large structure");
  check(gate7(28, fd, &now) == 0 && now.st_size == 10, "fstat");
  check(gate7(88, "vendor_link", &now) == 0 && (now.st_mode & S_IFMT) == S_IFLNK, "lstat");
  close(fd);
}

struct statvfs64 { uint f_bsize, f_frsize; u64_4 f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail; uint f_fsid; char f_basetype[16];
                   uint f_flag, f_namemax; char f_fstr[32]; uint f_filler[16]; };

static int forks_one(void) {
  const int parent = getpid();
  const int child = gate7(195);
  if (gate_second == 1) exit(child == parent ? 3 : 4);
  return child > 0 && waitpid(child, &status, 0) == child && status == 3 << 8;
}
static int forks_all(void) {
  const int child = gate7(196);
  if (gate_second == 1) exit(5);
  return child > 0 && waitpid(child, &status, 0) == child && status == 5 << 8;
}
static int thread_ends(void) {
  gate7(174);
  return 0;
}

static void unixware(void) {
  struct stat64 large;
  const int fd = open("vendor_file", O_RDWR);
  check(gate7(123, 4, "vendor_link", &large) == 0 && large.st_size == 10 && large.st_mode == (S_IFREG | 0640), "xstat 4");
  check(gate7(124, 4, "vendor_link", &large) == 0 && (large.st_mode & S_IFMT) == S_IFLNK, "lxstat 4");
  check(gate7(125, 4, fd, &large) == 0 && large.st_size == 10, "fxstat 4");
  struct itimerval timer = {{0, 0}, {100, 0}}, told;
  check(gate7(169, 0, &timer, NULL) == 0 && gate7(170, 0, &told) == 0 && told.it_value.tv_sec >= 99, "setitimer and getitimer");
  memset(&timer, 0, sizeof timer);
  gate7(169, 0, &timer, NULL);
  struct timeval now;
  check(gate7(171, &now) == 0 && now.tv_sec - time() <= 0 && now.tv_usec < 1000000, "gettimeofday");
  check(gate7(176) == 1 && in_child(thread_ends), "lwpself and lwpexit");
  check_error(gate7(175, 0, buffer), EDEADLK, "lwpwait without another is EDEADLK");
  check_error(gate7(203, 99), ESRCH, "lwpsuspend of nobody is ESRCH");
  check_error(gate7(204, 99), ESRCH, "lwpcontinue of nobody is ESRCH");
  check_error(gate7(193, 99, SIGUSR1), ESRCH, "lwpkill of nobody is ESRCH");
  check(gate7(193, 1, 0) == 0, "lwpkill of itself");
  check(gate7(204, 1) == 0, "lwpcontinue of one that runs");
  check(gate7(190, fd, "AB", 2, 2) == 2 && gate7(189, fd, buffer, 4, 1) == 4 && !strncmp(buffer, "1AB4", 4), "pread and pwrite");
  check(gate7(191, "vendor_file", 8) == 0 && lseek(fd, 0, 2) == 8, "truncate");
  check(gate7(192, fd, 6) == 0 && lseek(fd, 0, 2) == 6, "ftruncate");
  sigset_t set;
  memset(&set, 0, sizeof set);
  set.bits[0] = 1u << (SIGUSR1 - 1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  siginfo_t info;
  check(gate7(233, getpid(), SIGUSR1, 0) == 0 && gate7(194, &set, &info, NULL) == SIGUSR1 && info.si_code == SI_USER, "kill3 and sigwait");
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  check(in_child(forks_one), "fork1");
  check(in_child(forks_all), "forkall");
  check(gate7(206, 0) == 0, "sleep");
  struct statvfs64 system;
  check(gate7(217, ".", &system) == 0 && system.f_bsize > 0, "statvfs64");
  check(gate7(216, fd, &system) == 0 && system.f_namemax >= 14, "fstatvfs64");
  check(gate7(218, fd, (u64_4)5000000000LL) == 0 && gate7(222, fd, (u64_4)0, 2) == (int)5000000000LL && gate_second == 1, "ftruncate64 and lseek64");
  check(gate7(219, "vendor_file", (u64_4)6) == 0 && lseek(fd, 0, 2) == 6, "truncate64");
  check(gate7(225, fd, "far", 3, (u64_4)5000000000LL) == 3 && gate7(224, fd, buffer, 3, (u64_4)5000000000LL) == 3 && !strncmp(buffer, "far", 3),
        "pwrite64 and pread64");
  char *p = (char *)gate7(223, NULL, 4096, PROT_READ, MAP_SHARED | _MAP_NEW, fd, (u64_4)(5000000000LL / 4096 * 4096));
  check(p != (char *)-1 && !strncmp(p + 5000000000LL % 4096, "far", 3), "mmap64");
  u64_4 limit[2];
  check(gate7(220, 5, limit) == 0 && limit[0] > 10, "getrlimit64");
  limit[0] = 60;
  check(gate7(221, 5, limit) == 0 && gate7(220, 5, limit) == 0 && limit[0] == 60, "setrlimit64");
  const int made = gate7(226, "vendor_large", 0600);
  check(made > fd && close(made) == 0 && unlink("vendor_large") == 0, "creat64");
  close(fd);
}

struct sco_stat { ushort st_dev; uint pad1[3], st_ino; ushort st_mode; short st_nlink; ushort st_uid, st_gid, st_rdev; uint pad2[2];
                  int st_size, pad3, st_atime, st_mtime, st_ctime, st_blksize, st_blocks; char st_fstype[16]; int pad4[8]; };
struct sco_termios { ushort c_iflag, c_oflag, c_cflag, c_lflag; uchar c_line, c_cc[13], c_ispeed, c_ospeed; };

static void openserver(void) {
  struct sco_stat now;
  struct old_stat old;
  check(sizeof now == 116 && gate7(123, 51, "vendor_link", &now) == 0 && now.st_size == 10 && now.st_mode == (S_IFREG | 0640), "xstat 51");
  check(gate7(124, 51, "vendor_link", &now) == 0 && (now.st_mode & S_IFMT) == S_IFLNK, "lxstat 51");
  const int fd = open("vendor_file", O_RDONLY);
  check(gate7(125, 51, fd, &now) == 0 && now.st_size == 10 && now.st_ino != 0, "fxstat 51");
  close(fd);
  check(gate7(90, "vendor_file", "vendor_soft") == 0 && gate7(91, "vendor_soft", &old) == 0 && (old.st_mode & S_IFMT) == S_IFLNK, "symlink and lstat");
  check(gate7(92, "vendor_soft", buffer, sizeof buffer) == 11 && unlink("vendor_soft") == 0, "readlink");
  struct timeval when;
  check(gate7(171, &when, NULL) == 0 && when.tv_sec - time() <= 0, "gettimeofday");
  check_error(gate7(80, "vendor_file", 0700), EEXIST, "mkdir over a file is EEXIST");
  mkdir("vendor_dir", 0755);
  close(creat("vendor_dir/one", 0600));
  check_error(rmdir("vendor_dir"), 145, "ENOTEMPTY has a number of its own");
  unlink("vendor_dir/one");
  rmdir("vendor_dir");

  int group = 0;
  const int x = 'x' << 8, extended = 'i' << 16 | 'X' << 8;
  for (int generation = 0; generation < 2; ++generation) {
    const int base = generation == 0 ? x : extended;
    struct sco_termios modes, again;
    check(ioctl(terminal, base | 1, &modes) == 0 && modes.c_cc[4] == 4 && modes.c_cc[0] == 3 && (modes.c_lflag & ICANON), "XCGETA");
    modes.c_cc[0] = 5;
    modes.c_cc[8] = 1;
    check(ioctl(terminal, base | 2, &modes) == 0 && ioctl(terminal, base | 1, &again) == 0 && again.c_cc[0] == 5, "XCSETA");
    modes.c_lflag &= (ushort)~ECHO;
    check(ioctl(terminal, base | 3, &modes) == 0 && ioctl(terminal, base | 1, &again) == 0 && !(again.c_lflag & ECHO), "XCSETAW");
    modes.c_cc[0] = 3;
    check(ioctl(terminal, base | 4, &modes) == 0 && ioctl(terminal, base | 1, &again) == 0 && again.c_cc[0] == 3, "XCSETAF");
  }
  check(ioctl(terminal, T(119), &group) == 0 && group == getpid(), "TIOCGPGRP");
  check(ioctl(terminal, T(118), &group) == 0, "TIOCSPGRP");
}

static int sysisc_session(void) { return gate7(105, 12) == getpid(); }
static int sysisc_group(void) { return gate7(105, 13, 0, 0) == 0 && getpgrp() == getpid(); }
static volatile int caught;
static void on_signal(int number) { caught = number; }
__asm__("vendor_return: addl $4, %esp\n lcall $0xf, $0\n hlt");
extern char vendor_return[];
struct old_sigaction { void *sa_handler; uint sa_mask; int sa_flags; };

static void interactive(void) {
  enum { sysisc = 105 };
  struct old_sigaction action = {on_signal, 0, 0}, told;
  check(gate7(sysisc, 1, 1) == 0, "setostype changes nothing");
  close(creat("vendor_old", 0600));
  check(gate7(sysisc, 2, "vendor_old", "vendor_new") == 0 && unlink("vendor_new") == 0, "rename");
  gate_second = (int)vendor_return;
  check(gate7(sysisc, 3, SIGUSR1, &action, NULL) == 0 && gate7(sysisc, 3, SIGUSR1, NULL, &told) == 0 && told.sa_handler == on_signal, "sigaction");
  uint set = 1u << (SIGUSR1 - 1), old = 7;
  check(gate7(sysisc, 4, 1, &set, &old) == 0 && old == 0, "sigprocmask");
  check(gate7(37, getpid(), SIGUSR1) == 0 && gate7(sysisc, 5, &old) == 0 && old == set, "kill and sigpending");
  old = 0;
  check_error(gate7(sysisc, 17, &old), EINTR, "sigsuspend");
  check(caught == SIGUSR1, "which its handler has seen");
  ushort groups[32];
  const int count = gate7(sysisc, 6, 32, groups);
  check(count >= 0, "getgroups");
  const int set_groups = gate7(sysisc, 7, count, groups);
  check(geteuid() == 0 ? set_groups == 0 : set_groups == -1 && errno == EPERM, "setgroups, or EPERM without the right to");
  const int fd = open("vendor_file", O_RDONLY);
  check(gate7(sysisc, 8, ".", 3) == 255 && gate7(sysisc, 9, fd, 3) == 255, "pathconf and fpathconf");
  close(fd);
  check(gate7(sysisc, 10, 2) == 100 && gate7(sysisc, 16, 2) == 100, "sysconf in both numbers");
  int child = forkall();
  if (child == 0) exit(6);
  check(gate7(sysisc, 11, child, &status, 0) == child && status == 6 << 8, "waitpid");
  child = forkall();
  if (child == 0)
    for (;;) pause();
  gate7(37, child, 24); /* SIGSTOP is 24 here */
  check(gate7(sysisc, 11, child, &status, 2) == child && status == (24 << 8 | 0177), "its stop signal's number in a status");
  gate7(37, child, SIGKILL);
  gate7(sysisc, 11, child, &status, 0);
  check(in_child(sysisc_session), "setsid");
  check(in_child(sysisc_group), "setpgid");
  check(gate7(sysisc, 18, "vendor_file", "vendor_soft") == 0 && gate7(sysisc, 19, "vendor_soft", buffer, sizeof buffer) == 11, "symlink and readlink");
  unlink("vendor_soft");
  int group = 0;
  check(ioctl(terminal, T(21), &group) == 0 && group == getpid(), "TCGETPGRP");
  check(ioctl(terminal, T(20), group) == 0, "TCSETPGRP");
}

static void coherent(void) {
  int queued = 0, fds[2];
  pipe(fds);
  write(fds[1], "abc", 3);
  check(ioctl(fds[0], 0120, &queued) == 0 && queued == 3, "TIOCQUERY");
  struct { uchar ispeed, ospeed, erase, kill; int flags; } modes;
  check(gate7(32, terminal, &modes) == 0 && (modes.flags & 0x10000) == 0, "gtty");
  modes.flags |= 0x10000;
  struct termios now;
  check(gate7(31, terminal, &modes) == 0 && ioctl(terminal, TCGETS, &now) == 0 && !(now.c_lflag & ICANON), "stty knows Coherent's CBREAK");
  check(ioctl(terminal, t(8), &modes) == 0 && (modes.flags & 0x10000), "TIOCGETP");
  modes.flags &= ~0x10000;
  check(ioctl(terminal, t(10), &modes) == 0 && ioctl(terminal, TCGETS, &now) == 0 && (now.c_lflag & ICANON), "TIOCSETN");
  check(ioctl(terminal, t(9), &modes) == 0, "TIOCSETP");
}

int main(int argc, char **argv) {
  const struct { const char *name; void (*calls)(void); } all[] = {
      {"solaris", solaris}, {"unixware", unixware}, {"openserver", openserver}, {"interactive", interactive}, {"coherent", coherent}};
  if (argc < 2) return 2;
  setsid();
  make_file(!strcmp(argv[1], "openserver") ? 90 : 89);
  if (!check(open_pair(&master, &terminal) == 0, "a pseudo-terminal")) return 1;
  for (uint i = 0; i < sizeof all / sizeof *all; ++i)
    if (!strcmp(argv[1], all[i].name)) all[i].calls();
  unlink("vendor_file");
  unlink("vendor_link");
  return failures != 0;
}
