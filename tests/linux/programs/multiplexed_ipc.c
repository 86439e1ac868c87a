// i386's one number for all of System V's interprocess communication, printed so that two systems can be compared.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tell.h"

#ifdef SYS_ipc
union semun {
  int val;
  struct semid_ds *buf;
};
struct text {
  long type;
  char bytes[64];
};
static key_t key;

static unsigned short half(const unsigned char *at) {
  return (unsigned short)(at[0] | at[1] << 8);
}

/// With the structures of the first generation: linux/ipc.h, sem.h, shm.h, msg.h.
static void multiplexed(void) {
  enum { op = 1, get, control, timed_op, send = 11, receive, get_queue, control_queue, attach = 21, detach, get_segment, control_segment };
  unsigned char old[64];
  const int set = (int)syscall(SYS_ipc, get, key, 2, 0640 | IPC_CREAT, 0, 0);
  union semun by_value = {.val = 5};
  TELL(syscall(SYS_ipc, control, set, 0, SETVAL, &by_value, 0));
  TELL(syscall(SYS_ipc, control, set, 0, GETVAL, &by_value, 0));
  TELL(syscall(SYS_ipc, control, set, 0, GETVAL, NULL, 0));
  struct sembuf one = {0, -2, 0};
  struct timespec soon = {0, 20000000};
  TELL(syscall(SYS_ipc, op, set, 1, 0, &one, 0));
  one.sem_op = -9;
  TELL(syscall(SYS_ipc, timed_op, set, 1, 0, &one, &soon));
  memset(old, 0x55, sizeof old);
  by_value.buf = (void *)old;
  TELL(syscall(SYS_ipc, control, set, 0, IPC_STAT, &by_value, 0));
  printf("%#o nsems %d, %#x\n", half(old + 12), half(old + 40), old[44]);
  memset(old, 0x55, sizeof old);
  TELL(syscall(SYS_ipc, control, set, 0, IPC_STAT | 0x100, &by_value, 0));
  printf("%#o nsems %d\n", half(old + 20), half(old + 52));
  TELL(syscall(SYS_ipc, control, set, 0, IPC_RMID, &by_value, 0));

  const int memory = (int)syscall(SYS_ipc, get_segment, IPC_PRIVATE, 5000, 0600, 0, 0);
  unsigned long address = 0;
  TELL(syscall(SYS_ipc, attach, memory, 0, &address, NULL, 0));
  printf("%d\n", address != 0);
  TELL(syscall(SYS_ipc, attach | 1 << 16, memory, 0, &address, NULL, 0));
  TELL(syscall(SYS_ipc, attach, memory, 0, 8, NULL, 0));
  memset(old, 0x55, sizeof old);
  TELL(syscall(SYS_ipc, control_segment, memory, IPC_STAT, 0, old, 0));
  printf("%#o size %d attached %d, %#x\n", half(old + 12), half(old + 16), half(old + 36), old[48]);
  int limits[5];
  TELL(syscall(SYS_ipc, control_segment, 0, IPC_INFO, 0, limits, 0) >= 0);
  printf("%d %d %d %d %d\n", limits[0], limits[1], limits[2], limits[3], limits[4]);
  TELL(syscall(SYS_ipc, detach, 0, 0, 0, address, 0));
  TELL(syscall(SYS_ipc, control_segment, memory, IPC_RMID, 0, 0, 0));

  const int messages = (int)syscall(SYS_ipc, get_queue, IPC_PRIVATE, 0600, 0, 0, 0);
  struct text message = {4, "text"};
  TELL(syscall(SYS_ipc, send, messages, 4, 0, &message, 0));
  TELL(syscall(SYS_ipc, send, messages, 4, 0, &message, 0));
  memset(old, 0x55, sizeof old);
  TELL(syscall(SYS_ipc, control_queue, messages, IPC_STAT, 0, old, 0));
  printf("%#o %d bytes, %d messages of %d\n", half(old + 12), half(old + 44), half(old + 46), half(old + 48));
  memset(&message, 0, sizeof message);
  TELL(syscall(SYS_ipc, receive | 1 << 16, messages, 64, 0, &message, 0));
  printf("%ld '%s'\n", message.type, message.bytes);
  struct {
    void *to;
    long type;
  } both = {&message, 4};
  memset(&message, 0, sizeof message);
  TELL(syscall(SYS_ipc, receive, messages, 64, 0, &both, 0));
  printf("%ld '%s'\n", message.type, message.bytes);
  TELL(syscall(SYS_ipc, receive, messages, 64, IPC_NOWAIT, NULL, 0));
  TELL(syscall(SYS_ipc, control_queue, messages, IPC_RMID, 0, 0, 0));
  TELL(syscall(SYS_ipc, 99, 0, 0, 0, 0, 0));
}
#endif

int main(void) {
#ifdef SYS_ipc
  key = (key_t)(0x50000000 | (getpid() & 0xffffff));
  multiplexed();
#else
  puts("no such number here");
#endif
  return 0;
}
