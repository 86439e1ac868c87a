/* What a program sees of inotify: run on the host and under polyabi, and compared. Works in a directory of its own below TMPDIR or
   /tmp; prints no descriptors, addresses, ids or times, and cookies by the order in which they come. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char* error_of(long answer) { return answer < 0 ? strerrorname_np(errno) : "ok"; }

static void show_mask(uint32_t mask) {
  static const struct { uint32_t bit; const char* name; } names[] = {
      {IN_ACCESS, "ACCESS"}, {IN_MODIFY, "MODIFY"}, {IN_ATTRIB, "ATTRIB"}, {IN_CLOSE_WRITE, "CLOSE_WRITE"},
      {IN_CLOSE_NOWRITE, "CLOSE_NOWRITE"}, {IN_OPEN, "OPEN"}, {IN_MOVED_FROM, "MOVED_FROM"}, {IN_MOVED_TO, "MOVED_TO"},
      {IN_CREATE, "CREATE"}, {IN_DELETE, "DELETE"}, {IN_DELETE_SELF, "DELETE_SELF"}, {IN_MOVE_SELF, "MOVE_SELF"},
      {IN_UNMOUNT, "UNMOUNT"}, {IN_Q_OVERFLOW, "Q_OVERFLOW"}, {IN_IGNORED, "IGNORED"}, {IN_ISDIR, "ISDIR"}};
  const char* between = "";
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
    if ((mask & names[i].bit) == 0) continue;
    printf("%s%s", between, names[i].name);
    between = "|";
    mask &= ~names[i].bit;
  }
  if (mask != 0) printf("|%#x", mask);
}

/// Cookies are numbers of the whole system's: shown by the order in which they come.
static unsigned order_of(uint32_t cookie) {
  static uint32_t seen[64];
  static unsigned count;
  unsigned i = 0;
  while (i < count && seen[i] != cookie) ++i;
  if (i == count && count < sizeof seen / sizeof seen[0]) seen[count++] = cookie;
  return i;
}
static void show(const char* what, int n) {
  char buffer[16384];
  printf("%s:", what);
  for (;;) {
    ssize_t size = read(n, buffer, sizeof buffer);
    if (size <= 0) break;
    for (char* at = buffer; at < buffer + size;) {
      struct inotify_event* e = (struct inotify_event*)at;
      printf(" {%d ", e->wd);
      show_mask(e->mask);
      if (e->cookie != 0) printf(" cookie %u", order_of(e->cookie));
      if (e->len != 0) printf(" %u \"%s\"", e->len, e->name);
      printf("}");
      at += sizeof *e + e->len;
    }
  }
  printf("\n");
}

static int make(const char* path) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644); }
static void touch(const char* path) { close(make(path)); }

static void errors(void) {
  int n = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  char small[16], text[64] = {0}, link[64];
  printf("init: flags %s cloexec %d nonblock %d\n", error_of(inotify_init1(1)), fcntl(n, F_GETFD), fcntl(n, F_GETFL) & O_NONBLOCK);
  snprintf(link, sizeof link, "/proc/self/fd/%d", n);
  printf("link: %zd %s seek %s\n", readlink(link, text, sizeof text), text, error_of(lseek(n, 0, SEEK_SET)));
  printf("add: nothing %s", error_of(inotify_add_watch(n, ".", 0)));
  printf(" unknown %s", error_of(inotify_add_watch(n, ".", 0x10000)));
  printf(" not there %s", error_of(inotify_add_watch(n, "none", IN_OPEN)));
  printf(" bad path %s", error_of(inotify_add_watch(n, (char*)8, IN_OPEN)));
  printf(" closed %s", error_of(inotify_add_watch(1000, ".", IN_OPEN)));
  printf(" not one %s", error_of(inotify_add_watch(1, ".", IN_OPEN)));
  touch("plain");
  printf(" only directories %s", error_of(inotify_add_watch(n, "plain", IN_OPEN | IN_ONLYDIR)));
  printf(" add and create %s\n", error_of(inotify_add_watch(n, ".", IN_OPEN | IN_MASK_ADD | IN_MASK_CREATE)));
  printf("numbers: %d", inotify_add_watch(n, ".", IN_OPEN));
  printf(" %d", inotify_add_watch(n, "plain", IN_OPEN));
  printf(" %d", inotify_add_watch(n, ".", IN_CLOSE));
  printf(" %s", error_of(inotify_add_watch(n, ".", IN_OPEN | IN_MASK_CREATE)));
  printf(" rm %s", error_of(inotify_rm_watch(n, 2)));
  printf(" again %s", error_of(inotify_rm_watch(n, 2)));
  printf(" minus %s", error_of(inotify_rm_watch(n, -1)));
  printf(" closed %s", error_of(inotify_rm_watch(1000, 1)));
  printf(" not one %s", error_of(inotify_rm_watch(1, 1)));
  printf(" next %d\n", inotify_add_watch(n, "plain", IN_OPEN));
  struct pollfd one = {n, POLLIN | POLLOUT | POLLRDNORM, 0};
  int ready = poll(&one, 1, 0), size = -1;
  printf("poll: %d %#x", ready, one.revents);
  printf(" FIONREAD %s", error_of(ioctl(n, FIONREAD, &size)));
  printf(" %d", size);
  printf(" small read %s\n", error_of(read(n, small, 15)));
  show("removed", n);
  printf("empty: %s", error_of(read(n, small, 16)));
  ready = poll(&one, 1, 0);
  printf(" poll %d", ready);
  touch("plain");
  ioctl(n, FIONREAD, &size);
  printf(" FIONREAD %d", size);
  char buffer[40];
  printf(" one at a time %zd", read(n, buffer, sizeof buffer));
  printf(" too small %s\n", error_of(read(n, buffer, 20)));
  show("rest", n);
  printf("write: %s\n", error_of(write(n, small, 16)));
  close(n);
  unlink("plain");
}

static void children(void) {
  int n = inotify_init1(IN_NONBLOCK);
  char bytes[64];
  mkdir("d", 0755);
  inotify_add_watch(n, "d", IN_ALL_EVENTS);
  int f = make("d/a");
  show("created", n);
  write(f, "one", 3);
  write(f, "two", 3);
  show("written twice", n);
  close(f);
  show("closed", n);
  f = open("d/a", O_RDONLY);
  read(f, bytes, 2);
  pread(f, bytes, 2, 0);
  show("opened and read", n);
  read(f, bytes, 64);
  read(f, bytes, 64);
  show("at the end", n);
  close(f);
  f = open("d/a", O_RDWR);
  lseek(f, 0, SEEK_SET);
  write(f, "x", 1);
  read(f, bytes, 1);
  write(f, "y", 1);
  close(f);
  show("write, read, write", n);
  touch("d/a");
  show("truncated by open", n);
  chmod("d/a", 0600);
  show("chmod", n);
  f = open("d/a", O_WRONLY);
  fchmod(f, 0644);
  ftruncate(f, 10);
  struct timespec times[2] = {{1, 0}, {2, 0}};
  futimens(f, times);
  show("fchmod, ftruncate, futimens", n);
  close(f);
  show("closed", n);
  truncate("d/a", 3);
  times[0].tv_nsec = UTIME_OMIT;
  utimensat(AT_FDCWD, "d/a", times, 0);
  times[0].tv_nsec = 0, times[1].tv_nsec = UTIME_OMIT;
  utimensat(AT_FDCWD, "d/a", times, 0);
  chown("d/a", (uid_t)-1, (gid_t)-1);
  show("truncate, one time, the other, no owner", n);
  link("d/a", "d/b");
  show("link", n);
  symlink("a", "d/s");
  mkdir("d/sub", 0700);
  mkfifo("d/fifo", 0600);
  show("symlink, mkdir, mkfifo", n);
  DIR* sub = opendir("d/sub");
  while (readdir(sub)) {}
  closedir(sub);
  show("a directory in it listed", n);
  DIR* own = opendir("d");
  while (readdir(own)) {}
  closedir(own);
  show("itself listed", n);
  unlink("d/b");
  show("one of two names", n);
  unlink("d/a"), unlink("d/s"), unlink("d/fifo");
  show("unlinked", n);
  rmdir("d/sub");
  show("rmdir", n);
  rmdir("d");
  show("gone", n);
  printf("its number: %s\n", error_of(inotify_rm_watch(n, 1)));
  close(n);
}

static void files(void) {
  int n = inotify_init1(IN_NONBLOCK);
  mkdir("d", 0755);
  touch("d/f");
  inotify_add_watch(n, "d/f", IN_ALL_EVENTS);
  inotify_add_watch(n, "d", IN_ALL_EVENTS);
  int f = open("d/f", O_RDWR);
  write(f, "x", 1);
  show("both: opened and written", n);
  link("d/f", "d/g");
  show("both: link", n);
  rename("d/f", "d/h");
  show("both: renamed", n);
  unlink("d/h");
  show("both: unlinked, another name", n);
  unlink("d/g");
  show("both: unlinked, open", n);
  write(f, "y", 1);
  show("nameless write", n);
  close(f);
  show("closed", n);
  touch("d/f");
  inotify_add_watch(n, "d/f", IN_ALL_EVENTS);
  show("again", n);
  unlink("d/f");
  show("unlinked, not open", n);
  inotify_rm_watch(n, 2);
  show("removed", n);
  inotify_add_watch(n, "d", IN_ALL_EVENTS | IN_EXCL_UNLINK);
  f = make("d/f");
  unlink("d/f");
  write(f, "z", 1);
  close(f);
  show("only named", n);
  rmdir("d");
  show("gone", n);
  close(n);
}

/* Bytes that go from one file to another without passing through the program, and what passes through a FIFO. */
static void transfers(void) {
  int n = inotify_init1(IN_NONBLOCK), p[2];
  mkdir("d", 0755);
  int from = open("d/from", O_CREAT | O_RDWR, 0644), to = open("d/to", O_CREAT | O_RDWR, 0644);
  write(from, "some bytes", 10);
  inotify_add_watch(n, "d/from", IN_ACCESS | IN_MODIFY);
  inotify_add_watch(n, "d/to", IN_ACCESS | IN_MODIFY);
  off_t at = 0;
  sendfile(to, from, &at, 4);
  show("sendfile", n);
  at = 0;
  sendfile(to, from, &at, 0);
  show("of nothing", n);
  loff_t in = 0, out = 0;
  copy_file_range(from, &in, to, &out, 4, 0);
  show("copy_file_range", n);
  if (pipe(p) != 0) return;
  in = 0;
  splice(from, &in, p[1], 0, 4, 0);
  show("splice into a pipe", n);
  splice(p[0], 0, to, &out, 4, 0);
  show("splice out of it", n);
  fallocate(to, 0, 0, 100);
  show("fallocate", n);
  mkfifo("d/fifo", 0600);
  inotify_add_watch(n, "d/fifo", IN_ACCESS | IN_MODIFY);
  inotify_add_watch(n, "d", IN_ACCESS | IN_MODIFY);
  int fifo = open("d/fifo", O_RDWR);
  char byte;
  write(fifo, "x", 1);
  read(fifo, &byte, 1);
  show("a FIFO", n);
  close(fifo), close(from), close(to), close(p[0]), close(p[1]);
  unlink("d/fifo"), unlink("d/from"), unlink("d/to");
  rmdir("d");
  close(n);
}

