/* Files that are opened for the first time, in a directory whose path is known, and what can be done with them before anybody has looked at
   them: closed, renamed, removed, watched, locked, passed on, shared by fork. Files that turn out to be no regular ones. And names that
   others exchange while they are asked for. */
#define _GNU_SOURCE
#include "tell.h"
#include "watches.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int next;

static void make(const char *path) {
  const int file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (file < 0 || dprintf(file, "%s\n", path) < 0) exit(1);
  close(file);
}

/* A file that another process has made, so that nobody here knows it, open and not looked at. */
static char path[64];
static int open_new(int flags) {
  struct stat s;
  snprintf(path, sizeof path, "files/%d", next++);
  const pid_t child = fork();
  if (child == 0) make(path), _exit(0);
  waitpid(child, NULL, 0);
  stat("files/0", &s); /* the directory is known now */
  return open(path, O_RDONLY | flags);
}

static void show(const char *what, int file) {
  char text[64] = "", link[256] = "", name[64];
  struct stat s;
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(name, link, sizeof link - 1);
  const char *base = size > 0 ? strstr(link, "/files/") : NULL;
  const int got = fstat(file, &s);
  const ssize_t count = pread(file, text, sizeof text - 1, 0);
  printf("%s: %s, %d links %d size %d, read %zd %s", what, base ? base : "?", got, got == 0 ? (int)s.st_nlink : -1,
         got == 0 ? (int)s.st_size : -1, count, count > 0 ? text : "\n");
}

static void change_names(void) {
  char other[80];
  int file = open_new(0);
  snprintf(other, sizeof other, "%s-moved", path);
  TELL(rename(path, other) == 0);
  show("renamed", file), close(file);
  file = open_new(0);
  unlink(path);
  show("removed", file), close(file);
  file = open_new(0);
  const int kept = open_new(0);
  TELL(renameat2(AT_FDCWD, path, AT_FDCWD, "files/0", RENAME_EXCHANGE) == 0);
  show("not exchanged", file), show("exchanged", kept), close(file), close(kept);
  file = open_new(0);
  TELL(link(path, "files/linked") == 0);
  show("linked", file), close(file);
  file = open_new(0);
  TELL(chmod(path, 0) == 0);
  show("of no mode", file), close(file);
  file = open_new(0);
  TELL(truncate(path, 3) == 0);
  show("cut", file), close(file);
}

static void use(void) {
  char text[32] = "";
  int file = open_new(0);
  TELL(write(file, "x", 1));
  TELL(lseek(file, 2, SEEK_SET));
  TELL(read(file, text, 4));
  puts(text);
  close(file);
  file = open_new(O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
  TELL(fcntl(file, F_GETFL) & O_ACCMODE);
  TELL(fcntl(file, F_GETFD));
  close(file);
  file = open_new(O_NONBLOCK);
  TELL((fcntl(file, F_GETFL) & O_NONBLOCK) != 0);
  show("not to wait", file), close(file);
  file = open_new(0);
  const char *map = mmap(NULL, 8, PROT_READ, MAP_PRIVATE, file, 0);
  printf("mapped: %.6s\n", map == MAP_FAILED ? "no" : map);
  close(file);
  file = open_new(0);
  fflush(stdout);
  TELL(sendfile(STDOUT_FILENO, file, NULL, 4));
  close(file);
  file = open_new(0);
  const int copy = dup(file);
  TELL(lseek(copy, 3, SEEK_SET));
  TELL(lseek(file, 0, SEEK_CUR));
  close(file);
  show("copied", copy), close(copy);
  file = open_new(0);
  TELL(dup2(file, 70));
  close(file);
  show("at 70", 70), close(70);
  file = open_new(0);
  TELL(fchmod(file, 0640));
  TELL(ftruncate(file, 0));
  close(file);
  file = open_new(0);
  TELL(openat(file, "x", O_RDONLY));
  TELL(fchdir(file));
  close(file);
  TELL(close(file));
}

static void share(void) {
  const int file = open_new(0);
  fflush(stdout);
  int order[2];
  if (pipe(order) != 0) exit(1);
  const pid_t child = fork();
  if (child == 0) {
    char text[4] = "";
    TELL(read(file, text, 3));
    TELL(fcntl(file, F_SETFL, O_NONBLOCK));
    fflush(stdout);
    _exit(write(order[1], "x", 1) == 1 ? 0 : 1);
  }
  char c;
  (void)!read(order[0], &c, 1);
  waitpid(child, NULL, 0);
  TELL(lseek(file, 0, SEEK_CUR));
  TELL((fcntl(file, F_GETFL) & O_NONBLOCK) != 0);
  close(file);

  const int inherited = open_new(0);
  fflush(stdout);
  if (fork() == 0) {
    dup2(inherited, STDIN_FILENO);
    execlp("cat", "cat", NULL);
    _exit(1);
  }
  wait(NULL);
  close(inherited);

  int ends[2];
  const int passed = open_new(0);
  char byte = 'x';
  union {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
  } control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  memcpy(CMSG_DATA(&control.head), &passed, sizeof passed);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) exit(1);
  TELL(sendmsg(ends[0], &message, 0));
  close(passed);
  TELL(recvmsg(ends[1], &message, 0));
  int received;
  memcpy(&received, CMSG_DATA(&control.head), sizeof received);
  show("passed on", received), close(received), close(ends[0]), close(ends[1]);
}

