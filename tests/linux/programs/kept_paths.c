/* Paths that are used again and again, and lead elsewhere, or nowhere, or to something else, after one of the names on them has changed:
   names, directories, and links on the way and at the end. Each path is opened, read and asked for often before and after each change. */
#define _GNU_SOURCE
#include "tell.h"
#include "watches.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { often = 6 };

static void make(const char *path, const char *text) {
  const int file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text)) exit(1);
  close(file);
}

/* What a path leads to: the same each time, or the times are told. */
static void look(const char *path) {
  char first[160] = "", seen[160];
  for (int i = 0; i < often; ++i) {
    struct stat s, through, opened;
    char text[32] = "";
    const int link_error = lstat(path, &s) != 0 ? errno : 0, error = stat(path, &through) != 0 ? errno : 0;
    const int file = open(path, O_RDONLY);
    const int open_error = file < 0 ? errno : 0;
    ssize_t size = -1;
    int is_same = 0;
    if (file >= 0) {
      size = read(file, text, sizeof text - 1);
      is_same = fstat(file, &opened) == 0 && error == 0 && opened.st_ino == through.st_ino && opened.st_size == through.st_size;
      close(file);
    }
    snprintf(seen, sizeof seen, "%s %o, %s %o, %s %zd \"%s\" %s, %s", error_name(link_error), link_error ? 0 : s.st_mode & S_IFMT,
             error_name(error), error ? 0 : through.st_mode & S_IFMT, error_name(open_error), size, text, is_same ? "the same" : "another",
             access(path, R_OK) == 0 ? "readable" : "not readable");
    if (i == 0) strcpy(first, seen);
    if (i == 0 || strcmp(first, seen) != 0) printf("%s: %s\n", path, seen);
  }
}

static const char *const paths[] = {"one/deep/file", "way/deep/file", "absolute/deep/file", "end", "way/end", "chain/deep/file", "way/../two/deep/file", "way/deep/absent",
                                    "late/deep/file", "late/deep/down/file", "late/.."};
static void look_at_all(const char *after) {
  printf("-- %s\n", after);
  for (size_t i = 0; i < sizeof paths / sizeof *paths; ++i) look(paths[i]);
  fflush(stdout);
}

/* Somebody else does it, who has not looked. */
static void other(const char *what, void (*does)(void)) {
  const pid_t child = fork();
  if (child == 0) {
    does();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) exit(2);
  look_at_all(what);
}

static void turn_link(void) { (void)!symlink("two", "new"), rename("new", "way"); }
static void turn_link_back(void) { unlink("way"), (void)!symlink("one", "way"); }
static void replace_file(void) { make("new", "a new one"), rename("new", "one/deep/file"); }
static void write_file(void) { make("one/deep/file", "written again"); }
static void move_directory(void) { rename("one/deep", "one/moved"), mkdir("one/deep", 0700), make("one/deep/file", "in a new directory"); }
static void make_loop(void) { unlink("way"), (void)!symlink("way", "way"); }
static void make_directory_of_link(void) { unlink("way"), mkdir("way", 0700), mkdir("way/deep", 0700), make("way/deep/file", "no link any more"); }
static void make_directory_of_file(void) { unlink("one/deep/file"), mkdir("one/deep/file", 0700); }
static void make_file_of_end(void) { unlink("end"), make("end", "no link"); }
static void remove_target(void) { unlink("two/deep/file"); }
static void make_absent(void) { make("one/deep/absent", "came"), make("way/deep/absent", "came as well"); }

static void make_late(void) { mkdir("late", 0700), mkdir("late/deep", 0700), make("late/deep/file", "came late"); }
static void remove_late(void) { unlink("late/deep/file"), rmdir("late/deep"), rmdir("late"); }
static void make_link_of_late(void) { (void)!symlink("one", "late"); }

static char here[256];
static void link_absolutely(const char *to) {
  char target[400];
  snprintf(target, sizeof target, "%s/%s", here, to);
  unlink("absolute");
  (void)!symlink(target, "absolute");
}
static void turn_absolute(void) { link_absolutely("two"); }

