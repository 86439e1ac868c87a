/* What the superuser may do, asked one capability at a time: of a user who kept them, and of a superuser who gave them up. Only a host's
   full superuser can show it. */
#define _GNU_SOURCE
#include "child.h"
#include "tell.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

enum { nobody = 65534, chown_ = 0, dac_override = 1, dac_read_search = 2, fowner = 3, kill_ = 5, setgid_ = 6, setuid_ = 7, chroot_ = 18,
       ptrace_ = 19, admin = 21, nice_ = 23, resource = 24, mknod_ = 27 };

static uint64_t effective(void) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0}};
  syscall(SYS_capget, &head, data);
  return data[0].effective | (uint64_t)data[1].effective << 32;
}
static void keep_only(uint64_t set) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{(uint32_t)set, (uint32_t)set, 0}, {(uint32_t)(set >> 32), (uint32_t)(set >> 32), 0}};
  if (syscall(SYS_capset, &head, data) != 0) printf("capset %s\n", error_name(errno));
}
#define CAN(which) (UINT64_C(1) << (which))

static char directory[] = "/tmp/polyabi-privileges-XXXXXX";

/// Everything that needs something, in a process that has nothing to lose.
static void everything(void) {
  int fd = open("file", O_RDWR);
  TELL_OUTCOME(fd);
  TELL_OUTCOME(open("file", O_RDONLY));
  TELL_OUTCOME(open("closed/inner", O_RDONLY));
  TELL_OUTCOME(open("closed/new", O_RDWR | O_CREAT, 0600));
  TELL_OUTCOME(chmod("file", 0600));
  TELL_OUTCOME(chown("file", 0, 5));
  TELL_OUTCOME(chown("file", 0, 0));
  TELL_OUTCOME(mknod("device", S_IFCHR | 0600, 0x103));
  unlink("device");
  TELL_OUTCOME(kill(getppid(), 0));
  TELL_OUTCOME(setpriority(PRIO_PROCESS, 0, -5));
  const struct sched_param one = {.sched_priority = 1}, none = {0};
  TELL_OUTCOME(sched_setscheduler(0, SCHED_FIFO, &one));
  sched_setscheduler(0, SCHED_OTHER, &none);
  struct rlimit limit;
  getrlimit(RLIMIT_NPROC, &limit);
  limit.rlim_max = limit.rlim_cur = 100;
  setrlimit(RLIMIT_NPROC, &limit);
  limit.rlim_max = 101;
  TELL_OUTCOME(setrlimit(RLIMIT_NPROC, &limit));
  TELL_OUTCOME(prlimit(getppid(), RLIMIT_CORE, NULL, &limit));
  TELL_OUTCOME(setxattr("file", "trusted.x", "y", 1, 0) == 0 || errno == EOPNOTSUPP ? 0 : -1);
  const gid_t group = 7;
  TELL_OUTCOME(setgroups(1, &group));
  TELL_OUTCOME(setresgid(8, 8, 8));
  TELL_OUTCOME(umount2("/polyabi-nothing", 0) == 0 || errno == ENOENT ? 0 : -1);
  TELL_OUTCOME(syscall(SYS_sethostname, "", -1) == 0 || errno == EINVAL ? 0 : -1);
  TELL_OUTCOME(chroot("."));
  TELL_OUTCOME(setresuid(4, 4, 4));
}

static uint64_t kept;
/// Another user, with some of the superuser's capabilities.
static void as_somebody(void) {
  prctl(PR_SET_KEEPCAPS, 1);
  if (setgroups(0, NULL) != 0 || setresgid(nobody, nobody, nobody) != 0 || setresuid(nobody, nobody, nobody) != 0) return;
  printf("nothing effective: %d\n", effective() == 0);
  keep_only(kept);
  everything();
}
static void as_nobody(void) {
  if (setgroups(0, NULL) != 0 || setresgid(nobody, nobody, nobody) != 0 || setresuid(nobody, nobody, nobody) != 0) return;
  everything();
}
/// The superuser, without some of them.
static void as_root(void) {
  keep_only(kept);
  everything();
}

/// What somebody makes is theirs.
static void made_by_somebody(void) {
  if (setgroups(0, NULL) != 0 || setresgid(9, nobody, nobody) != 0 || setresuid(nobody, nobody, nobody) != 0) return;
  struct stat s;
  if (chdir("open") != 0) return;
  const int fd = open("file", O_CREAT | O_EXCL | O_RDWR, 0640);
  TELL_OUTCOME(fd);
  fstat(fd, &s);
  printf("file of %u %u %o\n", s.st_uid, s.st_gid, s.st_mode);
  TELL_OUTCOME(mkdir("inner", 0750));
  TELL_OUTCOME(symlink("file", "link"));
  TELL_OUTCOME(mkfifo("pipe", 0600));
  TELL_OUTCOME(creat("inner/file", 0600));
  for (const char* const* name = (const char* const[]){"inner", "link", "pipe", "inner/file", NULL}; *name != NULL; ++name) {
    lstat(*name, &s);
    printf("%s of %u %u %o\n", *name, s.st_uid, s.st_gid, s.st_mode);
  }
  TELL_OUTCOME(chmod("file", 0600));
  TELL_OUTCOME(open("file", O_RDWR));
  TELL_OUTCOME(mkdir("/tmp/../shared", 0700) == 0 ? 0 : -1);
  if (chdir("../shared") != 0) return;
  TELL_OUTCOME(creat("of the group", 02755));
  stat("of the group", &s);
  printf("of %u %u %o\n", s.st_uid, s.st_gid, s.st_mode);
  TELL_OUTCOME(mkdir("directory", 0755));
  stat("directory", &s);
  printf("of %u %u %o\n", s.st_uid, s.st_gid, s.st_mode);
}

