/* Light-weight processes: making, waiting, stopping and signalling them, how they synchronise, and their thread pointers. */
#include "libc/lwp.h"
#include "libc/svr4.h"

enum { STACK = 16384, MOST = 8 };
static char stacks[MOST][STACK] __attribute__((aligned(16)));
static void* const no_address = (void*)0xfffff000;

/* A context that begins `work(argument)` on a stack of its own and ends the LWP when it returns. */
static void make_context(ucontext_t* context, int stack, void (*work)(int), int argument) {
  getcontext(context);
  uint* top = (uint*)(stacks[stack] + STACK - 16);
  *--top = 0; /* the alignment of a call */
  *--top = 0;
  *--top = (uint)argument;
  *--top = (uint)lwp_exit;
  context->gregs[UESP] = (uint)top;
  context->gregs[EBP] = 0;
  context->gregs[EIP] = (uint)work;
  context->gregs[ESP] = 0; /* no thread pointer */
}
static int start(int stack, void (*work)(int), int argument, uint flags) {
  ucontext_t context;
  int id = 0;
  make_context(&context, stack, work, argument);
  return lwp_create(&context, flags, &id) == 0 ? id : -1;
}
static void doze(int milliseconds) {
  nanosleep(&(struct timespec){0, milliseconds * 1000000}, NULL);
}
/* Waits, at most some seconds, until a number is reached. */
static int reaches(volatile int* number, int wanted) {
  for (int i = 0; i < 5000 && *number != wanted; ++i) doze(1);
  return *number == wanted;
}
static void join_all(int first, int last) {
  for (int id = first; id <= last; ++id) lwp_wait(id, NULL);
}

/* --- making and waiting */

static volatile int ran, seen_self;
static void note_self(int value) {
  seen_self = lwp_self();
  ran = value;
}
static volatile int release;
static void wait_for_release(int unused) {
  (void)unused;
  while (!release) doze(1);
}

static void making(void) {
  int departed = 0;
  check(lwp_self() == 1, "a process begins with LWP 1");
  check(lwp_wait(7, &departed) == ESRCH, "nobody to wait for is ESRCH");
  check(lwp_wait(1, &departed) == EDEADLK, "waiting for oneself is EDEADLK");
  check(lwp_wait(0, &departed) == EDEADLK, "waiting for any, alone, is EDEADLK");
  ucontext_t context;
  make_context(&context, 0, note_self, 5);
  check(lwp_create(&context, NO_SUCH_FLAG, NULL) == EINVAL, "an unknown flag is EINVAL");
  check(lwp_create(no_address, 0, NULL) == EFAULT, "no context is EFAULT");
  check(lwp_create(&context, 0, no_address) == EFAULT && ran == 0, "no place for the number is EFAULT, and nothing runs");
  int id = start(0, note_self, 5, 0);
  check(id > 1 && lwp_wait(id, &departed) == 0 && departed == id, "an LWP is made and waited for");
  check(ran == 5 && seen_self == id, "it ran with its argument and its number");
  check(lwp_wait(id, NULL) == ESRCH, "it is waited for once");
  const int next = start(0, note_self, 6, 0);
  check(next == id + 1 && lwp_wait(0, &departed) == 0 && departed == next, "numbers count up; 0 waits for any");
  check(lwp_wait(next, no_address) == ESRCH, "and it has gone");

  release = 0;
  id = start(0, wait_for_release, 0, LWP_DETACHED);
  check(lwp_wait(id, NULL) == EINVAL, "a detached one is EINVAL");
  release = 1;
  for (int i = 0; i < 5000 && lwp_kill(id, 0) == 0; ++i) doze(1);
  check(lwp_kill(id, 0) == ESRCH && lwp_wait(id, NULL) == ESRCH, "it leaves nothing behind");
  release = 0;
  id = start(0, wait_for_release, 0, 0);
  check(lwp_detach(id) == 0 && lwp_detach(id) == EINVAL && lwp_detach(99) == ESRCH, "lwp_detach");
  release = 1;
  for (int i = 0; i < 5000 && lwp_kill(id, 0) == 0; ++i) doze(1);
}

