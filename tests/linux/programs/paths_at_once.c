/* Processes that look files up while others make, move and remove them: whatever they find is something that was there, and what was
   made is there. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { turns = 3000 };

static void fail(const char* what, const char* name) {
  fprintf(stderr, "%s %s: %s\n", what, name, strerror(errno));
  _exit(1);
}

static void make(const char* path, const char* text) {
  const int file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text)) fail("make", path);
  close(file);
}

/* Two directories change their names: each has a file that says which one it is, by its text and by its size. */
static void move_directories(void) {
  for (int i = 0; i < turns; ++i)
    if (renameat2(AT_FDCWD, "here", AT_FDCWD, "there", RENAME_EXCHANGE) != 0) fail("exchange", "here");
}
static void read_file(const char* path) {
  char text[32] = "";
  struct stat s;
  const int file = open(path, O_RDONLY);
  if (file < 0 || fstat(file, &s) != 0) fail("open", path);
  const ssize_t size = read(file, text, sizeof text - 1);
  if (size != s.st_size || (strcmp(text, "one") != 0 && strcmp(text, "the other") != 0)) fail("read", text);
  close(file);
  if (stat(path, &s) != 0 || (s.st_size != 3 && s.st_size != 9) || !S_ISREG(s.st_mode)) fail("stat", path);
}
static void read_files(void) {
  for (int i = 0; i < turns; ++i) read_file(i % 2 ? "here/deep/file" : "there/deep/file");
}

/* A name that comes and goes, and is now a file and now a directory; numbers of inodes are used again. */
static void make_and_remove(void) {
  for (int i = 0; i < turns / 2; ++i) {
    if (i % 2) {
      make("comes", "file");
      if (unlink("comes") != 0) fail("unlink", "comes");
    } else {
      if (mkdir("comes", 0700) != 0) fail("mkdir", "comes");
      if (rmdir("comes") != 0) fail("rmdir", "comes");
    }
  }
}
static void look(void) {
  struct stat s;
  for (int i = 0; i < turns; ++i) {
    if (stat("comes", &s) == 0 ? !S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode) : errno != ENOENT) fail("look at", "comes");
    const int opened = open("comes", O_RDONLY);
    if (opened < 0 && errno != ENOENT) fail("open", "comes");
    if (opened >= 0 && (fstat(opened, &s) != 0 || (!S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode)))) fail("fstat", "comes");
    if (opened >= 0) close(opened);
  }
}

/* Files of one's own, in a directory that others use as well, are there as soon as they are made. */
static void make_own(int who) {
  char name[32], other[32];
  struct stat s;
  for (int i = 0; i < turns / 3; ++i) {
    snprintf(name, sizeof name, "common/%d-%d", who, i % 7);
    snprintf(other, sizeof other, "common/%d-moved", who);
    make(name, name);
    if (stat(name, &s) != 0 || s.st_size != (off_t)strlen(name)) fail("stat", name);
    if (rename(name, other) != 0) fail("rename", name);
    if (stat(name, &s) == 0 || errno != ENOENT) fail("still", name);
    const int file = open(other, O_RDONLY);
    char text[32] = "";
    if (file < 0 || read(file, text, sizeof text) < 0 || strcmp(text, name) != 0) fail("moved", other);
    close(file);
    if (unlink(other) != 0 || access(other, F_OK) == 0) fail("unlink", other);
  }
}

static void start(void (*work)(void)) {
  if (fork() == 0) {
    work();
    _exit(0);
  }
}

int main(void) {
  char folder[] = "/tmp/paths-at-once-XXXXXX";
  if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
  if (mkdir("here", 0700) != 0 || mkdir("there", 0700) != 0 || mkdir("here/deep", 0700) != 0 || mkdir("there/deep", 0700) != 0 ||
      mkdir("common", 0700) != 0)
    return 1;
  make("here/deep/file", "one");
  make("there/deep/file", "the other");
  start(move_directories);
  start(read_files);
  start(read_files);
  start(make_and_remove);
  start(look);
  start(look);
  for (int who = 0; who < 3; ++who)
    if (fork() == 0) {
      make_own(who);
      _exit(0);
    }
  int status, failed = 0;
  while (wait(&status) > 0) failed += status != 0;
  printf("%d failed\n", failed);
  if (system("rm -r here there common") != 0) failed = 1;
  if (chdir("/") != 0 || rmdir(folder) != 0) failed = 1;
  return failed != 0;
}
