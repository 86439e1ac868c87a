/* sendfile, splice, tee, vmsplice and copy_file_range, for each pair of files that makes sense and some that do not. */
#include "sockets.h"

#include <sys/sendfile.h>

static char text[200000];

static void show_read(const char* what, int fd, long size) {
  char piece[64];
  long got = read(fd, piece, (size_t)size < sizeof piece ? (size_t)size : sizeof piece);
  if (got < 0) printf("%s: %s\n", what, strerrorname_np(errno));
  else show_text(what, piece, got);
}

int main(void) {
  char name[] = "/tmp/polyabi-splice-XXXXXX", other[] = "/tmp/polyabi-splice-XXXXXX";
  setvbuf(stdout, 0, _IOLBF, 0);
  signal(SIGPIPE, SIG_IGN);
  int file = mkstemp(name), copy = mkstemp(other), p[2], q[2], s[2];
  for (size_t i = 0; i < sizeof text; ++i) text[i] = (char)('a' + i % 26);
  if (write(file, text, sizeof text) != sizeof text || pipe(p) < 0 || pipe(q) < 0) return 1;
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  off_t at = 3;
  loff_t in = 5, out = 0;

  SHOW(sendfile(s[0], file, &at, 10));
  printf("offset %ld\n", (long)at);
  show_read("from the socket", s[1], 64);
  lseek(file, 7, SEEK_SET);
  SHOW(sendfile(p[1], file, 0, 4));
  printf("position %ld\n", (long)lseek(file, 0, SEEK_CUR));
  show_read("from the pipe", p[0], 64);
  lseek(file, 0, SEEK_SET);
  SHOW(sendfile(copy, file, 0, 1000000));
  printf("size %ld\n", (long)lseek(copy, 0, SEEK_END));
  at = sizeof text;
  SHOW(sendfile(s[0], file, &at, 10));
  at = -1;
  SHOW(sendfile(s[0], file, &at, 10));
  SHOW(sendfile(s[0], p[0], 0, 10));
  SHOW(sendfile(s[0], s[1], 0, 10));
  SHOW(sendfile(-1, file, 0, 10));
  SHOW(sendfile(s[0], -1, 0, 10));
  SHOW(sendfile(s[0], file, (off_t*)16, 10));
  int reading = open(name, O_RDONLY), appending = open(other, O_WRONLY | O_APPEND);
  SHOW(sendfile(reading, file, 0, 10));
  SHOW(sendfile(s[0], appending, 0, 10));
  SHOW(sendfile(appending, reading, 0, 10));

  SHOW(splice(file, &in, p[1], 0, 8, 0));
  printf("offset %ld\n", (long)in);
  SHOW(splice(p[0], 0, s[0], 0, 100, 0));
  show_read("from the socket", s[1], 64);
  SHOW(write(s[1], "over there", 10));
  SHOW(splice(s[0], 0, p[1], 0, 4, 0));
  SHOW(splice(s[0], 0, p[1], 0, 100, 0));
  show_read("from the pipe", p[0], 64);
  SHOW(splice(s[0], 0, p[1], 0, 100, SPLICE_F_NONBLOCK));
  SHOW(splice(p[0], 0, q[1], 0, 100, SPLICE_F_NONBLOCK));
  SHOW(write(p[1], "pipe to pipe", 12));
  SHOW(tee(p[0], q[1], 4, 0));
  SHOW(tee(p[0], q[1], 100, 0));
  show_read("teed", q[0], 64);
  SHOW(splice(p[0], 0, q[1], 0, 5, 0));
  show_read("spliced", q[0], 64);
  out = 2;
  SHOW(splice(p[0], 0, copy, &out, 100, 0));
  printf("offset %ld\n", (long)out);
  lseek(copy, 0, SEEK_SET);
  show_read("the file", copy, 12);
  SHOW(splice(file, &in, copy, &out, 10, 0));
  SHOW(splice(p[0], &in, s[0], 0, 10, 0));
  SHOW(splice(file, &in, p[1], &in, 10, 0));
  SHOW(splice(p[0], 0, s[0], &in, 10, 0));
  SHOW(splice(file, &in, p[1], 0, 10, 0x100));
  SHOW(splice(file, &in, p[1], 0, 0, 0));
  SHOW(splice(-1, 0, p[1], 0, 10, 0));
  SHOW(splice(p[1], 0, q[1], 0, 10, 0));
  in = -5;
  SHOW(splice(file, &in, p[1], 0, 10, 0));
  SHOW(tee(file, p[1], 10, 0));
  SHOW(tee(p[0], p[1], 10, 0));
  SHOW(tee(p[0], q[1], 0, 0));
  SHOW(tee(p[0], q[1], 5, SPLICE_F_NONBLOCK));
  SHOW(tee(q[1], p[0], 5, SPLICE_F_NONBLOCK));

  SHOW(splice(p[0], 0, p[1], 0, 10, 0));
  SHOW(write(p[1], "itself", 6));
  SHOW(splice(p[0], 0, p[1], 0, 10, 0));
  SHOW(splice(p[0], 0, p[1], 0, 10, SPLICE_F_NONBLOCK));
  show_read("still there", p[0], 64);

  struct iovec parts[2] = {{"from ", 5}, {"memory", 6}};
  SHOW(vmsplice(p[1], parts, 2, 0));
  show_read("vmspliced", p[0], 64);
  SHOW(vmsplice(file, parts, 2, 0));
  SHOW(vmsplice(p[1], parts, 2, 0x100));

  in = 10;
  out = 1;
  SHOW(ftruncate(copy, 0));
  SHOW(copy_file_range(file, &in, copy, &out, 6, 0));
  printf("offsets %ld %ld\n", (long)in, (long)out);
  lseek(copy, 0, SEEK_SET);
  show_read("copied", copy, 64);
  lseek(file, 0, SEEK_SET);
  SHOW(copy_file_range(file, 0, copy, 0, 3, 0));
  printf("positions %ld %ld\n", (long)lseek(file, 0, SEEK_CUR), (long)lseek(copy, 0, SEEK_CUR));
  SHOW(copy_file_range(file, 0, copy, 0, 3, 1));
  SHOW(copy_file_range(p[0], 0, copy, 0, 3, 0));
  SHOW(copy_file_range(file, 0, s[0], 0, 3, 0));
  SHOW(copy_file_range(file, 0, reading, 0, 3, 0));
  SHOW(copy_file_range(file, 0, appending, 0, 3, 0));
  /* Within one file: not over itself. */
  in = 0, out = 3;
  SHOW(copy_file_range(file, &in, file, &out, 3, 0));
  SHOW(copy_file_range(file, &in, file, &out, 5, 0));
  in = 3, out = 0;
  SHOW(copy_file_range(reading, &in, file, &out, 5, 0));
  in = sizeof text - 2, out = sizeof text;
  SHOW(copy_file_range(file, &in, file, &out, 100, 0));
  in = sizeof text + 10, out = 0;
  SHOW(copy_file_range(file, &in, file, &out, 100, 0));
  ftruncate(file, sizeof text);
  int directory = open("/", O_RDONLY);
  SHOW(copy_file_range(directory, 0, copy, 0, 3, 0));

  /* A reader that is slow, and one that has gone. */
  if (fork() == 0) {
    close(s[0]);
    usleep(20000);
    long all = 0, one;
    while ((one = read(s[1], text, 7000)) > 0) all += one;
    printf("the child received %ld\n", all);
    _exit(0);
  }
  close(s[1]);
  at = 0;
  long all = 0, one;
  while ((one = sendfile(s[0], file, &at, 1000000)) > 0) all += one;
  printf("sent %ld\n", all);
  close(s[0]);
  wait(0);
  close(p[0]);
  in = 0;
  SHOW(splice(file, &in, p[1], 0, 10, 0));
  close(q[1]);
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  SHOW(splice(q[0], 0, s[0], 0, 10, 0));
  fcntl(s[0], F_SETFL, O_NONBLOCK);
  at = 0;
  all = 0;
  for (int i = 0; i < 10 && (one = sendfile(s[0], file, &at, 100000)) >= 0; ++i, at = 0) all += one;
  printf("a part %d, then %s\n", all > 50000 && all < 900000, strerrorname_np(errno));
  unlink(name);
  unlink(other);
  return 0;
}