/* --- mutexes */

static lwp_mutex_t mutex;
static volatile int counter;
static void count_up(int times) {
  for (int i = 0; i < times; ++i) {
    lwp_mutex_lock(&mutex);
    const int old = counter;
    if (i % 64 == 0) doze(0);
    counter = old + 1;
    lwp_mutex_unlock(&mutex);
  }
}
static volatile int timed_answer, tried_answer;
static struct timespec rest;
static void try_locks(int unused) {
  (void)unused;
  tried_answer = lwp_mutex_trylock(&mutex);
  rest = (struct timespec){0, 20000000};
  timed_answer = lwp_mutex_timedlock(&mutex, &rest);
}
static void lock_slowly(int unused) {
  (void)unused;
  lwp_mutex_lock(&mutex);
  ran = 9;
  lwp_mutex_unlock(&mutex);
}

static void mutexes(void) {
  int ids[4];
  for (int i = 0; i < 4; ++i) ids[i] = start(i, count_up, 500, 0);
  for (int i = 0; i < 4; ++i) lwp_wait(ids[i], NULL);
  check(counter == 2000, "four LWPs count under a mutex and lose nothing");
  check(mutex.lock[7] == 0, "which is free afterwards");
  check(lwp_mutex_trylock(&mutex) == 0 && mutex.lock[7] == 1, "a taken one has its byte set");
  const int id = start(0, try_locks, 0, 0);
  lwp_wait(id, NULL);
  check(tried_answer == EBUSY, "trylock of a taken one is EBUSY");
  check(timed_answer == ETIME && rest.tv_sec == 0 && rest.tv_nsec == 0, "a timed lock ends with ETIME and no time left");
  check(mutex.lock[6] == 1, "who waited has said so");
  ran = 0;
  const int other = start(0, lock_slowly, 0, 0);
  doze(20);
  check(ran == 0, "another one waits");
  /* Released as user code does it: the byte, and a call because somebody waits. */
  mutex.lock[7] = 0;
  check(lwp_mutex_wakeup(&mutex, 0) == 0, "lwp_mutex_wakeup");
  lwp_wait(other, NULL);
  check(ran == 9, "wakes it");
  rest = (struct timespec){0, -1};
  check(lwp_mutex_timedlock(&mutex, &rest) == 0, "a wrong time does not matter to who need not wait");
  check(lwp_mutex_timedlock(&mutex, &rest) == EINVAL, "but to who must");
  lwp_mutex_unlock(&mutex);
  check(lwp_mutex_init(&mutex, USYNC_THREAD) == 0, "lwp_mutex_init");
  check(lwp_mutex_lock(no_address) == EFAULT, "no mutex is EFAULT");
}

/* --- condition variables */

static lwp_cond_t turn_changed;
static volatile int turn, rounds[2];
static void take_turns(int own) {
  for (int i = 0; i < 200; ++i) {
    lwp_mutex_lock(&mutex);
    while (turn != own) {
      lwp_cond_wait(&turn_changed, &mutex, NULL, 0);
      lwp_mutex_lock(&mutex);
    }
    ++rounds[own];
    turn = !own;
    lwp_cond_signal(&turn_changed);
    lwp_mutex_unlock(&mutex);
  }
}
static lwp_cond_t opened;
static volatile int is_open, passed, at_gate;
static void pass(int unused) {
  (void)unused;
  lwp_mutex_lock(&mutex);
  ++at_gate;
  while (!is_open) {
    lwp_cond_wait(&opened, &mutex, NULL, 0);
    lwp_mutex_lock(&mutex);
  }
  ++passed;
  lwp_mutex_unlock(&mutex);
}

