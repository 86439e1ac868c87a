/* System V interprocess communication: semaphores, shared memory and message queues, with the structures of both releases. */
#include "libc/svr4.h"

enum { SEMCTL, SEMGET, SEMOP, SEMIDS, SEMTIMEDOP };
enum { SHMAT, SHMCTL, SHMDT, SHMGET, SHMIDS };
enum { MSGGET, MSGCTL, MSGRCV, MSGSND, MSGIDS };
enum { IPC_O_RMID, IPC_O_SET, IPC_O_STAT, IPC_RMID = 10, IPC_SET, IPC_STAT };
enum { IPC_PRIVATE = 0, IPC_ALLOC = 0100000, IPC_CREAT = 01000, IPC_EXCL = 02000, IPC_NOWAIT = 04000 };
enum { GETNCNT = 3, GETPID, GETVAL, GETALL, GETZCNT, SETVAL, SETALL, SEM_UNDO = 010000 };
enum { SHM_LOCK = 3, SHM_UNLOCK, SHM_DEST = 02000, SHM_RDONLY = 010000, SHM_RND = 020000, MSG_NOERROR = 010000 };
enum { ENOMSG = 35, EIDRM = 36, ETIME = 62 };

struct ipc_perm { uint uid, gid, cuid, cgid, mode, seq; int key, pad[4]; };
struct old_ipc_perm { ushort uid, gid, cuid, cgid, mode, seq; int key; };
struct semid_ds { struct ipc_perm perm; void *base; ushort nsems; int otime, pad1, ctime, pad2, binary, pad3[3]; };
struct old_semid_ds { struct old_ipc_perm perm; void *base; ushort nsems; int otime, ctime; };
struct shmid_ds { struct ipc_perm perm; int segsz; void *amp; ushort lkcnt; int lpid, cpid; uint nattch, cnattch;
                  int atime, pad1, dtime, pad2, ctime, pad3, pad4[4]; };
struct old_shmid_ds { struct old_ipc_perm perm; int segsz; void *region; int pad; ushort lpid, cpid, nattch, cnattch;
                      int atime, dtime, ctime; };
struct msqid_ds { struct ipc_perm perm; void *first, *last; uint cbytes, qnum, qbytes; int lspid, lrpid, stime, pad1, rtime, pad2,
                  ctime, pad3; ushort cv, qnum_cv; int pad4[3]; };
struct old_msqid_ds { struct old_ipc_perm perm; void *first, *last; ushort cbytes, qnum, qbytes, lspid, lrpid;
                      int stime, rtime, ctime; };
struct sembuf { ushort num; short op, flg; };

static int change(int set, int number, int by, int flags) {
  struct sembuf one = {number, by, flags};
  return semsys(SEMOP, set, &one, 1);
}

