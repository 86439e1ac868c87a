/* What a program sees of epoll: run on the host and under polyabi, and compared. Prints no descriptors, addresses, ids or times. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const char* error_of(long answer) { return answer < 0 ? strerrorname_np(errno) : "ok"; }

/* As the kernel has it: the compiler looks at the sizes of the other one. */
static long wait_in(int e, void* events, int most, int milliseconds) {
  return syscall(SYS_epoll_wait, e, events, most, milliseconds);
}
static long control(int e, int operation, int fd, uint32_t events, uint64_t data) {
  struct epoll_event event = {.events = events, .data.u64 = data};
  return epoll_ctl(e, operation, fd, &event);
}
static long add(int e, int fd, uint32_t events, uint64_t data) { return control(e, EPOLL_CTL_ADD, fd, events, data); }

static void show(const char* what, int e, int most, int milliseconds) {
  struct epoll_event events[64];
  int count = epoll_wait(e, events, most, milliseconds);
  printf("%s: ", what);
  if (count < 0) {
    printf("%s\n", error_of(count));
    return;
  }
  printf("%d", count);
  for (int i = 0; i < count; ++i) printf(" {%#x, %llu}", events[i].events, (unsigned long long)events[i].data.u64);
  printf("\n");
}
static void put(int fd) {
  uint64_t one = 1;
  if (write(fd, &one, sizeof one) != sizeof one) perror("put");
}
static void take(int fd) {
  uint64_t value;
  if (read(fd, &value, sizeof value) != sizeof value) perror("take");
}

static void errors(void) {
  int e = epoll_create1(EPOLL_CLOEXEC), c = eventfd(0, 0), file = open("/etc/passwd", O_RDONLY), dir = open("/", O_RDONLY);
  struct epoll_event event = {.events = EPOLLIN};
  printf("create: %s", error_of(epoll_create(0)));
  printf(" %s", error_of(epoll_create(-1)));
  printf(" %s", error_of(epoll_create1(1)));
  printf(" cloexec %d\n", fcntl(e, F_GETFD));
  printf("add: none %s", error_of(add(e, 1000, EPOLLIN, 0)));
  printf(" no list %s", error_of(add(1000, c, EPOLLIN, 0)));
  printf(" file %s", error_of(add(e, file, EPOLLIN, 0)));
  printf(" directory %s", error_of(add(e, dir, EPOLLIN, 0)));
  printf(" not a list %s", error_of(add(c, e, EPOLLIN, 0)));
  printf(" itself %s", error_of(add(e, e, EPOLLIN, 0)));
  printf(" no event %s", error_of(epoll_ctl(e, EPOLL_CTL_ADD, c, 0)));
  printf(" bad event %s", error_of(epoll_ctl(e, EPOLL_CTL_ADD, c, (struct epoll_event*)8)));
  printf(" %s", error_of(add(e, c, EPOLLIN, 0)));
  printf(" again %s\n", error_of(add(e, c, EPOLLIN, 0)));
  printf("unknown operation: %s", error_of(epoll_ctl(e, 4, c, &event)));
  printf(" without event %s\n", error_of(epoll_ctl(e, 4, c, 0)));
  printf("del: %s", error_of(epoll_ctl(e, EPOLL_CTL_DEL, c, 0)));
  printf(" again %s", error_of(epoll_ctl(e, EPOLL_CTL_DEL, c, 0)));
  printf(" mod %s\n", error_of(control(e, EPOLL_CTL_MOD, c, EPOLLIN, 0)));
  printf("wait: none %s", error_of(wait_in(e, &event, 0, 0)));
  printf(" minus %s", error_of(wait_in(e, &event, -1, 0)));
  printf(" too many %s", error_of(wait_in(e, &event, 0x7fffffff, 0)));
  printf(" not a list %s", error_of(epoll_wait(c, &event, 1, 0)));
  printf(" closed %s\n", error_of(epoll_wait(1000, &event, 1, 0)));
  sigset_t set;
  sigemptyset(&set);
  printf("pwait: size %s", error_of(syscall(SYS_epoll_pwait, e, &event, 1, 0, &set, 16)));
  printf(" no mask %s", error_of(syscall(SYS_epoll_pwait, e, &event, 1, 0, 0, 16)));
  printf(" bad mask %s\n", error_of(syscall(SYS_epoll_pwait, e, &event, 1, 0, 8, 8)));
  struct { int64_t sec, nsec; } bad = {0, 1000000000}, none = {0, 0};
  printf("pwait2: time %s", error_of(syscall(441, e, &event, 1, &bad, 0, 0)));
  printf(" zero %s", error_of(syscall(441, e, &event, 1, &none, 0, 0)));
  printf(" bad %s\n", error_of(syscall(441, e, &event, 1, 8, 0, 0)));
  put(c);
  add(e, c, EPOLLIN, 5);
  printf("bad memory: %s", error_of(wait_in(e, (void*)8, 1, 0)));
  show(" then", e, 8, 0);
  char* pages = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(pages + 4096, 4096, PROT_NONE);
  int d = eventfd(1, 0);
  add(e, d, EPOLLIN | EPOLLET, 6);
  printf("half: %ld", wait_in(e, pages + 4096 - sizeof event, 2, 0));
  show(" then", e, 8, 0);
  char text[64] = {0};
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", e);
  printf("link: %zd %s\n", readlink(link, text, sizeof text), text);
  printf("read: %s\n", error_of(read(e, text, 8)));
  close(e), close(c), close(d), close(file), close(dir), munmap(pages, 8192);
}

