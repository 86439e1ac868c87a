/* Greets from the kernel's own ABI, and checks its numbers: 4.4BSD's. */
#include "native.h"

static volatile long caught;
static void handler(int number) { caught = number; }

static int check(int holds, const char *what) {
  print(holds ? "ok " : "FAIL ");
  print(what);
  print("\n");
  return !holds;
}

int main(int argc, char **argv) {
  struct names names;
  int failures = 0;
  if (call(call_system_names, &names) < 0) return 1;
  print("hello from the kernel's own ABI on ");
  print(names.machine);
  print("\n");
  for (int i = 1; i < argc; ++i) {
    print(argv[i]);
    print("\n");
  }
  failures += check(call(call_open, here, "/nothing/of/that/name", 0, 0) == -error_noent, "ENOENT is 2");
  struct sigaction action = {(u64)handler, (u64)restorer, sigaction_restorer, {0, 0}};
  failures += check(call(call_set_action, signal_usr1, &action, 0) == 0, "SIGUSR1 is 30");
  failures += check(call(call_kill, call(call_getpid), signal_usr1) == 0 && caught == signal_usr1, "a handler runs and returns");
  failures += check(call(999) < 0, "a call that is none fails");
  return failures != 0;
}