static void semaphores(int key) {
  struct semid_ds status;
  struct old_semid_ds old;
  int wstatus;
  check_error(semsys(SEMGET, key, 1, 0), ENOENT, "semget of nothing");
  const int set = semsys(SEMGET, key, 3, 0640 | IPC_CREAT | IPC_EXCL);
  check(set >= 0 && semsys(SEMGET, key, 0, 0) == set, "semget");
  check_error(semsys(SEMGET, key, 1, IPC_CREAT | IPC_EXCL), EEXIST, "semget again");
  check(semsys(SEMCTL, set, 0, SETVAL, 5) == 0 && semsys(SEMCTL, set, 0, GETVAL, 0) == 5, "SETVAL and GETVAL");
  ushort all[3] = {1, 2, 3}, seen[3] = {0};
  check(semsys(SEMCTL, set, 0, SETALL, all) == 0 && semsys(SEMCTL, set, 0, GETALL, seen) == 0 && seen[0] == 1 && seen[2] == 3,
        "SETALL and GETALL");
  check(change(set, 0, -1, 0) == 0 && semsys(SEMCTL, set, 0, GETVAL, 0) == 0 && semsys(SEMCTL, set, 0, GETPID, 0) == getpid(),
        "semop");
  check_error(change(set, 0, -1, IPC_NOWAIT), EAGAIN, "a semop that would wait");
  check_error(change(set, 3, 1, 0), EFBIG, "a semaphore that is not there");
  const struct timespec soon = {0, 20000000};
  struct sembuf take = {0, -1, 0};
  check_error(semsys(SEMTIMEDOP, set, &take, 1, &soon), EAGAIN, "semtimedop runs out");

  int child = fork();
  if (child == 0) exit(change(set, 1, -1, SEM_UNDO) == 0 && semsys(SEMCTL, set, 1, GETVAL, 0) == 1 ? 0 : 1);
  check(waitpid(child, &wstatus, 0) == child && wstatus == 0 && semsys(SEMCTL, set, 1, GETVAL, 0) == 2,
        "what a child did is undone when it ends");

  memset(&status, 0x55, sizeof status);
  check(semsys(SEMCTL, set, 0, IPC_STAT, &status) == 0 && status.perm.mode == (IPC_ALLOC | 0640) && status.nsems == 3 &&
            status.perm.key == key && status.perm.uid == (uint)getuid() && status.otime != 0 && status.ctime != 0,
        "IPC_STAT");
  memset(&old, 0x55, sizeof old);
  check(semsys(SEMCTL, set, 0, IPC_O_STAT, &old) == 0 && old.perm.mode == (IPC_ALLOC | 0640) && old.nsems == 3 &&
            old.perm.key == key && old.otime == status.otime,
        "Release 3's IPC_STAT");
  old.perm.mode = 0600;
  check(semsys(SEMCTL, set, 0, IPC_O_SET, &old) == 0 && semsys(SEMCTL, set, 0, IPC_STAT, &status) == 0 &&
            (status.perm.mode & 0777) == 0600,
        "Release 3's IPC_SET");
  uint count = 0;
  int ids[64];
  check(semsys(SEMIDS, ids, 0, &count) == 0 && count >= 1 && count <= 64, "semids counts");
  check(semsys(SEMIDS, ids, count, &count) == 0 && ids[0] == set, "semids lists");
  check_error(semsys(SEMCTL, set, 0, 99, 0), EINVAL, "a command that is none");

  child = fork();
  if (child == 0) exit(change(set, 0, -1, 0) == -1 ? errno : 0);
  while (semsys(SEMCTL, set, 0, GETNCNT, 0) != 1) pollsys(NULL, 0, &(struct timespec){0, 1000000}, NULL);
  check(semsys(SEMCTL, set, 0, IPC_RMID, 0) == 0 && waitpid(child, &wstatus, 0) == child && wstatus == EIDRM << 8,
        "a waiter is told that the set was removed");
  check_error(semsys(SEMCTL, set, 0, GETVAL, 0), EINVAL, "which is no more");
}