static void levels_and_edges(void) {
  int e = epoll_create1(0), c = eventfd(0, EFD_NONBLOCK);
  add(e, c, EPOLLIN | EPOLLOUT, 1);
  show("writable", e, 8, 0);
  put(c);
  show("both in one", e, 8, 0);
  control(e, EPOLL_CTL_MOD, c, EPOLLIN | EPOLLET, 2);
  show("edge", e, 8, 0);
  show("edge again", e, 8, 0);
  put(c);
  show("edge after a write", e, 8, 0);
  take(c);
  show("after a read", e, 8, 0);
  control(e, EPOLL_CTL_MOD, c, EPOLLOUT | EPOLLET, 3);
  show("out edge", e, 8, 0);
  put(c);
  show("out edge after a write", e, 8, 0);
  take(c);
  show("out edge after a read", e, 8, 0);
  control(e, EPOLL_CTL_MOD, c, EPOLLIN | EPOLLONESHOT, 4);
  put(c);
  show("one shot", e, 8, 0);
  put(c);
  show("disarmed", e, 8, 0);
  control(e, EPOLL_CTL_MOD, c, EPOLLIN | EPOLLONESHOT, 5);
  show("armed again", e, 8, 0);
  control(e, EPOLL_CTL_MOD, c, 0, 6);
  show("mask of nothing", e, 8, 0);
  control(e, EPOLL_CTL_MOD, c, EPOLLRDNORM | EPOLLRDBAND | EPOLLPRI | EPOLLMSG, 7);
  show("other events", e, 8, 0);
  control(e, EPOLL_CTL_MOD, c, EPOLLIN | EPOLLWAKEUP | 0x08000000, 8);
  show("unknown bits", e, 8, 0);
  close(e), close(c);
}

static void pipes(void) {
  int e = epoll_create1(0), p[2];
  char bytes[65536] = {0};
  pipe2(p, O_NONBLOCK);
  add(e, p[0], EPOLLIN | EPOLLET, 1);
  add(e, p[1], EPOLLOUT | EPOLLET, 2);
  show("empty pipe", e, 8, 0);
  write(p[1], "ab", 2);
  show("written", e, 8, 0);
  write(p[1], "c", 1);
  show("written again", e, 8, 0);
  read(p[0], bytes, 1);
  show("read in part", e, 8, 0); // what is left is no news
  read(p[0], bytes, 2);
  show("read", e, 8, 0);
  while (write(p[1], bytes, 4096) > 0) {}
  show("full", e, 8, 0);
  read(p[0], bytes, 65536);
  show("emptied", e, 8, 0);
  close(p[1]);
  show("writer closed", e, 8, 0);
  show("and again", e, 8, 0);
  control(e, EPOLL_CTL_MOD, p[0], 0, 3);
  show("always hang-ups", e, 8, 0);
  control(e, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, 4);
  show("one shot hang-up", e, 8, 0);
  show("disarmed", e, 8, 0);
  close(p[0]);
  pipe(p);
  add(e, p[1], EPOLLOUT, 5);
  close(p[0]);
  show("reader closed", e, 8, 0);
  close(e), close(p[1]);
}