static void conditions(void) {
  const int first = start(0, take_turns, 0, 0), second = start(1, take_turns, 1, 0);
  join_all(first, second);
  check(rounds[0] == 200 && rounds[1] == 200, "two LWPs take turns 200 times");
  int ids[3];
  for (int i = 0; i < 3; ++i) ids[i] = start(i, pass, 0, 0);
  reaches(&at_gate, 3);
  doze(20);
  check(passed == 0 && opened.flag[3] == 1, "three wait, and the variable says so");
  lwp_mutex_lock(&mutex);
  is_open = 1;
  lwp_cond_broadcast(&opened);
  lwp_mutex_unlock(&mutex);
  for (int i = 0; i < 3; ++i) lwp_wait(ids[i], NULL);
  check(passed == 3, "a broadcast wakes all");
  lwp_mutex_lock(&mutex);
  struct timespec time = {0, 10000000};
  check(lwp_cond_wait(&opened, &mutex, &time, 1) == ETIME && time.tv_nsec == 0, "a timed wait ends with ETIME");
  check(lwp_mutex_trylock(&mutex) == 0, "and does not take the mutex again");
  lwp_mutex_unlock(&mutex);
}

/* --- semaphores */

static lwp_sema_t full, empty;
static volatile int taken_sum;
static void consume(int times) {
  for (int i = 0; i < times; ++i) {
    lwp_sema_wait(&full);
    ++taken_sum;
    lwp_sema_post(&empty);
  }
}
static volatile int sema_answer;
static void take_full(int unused) {
  (void)unused;
  sema_answer = -1;
  sema_answer = lwp_sema_wait(&full);
}

static void semaphores(void) {
  empty.count = 2;
  const int id = start(0, consume, 300, 0);
  for (int i = 0; i < 300; ++i) {
    lwp_sema_wait(&empty);
    lwp_sema_post(&full);
  }
  lwp_wait(id, NULL);
  check(taken_sum == 300 && full.count == 0 && empty.count == 2, "300 things go through a buffer of two");
  check(lwp_sema_trywait(&full) == EBUSY && lwp_sema_trywait(&empty) == 0 && empty.count == 1, "trywait");
  struct timespec time = {0, 10000000};
  check(lwp_sema_timedwait(&full, &time, 1) == ETIME && full.flags[7] == 1, "a timed wait ends with ETIME");
  full.count = 0x7fffffff;
  check(lwp_sema_post(&full) == EOVERFLOW, "a count that is too large is EOVERFLOW");
  full.count = 0;
  /* Between processes, in memory that they share. */
  lwp_sema_t* shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON | _MAP_NEW, -1, 0);
  shared[0].type = shared[1].type = USYNC_PROCESS;
  const int child = fork();
  if (child == 0) {
    lwp_sema_wait(&shared[0]);
    lwp_sema_post(&shared[1]);
    exit(lwp_self());
  }
  doze(20);
  lwp_sema_post(&shared[0]);
  check(lwp_sema_wait(&shared[1]) == 0, "two processes meet at a semaphore");
  int status;
  check(waitpid(child, &status, 0) == child && status == 1 << 8, "a child begins with LWP 1");
}

/* --- locks for reading and writing */