/* Somebody else looks at what is open here, while it is read. */
static void look_from_outside(void) {
  char name[64], text[16];
  int wrong = 0;
  for (int turn = 0; turn < 20; ++turn) {
    const int file = open_new(0);
    snprintf(name, sizeof name, "/proc/%d/fd/%d", getpid(), file);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      struct stat s;
      char link[256];
      close(file);
      const int again = open(name, O_RDONLY);
      _exit(stat(name, &s) == 0 && readlink(name, link, sizeof link) > 0 && again >= 0 && read(again, text, 6) == 6 ? 0 : 1);
    }
    struct stat s;
    for (int i = 0; i < 200; ++i) {
      if (fstat(file, &s) != 0 || s.st_size < 8 || lseek(file, 0, SEEK_SET) != 0) ++wrong;
      if (read(file, text, 6) != 6 || memcmp(text, "files/", 6) != 0 || lseek(file, 0, SEEK_CUR) != 6) ++wrong;
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) ++wrong;
    close(file);
  }
  printf("looked at from outside: %d wrong\n", wrong);
}

/* Whoever closes any descriptor of a file gives his locks on it back. */
static void lock(void) {
  close(open_new(0));
  const int holder = open(path, O_RDWR);
  struct flock whole = {.l_type = F_WRLCK};
  TELL(fcntl(holder, F_SETLK, &whole));
  char other[80];
  snprintf(other, sizeof other, "%s-linked", path);
  TELL(link(path, other) == 0);
  for (int turn = 0; turn < 2; ++turn) {
    fflush(stdout);
    if (fork() == 0) {
      struct flock asked = {.l_type = F_WRLCK};
      fcntl(holder, F_GETLK, &asked);
      printf("locked: %d\n", asked.l_type != F_UNLCK);
      fflush(stdout);
      _exit(0);
    }
    wait(NULL);
    close(open(other, O_RDONLY)); /* never opened before */
  }
  close(holder);
  const int whole_lock = open_new(0), again = open(path, O_RDONLY);
  TELL(flock(whole_lock, LOCK_EX));
  TELL(flock(again, LOCK_EX | LOCK_NB));
  close(whole_lock);
  TELL(flock(again, LOCK_EX | LOCK_NB));
  close(again);
}

static void watch(void) {
  const int before = open_new(0);
  const int events = inotify_init1(IN_NONBLOCK);
  TELL(inotify_add_watch(events, "files", IN_ALL_EVENTS) > 0);
  close(before);
  const int after = open_new(0);
  close(after);
  tell_events(events);
  close(events);
}

