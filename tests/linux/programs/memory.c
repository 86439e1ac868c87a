// The memory calls, their effects and their errors, printed so that two systems can be compared.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tell.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif

static long page;

static sigjmp_buf back;
static siginfo_t fault;
static void on_fault(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  fault = *info;
  siglongjmp(back, 1);
}

/// Touches a byte; tells the signal, its code, and whether the address is told rightly.
static void touch(const char *what, volatile char *at, int to_write) {
  if (sigsetjmp(back, 1) == 0) {
    char seen = *at;
    if (to_write) *at = 'w';
    printf("%s: %d\n", what, seen);
  } else {
    printf("%s: signal %d code %d at %s\n", what, fault.si_signo, fault.si_code,
           fault.si_addr == (void *)at ? "it" : "another address");
  }
}

static char *map(size_t pages, int protection, int flags) {
  return mmap(NULL, pages * (size_t)page, protection, flags, -1, 0);
}
#define RW (PROT_READ | PROT_WRITE)
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)
#define SHARED (MAP_SHARED | MAP_ANONYMOUS)

static int in_child(int (*work)(char *), char *argument) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const int status = work(argument);
    fflush(stdout);
    _exit(status);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void map_errors(void) {
  puts("-- mmap's flags");
  char *at = map(4, RW, PRIVATE);
  TELL_OUTCOME(mmap(NULL, 0, RW, PRIVATE, -1, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_ANONYMOUS, -1, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_PRIVATE, -1, 0));
  TELL_OUTCOME(mmap(at + 1, (size_t)page, RW, PRIVATE | MAP_FIXED, -1, 0));
  TELL_OUTCOME(mmap(at, (size_t)page, RW, PRIVATE | MAP_FIXED_NOREPLACE, -1, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, SHARED | MAP_GROWSDOWN, -1, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, PRIVATE | MAP_NORESERVE | MAP_STACK | MAP_POPULATE, -1, 0));
  int f = open("/dev/shm", O_RDWR | O_TMPFILE, 0600);
  if (f < 0) {
    f = open("/dev/shm/polyabi-memory-test", O_RDWR | O_CREAT | O_TRUNC, 0600);
    unlink("/dev/shm/polyabi-memory-test");
  }
  if (ftruncate(f, page) != 0) puts("ftruncate failed");
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_SHARED_VALIDATE, f, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_SHARED_VALIDATE | 0x80000, f, 0)); // MAP_SYNC
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_SHARED_VALIDATE | 0x200000, f, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_SHARED | 0x80000 | 0x200000, f, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_PRIVATE | MAP_HUGETLB, f, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_SHARED, f, 1));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_SHARED, 77, 0));
  close(f);
  f = open("/dev/shm", O_RDONLY);
  TELL_OUTCOME(mmap(NULL, (size_t)page, PROT_READ, MAP_PRIVATE, f, 0));
  close(f);
  f = open("/proc/self/exe", O_RDONLY);
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_SHARED, f, 0));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, MAP_PRIVATE, f, 0));
  char *shown = mmap(NULL, (size_t)page, PROT_READ, MAP_SHARED, f, 0);
  TELL_OUTCOME(mprotect(shown, (size_t)page, RW));
  close(f);
  int ends[2];
  if (pipe(ends) == 0) {
    TELL_OUTCOME(mmap(NULL, (size_t)page, PROT_READ, MAP_PRIVATE, ends[0], 0));
    TELL_OUTCOME(mmap(NULL, (size_t)page, PROT_READ, MAP_PRIVATE, ends[1], 0));
  }
#if UINTPTR_MAX > 0xffffffff
  char *low = mmap(NULL, (size_t)page, RW, PRIVATE | MAP_32BIT, -1, 0);
  printf("MAP_32BIT: %d\n", (uintptr_t)low < 0x80000000);
#endif
}

