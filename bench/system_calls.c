// What system calls cost here: one static program, which every system that is compared runs as it is. Prints "name nanoseconds"
// lines.
//
//   system_calls DIRECTORY [MILLISECONDS [NAME...]]   measures each operation, or the named ones, for about so long
//   system_calls --names                              prints what there is
//   system_calls --run COMMAND [ARGUMENT...]          runs a command, and prints its nanoseconds, its kilobytes (those of the largest
//                                                     process) and its status; what starts it is small, and does not count
//
// DIRECTORY may be written to, and lies on a file system of the host's.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void die(const char* what) {
  perror(what);
  exit(2);
}
static int known(int answer, const char* what) {
  if (answer < 0) die(what);
  return answer;
}

static char* self;
static char directory[4096], file_path[4200], list_path[4200];
static const char memory_path[] = "/dev/shm/polyabi-bench";
static int zero, null, file, events, there[2], back[2], left[2], right[2];
static char page[4096];

// --- operations, each with what is made once before it. One whose `prepare` fails (-1) is left out.
static void get_process(void) { syscall(SYS_getpid); }
static void raw_clock(void) {
  struct timespec t;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
}
static void library_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
}
static void status_of_open(void) {
  struct stat s;
  if (fstat(zero, &s) != 0) die("fstat");
}
static void status_of_name(void) {
  struct stat s;
  if (stat(file_path, &s) != 0) die("stat");
}
static void open_and_close(void) { close(known(open(file_path, O_RDONLY), "open")); }
static int make_memory_file(void) {
  const int made = open(memory_path, O_CREAT | O_WRONLY, 0600);
  if (made >= 0) close(made);
  return made;
}
static void status_in_memory(void) {
  struct stat s;
  if (stat(memory_path, &s) != 0) die("stat");
}
static void open_and_close_in_memory(void) { close(known(open(memory_path, O_RDONLY), "open")); }
static void read_zero(void) {
  if (read(zero, page, 1) != 1) die("read");
}
static void write_null(void) {
  if (write(null, page, 1) != 1) die("write");
}
static void read_page(void) {
  if (pread(file, page, sizeof page, 0) != sizeof page) die("pread");
}

