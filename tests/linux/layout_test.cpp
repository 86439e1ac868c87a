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
  bool in_libc = false; ///< the kernel does not export it: the C library states it
};
counterpart none(const char* why) {
  return {{}, why};
}
counterpart in_libc(testing::c_names names) {
  return {std::move(names), {}, true};
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
const std::vector<std::pair<std::string, std::string>> timex_members{
    {"frequency", "freq"},       {"seconds", "time.tv_sec"},    {"microseconds", "time.tv_usec"},
    {"pps_frequency", "ppsfreq"}, {"stability", "stabil"},       {"jitter_count", "jitcnt"},
    {"calibration_count", "calcnt"}, {"error_count", "errcnt"}, {"stability_count", "stbcnt"}};
template <class M>
const counterpart in_headers<la::timex<M>>{{"struct timex", "", timex_members}};
template <class M>
const counterpart in_headers<la::timex64<M>>{{"struct __kernel_timex", "", timex_members}};
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
const counterpart in_headers<la::sched_param<M>>{{"struct sched_param", "sched_"}};
template <class M>
const counterpart in_headers<la::sched_attr<M>>{{"struct sched_attr", "sched_", {{"size", "size"}}}};
template <class M> // bit fields have no offset
const counterpart in_headers<la::user_desc<M>>{{"struct user_desc", "", {{"flags", "limit) + sizeof(int"}}}};
template <class M>
const counterpart in_headers<la::clone_args<M>>{{"struct clone_args", ""}};
template <class M>
const counterpart in_headers<la::robust_list_head<M>>{{"struct robust_list_head", ""}};
template <class M>
const counterpart in_headers<la::sock_filter<M>>{{"struct sock_filter", ""}};
template <class M>
const counterpart in_headers<la::sock_fprog<M>>{{"struct sock_fprog", ""}};
template <class M>
const counterpart in_headers<la::seccomp_notif_sizes<M>>{{"struct seccomp_notif_sizes", "seccomp_"}};
template <class M>
const counterpart in_headers<la::futex_waiter<M>>{
    {"struct futex_waitv", "", {{"value", "val"}, {"address", "uaddr"}, {"reserved", "__reserved"}}}};
template <class M>
const counterpart in_headers<la::mq_attr<M>>{{"struct mq_attr", "mq_"}};
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
template <class M>
const counterpart in_headers<la::kcmp_epoll_slot<M>>{{"struct kcmp_epoll_slot", ""}};
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

// sockets
template <class M>
const counterpart in_headers<la::sockaddr<M>> = none("the first member of every address");
template <class M>
const counterpart in_headers<la::sockaddr_in<M>>{{"struct sockaddr_in", "sin_", {{"address", "sin_addr"}}}};
template <class M>
const counterpart in_headers<la::sockaddr_in6<M>>{{"struct sockaddr_in6", "sin6_", {{"address", "sin6_addr"}}}};
template <class M>
const counterpart in_headers<la::sockaddr_un<M>>{{"struct sockaddr_un", "sun_"}};
template <class M>
const counterpart in_headers<la::sockaddr_nl<M>>{{"struct sockaddr_nl", "nl_"}};
template <class M>
const counterpart in_headers<la::msghdr<M>> = in_libc({"struct msghdr", "msg_"});
template <class M>
const counterpart in_headers<la::mmsghdr<M>> = in_libc({"struct mmsghdr", "msg_"});
template <class M>
const counterpart in_headers<la::cmsghdr<M>> = in_libc({"struct cmsghdr", "cmsg_"});
template <class M>
const counterpart in_headers<la::linger<M>> = in_libc({"struct linger", "l_", {{"seconds", "l_linger"}}});
template <class M>
const counterpart in_headers<la::ucred<M>> = in_libc({"struct ucred", ""});
template <class M>
const counterpart in_headers<la::sock_timeval<M>>{{"struct __kernel_sock_timeval", "tv_"}};
template <class M>
const counterpart in_headers<la::ip_mreqn<M>>{
    {"struct ip_mreqn", "imr_", {{"group", "imr_multiaddr"}, {"index", "imr_ifindex"}}}};
template <class M>
const counterpart in_headers<la::ip_mreq<M>>{
    {"struct ip_mreq", "imr_", {{"group", "imr_multiaddr"}, {"address", "imr_interface"}}}};
template <class M>
const counterpart in_headers<la::in_addr<M>>{{"struct in_addr", "", {{"address", "s_addr"}}}};
template <class M>
const counterpart in_headers<la::ip_mreq_source<M>>{
    {"struct ip_mreq_source", "imr_", {{"group", "imr_multiaddr"}, {"source", "imr_sourceaddr"}}}};
template <class M>
const counterpart in_headers<la::ipv6_mreq<M>>{
    {"struct ipv6_mreq", "ipv6mr_", {{"group", "ipv6mr_multiaddr"}, {"index", "ipv6mr_ifindex"}}}};
template <class M>
const counterpart in_headers<la::in_pktinfo<M>>{
    {"struct in_pktinfo", "ipi_", {{"index", "ipi_ifindex"}, {"destination", "ipi_spec_dst"}, {"address", "ipi_addr"}}}};
template <class M>
const counterpart in_headers<la::in6_pktinfo<M>>{
    {"struct in6_pktinfo", "ipi6_", {{"address", "ipi6_addr"}, {"index", "ipi6_ifindex"}}}};
template <class M>
const counterpart in_headers<la::sock_extended_err<M>>{{"struct sock_extended_err", "ee_", {{"error", "ee_errno"}}}};
template <class M>
const counterpart in_headers<la::tcp_info<M>>{
    // two bit fields have no offset
    {"struct tcp_info", "tcpi_", {{"scales", "tcpi_options) + sizeof(char"}}, "tcpi_delivered"}};

// netlink and interfaces
template <class M>
const counterpart in_headers<la::nlmsghdr<M>>{{"struct nlmsghdr", "nlmsg_"}};
template <class M>
const counterpart in_headers<la::nlmsgerr<M>>{{"struct nlmsgerr", ""}};
template <class M>
const counterpart in_headers<la::rtattr<M>>{{"struct rtattr", "rta_"}};
template <class M>
const counterpart in_headers<la::ifinfomsg<M>>{{"struct ifinfomsg", "ifi_"}};
template <class M>
const counterpart in_headers<la::ifaddrmsg<M>>{{"struct ifaddrmsg", "ifa_"}};
template <class M>
const counterpart in_headers<la::rtmsg<M>>{{"struct rtmsg", "rtm_"}};
template <class M>
const counterpart in_headers<la::fib_rule_hdr<M>>{{"struct fib_rule_hdr", ""}};
template <class M>
const counterpart in_headers<la::inet_diag_sockid<M>>{{"struct inet_diag_sockid", "idiag_", {{"interface", "idiag_if"}}}};
template <class M>
const counterpart in_headers<la::inet_diag_req_v2<M>>{
    {"struct inet_diag_req_v2", "idiag_", {{"family", "sdiag_family"}, {"protocol", "sdiag_protocol"}, {"pad", "pad"}, {"id", "id"}}}};
template <class M>
const counterpart in_headers<la::inet_diag_msg<M>>{{"struct inet_diag_msg", "idiag_", {{"id", "id"}}}};
template <class M>
const counterpart in_headers<la::unix_diag_req<M>>{
    {"struct unix_diag_req", "udiag_", {{"family", "sdiag_family"}, {"protocol", "sdiag_protocol"}, {"pad", "pad"}}}};
template <class M>
const counterpart in_headers<la::unix_diag_msg<M>>{{"struct unix_diag_msg", "udiag_", {{"pad", "pad"}}}};
template <class M>
const counterpart in_headers<la::rtentry<M>> = in_libc({"struct rtentry", "rt_"});
template <class M>
const counterpart in_headers<la::ifreq<M>> = in_libc({"struct ifreq", "", {{"name", "ifr_ifrn"}, {"value", "ifr_ifru"}}});
template <class M>
const counterpart in_headers<la::ifconf<M>> = in_libc({"struct ifconf", "ifc_"});

// interprocess communication, in both generations
template <class M>
const counterpart in_headers<la::ipc64_perm<M>>{{"struct ipc64_perm", ""}};
template <class M>
const counterpart in_headers<la::semid64_ds<M>>{{"struct semid64_ds", "sem_"}};
template <class M>
const counterpart in_headers<la::shmid64_ds<M>>{{"struct shmid64_ds", "shm_"}};
template <class M>
const counterpart in_headers<la::msqid64_ds<M>>{{"struct msqid64_ds", "msg_"}};
template <class M>
const counterpart in_headers<la::ipc_perm<M>>{{"struct ipc_perm", ""}};
template <class M>
const counterpart in_headers<la::semid_ds<M>>{{"struct semid_ds", "sem_", {{"undo", "undo"}}}};
template <class M>
const counterpart in_headers<la::shmid_ds<M>>{{"struct shmid_ds", "shm_"}};
template <class M>
const counterpart in_headers<la::msqid_ds<M>>{{"struct msqid_ds", "msg_"}};
template <class M>
const counterpart in_headers<la::sembuf<M>>{{"struct sembuf", "sem_"}};
template <class M>
const counterpart in_headers<la::seminfo<M>>{{"struct seminfo", ""}};
template <class M>
const counterpart in_headers<la::shminfo64<M>>{{"struct shminfo64", ""}};
template <class M>
const counterpart in_headers<la::shminfo<M>>{{"struct shminfo", ""}};
template <class M>
const counterpart in_headers<la::shm_info<M>>{
    {"struct shm_info",
     "shm_",
     {{"used_ids", "used_ids"}, {"swap_attempts", "swap_attempts"}, {"swap_successes", "swap_successes"}}}};
template <class M>
const counterpart in_headers<la::msginfo<M>>{{"struct msginfo", ""}};

// timers and events
template <class M>
const counterpart in_headers<la::sigevent<M>>{{"struct sigevent", "sigev_", {{"thread", "_sigev_un._tid"}}}};
template <class M>
const counterpart in_headers<la::itimerspec<M>>{{"struct itimerspec", "it_"}};
template <class M>
const counterpart in_headers<la::itimerspec64<M>>{{"struct __kernel_itimerspec", "it_"}};
template <>
const counterpart in_headers<la::signalfd_siginfo>{{"struct signalfd_siginfo", ""}};
template <>
const counterpart in_headers<la::inotify_event>{{"struct inotify_event", ""}};

template <>
const counterpart in_headers<la::user_registers_x86_64> = in_libc({"struct user_regs_struct", ""});
template <>
const counterpart in_headers<la::user_registers_i386> =
    in_libc({"struct user_regs_struct", "", {{"ds", "xds"}, {"es", "xes"}, {"fs", "xfs"}, {"gs", "xgs"}, {"cs", "xcs"}, {"ss", "xss"}}});
template <>
const counterpart in_headers<la::traced_call_information> = none("struct ptrace_syscall_info ends with a union, whose words these are");

template <>
const counterpart in_headers<la::pending_signals_wanted> = in_libc({"struct __ptrace_peeksiginfo_args", "", {{"from", "off"}, {"count", "nr"}}});
template <class M>
const counterpart in_headers<la::core_status<M>> =
    in_libc({"struct elf_prstatus",
             "pr_",
             {{"signo", "pr_info.si_signo"}, {"code", "pr_info.si_code"}, {"error", "pr_info.si_errno"}, {"current_signal", "pr_cursig"},
              {"pending", "pr_sigpend"}, {"held", "pr_sighold"}, {"registers", "pr_reg"}, {"has_floating_point", "pr_fpvalid"}}});
template <class M>
const counterpart in_headers<la::core_process<M>> =
    in_libc({"struct elf_prpsinfo",
             "pr_",
             {{"state_name", "pr_sname"}, {"zombie", "pr_zomb"}, {"flags", "pr_flag"}, {"name", "pr_fname"}, {"arguments", "pr_psargs"}}});
const std::vector<std::pair<std::string, std::string>> program_header_names{{"address", "p_vaddr"}, {"physical", "p_paddr"},
    {"file_size", "p_filesz"}, {"memory_size", "p_memsz"}, {"alignment", "p_align"}};
template <>
const counterpart in_headers<la::elf_program_header_64> = in_libc({"Elf64_Phdr", "p_", program_header_names});
template <>
const counterpart in_headers<la::elf_program_header_32> = in_libc({"Elf32_Phdr", "p_", program_header_names});
template <class M>
const counterpart in_headers<la::elf_header<M>> =
    in_libc({M::word_size == 8 ? "Elf64_Ehdr" : "Elf32_Ehdr",
             "e_",
             {{"program_headers", "e_phoff"}, {"section_headers", "e_shoff"}, {"size", "e_ehsize"}, {"program_header_size", "e_phentsize"},
              {"program_header_count", "e_phnum"}, {"section_header_size", "e_shentsize"}, {"section_header_count", "e_shnum"},
              {"names", "e_shstrndx"}}});

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
    v.template structure<la::kcmp_epoll_slot<M>>("kcmp");
    v.template structure<la::clone_args<M>>("clone3");
    v.template structure<la::robust_list_head<M>>("set_robust_list");
    v.template structure<std::conditional_t<M::word_size == 8, la::user_registers_x86_64, la::user_registers_i386>>("ptrace");
    v.template structure<la::traced_call_information>("ptrace");
    v.template structure<la::pending_signals_wanted>("ptrace");
    v.template structure<la::core_status<M>>("core file");
    v.template structure<la::core_process<M>>("core file");
    v.template structure<la::elf_header<M>>("core file");
    v.template structure<std::conditional_t<M::word_size == 8, la::elf_program_header_64, la::elf_program_header_32>>("core file");
    v.template structure<la::sock_filter<M>>("seccomp");
    v.template structure<la::sock_fprog<M>>("seccomp");
    v.template structure<la::seccomp_notif_sizes<M>>("seccomp");
    v.template structure<la::capability_data<M>>("capset");
    v.template structure<la::sched_attr<M>>("sched_setattr");
    v.template structure<la::dirent<M>>("getdents");
    v.template structure<la::dirent64<M>>("getdents64");
    v.template structure<la::old_dirent<M>>("readdir");
    v.template structure<la::stat_time<M>>("stat");
    v.template structure<la::utsname>("uname");
    v.template structure<la::old_utsname>("olduname");
    v.template structure<la::oldold_utsname>("oldolduname");
    v.template structure<la::signalfd_siginfo>("read of signalfd");
    v.template structure<la::inotify_event>("read of inotify");
    sockets(v);
    netlink(v);
    interprocess(v);
  }

