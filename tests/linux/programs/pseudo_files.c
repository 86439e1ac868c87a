// Files of /proc and /sys: those that tell of the machine are the host's, and those that tell of the program have the host's form.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static char text[1 << 18];
static long contents(const char* path) {
  const int file = open(path, O_RDONLY);
  if (file < 0) return -1;
  long size = 0;
  for (long some; (some = read(file, text + size, sizeof text - 1 - (size_t)size)) > 0;) size += some;
  text[size] = 0;
  close(file);
  return size;
}

/// As it is.
static void same(const char* path) {
  if (contents(path) < 0)
    printf("%s: not there\n", path);
  else
    printf("%s: %s%s", path, text, strchr(text, '\n') == NULL ? "\n" : "");
}
static int by_text(const void* a, const void* b) { return strcmp(*(char* const*)a, *(char* const*)b); }
/// The lines, in any order.
static void same_lines(const char* path) {
  char* lines[64];
  int count = 0;
  if (contents(path) < 0) printf("%s: not there\n", path);
  for (char* line = strtok(text, "\n"); line != NULL && count < 64; line = strtok(NULL, "\n")) lines[count++] = line;
  qsort(lines, (size_t)count, sizeof *lines, by_text);
  for (int i = 0; i < count; ++i) printf("%s: %s\n", path, lines[i]);
}
/// Each number as one letter, and blanks around it as one.
static void form(const char* path, int lines) {
  if (contents(path) < 0) {
    printf("%s: not there\n", path);
    return;
  }
  printf("%s:\n", path);
  for (char* at = text; *at != 0 && lines > 0; ++at) {
    if (isdigit((unsigned char)*at)) {
      while (isdigit((unsigned char)at[1])) ++at;
      putchar('N');
    } else if (*at == ' ') {
      while (at[1] == ' ') ++at;
      putchar(' ');
    } else {
      putchar(*at);
      if (*at == '\n') --lines;
    }
  }
}
/// The words before the colons, once each, in the order in which they come first; those that every kernel of these years has.
static void labels(const char* path) {
  static const char usual[] = " Size KernelPageSize MMUPageSize Rss Pss Shared_Clean Shared_Dirty Private_Clean Private_Dirty Referenced "
                              "Anonymous LazyFree AnonHugePages ShmemPmdMapped Swap SwapPss Locked VmFlags ";
  static char known[200][40];
  int count = 0;
  printf("%s:", path);
  if (contents(path) < 0) printf(" not there");
  for (char* line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    char* colon = strchr(line, ':');
    if (colon == NULL || strchr(line, ' ') < colon || colon - line >= 40) continue;
    *colon = 0;
    char word[48];
    snprintf(word, sizeof word, " %s ", line);
    if (strstr(usual, word) == NULL) continue;
    int i = 0;
    while (i < count && strcmp(known[i], line) != 0) ++i;
    if (i < count || count == 200) continue;
    strcpy(known[count++], line);
    printf(" %s", line);
  }
  printf("\n");
}
static void present(const char* path) { printf("%s: %s\n", path, access(path, R_OK) == 0 ? "there" : "not there"); }

static void processors(void) {
  // Who shares what depends on how the host numbers its processors: of those, the form.
  static const char* const groups[] = {"core_cpus", "core_cpus_list", "core_siblings", "core_siblings_list", "die_cpus", "die_cpus_list",
                                       "package_cpus", "package_cpus_list", "thread_siblings", "thread_siblings_list"};
  static const char* const cache[] = {"coherency_line_size", "level", "number_of_sets", "physical_line_partition", "size", "type",
                                      "ways_of_associativity"};
  char path[200];
  for (unsigned i = 0; i < sizeof groups / sizeof *groups; ++i) {
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/topology/%s", groups[i]);
    const long size = contents(path);
    printf("%s: %d %d\n", groups[i], size > 1, text[size - 1] == '\n' && strspn(text, "0123456789abcdef,-\n") == (size_t)size);
  }
  same("/sys/devices/system/cpu/cpu0/topology/core_id");
  same("/sys/devices/system/cpu/cpu0/topology/die_id");
  same("/sys/devices/system/cpu/cpu0/topology/physical_package_id");
  for (int index = 0; index < 5; ++index)
    for (unsigned i = 0; i < sizeof cache / sizeof *cache; ++i) {
      snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, cache[i]);
      same(path);
    }
  static const char* const system[] = {"cpu/online", "cpu/possible", "cpu/present", "node/online",
                                       "node/possible", "node/has_cpu", "node/has_memory", "node/has_normal_memory",
                                       "node/node0/cpulist", "node/node0/cpumap", "node/node0/distance"};
  for (unsigned i = 0; i < sizeof system / sizeof *system; ++i) {
    snprintf(path, sizeof path, "/sys/devices/system/%s", system[i]);
    same(path);
  }
  present("/sys/devices/system/cpu/cpu0/");
  present("/sys/devices/system/cpu/cpu00");
  present("/sys/devices/system/cpu/cpu");
  present("/sys/devices/system/cpu/cpu4711");
  present("/sys/devices/system/node/node1");
  int count = 0;
  DIR* all = opendir("/sys/devices/system/cpu");
  for (struct dirent* e; all != NULL && (e = readdir(all)) != NULL;) count += strncmp(e->d_name, "cpu", 3) == 0 && isdigit(e->d_name[3]);
  printf("%d processors\n", count);
  char here[200] = "";
  if (chdir("/sys/devices/system/cpu/cpu0/cache/index1") == 0) printf("%s\n", getcwd(here, sizeof here));
  if (chdir("../../../cpu0") == 0) printf("%s\n", getcwd(here, sizeof here));
}