static void exchange(int to, int from) {
  char c = 'x';
  if (write(to, &c, 1) != 1 || read(from, &c, 1) != 1) die("exchange");
}
/// A child that answers each byte.
static pid_t partner;
static void answer(int from, int to) {
  char c;
  while (read(from, &c, 1) == 1)
    if (write(to, &c, 1) != 1) break;
  _exit(0);
}
static void end_partner(void) { waitpid(partner, NULL, 0); }
static int make_pipes(void) {
  if (pipe(there) != 0 || pipe(back) != 0) return -1;
  if ((partner = fork()) == 0) {
    close(there[1]);
    answer(there[0], back[1]);
  }
  return 0;
}
static void pipe_ping_pong(void) { exchange(there[1], back[0]); }
static void end_pipes(void) {
  for (int i = 0; i < 2; ++i) close(there[i]), close(back[i]);
  end_partner();
}
static int make_one_pipe(void) { return pipe(there); }
static void pipe_alone(void) { exchange(there[1], there[0]); }
static void end_one_pipe(void) { close(there[0]), close(there[1]); }
static int make_one_pair(void) { return socketpair(AF_UNIX, SOCK_STREAM, 0, left); }
static void pair_alone(void) { exchange(left[0], left[1]); }
static void end_one_pair(void) { close(left[0]), close(left[1]); }
static int make_pair(void) {
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, left) != 0) return -1;
  if ((partner = fork()) == 0) {
    close(left[0]);
    answer(left[1], left[1]);
  }
  return 0;
}
static void pair_ping_pong(void) { exchange(left[0], left[0]); }
static void end_pair(void) {
  close(left[0]), close(left[1]);
  end_partner();
}
static int make_connection(void) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr*)&at, size) != 0 || listen(listener, 1) != 0) return -1;
  if (getsockname(listener, (struct sockaddr*)&at, &size) != 0) return -1;
  right[0] = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(right[0], (struct sockaddr*)&at, size) != 0) return -1;
  right[1] = accept(listener, NULL, NULL);
  close(listener);
  if (right[1] < 0) return -1;
  const int on = 1;
  for (int i = 0; i < 2; ++i) setsockopt(right[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if ((partner = fork()) == 0) {
    close(right[0]);
    answer(right[1], right[1]);
  }
  return 0;
}
static void tcp_ping_pong(void) { exchange(right[0], right[0]); }
static void end_connection(void) {
  close(right[0]), close(right[1]);
  end_partner();
}

static void futex_wake(void) {
  static int word;
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
static void* nothing(void* argument) { return argument; }
static void thread_and_join(void) {
  pthread_t made;
  if (pthread_create(&made, NULL, nothing, NULL) != 0) die("pthread_create");
  pthread_join(made, NULL);
}
static void map_and_unmap(void) {
  void* at = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) die("mmap");
  munmap(at, 65536);
}
/// A page of fresh memory; what was touched is given back every 256 pages, a small part of the cost.
static void page_fault(void) {
  enum { pages = 256 };
  static char* memory;
  static int next = pages;
  if (memory == NULL) {
    memory = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) die("mmap");
    madvise(memory, pages * 4096, MADV_NOHUGEPAGE);
  }
  if (next == pages) {
    madvise(memory, pages * 4096, MADV_DONTNEED);
    next = 0;
  }
  memory[next++ * 4096] = 1;
}
static void fork_and_wait_for(char** again) {
  const pid_t child = fork();
  if (child == 0) {
    if (again != NULL) execv(again[0], again);
    _exit(0);
  }
  int status;
  if (waitpid(child, &status, 0) != child || status != 0) die("waitpid");
}
static void fork_and_wait(void) { fork_and_wait_for(NULL); }
static void fork_exec_and_wait(void) {
  char* again[] = {self, "--nothing", NULL};
  fork_and_wait_for(again);
}
static volatile int signals;
static void on_signal(int number) { signals += number != 0; }
static int make_handler(void) { return signal(SIGUSR1, on_signal) == SIG_ERR ? -1 : 0; }
static void signal_delivery(void) { raise(SIGUSR1); }
static int make_epoll(void) {
  events = epoll_create1(0);
  if (events < 0 || pipe(there) != 0 || write(there[1], "x", 1) != 1) return -1;
  struct epoll_event wanted = {.events = EPOLLIN};
  return epoll_ctl(events, EPOLL_CTL_ADD, there[0], &wanted);
}
static void wait_for_event(void) {
  struct epoll_event got;
  if (epoll_wait(events, &got, 1, 0) != 1) die("epoll_wait");
}
static void end_epoll(void) { close(events), close(there[0]), close(there[1]); }
static int make_names(void) {
  if (mkdir(list_path, 0700) != 0) return 0; // of an earlier run
  char name[4300];
  for (int i = 0; i < 1000; ++i) {
    snprintf(name, sizeof name, "%s/%d", list_path, i);
    close(known(open(name, O_CREAT | O_WRONLY, 0600), name));
  }
  return 0;
}
static void read_directory(void) {
  DIR* list = opendir(list_path);
  if (list == NULL) die("opendir");
  int count = 0;
  while (readdir(list) != NULL) ++count;
  if (count != 1002) die("readdir");
  closedir(list);
}

