/* Files: makes a directory in the current one, works in it, and removes it. */
#include "libc/svr4.h"

static char buffer[4096];

static void contents(void) {
  int fd = creat("file", 0644);
  check(fd == 3, "creat gives the lowest descriptor");
  check(write(fd, "hello, world", 12) == 12, "write");
  check_error(read(fd, buffer, 1), EBADF, "reading what creat opened is EBADF");
  check(close(fd) == 0, "close");
  check_error(close(fd), EBADF, "closing twice is EBADF");

  fd = open("file", O_RDWR);
  check(lseek(fd, 7, 0) == 7 && read(fd, buffer, 100) == 5 && !strncmp(buffer, "world", 5), "lseek and read");
  check(lseek(fd, 0, 1) == 12 && lseek(fd, 0, 2) == 12, "lseek from the position and the end");
  check_error(lseek(fd, 0, 9), EINVAL, "lseek from nowhere is EINVAL");
  check(llseek(fd, 5000000000LL, 0) == 5000000000LL, "llseek answers 64 bits");
  check_error(lseek(fd, 0, 1), EOVERFLOW, "lseek of a large position is EOVERFLOW");
  check(llseek(fd, 0, 0) == 0, "llseek back");
  check(pwrite(fd, "HELLO", 5, 0) == 5 && pread(fd, buffer, 5, 0) == 5 && !strncmp(buffer, "HELLO", 5), "pwrite and pread");
  struct iovec out[2] = {{"one", 3}, {"two", 3}};
  check(writev(fd, out, 2) == 6, "writev");
  char left[4] = "", right[4] = "";
  struct iovec in[2] = {{left, 3}, {right, 3}};
  lseek(fd, 0, 0);
  check(readv(fd, in, 2) == 6 && !strcmp(left, "one") && !strcmp(right, "two"), "readv");
  close(fd);

  fd = open("file", O_WRONLY | O_APPEND);
  check((fcntl(fd, F_GETFL) & 0xff) == (O_WRONLY | O_APPEND), "F_GETFL");
  check(write(fd, "!", 1) == 1 && lseek(fd, 0, 1) == 13, "O_APPEND");
  check(fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && (fcntl(fd, F_GETFL) & 0xff) == (O_WRONLY | O_NONBLOCK), "F_SETFL");
  close(fd);
  check_error(open("file", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST, "O_EXCL");
  check_error(open("nothing", O_RDONLY), ENOENT, "a file that is not there is ENOENT");
  check_error(open("file/below", O_RDONLY), ENOTDIR, "a file as a directory is ENOTDIR");
  fd = open("file", O_RDWR | O_TRUNC);
  check(lseek(fd, 0, 2) == 0, "O_TRUNC");
  write(fd, "0123456789", 10);
  struct flock free = {0, 0, 4, 0, 0, 0, {0}};
  check(fcntl(fd, F_FREESP, &free) == 0 && lseek(fd, 0, 2) == 4, "F_FREESP cuts the file");
  close(fd);
}

static void attributes(void) {
  struct old_stat old;
  struct stat now;
  struct stat64 large;
  check(sizeof old == 32 && sizeof now == 136 && sizeof large == 144, "sizes of the stat structures");
  check(chmod("file", 0640) == 0, "chmod");
  check(old_stat("file", &old) == 0 && old.st_size == 4 && old.st_mode == (S_IFREG | 0640) && old.st_nlink == 1, "stat");
  check(xstat(2, "file", &now) == 0 && now.st_size == 4 && now.st_mode == (S_IFREG | 0640) && now.st_uid == (uint)getuid(), "xstat 2");
  check(xstat(1, "file", &old) == 0 && old.st_size == 4, "xstat 1");
  check_error(xstat(3, "file", &now), EINVAL, "xstat 3 is EINVAL");
  check(stat64("file", &large) == 0 && large.st_size == 4 && (uint)large.st_ino == now.st_ino, "stat64");
  check(gate91(18, "file", &now) == 0 && now.st_size == 4, "stat through Solaris' gate fills the large structure");
  check(utime("file", &(struct utimbuf){1000000000, 1000000001}) == 0, "utime");
  xstat(2, "file", &now);
  check(now.st_atime == 1000000000 && now.st_mtime == 1000000001 && now.st_mtime_nsec == 0, "utime's times");
  const int fd = open("file", O_RDONLY);
  check(old_fstat(fd, &old) == 0 && old.st_mtime == 1000000001, "fstat");
  check(fxstat(2, fd, &now) == 0 && now.st_blksize > 0, "fxstat");
  close(fd);
  check(access("file", 4) == 0 && access("file", 0) == 0, "access");
  check_error(access("nothing", 0), ENOENT, "access to nothing");
  check_error(access("file", 64), EINVAL, "access with unknown bits");
  const int mask = umask(022);
  check(umask(mask) == 022, "umask");
  struct statvfs system;
  check(statvfs(".", &system) == 0 && system.f_bsize > 0 && system.f_namemax >= 14, "statvfs");
  uchar small[40];
  check(statfs(".", small, sizeof small, 0) == 0 && *(int *)(small + 4) > 0, "statfs");
  check(pathconf(".", 4) == 255, "pathconf");
  check(sysfs(1, "ufs") > 0 && sysfs(3) > 0, "sysfs");
}

static void names(void) {
  struct old_stat old;
  check(link("file", "second") == 0 && old_stat("second", &old) == 0 && old.st_nlink == 2, "link");
  check(unlink("second") == 0, "unlink");
  check(symlink("file", "soft") == 0, "symlink");
  check(readlink("soft", buffer, sizeof buffer) == 4 && !strncmp(buffer, "file", 4), "readlink");
  check(old_lstat("soft", &old) == 0 && (old.st_mode & S_IFMT) == S_IFLNK, "lstat");
  check(lxstat(2, "soft", buffer) == 0 && (((struct stat *)buffer)->st_mode & S_IFMT) == S_IFLNK, "lxstat");
  check(rename("soft", "softer") == 0 && unlink("softer") == 0, "rename");
  check(mkdir("below", 0755) == 0 && rmdir("below") == 0, "mkdir and rmdir");
  check_error(rmdir("nothing"), ENOENT, "rmdir of nothing");
  check(mknod("queue", S_IFIFO | 0600, 0) == 0 && old_stat("queue", &old) == 0 && (old.st_mode & S_IFMT) == S_IFIFO, "mknod of a fifo");
  unlink("queue");
  check_error(unlink("queue"), ENOENT, "unlink of nothing");

  const int fd = open(".", O_RDONLY);
  int seen = 0, self = 0, bytes;
  while ((bytes = getdents(fd, buffer, 128)) > 0)
    for (char *p = buffer; p < buffer + bytes;) {
      const struct dirent *d = (void *)p;
      if (!strcmp(d->d_name, "file")) ++seen;
      if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..")) ++self;
      p += d->d_reclen;
    }
  check(bytes == 0 && seen == 1 && self == 2, "getdents");
  lseek(fd, 0, 0);
  check_error(getdents(fd, buffer, 4), EINVAL, "getdents without room");
  check(getdents64(fd, buffer, sizeof buffer) > 3 * 20, "getdents64");
  close(fd);
}

static void descriptors(void) {
  const int fd = open("file", O_RDWR);
  const int other = dup(fd);
  check(other == fd + 1, "dup");
  check(fcntl(fd, F_DUPFD, 10) == 10, "F_DUPFD");
  check(fcntl(fd, F_DUP2FD, 11) == 11, "F_DUP2FD");
  check(fcntl(fd, F_SETFD, 1) == 0 && fcntl(fd, F_GETFD) == 1 && fcntl(other, F_GETFD) == 0, "F_SETFD");
  check(ioctl(other, FIOCLEX) == 0 && fcntl(other, F_GETFD) == 1, "FIOCLEX");
  check(ioctl(other, FIONCLEX) == 0 && fcntl(other, F_GETFD) == 0, "FIONCLEX");
  check_error(fcntl(fd, 999), EINVAL, "an unknown fcntl is EINVAL");
  check_error(fcntl(99, F_GETFD), EBADF, "fcntl of nothing is EBADF");
  check_error(ioctl(fd, TCGETA, buffer), ENOTTY, "TCGETA of a file is ENOTTY");

  struct flock lock = {F_WRLCK, 0, 0, 10, 0, 0, {0}};
  check(fcntl(fd, F_SETLK, &lock) == 0, "F_SETLK");
  int fds[2];
  pipe(fds);
  const int child = fork();
  if (child == 0) {
    struct flock ask = {F_RDLCK, 0, 2, 3, 0, 0, {0}};
    struct flock64 ask64 = {F_RDLCK, 0, 2, 3, 0, 0, {0}};
    struct o_flock old = {F_RDLCK, 0, 2, 3, 0, 0};
    int good = fcntl(fd, F_GETLK, &ask) == 0 && ask.l_type == F_WRLCK && ask.l_start == 0 && ask.l_len == 10 && ask.l_pid == getppid();
    good = good && fcntl(fd, F_GETLK64, &ask64) == 0 && ask64.l_type == F_WRLCK && ask64.l_len == 10 && ask64.l_pid == getppid();
    good = good && fcntl(fd, F_O_GETLK, &old) == 0 && old.l_type == F_WRLCK && old.l_len == 10;
    ask.l_type = F_RDLCK;
    good = good && fcntl(fd, F_SETLK, &ask) == -1 && (errno == EAGAIN || errno == EACCES);
    exit(good ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  check(status == 0, "F_GETLK of another process' lock, in all forms");
  lock.l_type = F_UNLCK;
  check(fcntl(fd, F_SETLK, &lock) == 0, "unlock");

  struct pollfd polled[3] = {{fds[0], POLLIN, 0}, {fds[1], POLLOUT, 0}, {98, POLLIN, 0}};
  check(poll(polled, 3, 0) == 2 && polled[0].revents == 0 && polled[1].revents == POLLOUT && polled[2].revents == POLLNVAL, "poll");
  write(fds[1], "x", 1);
  check(poll(polled, 1, 1000) == 1 && polled[0].revents == POLLIN, "poll of a pipe with data");
  polled[0].revents = 0;
  check(pollsys(polled, 1, &(struct timespec){1, 0}, NULL) == 1 && polled[0].revents == POLLIN, "pollsys");
  int count = 0;
  check(ioctl(fds[0], FIONREAD, &count) == 0 && count == 1, "FIONREAD");
  count = 1;
  read(fds[0], buffer, 1);
  check(ioctl(fds[0], FIONBIO, &count) == 0, "FIONBIO");
  check_error(read(fds[0], buffer, 1), EAGAIN, "an empty pipe is EAGAIN then");
  close(fds[1]);
  check(read(fds[0], buffer, 1) == 0, "end of file without writers");
  check(poll(polled, 1, 0) == 1 && (polled[0].revents & POLLHUP), "POLLHUP");
  close(fds[0]);
  close(fd);
  close(other);
  close(10);
  close(11);
}

static void memory(void) {
  char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | _MAP_NEW, -1, 0);
  check(p != (void *)-1, "mmap of anonymous memory");
  p[0] = 'a';
  p[8191] = 'z';
  check(mprotect(p, 4096, PROT_READ) == 0, "mprotect");
  char *again = mmap(p + 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  check(again == p + 4096 && p[8191] == 0, "without _MAP_NEW the address is fixed");
  check(munmap(p, 8192) == 0, "munmap");
  const int fd = open("file", O_RDONLY);
  p = mmap(NULL, 4096, PROT_READ, MAP_SHARED | _MAP_NEW, fd, 0);
  check(p != (void *)-1 && !strncmp(p, "0123", 4), "mmap of a file");
  munmap(p, 4096);
  close(fd);
  check_error((int)mmap(NULL, 4096, PROT_READ, 0x20 | MAP_PRIVATE | _MAP_NEW, -1, 0), EINVAL, "MAP_RENAME is EINVAL");
}

int main(void) {
  char here[1024];
  check(getcwd(here, sizeof here) == 0 && here[0] == '/', "getcwd");
  if (!check(mkdir("svr4files.d", 0755) == 0 && chdir("svr4files.d") == 0, "a directory to work in")) return 1;
  contents();
  attributes();
  names();
  descriptors();
  memory();
  check(unlink("file") == 0 && chdir("..") == 0 && rmdir("svr4files.d") == 0, "cleaning up");
  return failures != 0;
}
