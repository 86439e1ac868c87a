// Every structure against the kernel's headers, for both architectures.
#include "catch.hpp"

#include <polyabi/core/translate.hpp>
#include <polyabi/linux/structures/files.hpp>
#include <polyabi/linux/structures/processes.hpp>
#include <polyabi/linux/structures/signals.hpp>
#include <polyabi/linux/structures/stat.hpp>
#include <polyabi/linux/structures/terminal.hpp>
#include <polyabi/testing/layout_probe.hpp>

namespace {

using namespace polyabi;
namespace la = polyabi::linux_abi;

template <class M>
testing::layout_probe probe_of() {
  constexpr bool wide = M::word_size == 8;
  testing::layout_probe q;
  q.ask<la::stat<M>>({"struct stat", "st_"});
  if (!wide) q.ask<la::stat64<M>>({"struct stat64", "st_", {{"ino", "__st_ino"}}});
  q.ask<la::statx<M>>({"struct statx", "stx_", {{"birthtime", "stx_btime"}}});
  q.ask<la::statx_time<M>>({"struct statx_timestamp", "tv_", {{"reserved", "__reserved"}}});
  q.ask<la::statfs<M>>({"struct statfs", "f_"});
  if (!wide) q.ask<la::statfs64<M>>({"struct statfs64", "f_"});
  q.ask<la::timespec64<M>>({"struct __kernel_timespec", "tv_"});
  q.ask<la::timespec<M>>({"struct timespec", "tv_"});
  q.ask<la::timeval<M>>({"struct timeval", "tv_"});
  q.ask<la::timezone<M>>({"struct timezone", "tz_"});
  q.ask<la::itimerval<M>>({"struct itimerval", "it_"});
  q.ask<la::utimbuf<M>>({"struct utimbuf", "", {{"access", "actime"}, {"modification", "modtime"}}});
  q.ask<la::tms<M>>(
      {"struct tms",
       "tms_",
       {{"user", "tms_utime"}, {"system", "tms_stime"}, {"children_user", "tms_cutime"}, {"children_system", "tms_cstime"}}});
  q.ask<la::rlimit<M>>({"struct rlimit", "rlim_"});
  q.ask<la::rlimit64<M>>({"struct rlimit64", "rlim_"});
  q.ask<la::rusage<M>>({"struct rusage", "ru_"});
  q.ask<la::sysinfo<M>>({"struct sysinfo", ""});
  q.ask<la::user_desc<M>>({"struct user_desc", "", {{"flags", "limit) + sizeof(int"}}}); // bit fields have no offset
  q.ask<la::clone_args<M>>({"struct clone_args", ""});
  q.ask<la::robust_list_head<M>>({"struct robust_list_head", ""});
  q.ask<la::capability_header<M>>({"struct __user_cap_header_struct", ""});
  q.ask<la::capability_data<M>>({"struct __user_cap_data_struct", ""});
  q.ask<la::flock<M>>({"struct flock", "l_"});
  if (!wide) q.ask<la::flock64<M>>({"struct flock64", "l_"});
  q.ask<la::pollfd<M>>({"struct pollfd", ""});
  q.ask<la::open_how<M>>({"struct open_how", ""});
  q.ask<la::iovec<M>>({"struct iovec", "iov_"});
  q.ask<la::epoll_event<M>>({"struct epoll_event", ""});
  if (wide)
    q.ask<la::sigaction<M>>({"struct sigaction", "sa_"});
  else
    q.ask<la::old_sigaction<M>>({"struct sigaction", "sa_"}); // the headers' i386 structure is that of sigaction(67)
  q.ask<la::sigstack<M>>({"stack_t", "ss_"});
  q.ask<la::termios<M>>({"struct termios", "c_"});
  q.ask<la::termios2<M>>({"struct termios2", "c_"});
  q.ask<la::termio<M>>({"struct termio", "c_"});
  q.ask<la::winsize<M>>({"struct winsize", "ws_"});
  q.ask_size("siginfo_t", sizeof(la::siginfo<M>));
  q.ask_size("struct new_utsname", sizeof(la::utsname));
  q.ask_size("struct old_utsname", sizeof(la::old_utsname));
  q.ask_size("struct oldold_utsname", sizeof(la::oldold_utsname));
  return q;
}

template <class M>
void check(const std::string& flags) {
  const auto probe = probe_of<M>();
  CHECK(probe.size() > 200);
  const auto differences =
      probe.run({POLYABI_C_COMPILER, flags, {"linux/types.h", "asm/ldt.h",          "asm/poll.h",        "asm/siginfo.h",
                                             "asm/signal.h",  "asm/stat.h",         "asm/statfs.h",      "asm/termbits.h",
                                             "asm/termios.h", "linux/capability.h", "linux/eventpoll.h", "linux/fcntl.h",
                                             "linux/futex.h", "linux/openat2.h",    "linux/resource.h",  "linux/sched.h",
                                             "linux/stat.h",  "linux/sysinfo.h",    "linux/time.h",      "linux/times.h",
                                             "linux/uio.h",   "linux/utime.h",      "linux/utsname.h"}});
  for (const auto& sentence : differences) FAIL_CHECK(sentence);
}

} // namespace

TEST_CASE("structures of x86-64 are laid out as in the kernel's headers") {
  check<lp64>("-m64");
}

#ifdef POLYABI_HAVE_M32
TEST_CASE("structures of i386 are laid out as in the kernel's headers") {
  check<ilp32_i386>("-m32");
}
#endif
