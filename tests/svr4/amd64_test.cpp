// 64-bit programs of Solaris and illumos: the table that the 32-bit one gives, and structures as a compiler of an LP64 system
// lays out the members that illumos' headers list
// (usr/src/uts/common/sys/{stat,statvfs,signal,siginfo,time,resource,fcntl,dirent}.h and
// usr/src/uts/intel/sys/{ucontext,mcontext,regset}.h).
#include "catch.hpp"

#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>
#include <polyabi/testing/round_trip.hpp>

#include <cstddef>
#include <map>
#include <string>

using namespace polyabi;
using K = reference::kernel;
using M = lp64;

namespace listed {

using dev_t = unsigned long;
using ino_t = unsigned long;
using mode_t = unsigned;
using id_t = int;
struct timestruc {
  long sec, nsec;
};
struct stat {
  dev_t dev;
  ino_t ino;
  mode_t mode;
  unsigned nlink, uid, gid;
  dev_t rdev;
  long size;
  timestruc atim, mtim, ctim;
  int blksize;
  long blocks;
  char fstype[16];
};
struct statvfs {
  unsigned long bsize, frsize;
  unsigned long blocks, bfree, bavail, files, ffree, favail;
  unsigned long fsid;
  char basetype[16];
  unsigned long flag, namemax;
  char fstr[32];
};
struct sigset {
  unsigned bits[4];
};
struct sigaction {
  int flags;
  void (*handler)();
  sigset mask;
};
struct stack {
  void* sp;
  std::size_t size;
  int flags;
};
struct siginfo {
  int signo, code, error, pad;
  union {
    int room[256 / sizeof(int) - 4];
    struct {
      id_t pid;
      union {
        struct {
          unsigned uid;
          union {
            int number;
            void* pointer;
          } value;
        } kill;
        struct {
          long utime;
          int status;
          long stime;
        } child;
      } data;
      id_t contract, zone;
    } process;
    struct {
      void* address;
      int trap;
      char* instruction;
    } fault;
  } data;
};
struct fpregset {
  union {
    struct {
      unsigned short cw, sw;
      unsigned char fctw, reserved;
      unsigned short fop;
      unsigned long rip, rdp;
      unsigned mxcsr, mxcsr_mask;
      long double st[8], xmm[16], ignored[6];
      unsigned status, xstatus;
    } chip;
    unsigned words[130];
  } set;
};
struct mcontext {
  long gregs[28];
  fpregset fpregs;
};
struct ucontext {
  unsigned long flags;
  ucontext* link;
  sigset sigmask;
  stack stack_;
  mcontext context;
  long filler[3], xsave, filler1;
};
struct flock {
  short type, whence;
  long start, len;
  int sysid;
  id_t pid;
  long pad[4];
};
struct dirent {
  ino_t ino;
  long off;
  unsigned short reclen;
  char name[1];
};

} // namespace listed

template <class Ours, class Theirs>
constexpr bool same_size = sizeof(Ours) == sizeof(Theirs);

static_assert(same_size<svr4::stat<M>, listed::stat>);
static_assert(offsetof(listed::stat, rdev) == offset_of<svr4::stat<M>, "rdev"> &&
              offsetof(listed::stat, size) == offset_of<svr4::stat<M>, "size"> &&
              offsetof(listed::stat, atim) == offset_of<svr4::stat<M>, "atime"> &&
              offsetof(listed::stat, blksize) == offset_of<svr4::stat<M>, "blksize"> &&
              offsetof(listed::stat, blocks) == offset_of<svr4::stat<M>, "blocks">);
static_assert(same_size<svr4::statvfs<M>, listed::statvfs> &&
              offsetof(listed::statvfs, fsid) == offset_of<svr4::statvfs<M>, "fsid"> &&
              offsetof(listed::statvfs, namemax) == offset_of<svr4::statvfs<M>, "namelen">);
static_assert(same_size<svr4::sigaction<M>, listed::sigaction> &&
              offsetof(listed::sigaction, handler) == offset_of<svr4::sigaction<M>, "handler"> &&
              offsetof(listed::sigaction, mask) == offset_of<svr4::sigaction<M>, "mask">);
