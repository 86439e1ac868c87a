// A program of the C library: system calls through functions, some of them looked up while it runs.
#include <dlfcn.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int hook_that_is_used(void) { return (int)syscall(1001); }
static int hook_that_is_not(void) { return (int)syscall(2001); }

struct hooks {
  const char* name;
  int (*run)(void);
};
static const struct hooks used = {"used", hook_that_is_used};
const struct hooks* volatile chosen;

__attribute__((noinline)) static long own_wrapper(long number) { return syscall(number, 1, 2, 3); }

int main(int argument_count, char** arguments) {
  struct winsize size;
  syscall(1000);
  own_wrapper(1002);
  if (argument_count > 5) ioctl(0, TIOCGWINSZ, &size);
  chosen = &used;
  chosen->run();
  if (argument_count > 6) dlopen("libthat_is_not_there.so", RTLD_NOW);
  if (argument_count > 8) dlopen(arguments[1], RTLD_NOW);
  if (argument_count > 7) return ((int (*)(void))dlsym(RTLD_DEFAULT, "getppid"))();
  return 0;
}

// Kept by the linker, used by nobody.
__attribute__((used)) static const struct hooks unused = {"unused", hook_that_is_not};
