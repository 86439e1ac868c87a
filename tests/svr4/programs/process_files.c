/* The files of /proc, of this process and of another one. */
#include "svr4.h"

struct lwpsinfo { int pr_flag, pr_lwpid; uint pr_addr, pr_wchan; char pr_stype, pr_state, pr_sname, pr_nice; short pr_syscall;
                  char pr_oldpri, pr_cpu; int pr_pri; ushort pr_pctcpu, pr_pad; struct timespec pr_start, pr_time;
                  char pr_clname[8], pr_name[16]; int pr_onpro, pr_bindpro, pr_bindpset, pr_lgrp, pr_filler[4]; };
struct psinfo { int pr_flag, pr_nlwp, pr_pid, pr_ppid, pr_pgid, pr_sid; uint pr_uid, pr_euid, pr_gid, pr_egid, pr_addr, pr_size, pr_rssize,
                pr_pad1, pr_ttydev; ushort pr_pctcpu, pr_pctmem; struct timespec pr_start, pr_time, pr_ctime;
                char pr_fname[16], pr_psargs[80]; int pr_wstat, pr_argc; char **pr_argv, **pr_envp; char pr_dmodel, pr_pad2[3];
                int pr_taskid, pr_projid, pr_nzomb, pr_poolid, pr_zoneid, pr_contract, pr_filler; struct lwpsinfo pr_lwp; };
struct pstatus { uint pr_flags; int pr_nlwp, pr_pid, pr_ppid, pr_pgid, pr_sid, pr_aslwpid, pr_agentid; sigset_t pr_sigpend;
                 uint pr_brkbase, pr_brksize, pr_stkbase, pr_stksize; struct timespec pr_utime, pr_stime, pr_cutime, pr_cstime;
                 sigset_t pr_sigtrace; uint flttrace[4], sysentry[16], sysexit[16]; char pr_dmodel, pad[3];
                 int taskid, projid, nzomb, zoneid, filler[15]; uint pr_lwp_flags; int pr_lwpid; short pr_why, pr_what, pr_cursig, pad1;
                 siginfo_t pr_info; sigset_t pr_lwppend, pr_lwphold; uint rest[156]; };
struct prcred { uint pr_euid, pr_ruid, pr_suid, pr_egid, pr_rgid, pr_sgid; int pr_ngroups; uint pr_groups[32]; };
struct prusage { int pr_lwpid, pr_count; struct timespec pr_tstamp, pr_create, pr_term, pr_rtime, pr_utime, pr_stime, rest[14]; uint counts[22]; };
struct prmap { uint pr_vaddr, pr_size; char pr_mapname[64]; longlong pr_offset __attribute__((packed, aligned(4)));
               int pr_mflags, pr_pagesize, pr_shmid, pr_filler; };
enum { MA_EXEC = 1, MA_WRITE = 2, MA_READ = 4, MA_BREAK = 0x10, MA_STACK = 0x20 };

static char buffer[65536], name[64];

/* "/proc/PID/file"; 0 is this process. */
static const char *path(int pid, const char *file) {
  char digits[12];
  int count = 0, used = 6;
  memcpy(name, "/proc/", 6);
  if (pid == 0) {
    memcpy(name + used, "self", 4);
    used += 4;
  } else {
    for (; pid > 0; pid /= 10) digits[count++] = (char)('0' + pid % 10);
    while (count > 0) name[used++] = digits[--count];
  }
  name[used++] = '/';
  memcpy(name + used, file, strlen(file) + 1);
  return name;
}
static int read_file(int pid, const char *file, void *to, uint room) {
  const int fd = open(path(pid, file), O_RDONLY);
  if (fd < 0) return -1;
  const int size = read(fd, to, room);
  close(fd);
  return size;
}