static void segments(int key) {
  struct shmid_ds status;
  struct old_shmid_ds old;
  int wstatus;
  const int id = shmsys(SHMGET, key, 5000, 0600 | IPC_CREAT);
  check(id >= 0 && shmsys(SHMGET, key, 4000, 0) == id, "shmget");
  check_error(shmsys(SHMGET, key, 5001, 0), EINVAL, "shmget of more than there is");
  char *at = (char *)shmsys(SHMAT, id, 0, 0);
  check(at != (char *)-1 && at[4999] == 0, "shmat");
  int child = fork();
  if (child == 0) {
    memcpy(at + 100, "child", 6);
    shmsys(SHMCTL, id, IPC_STAT, &status);
    exit(status.nattch == 2 ? 0 : 1);
  }
  check(waitpid(child, &wstatus, 0) == child && wstatus == 0 && strcmp(at + 100, "child") == 0, "a child shares it");
  memset(&status, 0x55, sizeof status);
  check(shmsys(SHMCTL, id, IPC_STAT, &status) == 0 && status.segsz == 5000 && status.nattch == 1 && status.cpid == getpid() &&
            status.perm.mode == (IPC_ALLOC | 0600) && status.atime != 0,
        "IPC_STAT");
  memset(&old, 0x55, sizeof old);
  check(shmsys(SHMCTL, id, IPC_O_STAT, &old) == 0 && old.segsz == 5000 && old.nattch == 1 && old.atime == status.atime,
        "Release 3's IPC_STAT");
  char *second = (char *)shmsys(SHMAT, id, at + 0x10001, SHM_RND | SHM_RDONLY);
  check(second == at + 0x10000 && second[100] == 'c', "SHM_RND and SHM_RDONLY");
  check_error(shmsys(SHMAT, id, at + 1, 0), EINVAL, "an address between pages");
  check_error(shmsys(SHMDT, at + 4096), EINVAL, "shmdt of the middle");
  check(shmsys(SHMCTL, id, IPC_RMID, 0) == 0 && shmsys(SHMCTL, id, IPC_STAT, &status) == 0 && (status.perm.mode & SHM_DEST) != 0,
        "a removed segment stays while it is attached");
  check(shmsys(SHMDT, second) == 0 && shmsys(SHMDT, at) == 0, "shmdt");
  check_error(shmsys(SHMCTL, id, IPC_STAT, &status), EINVAL, "and goes with its last attachment");
}

struct text { int type; char bytes[60]; };

static void queues(int key) {
  struct msqid_ds status;
  struct old_msqid_ds old;
  struct text m = {3, "three"};
  int wstatus;
  const int id = msgsys(MSGGET, key, 0600 | IPC_CREAT);
  check(id >= 0 && msgsys(MSGGET, key, 0) == id, "msgget");
  check(msgsys(MSGSND, id, &m, 6, 0) == 0, "msgsnd");
  m = (struct text){1, "one"};
  check(msgsys(MSGSND, id, &m, 4, 0) == 0, "msgsnd of another type");
  m.type = 0;
  check_error(msgsys(MSGSND, id, &m, 4, 0), EINVAL, "a message without a type");
  memset(&status, 0x55, sizeof status);
  check(msgsys(MSGCTL, id, IPC_STAT, &status) == 0 && status.qnum == 2 && status.cbytes == 10 && status.lspid == getpid() &&
            status.stime != 0 && status.rtime == 0,
        "IPC_STAT");
  memset(&old, 0x55, sizeof old);
  check(msgsys(MSGCTL, id, IPC_O_STAT, &old) == 0 && old.qnum == 2 && old.cbytes == 10 && old.stime == status.stime,
        "Release 3's IPC_STAT");
  check(msgsys(MSGRCV, id, &m, 60, -2, 0) == 4 && m.type == 1 && strcmp(m.bytes, "one") == 0, "the lowest type");
  check_error(msgsys(MSGRCV, id, &m, 2, 0, 0), E2BIG, "a message that does not fit");
  check(msgsys(MSGRCV, id, &m, 2, 0, MSG_NOERROR) == 2 && m.type == 3 && m.bytes[0] == 't', "MSG_NOERROR cuts it");
  check_error(msgsys(MSGRCV, id, &m, 60, 0, IPC_NOWAIT), ENOMSG, "an empty queue");
  const int child = fork();
  if (child == 0) exit(msgsys(MSGRCV, id, &m, 60, 0, 0) == -1 ? errno : 0);
  m = (struct text){7, "for the child"};
  check(msgsys(MSGSND, id, &m, 14, 0) == 0 && waitpid(child, &wstatus, 0) == child && wstatus == 0, "a child receives");
  check(msgsys(MSGCTL, id, IPC_O_RMID, 0) == 0, "Release 3's IPC_RMID");
  check_error(msgsys(MSGSND, id, &m, 1, 0), EINVAL, "a queue that is gone");
}

int main(void) {
  const int key = 0x51000000 | getpid();
  semaphores(key);
  segments(key);
  queues(key);
  return failures != 0;
}
