// Every structure of the tables against the kernel's headers, for both architectures. The tables are iterated: a structure that
// nobody has named here fails.
#include "catch.hpp"

#include <polyabi/linux/personality.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/testing/layout_probe.hpp>
#include <polyabi/testing/stated_names.hpp>
#include <polyabi/testing/tables.hpp>

#include <set>

namespace {

using namespace polyabi;
namespace la = polyabi::linux_abi;

/// What the headers call a structure, or why they do not have it.
struct counterpart {
  testing::c_names names{};
  std::string none_because{};
};
counterpart none(const char* why) {
  return {{}, why};
}

/// Nothing: nobody has said.
template <class T>
const counterpart in_headers{};

template <class M>
const counterpart in_headers<la::stat<M>>{{"struct stat", "st_"}};
template <class M>
const counterpart in_headers<la::stat64<M>>{{"struct stat64", "st_", {{"ino", "__st_ino"}}}};
template <class M>
const counterpart in_headers<la::stat_time<M>> = none("stat has its times in pairs of members without a name of their own");
template <class M>
const counterpart in_headers<la::statx<M>>{{"struct statx", "stx_", {{"birthtime", "stx_btime"}}}};
template <class M>
const counterpart in_headers<la::statx_time<M>>{{"struct statx_timestamp", "tv_", {{"reserved", "__reserved"}}}};
template <class M>
const counterpart in_headers<la::statfs<M>>{{"struct statfs", "f_"}};
template <class M>
const counterpart in_headers<la::statfs64<M>>{{"struct statfs64", "f_"}};
template <class M>
const counterpart in_headers<la::timespec64<M>>{{"struct __kernel_timespec", "tv_"}};
template <class M>
const counterpart in_headers<la::timespec<M>>{{"struct timespec", "tv_"}};
template <class M>
const counterpart in_headers<la::timeval<M>>{{"struct timeval", "tv_"}};
template <class M>
const counterpart in_headers<la::timezone<M>>{{"struct timezone", "tz_"}};
template <class M>
const counterpart in_headers<la::itimerval<M>>{{"struct itimerval", "it_"}};
template <class M>
const counterpart in_headers<la::time_pair<M>> = none("an array of two struct timespec");
template <class M>
const counterpart in_headers<la::time_pair64<M>> = none("an array of two struct __kernel_timespec");
template <class M>
const counterpart in_headers<la::timeval_pair<M>> = none("an array of two struct timeval");
template <class M>
const counterpart in_headers<la::utimbuf<M>>{{"struct utimbuf", "", {{"access", "actime"}, {"modification", "modtime"}}}};
template <class M>
const counterpart in_headers<la::tms<M>>{
    {"struct tms",
     "tms_",
     {{"user", "tms_utime"}, {"system", "tms_stime"}, {"children_user", "tms_cutime"}, {"children_system", "tms_cstime"}}}};
template <class M>
const counterpart in_headers<la::rlimit<M>>{{"struct rlimit", "rlim_"}};
template <class M>
const counterpart in_headers<la::old_rlimit<M>>{{"struct rlimit", "rlim_"}};
template <class M>
const counterpart in_headers<la::rlimit64<M>>{{"struct rlimit64", "rlim_"}};
template <class M>
const counterpart in_headers<la::rusage<M>>{{"struct rusage", "ru_"}};
template <class M>
const counterpart in_headers<la::sysinfo<M>>{{"struct sysinfo", ""}};
template <class M>
const counterpart in_headers<la::sched_param<M>> = none("not in what the kernel exports; sched_setparam(2)");
template <class M>
const counterpart in_headers<la::sched_attr<M>> = none("its header cannot stand beside <sched.h>; sched_setattr(2)");
template <class M> // bit fields have no offset
const counterpart in_headers<la::user_desc<M>>{{"struct user_desc", "", {{"flags", "limit) + sizeof(int"}}}};
template <class M>
const counterpart in_headers<la::clone_args<M>>{{"struct clone_args", ""}};
template <class M>
const counterpart in_headers<la::robust_list_head<M>>{{"struct robust_list_head", ""}};
template <class M>
const counterpart in_headers<la::capability_header<M>>{{"struct __user_cap_header_struct", ""}};
template <class M>
const counterpart in_headers<la::capability_data<M>>{{"struct __user_cap_data_struct", ""}};
template <class M>
const counterpart in_headers<la::flock<M>>{{"struct flock", "l_"}};
template <class M>
const counterpart in_headers<la::flock64<M>>{{"struct flock64", "l_"}};
template <>
const counterpart in_headers<la::flock64<lp64>> = none("64-bit programs have one struct flock");
template <class M>
const counterpart in_headers<la::pollfd<M>>{{"struct pollfd", ""}};
template <class M>
const counterpart in_headers<la::open_how<M>>{{"struct open_how", ""}};
template <class M>
const counterpart in_headers<la::iovec<M>>{{"struct iovec", "iov_"}};
template <class M>
const counterpart in_headers<la::epoll_event<M>>{{"struct epoll_event", ""}};
template <>
const counterpart in_headers<la::fd_set>{{"__kernel_fd_set", ""}};
template <class M>
const counterpart in_headers<la::sized_sigset<M>> = none("the last argument of pselect6, an array of two words");
template <class M>
const counterpart in_headers<la::mmap_arguments<M>> = none("the arguments of mmap(90), an array of words");
template <class M>
const counterpart in_headers<la::select_arguments<M>> = none("the arguments of select(82), an array of words");
template <class M>
const counterpart in_headers<la::dirent<M>> = none("not in what the kernel exports; getdents(2)");
template <class M>
const counterpart in_headers<la::dirent64<M>> = none("not in what the kernel exports; getdents(2)");
template <class M>
const counterpart in_headers<la::old_dirent<M>> = none("not in what the kernel exports; readdir(2)");
template <class M>
const counterpart in_headers<la::sigset<M>>{{"sigset_t", ""}};
template <>
const counterpart in_headers<la::sigset<ilp32_i386>> = none("the headers' i386 set is that of sigprocmask(126)");
template <class M>
const counterpart in_headers<la::old_sigset<M>>{{"sigset_t", ""}};
template <class M>
const counterpart in_headers<la::sigaction<M>>{{"struct sigaction", "sa_"}};
template <>
const counterpart in_headers<la::sigaction<ilp32_i386>> = none("the headers' i386 structure is that of sigaction(67)");
template <class M>
const counterpart in_headers<la::old_sigaction<M>>{{"struct sigaction", "sa_"}};
template <class M>
const counterpart in_headers<la::sigstack<M>>{{"stack_t", "ss_"}};
template <class M>
const counterpart in_headers<la::siginfo<M>>{{"siginfo_t", ""}};
template <class M>
const counterpart in_headers<la::termios<M>>{{"struct termios", "c_"}};
template <class M>
const counterpart in_headers<la::termios2<M>>{{"struct termios2", "c_"}};
template <class M>
const counterpart in_headers<la::termio<M>>{{"struct termio", "c_"}};
template <class M>
const counterpart in_headers<la::winsize<M>>{{"struct winsize", "ws_"}};
template <>
const counterpart in_headers<la::utsname>{{"struct new_utsname", ""}};
template <>
const counterpart in_headers<la::old_utsname>{{"struct old_utsname", ""}};
template <>
const counterpart in_headers<la::oldold_utsname>{{"struct oldold_utsname", ""}};

/// Structures that no row mentions, because a handler finds them behind a word that means several things.
template <class M>
struct behind_words {
  template <class Visitor>
  static void visit(Visitor& v) {
    v.template structure<la::flock<M>>("fcntl");
    v.template structure<la::flock64<M>>("fcntl64");
    v.template structure<la::pollfd<M>>("poll");
    v.template structure<la::iovec<M>>("readv");
    v.template structure<la::epoll_event<M>>("epoll_wait");
    v.template structure<la::clone_args<M>>("clone3");
    v.template structure<la::robust_list_head<M>>("set_robust_list");
    v.template structure<la::capability_data<M>>("capset");
    v.template structure<la::dirent<M>>("getdents");
    v.template structure<la::dirent64<M>>("getdents64");
    v.template structure<la::old_dirent<M>>("readdir");
    v.template structure<la::stat_time<M>>("stat");
    v.template structure<la::utsname>("uname");
    v.template structure<la::old_utsname>("olduname");
    v.template structure<la::oldold_utsname>("oldolduname");
  }
};

/// Collects a probe's questions from the tables.
class asker {
public:
  testing::layout_probe probe;
  std::set<std::string> names; ///< without namespace and model
  std::vector<std::string> unnamed;

