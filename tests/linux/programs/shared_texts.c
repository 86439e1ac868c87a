// Programs that are started again and again, several at once: the kernel makes copies of their text for all of them while others
// are just mapping it, and better ones when it knows more of them. Each has to make the calls that it means to make.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { texts = 24, runners = 3, starts = 40 };

// Calls from as many places as there are, each with an answer that no other call would give. The number of the first that is wrong.
static int step(int all) {
  int ends[2];
  char text[8] = "";
  struct utsname names;
  if (all && (umask(027) > 0777 || umask(022) != 027 || getppid() == getpid() || getpgrp() <= 0)) return 1;
  if (all && (uname(&names) != 0 || strcmp(names.sysname, "Linux") != 0)) return 2;
  if (access("/dev/null", R_OK) != 0) return 3;
  const int null = open("/dev/null", O_RDWR);
  if (null < 0) return 4;
  if (pipe(ends) != 0) return 5;
  if (write(ends[1], "piped", 5) != 5 || read(ends[0], text, 8) != 5 || strcmp(text, "piped") != 0) return 6;
  const int copy = dup(null);
  if (copy <= ends[1]) return 7;
  if (fcntl(copy, F_GETFL) < 0 || (fcntl(copy, F_GETFL) & O_ACCMODE) != O_RDWR) return 8;
  if (lseek(null, 5, SEEK_SET) < 0) return 9;
  if (close(copy) != 0 || close(copy) == 0) return 10;
  struct stat s;
  if (fstat(null, &s) != 0 || !S_ISCHR(s.st_mode)) return 11;
  const pid_t child = fork();
  if (child == 0) _exit(access("/dev/null", W_OK) == 0 && close(null) == 0 ? 42 : 43);
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 42 << 8) return 12;
  return 0;
}

static void copy_program(const char* to) {
  const int from = open("/proc/self/exe", O_RDONLY), copy = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  struct stat s;
  if (from < 0 || copy < 0 || fstat(from, &s) != 0) return;
  for (off_t at = 0; at < s.st_size;)
    if (sendfile(copy, from, &at, (size_t)(s.st_size - at)) <= 0) break;
  close(from);
  close(copy);
}

// How many of the starts came to a wrong end. The first ones make fewer calls than those that come later, but for one.
static int run(const char* program, int runner) {
  int wrong = 0;
  for (int i = 0; i < starts; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      const int all = i > starts / 4 || (i == 0 && runner == 0);
      execl(program, program, all ? "all" : "some", (char*)0);
      _exit(100);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) ++wrong;
  }
  return wrong;
}

int main(int count, char** arguments) {
  if (count > 1) return step(strcmp(arguments[1], "all") == 0);
  char folder[] = "shared_texts.XXXXXX", program[64];
  if (mkdtemp(folder) == NULL) return 1;
  int wrong = 0;
  for (int text = 0; text < texts; ++text) {
    snprintf(program, sizeof program, "%s/%d", folder, text);
    copy_program(program);
    for (int runner = 0; runner < runners; ++runner)
      if (fork() == 0) _exit(run(program, runner));
    for (int runner = 0; runner < runners; ++runner) {
      int status = 0;
      wait(&status);
      wrong += WIFEXITED(status) ? WEXITSTATUS(status) : starts;
    }
  }
  for (int text = 0; text < texts; ++text) {
    snprintf(program, sizeof program, "%s/%d", folder, text);
    unlink(program);
  }
  rmdir(folder);
  printf("%d of %d starts went wrong\n", wrong, texts * runners * starts);
  return 0;
}
