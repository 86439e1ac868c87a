// Files without names: O_TMPFILE, and giving them one.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(const char* what, long result) { printf("%s: %ld %s\n", what, result < 0 ? -1L : 0L, result < 0 ? strerror(errno) : ""); }

static int link_descriptor(int descriptor, int directory, const char* name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  return linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW);
}

static int entries(int directory) {
  char buffer[4096];
  lseek(directory, 0, SEEK_SET);
  int count = 0;
  for (long size; (size = getdents64(directory, buffer, sizeof buffer)) > 0;)
    for (long at = 0; at < size; ++count) at += ((struct dirent64*)(buffer + at))->d_reclen;
  return count;
}

static void in(const char* where) {
  char path[128];
  snprintf(path, sizeof path, "%s/polyabi-unnamed-XXXXXX", where);
  if (mkdtemp(path) == NULL) return say("mkdtemp", -1);
  int directory = open(path, O_RDONLY | O_DIRECTORY);
  umask(027);
  int made = openat(directory, ".", O_TMPFILE | O_RDWR, 0666);
  say("made", made);
  struct stat status;
  fstat(made, &status);
  printf("mode %o, links %u, size %ld\n", status.st_mode, (unsigned)status.st_nlink, (long)status.st_size);
  printf("written %zd, entries %d\n", write(made, "hello", 5), entries(directory));
  say("flags", fcntl(made, F_GETFL) & O_ACCMODE);
  say("linked", link_descriptor(made, directory, "name"));
  fstat(made, &status);
  printf("links %u, entries %d\n", (unsigned)status.st_nlink, entries(directory));
  char text[16] = "";
  int again = openat(directory, "name", O_RDONLY);
  printf("read %zd %s\n", read(again, text, sizeof text), text);
  struct stat other;
  fstat(again, &other);
  printf("one file: %d\n", other.st_ino == status.st_ino && other.st_dev == status.st_dev);
  say("a second name", link_descriptor(made, directory, "second"));
  say("the same name", link_descriptor(made, directory, "second"));
  say("removed", unlinkat(directory, "name", 0));
  say("removed", unlinkat(directory, "second", 0));
  say("linked after its last name", link_descriptor(made, directory, "third"));
  close(made);
  close(again);
  made = open(path, O_TMPFILE | O_WRONLY | O_EXCL, 0600);
  say("one that gets no name", made);
  say("linked", link_descriptor(made, directory, "name"));
  say("sized", ftruncate(made, 8192));
  close(made);
  say("for reading only", open(path, O_TMPFILE | O_RDONLY, 0600));
  say("in a directory that is not there", open("/nowhere/at/all", O_TMPFILE | O_RDWR, 0600));
  int plain = openat(directory, "plain", O_CREAT | O_RDWR, 0600);
  say("in a file", openat(directory, "plain", O_TMPFILE | O_RDWR, 0600));
  say("and created", openat(directory, ".", O_TMPFILE | O_CREAT | O_RDWR, 0600));
  close(plain);
  made = openat(directory, ".", O_TMPFILE | O_RDWR, 0600);
  say("sized", ftruncate(made, 4096));
  char* mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, made, 0);
  strcpy(mapped, "through memory");
  memset(text, 0, sizeof text);
  printf("read %zd %s\n", pread(made, text, 14, 0), text);
  char link[256] = "", shown[64];
  snprintf(shown, sizeof shown, "/proc/self/fd/%d", made);
  ssize_t size = readlink(shown, link, sizeof link - 1);
  printf("shown as deleted: %d\n", size > 10 && strcmp(link + size - 10, " (deleted)") == 0);
  say("linked", link_descriptor(made, directory, "mapped"));
  close(made);
  munmap(mapped, 4096);
  say("removed", unlinkat(directory, "mapped", 0));
  say("removed", unlinkat(directory, "plain", 0));
  printf("entries %d\n", entries(directory));
  close(directory);
  say("gone", rmdir(path));
}

/* A socket's times are, on some hosts, what another file left there: until they are set, or were of a pipe, they are not told. */
static void shown(const char* what, int fd, const struct timespec* since, int tells_times) {
  struct stat s;
  say(what, fstat(fd, &s));
  printf("mode %o, mine %d %d\n", s.st_mode, s.st_uid == geteuid(), s.st_gid == getegid());
  if (!tells_times) return;
  printf("made lately %d, times %lld\n", s.st_ctim.tv_sec >= since->tv_sec - 1, s.st_mtim.tv_sec < 100 ? (long long)s.st_mtim.tv_sec : -1);
}

/* Pipes and sockets have an owner, a mode and times as files have, which both ends of a pipe share. */
static void without_names(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  int ends[2], pair[2];
  if (pipe(ends) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return;
  const struct timespec times[2] = {{1, 0}, {2, 0}}, none[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
  for (int i = 0; i < 2; ++i) {
    int* const two = i == 0 ? ends : pair;
    shown(i == 0 ? "pipe" : "socket", two[0], &now, i == 0);
    say("mode", fchmod(two[1], 0246));
    shown("the other", two[0], &now, i == 0);
    say("times", futimens(two[0], times));
    shown("one", two[0], &now, 1);
    shown("the other", two[1], &now, i == 0);
    say("no times", futimens(two[0], none));
    say("owner", fchown(two[0], (uid_t)-1, getegid()));
    say("size", ftruncate(two[1], 5));
    close(two[0]);
    close(two[1]);
  }
}

int main(void) {
  without_names();
  in("/tmp");
  in("/dev/shm");
  return 0;
}