static void order(void) {
  int e = epoll_create1(0), c[6];
  for (int i = 0; i < 6; ++i) {
    c[i] = eventfd(0, 0);
    add(e, c[i], EPOLLIN, (uint64_t)i);
  }
  for (int i = 0; i < 6; ++i) put(c[(i * 5 + 2) % 6]);
  for (int i = 0; i < 4; ++i) show("two of six", e, 2, 0);
  close(e);
  for (int i = 0; i < 6; ++i) close(c[i]);
}

static void files_and_descriptors(void) {
  int e = epoll_create1(0), c = eventfd(1, 0), d = dup(c);
  add(e, c, EPOLLIN, 1);
  printf("by another descriptor: %s\n", error_of(add(e, d, EPOLLIN, 2)));
  show("two", e, 8, 0);
  close(c);
  show("one closed", e, 8, 0);
  int other = eventfd(1, 0);
  printf("the number again: %s\n", error_of(add(e, other, EPOLLIN, 3)));
  show("three", e, 8, 0);
  printf("mod of it: %s\n", error_of(control(e, EPOLL_CTL_MOD, other, EPOLLIN, 4)));
  show("three", e, 8, 0);
  close(d);
  show("the file has gone", e, 8, 0);
  int shared = eventfd(0, 0);
  add(e, shared, EPOLLIN, 5);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    int own = eventfd(1, 0);
    add(e, own, EPOLLIN, 6);
    show("child", e, 8, 0);
    put(shared);
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, 0, 0);
  show("parent", e, 8, 0);
  close(e), close(other), close(shared);
}

static void nesting(void) {
  int inner = epoll_create1(0), outer = epoll_create1(0), c = eventfd(0, 0);
  add(inner, c, EPOLLIN, 1);
  add(outer, inner, EPOLLIN, 2);
  printf("circle: %s\n", error_of(add(inner, outer, EPOLLIN, 0)));
  show("nothing", outer, 8, 0);
  put(c);
  show("outer", outer, 8, 0);
  struct pollfd poll_outer = {outer, POLLIN | POLLOUT | POLLRDNORM, 0};
  int ready = poll(&poll_outer, 1, 0);
  printf("poll: %d %#x\n", ready, poll_outer.revents);
  show("inner", inner, 8, 0);
  control(outer, EPOLL_CTL_MOD, inner, EPOLLIN | EPOLLET, 3);
  show("outer edge", outer, 8, 0);
  show("outer edge again", outer, 8, 0);
  put(c);
  show("outer edge after a write", outer, 8, 0);
  take(c);
  show("outer after a read", outer, 8, 0);
  int chain[8];
  for (int i = 0; i < 8; ++i) chain[i] = epoll_create1(0);
  for (int i = 0; i < 7; ++i) printf("chain %d: %s\n", i, error_of(add(chain[i], chain[i + 1], EPOLLIN, 0)));
  for (int i = 0; i < 7; ++i) printf("leaf %d: %s\n", i, error_of(add(chain[i], c, EPOLLIN, 0)));
  for (int i = 0; i < 8; ++i) close(chain[i]);
  for (int i = 0; i < 8; ++i) chain[i] = epoll_create1(0);
  for (int i = 6; i >= 0; --i) printf("from below %d: %s\n", i, error_of(add(chain[i], chain[i + 1], EPOLLIN, 0)));
  for (int i = 0; i < 8; ++i) close(chain[i]);
  close(inner), close(outer), close(c);
}

static void exclusives(void) {
  int e = epoll_create1(0), other = epoll_create1(0), c = eventfd(0, 0);
  printf("exclusive: of a list %s", error_of(add(e, other, EPOLLIN | EPOLLEXCLUSIVE, 0)));
  printf(" one shot %s", error_of(add(e, c, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT, 0)));
  printf(" pri %s", error_of(add(e, c, EPOLLIN | EPOLLPRI | EPOLLEXCLUSIVE, 0)));
  printf(" rdhup %s", error_of(add(e, c, EPOLLRDHUP | EPOLLEXCLUSIVE, 0)));
  printf(" %s", error_of(add(e, c, EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLET | EPOLLWAKEUP | EPOLLEXCLUSIVE, 1)));
  printf(" mod %s", error_of(control(e, EPOLL_CTL_MOD, c, EPOLLIN, 2)));
  printf(" mod exclusive %s\n", error_of(control(e, EPOLL_CTL_MOD, c, EPOLLIN | EPOLLEXCLUSIVE, 2)));
  put(c);
  show("exclusive", e, 8, 0);
  close(e), close(other), close(c);
}

