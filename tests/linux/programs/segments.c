// The process' own descriptor table: modify_ldt.
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// The call answers an int.
static int modify(int function, void* at, unsigned long size) {
  const int result = (int)syscall(SYS_modify_ldt, function, at, size);
  if (result >= 0) return result;
  if (result != -1) errno = -result;
  return -1;
}
static void say(const char* what, int result) { printf("%s: %d %s\n", what, result, result < 0 ? strerror(errno) : ""); }

static unsigned char table[LDT_ENTRIES * LDT_ENTRY_SIZE];

static void show(const char* what) {
  memset(table, 0xee, sizeof table);
  const int size = modify(0, table, 64);
  printf("%s: %d bytes:", what, size);
  for (int i = 0; i < size; ++i)
    if (table[i] != 0) printf(" %d=%02x", i, table[i]);
  printf("\n");
}

/// Reads a byte through a segment.
static int through(unsigned entry, unsigned offset) {
  int value = -1;
  const unsigned short selector = (unsigned short)(entry << 3 | 7), none = 0;
#ifdef __x86_64__
  // GS is nobody's in 64-bit programs of this C library.
  __asm__ volatile("mov %1, %%gs\n\tmovzbl %%gs:(%2), %0\n\tmov %3, %%gs" : "=&r"(value) : "r"(selector), "r"((unsigned long)offset), "r"(none));
#else
  // FS is.
  __asm__ volatile("mov %1, %%fs\n\tmovzbl %%fs:(%2), %0\n\tmov %3, %%fs" : "=&r"(value) : "r"(selector), "r"(offset), "r"(none));
#endif
  return value;
}

static struct user_desc data_segment(unsigned entry, void* base) {
  struct user_desc d = {0};
  d.entry_number = entry;
  d.base_addr = (unsigned)(unsigned long)base;
  d.limit = 0xfffff;
  d.seg_32bit = 1;
  d.limit_in_pages = 1;
  d.useable = 1;
  return d;
}

static void* in_thread(void* unused) {
  (void)unused;
  printf("a thread reads %d\n", through(5, 1));
  return NULL;
}

int main(int count, char** arguments) {
  (void)arguments;
  setbuf(stdout, NULL);
  if (count > 1) {
    show("another program's");
    return 0;
  }
  show("at first");
  say("the default", modify(2, table, 4096));
  say("unknown function", modify(3, table, 16));
  say("read to nowhere", modify(2, (void*)8, 16));

  unsigned char* low = mmap((void*)0x20000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  for (int i = 0; i < 4096; ++i) low[i] = (unsigned char)(i + 3);
  struct user_desc d = data_segment(5, low);
  say("of another size", modify(0x11, &d, sizeof d - 1));
  say("from nowhere", modify(0x11, (void*)8, sizeof d));
  say("set", modify(0x11, &d, sizeof d));
  show("with one");
  printf("read %d %d\n", through(5, 0), through(5, 10));
  pthread_t thread;
  pthread_create(&thread, NULL, in_thread, NULL);
  pthread_join(thread, NULL);

  struct user_desc beyond = data_segment(LDT_ENTRIES, low);
  say("beyond the end", modify(0x11, &beyond, sizeof beyond));
  struct user_desc conforming = data_segment(6, low);
  conforming.contents = 3;
  say("conforming code", modify(0x11, &conforming, sizeof conforming));
  conforming.seg_not_present = 1;
  say("not present", modify(0x11, &conforming, sizeof conforming));
  say("in the old way", modify(1, &conforming, sizeof conforming));
  struct user_desc old = data_segment(7, low);
  say("old", modify(1, &old, sizeof old));
  show("three");

  if (fork() == 0) {
    show("a child's");
    printf("a child reads %d\n", through(5, 2));
    d.base_addr += 100;
    say("it changes its own", modify(0x11, &d, sizeof d));
    printf("a child reads %d\n", through(5, 2));
    execl("/proc/self/exe", "segments", "again", (char*)NULL);
    _exit(1);
  }
  wait(NULL);
  printf("the parent reads %d\n", through(5, 2));
  memset(&old, 0, sizeof old);
  old.entry_number = 7;
  say("emptied in the old way", modify(1, &old, sizeof old));
  memset(&old, 0, sizeof old);
  old.entry_number = 6;
  old.read_exec_only = 1;
  old.seg_not_present = 1;
  say("emptied", modify(0x11, &old, sizeof old));
  show("one again");
  printf("the whole table: %d\n", modify(0, table, sizeof table));
  say("no room", modify(0, table, 0));
  return 0;
}
