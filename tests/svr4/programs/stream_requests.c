/* Requests of streams that the examples do not make. */
#include "tli.h"

enum { TI_GETMYNAME = T(144), TI_GETPEERNAME, I_PUSH_NOCTTY = STR(047) };
enum { RERRNORM = 1, RERRNONPERSIST, WERRNORM = 4, WERRNONPERSIST = 8 };

static int status;

static void linking(void) {
  int fds[2];
  pipe(fds);
  const int file = open("/dev/null", O_RDWR);
  check_error(ioctl(fds[0], I_LINK, fds[1]), EINVAL, "a pipe does not lead to several streams");
  check_error(ioctl(fds[0], I_PLINK, fds[1]), EINVAL, "nor by I_PLINK");
  check_error(ioctl(fds[0], I_PLINK, 99), EBADF, "I_PLINK of no descriptor is EBADF");
  check_error(ioctl(fds[0], I_UNLINK, -1), EINVAL, "I_UNLINK has nothing to take apart");
  check_error(ioctl(fds[0], I_PUNLINK, -1), EINVAL, "nor has I_PUNLINK");
  check_error(ioctl(file, I_UNLINK, -1), ENOTTY, "what is no stream is ENOTTY");
  close(file);
  close(fds[0]);
  close(fds[1]);
}

static int anchored(int stream) {
  if (getuid() == 0) gate7(23, 7); /* the super-user may pop what is anchored */
  return ioctl(stream, I_POP, 0) == -1 && errno == EPERM;
}

static void modules(void) {
  int fds[2], options = -1;
  struct str_mlist top;
  pipe(fds);
  check(ioctl(fds[0], I_PUSH_NOCTTY, "pipemod") == 0 && ioctl(fds[0], I_LOOK, &top) == 0 && !strcmp(top.l_name, "pipemod"), "__I_PUSH_NOCTTY pushes");
  check(ioctl(fds[0], I_ANCHOR, 0) == 0, "I_ANCHOR");
  const int child = fork();
  if (child == 0) exit(anchored(fds[0]) ? 0 : 1);
  check(child > 0 && waitpid(child, &status, 0) == child && status == 0, "an anchored module is not popped without privilege");
  check(ioctl(fds[0], I_GERROPT, &options) == 0 && options == (RERRNORM | WERRNORM), "errors persist at first");
  check(ioctl(fds[0], I_SERROPT, RERRNONPERSIST) == 0 && ioctl(fds[0], I_GERROPT, &options) == 0 && options == (RERRNONPERSIST | WERRNORM), "I_SERROPT");
  check_error(ioctl(fds[0], I_SERROPT, RERRNORM | RERRNONPERSIST), EINVAL, "of both at once is EINVAL");
  close(fds[0]);
  close(fds[1]);
}

static void names(void) {
  char place[64], told[64];
  const int fd = t_open("/dev/ticlts", O_RDWR, NULL);
  struct t_bind wanted = {{0, 6, "reache"}, 0}, got = {{sizeof place, 0, place}, 0};
  check(fd > 0 && t_bind(fd, &wanted, &got) == 0 && got.addr.len == 6, "an endpoint with an address");
  struct netbuf name = {sizeof told, 0, told};
  check(ioctl(fd, TI_GETMYNAME, &name) == 0 && name.len == got.addr.len && !memcmp(told, place, name.len), "TI_GETMYNAME");
  struct netbuf small = {3, 0, told};
  check(ioctl(fd, TI_GETMYNAME, &small) == 0 && small.len == 3, "is cut to the room");
  check_error(ioctl(fd, TI_GETPEERNAME, &name), 134, "without a peer it is ENOTCONN");
  t_close(fd);
}

int main(void) {
  linking();
  modules();
  names();
  return failures != 0;
}
