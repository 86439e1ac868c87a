// System V semaphores, shared memory and message queues, printed so that two systems can be compared.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tell.h"

#ifndef SEM_STAT_ANY
#define SEM_STAT_ANY 20
#endif
#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif
#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif

union semun {
  int val;
  struct semid_ds *buf;
  unsigned short *array;
  struct seminfo *info;
};

/// The line of an object in /proc/sysvipc, without its key and identifier, cut after what is the same everywhere.
static void listed(const char *kind, int id, int size) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/sysvipc/%s", kind);
  FILE *list = fopen(path, "r");
  if (list == NULL || fgets(line, sizeof line, list) == NULL) return;
  printf("%s", line);
  while (fgets(line, sizeof line, list) != NULL)
    if (atoi(line + 11) == id) printf("%zu %.*s\n", strlen(line), size, line + 21);
  fclose(list);
}

/// As above, where the answer is an identifier or an address.
#define GIVES(call)                                                                                                              \
  do {                                                                                                                           \
    errno = 0;                                                                                                                   \
    printf("%s: %s\n", #call, (long)(call) == -1 ? error_name(errno) : "ok");                                                    \
  } while (0)

static key_t key;

static pid_t start(void (*work)(void *), void *argument) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    work(argument);
    fflush(stdout);
    _exit(0);
  }
  return child;
}
static void finish(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) printf("ended with %#x\n", status);
}
static void nap(long milliseconds) {
  const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}
static int change(int set, unsigned short number, short by, short flags) {
  struct sembuf one = {number, by, flags};
  return semop(set, &one, 1);
}
static int value(int set, int number) {
  return semctl(set, number, GETVAL);
}
/// Waits until a semaphore has so many waiters.
static void await_waiters(int set, int number, int command, int wanted) {
  for (int i = 0; i < 500 && semctl(set, number, command) != wanted; ++i) nap(10);
}

static int shared_set;

static void take_one(void *argument) {
  const int number = *(int *)argument;
  if (change(shared_set, 0, -1, 0) != 0) printf("%s\n", error_name(errno));
  printf("taken by %d\n", number);
}
static void wait_for_zero(void *unused) {
  (void)unused;
  printf("zero: %d\n", change(shared_set, 1, 0, 0));
}
static void wait_for_removal(void *unused) {
  (void)unused;
  TELL(change(shared_set, 0, -1, 0));
}
static void take_with_undo(void *unused) {
  (void)unused;
  change(shared_set, 0, -2, SEM_UNDO);
  change(shared_set, 1, 5, SEM_UNDO);
  change(shared_set, 1, -1, SEM_UNDO);
  change(shared_set, 2, 1, 0);
}
static void undo_and_exec(void *program) {
  change(shared_set, 0, -1, SEM_UNDO);
  execl(program, program, "--nothing", (char *)NULL);
}
static void interrupted(int number) {
  (void)number;
}