static_assert(same_size<svr4::sigset<M>, listed::sigset> && same_size<svr4::sigstack<M>, listed::stack>);
static_assert(offsetof(listed::stack, flags) == offset_of<svr4::sigstack<M>, "flags">);
static_assert(same_size<svr4::siginfo<M>, listed::siginfo>);
static_assert(offsetof(listed::siginfo, data) == offsetof(svr4::siginfo<M>, sent));
static_assert(offsetof(listed::siginfo, data.process.data.kill.uid) == offsetof(svr4::siginfo<M>, sent.uid));
static_assert(offsetof(listed::siginfo, data.process.data.kill.value) == offsetof(svr4::siginfo<M>, sent.value));
static_assert(offsetof(listed::siginfo, data.process.data.child.utime) == offsetof(svr4::siginfo<M>, news.utime));
static_assert(offsetof(listed::siginfo, data.process.data.child.status) == offsetof(svr4::siginfo<M>, news.status));
static_assert(offsetof(listed::siginfo, data.process.data.child.stime) == offsetof(svr4::siginfo<M>, news.stime));
static_assert(offsetof(listed::siginfo, data.process.contract) == offsetof(svr4::siginfo<M>, sent.contract));
static_assert(offsetof(listed::siginfo, data.fault.instruction) == offsetof(svr4::siginfo<M>, where.instruction));
static_assert(same_size<svr4::ucontext<M>, listed::ucontext> && same_size<svr4::fpregset<M>, listed::fpregset>);
static_assert(offsetof(listed::ucontext, stack_) == offset_of<svr4::ucontext<M>, "stack"> &&
              offsetof(listed::ucontext, context.gregs) == offset_of<svr4::ucontext<M>, "gregs"> &&
              offsetof(listed::ucontext, context.fpregs) == offset_of<svr4::ucontext<M>, "fpregs">);
static_assert(offsetof(listed::fpregset, set.chip.status) == offset_of<svr4::fpregset<M>, "status">);
static_assert(same_size<svr4::flock<M>, listed::flock> &&
              offsetof(listed::flock, start) == offset_of<svr4::flock<M>, "start"> &&
              offsetof(listed::flock, pid) == offset_of<svr4::flock<M>, "pid">);
static_assert(same_size<svr4::dirent64<M>, listed::dirent> && offsetof(listed::dirent, name) == svr4::dirent64<M>::name_at);

TEST_CASE("64-bit structures go there and back") {
  using testing::round_trips;
  CHECK(round_trips<K, svr4::timespec<M>, reference::timespec>(2000));
  CHECK(round_trips<K, svr4::timeval<M>, reference::timeval>(2000));
  CHECK(round_trips<K, svr4::itimerval<M>, reference::itimerval>(4000));
  CHECK(round_trips<K, svr4::stat<M>, reference::stat>(2000));
  CHECK(round_trips<K, svr4::rlimit64<M>, reference::rlimit>(2000));
  CHECK(round_trips<K, svr4::sigset<M>, reference::sigset>(2000));
}

TEST_CASE("sizes, inodes and devices of 64 bits are whole") {
  reference::stat in{};
  in.size = i64{5} << 40;
  in.ino = u64{7} << 40;
  in.rdev = reference::make_device(70000, 300000);
  svr4::stat<M> out{};
  REQUIRE(to_foreign<K>(in, out) == errc::none);
  CHECK(i64{out.size} == i64{5} << 40);
  CHECK(u64{out.ino} == u64{7} << 40);
  CHECK(u64{out.rdev.raw} == (u64{70000} << 32 | 300000));
}

namespace {

using table = svr4::table::amd64_syscalls;

std::map<int, std::string> names_by_number() {
  std::map<int, std::string> names;
  for (usize i = 0; i < table::size; ++i)
    if (table::numbers<0>[i] != absent) names[table::numbers<0>[i]] = table::names[i];
  return names;
}

} // namespace

TEST_CASE("64-bit programs have the calls of the 32-bit table at its numbers, and those of illumos") {
  const auto names = names_by_number();
  const std::pair<int, const char*> known[] = {
      {1, "exit"},         {3, "read"},       {7, "linkat"},       {18, "stat"},       {59, "execve"}, {66, "fstatat"},
      {68, "openat"},      {98, "sigaction"}, {100, "context"},    {107, "waitsys"},      {115, "mmap"},  {142, "forksys"},
      {159, "lwp_create"}, {135, "uname"},    {139, "systeminfo"}, {191, "clock_gettime"}};
  for (const auto& [number, name] : known) {
    INFO("number " << number);
    REQUIRE(names.count(number) == 1);
    CHECK(names.at(number) == name);
  }
}

TEST_CASE("what 64-bit programs have no second form of is not there") {
  const auto names = names_by_number();
  // lseek64, mmap64, stat64, open64 and their kin (sys/syscall.h: "large file calls" of ILP32), and SVR3's.
  for (const int number : {0, 48, 123, 124, 125, 175, 213, 214, 215, 216, 217, 222, 223, 225}) {
    INFO("number " << number);
    CHECK(names.count(number) == 0);
  }
}

TEST_CASE("every 64-bit call is there") {
  table::each([]<class Row>(Row) {
    if constexpr (Row::numbers.column[0] != absent) {
      INFO(std::string{Row::name});
      constexpr auto level = polyabi::detail::level_of<K, typename Row::target>();
      CHECK((level == support::native || level == support::emulated || level == support::refused));
    }
  });
  for (const i32 number : svr4::table::same_in_64_bits) {
    INFO("number " << number);
    CHECK(names_by_number().count(number) == 1);
  }
}