static void protections(void) {
  puts("-- protections and faults");
  char *at = map(4, RW, PRIVATE);
  at[page] = 'x';
  TELL_OUTCOME(mprotect(at + page, (size_t)page, PROT_READ));
  touch("write to what is read only", at + page, 1);
  TELL_OUTCOME(mprotect(at + page, (size_t)page, PROT_NONE));
  touch("read of nothing", at + page, 0);
  TELL_OUTCOME(munmap(at + 2 * page, (size_t)page));
  touch("read of what is not mapped", at + 2 * page, 0);
  TELL_OUTCOME(mprotect(at, 4 * (size_t)page, PROT_READ)); // stops at the hole, after the first two
  touch("read before the hole", at + page, 0);
  touch("write behind the hole", at + 3 * page, 1);
  TELL_OUTCOME(mprotect(at + 1, (size_t)page, PROT_READ));
  TELL_OUTCOME(mprotect(at, (size_t)page, 0x100));
  TELL_OUTCOME(mprotect(at, (size_t)page, PROT_READ | PROT_GROWSDOWN));
  TELL_OUTCOME(mprotect(at, (size_t)page, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP));
  TELL_OUTCOME(munmap(at + 1, (size_t)page));
  TELL_OUTCOME(munmap(at, 0));
}

static void files(void) {
  puts("-- files that change their size");
  int f = open("/dev/shm/polyabi-memory-test", O_RDWR | O_CREAT | O_TRUNC, 0600);
  unlink("/dev/shm/polyabi-memory-test");
  if (write(f, "abc", 3) != 3) puts("write failed");
  char *shown = mmap(NULL, 3 * (size_t)page, RW, MAP_SHARED, f, 0);
  char *copy = mmap(NULL, 3 * (size_t)page, RW, MAP_PRIVATE, f, 0);
  copy[1] = 'C';
  shown[0] = 'A';
  char seen[4] = "";
  if (pread(f, seen, 3, 0) != 3) puts("pread failed");
  printf("%s %.3s %.3s\n", seen, shown, copy);
  touch("behind the end", shown + page, 0);
  TELL_OUTCOME(ftruncate(f, 2 * page));
  touch("behind the old end", shown + page, 1);
  if (pread(f, seen, 1, page) != 1) puts("pread failed");
  printf("%c\n", seen[0]);
  TELL_OUTCOME(ftruncate(f, 1));
  touch("cut off", shown + 1, 0);
  touch("cut off and not there", shown + page, 0);
  TELL_OUTCOME(read(f, shown + page, 1)); // nothing to read at the position
  TELL_OUTCOME(pread(f, shown + page, 1, 0));
  TELL_OUTCOME(msync(shown, 3 * (size_t)page, MS_SYNC));
  TELL_OUTCOME(msync(shown, 3 * (size_t)page, MS_SYNC | MS_ASYNC));
  TELL_OUTCOME(msync(shown, 3 * (size_t)page, 8));
  TELL_OUTCOME(msync(shown + 1, (size_t)page, MS_SYNC));
  TELL_OUTCOME(munmap(shown + page, (size_t)page));
  TELL_OUTCOME(msync(shown, 3 * (size_t)page, MS_ASYNC));
  close(f);
}