static lwp_rwlock_t lock;
static volatile int readers_now, together, writers_now, wrong, lock_error;
static void take_lock(int how) {
  lwp_mutex_lock(&lock.mutex);
  const int e = lwp_rwlock_sys(how, &lock, NULL);
  if (e) lock_error = e;
}
static void use_lock(int write) {
  for (int i = 0; i < 100; ++i) {
    take_lock(write ? WRITE_LOCK : READ_LOCK);
    if (write) {
      if (__atomic_add_fetch(&writers_now, 1, __ATOMIC_SEQ_CST) != 1 || readers_now) wrong = 1;
      doze(0);
      __atomic_sub_fetch(&writers_now, 1, __ATOMIC_SEQ_CST);
    } else {
      __atomic_add_fetch(&readers_now, 1, __ATOMIC_SEQ_CST);
      if (writers_now) wrong = 1;
      doze(0);
      __atomic_sub_fetch(&readers_now, 1, __ATOMIC_SEQ_CST);
    }
    lwp_rwlock_sys(RW_UNLOCK, &lock, NULL);
  }
}
static void read_together(int unused) {
  (void)unused;
  take_lock(READ_LOCK);
  __atomic_add_fetch(&together, 1, __ATOMIC_SEQ_CST);
  if (!reaches(&together, 2)) wrong = 1;
  lwp_rwlock_sys(RW_UNLOCK, &lock, NULL);
}
static void locks(void) {
  check(lwp_rwlock_sys(READ_LOCK, &lock, NULL) == EINVAL, "a lock that is not shared is EINVAL");
  lock.type = lock.mutex.type = USYNC_PROCESS;
  int ids[4];
  for (int i = 0; i < 4; ++i) ids[i] = start(i, use_lock, i == 0, 0);
  for (int i = 0; i < 4; ++i) lwp_wait(ids[i], NULL);
  check(!wrong && lock_error == 0, "one writes, or others read");
  for (int i = 0; i < 2; ++i) ids[i] = start(i, read_together, 0, 0);
  for (int i = 0; i < 2; ++i) lwp_wait(ids[i], NULL);
  check(!wrong && together == 2, "and more than one at a time");
  check(lock.readers == 0 && lock.mutex.lock[7] == 0, "the lock and its mutex are free afterwards");
  take_lock(READ_LOCK);
  lwp_mutex_lock(&lock.mutex);
  check(lwp_rwlock_sys(TRY_WRITE_LOCK, &lock, NULL) == EBUSY && lock.mutex.lock[7] == 0, "a writer finds it busy");
  lwp_mutex_lock(&lock.mutex);
  check(lwp_rwlock_sys(TRY_READ_LOCK, &lock, NULL) == 0 && (lock.readers & 0x3fffffff) == 2, "a reader does not");
  struct timespec time = {0, 10000000};
  lwp_mutex_lock(&lock.mutex);
  check(lwp_rwlock_sys(WRITE_LOCK, &lock, &time) == ETIME, "a writer's time runs out");
  lwp_rwlock_sys(RW_UNLOCK, &lock, NULL);
  lwp_rwlock_sys(RW_UNLOCK, &lock, NULL);
  check(lwp_rwlock_sys(9, &lock, NULL) == EINVAL, "an unknown function is EINVAL");
}

/* --- suspending */

static volatile int beats, stop;
static void beat(int unused) {
  (void)unused;
  while (!stop) ++beats;
}
static int stands_still(void) {
  const int before = beats;
  doze(30);
  return beats == before;
}
static void suspending(void) {
  check(lwp_suspend(99) == ESRCH && lwp_continue(99) == ESRCH, "nobody to suspend is ESRCH");
  check(lwp_suspend(1) == EDEADLK, "the last one cannot be suspended");
  stop = 0;
  int id = start(0, beat, 0, 0);
  for (int i = 0; i < 5000 && beats == 0; ++i) doze(1);
  check(lwp_suspend(id) == 0 && stands_still(), "one that computes is suspended");
  check(lwp_suspend(id) == 0 && stands_still(), "twice is once");
  check(lwp_continue(id) == 0 && !stands_still(), "and goes on");
  stop = 1;
  lwp_wait(id, NULL);
  ran = 0;
  id = start(0, note_self, 3, LWP_SUSPENDED);
  doze(30);
  check(ran == 0, "one that is made suspended does not run");
  check(lwp_continue(id) == 0 && lwp_wait(id, NULL) == 0 && ran == 3, "until it is let go");
  id = start(0, take_full, 0, 0);
  doze(20);
  check(lwp_suspend(id) == 0, "one that sleeps is suspended");
  lwp_sema_post(&full);
  doze(20);
  check(sema_answer == -1, "and does not return from its call");
  lwp_continue(id);
  lwp_wait(id, NULL);
  check(sema_answer == 0 && full.count == 0, "until it goes on, and nothing was lost");
}