static void auxiliary(void) {
  ElfW(auxv_t) all[64];
  const int file = open("/proc/self/auxv", O_RDONLY);
  const long size = read(file, all, sizeof all);
  close(file);
  int good = 0;
  static const unsigned long looked_at[] = {AT_PHDR, AT_PHENT, AT_PHNUM, AT_PAGESZ, AT_ENTRY, AT_UID, AT_EUID, AT_RANDOM, AT_EXECFN};
  for (long i = 0; i < size / (long)sizeof *all; ++i)
    for (unsigned j = 0; j < sizeof looked_at / sizeof *looked_at; ++j)
      good += all[i].a_type == looked_at[j] && getauxval(looked_at[j]) == all[i].a_un.a_val;
  printf("auxiliary vector: %d, whole %d\n", good, size % (long)sizeof *all == 0 && size > 0);
}

static void family(void) {
  int ends[2];
  if (pipe(ends) != 0) return;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    char byte;
    _exit((int)read(ends[0], &byte, 1));
  }
  char path[64], own[32];
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", getpid(), getpid());
  snprintf(own, sizeof own, "%d ", child);
  // Not every kernel is built with it.
  printf("children: %d\n", contents(path) < 0 || strcmp(text, own) == 0);
  close(ends[1]);
  close(ends[0]);
  waitpid(child, NULL, 0);
}

static void namespaces(void) {
  static const char* const names[] = {"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"};
  for (unsigned i = 0; i < sizeof names / sizeof *names; ++i) {
    char path[64], link[64] = "", kind[32] = "";
    snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
    unsigned long number = 0;
    const long size = readlink(path, link, sizeof link - 1);
    printf("%s: %d %s %d\n", names[i], sscanf(link, "%31[a-z]:[%lu]", kind, &number), kind, size > 0 && link[size - 1] == ']');
  }
}

static void mounted(void) {
  int good = 0, bad = 0, root = 0;
  contents("/proc/self/mountinfo");
  for (char* line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    int number, parent, major, minor, used = 0;
    char from[400], place[400], options[200];
    const int fields = sscanf(line, "%d %d %d:%d %399s %399s %199s%n", &number, &parent, &major, &minor, from, place, options, &used);
    if (fields == 7 && strstr(line + used, " - ") != NULL) ++good;
    else ++bad;
    root += fields == 7 && strcmp(place, "/") == 0;
  }
  printf("mountinfo: some %d, wrong %d, root %d\n", good > 2, bad, root);
  good = bad = 0;
  contents("/proc/self/mountstats");
  for (char* line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    char source[400], place[400], type[200];
    if (sscanf(line, "device %399s mounted on %399s with fstype %199s", source, place, type) == 3) ++good;
    else ++bad;
  }
  printf("mountstats: some %d, wrong %d\n", good > 2, bad);
}

/// The lines whose label ends so.
static void labelled(const char* path, const char* end) {
  contents(path);
  for (char* line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    const char* colon = strchr(line, ':');
    if (colon == NULL) continue;
    const size_t size = strlen(end);
    if ((size_t)(colon - line) >= size && strncmp(colon - size, end, size) == 0) printf("%s\n", line);
  }
}
static void allowed(void) {
  for (int all = 1; all >= 0; --all) {
    labelled("/proc/self/status", "Cpus_allowed");
    labelled("/proc/self/status", "_allowed_list");
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    if (all) printf("%d\n", sched_setaffinity(0, sizeof one, &one));
  }
}

