/* openat2(2): what a lookup may be kept from, and the flags and modes that it refuses. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif

/* Answers 0 for what could be opened, and closes it. */
static long open_by(int directory, const char* path, uint64_t flags, uint64_t mode, uint64_t rules) {
  const struct open_how how = {flags, mode, rules};
  const long opened = syscall(SYS_openat2, directory, path, &how, sizeof how);
  if (opened < 0) return opened;
  close((int)opened);
  return 0;
}

static void make(const char* path) {
  const int fd = open(path, O_CREAT | O_WRONLY, 0644);
  close(fd);
}

int main(void) {
  char name[] = "/tmp/polyabi-rules-XXXXXX";
  if (mkdtemp(name) == NULL || chdir(name) != 0) return 1;
  mkdir("top", 0755);
  mkdir("top/in", 0755);
  mkdir("top/in/deep", 0755);
  make("outside");
  make("top/f");
  make("top/in/g");
  symlink("f", "top/link");
  symlink("in", "top/way");
  symlink("/f", "top/absolute");
  symlink("/in/g", "top/absolute_deep");
  symlink("../outside", "top/up");
  symlink("../../f", "top/in/over");
  symlink("loop", "top/loop");
  symlink("/proc/self/exe", "top/self");
  const int d = open("top", O_RDONLY | O_DIRECTORY), here = AT_FDCWD;

  TELL(open_by(d, "f", 0, 0, 0));
  TELL(open_by(d, "f", 0, 0, RESOLVE_NO_SYMLINKS));
  TELL(open_by(d, "link", 0, 0, RESOLVE_NO_SYMLINKS));
  TELL(open_by(d, "link", O_PATH | O_NOFOLLOW, 0, RESOLVE_NO_SYMLINKS));
  TELL(open_by(d, "link", O_NOFOLLOW, 0, RESOLVE_NO_SYMLINKS));
  TELL(open_by(d, "way/g", 0, 0, RESOLVE_NO_SYMLINKS));
  TELL(open_by(d, "way/g", 0, 0, 0));
  TELL(open_by(d, "way/", O_PATH | O_NOFOLLOW, 0, RESOLVE_NO_SYMLINKS));
  TELL(open_by(d, "loop", 0, 0, 0));

  TELL(open_by(d, "f", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "link", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "in/../f", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "in/deep/../../f", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "in/over", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "in/../../outside", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "..", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "../top/f", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "up", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "absolute", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "absolute", O_PATH | O_NOFOLLOW, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "/f", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "self", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "nothing", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(d, "new", O_CREAT | O_RDWR, 0644, RESOLVE_BENEATH));
  TELL(access("top/new", F_OK));
  TELL(open_by(d, "../new", O_CREAT | O_RDWR, 0644, RESOLVE_BENEATH));
  TELL(access("new", F_OK));
  TELL(open_by(-1, "f", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(open("top/f", O_RDONLY), "f", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(here, "top/f", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(here, "top/up", 0, 0, RESOLVE_BENEATH));
  TELL(open_by(here, "..", 0, 0, RESOLVE_BENEATH));

  TELL(open_by(d, "/f", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "../../../f", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "/../f", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "/", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "absolute", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "absolute_deep", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "up", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "in/over", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "/tmp", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "self", 0, 0, RESOLVE_IN_ROOT));
  TELL(open_by(d, "/created", O_CREAT | O_RDWR, 0644, RESOLVE_IN_ROOT));
  TELL(access("top/created", F_OK));
  TELL(open_by(d, "/in", O_TMPFILE | O_RDWR, 0644, RESOLVE_IN_ROOT));
  TELL(open_by(-1, "/f", 0, 0, RESOLVE_IN_ROOT));

  TELL(open_by(here, "/proc/self/exe", 0, 0, RESOLVE_NO_MAGICLINKS));
  TELL(open_by(here, "/proc/self/exe", O_PATH | O_NOFOLLOW, 0, RESOLVE_NO_MAGICLINKS));
  TELL(open_by(here, "/proc/self/cwd/top/f", 0, 0, RESOLVE_NO_MAGICLINKS));
  TELL(open_by(here, "/proc/self/cwd/top/f", 0, 0, 0));
  TELL(open_by(here, "/proc/self/status", 0, 0, RESOLVE_NO_MAGICLINKS));
  TELL(open_by(d, "self", 0, 0, RESOLVE_NO_MAGICLINKS));

  TELL(open_by(here, "/proc/self/status", 0, 0, RESOLVE_NO_XDEV));
  TELL(open_by(here, "/proc", 0, 0, RESOLVE_NO_XDEV));
  TELL(open_by(d, "f", 0, 0, RESOLVE_NO_XDEV));
  TELL(open_by(d, "..", 0, 0, RESOLVE_NO_XDEV));
  TELL(open_by(d, "self", 0, 0, RESOLVE_NO_XDEV));
  const int proc = open("/proc", O_RDONLY);
  TELL(open_by(proc, "uptime", 0, 0, RESOLVE_NO_XDEV));
  TELL(open_by(proc, "../tmp", 0, 0, RESOLVE_NO_XDEV));
  TELL(open_by(proc, "self/status", 0, 0, RESOLVE_NO_XDEV));
  TELL(open_by(proc, "self/cwd", 0, 0, RESOLVE_NO_XDEV));

  TELL(open_by(d, "f", 0, 0, RESOLVE_CACHED));
  TELL(open_by(d, "f", O_CREAT | O_RDWR, 0644, RESOLVE_CACHED));
  TELL(open_by(d, "f", O_TRUNC | O_RDWR, 0, RESOLVE_CACHED));
  TELL(open_by(d, "f", 0, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT));
  TELL(open_by(d, "f", 0, 0, RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS));
  TELL(open_by(d, "f", 0, 0, 0x100));

  TELL(open_by(d, "f", 0, 0644, 0));
  TELL(open_by(d, "mode", O_CREAT | O_RDWR, 010644, 0));
  TELL(open_by(d, "f", 1ULL << 40, 0, 0));
  TELL(open_by(d, "f", 0x40000000, 0, 0));
  TELL(open_by(d, "f", O_PATH | O_RDWR, 0, 0));
  TELL(open_by(d, "f", O_PATH | O_TRUNC, 0, 0));
  TELL(open_by(d, "in", O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0, 0));
  TELL(open_by(d, "in", O_DIRECTORY | O_CREAT, 0644, 0));
  TELL(open_by(d, "in", O_TMPFILE | O_RDONLY, 0, 0));
  TELL(open_by(d, "in", O_TMPFILE | O_RDWR, 0600, 0));
  TELL(open_by(d, "in", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600, 0));
  TELL(open_by(d, "", 0, 0, 0));
  TELL(open_by(d, "", 0, 0, RESOLVE_BENEATH));

  chdir("/");
  char command[64];
  snprintf(command, sizeof command, "rm -r %s", name);
  return system(command);
}
