/* Error numbers and what the system says about itself. */
#include "libc/svr4.h"

static char text[300];

int main(void) {
  struct utsname names;
  check_error(open("/nothing/of/that/name", O_RDONLY), ENOENT, "ENOENT");
  check_error(open(".", O_WRONLY), EISDIR, "EISDIR");
  check_error(close(1000), EBADF, "EBADF");
  check_error(chdir("/dev/null"), ENOTDIR, "ENOTDIR");
  check_error(mkdir("/", 0755), EEXIST, "EEXIST");
  check_error(read(0, (void*)8, 0) == 0 ? uname((void*)8) : 0, EFAULT, "EFAULT of a structure");
  check_error(open((char*)8, O_RDONLY), EFAULT, "EFAULT of a path");
  check_error(lseek(1000, 0, 0), EBADF, "EBADF of lseek");
  int fds[2];
  pipe(fds);
  check_error(lseek(fds[0], 0, 0), ESPIPE, "ESPIPE");
  check_error(write(fds[1], (void*)8, 4), EFAULT, "EFAULT of a buffer");
  close(fds[0]);
  ssig(SIGPIPE, SIG_IGN);
  check_error(write(fds[1], "x", 1), EPIPE, "EPIPE");
  char path[300];
  memset(path, 'n', sizeof path - 1);
  path[sizeof path - 1] = 0;
  check_error(open(path, O_RDONLY), ENAMETOOLONG, "ENAMETOOLONG is 78");
  mkdir("svr4errno.d", 0755);
  close(creat("svr4errno.d/file", 0600));
  check_error(rmdir("svr4errno.d"), ENOTEMPTY, "ENOTEMPTY is 93");
  unlink("svr4errno.d/file");
  symlink("loop", "svr4errno.d/loop");
  check_error(open("svr4errno.d/loop", O_RDONLY), ELOOP, "ELOOP is 90");
  unlink("svr4errno.d/loop");
  rmdir("svr4errno.d");
  check_error(nonexistent(), ENOSYS, "ENOSYS is 89");
  check_error(syscall(0), ENOSYS, "an indirect indirect call is ENOSYS");
  check(syscall(20) == getpid(), "an indirect call");
  check(syscall(4, 1, "", 0) == 0, "an indirect call with arguments");
  const int child = syscall(2);
  if (child == getppid()) exit(3); /* the child is answered its parent's id */
  int status;
  check(wait(&status) == child && status == 3 << 8, "an indirect fork");
  check(syscall(20 + 256) == getpid(), "numbers count modulo 256");
  check(gate91(20) == getpid() && gate27(20) == getpid(), "Solaris' gates");
  check_error(gate91(6, 1000), EBADF, "an error through int $0x91");

  check(uname(&names) == 0 && !strcmp(names.sysname, "UNIX_SV") && names.nodename[0], "uname");
  char old[45];
  check(utssys(old, 0, 0) == 1 && !strcmp(old, "UNIX_SV") && !strcmp(old + 36, "i386"), "utssys");
  check(systeminfo(SI_SYSNAME, text, sizeof text) == 8 && !strcmp(text, "UNIX_SV"), "systeminfo");
  check(systeminfo(SI_MACHINE, text, 3) == 5 && !strcmp(text, "i3"), "systeminfo cuts, and tells what it needs");
  check_error(systeminfo(4711, text, 3), EINVAL, "an unknown name is EINVAL");
  check(sysconfig(CONFIG_PAGESIZE) == 4096 && sysconfig(CONFIG_CLK_TCK) == 100, "sysconfig");
  int kind = 0;
  check(sysi86(40, &kind) == 0 && kind == 3, "sysi86");

  uint* entry = auxiliary_vector;
  int pages = 0;
  for (; entry[0]; entry += 2)
    if (entry[0] == 6) pages = (int)entry[1];
  check(pages == 4096, "the auxiliary vector has the page size");
  return failures != 0;
}
