/* File systems that become read only, and can be written again. The host allows it to its superuser, in mounts of its own. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

/* The first option that a listing shows of our mount. */
static void shown(const char* list) {
  static char line[4096];
  FILE* from = fopen(list, "r");
  char name[300];
  snprintf(name, sizeof name, " %s ", getcwd(line, 256));
  while (from != NULL && fgets(line, sizeof line, from) != NULL) {
    char* at = strstr(line, name);
    if (at == NULL) continue;
    at += strlen(name);
    if (strncmp(at, "tmpfs ", 6) == 0) at += 6;
    printf("%s shows %.2s\n", list, at);
  }
  if (from != NULL) fclose(from);
}

static void look(void) {
  struct statvfs v;
  struct statfs s;
  TELL(statvfs(".", &v));
  TELL(statfs(".", &s));
  printf("read only: %d %d\n", (v.f_flag & ST_RDONLY) != 0, (s.f_flags & 1) != 0);
  shown("/proc/self/mounts");
  shown("/proc/self/mountinfo");
}

static void change_all(void) {
  const struct timespec times[2] = {{1, 2}, {3, 4}};
  int fd = open("file", O_RDONLY);
  TELL_OUTCOME(open("file", O_RDONLY));
  TELL_OUTCOME(open("file", O_WRONLY));
  TELL_OUTCOME(open("file", O_RDWR));
  TELL_OUTCOME(open("file", O_RDONLY | O_TRUNC));
  TELL_OUTCOME(open("file", O_RDONLY | O_CREAT, 0600));
  TELL_OUTCOME(open("file", O_RDONLY | O_CREAT | O_EXCL, 0600));
  TELL_OUTCOME(open("new", O_RDWR | O_CREAT, 0600));
  TELL_OUTCOME(open(".", O_RDWR | O_TMPFILE, 0600));
  TELL_OUTCOME(open("pipe", O_RDWR));
  TELL(access("file", R_OK));
  TELL(access("file", W_OK));
  TELL(access("pipe", W_OK));
  TELL(access(".", W_OK));
  TELL(truncate("file", 1));
  TELL(chmod("file", 0640));
  TELL(fchmod(fd, 0640));
  TELL(chown("file", 1, 1));
  TELL(lchown("link", 1, 1));
  TELL(fchown(fd, 0, 0));
  TELL(utimensat(AT_FDCWD, "file", times, 0));
  TELL(futimens(fd, times));
  TELL(setxattr("file", "trusted.a", "v", 1, 0));
  TELL(fremovexattr(fd, "trusted.a"));
  TELL(mkdir("directory2", 0700));
  TELL(mkdir("directory", 0700));
  TELL(rmdir("directory"));
  TELL(link("file", "file2"));
  TELL(symlink("file", "link2"));
  TELL(mknod("pipe2", S_IFIFO | 0600, 0));
  TELL(rename("file", "file3"));
  TELL(unlink("link"));
  TELL_OUTCOME(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
  TELL_OUTCOME(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
  close(fd);
  struct stat s;
  TELL(stat("file", &s));
  printf("mode %o, owner %d, %ld bytes, time %ld\n", s.st_mode, (int)s.st_uid, (long)s.st_size, (long)s.st_mtime);
}

static void fill(void) {
  const struct timeval once[2] = {{5, 0}, {6, 0}};
  int fd = open("file", O_RDWR | O_CREAT, 0600);
  TELL(write(fd, "text", 4));
  close(fd);
  TELL(utimes("file", once));
  TELL(mkdir("directory", 0700));
  TELL(symlink("file", "link"));
  TELL(mkfifo("pipe", 0600));
  TELL(setxattr("file", "trusted.a", "value", 5, 0));
}

int main(void) {
  char place[] = "/tmp/polyabi-mounts-XXXXXX";
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (unshare(CLONE_NEWNS) == 0) mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
  if (mkdtemp(place) == NULL || mount("test", place, "tmpfs", 0, "mode=755") != 0 || chdir(place) != 0) {
    printf("no mounts here: %s\n", strerror(errno));
    rmdir(place);
    return 0;
  }
  int listing = open("/proc/self/mounts", O_RDONLY), all = epoll_create1(0);
  struct epoll_event wanted = {.events = EPOLLIN | EPOLLPRI}, told = {0};
  TELL(epoll_ctl(all, EPOLL_CTL_ADD, listing, &wanted));
  TELL(epoll_wait(all, &told, 1, 0));
  printf("mounts as they were: %#x\n", told.events);
  fill();
  look();
  int fd = open("file", O_RDWR);
  TELL(mount(NULL, place, NULL, MS_REMOUNT | MS_RDONLY, NULL));
  look();
  void* seen = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  TELL(mount(NULL, place, NULL, MS_REMOUNT | MS_RDONLY, NULL));
  munmap(seen, 4096);
  int reading = open("file", O_RDONLY);
  TELL(mount(NULL, place, NULL, MS_REMOUNT | MS_RDONLY, NULL));
  look();
  change_all();
  TELL(mount("test", place, "tmpfs", MS_REMOUNT, "mode=755"));
  look();
  TELL(epoll_wait(all, &told, 1, 0));
  printf("they have changed: %#x\n", told.events);
  TELL(epoll_wait(all, &told, 1, 0));
  printf("told once: %#x\n", told.events);
  struct pollfd asked = {listing, POLLIN | POLLPRI, 0};
  TELL(poll(&asked, 1, 0));
  printf("poll: %#x\n", asked.revents);
  close(reading);
  TELL(chmod("file", 0640));
  TELL(unlink("file"));
  TELL(mount(NULL, "/nowhere", NULL, MS_REMOUNT | MS_RDONLY, NULL));
  TELL(mount(NULL, "directory", NULL, MS_REMOUNT | MS_RDONLY, NULL));
  TELL(mount("second", "directory", "tmpfs", MS_RDONLY, NULL));
  TELL_OUTCOME(open("directory/file", O_CREAT | O_RDWR, 0600));
  TELL(mount(NULL, "directory", NULL, MS_REMOUNT, NULL));
  TELL_OUTCOME(open("directory/file", O_CREAT | O_RDONLY, 0600));
  TELL(umount2("directory", MNT_DETACH));
  chdir("/");
  TELL(umount2(place, MNT_DETACH));
  rmdir(place);
  return 0;
}
