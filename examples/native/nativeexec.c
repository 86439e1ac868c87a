/* nativeexec PROGRAM ARG...: runs a program of any system in a child, waits for it, and tells how it ended. */
#include "native.h"

int main(int argc, char **argv, char **envp) {
  if (argc < 2) {
    print("usage: nativeexec PROGRAM ARG...\n");
    return 2;
  }
  const long child = call(call_fork);
  if (child == 0) {
    const long failed = call(call_exec, here, argv[1], argv + 1, envp, 0);
    print("nativeexec: cannot run it: error ");
    print_number(-failed);
    print("\n");
    return 127;
  }
  struct wait_request request = {wait_for_pid, (int)child, wait_exited};
  struct wait_report report;
  if (call(call_wait, &request, &report) != child) return 1;
  print("nativeexec: status ");
  print_number(report.status >> 8);
  print("\n");
  return report.status >> 8;
}