  template <class T>
  void structure(std::string_view call) {
    const std::string name = testing::type_name<T>();
    if (!seen_.insert(name).second) return;
    names.insert(testing::stated_name(name));
    const counterpart& c = in_headers<T>;
    if (c.names.type.empty() && c.none_because.empty())
      unnamed.push_back(name + " of " + std::string{call} + ": say in tests/linux/layout_test.cpp what the headers call it");
    if (c.names.type.empty()) return;
    if constexpr (has_fields<T>)
      probe.ask<T>(c.names);
    else
      probe.ask_size(c.names.type, sizeof(T));
  }
  template <class Map>
  void map(std::string_view) {}

private:
  std::set<std::string> seen_;
};

template <class Arch>
asker ask_tables() {
  asker all;
  testing::visit_tables<environment<la::personality, Arch, reference::kernel>>(all);
  behind_words<typename Arch::model>::visit(all);
  return all;
}

template <class Arch>
void check(const std::string& flags) {
  const asker all = ask_tables<Arch>();
  for (const auto& sentence : all.unnamed) FAIL_CHECK(sentence);
  CHECK(all.probe.size() > 180);
  const auto differences = all.probe.run(
      {POLYABI_C_COMPILER, flags, {"linux/types.h", "asm/ldt.h",          "asm/poll.h",          "asm/siginfo.h",
                                   "asm/signal.h",  "asm/stat.h",         "asm/statfs.h",        "asm/termbits.h",
                                   "asm/termios.h", "linux/capability.h", "linux/eventpoll.h",   "linux/fcntl.h",
                                   "linux/futex.h", "linux/openat2.h",    "linux/posix_types.h", "linux/resource.h",
                                   "linux/sched.h", "linux/stat.h",       "linux/sysinfo.h",     "linux/time.h",
                                   "linux/times.h", "linux/uio.h",        "linux/utime.h",       "linux/utsname.h"}});
  for (const auto& sentence : differences) FAIL_CHECK(sentence);
}

} // namespace

