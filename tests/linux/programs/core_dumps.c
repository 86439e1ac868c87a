/* core(5): when a process leaves a core, where it lies, and what is in it. */
#define _GNU_SOURCE
#include "tell.h"

#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/procfs.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
typedef Elf64_Ehdr header;
typedef Elf64_Phdr segment;
#define PLACE(r) ((struct user_regs_struct*)(r))->rip
#else
typedef Elf32_Ehdr header;
typedef Elf32_Phdr segment;
#define PLACE(r) ((struct user_regs_struct*)(r))->eip
#endif

static unsigned char* file;
static size_t size;

static int take(const char* name) {
  int fd = open(name, O_RDONLY);
  struct stat st;
  if (fd < 0 || fstat(fd, &st) != 0) return 0;
  if (file != NULL) munmap(file, size);
  size = (size_t)st.st_size;
  file = size != 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
  close(fd);
  printf("a file of mode %o, %s\n", st.st_mode & 07777, size != 0 ? "not empty" : "empty");
  return file != MAP_FAILED;
}

/* What a process had at an address, if that is in the file. */
static const unsigned char* memory(uintptr_t at, size_t length) {
  const header* h = (const header*)file;
  const segment* s = (const segment*)(file + h->e_phoff);
  for (int i = 0; i < h->e_phnum; ++i)
    if (s[i].p_type == PT_LOAD && at >= s[i].p_vaddr && at + length <= s[i].p_vaddr + s[i].p_filesz && s[i].p_offset + s[i].p_filesz <= size)
      return file + s[i].p_offset + (at - s[i].p_vaddr);
  return NULL;
}

static int shared_pipe[2];
static struct places {
  uintptr_t global, heap, kept, dropped, shared, closed, stack;
  pid_t pid;
} places;
static int global_word;
__thread int own_word;
static pthread_barrier_t all_there;

extern const char fault_start[], fault_end[];
__attribute__((noinline)) static void fault(void) {
  __asm__ volatile(".globl fault_start, fault_end\nfault_start:\n movl $0, (%0)\nfault_end:" : : "r"((uintptr_t)0x40) : "memory");
}

static void* sleeps(void* argument) {
  own_word = 5;
  pthread_barrier_wait(&all_there);
  for (;;) pause();
  return argument;
}
static void* spins(void* argument) {
  own_word = 6;
  pthread_barrier_wait(&all_there);
  for (volatile unsigned long turns = 0;; ++turns) {}
  return argument;
}

static void with_threads(void) {
  pthread_t thread;
  int on_stack = 0x1357;
  pthread_barrier_init(&all_there, NULL, 3);
  pthread_create(&thread, NULL, sleeps, NULL);
  pthread_create(&thread, NULL, spins, NULL);
  pthread_barrier_wait(&all_there);
  usleep(20000);
  global_word = 0x2468;
  int* heap = malloc(sizeof *heap);
  *heap = 0x1111;
  const size_t page = 4096;
  int* kept = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int* dropped = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int* shared = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  *kept = 0x2222;
  *dropped = 0x3333;
  *shared = 0x4444;
  madvise(dropped, page, MADV_DONTDUMP);
  mprotect(kept, page, PROT_READ);
  const struct places told = {(uintptr_t)&global_word, (uintptr_t)heap, (uintptr_t)kept, (uintptr_t)dropped, (uintptr_t)shared, 0,
                              (uintptr_t)&on_stack, getpid()};
  if (write(shared_pipe[1], &told, sizeof told) != sizeof told) _exit(9);
  __asm__ volatile("" : : "r"(&on_stack) : "memory");
  fault();
}

static void aborts(void) { abort(); }
static void quits(void) { raise(SIGQUIT); }
static void is_killed(void) { raise(SIGTERM); }
static void traps(void) { __asm__ volatile("int3"); }
static void hides(void) {
  printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
  TELL(prctl(PR_SET_DUMPABLE, 2));
  TELL(prctl(PR_SET_DUMPABLE, 0));
  printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
  fflush(stdout);
  abort();
}

static void limit(rlim_t bytes) {
  struct rlimit l = {bytes, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &l);
}

static void run(const char* what, rlim_t bytes, void (*body)(void)) {
  printf("--- %s\n", what);
  fflush(stdout);
  unlink("core");
  pid_t child = fork();
  if (child == 0) {
    limit(bytes);
    body();
    _exit(0);
  }
  siginfo_t info;
  memset(&info, 0, sizeof info);
  waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
  int status = 0;
  waitpid(child, &status, 0);
  printf("signal %d, core %d, code %d, status %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : -1, WCOREDUMP(status) != 0, info.si_code,
         info.si_status);
}

static void word_at(const char* what, uintptr_t at) {
  const unsigned char* found = memory(at, 4);
  if (found != NULL) printf("%s: %x\n", what, *(const unsigned*)found);
  else printf("%s: is not there\n", what);
}