/* No regular files: each is opened for the first time, to wait and not to wait. */
static void open_others(void) {
  struct stat s;
  char text[16];
  mkdir("files/folder", 0700), mkdir("files/folder2", 0700), make("files/folder/inside"), make("files/folder2/inside");
  mkfifo("files/pipe", 0600), mkfifo("files/pipe2", 0600);
  (void)!symlink("0", "files/way"), (void)!symlink("0", "files/way2");
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un name = {AF_UNIX, "files/socket"};
  bind(listener, (struct sockaddr *)&name, sizeof name);
  stat("files/0", &s);
  const int flags[] = {O_NONBLOCK, 0};
  const char *const folders[] = {"files/folder", "files/folder2"};
  for (int i = 0; i < 2; ++i) {
    const int folder = open(folders[i], O_RDONLY | flags[i]);
    TELL(fstat(folder, &s));
    printf("directory %d\n", S_ISDIR(s.st_mode));
    TELL(read(folder, text, sizeof text));
    TELL_OUTCOME(openat(folder, "inside", O_RDONLY));
    DIR *list = fdopendir(folder);
    int count = 0;
    while (list != NULL && readdir(list) != NULL) ++count;
    printf("%d entries\n", count);
    if (list != NULL) closedir(list);
  }
  int reader = open("files/pipe", O_RDONLY | O_NONBLOCK);
  TELL(read(reader, text, sizeof text));
  int writer = open("files/pipe", O_WRONLY | O_NONBLOCK);
  TELL(write(writer, "through", 7));
  TELL(read(reader, text, sizeof text));
  TELL(read(reader, text, sizeof text));
  close(reader), close(writer);
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    usleep(20000);
    writer = open("files/pipe2", O_WRONLY);
    _exit(write(writer, "waited", 6) == 6 ? 0 : 1);
  }
  reader = open("files/pipe2", O_RDONLY);
  TELL(read(reader, text, sizeof text));
  close(reader);
  waitpid(child, NULL, 0);
  TELL_OUTCOME(open("files/way", O_RDONLY | O_NONBLOCK | O_NOFOLLOW));
  TELL_OUTCOME(open("files/way2", O_RDONLY | O_NOFOLLOW));
  TELL_OUTCOME(open("files/way2", O_RDONLY));
  TELL_OUTCOME(open("files/socket", O_RDONLY));
  TELL_OUTCOME(open("files/socket", O_RDONLY | O_NONBLOCK));
  TELL_OUTCOME(open("files/none", O_RDONLY));
  TELL_OUTCOME(open("files/none", O_RDONLY | O_NONBLOCK));
  TELL_OUTCOME(open("files/0/below", O_RDONLY | O_NONBLOCK));
  TELL_OUTCOME(open("files/folder/", O_RDONLY | O_NONBLOCK));
  TELL_OUTCOME(open("files/../files/0", O_RDONLY | O_NONBLOCK));
}

static int count_entries(const char *folder) {
  DIR *list = opendir(folder);
  int count = 0;
  while (list != NULL && readdir(list) != NULL) ++count;
  if (list != NULL) closedir(list);
  return count;
}

/* An open of a pipe waits for the other end, whatever a list had before. */
static void wait_for_pipe(const char *pipe_name) {
  int order[2];
  char text[16] = "";
  struct stat s;
  if (pipe(order) != 0) exit(1);
  fcntl(order[0], F_SETFL, O_NONBLOCK);
  stat("listed/plain", &s);
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const int reader = open(pipe_name, O_RDONLY);
    (void)!write(order[1], "x", 1);
    printf("%s: read %zd\n", pipe_name, read(reader, text, 6));
    fflush(stdout);
    _exit(0);
  }
  usleep(50000);
  TELL(read(order[0], text, 1) == 1); /* it is not open yet */
  const int writer = open(pipe_name, O_WRONLY);
  TELL(write(writer, "waited", 6));
  close(writer);
  waitpid(child, NULL, 0);
  close(order[0]), close(order[1]);
}

