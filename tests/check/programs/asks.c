/* Asks for what there is, for what is refused, and for what nobody knows: for `polyabi check --trace`. Ends with 3. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
  syscall(SYS_getppid);
  if (argc > 1 && argv[1][0] == '-') { /* an option of its own, not of the tool */
    syscall(SYS_bpf, 0, 0, 0);
    syscall(SYS_bpf, 0, 0, 0);
    syscall(999, 1, 2, 3);
    syscall(SYS_openat, AT_FDCWD, "/", 0x40000000);
  }
  return 3;
}
