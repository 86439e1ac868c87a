/* Calls of files that no library of the examples has a function for, by their numbers. */
#include "stropts.h"

enum { AT_FDCWD = (int)0xffd19553, AT_REMOVEDIR = 1, AT_SYMLINK_NOFOLLOW = 0x1000 };
static char buffer[1024];

static int size_of(const char *path) {
  struct stat64 now;
  return stat64(path, &now) == 0 ? (int)now.st_size : -1;
}

/* fsat(2), number 76: everything that takes a directory. */
static void at_calls(void) {
  struct stat64 large;
  struct stat now;
  mkdir("at", 0755);
  const int directory = open("at", O_RDONLY);
  const int made = gate7(76, 0, directory, "one", O_RDWR | O_CREAT, 0640);
  check(made > directory && write(made, "12345", 5) == 5 && size_of("at/one") == 5, "openat makes a file in the directory");
  close(made);
  const int again = gate7(76, 1, directory, "one", O_RDONLY, 0);
  check(again > 0 && read(again, buffer, 10) == 5, "openat64 opens it");
  close(again);
  check(gate7(76, 2, directory, "one", &large, 0) == 0 && large.st_size == 5 && large.st_mode == (S_IFREG | 0640), "fstatat64");
  check(gate7(76, 3, AT_FDCWD, "at/one", &now, 0) == 0 && now.st_size == 5 && now.st_mode == (S_IFREG | 0640), "fstatat of AT_FDCWD");
  symlink("one", "at/soft");
  check(gate7(76, 3, directory, "soft", &now, AT_SYMLINK_NOFOLLOW) == 0 && (now.st_mode & S_IFMT) == S_IFLNK, "AT_SYMLINK_NOFOLLOW");
  check(gate7(76, 4, directory, "soft", AT_FDCWD, "softer") == 0 && old_lstat("softer", (struct old_stat *)buffer) == 0, "renameat");
  unlink("softer");
  check(gate7(76, 5, directory, "one", getuid(), -1, 0) == 0, "fchownat leaves a group of -1");
  const struct timeval times[2] = {{1000000000, 5}, {1000000001, 6}};
  check(gate7(76, 7, directory, "one", times) == 0 && xstat(2, "at/one", &now) == 0 && now.st_atime == 1000000000 &&
            now.st_mtime == 1000000001 && now.st_mtime_nsec == 6000,
        "futimesat");
  check(gate7(76, 6, directory, "one", 0) == 0 && size_of("at/one") == -1, "unlinkat");
  close(directory);
  check(gate7(76, 6, AT_FDCWD, "at", AT_REMOVEDIR) == 0, "unlinkat of a directory");
  check_error(gate7(76, 0, 99, "one", O_RDONLY, 0), EBADF, "openat of no directory is EBADF");
  check_error(gate7(76, 9, 0), EINVAL, "an unknown function is EINVAL");
}

static void attributes(void) {
  struct old_stat old;
  struct stat now;
  struct stat64 large;
  const struct timeval times[2] = {{1100000000, 0}, {1100000001, 250000}};
  const int fd = open("file", O_RDWR | O_CREAT, 0600);
  write(fd, "0123456789", 10);
  check(gate7(93, fd, 0604) == 0 && xstat(2, "file", &now) == 0 && now.st_mode == (S_IFREG | 0604), "fchmod");
  check(gate7(94, fd, getuid(), getgid()) == 0, "fchown");
  check(chown("file", getuid(), -1) == 0 && xstat(2, "file", &now) == 0 && now.st_uid == (uint)getuid(), "chown");
  symlink("nowhere", "soft");
  check(lchown("soft", -1, getgid()) == 0, "lchown of a link to nothing");
  check_error(chown("soft", -1, getgid()), ENOENT, "chown follows it");
  check(gate7(154, "file", times) == 0 && xstat(2, "file", &now) == 0 && now.st_mtime == 1100000001 && now.st_mtime_nsec == 250000000, "utimes");
  check(lxstat(1, "soft", &old) == 0 && (old.st_mode & S_IFMT) == S_IFLNK && old.st_size == 7, "lxstat 1");
  check(fxstat(1, fd, &old) == 0 && old.st_size == 10 && old.st_mtime == 1100000001, "fxstat 1");
  check(gate7(216, "soft", &large) == 0 && (large.st_mode & S_IFMT) == S_IFLNK && large.st_size == 7, "lstat64");
  check(gate7(217, fd, &large) == 0 && large.st_size == 10 && large.st_mode == (S_IFREG | 0604), "fstat64");
  check(gate91(28, fd, &now) == 0 && now.st_size == 10, "fstat through Solaris' gate");
  check(gate27(88, "soft", &now) == 0 && (now.st_mode & S_IFMT) == S_IFLNK, "lstat through its other gate");
  check(gate7(126, 1, "old_queue", S_IFIFO | 0600, 0) == 0 && old_stat("old_queue", &old) == 0 && old.st_mode == (S_IFIFO | 0600), "xmknod 1");
  check(gate7(126, 2, "queue", S_IFIFO | 0600, 0) == 0 && old_stat("queue", &old) == 0 && old.st_mode == (S_IFIFO | 0600), "xmknod 2");
  check_error(gate7(126, 3, "queue", S_IFIFO | 0600, 0), EINVAL, "xmknod 3 is EINVAL");
  check(gate7(118, fd, 4) == 255, "fpathconf");
  check_error(gate7(118, 99, 4), EBADF, "fpathconf of nothing is EBADF");
  check(gate7(58, fd) == 0, "fdsync");
  sync();
  check(1, "sync");
  unlink("soft");
  unlink("queue");
  unlink("old_queue");
  close(fd);
}

