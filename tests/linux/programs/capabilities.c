// Sets of capabilities: capset's rules, what prctl has of them, and what becomes of them when users change and programs run. The host's
// superuser need not have them all: what is printed is what changes.
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "tell.h"

enum { chown_ = 0, kill_ = 5, bind_service = 10, raw = 13, all_words = 2 };
struct sets {
  uint64_t effective, permitted, inheritable;
};

static struct sets sets_of(pid_t pid) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, pid};
  struct __user_cap_data_struct data[all_words] = {{0}};
  if (syscall(SYS_capget, &head, data) != 0) printf("capget %s\n", error_name(errno));
  return (struct sets){data[0].effective | (uint64_t)data[1].effective << 32, data[0].permitted | (uint64_t)data[1].permitted << 32,
                       data[0].inheritable | (uint64_t)data[1].inheritable << 32};
}
static long set(struct sets to) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[all_words];
  for (int i = 0; i < all_words; ++i)
    data[i] = (struct __user_cap_data_struct){(uint32_t)(to.effective >> 32 * i), (uint32_t)(to.permitted >> 32 * i),
                                              (uint32_t)(to.inheritable >> 32 * i)};
  return syscall(SYS_capset, &head, data);
}

static struct sets first;
/// All that there were at first, none, or which.
static void show_set(const char *name, uint64_t set, uint64_t whole) {
  if (set == whole && set != 0)
    printf(" %s all", name);
  else
    printf(" %s %llx", name, (unsigned long long)set);
}
static void show(const char *when) {
  const struct sets now = sets_of(0);
  printf("%s:", when);
  show_set("effective", now.effective, first.permitted);
  show_set("permitted", now.permitted, first.permitted);
  show_set("inheritable", now.inheritable, first.permitted);
  printf(" ambient %d%d%d keep %d bits %x\n", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, chown_, 0, 0),
         prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, kill_, 0, 0), prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, raw, 0, 0),
         prctl(PR_GET_KEEPCAPS), prctl(PR_GET_SECUREBITS));
}

static void wrong(void) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[all_words];
  TELL(syscall(SYS_capget, NULL, data));
  TELL(syscall(SYS_capget, &head, NULL));
  head.version = _LINUX_CAPABILITY_VERSION_1;
  TELL(syscall(SYS_capget, &head, NULL));
  printf("version %x\n", head.version);
  head.version = 77;
  TELL(syscall(SYS_capget, &head, NULL));
  printf("version %x\n", head.version);
  head.version = 77;
  TELL(syscall(SYS_capget, &head, data));
  head.version = _LINUX_CAPABILITY_VERSION_3;
  head.pid = -1;
  TELL(syscall(SYS_capget, &head, data));
  head.pid = 0x3fffffff;
  TELL(syscall(SYS_capget, &head, data));
  TELL(syscall(SYS_capset, &head, data));
  head.pid = getppid();
  TELL(syscall(SYS_capget, &head, data));
  TELL(syscall(SYS_capset, &head, data));
  head.pid = getpid();
  TELL(syscall(SYS_capget, &head, data));
  TELL(syscall(SYS_capset, &head, data));
  TELL(syscall(SYS_capset, &head, NULL));
  TELL(prctl(PR_CAPBSET_READ, 41));
  TELL(prctl(PR_CAPBSET_DROP, 99));
  TELL(prctl(PR_SET_KEEPCAPS, 2));
  TELL(prctl(PR_SET_SECUREBITS, 0x10000));
  TELL(prctl(PR_CAP_AMBIENT, 9, 0, 0, 0));
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 99, 0, 0));
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kill_, 1, 0));
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0));
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
}

static void give_up(void) {
  const uint64_t some = 1u << kill_ | 1u << raw;
  TELL(set((struct sets){some, some, 0}));
  show("some");
  TELL(set((struct sets){some, 1u << raw, 0}));
  TELL(set((struct sets){0, some | 1u << chown_, 0}));
  TELL(set((struct sets){0, some, 1u << chown_}));
  TELL(set((struct sets){0, some, 1u << kill_}));
  show("not effective");
  TELL(prctl(PR_CAPBSET_DROP, chown_));
  TELL(prctl(PR_SET_SECUREBITS, 0));
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, raw, 0, 0));
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kill_, 0, 0));
  show("ambient");
  TELL(setgroups(0, NULL));
  TELL(setgid(7));
  TELL(setresuid(7, 7, 7));
  TELL(set((struct sets){0, some, 0}));
  show("no longer inheritable");
  TELL(set((struct sets){some, some, 0}));
  struct sets own = sets_of(getpid());
  printf("by its number: %llx\n", (unsigned long long)own.effective);
  TELL(set((struct sets){0, 0, 0}));
  show("none");
}

