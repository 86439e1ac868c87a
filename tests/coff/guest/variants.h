// What vendors' systems have beside Release 3's calls, for guest.c.
int sys_locking(int, int, int), sys_creatsem(const char*, int), sys_rdchk(int), sys_chsize(int, int), sys_ftime(void*),
    sys_select(int, word*, word*, word*, const int*), sys_eaccess(const char*, int), sys_getgroups(int, unsigned short*),
    sys_setgroups(int, const unsigned short*), sys_sysconf(int), sys_pathconf(const char*, int), sys_fpathconf(int, int),
    sys_rename(const char*, const char*), sys_utsname(char*), sys_getitimer(int, int*), sys_setitimer(int, const int*, int*),
    sys_nosuchxenix(void), sys_sysisc(int, ...), sys_lstat(const char*, void*), sys_lstat_sco(const char*, void*),
    sys_symlink_sco(const char*, const char*), sys_readlink_sco(const char*, char*, int), sys_xstat(int, const char*, void*),
    sys_pwrite_uw(int, const void*, word, int), sys_ftruncate_uw(int, int), sys_uname(void*), sys_cohcall(int, ...);

enum { o_rdwr = 2, o_creat = 0x100, o_trunc = 0x200 };

/// st_size of a stat structure whose words are given: where it stands tells the structures apart.
static int word_at(const void* structure, int offset) {
  return *(const int*)((const char*)structure + offset);
}
static int half_at(const void* structure, int offset) {
  return *(const unsigned short*)((const char*)structure + offset);
}

// XENIX' calls, through the second byte of EAX.
static void xenix(void) {
  const int file = sys_open("file", o_rdwr | o_creat | o_trunc, 0644);
  char status[32];
  check(file >= 0 && sys_write(file, "0123456789", 10) == 10, "a file");
  check(sys_chsize(file, 4) == 0 && sys_stat("file", status) == 0 && word_at(status, 16) == 4, "chsize");
  check(sys_lseek(file, 0, 0) == 0 && sys_locking(file, 2, 4) == 0, "locking");
  if (sys_fork() == 0) {
    const int other = sys_open("file", o_rdwr);
    check(sys_locking(other, 2, 4) == -1, "the lock holds");
    check(sys_locking(other, 9, 4) == -1 && error_number == 22, "EINVAL");
    sys_exit(0);
  }
  int child = -1;
  check(sys_wait(&child) > 0 && child == 0, "the child has seen the lock");
  check(sys_locking(file, 0, 4) == 0, "unlocked");
  check(sys_rename("file", "renamed") == 0 && sys_eaccess("renamed", 6) == 0 && sys_eaccess("file", 0) == -1,
        "rename, eaccess");

  int ends[2];
  char byte;
  check(sys_pipe(ends) == 0 && sys_rdchk(ends[0]) == 0, "rdchk of an empty pipe");
  word readable[2] = {1u << ends[0], 0}, writable[2] = {1u << ends[1], 0};
  const int at_once[2] = {0, 0};
  check(sys_select(32, readable, writable, 0, at_once) == 1 && readable[0] == 0 && writable[0] == 1u << ends[1], "select");
  check(sys_write(ends[1], "x", 1) == 1 && sys_rdchk(ends[0]) == 1, "rdchk of a pipe with a byte");
  readable[0] = 1u << ends[0];
  check(sys_select(32, readable, 0, 0, 0) == 1 && readable[0] == 1u << ends[0], "select finds the byte");
  check(sys_read(ends[0], &byte, 1) == 1 && byte == 'x', "the byte");
  check(sys_close(ends[0]) == 0 && sys_rdchk(ends[0]) == -1 && error_number == 9, "EBADF");
  readable[0] = 1u << ends[0];
  check(sys_select(32, readable, 0, 0, at_once) == -1 && error_number == 9, "EBADF of select");

  unsigned char time[12] = {0};
  time[10] = 77;
  check(sys_ftime(time) == 0 && word_at(time, 0) > 1000000000 && half_at(time, 4) < 1000 && time[10] == 77, "ftime");
  check(sys_sysconf(2) == 100 && sys_sysconf(11) == 4096 && sys_sysconf(99) == -1 && error_number == 22, "sysconf");
  check(sys_pathconf("/", 3) == 255 && sys_fpathconf(file, 5) == 5120 && sys_fpathconf(99, 5) == -1, "pathconf");
  unsigned short groups[32];
  check(sys_getgroups(0, groups) >= 0 && sys_getgroups(-1, groups) == -1 && error_number == 22, "getgroups");
  char names[98] = {0};
  check(sys_utsname(names) == 0 && same(names + 54, "i386"), "SCO's names");
  const int timer[4] = {0, 0, 100, 0};
  int old[4];
  check(sys_setitimer(0, timer, old) == 0 && sys_getitimer(0, old) == 0 && old[2] > 90, "interval timers");
  check(sys_creatsem("sem", 0600) == -1 && error_number == 89, "no semaphores: ENOSYS");
  check(sys_nosuchxenix() == -1 && error_number == 89, "no such call: ENOSYS");
}