static void moves(void) {
  int n = inotify_init1(IN_NONBLOCK);
  mkdir("a", 0755), mkdir("b", 0755), mkdir("a/sub", 0755);
  touch("a/x"), touch("b/y");
  inotify_add_watch(n, "a", IN_MOVE | IN_CREATE | IN_DELETE | IN_MOVE_SELF | IN_DELETE_SELF);
  inotify_add_watch(n, "b", IN_MOVE | IN_CREATE | IN_DELETE | IN_MOVE_SELF | IN_DELETE_SELF);
  inotify_add_watch(n, "a/x", IN_ALL_EVENTS);
  inotify_add_watch(n, "b/y", IN_ALL_EVENTS);
  inotify_add_watch(n, "a/sub", IN_ALL_EVENTS);
  rename("a/x", "a/z");
  show("in one directory", n);
  rename("a/z", "b/z");
  show("to another", n);
  rename("b/z", "b/y");
  show("over another", n);
  rename("b/y", "y");
  show("out", n);
  rename("y", "b/in");
  show("in", n);
  rename("a/sub", "b/sub");
  show("a directory", n);
  rename("b", "c");
  show("a watched directory", n);
  touch("c/new");
  show("under its new name", n);
  rename("c/new", "c/new");
  show("to itself", n);
  unlink("c/new"), unlink("c/in"), rmdir("c/sub"), rmdir("c"), rmdir("a");
  show("all gone", n);
  close(n);
}