static void moving(void) {
  puts("-- mremap");
  char *at = map(8, RW, PRIVATE);
  strcpy(at, "one");
  strcpy(at + 2 * page, "three");
  TELL_OUTCOME(mremap(at, 4 * (size_t)page, 2 * (size_t)page, 0));
  touch("the tail", at + 2 * page, 0);
  TELL_OUTCOME(mremap(at, 2 * (size_t)page, 3 * (size_t)page, 0));
  printf("%d\n", at[2 * page]);
  TELL_OUTCOME(mremap(at, 3 * (size_t)page, 9 * (size_t)page, 0));
  char *moved = mremap(at, 3 * (size_t)page, 9 * (size_t)page, MREMAP_MAYMOVE);
  printf("%s %d %d\n", moved, moved != at, moved[8 * page]);
  touch("where it was", at, 0);
  char *there = map(9, RW, PRIVATE);
  there[8 * page] = 'y';
  TELL_OUTCOME(mremap(moved, 9 * (size_t)page, 2 * (size_t)page, MREMAP_FIXED, there));
  char *fixed = mremap(moved, 9 * (size_t)page, 2 * (size_t)page, MREMAP_MAYMOVE | MREMAP_FIXED, there);
  printf("%d %s %d\n", fixed == there, there, there[8 * page]);
  TELL_OUTCOME(mremap(there, 2 * (size_t)page, 2 * (size_t)page, MREMAP_MAYMOVE | MREMAP_FIXED, there + page));
  TELL_OUTCOME(mremap(there, 2 * (size_t)page, 2 * (size_t)page, MREMAP_MAYMOVE | MREMAP_FIXED, there + 1));
  char *left = mremap(there, 2 * (size_t)page, 2 * (size_t)page, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
  printf("%d %s, and '%s'\n", left != there, left, there);
  TELL_OUTCOME(mremap(left, 2 * (size_t)page, (size_t)page, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL));
  TELL_OUTCOME(mremap(left, 0, (size_t)page, MREMAP_MAYMOVE));
  TELL_OUTCOME(mremap(left, (size_t)page, 0, MREMAP_MAYMOVE));
  TELL_OUTCOME(mremap(left, 64 * (size_t)page, (size_t)page * 65, MREMAP_MAYMOVE));
  TELL_OUTCOME(mremap(left, (size_t)page, 2 * (size_t)page, 16));
  char *shared = map(2, RW, SHARED);
  strcpy(shared, "shared");
  char *twin = mremap(shared, 0, 2 * (size_t)page, MREMAP_MAYMOVE);
  twin[0] = 'S';
  printf("%s %s %d\n", shared, twin, shared != twin);
  char *longer = mremap(shared, 2 * (size_t)page, 4 * (size_t)page, MREMAP_MAYMOVE);
  printf("%s\n", longer);
  touch("behind shared memory", longer + 3 * page, 0);
  TELL_OUTCOME(remap_file_pages(longer, (size_t)page, 0, 1, 0));
  longer[0] = 'L';
  printf("%c %.6s\n", longer[page], twin);
  TELL_OUTCOME(remap_file_pages(longer, (size_t)page, PROT_READ, 1, 0));
  TELL_OUTCOME(remap_file_pages(left, (size_t)page, 0, 1, 0));
}

static int look_at_page(char *at) {
  touch("in the child", at, 0);
  return 0;
}

static void advice(void) {
  puts("-- madvise");
  char *at = map(4, RW, PRIVATE);
  strcpy(at, "text");
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_DONTNEED));
  printf("%d\n", at[0]);
  strcpy(at, "text");
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_WIPEONFORK));
  in_child(look_at_page, at);
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_KEEPONFORK));
  in_child(look_at_page, at);
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_DONTFORK));
  in_child(look_at_page, at);
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_DOFORK));
  in_child(look_at_page, at);
  for (int number = 0; number <= 4; ++number) {
    printf("%d ", number);
    TELL_OUTCOME(madvise(at + page, (size_t)page, number));
  }
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_FREE));
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_REMOVE));
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_DONTDUMP));
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_DODUMP));
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_COLD));
  TELL_OUTCOME(madvise(at, (size_t)page, 21)); // MADV_PAGEOUT
  TELL_OUTCOME(madvise(at, (size_t)page, 22)); // MADV_POPULATE_READ
  TELL_OUTCOME(madvise(at, (size_t)page, 23));
  TELL_OUTCOME(madvise(at, (size_t)page, 77));
  TELL_OUTCOME(madvise(at + 1, (size_t)page, MADV_NORMAL));
  TELL_OUTCOME(madvise(at, 0, MADV_NORMAL));
  TELL_OUTCOME(mprotect(at, (size_t)page, PROT_NONE));
  TELL_OUTCOME(madvise(at, (size_t)page, 22));
  TELL_OUTCOME(madvise(at, (size_t)page, 23));
  TELL_OUTCOME(munmap(at + page, (size_t)page));
  TELL_OUTCOME(madvise(at, 4 * (size_t)page, MADV_DONTNEED));
  TELL_OUTCOME(madvise(at, 4 * (size_t)page, MADV_NORMAL));
  char *shared = map(2, RW, SHARED);
  shared[0] = 'x';
  TELL_OUTCOME(madvise(shared, (size_t)page, MADV_WIPEONFORK));
  TELL_OUTCOME(madvise(shared, (size_t)page, MADV_FREE));
  TELL_OUTCOME(madvise(shared, (size_t)page, MADV_DONTNEED));
  printf("%d\n", shared[0]);
  TELL_OUTCOME(madvise(shared, (size_t)page, MADV_REMOVE));
  printf("%d\n", shared[0]);
}

