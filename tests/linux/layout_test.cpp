// Every structure against the kernel's headers: a C program that prints sizes and offsets is generated from the fields that the
// structures name, compiled for both architectures, and its answers are compared.
#include "catch.hpp"

#include <polyabi/core/translate.hpp>
#include <polyabi/linux/structures/files.hpp>
#include <polyabi/linux/structures/processes.hpp>
#include <polyabi/linux/structures/signals.hpp>
#include <polyabi/linux/structures/stat.hpp>
#include <polyabi/linux/structures/terminal.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace polyabi;
namespace la = polyabi::linux_abi;

/// One value that the probe prints: `text` is the C expression.
struct question {
  std::string what, expression;
  usize answer;
};

/// How the fields of one structure are called in C: a prefix, and the ones that are called otherwise, in the order of the
/// fields.
struct c_names {
  std::string type, prefix;
  std::vector<std::pair<std::string, std::string>> others{};
};

template <class T>
void ask(std::vector<question>& questions, c_names names) {
  questions.push_back({"sizeof " + names.type, "sizeof(" + names.type + ")", sizeof(T)});
  for_each_field<T>([&]<class Field>(Field) {
    std::string name = names.prefix + std::string{Field::name};
    for (auto at = names.others.begin(); at != names.others.end(); ++at)
      if (at->first == Field::name) {
        name = at->second;
        names.others.erase(at);
        break;
      }
    questions.push_back({names.type + "." + name, "offsetof(" + names.type + ", " + name + ")",
                         polyabi::detail::constant_offset<T, Field::member>()});
  });
}

template <class M>
std::vector<question> questions_for() {
  constexpr bool wide = M::word_size == 8;
  std::vector<question> q;
  ask<la::stat<M>>(q, {"struct stat", "st_"});
  if (!wide) ask<la::stat64<M>>(q, {"struct stat64", "st_", {{"ino", "__st_ino"}}});
  ask<la::statx<M>>(q, {"struct statx", "stx_", {{"birthtime", "stx_btime"}}});
  ask<la::statx_time<M>>(q, {"struct statx_timestamp", "tv_", {{"reserved", "__reserved"}}});
  ask<la::statfs<M>>(q, {"struct statfs", "f_"});
  if (!wide) ask<la::statfs64<M>>(q, {"struct statfs64", "f_"});
  ask<la::timespec64<M>>(q, {"struct __kernel_timespec", "tv_"});
  ask<la::timespec<M>>(q, {"struct timespec", "tv_"});
  ask<la::timeval<M>>(q, {"struct timeval", "tv_"});
  ask<la::timezone<M>>(q, {"struct timezone", "tz_"});
  ask<la::itimerval<M>>(q, {"struct itimerval", "it_"});
  ask<la::utimbuf<M>>(q, {"struct utimbuf", "", {{"access", "actime"}, {"modification", "modtime"}}});
  ask<la::tms<M>>(
      q,
      {"struct tms",
       "tms_",
       {{"user", "tms_utime"}, {"system", "tms_stime"}, {"children_user", "tms_cutime"}, {"children_system", "tms_cstime"}}});
  ask<la::rlimit<M>>(q, {"struct rlimit", "rlim_"});
  ask<la::rlimit64<M>>(q, {"struct rlimit64", "rlim_"});
  ask<la::rusage<M>>(q, {"struct rusage", "ru_"});
  ask<la::sysinfo<M>>(q, {"struct sysinfo", ""});
  ask<la::user_desc<M>>(q, {"struct user_desc", "", {{"flags", "limit) + sizeof(int"}}}); // bit fields have no offset
  ask<la::clone_args<M>>(q, {"struct clone_args", ""});
  ask<la::robust_list_head<M>>(q, {"struct robust_list_head", ""});
  ask<la::capability_header<M>>(q, {"struct __user_cap_header_struct", ""});
  ask<la::capability_data<M>>(q, {"struct __user_cap_data_struct", ""});
  ask<la::flock<M>>(q, {"struct flock", "l_"});
  if (!wide) ask<la::flock64<M>>(q, {"struct flock64", "l_"});
  ask<la::pollfd<M>>(q, {"struct pollfd", ""});
  ask<la::open_how<M>>(q, {"struct open_how", ""});
  ask<la::iovec<M>>(q, {"struct iovec", "iov_"});
  ask<la::epoll_event<M>>(q, {"struct epoll_event", ""});
  if (wide)
    ask<la::sigaction<M>>(q, {"struct sigaction", "sa_"});
  else
    ask<la::old_sigaction<M>>(q, {"struct sigaction", "sa_"}); // the headers' i386 structure is that of sigaction(67)
  ask<la::sigstack<M>>(q, {"stack_t", "ss_"});
  ask<la::termios<M>>(q, {"struct termios", "c_"});
  ask<la::termios2<M>>(q, {"struct termios2", "c_"});
  ask<la::termio<M>>(q, {"struct termio", "c_"});
  ask<la::winsize<M>>(q, {"struct winsize", "ws_"});
  q.push_back({"sizeof siginfo_t", "sizeof(siginfo_t)", sizeof(la::siginfo<M>)});
  q.push_back({"sizeof struct new_utsname", "sizeof(struct new_utsname)", sizeof(la::utsname)});
  q.push_back({"sizeof struct old_utsname", "sizeof(struct old_utsname)", sizeof(la::old_utsname)});
  q.push_back({"sizeof struct oldold_utsname", "sizeof(struct oldold_utsname)", sizeof(la::oldold_utsname)});
  return q;
}

std::string probe_text(const std::vector<question>& questions) {
  std::string text = R"(#include <stddef.h>
#include <linux/types.h>
#include <asm/ldt.h>
#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <asm/termbits.h>
#include <asm/termios.h>
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/openat2.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/times.h>
#include <linux/uio.h>
#include <linux/utime.h>
#include <linux/utsname.h>
int printf(const char*, ...);
int main(void) {
)";
  for (const question& q : questions) text += "  printf(\"%lu\\n\", (unsigned long)(" + q.expression + "));\n";
  return text + "  return 0;\n}\n";
}

/// Compiles and runs the probe, and compares line by line.
void check(const std::vector<question>& questions, const std::string& flags) {
  char folder[] = "/tmp/polyabi-layout-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::filesystem::path at{folder};
  std::ofstream{at / "probe.c"} << probe_text(questions);
  const std::string build = std::string{POLYABI_C_COMPILER} + " -w " + flags + " -o " + (at / "probe").string() + " " +
                            (at / "probe.c").string() + " > " + (at / "messages").string() + " 2>&1";
  if (std::system(build.c_str()) != 0) {
    std::ifstream messages{at / "messages"};
    std::string text{std::istreambuf_iterator<char>{messages}, {}};
    FAIL("the probe does not compile:\n" << text);
  }
  REQUIRE(std::system(((at / "probe").string() + " > " + (at / "answers").string()).c_str()) == 0);
  std::ifstream answers{at / "answers"};
  for (const question& q : questions) {
    usize answer = 0;
    REQUIRE(answers >> answer);
    INFO(q.what);
    CHECK(q.answer == answer);
  }
  std::filesystem::remove_all(at);
}

} // namespace

TEST_CASE("structures of x86-64 are laid out as in the kernel's headers") {
  check(questions_for<lp64>(), "-m64");
}

#ifdef POLYABI_HAVE_M32
TEST_CASE("structures of i386 are laid out as in the kernel's headers") {
  check(questions_for<ilp32_i386>(), "-m32");
}
#endif
