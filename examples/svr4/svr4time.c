/* Time: clocks, timers, sleeping, fast traps. */
#include "libc/svr4.h"

static volatile int alarms;
static void count_alarm(int number, siginfo_t *info, ucontext_t *context) {
  (void)number;
  (void)info;
  (void)context;
  ++alarms;
}

static int milliseconds(const struct timespec *from, const struct timespec *to) {
  return (to->tv_sec - from->tv_sec) * 1000 + (to->tv_nsec - from->tv_nsec) / 1000000;
}

int main(void) {
  struct timeval now;
  struct timespec a, b;
  const int seconds = time();
  check(seconds > 1500000000, "time");
  check(gettimeofday(&now) == 0 && now.tv_sec - seconds <= 1 && now.tv_sec >= seconds && now.tv_usec < 1000000, "gettimeofday");
  check(clock_gettime(CLOCK_REALTIME, &a) == 0 && a.tv_sec >= seconds, "CLOCK_REALTIME");
  check(clock_gettime(CLOCK_HIGHRES, &a) == 0, "CLOCK_HIGHRES");
  check(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b) == 0, "CLOCK_PROCESS_CPUTIME_ID");
  check_error(clock_gettime(44, &b), EINVAL, "an unknown clock is EINVAL");
  check(clock_getres(CLOCK_HIGHRES, &b) == 0 && b.tv_sec == 0 && b.tv_nsec > 0, "clock_getres");

  check(nanosleep(&(struct timespec){0, 30000000}, NULL) == 0, "nanosleep");
  clock_gettime(CLOCK_HIGHRES, &b);
  check(milliseconds(&a, &b) >= 30, "which sleeps");
  check_error(nanosleep(&(struct timespec){0, 1000000000}, NULL), EINVAL, "too many nanoseconds are EINVAL");

  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler_entry;
  handler_function = count_alarm;
  sigaction(SIGALRM, &action, NULL);
  check(alarm(100) == 0 && alarm(0) == 100, "alarm answers what was left");
  struct itimerval timer = {{0, 0}, {0, 30000}}, old;
  check(setitimer(0, &timer, NULL) == 0 && getitimer(0, &old) == 0 && old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 30000, "getitimer");
  struct timespec left = {0, 0};
  check_error(nanosleep(&(struct timespec){5, 0}, &left), EINTR, "a signal ends nanosleep");
  check(alarms == 1 && left.tv_sec == 4 && left.tv_nsec > 0, "which tells what was left");
  setitimer(0, &(struct itimerval){{0, 10000}, {0, 10000}}, NULL);
  while (alarms < 4) pause();
  check(setitimer(0, &(struct itimerval){{0, 0}, {0, 0}}, &old) == 0 && old.it_interval.tv_usec == 10000, "a timer that repeats");

  const longlong first = fast_trap(3);
  const longlong second = fast_trap(3);
  check(first > 0 && second >= first, "gethrtime");
  check(fast_trap(4) >= 0, "gethrvtime");
  const longlong date = fast_trap(5);
  check((int)date >= seconds && (int)(date >> 32) < 1000000000, "gethrestime");
  return failures != 0;
}