static void residency(void) {
  puts("-- mincore and mlock");
  char *at = map(4, RW, PRIVATE);
  unsigned char in[4] = {9, 9, 9, 9};
  at[2 * page] = 'x';
  TELL_OUTCOME(mincore(at, 4 * (size_t)page, in));
  printf("%d %d %d %d\n", in[0] & 1, in[1] & 1, in[2] & 1, in[3] & 1);
  TELL_OUTCOME(mlock(at, (size_t)page));
  TELL_OUTCOME(mincore(at, 4 * (size_t)page, in));
  printf("%d %d %d %d\n", in[0] & 1, in[1] & 1, in[2] & 1, in[3] & 1);
  TELL_OUTCOME(mincore(at + 1, (size_t)page, in));
  TELL_OUTCOME(mincore(at, (size_t)page, (void *)8));
  TELL_OUTCOME(madvise(at, (size_t)page, MADV_DONTNEED));
  TELL_OUTCOME(madvise(at, (size_t)page, 24)); // MADV_DONTNEED_LOCKED
  TELL_OUTCOME(msync(at, (size_t)page, MS_SYNC | MS_INVALIDATE));
  TELL_OUTCOME(munlock(at, (size_t)page));
  TELL_OUTCOME(msync(at, (size_t)page, MS_SYNC | MS_INVALIDATE));
  TELL_OUTCOME(syscall(SYS_mlock2, at + 3 * page, page, 1));
  TELL_OUTCOME(mincore(at, 4 * (size_t)page, in));
  printf("%d\n", in[3] & 1);
  TELL_OUTCOME(syscall(SYS_mlock2, at, page, 2));
  TELL_OUTCOME(munmap(at + page, (size_t)page));
  TELL_OUTCOME(mincore(at, 4 * (size_t)page, in));
  TELL_OUTCOME(mlock(at, 4 * (size_t)page));
  TELL_OUTCOME(munlock(at, 4 * (size_t)page));
  TELL_OUTCOME(mlockall(0));
  TELL_OUTCOME(mlockall(4));
  TELL_OUTCOME(mlockall(8));
  TELL_OUTCOME(mlockall(MCL_FUTURE));
  char *locked = map(2, RW, PRIVATE);
  TELL_OUTCOME(mincore(locked, 2 * (size_t)page, in));
  printf("%d %d\n", in[0] & 1, in[1] & 1);
  TELL_OUTCOME(munlockall());
}

static int with_limits(char *unused) {
  (void)unused;
  if (setresgid(12345, 12345, 12345) != 0 || setresuid(12345, 12345, 12345) != 0) return 1;
  struct rlimit limit = {4 * (rlim_t)page, 4 * (rlim_t)page};
  TELL_OUTCOME(setrlimit(RLIMIT_MEMLOCK, &limit));
  char *at = map(8, RW, PRIVATE);
  TELL_OUTCOME(mlock(at, 4 * (size_t)page));
  TELL_OUTCOME(mlock(at, 4 * (size_t)page));
  TELL_OUTCOME(mlock(at + 4 * page, (size_t)page));
  TELL_OUTCOME(munlock(at, (size_t)page));
  TELL_OUTCOME(mlock(at + 4 * page, (size_t)page));
  TELL_OUTCOME(mmap(NULL, (size_t)page, RW, PRIVATE | MAP_LOCKED, -1, 0));
  TELL_OUTCOME(mlockall(MCL_CURRENT));
  limit.rlim_cur = 0;
  TELL_OUTCOME(setrlimit(RLIMIT_MEMLOCK, &limit));
  TELL_OUTCOME(mlock(at, (size_t)page));
  TELL_OUTCOME(munlockall());
  limit.rlim_cur = limit.rlim_max = (rlim_t)1 << 20;
  TELL_OUTCOME(setrlimit(RLIMIT_DATA, &limit));
  TELL_OUTCOME(map(1024, RW, PRIVATE));
  TELL_OUTCOME(map(1024, PROT_READ, PRIVATE));
  TELL_OUTCOME(map(1024, RW, SHARED));
  char *none = map(1024, PROT_NONE, PRIVATE);
  TELL_OUTCOME(mprotect(none, 1024 * (size_t)page, RW));
  TELL_OUTCOME(sbrk(4 << 20));
  limit.rlim_cur = limit.rlim_max = (rlim_t)256 << 20;
  TELL_OUTCOME(setrlimit(RLIMIT_AS, &limit));
  TELL_OUTCOME(map(65536, PROT_READ, PRIVATE));
  TELL_OUTCOME(map(16, PROT_READ, PRIVATE));
  return 0;
}

__attribute__((noinline)) static int deep(int levels) {
  volatile char frame[4096];
  frame[0] = (char)levels;
  frame[4095] = 1;
  return levels == 0 ? frame[4095] : deep(levels - 1) + frame[4095];
}