/* --- signals */

static volatile int caught_by, caught_code, caught;
static void note(int number, siginfo_t* info, ucontext_t* context) {
  (void)context;
  caught_by = lwp_self();
  caught_code = info ? info->si_code : 0;
  caught = number;
}
static volatile int blocked;
static void block_and_wait(int unused) {
  (void)unused;
  sigset_t set;
  memset(&set, 0, sizeof set);
  set.bits[0] = 1u << (SIGUSR1 - 1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  blocked = 1;
  while (!stop) doze(1);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}
static void signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = SA_SIGINFO;
  action.sa_handler = handler_entry;
  handler_function = note;
  sigaction(SIGUSR1, &action, NULL);
  check(lwp_kill(1, SIGUSR1) == 0 && caught_by == 1 && caught_code == SI_LWP, "a signal for the caller");
  check(lwp_kill(99, SIGUSR1) == ESRCH && lwp_kill(1, 999) == EINVAL, "nobody is ESRCH, no signal EINVAL");
  stop = caught = 0;
  int id = start(0, beat, 0, 0);
  doze(10);
  check(lwp_kill(id, SIGUSR1) == 0 && reaches(&caught, SIGUSR1) && caught_by == id, "a signal for another one");
  stop = 1;
  lwp_wait(id, NULL);
  stop = caught = 0;
  id = start(0, block_and_wait, 0, 0);
  reaches(&blocked, 1);
  kill(getpid(), SIGUSR1);
  check(reaches(&caught, SIGUSR1) && caught_by == 1, "masks are each LWP's own: one that does not block it takes it");
  caught = 0;
  lwp_kill(id, SIGUSR1);
  doze(30);
  check(caught == 0, "a directed one waits for its LWP");
  stop = 1;
  check(reaches(&caught, SIGUSR1) && caught_by == id, "until it unblocks it");
  lwp_wait(id, NULL);
  caught = 0;
  id = start(0, take_full, 0, 0);
  doze(20);
  lwp_kill(id, SIGUSR1);
  lwp_wait(id, NULL);
  check(caught_by == id && sema_answer == EINTR, "a handler ends a wait with EINTR");
}

static volatile int waited_error = -1, waiting;
static void wait_for_first(int unused) {
  (void)unused;
  waiting = 1;
  waited_error = lwp_wait(1, NULL);
}
static void deadlock(void) {
  const int id = start(0, wait_for_first, 0, 0);
  reaches(&waiting, 1);
  doze(20);
  check(lwp_wait(id, NULL) == EDEADLK, "two that wait for each other are EDEADLK");
  check(lwp_wait(0, NULL) == EDEADLK, "so is waiting for any of those who wait");
  lwp_kill(id, SIGUSR1);
  check(reaches(&waited_error, EINTR) && lwp_wait(id, NULL) == 0, "a handler ends a wait with EINTR");
}

/* --- thread pointers */

static struct { uint self, value; } blocks[3] = {{0, 11}, {0, 22}, {0, 33}};
static uint private_value(void) {
  uint value;
  __asm__ volatile("movl %%gs:4, %0" : "=r"(value));
  return value;
}
static volatile uint private_seen[2];
static void* volatile private_told;
static void look_private(int unused) {
  (void)unused;
  private_seen[0] = private_value();
  void* base = NULL;
  lwp_private(GETPRIVATE, GSBASE, &base);
  private_told = base;
  const int selector = lwp_private(SETPRIVATE, GSBASE, &blocks[2]);
  __asm__ volatile("movw %w0, %%gs" : : "r"(selector));
  private_seen[1] = private_value();
}
static void pointers(void) {
  void* base = &base;
  check(lwp_private(GETPRIVATE, GSBASE, &base) == 0 && base == NULL, "there is no thread pointer at first");
  const int selector = lwp_private(SETPRIVATE, GSBASE, &blocks[0]);
  __asm__ volatile("movw %w0, %%gs" : : "r"(selector));
  check(selector > 0 && private_value() == 11, "GS reaches private data");
  ucontext_t context;
  int id = 0;
  make_context(&context, 0, look_private, 0);
  context.gregs[ESP] = (uint)&blocks[1];
  lwp_create(&context, 0, &id);
  lwp_wait(id, NULL);
  check(private_seen[0] == 22 && private_told == &blocks[1], "another LWP has its own");
  check(private_seen[1] == 33, "and changes it");
  check(private_value() == 11 && lwp_private(GETPRIVATE, GSBASE, &base) == 0 && base == &blocks[0], "which is nobody else's");
  check_error(lwp_private(SETPRIVATE, 5, &base), EINVAL, "a register without a base is EINVAL");
  check_error(lwp_private(GETPRIVATE, GSBASE, no_address), EFAULT, "no place for the answer is EFAULT");
}