static void without_lines(const char* start) {
  contents("/proc/self/fdinfo/9");
  for (char* line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    int is_among = 0;
    // Of mounts, ids and files that the library makes, each kernel has its own numbers.
    for (const char* one = start; *one != 0; one += strlen(one) + 1) is_among |= strncmp(line, one, strlen(one)) == 0;
    char* pid = strpbrk(line, "P");
    if (strncmp(line, "Pid:", 4) == 0 || strncmp(line, "NSpid:", 6) == 0)
      printf("%.*s own %d\n", (int)strcspn(line, ":"), line, atoi(strchr(line, ':') + 1) == getpid());
    else if (strncmp(line, "tfd:", 4) == 0 && (pid = strstr(line, " ino:")) != NULL)
      printf("%.*s\n", (int)(pid - line), line);
    else if (!is_among)
      printf("%s\n", line);
  }
}
static void described(const char* what, int descriptor) {
  static const char others[] = "flags\0mnt_id\0ino\0eventfd-id\0";
  dup2(descriptor, 9);
  close(descriptor);
  printf("%s:\n", what);
  without_lines(others);
  struct stat status;
  unsigned long number = 0;
  contents("/proc/self/fdinfo/9");
  const char* at = strstr(text, "ino:\t");
  if (at != NULL) number = strtoul(at + 5, NULL, 10);
  fstat(9, &status);
  printf("number %d\n", (unsigned long)status.st_ino == number);
  close(9);
}
static void descriptors(void) {
  const int counter = eventfd(42, EFD_SEMAPHORE);
  const int list = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = 0x1234};
  dup2(counter, 20);
  epoll_ctl(list, EPOLL_CTL_ADD, 20, &event);
  described("counter", counter);
  described("list", list);
  close(20);
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  described("timer", timer);
  const int due = timerfd_create(CLOCK_REALTIME, 0);
  const struct itimerspec long_ago = {.it_value = {1, 0}};
  timerfd_settime(due, TFD_TIMER_ABSTIME, &long_ago, NULL);
  described("timer that is due", due);
  sigset_t some;
  sigemptyset(&some);
  sigaddset(&some, SIGINT);
  sigaddset(&some, 40);
  described("signals", signalfd(-1, &some, 0));
  described("process", (int)syscall(SYS_pidfd_open, getpid(), 0));
}
/// Words that a file has, one after the other.
static void has(const char* path, const char* words) {
  char each[400];
  contents(path);
  strcpy(each, words);
  printf("%s:", path);
  for (char *rest = each, *word; (word = strsep(&rest, " ")) != NULL;) printf(" %s %d", word, strstr(text, word) != NULL);
  printf("\n");
}
static void counters(void) {
  has("/proc/self/io", "rchar: wchar: syscr: syscw: read_bytes: write_bytes: cancelled_write_bytes:");
  has("/proc/meminfo", "MemTotal: Active(anon): Inactive(file): Unevictable: Mlocked: Percpu: HugePages_Total: Hugepagesize: DirectMap4k:");
  has("/proc/vmstat", "nr_free_pages pgpgin pgpgout pswpin pswpout pgfault pgmajfault nr_dirty");
  has("/proc/self/status", "HugetlbPages: Seccomp: Speculation_Store_Bypass: CapBnd: Threads:");
  has("/proc/interrupts", "CPU0");
  has("/proc/softirqs", "CPU0 TIMER: RCU:");
  has("/proc/net/snmp", "Ip: Icmp: Tcp: Udp: CurrEstab RtoMin");
  has("/proc/net/netstat", "TcpExt: IpExt: ListenDrops");
  has("/proc/net/sockstat", "sockets: TCP: UDP: RAW: FRAG:");
  has("/proc/net/sockstat6", "TCP6: UDP6: RAW6:");
  has("/proc/net/protocols", "protocol UDPv6 TCPv6 UNIX RAW NETLINK");
  present("/proc/diskstats");
  present("/proc/net/ipv6_route");
}