struct statvfs64 { uint f_bsize, f_frsize; u64_4 f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail; uint f_fsid; char f_basetype[16];
                   uint f_flag, f_namemax; char f_fstr[32]; uint f_filler[16]; };

static void file_systems(void) {
  struct statvfs small;
  struct statvfs64 large;
  int words[10];
  const int fd = open(".", O_RDONLY);
  check(sizeof large == 180 && statvfs(".", &small) == 0, "statvfs");
  memset(&small, 0, sizeof small);
  check(gate7(104, fd, &small) == 0 && small.f_bsize > 0 && small.f_namemax >= 14, "fstatvfs");
  check(gate7(218, ".", &large) == 0 && large.f_bsize == small.f_bsize && large.f_namemax == small.f_namemax, "statvfs64");
  check(gate7(219, fd, &large) == 0 && large.f_bsize == small.f_bsize, "fstatvfs64");
  check_error(gate7(219, 99, &large), EBADF, "fstatvfs64 of nothing is EBADF");
  check(gate7(38, fd, words, sizeof words, 0) == 0 && words[1] > 0, "fstatfs");
  check_error(gate7(38, fd, words, sizeof words + 4, 0), EINVAL, "fstatfs with too much room is EINVAL");
  check(gate7(84, 2, gate7(84, 1, "tmpfs"), buffer) == 0 && !strcmp(buffer, "tmpfs"), "sysfs GETFSTYP is the way back of GETFSIND");
  check_error(gate7(84, 2, 99, buffer), EINVAL, "an unknown type is EINVAL");
  mkdir("below", 0755);
  const int below = open("below", O_RDONLY);
  check(fchdir(below) == 0 && gate7(229, buffer, sizeof buffer) == 0 && !strcmp(buffer + strlen(buffer) - 6, "/below"), "fchdir");
  check(fchdir(fd) == 0 && rmdir("below") == 0, "and back");
  close(below);
  close(fd);
  check_error(fchdir(0), ENOTDIR, "fchdir of no directory is ENOTDIR");
  int fds[2];
  pipe(fds);
  creat("attached", 0600);
  int *const at = fds;
  check(mount(NULL, "attached", 4, "namefs", at, sizeof *at) == 0 && gate7(255, "attached", 0) == 0, "umount2 takes off what was mounted");
  check_error(gate7(255, "attached", 0), EINVAL, "and then there is nothing to take off");
  unlink("attached");
  const int child = fork();
  int status = -1;
  if (child == 0) {
    if (geteuid() != 0) exit(gate7(61, ".") == -1 && errno == EPERM ? 0 : 1);
    mkdir("root", 0755);
    exit(gate7(61, "root") == 0 && chdir("/") == 0 && size_of("/file") == -1 ? 0 : 1);
  }
  check(waitpid(child, &status, 0) == child && status == 0, "chroot, or EPERM without the right to");
  rmdir("root");
}