/* --- parking, times, ends */

static volatile int park_answer[2];
static void park_twice(int unused) {
  (void)unused;
  park_answer[0] = lwp_park(PARK, NULL, 0);
  park_answer[1] = lwp_park(SET_PARK, NULL, 0);
  ran = 7;
}
static void parking(void) {
  ran = 0;
  park_answer[0] = park_answer[1] = -1;
  const int id = start(0, park_twice, 0, 0);
  doze(20);
  check(park_answer[0] == -1, "an LWP parks");
  check(lwp_park(UNPARK, (void*)id, 0) == 0 && reaches(&park_answer[0], 0), "and is called");
  doze(20);
  int ids[2] = {99, id};
  check(lwp_park(UNPARK_ALL, ids, 2) == ESRCH && reaches(&ran, 7), "a list is called, but for who is not there");
  lwp_wait(id, NULL);
  check(lwp_park(UNPARK, (void*)99, 0) == ESRCH, "nobody to call is ESRCH");
  lwp_park(UNPARK, (void*)1, 0);
  check(lwp_park(PARK, NULL, 0) == 0, "a call that comes first is not lost");
  lwp_park(UNPARK, (void*)1, 0);
  lwp_park(UNPARK_CANCEL, (void*)1, 0);
  struct timespec time = {0, 10000000};
  check(lwp_park(PARK, &time, 0) == ETIME && time.tv_nsec == 0, "one that is taken back is, and a parked LWP's time runs out");
  check(lwp_park(9, NULL, 0) == EINVAL, "an unknown function is EINVAL");
}
static void times_of_lwps(void) {
  struct timespec both[2], later[2];
  check(lwp_info(both) == 0, "lwp_info");
  for (volatile int i = 0; i < 20000000; ++i) {}
  lwp_info(later);
  const longlong before = (longlong)(both[0].tv_sec + both[1].tv_sec) * 1000000000 + both[0].tv_nsec + both[1].tv_nsec;
  const longlong after = (longlong)(later[0].tv_sec + later[1].tv_sec) * 1000000000 + later[0].tv_nsec + later[1].tv_nsec;
  check(after > before, "counts processor time");
  check(lwp_info(no_address) == EFAULT, "no place for it is EFAULT");
  check(schedctl() == ENOTSUP, "schedctl is refused");
}
static void daemon_ends(void) {
  const int child = fork();
  if (child == 0) {
    stop = 0;
    start(0, beat, 0, LWP_DAEMON);
    lwp_exit();
  }
  int status = -1;
  check(waitpid(child, &status, 0) == child && status == 0, "a process ends with its last LWP, whatever daemons do");
}
static void last_words(int unused) {
  (void)unused;
  check(lwp_wait(1, NULL) == 0, "the first LWP ends and is waited for");
  check(lwp_self() > 1 && failures == 0, "the process goes on without it");
}

int main(void) {
  making();
  mutexes();
  conditions();
  semaphores();
  locks();
  suspending();
  signals();
  deadlock();
  pointers();
  parking();
  times_of_lwps();
  daemon_ends();
  start(0, last_words, 0, 0);
  lwp_exit();
  return 1;
}