// OpenServer has symbolic links at its own numbers, and its own generation of the structure.
static void openserver(void) {
  check(sys_symlink_sco("file", "link") == 0, "symlink");
  char target[8], status[120] = {0};
  check(sys_readlink_sco("link", target, sizeof target) == 4 && target[3] == 'e', "readlink");
  check(sys_lstat_sco("link", status) == 0 && (half_at(status, 4) & 0xf000) == 0xa000, "lstat");
  const int file = sys_open("file", o_rdwr | o_creat, 0640);
  check(file >= 0 && sys_write(file, "12345", 5) == 5, "a file");
  check(sys_xstat(51, "file", status) == 0 && word_at(status, 40) == 5 && half_at(status, 20) == 0100640, "xstat, its own");
  check(sys_xstat(1, "file", status) == 0 && word_at(status, 16) == 5, "xstat, Release 3's");
  check(sys_xstat(2, "file", status) == -1 && error_number == 22, "xstat, not Release 4's");
  check(sys_lstat("file", status) == -1 && error_number == 89, "lstat is not at Release 4's number");
}

// INTERACTIVE's POSIX calls are behind one number, and SIGCONT, SIGSTOP and SIGTSTP are 23, 24 and 25.
static void interactive(void) {
  int status = -1;
  const int child = sys_fork();
  if (child == 0) {
    sys_pause();
    sys_exit(3);
  }
  check(sys_kill(child, 24) == 0 && sys_sysisc(11, child, &status, 4) == child, "SIGSTOP stops");
  check(status == (24 << 8 | 0x7f), "its number in the status");
  check(sys_kill(child, 23) == 0 && sys_kill(child, 15) == 0, "SIGCONT continues");
  check(sys_sysisc(11, child, &status, 0) == child && status == 15, "killed");
  check(sys_signal(25, (void (*)(int))1) == 0 && sys_kill(sys_getpid(), 25) == 0, "SIGTSTP is ignored");
  check((int)sys_signal(24, (void (*)(int))1) == -1 && error_number == 22, "SIGSTOP cannot be");
  word set = 0;
  const word wanted = 1u << 22;
  check(sys_sysisc(4, 1, &wanted, 0) == 0 && sys_sysisc(4, 0, 0, &set) == 0 && set == wanted, "sigprocmask");
  check(sys_sysisc(10, 2) == 100 && sys_sysisc(77) == -1, "sysconf");
  if (sys_fork() == 0) sys_exit(sys_sysisc(13, 0, 0) == 0 ? 6 : 1);
  check(sys_wait(&status) > 0 && status == 6 << 8, "setpgid");
  check(sys_sysisc(18, "target", "symbolic") == 0, "symlink");
  char target[8];
  check(sys_sysisc(19, "symbolic", target, 8) == 6 && sys_sysisc(2, "symbolic", "renamed") == 0, "readlink, rename");
}

// Programs of Release 4 that say which vendor's they are.
static void unixware(void) {
  const int file = sys_open("file", o_rdwr | o_creat | o_trunc, 0640);
  char status[144];
  check(file >= 0 && sys_pwrite_uw(file, "abc", 3, 7) == 3, "pwrite at its number");
  check(sys_xstat(4, "file", status) == 0 && word_at(status, 52) == 10 && word_at(status, 56) == 0,
        "the structure with large sizes");
  check(sys_xstat(2, "file", status) == 0 && word_at(status, 48) == 10, "Release 4's structure");
  check(sys_ftruncate_uw(file, 2) == 0 && sys_stat("file", status) == 0 && word_at(status, 16) == 2,
        "ftruncate; the old structure");
  static char all[5][257];
  check(sys_uname(all) >= 0 && same(all[0], "UnixWare") && same(all[3], "7.1.4"), "uname");
}
static void solaris(void) {
  const int file = sys_open("file", o_rdwr | o_creat | o_trunc, 0640);
  char status[136];
  check(file >= 0 && sys_write(file, "abc", 3) == 3, "a file");
  check(sys_stat("file", status) == 0 && word_at(status, 48) == 3 && word_at(status, 20) == 0100640, "the large structure");
  check(sys_lstat("file", status) == 0 && word_at(status, 48) == 3, "lstat");
  static char all[5][257];
  check(sys_uname(all) >= 0 && same(all[0], "SunOS") && same(all[2], "5.10"), "uname");
}

// Coherent's own number is beyond a byte; directories are files of 16 bytes an entry.
static void coherent(void) {
  check(sys_cohcall(1, 0) == -1 && error_number == 1, "EPERM");
  const int file = sys_open("a-name-of-more-than-fourteen", o_rdwr | o_creat, 0640), here = sys_open(".", 0);
  check(file >= 0 && here >= 0, "a directory");
  struct {
    unsigned short inode;
    char name[14];
  } entries[8];
  const int size = sys_read(here, entries, sizeof entries);
  check(size == 3 * 16, "three entries");
  int found = 0;
  for (int i = 0; i < 3; ++i) {
    check(entries[i].inode != 0, "an inode number");
    if (entries[i].name[0] == 'a') found = entries[i].name[12] == 'r' && entries[i].name[13] == 'e';
  }
  check(found, "a name is cut");
  check(sys_read(here, entries, 16) == 0, "the end");
  check(sys_lseek(here, 0, 0) == 0 && sys_read(here, entries, 32) == 32, "from the beginning again");
  check(sys_read(here, entries, 8) == -1 && error_number == 22, "no room for an entry");
}
