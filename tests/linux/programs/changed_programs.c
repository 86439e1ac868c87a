// Programs that are executed, then changed, exchanged or made scripts, and executed again: it is always the new one that runs.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void copy(const char *from, const char *to) {
  struct stat s;
  const int in = open(from, O_RDONLY), out = open(to, O_CREAT | O_TRUNC | O_WRONLY, 0700);
  if (in < 0 || out < 0 || fstat(in, &s) != 0 || sendfile(out, in, NULL, (size_t)s.st_size) != s.st_size) exit(1);
  close(in), close(out);
}

static void run(const char *program, const char *what) {
  for (int i = 0; i < 3; ++i) {
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      execl(program, program, (char *)0);
      _exit(99);
    }
    int status = -1;
    waitpid(child, &status, 0);
    printf("%s: %d\n", what, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  }
}

int main(void) {
  char folder[] = "/tmp/changed-programs-XXXXXX";
  if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
  copy("/bin/true", "./program");
  run("./program", "just made");
  copy("/bin/false", "./program");
  run("./program", "changed at once");
  copy("/bin/true", "./program"), copy("/bin/false", "./other");
  sleep(3); // longer than file systems take for a tick of their clocks
  run("./program", "as it is for a while"), run("./other", "another one");
  copy("/bin/false", "./program"), copy("/bin/true", "./other");
  run("./program", "changed"), run("./other", "the other one changed");
  rename("./other", "./program");
  run("./program", "exchanged"), run("./other", "not there any more");
  const int script = open("./program", O_TRUNC | O_WRONLY);
  if (write(script, "#!/bin/sh\nexit 7\n", 17) != 17) return 1;
  close(script);
  run("./program", "a script");
  unlink("./program");
  run("./program", "gone");
  execlp("rm", "rm", "-rf", folder, (char *)0);
  return 1;
}