/* A directory's links are its directories: so many threads a program has (Chromium counts them so). */
static void* waits(void* ends) {
  char byte;
  read(((int*)ends)[0], &byte, 1);
  return 0;
}
static void thread_directories(void) {
  struct stat s;
  int ends[2];
  pthread_t thread;
  stat("/proc/self/task", &s);
  printf("links of task: %d", (int)s.st_nlink);
  pipe(ends);
  pthread_create(&thread, 0, waits, ends);
  stat("/proc/self/task", &s);
  printf(", with a thread: %d\n", (int)s.st_nlink);
  close(ends[1]);
  pthread_join(thread, 0);
}

/* The device of a mount is that of its files. */
static void mount_devices(void) {
  static const char* const places[] = {"/", "/proc", "/sys", "/dev/shm"};
  for (unsigned i = 0; i < sizeof places / sizeof *places; ++i) {
    char line[4096], place[4096];
    unsigned on_major, on_minor, found_major = ~0u, found_minor = ~0u;
    FILE* mounts = fopen("/proc/self/mountinfo", "r");
    while (fgets(line, sizeof line, mounts) != 0)
      if (sscanf(line, "%*d %*d %u:%u %*s %4000s", &on_major, &on_minor, place) == 3 && strcmp(place, places[i]) == 0) {
        found_major = on_major;
        found_minor = on_minor;
      }
    fclose(mounts);
    struct stat s;
    stat(places[i], &s);
    printf("%s: device told %d\n", places[i], major(s.st_dev) == found_major && minor(s.st_dev) == found_minor);
  }
}

/* Sizes of memory by what it is for. */
static long size_of(const char* name) {
  char line[256];
  long kilobytes = -1;
  FILE* status = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, status) != 0)
    if (strncmp(line, name, strlen(name)) == 0) sscanf(line + strlen(name), ": %ld", &kilobytes);
  fclose(status);
  return kilobytes;
}
static void memory_sizes(void) {
  const long stack = size_of("VmStk"), text = size_of("VmExe"), libraries = size_of("VmLib"), data = size_of("VmData");
  volatile char* more = malloc(8 << 20);
  more[0] = 1;
  printf("stack %d, text %d, libraries %d, data %d, more %d, sum %d\n", stack > 0 && stack < 8192, text > 0 && text < 1000, libraries > 1000,
         data > 0, size_of("VmData") - data >= 8192 && size_of("VmData") - data < 9000,
         size_of("RssAnon") + size_of("RssFile") + size_of("RssShmem") == size_of("VmRSS"));
  free((void*)more);
}

int main(void) {
  descriptors();
  thread_directories();
  mount_devices();
  memory_sizes();
  counters();
  processors();
  static const char* const equal[] = {"/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups", "/proc/self/timerslack_ns",
                                      "/proc/net/route", "/proc/self/net/route"};
  for (unsigned i = 0; i < sizeof equal / sizeof *equal; ++i) same(equal[i]);
  static const char* const settings[] = {"kernel/tainted", "kernel/keys/maxkeys", "kernel/keys/maxbytes", "vm/overcommit_ratio",
                                         "vm/swappiness", "net/core/somaxconn", "fs/mqueue/msg_max", "fs/mqueue/msgsize_max",
                                         "fs/mqueue/msg_default", "fs/mqueue/msgsize_default", "fs/mqueue/queues_max",
                                         "fs/dir-notify-enable", "fs/inotify/max_queued_events",
                                         "fs/inotify/max_user_watches", "fs/inotify/max_user_instances"};
  for (unsigned i = 0; i < sizeof settings / sizeof *settings; ++i) {
    char path[100];
    snprintf(path, sizeof path, "/proc/sys/%s", settings[i]);
    form(path, 1);
  }
  same_lines("/proc/net/if_inet6");
  same_lines("/proc/self/net/if_inet6");
  form("/proc/net/dev", 3);
  form("/proc/partitions", 1);
  form("/proc/swaps", 1);
  form("/proc/devices", 1);
  form("/proc/self/loginuid", 1);
  putchar('\n');
  form("/proc/self/oom_score", 1);
  present("/proc/cmdline");
  present("/proc/self/cgroup");
  present("/proc/self/wchan");
  labels("/proc/self/smaps");
  labels("/proc/self/smaps_rollup");
  char first[64] = "";
  contents("/proc/sys/kernel/random/uuid");
  memcpy(first, text, sizeof first - 1);
  contents("/proc/sys/kernel/random/uuid");
  printf("uuid: %zu %c %d, another %d\n", strlen(text), text[14], strchr("89ab", text[19]) != NULL, strcmp(first, text) != 0);
  auxiliary();
  family();
  namespaces();
  mounted();
  allowed();
  return 0;
}
