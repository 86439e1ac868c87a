/* POSIX message queues: run on the host and under polyabi, and compared. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tell.h"

#define OPENS(call)                                                                                                               \
  do {                                                                                                                            \
    errno = 0;                                                                                                                    \
    const mqd_t answer = (call);                                                                                                  \
    printf("%s: %s\n", #call, answer < 0 ? error_name(errno) : "ok");                                                        \
    if (answer >= 0) mq_close(answer);                                                                                            \
  } while (0)

static char name[64];
static char bytes[8192];
static struct mq_attr attributes(long messages, long size) {
  struct mq_attr a;
  memset(&a, 0, sizeof a);
  a.mq_maxmsg = messages, a.mq_msgsize = size;
  return a;
}
static void show(mqd_t q) {
  struct mq_attr a;
  memset(&a, 0x55, sizeof a);
  if (mq_getattr(q, &a) == 0)
    printf("  %#lo %ld of %ld, %ld bytes\n", a.mq_flags, a.mq_curmsgs, a.mq_maxmsg, a.mq_msgsize);
}
static void take(mqd_t q) {
  unsigned priority = 99;
  errno = 0;
  const long size = mq_receive(q, bytes, sizeof bytes, &priority);
  if (size < 0)
    printf("take: %s\n", error_name(errno));
  else
    printf("take: '%.*s' %u\n", (int)size, bytes, priority);
}

static void opening(void) {
  puts("-- opening");
  struct mq_attr small = attributes(4, 64), none = attributes(0, 64), minus = attributes(4, -1), large = attributes(70000, 64);
  OPENS(mq_open(name, O_RDWR));
  OPENS(mq_open(name, O_RDWR | O_CREAT, 0600, &none));
  OPENS(mq_open(name, O_RDWR | O_CREAT, 0600, &minus));
  OPENS(mq_open(name, O_RDWR | O_CREAT, 0600, &large));
  OPENS(mq_open(name, O_RDWR | O_CREAT, 0600, NULL));
  mqd_t q = mq_open(name, O_RDONLY);
  show(q);
  mq_close(q);
  TELL(mq_unlink(name));
  TELL(mq_unlink(name));
  OPENS(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &small));
  OPENS(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &small));
  q = mq_open(name, O_RDWR | O_CREAT, 0600, &large);
  show(q);
  struct stat status;
  TELL(fstat(q, &status));
  printf("%#o %ld\n", status.st_mode, (long)status.st_size);
  char link[64], text[128] = {0};
  snprintf(link, sizeof link, "/proc/self/fd/%d", q);
  printf("link %d\n", readlink(link, text, sizeof text - 1) > 0 && strncmp(text, name, strlen(name)) == 0);
  printf("cloexec %d\n", fcntl(q, F_GETFD));
  mq_close(q);
  TELL(syscall(SYS_mq_open, "a/b", O_RDWR, 0, NULL));
  TELL(syscall(SYS_mq_open, "..", O_RDWR, 0, NULL));
  TELL(syscall(SYS_mq_open, (char *)8, O_RDWR, 0, NULL));
  TELL(syscall(SYS_mq_open, name + 1, O_RDWR | O_CREAT, 0600, 8));
  TELL(syscall(SYS_mq_unlink, "none-of-that-name"));
}

static void messages(void) {
  puts("-- messages");
  mqd_t q = mq_open(name, O_RDWR), reader = mq_open(name, O_RDONLY | O_NONBLOCK), writer = mq_open(name, O_WRONLY | O_NONBLOCK);
  TELL(mq_send(q, "low", 3, 1));
  TELL(mq_send(q, "high", 4, 9));
  TELL(mq_send(q, "low again", 9, 1));
  TELL(mq_send(q, "", 0, 5));
  show(q);
  TELL(mq_send(writer, "full", 4, 0));
  struct timespec past = {1, 0}, bad = {0, 1000000000};
  TELL(mq_timedsend(q, "full", 4, 0, &past));
  TELL(mq_timedsend(q, "full", 4, 0, &bad));
  TELL(mq_send(q, bytes, 65, 0));
  TELL(mq_send(q, "x", 1, 32768));
  TELL(mq_send(reader, "x", 1, 0));
  TELL(mq_send(1, "x", 1, 0));
  TELL(mq_send(1000, "x", 1, 0));
  TELL(mq_receive(q, bytes, 63, NULL));
  TELL(mq_receive(writer, bytes, 64, NULL));
  struct pollfd both[2] = {{reader, POLLIN | POLLOUT, 0}, {q, POLLIN | POLLOUT, 0}};
  TELL(poll(both, 2, 0));
  printf("%#x %#x\n", both[0].revents, both[1].revents);
  take(q), take(q), take(q), take(q);
  take(reader);
  TELL(poll(both, 2, 0));
  printf("%#x %#x\n", both[0].revents, both[1].revents);
  TELL(mq_timedreceive(q, bytes, 64, NULL, &past));
  TELL(mq_timedreceive(q, bytes, 64, NULL, &bad));
  TELL(syscall(SYS_mq_timedsend, q, 8, 4, 0, NULL));
  struct mq_attr flags = attributes(1, 1), old;
  flags.mq_flags = O_NONBLOCK;
  TELL(mq_setattr(q, &flags, &old));
  printf("%#lo\n", old.mq_flags);
  show(q);
  take(q);
  flags.mq_flags = 0;
  TELL(mq_setattr(q, &flags, NULL));
  flags.mq_flags = O_APPEND;
  TELL(mq_setattr(q, &flags, NULL));
  TELL(mq_getattr(1, &old));
  TELL(lseek(q, 0, SEEK_SET));

  puts("waiting");
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    usleep(30000);
    _exit(mq_send(q, "from the child", 14, 3));
  }
  take(q);
  waitpid(child, NULL, 0);
  for (int i = 0; i < 4; ++i) mq_send(q, "fill", 4, 0);
  fflush(stdout);
  child = fork();
  if (child == 0) {
    usleep(30000);
    _exit(mq_receive(q, bytes, 64, NULL) == 4 ? 0 : 1);
  }
  TELL(mq_send(q, "first", 5, 2));
  waitpid(child, NULL, 0);
  take(q);
  for (int i = 0; i < 3; ++i) take(q);
  show(q);
  mq_close(q), mq_close(reader), mq_close(writer);
}

static volatile int told, told_code, told_value, told_pid;
static void on_signal(int number, siginfo_t *info, void *context) {
  (void)context;
  told = number, told_code = info->si_code, told_value = info->si_value.sival_int, told_pid = info->si_pid;
}
static void notifications(void) {
  puts("-- notifications");
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_signal, action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, NULL);
  mqd_t q = mq_open(name, O_RDWR);
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_SIGNAL, event.sigev_signo = SIGUSR1, event.sigev_value.sival_int = 42;
  TELL(mq_notify(q, &event));
  TELL(mq_notify(q, &event));
  fflush(stdout);
  pid_t child = fork();
  int status;
  if (child == 0) _exit(mq_notify(q, &event) < 0 && errno == EBUSY && mq_notify(q, NULL) == 0 ? 0 : 1);
  waitpid(child, &status, 0);
  printf("another %d\n", status);
  mq_send(q, "one", 3, 0);
  printf("%d %d %d %d\n", told == SIGUSR1, told_code == SI_MESGQ, told_value, told_pid == getpid());
  told = 0;
  take(q);
  mq_send(q, "two", 3, 0);
  printf("once: %d\n", told);
  TELL(mq_notify(q, &event));
  mq_send(q, "three", 5, 0);
  printf("not empty: %d\n", told);
  take(q), take(q);
  TELL(mq_notify(q, NULL));
  mq_send(q, "four", 4, 0);
  printf("taken back: %d\n", told);
  take(q);
  event.sigev_notify = SIGEV_NONE;
  TELL(mq_notify(q, &event));
  TELL(mq_notify(q, &event));
  mq_send(q, "five", 4, 0);
  TELL(mq_notify(q, &event));
  take(q);
  const mqd_t second = mq_open(name, O_RDWR);
  mq_close(second);
  TELL(mq_notify(q, &event));
  event.sigev_notify = 77;
  TELL(mq_notify(q, &event));
  event.sigev_notify = SIGEV_SIGNAL, event.sigev_signo = 77;
  TELL(mq_notify(q, &event));
  TELL(mq_notify(1, NULL));
  mq_close(q);
}

static volatile int called;
static void in_thread(union sigval value) { called = value.sival_int; }
static int wait_for_call(void) {
  for (int i = 0; i < 200 && called == 0; ++i) usleep(5000);
  const int was = called;
  called = 0;
  return was;
}
static void notifications_by_thread(void) {
  puts("-- notifications by a thread");
  mqd_t q = mq_open(name, O_RDWR);
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD, event.sigev_notify_function = in_thread, event.sigev_value.sival_int = 77;
  TELL(mq_notify(q, &event));
  TELL(mq_notify(q, &event));
  mq_send(q, "one", 3, 0);
  printf("called %d\n", wait_for_call());
  take(q);
  TELL(mq_notify(q, &event));
  TELL(mq_notify(q, NULL));
  mq_send(q, "two", 3, 0);
  usleep(20000);
  printf("taken back: %d\n", called);
  take(q);
  TELL(mq_notify(q, &event));
  mq_close(mq_open(name, O_RDWR));
  mq_send(q, "three", 5, 0);
  usleep(20000);
  printf("closed: %d\n", called);
  take(q);
  mq_close(q);

  /* The same by hand: the socket gets the cookie back. */
  q = mq_open(name, O_RDWR);
  const int socket_of_mine = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, 0);
  char cookie[32], got[64];
  for (int i = 0; i < 32; ++i) cookie[i] = (char)i;
  event.sigev_signo = 1, event.sigev_value.sival_ptr = cookie;
  TELL(syscall(SYS_mq_notify, q, &event));
  event.sigev_signo = 1000;
  TELL(syscall(SYS_mq_notify, q, &event));
  event.sigev_signo = socket_of_mine, event.sigev_value.sival_ptr = (void *)8;
  TELL(syscall(SYS_mq_notify, q, &event));
  event.sigev_value.sival_ptr = cookie;
  for (int round = 0; round < 2; ++round) {
    TELL(syscall(SYS_mq_notify, q, &event));
    TELL(recv(socket_of_mine, got, sizeof got, 0));
    if (round == 0) mq_send(q, "four", 4, 0);
    if (round == 1) syscall(SYS_mq_notify, q, NULL);
    const long size = recv(socket_of_mine, got, sizeof got, 0);
    printf("%ld bytes, the same %d, last %d\n", size, memcmp(got, cookie, 31) == 0, got[31]);
    if (round == 0) take(q);
  }
  close(socket_of_mine);
  mq_close(q);
}

static void removal(void) {
  puts("-- removal");
  mqd_t q = mq_open(name, O_RDWR);
  TELL(mq_unlink(name));
  OPENS(mq_open(name, O_RDWR));
  TELL(mq_send(q, "still there", 11, 0));
  take(q);
  struct mq_attr small = attributes(2, 16);
  const mqd_t other = mq_open(name, O_RDWR | O_CREAT, 0600, &small);
  mq_send(q, "old", 3, 0);
  show(other);
  mq_close(q), mq_close(other);
  TELL(mq_unlink(name));
}

int main(void) {
  snprintf(name, sizeof name, "/mqueue-test-%d", getpid());
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  opening();
  messages();
  notifications();
  notifications_by_thread();
  removal();
  return 0;
}
