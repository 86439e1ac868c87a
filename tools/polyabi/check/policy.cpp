#include "policy.hpp"

namespace polyabi::check {

namespace {

using enum consequence;

constexpr std::string_view falls_back = "programs try it and go on without";
constexpr std::string_view c_library = "the C library tries it and has another way";
constexpr std::string_view no_such_files = "files here are as on a file system without it";
constexpr std::string_view no_such_device = "there is no device here that could be asked";
constexpr std::string_view event_loop = "event loops are built on it";

constexpr policy_rule all_rules[] = {
    // What the C library and its like only try.
    {"clone3", none, c_library},
    {"membarrier", none, c_library},
    {"set_mempolicy*", none, falls_back},
    {"get_mempolicy", none, falls_back},
    {"mbind", none, falls_back},
    {"migrate_pages", none, falls_back},
    {"move_pages", none, falls_back},
    {"pkey_*", none, falls_back},
    {"restart_syscall", none, "only the kernel itself makes it happen"},
    {"statmount", none, falls_back},
    {"listmount", none, falls_back},
    {"lsm_*", none, falls_back},
    {"cachestat", none, falls_back},
    {"mseal", none, c_library},
    {"map_shadow_stack", none, c_library},
    {"futex_waitv", none, falls_back},
    {"futex_wake", none, falls_back},
    {"futex_wait", none, falls_back},
    {"futex_requeue", none, falls_back},
    // Faster ways to copy.
    {"copy_file_range", none, falls_back},
    {"sendfile*", none, falls_back},
    {"splice", none, falls_back},
    {"tee", none, falls_back},
    {"vmsplice", none, falls_back},
    {"ioctl.FICLONE*", none, falls_back},
    {"ioctl.FIDEDUPERANGE", none, falls_back},
    // Attributes of files.
    {"getxattr*", none, no_such_files},
    {"lgetxattr*", none, no_such_files},
    {"fgetxattr*", none, no_such_files},
    {"listxattr*", none, no_such_files},
    {"llistxattr", none, no_such_files},
    {"flistxattr", none, no_such_files},
    {"setxattr*", none, no_such_files},
    {"lsetxattr", none, no_such_files},
    {"fsetxattr", none, no_such_files},
    {"removexattr*", none, no_such_files},
    {"lremovexattr", none, no_such_files},
    {"fremovexattr", none, no_such_files},
    {"ioctl.FS_IOC*", none, no_such_files},
    {"name_to_handle_at", none, no_such_files},
    // What devices are asked that cannot be opened here.
    {"ioctl.BLK*", none, no_such_device},
    {"ioctl.CDROM*", none, no_such_device},
    {"ioctl.KD*", none, no_such_device},
    {"ioctl.VT_*", none, no_such_device},
    {"ioctl.RTC_*", none, no_such_device},
    {"ioctl.TIOCM*", none, no_such_device},
    {"ioctl.TIOCGSERIAL", none, no_such_device},
    {"ioctl.TIOCSSERIAL", none, no_such_device},
    // What has another way.
    {"mmap 0x40000", none, "huge pages are tried first, then ordinary ones"},
    {"ioctl.TIOCGPTPEER", none, c_library},
    // Sandboxes that programs put themselves into.
    {"landlock_*", none, falls_back},
    {"seccomp", none, falls_back},
    // Newer ways of the same.
    {"io_uring_*", none, falls_back},
    {"process_madvise", none, falls_back},
    {"pidfd_*", none, falls_back},
    // Without these such programs are nothing.
    {"epoll_create", stops, event_loop},
    {"epoll_create1", stops, event_loop},
    {"ptrace", stops, "debuggers and tracers are built on it"},
};

constexpr exemption all_exemptions[] = {
    {"socket connect sendto sendmsg recvmsg recvfrom", "libc.so",
     "getpw* getgr* getspnam* initgroups getgrouplist innetgr putpwent",
     "the C library asks a cache of names and reads the files when there is none"},
    {"socket connect sendto sendmsg", "libc.so", "syslog vsyslog openlog __syslog_chk __vsyslog_chk closelog",
     "messages to the system's log are lost"},
};

constexpr known_library all_known[] = {
    {"libc.so", "changes of user and group, which every thread of a process repeats"},
};

constexpr missing_files_row all_missing_files[] = {
    {"linux", "/proc/net/", "dev if_inet6 route", limits, "/proc does not list sockets"},
};

constexpr telling_function all_telling[] = {
    {"execv* execl* posix_spawn* system popen fexecve", "starts other programs, which are not judged here"},
};

} // namespace

std::span<const policy_rule> policy_rules() {
  return all_rules;
}
std::span<const exemption> exemptions() {
  return all_exemptions;
}
std::span<const known_library> known_libraries() {
  return all_known;
}
std::span<const missing_files_row> missing_files() {
  return all_missing_files;
}
std::span<const telling_function> telling_functions() {
  return all_telling;
}

namespace {

bool fits(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
}

} // namespace

ruling ruling_of(std::string_view call, support level) {
  for (const policy_rule& rule : policy_rules())
    if (fits(rule.call, call)) return {rule.then, rule.why};
  return {usual_consequence(level), {}};
}

bool names(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const auto end = list.find(' ');
    if (fits(list.substr(0, end), name)) return true;
    if (end == list.npos) break;
    list.remove_prefix(end + 1);
  }
  return false;
}

} // namespace polyabi::check