TEST_CASE("structures of x86-64 are laid out as in the kernel's headers") {
  check<la::x86_64>("-m64");
}

#ifdef POLYABI_HAVE_M32
TEST_CASE("structures of i386 are laid out as in the kernel's headers") {
  check<la::i386>("-m32");
}
#endif

TEST_CASE("no structure of the personality is left out") {
  const asker wide = ask_tables<la::x86_64>(), narrow = ask_tables<la::i386>();
  const auto stated = testing::structures_stated_in(POLYABI_LINUX_HEADERS);
  for (const auto& [name, file] : stated) {
    if (file.find("/signal_frame/") != std::string::npos || name == "time_slice")
      continue; // the latter is of the kernel's side
    INFO(name << " of " << file << ": no row mentions it; if a handler reads it behind a word, say so in behind_words");
    CHECK((wide.names.contains(name) || narrow.names.contains(name)));
  }
  CHECK(stated.size() > 40);
}

TEST_CASE("no structure of the signal frames is left out") { // the frames themselves are not exported: their parts are
  std::ifstream in{POLYABI_SIGNAL_LAYOUT_TEST};
  const std::string test{std::istreambuf_iterator<char>{in}, {}};
  for (const auto& [name, file] : testing::structures_stated_in(POLYABI_LINUX_HEADERS "/signal_frame")) {
    if (name.starts_with("rt_frame_") || name == "frame_i386") continue;
    INFO(name << " of " << file << " is not in signal_layout.cpp");
    CHECK(test.find(name) != std::string::npos);
  }
}