static void about_this(int argc, char **argv) {
  struct psinfo info;
  const int now = time();
  check(sizeof info == 336 && read_file(0, "psinfo", &info, sizeof info) == sizeof info, "psinfo");
  check(info.pr_pid == getpid() && info.pr_ppid == getppid() && info.pr_pgid == getpgrp() && info.pr_sid == getsid(0), "its ids");
  check(info.pr_uid == (uint)getuid() && info.pr_egid == (uint)getegid() && info.pr_nlwp == 1 && info.pr_dmodel == 1, "its user and kind");
  check(info.pr_start.tv_sec >= now - 60 && info.pr_start.tv_sec <= now + 1 && info.pr_size > 4, "its start and size");
  check(!strncmp(info.pr_fname, "svr4_process_", 13), "its name");
  check(info.pr_argc == argc && !strcmp(info.pr_psargs + strlen(info.pr_psargs) - 10, "file words") && info.pr_argv == argv && info.pr_envp == environ,
        "its arguments, and where they are");
  check(info.pr_lwp.pr_lwpid == 1 && info.pr_lwp.pr_sname == 'R' && !strcmp(info.pr_lwp.pr_clname, "TS"), "its LWP");

  struct pstatus status;
  sigset_t set;
  memset(&set, 0, sizeof set);
  set.bits[0] = 1u << (SIGUSR1 - 1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  check(sizeof status == 1136 && read_file(0, "status", &status, sizeof status) == sizeof status && status.pr_pid == getpid(), "status");
  check(status.pr_lwphold.bits[0] == set.bits[0], "the signals that are blocked");
  check((uint)&status >= status.pr_stkbase && (uint)&status < status.pr_stkbase + status.pr_stksize, "the stack");
  kill(getpid(), SIGUSR1);
  read_file(0, "status", &status, sizeof status);
  check((status.pr_sigpend.bits[0] | status.pr_lwppend.bits[0]) == set.bits[0], "the signals that are pending");
  ssig(SIGUSR1, SIG_IGN);
  sigprocmask(SIG_UNBLOCK, &set, NULL);

  struct prcred cred;
  memset(&cred, 0, sizeof cred);
  uint groups[32];
  const int count = getgroups(32, groups);
  const int size = read_file(0, "cred", &cred, sizeof cred);
  check(size == 28 + 4 * (count > 1 ? count : 1) && cred.pr_ruid == (uint)getuid() && cred.pr_sgid == (uint)getgid() && cred.pr_ngroups == count &&
            !memcmp(cred.pr_groups, groups, 4 * (uint)count),
        "cred");

  struct prusage usage;
  check(sizeof usage == 256 && read_file(0, "usage", &usage, sizeof usage) == sizeof usage && usage.pr_count == 1 && usage.pr_rtime.tv_sec < 60, "usage");

  struct sigaction actions[48];
  check(read_file(0, "sigact", actions, sizeof actions) == sizeof actions && actions[SIGUSR1 - 1].sa_handler == SIG_IGN &&
            actions[SIGUSR2 - 1].sa_handler == SIG_DFL,
        "sigact");

  struct prmap *map = (void *)buffer;
  const int maps = read_file(0, "map", buffer, sizeof buffer);
  int code = 0, stack = 0, data = 0;
  for (int i = 0; i < maps / (int)sizeof *map; ++i) {
    const uint start = map[i].pr_vaddr, end = start + map[i].pr_size;
    if ((uint)about_this >= start && (uint)about_this < end)
      code = (map[i].pr_mflags & (MA_READ | MA_EXEC | MA_WRITE)) == (MA_READ | MA_EXEC) && !strcmp(map[i].pr_mapname, "a.out");
    if ((uint)&map >= start && (uint)&map < end) stack = (map[i].pr_mflags & (MA_STACK | MA_WRITE)) == (MA_STACK | MA_WRITE);
    if ((uint)buffer >= start && (uint)buffer < end) data = (map[i].pr_mflags & MA_WRITE) != 0;
  }
  check(maps > 0 && maps % (int)sizeof *map == 0 && code && stack && data, "map has the code, the data and the stack");
  struct lwpsinfo lwp;
  check(read_file(0, "lwp/1/lwpsinfo", &lwp, sizeof lwp) == sizeof lwp && lwp.pr_lwpid == 1, "lwp/1/lwpsinfo");
  check(read_file(0, "lwp/1/lwpstatus", buffer, sizeof buffer) == 800 && ((int *)buffer)[1] == 1, "lwp/1/lwpstatus");
  check(read_file(0, "lwp/1/lwpusage", &usage, sizeof usage) == sizeof usage, "lwp/1/lwpusage");
}

static void links(const char *self) {
  struct stat image, seen;
  const int fd = open("/dev/null", O_RDONLY);
  char file[] = "fd/0";
  file[3] = (char)('0' + fd);
  struct stat null;
  check(xstat(2, path(0, file), &seen) == 0 && xstat(2, "/dev/null", &null) == 0 && seen.st_rdev == null.st_rdev, "fd has the descriptors");
  close(fd);
  xstat(2, self, &image);
  check(xstat(2, path(0, "object/a.out"), &seen) == 0 && seen.st_ino == image.st_ino && seen.st_size == image.st_size, "object/a.out is the program");
  check(xstat(2, path(0, "path/a.out"), &seen) == 0 && seen.st_ino == image.st_ino, "so is path/a.out");
  xstat(2, ".", &image);
  check(xstat(2, path(0, "cwd"), &seen) == 0 && seen.st_ino == image.st_ino, "cwd");
  check(xstat(2, path(0, "root/."), &seen) == 0 && (seen.st_mode & S_IFMT) == S_IFDIR, "root");
  check_error(open(path(0, "nothing"), O_RDONLY), ENOENT, "a file that there is not is ENOENT");
  const int written = open(path(0, "psinfo"), O_WRONLY);
  check(written < 0 || write(written, "x", 1) < 0, "psinfo cannot be written");
  close(written);
}

static void about_another(void) {
  struct psinfo info;
  int status;
  const int child = fork();
  if (child == 0)
    for (;;) pause();
  kill(child, SIGSTOP);
  siginfo_t news;
  waitsys(P_PID, child, &news, WSTOPPED);
  check(read_file(child, "psinfo", &info, sizeof info) == sizeof info && info.pr_pid == child && info.pr_ppid == getpid() &&
            info.pr_lwp.pr_sname == 'T',
        "a stopped child");
  struct pstatus stopped;
  check(read_file(child, "status", &stopped, sizeof stopped) == sizeof stopped && (stopped.pr_flags & 1) && stopped.pr_why == 5, "which job control has stopped");
  kill(child, SIGKILL);
  waitsys(P_PID, child, &news, WEXITED | WNOWAIT);
  check(read_file(child, "psinfo", &info, sizeof info) == sizeof info && info.pr_lwp.pr_sname == 'Z' && info.pr_nlwp == 0 && info.pr_wstat == SIGKILL,
        "a zombie, with its status");
  waitpid(child, &status, 0);
  check_error(open(path(child, "psinfo"), O_RDONLY), ENOENT, "afterwards it is gone");

  const int fd = open("/proc", O_RDONLY);
  int seen = 0, bytes;
  while ((bytes = getdents(fd, buffer, 4096)) > 0)
    for (char *p = buffer; p < buffer + bytes; p += ((struct dirent *)p)->d_reclen) {
      const char *entry = ((struct dirent *)p)->d_name;
      uint number = 0;
      for (; *entry >= '0' && *entry <= '9'; ++entry) number = number * 10 + (uint)(*entry - '0');
      seen += *entry == 0 && number == (uint)getpid();
    }
  close(fd);
  check(seen == 1, "/proc lists the processes");
}

/* The older flavour: requests on the directory of a process. */
enum { PIOCKILL = 'q' << 8 | 8, PIOCGHOLD = 'q' << 8 | 10, PIOCMAXSIG = 'q' << 8 | 12, PIOCPSINFO = 'q' << 8 | 30, PIOCCRED = 'q' << 8 | 34,
       PIOCGROUPS };
struct prpsinfo { char pr_state, pr_sname, pr_zomb, pr_nice; uint pr_flag, pr_uid, pr_gid; int pr_pid, pr_ppid, pr_pgrp, pr_sid; uint pr_addr;
                  int pr_size, pr_rssize; uint pr_wchan; struct timespec pr_start, pr_time; int pr_pri; char pr_oldpri, pr_cpu;
                  ushort pr_ottydev; uint pr_lttydev; char pr_clname[8], pr_fname[16], pr_psargs[80]; int filler[20]; };
static void requests(void) {
  struct prpsinfo info;
  struct { uint euid, ruid, suid, egid, rgid, sgid, ngroups; } cred;
  uint groups[32], told[32];
  int highest = 0, status = 0, number = SIGTERM;
  sigset_t held;
  const int child = fork();
  if (child == 0) {
    const sigset_t hup = {{1u << (SIGHUP - 1)}};
    sigprocmask(SIG_BLOCK, &hup, NULL);
    kill(getpid(), SIGSTOP);
    for (;;) pause();
  }
  siginfo_t news;
  waitsys(P_PID, child, &news, WSTOPPED);
  const int fd = open(path(child, "."), O_RDONLY), file = open("/dev/null", O_RDONLY);
  check(sizeof info == 260 && fd > 0 && ioctl(fd, PIOCPSINFO, &info) == 0 && info.pr_pid == child && info.pr_ppid == getpid() &&
            info.pr_sname == 'T' && info.pr_uid == (uint)getuid() && info.pr_size > 1,
        "PIOCPSINFO");
  check(!strncmp(info.pr_fname, "svr4_process_", 13) && !strcmp(info.pr_clname, "TS"), "its names");
  check(ioctl(fd, PIOCCRED, &cred) == 0 && cred.euid == (uint)geteuid() && cred.sgid == (uint)getgid() && (int)cred.ngroups == getgroups(32, groups), "PIOCCRED");
  check(ioctl(fd, PIOCGROUPS, told) == 0 && !memcmp(told, groups, 4 * cred.ngroups), "PIOCGROUPS");
  check(ioctl(fd, PIOCGHOLD, &held) == 0 && held.bits[0] == 1u << (SIGHUP - 1), "PIOCGHOLD");
  check(ioctl(fd, PIOCMAXSIG, &highest) == 0 && highest == 48, "PIOCMAXSIG");
  check(ioctl(fd, PIOCKILL, &number) == 0 && kill(child, SIGCONT) == 0 && waitpid(child, &status, 0) == child && status == SIGTERM, "PIOCKILL");
  check_error(ioctl(fd, PIOCPSINFO, &info), ENOENT, "of a process that has ended it is ENOENT");
  check_error(ioctl(file, PIOCPSINFO, &info), ENOTTY, "of another file it is ENOTTY");
  check_error(ioctl(99, PIOCPSINFO, &info), EBADF, "of no descriptor it is EBADF");
  close(fd);
  close(file);
}

static void memory(void) {
  static int word = 1234;
  int seen = 0;
  const int fd = open(path(0, "as"), O_RDWR);
  check(fd >= 0 && lseek(fd, (int)&word, 0) == (int)&word && read(fd, &seen, sizeof seen) == sizeof seen && seen == 1234,
        "as: a position is an address");
  seen = 77;
  check(lseek(fd, (int)&word, 0) == (int)&word && write(fd, &seen, sizeof seen) == sizeof seen && *(volatile int *)&word == 77,
        "as: what is written is there");
  check(lseek(fd, 16, 0) == 16 && read(fd, &seen, sizeof seen) == -1 && errno == EIO, "as: what is not mapped is EIO");
  close(fd);
}

int main(int argc, char **argv) {
  if (argc == 1) {
    char *again[] = {argv[0], "file words", NULL};
    execve(argv[0], again, environ);
    return 1;
  }
  about_this(argc, argv);
  links(argv[0]);
  about_another();
  requests();
  memory();
  return failures != 0;
}