static int herd_event, herd_list;
static volatile int herd_told;
static void* one_of_the_herd(void* own_list) {
  int e = own_list ? epoll_create1(0) : herd_list;
  if (own_list) add(e, herd_event, EPOLLIN | EPOLLEXCLUSIVE | EPOLLET, 0);
  struct epoll_event event;
  int count = epoll_wait(e, &event, 1, 400);
  if (count == 1) __sync_fetch_and_add(&herd_told, 1);
  if (own_list) close(e);
  return 0;
}
static void herds(void) {
  for (long own_list = 0; own_list < 2; ++own_list) {
    pthread_t threads[4];
    herd_event = eventfd(0, 0);
    herd_list = epoll_create1(0);
    herd_told = 0;
    if (!own_list) add(herd_list, herd_event, EPOLLIN | EPOLLET, 0);
    for (int i = 0; i < 4; ++i) pthread_create(&threads[i], 0, one_of_the_herd, (void*)own_list);
    usleep(150000);
    put(herd_event);
    for (int i = 0; i < 4; ++i) pthread_join(threads[i], 0);
    printf("woken %s: %d\n", own_list ? "of exclusive lists" : "in one list", herd_told);
    close(herd_event), close(herd_list);
  }
}

static volatile int handled;
static void handler(int s) { handled = s; }

static void signals_and_masks(void) {
  int e = epoll_create1(0);
  struct epoll_event event;
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, 0);
  sigset_t block, none, now;
  sigemptyset(&none);
  sigemptyset(&block);
  sigaddset(&block, SIGUSR1);
  sigprocmask(SIG_BLOCK, &block, 0);
  raise(SIGUSR1);
  printf("blocked: %s", error_of(epoll_wait(e, &event, 1, 20)));
  printf(" handled %d\n", handled);
  printf("mask of the wait: %s", error_of(epoll_pwait(e, &event, 1, -1, &none)));
  sigprocmask(0, 0, &now);
  printf(" handled %d blocked again %d\n", handled, sigismember(&now, SIGUSR1));
  handled = 0;
  int c = eventfd(1, 0);
  add(e, c, EPOLLIN, 1);
  raise(SIGUSR1);
  printf("ready and pending: %d", epoll_pwait(e, &event, 1, -1, &none));
  printf(" handled %d", handled);
  sigprocmask(SIG_UNBLOCK, &block, 0);
  printf(" then %d\n", handled);
  handled = 0;
  take(c);
  fflush(stdout);
  pid_t parent = getpid(), child = fork();
  if (child == 0) {
    usleep(50000);
    kill(parent, SIGUSR1);
    _exit(0);
  }
  printf("not restarted: %s", error_of(epoll_wait(e, &event, 1, -1)));
  printf(" handled %d\n", handled);
  waitpid(child, 0, 0);
  struct timespec short_time = {0, 10000000};
  printf("pwait2: %s\n", error_of(syscall(441, e, &event, 1, &(int64_t[2]){0, short_time.tv_nsec}, &none, 8)));
  close(e), close(c);
}

static void waits(void) {
  int e = epoll_create1(0), t = timerfd_create(CLOCK_MONOTONIC, 0);
  struct itimerspec soon = {{0, 0}, {0, 20000000}};
  add(e, t, EPOLLIN | EPOLLET, 9);
  timerfd_settime(t, 0, &soon, 0);
  show("timer", e, 8, 2000);
  show("timer again", e, 8, 0);
  show("nothing", e, 8, 10);
  int p[2];
  pipe(p);
  add(e, p[0], EPOLLIN, 10);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    usleep(30000);
    write(p[1], "x", 1);
    _exit(0);
  }
  show("a child's byte", e, 8, -1);
  waitpid(child, 0, 0);
  close(e), close(t), close(p[0]), close(p[1]);
}