private:
  template <class Visitor>
  static void sockets(Visitor& v) {
    v.template structure<la::sockaddr<M>>("bind");
    v.template structure<la::sockaddr_in<M>>("bind");
    v.template structure<la::sockaddr_in6<M>>("bind");
    v.template structure<la::sockaddr_un<M>>("bind");
    v.template structure<la::sockaddr_nl<M>>("bind");
    v.template structure<la::msghdr<M>>("sendmsg");
    v.template structure<la::mmsghdr<M>>("sendmmsg");
    v.template structure<la::cmsghdr<M>>("sendmsg");
    v.template structure<la::linger<M>>("setsockopt");
    v.template structure<la::ucred<M>>("getsockopt");
    v.template structure<la::sock_timeval<M>>("setsockopt");
    v.template structure<la::ip_mreqn<M>>("setsockopt");
    v.template structure<la::ip_mreq<M>>("setsockopt");
    v.template structure<la::in_addr<M>>("setsockopt");
    v.template structure<la::ip_mreq_source<M>>("setsockopt");
    v.template structure<la::ipv6_mreq<M>>("setsockopt");
    v.template structure<la::in_pktinfo<M>>("recvmsg");
    v.template structure<la::in6_pktinfo<M>>("recvmsg");
    v.template structure<la::sock_extended_err<M>>("recvmsg");
    v.template structure<la::tcp_info<M>>("getsockopt");
  }

  template <class Visitor>
  static void netlink(Visitor& v) {
    v.template structure<la::nlmsghdr<M>>("recvmsg");
    v.template structure<la::nlmsgerr<M>>("recvmsg");
    v.template structure<la::rtattr<M>>("recvmsg");
    v.template structure<la::ifinfomsg<M>>("recvmsg");
    v.template structure<la::ifaddrmsg<M>>("recvmsg");
    v.template structure<la::rtmsg<M>>("recvmsg");
    v.template structure<la::fib_rule_hdr<M>>("recvmsg");
    v.template structure<la::inet_diag_sockid<M>>("recvmsg");
    v.template structure<la::inet_diag_req_v2<M>>("sendmsg");
    v.template structure<la::inet_diag_msg<M>>("recvmsg");
    v.template structure<la::unix_diag_req<M>>("sendmsg");
    v.template structure<la::unix_diag_msg<M>>("recvmsg");
    v.template structure<la::ifreq<M>>("ioctl");
    v.template structure<la::ifconf<M>>("ioctl");
    v.template structure<la::rtentry<M>>("ioctl");
  }

  template <class Visitor>
  static void interprocess(Visitor& v) {
    v.template structure<la::ipc64_perm<M>>("semctl");
    v.template structure<la::semid64_ds<M>>("semctl");
    v.template structure<la::shmid64_ds<M>>("shmctl");
    v.template structure<la::msqid64_ds<M>>("msgctl");
    v.template structure<la::sembuf<M>>("semop");
    v.template structure<la::seminfo<M>>("semctl");
    v.template structure<la::shminfo64<M>>("shmctl");
    v.template structure<la::shm_info<M>>("shmctl");
    v.template structure<la::msginfo<M>>("msgctl");
    if constexpr (M::word_size == 4) { // the first generation: 64-bit programs never had it
      v.template structure<la::ipc_perm<M>>("semctl");
      v.template structure<la::semid_ds<M>>("semctl");
      v.template structure<la::shmid_ds<M>>("shmctl");
      v.template structure<la::msqid_ds<M>>("msgctl");
      v.template structure<la::shminfo<M>>("shmctl");
    }
  }
};