static const struct operation {
  const char* name;
  void (*run)(void);
  int (*prepare)(void);
  void (*finish)(void);
} operations[] = {
    {"getpid", get_process, NULL, NULL},
    {"clock_gettime by call", raw_clock, NULL, NULL},
    {"clock_gettime by vDSO", library_clock, NULL, NULL},
    {"fstat", status_of_open, NULL, NULL},
    {"stat", status_of_name, NULL, NULL},
    {"stat on tmpfs", status_in_memory, make_memory_file, NULL},
    {"open+close", open_and_close, NULL, NULL},
    {"open+close on tmpfs", open_and_close_in_memory, make_memory_file, NULL},
    {"read 1 of /dev/zero", read_zero, NULL, NULL},
    {"write 1 to /dev/null", write_null, NULL, NULL},
    {"pread 4 KiB", read_page, NULL, NULL},
    {"pipe in one process", pipe_alone, make_one_pipe, end_one_pipe},
    {"socketpair in one process", pair_alone, make_one_pair, end_one_pair},
    {"pipe ping-pong", pipe_ping_pong, make_pipes, end_pipes},
    {"socketpair ping-pong", pair_ping_pong, make_pair, end_pair},
    {"TCP ping-pong", tcp_ping_pong, make_connection, end_connection},
    {"futex wake", futex_wake, NULL, NULL},
    {"thread create+join", thread_and_join, NULL, NULL},
    {"mmap+munmap", map_and_unmap, NULL, NULL},
    {"page fault", page_fault, NULL, NULL},
    {"fork+wait", fork_and_wait, NULL, NULL},
    {"fork+exec+wait", fork_exec_and_wait, NULL, NULL},
    {"signal delivery", signal_delivery, make_handler, NULL},
    {"epoll_wait", wait_for_event, make_epoll, end_epoll},
    {"readdir of 1,000", read_directory, make_names, NULL},
};

static double time_of(const struct operation* o, long turns) {
  const double start = now();
  for (long i = 0; i < turns; ++i) o->run();
  return now() - start;
}

/// The quickest of eight rounds, which together take `wanted` nanoseconds: whatever else runs on the machine only adds to it. How
/// many turns a round has is found by doubling.
static void measure(const struct operation* o, double wanted) {
  enum { rounds = 8 };
  if (o->prepare != NULL && o->prepare() < 0) return;
  o->run();
  long turns = 1;
  double best = time_of(o, 1);
  while (best * 2 < wanted / rounds) {
    turns *= 2;
    best = time_of(o, turns);
  }
  for (int i = 1; i < rounds; ++i) {
    const double took = time_of(o, turns);
    if (took < best) best = took;
  }
  if (o->finish != NULL) o->finish();
  printf("%s\t%.1f\n", o->name, best / (double)turns);
  fflush(stdout);
}

static int run_command(char** command) {
  const double start = now();
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; ++i) dup2(nowhere, i);
    execv(command[0], command);
    _exit(127);
  }
  int status = 0;
  struct rusage used;
  memset(&used, 0, sizeof used);
  if (child < 0 || wait4(child, &status, 0, &used) != child) die("wait4");
  printf("%.0f %ld %d\n", now() - start, used.ru_maxrss, status);
  return 0;
}

static int print_names(void) {
  for (unsigned i = 0; i < sizeof operations / sizeof *operations; ++i) puts(operations[i].name);
  return 0;
}

static int is_wanted(const char* name, int count, char** names) {
  for (int i = 0; i < count; ++i)
    if (strcmp(name, names[i]) == 0) return 1;
  return count == 0;
}

int main(int argc, char** argv) {
  if (argc > 1 && strcmp(argv[1], "--nothing") == 0) return 0;
  if (argc > 1 && strcmp(argv[1], "--names") == 0) return print_names();
  if (argc > 2 && strcmp(argv[1], "--run") == 0) return run_command(argv + 2);
  if (argc < 2 || strlen(argv[1]) >= sizeof directory) {
    fprintf(stderr, "usage: %s DIRECTORY [MILLISECONDS [NAME...]]\n", argv[0]);
    return 2;
  }
  self = argv[0];
  strcpy(directory, argv[1]);
  const double wanted = (argc > 2 ? atof(argv[2]) : 50) * 1e6;
  snprintf(file_path, sizeof file_path, "%s/file", directory);
  snprintf(list_path, sizeof list_path, "%s/names", directory);
  zero = known(open("/dev/zero", O_RDONLY), "/dev/zero");
  null = known(open("/dev/null", O_WRONLY), "/dev/null");
  file = known(open(file_path, O_RDWR | O_CREAT, 0600), file_path);
  if (pwrite(file, page, sizeof page, 0) != sizeof page) die("pwrite");
  for (unsigned i = 0; i < sizeof operations / sizeof *operations; ++i)
    if (is_wanted(operations[i].name, argc - 3, argv + 3)) measure(&operations[i], wanted);
  unlink(memory_path);
  return 0;
}