static void change_users(void) {
  TELL(seteuid(1000));
  show("effective user");
  TELL(seteuid(0));
  show("back");
  TELL(prctl(PR_SET_KEEPCAPS, 1));
  TELL(setresuid(1000, 1000, 1000));
  show("kept");
  TELL(set((struct sets){1u << bind_service, 1u << bind_service, 0}));
  show("one");
}
static void lose(void) {
  TELL(setresuid(1000, 1000, 1000));
  show("lost");
  TELL(setuid(0));
}
static void stay(void) {
  TELL(prctl(PR_SET_SECUREBITS, 4 | 8)); // no fixup, locked
  TELL(prctl(PR_SET_SECUREBITS, 0));
  TELL(setresuid(1000, 1000, 1000));
  show("as before");
}
static void bound(void) {
  TELL(prctl(PR_CAPBSET_READ, kill_));
  TELL(prctl(PR_CAPBSET_DROP, kill_));
  TELL(prctl(PR_CAPBSET_READ, kill_));
  show("bounded");
  TELL(set((struct sets){first.effective, first.permitted, 1u << kill_}));
}

static char own_path[4096];
static void execute(void) {
  fflush(stdout);
  execl(own_path, own_path, "again", (char *)NULL);
}
static void bound_and_execute(void) {
  prctl(PR_CAPBSET_DROP, kill_);
  struct sets now = sets_of(0);
  now.effective = 0;
  TELL(set(now));
  execute();
}
static void drop_and_execute(void) {
  TELL(set((struct sets){0, 0, 0}));
  TELL(prctl(PR_SET_KEEPCAPS, 1));
  execute();
}
static void inherit_and_execute(void) {
  TELL(set((struct sets){first.effective, first.permitted, 1u << kill_ | 1u << raw}));
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kill_, 0, 0));
  TELL(prctl(PR_SET_KEEPCAPS, 1));
  TELL(setresuid(1000, 1000, 1000));
  show("before"); // the change of users has taken the ambient one away
  TELL(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kill_, 0, 0));
  execute();
}
static void no_root(void) {
  TELL(prctl(PR_SET_SECUREBITS, 1));
  execute();
}

static void slack(void) {
  TELL(prctl(PR_GET_TIMERSLACK));
  TELL(prctl(PR_SET_TIMERSLACK, 1234));
  TELL(prctl(PR_GET_TIMERSLACK));
  fflush(stdout);
  if (fork() == 0) {
    TELL(prctl(PR_SET_TIMERSLACK, 77));
    TELL(prctl(PR_GET_TIMERSLACK));
    TELL(prctl(PR_SET_TIMERSLACK, 0));
    TELL(prctl(PR_GET_TIMERSLACK));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  TELL(prctl(PR_SET_TIMERSLACK, 0));
  TELL(prctl(PR_GET_TIMERSLACK));
}

static void groups(void) {
  gid_t wanted[] = {5, 3, 4}, told[8] = {0};
  TELL(setgroups(3, wanted));
  const int count = getgroups(8, told);
  printf("%d groups: %u %u %u\n", count, told[0], told[1], told[2]);
}

int main(int count, char **arguments) {
  first = sets_of(0);
  // What a program is told of its beginning: the superuser's bounding set is whole enough for those asked about.
  if (count > 1) {
    struct sets now = sets_of(0);
    printf("begins: kill %d%d%d, chown %d%d%d, raw %d%d%d, ambient %d, bounding %d%d, keep %d\n", (int)(now.effective >> kill_ & 1),
           (int)(now.permitted >> kill_ & 1), (int)(now.inheritable >> kill_ & 1), (int)(now.effective & 1), (int)(now.permitted & 1),
           (int)(now.inheritable & 1), (int)(now.effective >> raw & 1), (int)(now.permitted >> raw & 1), (int)(now.inheritable >> raw & 1),
           prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, kill_, 0, 0), prctl(PR_CAPBSET_READ, kill_), prctl(PR_CAPBSET_READ, chown_),
           prctl(PR_GET_KEEPCAPS));
    return 0;
  }
  if (readlink("/proc/self/exe", own_path, sizeof own_path - 1) < 0) return 1;
  show("at first");
  in_child("wrong", wrong);
  in_child("slack", slack);
  in_child("given up", give_up);
  in_child("users", change_users);
  in_child("lost", lose);
  in_child("no fixup", stay);
  in_child("bounding", bound);
  in_child("exec", execute);
  in_child("exec within bounds", bound_and_execute);
  in_child("exec with none", drop_and_execute);
  in_child("exec of a user", inherit_and_execute);
  in_child("exec without root", no_root);
  in_child("groups", groups);
  show("at last");
  return 0;
}