const std::vector<std::string> kernel_headers{
    "linux/types.h",    "asm/ldt.h",           "asm/poll.h",          "asm/siginfo.h",    "asm/signal.h",
    "asm/stat.h",       "asm/statfs.h",        "asm/termbits.h",      "asm/termios.h",    "linux/capability.h",
    "linux/filter.h",   "linux/seccomp.h",
    "linux/errqueue.h", "linux/eventpoll.h",   "linux/fcntl.h",       "linux/futex.h", "linux/mqueue.h",    "linux/if_addr.h",
    "linux/in.h",       "linux/in6.h",         "linux/inotify.h",     "linux/ipv6.h",     "linux/kcmp.h",     "linux/msg.h",
    "linux/fib_rules.h", "linux/inet_diag.h", "linux/unix_diag.h", "linux/netlink.h",  "linux/openat2.h",     "linux/posix_types.h", "linux/resource.h", "linux/rtnetlink.h",
    "linux/sched.h",    "linux/sched/types.h", "linux/sem.h",         "linux/shm.h",      "linux/signalfd.h",
    "linux/stat.h",     "linux/sysinfo.h",     "linux/tcp.h",         "linux/time.h",     "linux/time_types.h", "linux/timex.h",
    "linux/times.h",    "linux/uio.h",         "linux/un.h",          "linux/utime.h",    "linux/utsname.h"};

/// Collects a probe's questions from the tables.
class asker {
public:
  testing::layout_probe probe, libc_probe;
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
    testing::layout_probe& asked = c.in_libc ? libc_probe : probe;
    if constexpr (has_fields<T>)
      asked.ask<T>(c.names);
    else
      asked.ask_size(c.names.type, sizeof(T));
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
  CHECK(all.probe.size() > 400);
  auto differences = all.probe.run({POLYABI_C_COMPILER, flags, kernel_headers});
  for (const auto& sentence : all.libc_probe.run({POLYABI_C_COMPILER, flags + " -D_GNU_SOURCE", {"sys/socket.h", "sys/user.h", "sys/ptrace.h", "sys/procfs.h", "elf.h", "net/if.h", "net/route.h"}}))
    differences.push_back(sentence);
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