static void semaphores(const char *program) {
  puts("-- semaphores");
  TELL(semget(key, 1, 0600));
  TELL(semget(key, 0, 0600 | IPC_CREAT));
  TELL(semget(IPC_PRIVATE, 32001, 0600));
  TELL(semget(IPC_PRIVATE, -1, 0600));
  const int set = shared_set = semget(key, 4, 0640 | IPC_CREAT | IPC_EXCL);
  printf("%d %d\n", set >= 0, semget(key, 4, 0) == set);
  TELL(semget(key, 4, 0600 | IPC_CREAT | IPC_EXCL));
  TELL(semget(key, 5, 0600));
  printf("%d\n", semget(key, 0, 0) == set);
  struct semid_ds status;
  memset(&status, 0x55, sizeof status);
  TELL(semctl(set, 0, IPC_STAT, &status));
  printf("%#o %d %d %d %d %lu otime %ld ctime %d key %d\n", status.sem_perm.mode, status.sem_perm.uid == geteuid(),
         status.sem_perm.gid == getegid(), status.sem_perm.cuid == geteuid(), status.sem_perm.cgid == getegid(),
         (unsigned long)status.sem_nsems, (long)status.sem_otime, labs((long)(time(NULL) - status.sem_ctime)) < 10,
         status.sem_perm.__key == key);
  unsigned short values[4] = {1, 2, 3, 32767}, seen[4];
  TELL(semctl(set, 0, SETALL, values));
  TELL(semctl(set, 0, GETALL, seen));
  printf("%d %d %d %d\n", seen[0], seen[1], seen[2], seen[3]);
  values[1] = 32768;
  TELL(semctl(set, 0, SETALL, values));
  TELL(semctl(set, 0, SETVAL, -1));
  TELL(semctl(set, 0, SETVAL, 32768));
  TELL(semctl(set, 4, SETVAL, 1));
  TELL(semctl(set, -1, GETVAL));
  TELL(semctl(set, 0, GETVAL));
  TELL(semctl(set, 0, 77));
  TELL(semctl(-1, 0, GETVAL));
  TELL(semctl(0x7ffffff0, 0, GETVAL));
  TELL(syscall(SYS_semctl, set, 0, IPC_STAT, 8));
  TELL(syscall(SYS_semctl, set, 0, GETALL, 8));
  printf("pid %d\n", semctl(set, 0, GETPID) == getpid());

  struct sembuf two[2] = {{0, -1, 0}, {1, -3, IPC_NOWAIT}};
  TELL(semop(set, two, 2));
  printf("%d %d\n", value(set, 0), value(set, 1));
  two[1].sem_op = -2;
  TELL(semop(set, two, 2));
  printf("%d %d\n", value(set, 0), value(set, 1));
  struct sembuf same[3] = {{2, -3, IPC_NOWAIT}, {2, 0, IPC_NOWAIT}, {2, 4, IPC_NOWAIT}};
  TELL(semop(set, same, 3));
  printf("%d\n", value(set, 2));
  TELL(change(set, 3, 1, 0));
  TELL(change(set, 4, 1, 0));
  TELL(semop(set, two, 0));
  TELL(semop(set, two, 501));
  TELL(semop(set, (void *)8, 1));
  TELL(semop(-1, two, 1));
  TELL(change(set, 2, 0, IPC_NOWAIT));
  TELL(change(set, 0, -1, IPC_NOWAIT));
  struct timespec soon = {0, 20000000}, wrong = {0, 1000000000}, before = {-1, 0};
  two[0] = (struct sembuf){0, -1, 0};
  TELL(semtimedop(set, two, 1, &soon));
  TELL(semtimedop(set, two, 1, &wrong));
  TELL(semtimedop(set, two, 1, &before));

  puts("waiting in order");
  int numbers[3] = {1, 2, 3};
  pid_t children[3];
  for (int i = 0; i < 3; ++i) {
    children[i] = start(take_one, &numbers[i]);
    await_waiters(set, 0, GETNCNT, i + 1);
  }
  for (int i = 0; i < 3; ++i) {
    change(set, 0, 1, 0);
    finish(children[i]);
  }
  change(set, 1, 1, 0);
  const pid_t zero = start(wait_for_zero, NULL);
  await_waiters(set, 1, GETZCNT, 1);
  printf("%d %d\n", semctl(set, 1, GETNCNT), semctl(set, 1, GETZCNT));
  change(set, 1, -1, 0);
  finish(zero);

  puts("undone at exit");
  semctl(set, 0, SETVAL, 3);
  semctl(set, 1, SETVAL, 0);
  semctl(set, 2, SETVAL, 0);
  const pid_t undoing = start(take_with_undo, NULL);
  finish(undoing);
  printf("%d %d %d %d\n", value(set, 0), value(set, 1), value(set, 2), semctl(set, 0, GETPID) == undoing);
  finish(start(undo_and_exec, (void *)program));
  printf("%d\n", value(set, 0));

  puts("interrupted");
  struct sigaction action = {.sa_handler = interrupted, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  ualarm(30000, 0);
  TELL(change(set, 1, -1, 0));

  memset(&status, 0, sizeof status);
  semctl(set, 0, IPC_STAT, &status);
  printf("otime %d\n", labs((long)(time(NULL) - status.sem_otime)) < 10);
  status.sem_perm.mode = 07777;
  status.sem_perm.uid = 1234;
  TELL(semctl(set, 0, IPC_SET, &status));
  semctl(set, 0, IPC_STAT, &status);
  printf("%#o %d\n", status.sem_perm.mode, status.sem_perm.uid);
  status.sem_perm.uid = (uid_t)-1;
  TELL(semctl(set, 0, IPC_SET, &status));

  struct seminfo info;
  int found = 0;
  const int highest = semctl(0, 0, SEM_INFO, &info);
  for (int i = 0; i <= highest; ++i) found += semctl(i, 0, SEM_STAT, &status) == set;
  printf("by index %d, any %d\n", found, semctl(highest, 0, SEM_STAT_ANY, &status) >= 0);
  printf("%d %d\n", info.semusz >= 1, info.semaem >= 4);
  TELL(semctl(0, 0, IPC_INFO, &info) >= 0);
  printf("%d %d %d %d %d %d %d %d %d %d\n", info.semmap, info.semmni, info.semmns, info.semmnu, info.semmsl, info.semopm,
         info.semume, info.semusz, info.semvmx, info.semaem);

  listed("sem", set, 18);
  puts("removed");
  semctl(set, 0, SETVAL, 0);
  const pid_t waiter = start(wait_for_removal, NULL);
  await_waiters(set, 0, GETNCNT, 1);
  TELL(semctl(set, 0, IPC_RMID));
  finish(waiter);
  TELL(semctl(set, 0, IPC_RMID));
  TELL(change(set, 0, 1, 0));
}

static sigjmp_buf back;
static void on_fault(int number, siginfo_t *info, void *context) {
  (void)info;
  (void)context;
  siglongjmp(back, number);
}
static void touch(const char *what, volatile char *at, int to_write) {
  const int number = sigsetjmp(back, 1);
  if (number == 0) {
    char seen = *at;
    if (to_write) *at = 'w';
    printf("%s: %d\n", what, seen);
  } else {
    printf("%s: signal %d\n", what, number);
  }
}

static char *attached;
static int segment;

static unsigned long attachments(void) {
  struct shmid_ds status;
  return shmctl(segment, IPC_STAT, &status) == 0 ? (unsigned long)status.shm_nattch : 999;
}
static void use_inherited(void *unused) {
  (void)unused;
  printf("child: %lu, '%s'\n", attachments(), attached);
  strcpy(attached, "from the child");
  TELL(shmdt(attached));
  printf("child: %lu\n", attachments());
  touch("child", attached, 0);
}
static void exec_program(void *program) {
  execl(program, program, "--attachments", (char *)NULL);
}

static void segments(const char *program) {
  puts("-- shared memory");
  const long page = sysconf(_SC_PAGESIZE);
  TELL(shmget(key, 100, 0600));
  TELL(shmget(key, 0, 0600 | IPC_CREAT));
  segment = shmget(key, 2 * (size_t)page + 10, 0640 | IPC_CREAT | IPC_EXCL);
  printf("%d %d\n", segment >= 0, shmget(key, 0, 0) == segment);
  TELL(shmget(key, 2 * (size_t)page + 11, 0));
  TELL(shmget(key, 1, IPC_CREAT | IPC_EXCL));
  struct shmid_ds status;
  memset(&status, 0x55, sizeof status);
  TELL(shmctl(segment, IPC_STAT, &status));
  printf("%#o %zu %d %d %lu %ld %ld %d\n", status.shm_perm.mode, status.shm_segsz, status.shm_cpid == getpid(), status.shm_lpid,
         (unsigned long)status.shm_nattch, (long)status.shm_atime, (long)status.shm_dtime,
         labs((long)(time(NULL) - status.shm_ctime)) < 10);
  attached = shmat(segment, NULL, 0);
  printf("%d %d\n", attached != (void *)-1, attached[0]);
  strcpy(attached, "from the parent");
  attached[3 * page - 1] = 'e';
  shmctl(segment, IPC_STAT, &status);
  printf("%lu %d %d\n", (unsigned long)status.shm_nattch, status.shm_lpid == getpid(),
         labs((long)(time(NULL) - status.shm_atime)) < 10);
  finish(start(use_inherited, NULL));
  printf("%lu '%s'\n", attachments(), attached);
  finish(start(exec_program, (void *)program));
  printf("%lu\n", attachments());

  puts("addresses");
  char *room = mmap(NULL, 8 * (size_t)page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  GIVES(shmat(segment, room + 1, 0));
  GIVES(shmat(segment, room, 0));
  GIVES(shmat(segment, NULL, SHM_REMAP));
  printf("%d\n", shmat(segment, room, SHM_REMAP) == room);
  touch("remapped", room, 0);
  munmap(room + 3 * page, 5 * (size_t)page);
  printf("%d\n", shmat(segment, room + 4 * page + 1, SHM_RND) == room + 4 * page);
  printf("%lu\n", attachments());
  TELL(shmdt(room + page));
  TELL(shmdt(room + 1));
  TELL(mprotect(room + page, (size_t)page, PROT_READ));
  printf("%lu\n", attachments());
  TELL(munmap(room + 2 * page, (size_t)page));
  TELL(shmdt(room));
  touch("detached", room, 0);
  touch("detached too", room + page, 0);
  TELL(shmdt(room + 4 * page));
  TELL(shmdt(room + 4 * page));
  printf("%lu\n", attachments());
  char *read_only = shmat(segment, NULL, SHM_RDONLY);
  touch("read", read_only, 0);
  touch("write", read_only, 1);
  TELL(mprotect(read_only, (size_t)page, PROT_READ | PROT_WRITE));
  TELL(shmdt(read_only));
  char *executable = shmat(segment, NULL, SHM_EXEC);
  executable[0] = (char)0xc3; // ret
  ((void (*)(void))(uintptr_t)executable)();
  puts("executed");
  TELL(shmdt(executable));
  GIVES(shmat(-1, NULL, 0));
  GIVES(shmat(0x7ffffff0, NULL, 0));

  status.shm_perm.mode = 0600;
  TELL(shmctl(segment, IPC_SET, &status));
  TELL(shmctl(segment, SHM_LOCK, NULL));
  shmctl(segment, IPC_STAT, &status);
  printf("%#o\n", status.shm_perm.mode);
  TELL(shmctl(segment, SHM_UNLOCK, NULL));
  TELL(shmctl(segment, 99, NULL));
  struct shminfo limits;
  TELL(shmctl(0, IPC_INFO, (struct shmid_ds *)&limits) >= 0);
  printf("%lu %lu %lu %lu %lu\n", limits.shmmax, limits.shmmin, limits.shmmni, limits.shmseg, limits.shmall);
  struct shm_info use;
  const int highest = shmctl(0, SHM_INFO, (struct shmid_ds *)&use);
  printf("%d %d\n", use.used_ids >= 1, use.shm_tot >= 3);
  int found = 0;
  for (int i = 0; i <= highest; ++i) found += shmctl(i, SHM_STAT, &status) == segment;
  printf("by index %d, any %d\n", found, shmctl(highest, SHM_STAT_ANY, &status) >= 0);

  listed("shm", segment, 29);
  puts("removed");
  TELL(shmctl(segment, IPC_RMID, NULL));
  TELL(shmget(key, 0, 0));
  TELL(shmctl(segment, IPC_STAT, &status));
  printf("%#o %lu %d\n", status.shm_perm.mode, (unsigned long)status.shm_nattch, status.shm_perm.__key);
  char *again = shmat(segment, NULL, 0);
  printf("%d\n", again != (void *)-1 && again[3 * page - 1] == 'e');
  TELL(shmdt(again));
  TELL(shmdt(attached));
  TELL(shmctl(segment, IPC_STAT, &status));
  GIVES(shmat(segment, NULL, 0));
}

struct text {
  long type;
  char bytes[64];
};
static int queue;

static int put(long type, const char *bytes, int flags) {
  struct text message = {type, ""};
  strcpy(message.bytes, bytes);
  return msgsnd(queue, &message, strlen(bytes), flags);
}
static void take(long type, size_t room, int flags) {
  struct text message;
  memset(&message, 0, sizeof message);
  errno = 0;
  const long size = msgrcv(queue, &message, room, type, flags);
  if (size < 0)
    printf("take %ld: %s\n", type, error_name(errno));
  else
    printf("take %ld: %ld '%s' of %ld\n", type, message.type, message.bytes, size);
}
static void take_seven(void *unused) {
  (void)unused;
  take(7, 64, 0);
}
static void take_little(void *unused) {
  (void)unused;
  take(8, 2, 0);
}
static void put_when_there_is_room(void *unused) {
  (void)unused;
  TELL(put(2, "late", 0));
}
static void take_any(void *unused) {
  (void)unused;
  take(0, 64, 0);
}

static void queues(void) {
  puts("-- message queues");
  TELL(msgget(key, 0600));
  queue = msgget(key, 0640 | IPC_CREAT | IPC_EXCL);
  printf("%d %d\n", queue >= 0, msgget(key, 0) == queue);
  TELL(msgget(key, IPC_CREAT | IPC_EXCL));
  struct msqid_ds status;
  memset(&status, 0x55, sizeof status);
  TELL(msgctl(queue, IPC_STAT, &status));
  printf("%#o %lu %lu %lu %d %d %ld %ld\n", status.msg_perm.mode, (unsigned long)status.__msg_cbytes,
         (unsigned long)status.msg_qnum, (unsigned long)status.msg_qbytes, status.msg_lspid, status.msg_lrpid,
         (long)status.msg_stime, (long)status.msg_rtime);
  TELL(put(3, "three", 0));
  TELL(put(1, "one", 0));
  TELL(put(2, "two", 0));
  TELL(put(1, "one again", 0));
  TELL(put(0, "none", 0));
  TELL(put(-1, "minus", 0));
  TELL(msgsnd(queue, (void *)8, 1, 0));
  struct text large = {1, ""};
  TELL(msgsnd(queue, &large, 8193, 0));
  TELL(msgsnd(queue, &large, (size_t)-1, 0));
  TELL(msgsnd(-1, &large, 1, 0));
  msgctl(queue, IPC_STAT, &status);
  printf("%lu %lu %d\n", (unsigned long)status.__msg_cbytes, (unsigned long)status.msg_qnum, status.msg_lspid == getpid());
  take(0, 2, 0);
  take(0, 2, MSG_NOERROR);
  take(-2, 64, 0);
  take(1, 64, MSG_EXCEPT);
  take(2, 64, IPC_NOWAIT);
  TELL(put(5, "five", 0));
  take(1, 64, MSG_COPY | IPC_NOWAIT);
  take(0, 64, MSG_COPY | IPC_NOWAIT);
  take(9, 64, MSG_COPY | IPC_NOWAIT);
  take(0, 64, MSG_COPY);
  take(0, 64, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT);
  take(0, 64, 0);
  take(0, 64, 0);
  TELL(msgrcv(queue, &large, 64, 0, IPC_NOWAIT));
  TELL(msgrcv(queue, &large, (size_t)-1, 0, 0));
  TELL(msgrcv(-1, &large, 64, 0, 0));
  TELL(put(1, "", 0));
  take(0, 0, 0);

  puts("waiting");
  pid_t seven = start(take_seven, NULL), little = start(take_little, NULL);
  nap(100);
  TELL(put(8, "too long", 0));
  finish(little);
  TELL(put(6, "six", 0));
  TELL(put(7, "seven", 0));
  finish(seven);
  take(0, 64, 0);
  take(0, 64, 0);
  msgctl(queue, IPC_STAT, &status);
  status.msg_qbytes = 10;
  TELL(msgctl(queue, IPC_SET, &status));
  TELL(put(1, "eight...", 0));
  TELL(put(1, "eight...", IPC_NOWAIT));
  const pid_t late = start(put_when_there_is_room, NULL);
  nap(100);
  take(1, 64, 0);
  finish(late);
  take(2, 64, 0);
  struct sigaction action = {.sa_handler = interrupted, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  ualarm(30000, 0);
  take(0, 64, 0);

  struct msginfo info;
  TELL(msgctl(0, IPC_INFO, (struct msqid_ds *)&info) >= 0);
  printf("%d %d %d %d %d %d %d %d\n", info.msgpool, info.msgmap, info.msgmax, info.msgmnb, info.msgmni, info.msgssz, info.msgtql,
         info.msgseg);
  const int highest = msgctl(0, MSG_INFO, (struct msqid_ds *)&info);
  int found = 0;
  for (int i = 0; i <= highest; ++i) found += msgctl(i, MSG_STAT, &status) == queue;
  printf("by index %d, any %d, %d\n", found, msgctl(highest, MSG_STAT_ANY, &status) >= 0, info.msgpool >= 1);

  listed("msg", queue, 30);
  puts("removed");
  const pid_t waiter = start(take_any, NULL);
  nap(100);
  TELL(msgctl(queue, IPC_RMID, NULL));
  finish(waiter);
  TELL(msgctl(queue, IPC_RMID, NULL));
  TELL(put(1, "gone", 0));
}

static void as_somebody(void *unused) {
  (void)unused;
  if (setresgid(4321, 4321, 4321) != 0 || setresuid(4321, 4321, 4321) != 0) return;
  struct semid_ds status;
  GIVES(semget(key, 1, 0400));
  GIVES(semget(key, 1, 0200));
  TELL(semctl(shared_set, 0, GETVAL));
  TELL(semctl(shared_set, 0, SETVAL, 1));
  TELL(change(shared_set, 0, 0, IPC_NOWAIT));
  TELL(change(shared_set, 0, 1, IPC_NOWAIT));
  TELL(semctl(shared_set, 0, IPC_STAT, &status));
  TELL(semctl(shared_set, 0, IPC_SET, &status));
  TELL(semctl(shared_set, 0, IPC_RMID));
  GIVES(shmat(segment, NULL, SHM_RDONLY));
  GIVES(shmat(segment, NULL, 0));
  TELL(shmctl(segment, IPC_RMID, NULL));
  TELL(put(1, "text", 0));
  take(0, 64, IPC_NOWAIT);
}

static void permissions(void) {
  puts("-- permissions");
  shared_set = semget(key, 1, 0604 | IPC_CREAT);
  segment = shmget(IPC_PRIVATE, 4096, 0604);
  queue = msgget(IPC_PRIVATE, 0602);
  finish(start(as_somebody, NULL));
  semctl(shared_set, 0, IPC_RMID);
  shmctl(segment, IPC_RMID, NULL);
  msgctl(queue, IPC_RMID, NULL);
}

int main(int count, char **arguments) {
  if (count > 1) return 0;
  key = (key_t)(0x50000000 | (getpid() & 0xffffff));
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  semaphores(arguments[0]);
  segments(arguments[0]);
  queues();
  if (getuid() == 0) permissions();
  return 0;
}
