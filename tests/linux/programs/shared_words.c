/* Futexes in memory that processes share: anonymous, a file's, at addresses of their own, and with the private bit alone. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int page = 4096;

static long word_wait(int* word, int expected, int milliseconds, int also) {
  struct timespec limit = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  return syscall(SYS_futex, word, FUTEX_WAIT | also, expected, &limit, 0, 0);
}

/* The child waits, the parent wakes until somebody was woken. */
static void across(const char* what, int* theirs, int* ours) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const long answer = word_wait(theirs, 0, 5000, 0);
    _exit(answer == 0 ? 7 : errno);
  }
  long woken = 0;
  for (int i = 0; i < 2000 && woken == 0; ++i) {
    usleep(1000);
    woken = syscall(SYS_futex, ours, FUTEX_WAKE, 1, 0, 0, 0);
  }
  int status;
  waitpid(child, &status, 0);
  printf("%s: woken %ld, the child ended with %d\n", what, woken, WEXITSTATUS(status));
}

int main(void) {
  int* anonymous = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  across("shared memory without a name", anonymous + 3, anonymous + 3);

  char name[] = "/tmp/polyabi-words-XXXXXX";
  const int file = mkstemp(name);
  if (ftruncate(file, 3 * page) != 0) return 1;
  int* whole = mmap(0, 3 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  int* last = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 2 * page);
  unlink(name);
  across("a file", whole, whole);
  across("a file, seen from two places", whole + 2 * page / (int)sizeof(int) + 5, last + 5);

  /* What is private is another word in each process, and so is another place in the same memory. */
  const pid_t child = fork();
  static int own;
  if (child == 0) _exit(word_wait(&own, 0, 100, 0) == -1 && errno == ETIMEDOUT ? 1 : 2);
  long woken = 0;
  for (int i = 0; i < 50; ++i) {
    usleep(1000);
    woken += syscall(SYS_futex, &own, FUTEX_WAKE, 1, 0, 0, 0) + syscall(SYS_futex, anonymous + 9, FUTEX_WAKE, 1, 0, 0, 0);
  }
  int status;
  waitpid(child, &status, 0);
  printf("private: woken %ld, the child ended with %d\n", woken, WEXITSTATUS(status));

  sem_t* semaphore = (sem_t*)(anonymous + 64);
  sem_init(semaphore, 1, 0);
  sem_init(semaphore + 1, 1, 0);
  fflush(stdout);
  for (int i = 0; i < 3; ++i)
    if (fork() == 0) {
      sem_wait(semaphore);
      sem_post(semaphore + 1);
      _exit(0);
    }
  for (int i = 0; i < 3; ++i) sem_post(semaphore), sem_wait(semaphore + 1);
  while (wait(0) > 0) continue;
  printf("three children have passed a semaphore\n");
  return 0;
}
