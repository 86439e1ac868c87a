// Packet mode of pseudo-terminals: the master is told of what happens to the line. And which settings of it are locked.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int master, slave;

static void say(const char* what, long result) { printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : ""); }

static void ready(void) {
  struct pollfd record = {master, POLLIN | POLLPRI, 0};
  poll(&record, 1, 0);
  printf("  in %d, urgent %d\n", (record.revents & POLLIN) != 0, (record.revents & POLLPRI) != 0);
}

static void read_all(const char* what) {
  printf("%s\n", what);
  ready();
  for (;;) {
    unsigned char text[64];
    const ssize_t size = read(master, text, sizeof text);
    if (size < 0) {
      if (errno != EAGAIN) say("read", size);
      return;
    }
    printf("  packet %d and %zd bytes:", text[0], size - 1);
    for (ssize_t i = 1; i < size; ++i) printf(" %02x", text[i]);
    printf("\n");
  }
}

static void set(void (*change)(struct termios*)) {
  struct termios modes;
  tcgetattr(slave, &modes);
  change(&modes);
  tcsetattr(slave, TCSANOW, &modes);
}
static void without_flow(struct termios* m) { m->c_iflag &= ~IXON; }
static void with_flow(struct termios* m) { m->c_iflag |= IXON; }
static void other_stop(struct termios* m) { m->c_cc[VSTOP] = 'X' & 0x1f; }
static void usual_stop(struct termios* m) { m->c_cc[VSTOP] = 'S' & 0x1f; }
static void external(struct termios* m) { m->c_lflag |= EXTPROC; }
static void internal(struct termios* m) { m->c_lflag &= ~EXTPROC; }
static void raw(struct termios* m) { m->c_lflag &= ~(ICANON | ECHO); }

/// Which settings of a line nobody may change.
static void locked(void) {
  struct termios none;
  memset(&none, 0x55, sizeof none);
  say("locked", ioctl(slave, TIOCGLCKTRMIOS, &none));
  printf("  modes %x %x %x %x\n", none.c_iflag, none.c_oflag, none.c_cflag, none.c_lflag);
  say("of no terminal", ioctl(open("/dev/null", O_RDONLY), TIOCGLCKTRMIOS, &none));
  say("from nowhere", ioctl(slave, TIOCGLCKTRMIOS, 8));
}

int main(void) {
  master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  grantpt(master);
  unlockpt(master);
  slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  int on = 1, off = 0, is = -1;
  say("told", ioctl(master, TIOCGPKT, &is));
  printf("is %d\n", is);
  say("of a slave", ioctl(slave, TIOCPKT, &on));
  say("asked of a slave", ioctl(slave, TIOCGPKT, &is));
  say("from nowhere", ioctl(master, TIOCPKT, 8));
  say("on", ioctl(master, TIOCPKT, &on));
  say("told", ioctl(master, TIOCGPKT, &is));
  printf("is %d\n", is);
  read_all("nothing happened");
  printf("written %zd\n", write(slave, "text\n", 5));
  read_all("text");
  tcflow(slave, TCOOFF);
  tcflow(slave, TCOOFF);
  read_all("stopped");
  tcflow(slave, TCOON);
  tcflow(slave, TCOON);
  read_all("started");
  printf("typed %zd\n", write(master, "\x13", 1));
  usleep(100000); // what is typed arrives when it likes
  read_all("stopped by a character");
  printf("typed %zd\n", write(master, "\x11", 1));
  usleep(100000);
  read_all("started by a character");
  tcflush(slave, TCIFLUSH);
  read_all("input flushed");
  tcflush(slave, TCOFLUSH);
  read_all("output flushed");
  set(without_flow);
  read_all("no flow control");
  set(with_flow);
  read_all("flow control");
  set(other_stop);
  read_all("another character");
  set(usual_stop);
  read_all("the usual one");
  set(external);
  read_all("external processing");
  set(internal);
  read_all("no external processing");
  set(raw);
  read_all("other modes");
  tcflow(slave, TCOOFF);
  set(without_flow);
  read_all("two changes");
  tcflow(slave, TCOON);
  printf("written %zd\n", write(slave, "more", 4));
  unsigned char one = 99;
  printf("a packet of its own: %zd", read(master, &one, 1));
  printf(" %d\n", one);
  printf("one byte: %zd", read(master, &one, 1));
  printf(" %d\n", one);
  read_all("the rest");
  tcflow(slave, TCOOFF);
  say("off", ioctl(master, TIOCPKT, &off));
  ready();
  say("read", read(master, &one, 1));
  say("on", ioctl(master, TIOCPKT, &on));
  read_all("what was before is forgotten");
  locked();
  return 0;
}