/* A list that a child made goes on in a process that got it through a socket, with records of files that only it has. */
static void passed(void) {
  int s[2], p[2], e = -1;
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  pipe(p);
  char byte = 'x';
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
  } control_message;
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control_message, .msg_controllen = sizeof control_message};
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    int made = epoll_create1(0), other = dup(p[0]), own = eventfd(1, 0);
    add(made, p[0], EPOLLIN, 1);
    add(made, other, EPOLLIN, 2);
    add(made, own, EPOLLIN, 3);
    memset(&control_message, 0, sizeof control_message);
    control_message.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control_message.header), &made, sizeof made);
    _exit(sendmsg(s[1], &message, 0) == 1 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  printf("sent %d received %zd", status, recvmsg(s[0], &message, 0));
  memcpy(&e, CMSG_DATA(&control_message.header), sizeof e);
  show(" nothing yet", e, 8, 0);
  write(p[1], "x", 1);
  struct epoll_event both[8];
  const int count = epoll_wait(e, both, 8, 0); // in either order
  printf("two records of a pipe: %d {%#x, %#x} %d\n", count, both[0].events, both[1].events, (int)(both[0].data.u64 ^ both[1].data.u64));
  printf("its own: %s", error_of(control(e, EPOLL_CTL_DEL, p[0], 0, 0)));
  printf(" again: %s\n", error_of(control(e, EPOLL_CTL_DEL, p[0], 0, 0)));
  show("the child's record", e, 8, 0);
  close(p[0]);
  show("its file has gone", e, 8, 0);
  close(e), close(p[1]), close(s[0]), close(s[1]);
}

/* What can be waited for at all, and what an open file of each kind shows as its flags. */
static void kinds(void) {
  const char* paths[] = {"/dev/null", "/dev/zero", "/dev/full", "/proc/self/mounts", "/proc/self/mountinfo", "/proc/self/status"};
  int e = epoll_create1(0), p[2], s[2];
  for (size_t i = 0; i < sizeof paths / sizeof *paths; ++i) {
    int fd = open(paths[i], O_RDONLY);
    printf("%s: %s\n", paths[i], error_of(add(e, fd, EPOLLIN | EPOLLPRI, i)));
  }
  show("mounts that did not change", e, 8, 0);
  close(e);
  if (pipe(p) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, s) != 0) return;
  int fds[] = {epoll_create1(0), eventfd(0, EFD_NONBLOCK), p[0], p[1], s[0], open("/dev/null", O_RDWR), open("/", O_RDONLY),
               open("/", O_PATH), open("/proc/self/status", O_RDONLY)};
  for (size_t i = 0; i < sizeof fds / sizeof *fds; ++i) printf("flags %#x\n", fcntl(fds[i], F_GETFL));
}

/* What both ends of a connection have sent is there at once, for edges as for states. */
static void connections(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0), ends[2] = {socket(AF_INET, SOCK_STREAM, 0), -1};
  bind(listener, (struct sockaddr*)&address, size);
  listen(listener, 1);
  getsockname(listener, (struct sockaddr*)&address, &size);
  connect(ends[0], (struct sockaddr*)&address, size);
  ends[1] = accept(listener, 0, 0);
  for (int edges = 0; edges <= 1; ++edges) {
    int missed = 0;
    for (int i = 0; i < 500; ++i) {
      char bytes[8];
      struct epoll_event told[4];
      int e = epoll_create1(0);
      for (int k = 0; k < 2; ++k) add(e, ends[k], EPOLLIN | (edges ? EPOLLOUT | EPOLLET : 0), (uint64_t)k);
      missed += epoll_wait(e, told, 4, 0) != (edges ? 2 : 0);
      for (int k = 0; k < 2; ++k) send(ends[k], "word", 4, 0);
      int count = epoll_wait(e, told, 4, edges ? 1000 : 0);
      missed += edges ? count != 2 : count < 1;
      for (int k = 0; k < 2; ++k) recv(ends[k], bytes, sizeof bytes, 0);
      close(e);
    }
    printf("missed of %s: %d\n", edges ? "edges" : "states", missed);
  }
}

int main(void) {
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  errors();
  kinds();
  levels_and_edges();
  pipes();
  order();
  files_and_descriptors();
  nesting();
  exclusives();
  herds();
  signals_and_masks();
  waits();
  connections();
  passed();
  return 0;
}