static void large_files(void) {
  int fd = gate7(224, "large", 0600);
  check(fd > 0 && close(fd) == 0 && size_of("large") == 0, "creat64");
  fd = open64("large", O_RDWR);
  check(gate7(223, fd, "far", 3, (u64_4)5000000000LL) == 3 && gate7(222, fd, buffer, 3, (u64_4)5000000000LL) == 3 && !strncmp(buffer, "far", 3),
        "pwrite64 and pread64 behind 4 GiB");
  char *p = (char *)gate7(214, NULL, 4096, PROT_READ, MAP_SHARED | _MAP_NEW, fd, (u64_4)(5000000000LL / 4096 * 4096));
  check(p != (char *)-1 && !strncmp(p + 5000000000LL % 4096, "far", 3), "mmap64 there");
  uchar pages[4];
  check(gate7(114, p, 4096, pages) == 0 && (pages[0] & 1) == 1, "mincore");
  check_error(gate7(114, p + 1, 4096, pages), EINVAL, "mincore of no page is EINVAL");
  check(gate7(131, p, 4096, 1, 0, 0, 0) == 0 && gate7(131, p, 4096, 4, 0, 0, 0) == 0, "memcntl MC_SYNC and MC_ADVISE");
  check_error(gate7(131, p, 4096, 77, 0, 0, 0), EINVAL, "an unknown memcntl is EINVAL");
  munmap(p, 4096);
  struct flock64 free = {0, 0, 16, 0, 0, 0, {0}};
  check(fcntl(fd, 27, &free) == 0 && size_of("large") == 16, "F_FREESP64 cuts it");
  close(fd);
  unlink("large");
}

static int flags_of(int fd) { return fcntl(fd, F_GETFD); }

static void locks(void) {
  const int fd = open("file", O_RDWR);
  struct flock lock = {F_WRLCK, 0, 0, 4, 0, 0, {0}};
  struct flock64 lock64 = {F_WRLCK, 0, 4, 4, 0, 0, {0}};
  int ready[2], status = -1;
  check(fcntl(fd, F_SETLK64, &lock64) == 0, "F_SETLK64");
  check(fcntl(fd, F_SETLKW, &lock) == 0, "F_SETLKW of what is free");
  pipe(ready);
  const int child = fork();
  if (child == 0) {
    struct flock64 mine = {F_WRLCK, 0, 0, 8, 0, 0, {0}};
    int good = fcntl(fd, F_SETLK64, &mine) == -1 && (errno == EAGAIN || errno == EACCES);
    write(ready[1], "r", 1);
    good = good && fcntl(fd, 35, &mine) == 0; /* F_SETLKW64 */
    exit(good ? 0 : 1);
  }
  read(ready[0], buffer, 1);
  nanosleep(&(struct timespec){0, 20000000}, NULL);
  check(waitpid(child, &status, WNOHANG) == 0, "F_SETLKW64 waits");
  lock.l_type = F_UNLCK;
  lock.l_len = 8;
  check(fcntl(fd, F_SETLKW, &lock) == 0 && waitpid(child, &status, 0) == child && status == 0, "until the lock is free");
  close(ready[0]);
  close(ready[1]);
  check(fcntl(fd, 8, O_RDWR) == 0 && fcntl(fd, 26) == 0, "F_CHKFL and F_HASREMOTELOCKS");
  check((fcntl(fd, 45) & 3) == O_RDWR, "F_GETXFL");
  check(fcntl(fd, 37, 20) == 20 && flags_of(20) == 1, "F_DUPFD_CLOEXEC");
  check(fcntl(fd, 36, 21) == 21 && flags_of(21) == 1 && flags_of(fd) == 0, "F_DUP2FD_CLOEXEC");
  check_error(fcntl(99, 36, 21), EBADF, "F_DUP2FD_CLOEXEC of nothing is EBADF");
  close(20);
  close(21);
  close(fd);
}

int main(void) {
  if (!check(mkdir("svr4more.d", 0755) == 0 && chdir("svr4more.d") == 0, "a directory to work in")) return 1;
  at_calls();
  attributes();
  file_systems();
  large_files();
  locks();
  unlink("file");
  check(chdir("..") == 0 && rmdir("svr4more.d") == 0, "cleaning up");
  return failures != 0;
}