/// Priorities for real time within limits, and what becomes of them in children.
static void real_time(void) {
  const struct sched_param none = {0}, low = {.sched_priority = 3}, middle = {.sched_priority = 5}, high = {.sched_priority = 6};
  struct sched_param told;
  struct timespec slice;
  TELL(sched_setscheduler(0, SCHED_RR, &high));
  TELL(sched_getscheduler(0));
  TELL(sched_rr_get_interval(0, &slice));
  printf("a slice: %d\n", slice.tv_nsec != 0);
  TELL(sched_getparam(0, &told));
  printf("priority %d\n", told.sched_priority);
  TELL(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &high));
  TELL(sched_getscheduler(0) == (SCHED_FIFO | SCHED_RESET_ON_FORK));
  TELL(sched_rr_get_interval(0, &slice));
  printf("a slice: %d\n", slice.tv_nsec != 0);
  fflush(stdout);
  if (fork() == 0) {
    printf("a child has %d\n", sched_getscheduler(0));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  TELL(sched_setscheduler(0, SCHED_FIFO, &low));
  fflush(stdout);
  if (fork() == 0) {
    sched_getparam(0, &told);
    printf("a child has %d %d\n", sched_getscheduler(0), told.sched_priority);
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  const struct rlimit five = {5, 5};
  setrlimit(RLIMIT_RTPRIO, &five);
  if (setresuid(nobody, nobody, nobody) != 0) return;
  TELL(sched_setparam(0, &high));
  TELL(sched_setparam(0, &middle));
  TELL(sched_setparam(0, &low));
  TELL(sched_setparam(0, &none));
  TELL(sched_setscheduler(0, SCHED_RR, &high));
  TELL(sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &middle));
  TELL(sched_setscheduler(0, SCHED_RR, &middle));
  TELL(sched_setscheduler(0, SCHED_IDLE | SCHED_RESET_ON_FORK, &none));
  TELL(sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none));
  const struct rlimit zero = {0, 0};
  setrlimit(RLIMIT_RTPRIO, &zero);
  TELL(sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &low));
}

/// A superuser who is given other privileges after exec: what a user kept goes, unless it is ambient.
static void after_exec(void) {
  prctl(PR_SET_KEEPCAPS, 1);
  if (setgroups(0, NULL) != 0 || setresgid(nobody, nobody, nobody) != 0 || setresuid(nobody, nobody, nobody) != 0) return;
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  const uint32_t set = CAN(dac_override) | CAN(kill_);
  struct __user_cap_data_struct data[2] = {{set, set, set}, {0, 0, 0}};
  TELL(syscall(SYS_capset, &head, data));
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, dac_override, 0, 0));
  fflush(stdout);
  execl("/proc/self/exe", "privileges", "again", (char*)NULL);
}

int main(int count, char** words) {
  if (count > 1) {
    everything();
    return words[1][0] != 'a';
  }
  const uint64_t needed = CAN(chown_) | CAN(dac_override) | CAN(dac_read_search) | CAN(fowner) | CAN(kill_) | CAN(setgid_) | CAN(setuid_) |
                          CAN(chroot_) | CAN(ptrace_) | CAN(admin) | CAN(nice_) | CAN(mknod_);
  if (geteuid() != 0 || (effective() & needed) != needed || mkdtemp(directory) == NULL || chdir(directory) != 0) {
    printf("no privileges here\n");
    return 0;
  }
  keep_only(effective() & ~CAN(resource)); // many a host's has not got it
  umask(022);
  chmod(".", 0711);
  close(creat("file", 0600));
  mkdir("closed", 0700);
  close(creat("closed/inner", 0644));
  mkdir("open", 0777);
  chmod("open", 0777);
  mkdir("shared", 0777);
  if (chown("shared", 0, 6) != 0) return 1;
  chmod("shared", 02777);
  in_child("nobody", as_nobody);
  static const struct { const char* name; int which; } each[] = {
      {"chown", chown_}, {"dac_override", dac_override}, {"dac_read_search", dac_read_search}, {"fowner", fowner}, {"kill", kill_},
      {"setgid", setgid_}, {"setuid", setuid_}, {"chroot", chroot_}, {"admin", admin}, {"nice", nice_},
      {"mknod", mknod_}};
  for (size_t i = 0; i < sizeof each / sizeof each[0]; ++i) {
    kept = CAN(each[i].which);
    printf("with %s\n", each[i].name);
    in_child("somebody", as_somebody);
    unlink("closed/new");
    kept = effective() & ~CAN(each[i].which);
    printf("without %s\n", each[i].name);
    in_child("root", as_root);
    unlink("closed/new");
    chmod("file", 0600);
  }
  in_child("what somebody makes", made_by_somebody);
  in_child("real time", real_time);
  in_child("after exec", after_exec);
  char remove[64];
  snprintf(remove, sizeof remove, "rm -rf %s", directory);
  return system(remove) != 0;
}