static void show_note(const char* owner, unsigned type, const unsigned char* bytes, unsigned length) {
  static const struct {
    unsigned type;
    const char* name;
  } names[] = {{NT_PRSTATUS, "status"}, {NT_PRPSINFO, "process"}, {NT_FPREGSET, "floating point"}, {NT_AUXV, "auxiliary vector"},
               {NT_SIGINFO, "signal"}, {NT_FILE, "files"}, {NT_PRXFPREG, "extended floating point"}, {NT_X86_XSTATE, "extended state"},
               {NT_386_TLS, "thread areas"}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
    if (names[i].type != type) continue;
    printf("note %s %s", owner, names[i].name);
    if (type == NT_PRSTATUS) {
      const struct elf_prstatus* s = (const void*)bytes;
      const unsigned long place = (unsigned long)PLACE(s->pr_reg);
      printf(" of %u: signal %d, %s, group %d, parent %d, at fault %d, mask %lx\n", length, s->pr_cursig,
             s->pr_pid == places.pid ? "first thread" : "another", s->pr_pgrp == getpgrp(), s->pr_ppid == getpid(),
             place == (unsigned long)fault_start, s->pr_sighold);
    } else if (type == NT_PRPSINFO) {
      const struct elf_prpsinfo* p = (const void*)bytes;
      printf(" of %u: %c, pid %d, uid %d, name %.5s, last of arguments %d\n", length, p->pr_sname, p->pr_pid == places.pid, p->pr_uid == getuid(),
             p->pr_fname, p->pr_psargs[strlen(p->pr_psargs) - 1]);
    } else if (type == NT_SIGINFO) {
      const siginfo_t* s = (const void*)bytes;
      printf(" of %u: %d code %d at %lx\n", length, s->si_signo, s->si_code, (unsigned long)s->si_addr);
    } else if (type == NT_AUXV || type == NT_FILE || type == NT_X86_XSTATE) {
      printf("%s\n", length != 0 ? "" : ": empty");
    } else {
      printf(" of %u\n", length);
    }
  }
}

static void look_into(void) {
  if (read(shared_pipe[0], &places, sizeof places) != sizeof places || !take("core")) {
    printf("no core\n");
    return;
  }
  const header* h = (const header*)file;
  printf("type %d, machine %d, class %d, sections %d\n", h->e_type, h->e_machine, h->e_ident[EI_CLASS], h->e_shnum);
  const segment* s = (const segment*)(file + h->e_phoff);
  printf("first segment is notes: %d, the others memory: %d\n", s[0].p_type == PT_NOTE, s[1].p_type == PT_LOAD && s[h->e_phnum - 1].p_type == PT_LOAD);
  for (size_t at = s[0].p_offset, end = at + s[0].p_filesz; at < end;) {
    const Elf32_Nhdr* note = (const Elf32_Nhdr*)(file + at);
    const char* owner = (const char*)(note + 1);
    const unsigned char* bytes = (const unsigned char*)owner + ((note->n_namesz + 3) & ~3u);
    show_note(owner, note->n_type, bytes, note->n_descsz);
    at = (size_t)(bytes - file) + ((note->n_descsz + 3) & ~3u);
  }
  word_at("global", places.global);
  word_at("heap", places.heap);
  word_at("read-only", places.kept);
  word_at("not to be dumped", places.dropped);
  word_at("shared", places.shared);
  word_at("stack", places.stack);
  word_at("text", (uintptr_t)fault_start);
}

static void filter(const char* text) {
  int fd = open("/proc/self/coredump_filter", O_WRONLY);
  TELL(write(fd, text, strlen(text)));
  close(fd);
  char got[32] = "";
  fd = open("/proc/self/coredump_filter", O_RDONLY);
  ssize_t length = read(fd, got, sizeof got - 1);
  printf("filter %.*s", (int)length, got);
  close(fd);
}

int main(void) {
  char pattern[64] = "", place[] = "/tmp/polyabi-core-XXXXXX";
  int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY);
  if (read(fd, pattern, sizeof pattern - 1) < 1 || strcmp(pattern, "core\n") != 0) {
    printf("no plain cores here\n");
    return 0;
  }
  close(fd);
  if (mkdtemp(place) == NULL || chdir(place) != 0 || pipe(shared_pipe) != 0) return 1;
  run("no limit", RLIM_INFINITY, with_threads);
  look_into();
  filter("0x13");
  filter("junk");
  filter("0x31");
  run("without shared memory", RLIM_INFINITY, with_threads);
  look_into();
  filter("0x33");
  run("no core", 0, aborts);
  TELL(access("core", F_OK));
  run("less than a page", 4095, aborts);
  TELL(access("core", F_OK));
  run("cut", 8192, aborts);
  TELL(access("core", F_OK));
  run("abort", RLIM_INFINITY, aborts);
  TELL(access("core", F_OK));
  run("quit", RLIM_INFINITY, quits);
  TELL(access("core", F_OK));
  run("trap", RLIM_INFINITY, traps);
  TELL(access("core", F_OK));
  run("a signal that leaves none", RLIM_INFINITY, is_killed);
  TELL(access("core", F_OK));
  run("not to be looked into", RLIM_INFINITY, hides);
  TELL(access("core", F_OK));
  printf("--- in the way\n");
  TELL(symlink("elsewhere", "core"));
  run("a link", RLIM_INFINITY, aborts);
  TELL(access("elsewhere", F_OK));
  unlink("core");
  mkdir("core", 0700);
  printf("--- a directory\n");
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    limit(RLIM_INFINITY);
    abort();
  }
  int status;
  waitpid(child, &status, 0);
  printf("signal %d, core %d\n", WTERMSIG(status), WCOREDUMP(status) != 0);
  rmdir("core");
  chdir("/");
  rmdir(place);
  return 0;
}
