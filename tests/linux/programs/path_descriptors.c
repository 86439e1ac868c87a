/* Descriptors of paths (O_PATH) and the *at calls around them: what is refused, and how. */
#define _GNU_SOURCE
#include "tell.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <linux/fs.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static void shown(int fd) {
  char path[64], target[512] = "";
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(path, target, sizeof target - 1);
  const char* last = strrchr(target, '/');
  printf("shown as %s\n", size < 0 || last == NULL ? "nothing" : last);
}

int main(void) {
  char name[] = "/tmp/polyabi-paths-XXXXXX", bytes[1024];
  if (mkdtemp(name) == NULL || chdir(name) != 0) return 1;
  struct stat s;
  struct statx x;
  struct statfs v;
  struct flock lock = {.l_type = F_RDLCK};
  struct flock nonsense = {.l_type = 77, .l_whence = 99};
  close(open("f", O_CREAT | O_WRONLY, 0644));
  mkdir("d", 0755);
  symlink("f", "l");
  const int f = open("f", O_PATH), d = open("d", O_PATH), here = AT_FDCWD;
  printf("flags %#x %#x\n", fcntl(f, F_GETFL), fcntl(d, F_GETFL));
  TELL(read(f, bytes, 1));
  TELL(fsync(f));
  TELL(fdatasync(d));
  TELL(fcntl(f, F_GETLK, &lock));
  TELL(fcntl(f, F_GETLK, &nonsense));
  TELL(fcntl(f, F_SETLK, &lock));
  TELL(fcntl(f, F_SETFL, O_NONBLOCK));
  TELL(fcntl(f, F_GETOWN));
  TELL(fcntl(f, F_SETOWN, 0));
  TELL(fcntl(f, F_GETSIG));
  TELL(fcntl(f, F_GETPIPE_SZ));
  TELL(fcntl(f, F_GET_SEALS));
  TELL(fcntl(f, F_NOTIFY, 0));
  TELL(fcntl(f, F_GETLEASE));
  TELL(fcntl(f, 999));
  TELL(fcntl(f, F_GETFD));
  TELL(fcntl(f, F_SETFD, FD_CLOEXEC));
  TELL(fcntl(f, F_DUPFD, 100) >= 100);
  TELL(flock(f, LOCK_SH));
  TELL(ftruncate(f, 0));
  TELL(fchmod(f, 0600));
  TELL(syscall(SYS_getdents64, f, bytes, sizeof bytes));
  TELL(syscall(SYS_getdents64, d, bytes, sizeof bytes));
  TELL(ioctl(f, FIONREAD, bytes));
  TELL(fstatfs(f, &v));
  TELL(fstat(f, &s));
  TELL(fchdir(d));
  TELL(chdir(name));

  TELL(fstatat(f, "", &s, 0));
  TELL(fstatat(f, "", &s, AT_SYMLINK_NOFOLLOW));
  TELL(fstatat(f, "", &s, AT_EMPTY_PATH));
  TELL(fstatat(-1, "", &s, 0));
  TELL(fstatat(-1, "", &s, AT_EMPTY_PATH));
  TELL(faccessat(f, "", R_OK, 0));
  TELL(openat(f, "", O_RDONLY));
  TELL(openat(f, "x", O_RDONLY));
  TELL(unlinkat(f, "", 0));
  TELL(mkdirat(f, "", 0));
  TELL(renameat(f, "", here, "n"));
  TELL(readlinkat(f, "", bytes, sizeof bytes));
  TELL(readlinkat(open("l", O_PATH | O_NOFOLLOW), "", bytes, sizeof bytes));
  TELL(fchmodat(f, "", 0600, 0));
  TELL(fchownat(f, "", -1, -1, 0));
  TELL(fchownat(f, "", -1, -1, AT_EMPTY_PATH));
  TELL(linkat(f, "", here, "m", 0));
  char* const words[] = {"program", NULL};
  TELL(syscall(SYS_execveat, here, "l", words, NULL, AT_SYMLINK_NOFOLLOW));
  TELL(syscall(SYS_execveat, here, "l", words, NULL, 0));
  TELL(syscall(SYS_execveat, f, "", words, NULL, 0));

  TELL(syscall(SYS_statx, here, "f", 0, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, here, "f", 0x2000, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, here, "f", 0x4000, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, here, "f", 0x6000, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, here, "f", 0x8000, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, here, "f", 0, 0x80000000, &x));
  TELL(syscall(SYS_statx, f, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, f, "", 0, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, f, NULL, AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, f, NULL, 0, STATX_BASIC_STATS, &x));
  TELL(syscall(SYS_statx, -1, NULL, AT_EMPTY_PATH, STATX_BASIC_STATS, &x));

  /* The end of a directory, and directories that are gone. */
  const int listed = open(".", O_RDONLY);
  TELL(lseek(listed, 0, SEEK_END) >= 0);
  TELL(syscall(SYS_getdents64, listed, bytes, 10));
  const int whole = open(".", O_RDONLY);
  TELL(syscall(SYS_getdents64, whole, bytes, 10));
  TELL(syscall(SYS_getdents64, whole, bytes, sizeof bytes) > 0);
  TELL(syscall(SYS_getdents64, whole, bytes, 10));
  mkdir("gone", 0755);
  const int gone = open("gone", O_RDONLY);
  shown(gone);
  rmdir("gone");
  shown(gone);
  TELL(syscall(SYS_getdents64, gone, bytes, sizeof bytes));
  TELL(openat(gone, "new", O_CREAT | O_RDWR, 0644));
  TELL(openat(gone, "..", O_RDONLY) >= 0);
  TELL(faccessat(gone, "../f", F_OK, 0));
  mkdir("moved", 0755);
  const int moved = open("moved", O_RDONLY);
  rename("moved", "elsewhere");
  shown(moved);
  rmdir("elsewhere");
  shown(moved);

  const int one = open("f", O_RDWR), other = open("f", O_RDWR), again = dup(one);
  TELL(fcntl(one, 1027, again)); /* F_DUPFD_QUERY */
  TELL(fcntl(one, 1027, other));
  TELL(fcntl(one, F_SETLEASE, F_RDLCK));
  TELL(fcntl(one, F_SETLEASE, 9));
  TELL(fcntl(one, F_SETLEASE, F_UNLCK));
  int size = 0;
  TELL(ioctl(one, FIGETBSZ, &size));
  fstatfs(one, &v);
  printf("block size is the file system's: %d\n", size == v.f_bsize);
  unlink("f");
  unlink("l");
  rmdir("d");
  chdir("/");
  return rmdir(name);
}