/* Files of a directory that has been listed. */
static void open_listed(void) {
  char text[16] = "";
  struct stat s;
  mkdir("listed", 0700), mkdir("apart", 0700), make("listed/plain"), make("listed/read"), make("listed/sought"), make("listed/asked");
  make("listed/polled");
  TELL(count_entries("listed"));
  stat("listed/plain", &s);
  int file = open("listed/read", O_RDONLY);
  TELL(read(file, text, 6));
  TELL(lseek(file, 0, SEEK_CUR));
  close(file);
  file = open("listed/sought", O_RDONLY);
  TELL(lseek(file, 3, SEEK_SET));
  TELL(pread(file, text, 6, 1));
  close(file);
  file = open("listed/asked", O_RDONLY);
  TELL(fstat(file, &s));
  TELL(S_ISREG(s.st_mode));
  TELL(read(file, text, 6));
  close(file);
  file = open("listed/polled", O_RDONLY);
  show("listed", file), close(file);

  TELL(mkfifo("listed/made", 0600));
  wait_for_pipe("listed/made");
  mkfifo("apart/pipe", 0600), mkfifo("apart/pipe2", 0600), unlink("listed/made");
  TELL(count_entries("listed"));
  stat("listed/plain", &s);
  TELL(rename("apart/pipe", "listed/moved"));
  wait_for_pipe("listed/moved");
  unlink("listed/moved");
  TELL(count_entries("listed"));
  stat("listed/plain", &s);
  TELL(link("apart/pipe2", "listed/linked"));
  wait_for_pipe("listed/linked");
  TELL(count_entries("listed"));
  TELL(mkfifo("listed/pipe4", 0600));
  TELL(count_entries("listed"));
  wait_for_pipe("listed/pipe4");
}

/* Two directories change their names for one another all the while: what is asked for is in one of them, and in the one that has the name
   once it has it for good. */
static void exchange_while_asked(void) {
  struct stat first, second, s;
  mkdir("a", 0700), mkdir("b", 0700), make("a/file"), make("b/file");
  stat("a/file", &first), stat("b/file", &second);
  int neither = 0, wrong = 0;
  const pid_t child = fork();
  if (child == 0)
    for (;;)
      if (renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE) != 0) _exit(1);
  for (int i = 0; i < 20000; ++i) {
    if (stat("a/file", &s) != 0 || (s.st_ino != first.st_ino && s.st_ino != second.st_ino)) ++neither;
    const int file = i % 8 == 0 ? open("b/file", O_RDONLY | O_NONBLOCK) : -1;
    if (i % 8 == 0 && (fstat(file, &s) != 0 || (s.st_ino != first.st_ino && s.st_ino != second.st_ino))) ++neither;
    if (i % 8 == 0) close(file);
  }
  kill(child, 9);
  waitpid(child, NULL, 0);
  for (int i = 0; i < 100; ++i) {
    struct stat at;
    const int folder = open("a", O_RDONLY | O_DIRECTORY);
    if (fstatat(folder, "file", &at, 0) != 0 || stat("a/file", &s) != 0 || s.st_ino != at.st_ino) ++wrong;
    close(folder);
    renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE);
    if (stat("a/file", &s) != 0 || s.st_ino == at.st_ino) ++wrong;
  }
  printf("exchanged: %d neither, %d wrong\n", neither, wrong);
}

int main(void) {
  char folder[] = "/tmp/unseen-files-XXXXXX", remove[80];
  if (mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("files", 0700) != 0) return 1;
  make("files/0");
  next = 1;
  change_names();
  use();
  share();
  look_from_outside();
  lock();
  watch();
  open_others();
  open_listed();
  exchange_while_asked();
  fflush(stdout);
  snprintf(remove, sizeof remove, "rm -rf %s", folder);
  return system(remove);
}
