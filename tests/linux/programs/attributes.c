// Extended attributes, renameat2's flags, and the file creation mask, printed so that two systems can be compared.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tell.h"

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/// The order of the names is the file system's.
static void list(const char *what, const char *text, ssize_t size) {
  const char *names[64];
  size_t count = 0;
  for (const char *at = text; at < text + size; at += strlen(at) + 1)
    if (strncmp(at, "user.", 5) == 0) names[count++] = at;
  qsort(names, count, sizeof *names, compare_names);
  printf("%s:", what);
  for (size_t i = 0; i < count; ++i) printf(" %s", names[i]);
  printf("\n");
}

static void show(const char *path) {
  struct stat s;
  if (lstat(path, &s) != 0) {
    printf("%s: %s\n", path, error_name(errno));
    return;
  }
  printf("%s: mode %o size %ld\n", path, s.st_mode, (long)s.st_size);
}

static void attributes(void) {
  char value[64], *big = malloc(70000), longest[300];
  memset(big, 'b', 70000);
  memset(longest, 'n', sizeof longest);
  memcpy(longest, "user.", 5);
  const int file = open("file", O_RDWR | O_CREAT, 0644);
  TELL(setxattr("file", "user.one", "first", 5, 0));
  TELL(setxattr("file", "user.one", "again", 5, XATTR_CREATE));
  TELL(setxattr("file", "user.two", "second", 6, XATTR_REPLACE));
  TELL(setxattr("file", "user.two", "second", 6, XATTR_CREATE));
  TELL(setxattr("file", "user.one", "longer than it was", 18, XATTR_REPLACE));
  TELL(setxattr("file", "user.empty", "", 0, 0));
  TELL(setxattr("file", "user.none", NULL, 0, 0));
  TELL(setxattr("file", "user.bad", NULL, 5, 0));
  TELL(setxattr("file", "user.bad", "x", 1, 8));
  TELL(setxattr("file", "other.bad", "x", 1, 0));
  TELL(setxattr("file", "", "x", 1, 0));
  TELL(setxattr("file", NULL, "x", 1, 0));
  TELL(setxattr("file", "user.big", big, 65537, 0));
  longest[255] = '\0';
  TELL(setxattr("file", longest, "x", 1, 0));
  longest[255] = 'n', longest[256] = '\0';
  TELL(setxattr("file", longest, "x", 1, 0));
  TELL(setxattr("nothing", "user.one", "x", 1, 0));
  TELL(getxattr("file", "user.one", value, sizeof value));
  printf("value: %.18s\n", value);
  TELL(getxattr("file", "user.one", NULL, 0));
  TELL(getxattr("file", "user.one", value, 3));
  TELL(getxattr("file", "user.one", NULL, 30));
  TELL(getxattr("file", "user.absent", value, sizeof value));
  TELL(getxattr("file", "user.empty", value, sizeof value));
  TELL(getxattr("file", "other.bad", value, sizeof value));
  TELL(getxattr("nothing", "user.one", value, sizeof value));
  char names[4096];
  TELL(removexattr("file", longest));
  longest[255] = '\0';
  TELL(removexattr("file", longest));
  list("names", names, listxattr("file", names, sizeof names));
  TELL(listxattr("file", names, 5));
  TELL(listxattr("nothing", names, 5));
  TELL(removexattr("file", "user.two"));
  TELL(removexattr("file", "user.two"));
  list("names", names, listxattr("file", names, sizeof names));

  TELL(fsetxattr(file, "user.by-descriptor", "d", 1, 0));
  TELL(fgetxattr(file, "user.by-descriptor", value, sizeof value));
  list("names", names, flistxattr(file, names, sizeof names));
  TELL(fremovexattr(file, "user.by-descriptor"));
  TELL(fgetxattr(file, "user.by-descriptor", value, sizeof value));
  TELL(fgetxattr(-1, "user.by-descriptor", value, sizeof value));
  const int by_path = open("file", O_PATH);
  TELL(fgetxattr(by_path, "user.one", value, sizeof value));
  TELL(fsetxattr(by_path, "user.one", "x", 1, 0));

  TELL(symlink("file", "link"));
  TELL(getxattr("link", "user.one", value, sizeof value));
  TELL(lgetxattr("link", "user.one", value, sizeof value));
  TELL(lsetxattr("link", "user.one", "x", 1, 0));
  TELL(llistxattr("link", names, sizeof names));
  TELL(lremovexattr("link", "user.one"));
  TELL(mkdir("directory", 0755));
  TELL(setxattr("directory", "user.of-directory", "yes", 3, 0));
  TELL(getxattr("directory", "user.of-directory", value, sizeof value));
  TELL(mkfifo("fifo", 0644));
  TELL(setxattr("fifo", "user.of-fifo", "no", 2, 0));
  TELL(getxattr("fifo", "user.of-fifo", value, sizeof value));
  free(big);
  close(file);
  close(by_path);
}

static int rename2(const char *from, const char *to, unsigned flags) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void names(void) {
  close(open("a", O_WRONLY | O_CREAT, 0600));
  const int b = open("b", O_WRONLY | O_CREAT, 0640);
  if (write(b, "bytes", 5) != 5) perror("write");
  close(b);
  TELL(rename2("a", "b", RENAME_NOREPLACE));
  TELL(rename2("a", "c", RENAME_NOREPLACE));
  show("a");
  show("c");
  TELL(rename2("c", "b", RENAME_EXCHANGE));
  show("b");
  show("c");
  TELL(rename2("c", "nothing", RENAME_EXCHANGE));
  TELL(rename2("nothing", "c", RENAME_EXCHANGE));
  TELL(rename2("c", "c", RENAME_EXCHANGE));
  TELL(rename2("c", "c", RENAME_NOREPLACE));
  TELL(rename2("b", "c", RENAME_NOREPLACE | RENAME_EXCHANGE));
  TELL(rename2("b", "c", 64));
  TELL(rename2("c", "directory", RENAME_EXCHANGE));
  show("c");
  show("directory");
  TELL(mkdir("c/inside", 0700));
  TELL(rename2("c", "c/inside", RENAME_EXCHANGE));
  TELL(rename2("directory", "c/inside", RENAME_EXCHANGE));
  show("c/inside");
  show("directory");
}

static void mask(void) {
  TELL(umask(0));
  close(open("masked0", O_WRONLY | O_CREAT, 0666));
  show("masked0");
  TELL(umask(077));
  close(open("masked077", O_WRONLY | O_CREAT, 0666));
  show("masked077");
  TELL(mkdir("masked", 0777));
  show("masked");
  TELL(umask(022));
}

int main(void) {
  char room[] = "/tmp/attributes-XXXXXX";
  if (mkdtemp(room) == NULL || chdir(room) != 0) return 1;
  close(open("inherited", O_WRONLY | O_CREAT, 0666));
  show("inherited");
  attributes();
  names();
  mask();
  fflush(stdout);
  if (chdir("/") != 0) return 1;
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", room);
  return system(command);
}