static int dive(char *unused) {
  (void)unused;
  printf("%d\n", deep(1000));
  return 0;
}
static int dive_too_deep(char *unused) {
  struct rlimit limit = {1 << 20, 1 << 20}, no_core = {0, 0};
  setrlimit(RLIMIT_STACK, &limit);
  setrlimit(RLIMIT_CORE, &no_core);
  signal(SIGSEGV, SIG_DFL);
  return dive(unused);
}
/// A call that is given memory of the stack which nobody has touched.
static int read_below(char *unused) {
  (void)unused;
  char here;
  char *below = (char *)((uintptr_t)&here & ~(uintptr_t)(page - 1)) - 100 * page;
  int ends[2];
  if (pipe(ends) != 0 || write(ends[1], "deep", 4) != 4) return 1;
  TELL_OUTCOME(read(ends[0], below, 4));
  printf("%.4s\n", below);
  int f = open("/proc/self/exe", O_RDONLY);
  TELL_OUTCOME(read(f, below - 50 * page, 4));
  printf("%.3s\n", below - 50 * page + 1);
  return 0;
}

static void stacks(void) {
  puts("-- what grows down");
  // Room below, so that nothing is in the way.
  char *room = map(600, PROT_NONE, PRIVATE);
  munmap(room, 600 * (size_t)page);
  char *at = mmap(room + 500 * page, 2 * (size_t)page, RW, PRIVATE | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
  printf("%d\n", at == room + 500 * page);
  touch("one page below", at - 1, 1);
  touch("a hundred pages below", at - 100 * page, 1);
  touch("between", at - 50 * page, 0);
  TELL_OUTCOME(mprotect(at, (size_t)page, PROT_READ | PROT_GROWSDOWN));
  touch("protected from its start", at - 100 * page, 1);
  printf("%d\n", in_child(dive, NULL));
  printf("%d\n", in_child(dive_too_deep, NULL));
  printf("%d\n", in_child(read_below, NULL));
}

static int between_processes(char *shared) {
  const pid_t parent = getppid();
  char text[16] = "";
  struct iovec here[2] = {{text, 3}, {text + 3, 3}}, there[2] = {{shared, 4}, {shared + page, 2}};
  printf("%zd", process_vm_readv(parent, here, 2, there, 2, 0));
  printf(" '%s'\n", text);
  struct iovec out = {"WORD", 4};
  printf("%zd\n", process_vm_writev(parent, &out, 1, there, 1, 0));
  struct iovec wrong = {(void *)16, 4};
  TELL_OUTCOME(process_vm_readv(parent, here, 1, &wrong, 1, 0));
  TELL_OUTCOME(process_vm_readv(parent, here, 1, there, 1, 1));
  TELL_OUTCOME(process_vm_readv(0x3ffffff0, here, 1, there, 1, 0));
  struct iovec partly = {shared + 2 * page - 2, 8};
  struct iovec wide = {text, 8};
  printf("%zd\n", process_vm_readv(parent, &wide, 1, &partly, 1, 0));
  return 0;
}

static void others(void) {
  puts("-- other processes, barriers, seals, keys");
  char *at = map(2, RW, PRIVATE);
  strcpy(at, "abcd");
  strcpy(at + page, "ef");
  munmap(at + 2 * page, (size_t)page);
  in_child(between_processes, at);
  printf("%s\n", at);
  TELL_OUTCOME(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  TELL_OUTCOME(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
  TELL_OUTCOME(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  TELL_OUTCOME(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
  TELL_OUTCOME(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 1, 0));
  TELL_OUTCOME(syscall(SYS_membarrier, 3, 0, 0));
  char *key = map(1, RW, PRIVATE);
  TELL_OUTCOME(syscall(SYS_pkey_mprotect, key, page, PROT_READ, -1));
  TELL_OUTCOME(syscall(SYS_pkey_mprotect, key, page, PROT_READ, 15));
  TELL_OUTCOME(syscall(SYS_pkey_alloc, 1, 0));
}

static void sealed(void) {
  char *seal = map(3, PROT_READ, PRIVATE);
  if (syscall(SYS_mseal, seal, page, 0) != 0) return;
  puts("-- seals");
  TELL_OUTCOME(syscall(SYS_mseal, seal, page, 1));
  TELL_OUTCOME(syscall(SYS_mseal, seal + 1, page, 0));
  TELL_OUTCOME(mprotect(seal, (size_t)page, PROT_NONE));
  TELL_OUTCOME(mprotect(seal + page, (size_t)page, PROT_NONE));
  TELL_OUTCOME(munmap(seal, 2 * (size_t)page));
  TELL_OUTCOME(madvise(seal, (size_t)page, MADV_DONTNEED));
  TELL_OUTCOME(madvise(seal, (size_t)page, MADV_NORMAL));
  TELL_OUTCOME(mmap(seal, (size_t)page, RW, PRIVATE | MAP_FIXED, -1, 0));
  TELL_OUTCOME(mremap(seal, (size_t)page, 2 * (size_t)page, MREMAP_MAYMOVE));
  TELL_OUTCOME(munmap(seal + 2 * page, (size_t)page));
  TELL_OUTCOME(syscall(SYS_mseal, seal, 3 * page, 0));
}

static void memory_as_a_file(void) {
  static volatile int word = 1234;
  int seen = 0;
  const int self = open("/proc/self/mem", O_RDWR);
  printf("/proc/self/mem: %d\n", self >= 0);
  TELL_OUTCOME(pread(self, &seen, sizeof seen, (off_t)(uintptr_t)&word));
  printf("%d\n", seen);
  seen = 77;
  TELL_OUTCOME(pwrite(self, &seen, sizeof seen, (off_t)(uintptr_t)&word));
  printf("%d\n", word);
  TELL_OUTCOME(lseek(self, (off_t)(uintptr_t)&word, SEEK_SET));
  TELL_OUTCOME(read(self, &seen, sizeof seen));
  printf("%d\n", seen);
  TELL_OUTCOME(lseek(self, 0, SEEK_END));
  TELL_OUTCOME(pread(self, &seen, sizeof seen, 16));
  TELL_OUTCOME(pwrite(self, &seen, sizeof seen, 16));
  close(self);
}

/// What programs under sanitizers, and those that load others, ask for by its address.
static void high_places(void) {
#ifdef __LP64__
  puts("-- high places");
  static const uintptr_t places[] = {0x600000000000, 0x67fffffff000, 0x680000000000, 0x680100000000, 0x6f0000000000,
                                     0x7a0000000000, 0x7b0000000000, 0x7e8000000000, 0x7fefffff0000};
  for (unsigned i = 0; i < sizeof places / sizeof *places; ++i) {
    char *at = mmap((void *)places[i], (size_t)page, RW, PRIVATE | MAP_FIXED, -1, 0);
    printf("%lx: %d\n", (unsigned long)places[i], at == (char *)places[i]);
    touch("mapped there", at, 1);
    TELL(munmap(at, (size_t)page));
    touch("unmapped", at, 0);
  }
  static const struct {
    uintptr_t start, end;
  } ranges[] = {{0x568000000000, 0x600000000000}, {0x610000000000, 0x6f0000000000}};
  for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; ++i) {
    const size_t size = ranges[i].end - ranges[i].start;
    char *at = mmap((void *)ranges[i].start, size, PROT_NONE, PRIVATE | MAP_FIXED | MAP_NORESERVE, -1, 0);
    printf("%lx: %d\n", (unsigned long)ranges[i].start, at == (char *)ranges[i].start);
    touch("reserved", at + size / 2, 0);
    TELL(mprotect(at + size - page, (size_t)page, RW));
    touch("its last page", at + size - page, 1);
    TELL(munmap(at, size));
  }
  TELL_OUTCOME(mmap((void *)0x7ffffffff000, (size_t)page, RW, PRIVATE | MAP_FIXED, -1, 0));
  TELL_OUTCOME(mmap((void *)0x7fe000000000, (size_t)1 << 40, RW, PRIVATE | MAP_FIXED, -1, 0));
  TELL_OUTCOME(munmap((void *)0x7fe000000000, (size_t)1 << 40));
  TELL_OUTCOME(write(1, (void *)0x7ffffffff000, 1));
  const int on_stack = 0;
  printf("the stack is at the end: %d\n", (int)((uintptr_t)&on_stack >> 36 == 0x7ff));
#endif
}

int main(int count, char **arguments) {
  page = sysconf(_SC_PAGESIZE);
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  static char stack[65536];
  const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  map_errors();
  protections();
  files();
  moving();
  advice();
  residency();
  high_places();
  if (getuid() == 0) {
    puts("-- limits");
    printf("%d\n", in_child(with_limits, NULL));
  }
  stacks();
  others();
  // Only newer systems have them.
  if (count > 1 && strcmp(arguments[1], "--seals") == 0) sealed();
  memory_as_a_file();
  return 0;
}
