// A program of System V Release 3: does one thing, named by its first argument.
typedef unsigned int word;

extern int error_number;
extern word* first_stack;
extern char _end[];
int sys_exit(int), sys_read(int, void*, word), sys_write(int, const void*, word), sys_open(const char*, int, ...),
    sys_close(int), sys_unlink(const char*), sys_brk(void*), sys_stat(const char*, void*), sys_lseek(int, int, int),
    sys_getpid(void), sys_alarm(word), sys_pause(void), sys_kill(int, int), sys_ioctl(int, word, void*),
    sys_utssys(void*, word, int), sys_execve(const char*, char*const*, char*const*), sys_nap(int), sys_fork(void),
    sys_pipe(int*), sys_wait(int*), sys_waitpid(int, int*, int), sys_sigaction(int, const void*, void*),
    sys_sigprocmask(int, const word*, word*), sys_sigpending(word*), sys_sigsuspend(const word*);
void (*sys_signal(int, void (*)(int)))(int);

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

// Handlers are entered with their number alone and return to the library, whose code was given with the handler.
enum { sigusr1 = 16, sigusr2 = 17, sigcld = 18, sigalrm = 14 };
static volatile int handled, times, depth, deepest;
static void on_signal(int signal) {
  handled = signal;
  ++times;
}
static void on_nested(int signal) {
  if (++depth > deepest) deepest = depth;
  if (signal == sigusr1) sys_kill(sys_getpid(), sigusr2);
  --depth;
}
static void on_floating(int signal) {
  volatile double other = 1;
  for (int i = 0; i < 20; ++i) other *= 1.5; // uses the floating-point unit
  on_signal(signal);
}

// Registers and floating point are as before when the handler of SIGUSR1 has returned.
word kept[4];
static double keeps_registers(void) {
  double value = 2.5;
  asm volatile("fldl %1\n\tpushl $16\n\tpushl %2\n\tpushl $0\n\tmovl $37, %%eax\n\tmovl $0x22222222, %%ebx\n\t"
               "movl $0x33333333, %%ecx\n\tmovl $0x44444444, %%esi\n\tmovl $0x55555555, %%edi\n\tlcall $7, $0\n\t"
               "addl $12, %%esp\n\tmovl %%ebx, kept\n\tmovl %%ecx, kept+4\n\tmovl %%esi, kept+8\n\tmovl %%edi, kept+12\n\t"
               "fstpl %0"
               : "=m"(value)
               : "m"(value), "d"(sys_getpid())
               : "eax", "ebx", "ecx", "esi", "edi", "memory", "cc");
  check(kept[0] == 0x22222222 && kept[1] == 0x33333333, "EBX and ECX are kept");
  check(kept[2] == 0x44444444 && kept[3] == 0x55555555, "ESI and EDI are kept");
  return value;
}

static void old_signals(void) {
  const int self = sys_getpid();
  check(sys_signal(sigusr1, on_signal) == 0, "the old action was the default");
  check(sys_kill(self, sigusr1) == 0 && handled == sigusr1 && times == 1, "a handler runs and returns");
  check(sys_signal(sigusr1, (void (*)(int))1) == 0, "signal(2) had reset the action");
  check(sys_kill(self, sigusr1) == 0 && times == 1, "ignored");
  check(sys_signal(sigusr1, on_signal) == (void (*)(int))1, "the old action was to ignore");

  // sigset(2), sighold(2), sigrelse(2): the function stands above the number.
  check(sys_signal(0x100 | sigusr1, on_nested) == on_signal, "sigset");
  check(sys_signal(0x100 | sigusr2, on_nested) == 0, "sigset of another");
  check(sys_kill(self, sigusr1) == 0 && deepest == 2 && depth == 0, "handlers nest");
  check(sys_signal(0x200 | sigusr1, 0) == 0, "sighold");
  deepest = 0;
  check(sys_kill(self, sigusr1) == 0 && deepest == 0, "held back");
  check(sys_signal(0x400 | sigusr1, 0) == 0 && deepest == 2, "released, it comes");
}

// POSIX' calls through XENIX' number: sets of one word.
struct action {
  void (*handler)(int);
  word mask;
  int flags;
};
static void posix_signals(void) {
  const int self = sys_getpid();
  const struct action wanted = {on_signal, 1u << (sigusr2 - 1), 0};
  struct action old;
  check(sys_sigaction(sigusr1, &wanted, 0) == 0 && sys_sigaction(sigusr1, 0, &old) == 0, "sigaction");
  check(old.handler == on_signal && old.mask == wanted.mask && old.flags == 0, "what was set is told");
  const word both = 1u << (sigusr1 - 1) | 1u << (sigusr2 - 1), none = 0;
  word set = 0;
  check(sys_sigprocmask(1, &both, &set) == 0 && set == 0, "sigprocmask blocks");
  times = 0;
  check(sys_kill(self, sigusr1) == 0 && times == 0, "blocked");
  check(sys_sigpending(&set) == 0 && set == 1u << (sigusr1 - 1), "sigpending");
  check(sys_sigsuspend(&none) == -1 && error_number == 4 && times == 1, "sigsuspend");
  check(sys_sigprocmask(0, &none, &set) == 0 && set == both, "sigprocmask sets, and the mask was put back");
  check(sys_signal(sigusr1, on_floating) == on_signal && keeps_registers() == 2.5 && times == 2, "floating point is kept");
}

static void signals(void) {
  old_signals();
  posix_signals();
  int status = 0;
  times = 0;
  check(sys_signal(sigcld, on_signal) == 0, "SIGCLD");
  if (sys_fork() == 0) sys_exit(5);
  while (times == 0) sys_nap(10);
  check(handled == sigcld && sys_wait(&status) > 0 && status == 5 << 8, "SIGCLD comes");
  check(sys_signal(sigalrm, on_signal) == 0 && sys_alarm(1) == 0, "alarm");
  check(sys_pause() == -1 && error_number == 4 && handled == sigalrm, "pause ends with EINTR");
  const int slept = sys_nap(30);
  check(slept >= 30 && slept < 5000, "nap answers how long it was");
}

#include "variants.h"

// There is no frame on this stack.
static void bad_return(void) {
  asm volatile("movl $0x300000, %%esp\n\tlcall $0xf, $0" : : : "memory");
}

static void names(void) {
  char all[5][9];
  check(sys_utssys(all, 0, 0) >= 0, "utssys");
  for (int i = 0; i < 5; ++i) say(all[i]), say(i == 4 ? "\n" : " ");
}

int main(int argc, char** argv, char** envp);
int main(int argc, char** argv, char** envp) {
  const char* what = argc > 1 ? argv[1] : "";
  if (same(what, "exit")) return (int)number(argv[2]);
  if (same(what, "arguments")) return arguments(argc, argv, envp), 0;
  if (same(what, "bottom")) return bottom(), 0;
  if (same(what, "memory")) return memory(), 0;
  if (same(what, "processes")) return processes(argv, envp), 0;
  if (same(what, "signals")) return signals(), 0;
  if (same(what, "xenix")) return xenix(), 0;
  if (same(what, "openserver")) return openserver(), 0;
  if (same(what, "interactive")) return interactive(), 0;
  if (same(what, "coherent")) return coherent(), 0;
  if (same(what, "unixware")) return unixware(), 0;
  if (same(what, "solaris")) return solaris(), 0;
  if (same(what, "bad-return")) return bad_return(), 0;
  if (same(what, "names")) return names(), 0;
  if (same(what, "error")) return sys_open(argv[2], 0) == -1 ? error_number : 0;
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