/* A file that is open several times at once, and closed, and exchanged for another one by and by. */
static void open_at_once(void) {
  enum { times = 5 };
  int files[times], wrong = 0;
  for (int turn = 0; turn < 6; ++turn) {
    char text[32], seen[32];
    snprintf(text, sizeof text, "turn %d", turn / 2);
    if (turn % 2 == 0) make("new", text), rename("new", "one/at-once");
    for (int i = 0; i < times; ++i) files[i] = open("one/at-once", O_RDONLY);
    for (int i = 0; i < times; ++i) {
      memset(seen, 0, sizeof seen);
      if (read(files[i], seen, (size_t)i + 1) != i + 1 || strncmp(seen, text, (size_t)i + 1) != 0) ++wrong;
      if (pread(files[i], seen, sizeof seen, 0) != 6 || strcmp(seen, text) != 0) ++wrong;
    }
    for (int i = 0; i < times; ++i) close(files[i]);
  }
  printf("at once: %d wrong\n", wrong);
}

/* Files that are opened once each, by a way that is known, and what is then known of them. */
static void go_through(void) {
  char path[64];
  struct stat s, opened;
  int wrong = 0;
  mkdir("many", 0700);
  for (int i = 0; i < 300; ++i) {
    snprintf(path, sizeof path, "many/%d", i);
    make(path, path);
  }
  for (int turn = 0; turn < 3; ++turn) {
    for (int i = 0; i < 300; ++i) {
      char text[64] = "";
      snprintf(path, sizeof path, "many/%d", i);
      const int file = open(path, O_RDONLY);
      if (read(file, text, sizeof text - 1) != (ssize_t)strlen(path) || strcmp(text, path) != 0) ++wrong;
      if (fstat(file, &opened) != 0 || stat(path, &s) != 0 || s.st_ino != opened.st_ino) ++wrong;
      if (i % 7 == turn) unlink(path), make(path, path); /* its number may be given to another file */
      if (i % 7 == turn && (fstat(file, &opened) != 0 || opened.st_nlink != 0)) ++wrong;
      close(file);
    }
  }
  printf("many: %d wrong\n", wrong);
  const int locked = open("many/1", O_RDWR), again = open("many/1", O_RDONLY);
  struct flock lock = {.l_type = F_WRLCK};
  TELL(fcntl(locked, F_OFD_SETLK, &lock));
  lock = (struct flock){.l_type = F_RDLCK};
  TELL(fcntl(again, F_OFD_SETLK, &lock));
  close(locked), close(again);
  const int watch = inotify_init1(IN_NONBLOCK);
  TELL(inotify_add_watch(watch, "many/2", IN_OPEN | IN_CLOSE) > 0);
  TELL(inotify_add_watch(watch, "many", IN_OPEN) > 0);
  for (int i = 2; i < 4; ++i) {
    snprintf(path, sizeof path, "many/%d", i);
    close(open(path, O_RDONLY));
  }
  tell_events(watch);
  close(watch);
  TELL_OUTCOME(open("many/absent", O_RDONLY));
  TELL_OUTCOME(open("many/1/below", O_RDONLY));
  TELL_OUTCOME(open("many/1/", O_RDONLY));
  TELL_OUTCOME(open("many/1", O_RDONLY | O_DIRECTORY));
  TELL_OUTCOME(open("end", O_RDONLY | O_NOFOLLOW));
  chmod("many/5", 0);
  TELL_OUTCOME(open("many/5", O_RDONLY));
}

int main(void) {
  char folder[] = "/tmp/kept-paths-XXXXXX";
  if (mkdtemp(folder) == NULL || chdir(folder) != 0 || getcwd(here, sizeof here) == NULL) return 1;
  mkdir("one", 0700), mkdir("two", 0700), mkdir("one/deep", 0700), mkdir("two/deep", 0700);
  make("one/deep/file", "one"), make("two/deep/file", "two");
  (void)!symlink("one", "way"), (void)!symlink("way", "chain"), (void)!symlink("one/deep/file", "end"), (void)!symlink("../two/deep/file", "one/end");
  link_absolutely("one");
  look_at_all("at first");
  other("the link leads to the other directory", turn_link);
  other("and back", turn_link_back);
  other("the absolute link leads to the other directory", turn_absolute);
  other("the file is another one", replace_file);
  other("the file is written", write_file);
  other("the directory is another one", move_directory);
  other("the absent file has come", make_absent);
  other("the absent directory has come", make_late);
  other("and is gone again", remove_late);
  other("a link has come there", make_link_of_late);
  open_at_once();
  other("the link leads to itself", make_loop);
  other("the link is a directory", make_directory_of_link);
  other("the link at the end is a file", make_file_of_end);
  other("the file is a directory", make_directory_of_file);
  other("what the link at the end leads to is gone", remove_target);
  go_through();
  execlp("rm", "rm", "-rf", folder, (char*)0);
  return 1;
}
