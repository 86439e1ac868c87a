// A program of System V Release 3: does one thing, named by its first argument.
typedef unsigned int word;

extern int error_number;
extern word* first_stack;
extern char _end[];
int sys_exit(int), sys_read(int, void*, word), sys_write(int, const void*, word), sys_open(const char*, int, ...),
    sys_close(int), sys_unlink(const char*), sys_brk(void*), sys_stat(const char*, void*), sys_lseek(int, int, int),
    sys_getpid(void), sys_alarm(word), sys_pause(void), sys_kill(int, int), sys_ioctl(int, word, void*),
    sys_utssys(void*, word, int), sys_execve(const char*, char*const*, char*const*), sys_nap(int), sys_fork(void),
    sys_pipe(int*), sys_wait(int*), sys_waitpid(int, int*, int), sys_signal(int, void (*)(int));

static word length(const char* text) {
  word n = 0;
  while (text[n] != 0) ++n;
  return n;
}
static void say(const char* text) {
  sys_write(1, text, length(text));
}
static void say_number(word n) {
  char text[11];
  int at = 10;
  text[at] = 0;
  do text[--at] = (char)('0' + n % 10);
  while ((n /= 10) != 0);
  say(text + at);
}
static int same(const char* a, const char* b) {
  while (*a != 0 && *a == *b) ++a, ++b;
  return *a == *b;
}
static word number(const char* text) {
  word n = 0;
  for (; *text != 0; ++text) n = n * 10 + (word)(*text - '0');
  return n;
}
static void check(int holds, const char* what) {
  if (holds) return;
  say("failed: ");
  say(what);
  say("\n");
  sys_exit(1);
}

static int initialised = 0x12345678;
static int zeroed[4096];

static void arguments(int argc, char** argv, char** envp) {
  check(argv == (char**)first_stack + 1 && *first_stack == (word)argc, "argc and argv are the first words of the stack");
  check(argv[argc] == 0 && envp == argv + argc + 1, "the environment follows the arguments");
  check(((word)first_stack & 3) == 0 && (word)first_stack < 0x80000000, "the stack is below the middle");
  for (int i = 0; i < argc; ++i) say(argv[i]), say("\n");
  for (; *envp != 0; ++envp) say(*envp), say("\n");
}

// What COFF programs know of the bottom: it is there, and it is their own.
static void bottom(void) {
  const unsigned char* volatile zero = 0;
  check(zero[0] == 0x4c && zero[1] == 0x01, "page zero holds the file's header");
  check((word)&check < 0x10000, "functions are low");
  check(sys_write(3, (const void*)0, 2) == -1 && error_number == 9, "EBADF");
  int ends[2];
  unsigned char copy[2] = {0, 0};
  check(sys_pipe(ends) == 0 && sys_write(ends[1], (const void*)0, 2) == 2, "the kernel reads address 0");
  check(sys_read(ends[0], copy, 2) == 2 && copy[0] == 0x4c && copy[1] == 0x01, "and what it read is right");
  check(sys_write(ends[1], "x", 1) == 1, "a byte");
  check(sys_read(ends[0], (void*)0x20, 1) == -1 && error_number == 14, "text is not written to");
  check(sys_write(1, (const void*)0x300000, 1) == -1 && error_number == 14, "what is not mapped is EFAULT");
  check(sys_write(1, (const void*)0xbffffff0, 64) == -1 && error_number == 14, "the end of user space is EFAULT");
  check(sys_write(1, (const void*)0xfff00000, 1) == -1 && error_number == 14, "beyond it too");
  check(sys_stat((const char*)0xfffffff0, &copy) == -1 && error_number == 14, "also for paths");
}

static void memory(void) {
  check(initialised == 0x12345678, "data are initialised");
  for (int i = 0; i < 4096; ++i) check(zeroed[i] == 0, ".bss is zero");
  char* const end = _end;
  check(sys_brk(end + 100000) == 0, "brk");
  for (int i = 0; i < 100000; ++i) check(end[i] == 0, "new memory is zero");
  end[99999] = 7;
  check(sys_brk(end + 1) == 0 && sys_brk(end + 100000) == 0, "brk back and forth");
  check(end[99999] == 0, "given back and taken again, it is zero");
  check(sys_brk((void*)0x90000000) == -1 && error_number == 12, "ENOMEM");
}

static void processes(char** argv, char** envp) {
  int ends[2], status = 0;
  check(sys_pipe(ends) == 0, "pipe");
  const int child = sys_fork();
  if (child == 0) {
    initialised = 1;
    zeroed[7] = sys_getpid();
    sys_write(ends[1], &zeroed[7], 4);
    sys_exit(initialised + 6);
  }
  int told = 0;
  check(sys_read(ends[0], &told, 4) == 4 && told == child, "the child writes its id");
  check(sys_wait(&status) == child && status == 7 << 8, "wait");
  check(initialised == 0x12345678 && zeroed[7] == 0, "fork copies");
  check(sys_wait(&status) == -1 && error_number == 10, "ECHILD");

  const int first = sys_fork();
  if (first == 0) sys_exit(3);
  const int second = sys_fork();
  if (second == 0) {
    sys_pause();
    sys_exit(4);
  }
  check(sys_waitpid(second, &status, 0100) == 0, "waitpid with WNOHANG");
  check(sys_waitpid(first, &status, 0) == first && status == 3 << 8, "waitpid");
  check(sys_kill(second, 9) == 0 && sys_waitpid(-1, &status, 0) == second && status == 9, "killed");

  const int third = sys_fork();
  if (third == 0) {
    char* arguments_of_child[] = {argv[0], "exit", "42", 0};
    sys_execve(argv[0], arguments_of_child, envp);
    sys_exit(99);
  }
  check(sys_wait(&status) == third && status == 42 << 8, "exec");
}

int main(int argc, char** argv, char** envp);
int main(int argc, char** argv, char** envp) {
  const char* what = argc > 1 ? argv[1] : "";
  if (same(what, "exit")) return (int)number(argv[2]);
  if (same(what, "arguments")) return arguments(argc, argv, envp), 0;
  if (same(what, "bottom")) return bottom(), 0;
  if (same(what, "memory")) return memory(), 0;
  if (same(what, "processes")) return processes(argv, envp), 0;
  if (same(what, "fault")) return *(volatile char*)number(argv[2]);
  if (same(what, "store")) return *(volatile char*)number(argv[2]) = 1, 0;
  if (same(what, "exec")) return sys_execve(argv[2], argv + 2, envp), error_number;
  if (same(what, "library")) {
    // Linked for this address, as shared libraries of the time were: a word of data and a function behind it.
    const struct {
      word size;
      int (*twice)(int);
    }* volatile library = (void*)0xa0000400;
    say_number((word)library->twice((int)number(argv[2])));
    say("\n");
    return 0;
  }
  say("what?\n");
  return 2;
}