static void ways_to_watch(void) {
  int n = inotify_init1(IN_NONBLOCK);
  mkdir("d", 0755);
  touch("d/f");
  symlink("d", "l");
  inotify_add_watch(n, "d", IN_OPEN);
  inotify_add_watch(n, "d", IN_CLOSE_WRITE | IN_MASK_ADD);
  touch("d/f");
  show("both masks", n);
  inotify_add_watch(n, "d", IN_CREATE);
  touch("d/f"), touch("d/g");
  show("another mask", n);
  inotify_add_watch(n, "d", IN_OPEN | IN_ONESHOT);
  touch("d/f"), touch("d/f");
  show("once", n);
  printf("through a link: %d", inotify_add_watch(n, "l", IN_OPEN));
  printf(" the link itself: %d", inotify_add_watch(n, "l", IN_ALL_EVENTS | IN_DONT_FOLLOW));
  printf(" by the directory: %d\n", inotify_add_watch(n, "d", IN_OPEN));
  unlink("l");
  show("unlinked link", n);
  int other = inotify_init1(IN_NONBLOCK);
  inotify_add_watch(other, "d", IN_DELETE);
  unlink("d/f"), unlink("d/g");
  show("first", n);
  show("second", other);
  for (int i = 0; i < 3; ++i) {
    int f = open("d", O_RDONLY | O_DIRECTORY);
    close(f);
  }
  show("identical", n);
  close(other);
  int quiet = open("d", O_PATH);
  close(quiet);
  show("O_PATH", n);
  inotify_add_watch(n, "d", IN_ALL_EVENTS);
  int one = open("d", O_RDONLY), two = dup(one);
  close(one);
  show("dup", n);
  close(two);
  show("last close", n);
  rmdir("d");
  close(n);
}

static void mapped_and_executed(void) {
  int n = inotify_init1(IN_NONBLOCK);
  mkdir("d", 0755);
  int f = open("d/m", O_CREAT | O_RDWR, 0644);
  write(f, "text", 4);
  inotify_add_watch(n, "d", IN_ALL_EVENTS);
  char* page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  close(f);
  page[0] = 'T';
  show("mapped", n);
  munmap(page, 4096);
  show("unmapped", n);
  unlink("d/m");
  rmdir("d");
  close(n);
}

static void overflow(void) {
  int n = inotify_init1(IN_NONBLOCK);
  FILE* limit = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
  int most = 16384;
  if (limit) {
    if (fscanf(limit, "%d", &most) != 1) most = 16384;
    fclose(limit);
  }
  mkdir("d", 0755);
  inotify_add_watch(n, "d", IN_CREATE | IN_DELETE);
  for (int i = 0; i <= most / 2 + 5; ++i) touch("d/f"), unlink("d/f");
  long count = 0, overflows = 0, last = 0;
  char buffer[65536];
  ssize_t size;
  while ((size = read(n, buffer, sizeof buffer)) > 0)
    for (char* at = buffer; at < buffer + size;) {
      struct inotify_event* e = (struct inotify_event*)at;
      ++count;
      last = e->mask;
      if ((e->mask & IN_Q_OVERFLOW) != 0) overflows += e->wd == -1 && e->cookie == 0 && e->len == 0;
      at += sizeof *e + e->len;
    }
  printf("overflow: %ld of the limit, %ld overflows, last %#lx\n", count - most, overflows, last);
  touch("d/f");
  show("afterwards", n);
  unlink("d/f"), rmdir("d");
  close(n);
}

static void waiting(void) {
  int n = inotify_init1(0);
  mkdir("d", 0755);
  inotify_add_watch(n, "d", IN_CREATE);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    usleep(30000);
    touch("d/child");
    _exit(0);
  }
  char buffer[256];
  ssize_t size = read(n, buffer, sizeof buffer);
  struct inotify_event* e = (struct inotify_event*)buffer;
  printf("waited: %zd %#x \"%s\"\n", size, e->mask, e->name);
  waitpid(child, 0, 0);
  unlink("d/child"), rmdir("d");
  close(n);
}

static void long_names(void) {
  int n = inotify_init1(IN_NONBLOCK);
  mkdir("d", 0755);
  inotify_add_watch(n, "d", IN_CREATE);
  for (int length = 13; length <= 17; ++length) {
    char path[64] = "d/";
    memset(path + 2, 'n', (size_t)length);
    touch(path), unlink(path);
  }
  show("padding", n);
  char path[300] = "d/";
  memset(path + 2, 'n', 255);
  touch(path);
  char small[64];
  printf("too small for it: %s\n", error_of(read(n, small, sizeof small)));
  char large[512];
  printf("longest: %zd\n", read(n, large, sizeof large));
  unlink(path);
  rmdir("d");
  close(n);
}

int main(void) {
  const char* below = getenv("TMPDIR");
  char directory[512];
  snprintf(directory, sizeof directory, "%s/inotify-XXXXXX", below ? below : "/tmp");
  if (!mkdtemp(directory) || chdir(directory) != 0) return 1;
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  errors();
  children();
  files();
  transfers();
  moves();
  ways_to_watch();
  mapped_and_executed();
  overflow();
  waiting();
  long_names();
  if (chdir("/") != 0 || rmdir(directory) != 0) printf("directory: %s\n", strerrorname_np(errno));
  return 0;
}
