// Processes: clone, wait status, names of options.
#include "format_linux.hpp"
#include "trace_arguments.hpp"

#include <polyabi/linux/signals.hpp>

#include <fmt/format.h>

namespace polyabi::tool::linux_formats {

namespace {

std::string signal_text(i32 number) {
  return number_name<linux_abi::signal_numbers>(number);
}

/// A wait status in C's terms.
std::string status_text(u32 status) {
  const u32 low = status & 0x7f, high = status >> 8 & 0xff;
  if (status == 0xffff) return "{WIFCONTINUED(s)}";
  if ((status & 0xff) == 0x7f)
    return fmt::format("{{WIFSTOPPED(s) && WSTOPSIG(s) == {}}}", signal_text(static_cast<i32>(high)));
  if (low == 0) return fmt::format("{{WIFEXITED(s) && WEXITSTATUS(s) == {}}}", high);
  return fmt::format("{{WIFSIGNALED(s) && WTERMSIG(s) == {}{}}}", signal_text(static_cast<i32>(low)),
                     (status & 0x80) != 0 ? " && WCOREDUMP(s)" : "");
}

std::string wait_status(const argument& a) {
  const captured* memory = a.after();
  if (memory == nullptr || memory->bytes.size() < 4 || a.in.failed() || a.in.result() <= 0) return address_argument(a);
  u32 status = 0;
  std::memcpy(&status, memory->bytes.data(), sizeof status);
  return fmt::format("[{}]", status_text(status));
}

constexpr named_value clone_names[] = {{0x100, "CLONE_VM"},
                                       {0x200, "CLONE_FS"},
                                       {0x400, "CLONE_FILES"},
                                       {0x800, "CLONE_SIGHAND"},
                                       {0x1000, "CLONE_PIDFD"},
                                       {0x2000, "CLONE_PTRACE"},
                                       {0x4000, "CLONE_VFORK"},
                                       {0x8000, "CLONE_PARENT"},
                                       {0x10000, "CLONE_THREAD"},
                                       {0x20000, "CLONE_NEWNS"},
                                       {0x40000, "CLONE_SYSVSEM"},
                                       {0x80000, "CLONE_SETTLS"},
                                       {0x100000, "CLONE_PARENT_SETTID"},
                                       {0x200000, "CLONE_CHILD_CLEARTID"},
                                       {0x400000, "CLONE_DETACHED"},
                                       {0x800000, "CLONE_UNTRACED"},
                                       {0x1000000, "CLONE_CHILD_SETTID"},
                                       {0x2000000, "CLONE_NEWCGROUP"},
                                       {0x4000000, "CLONE_NEWUTS"},
                                       {0x8000000, "CLONE_NEWIPC"},
                                       {0x10000000, "CLONE_NEWUSER"},
                                       {0x20000000, "CLONE_NEWPID"},
                                       {0x40000000, "CLONE_NEWNET"},
                                       {0x80000000, "CLONE_IO"}};
enum : u64 { pidfd = 0x1000, set_tls = 0x80000, parent_set_tid = 0x100000, child_tids = 0x1200000 };

/// strace shows the stack first, then the flags with the signal in their low byte.
std::string clone_flags(const argument& a) {
  const u64 flags = a.value();
  std::string text =
      fmt::format("child_stack={}, flags={}", address_text(a.in.words[1]), named_bits(clone_names, flags & ~u64{0xff}, ""));
  if ((flags & 0xff) != 0)
    text += fmt::format("{}{}", text.ends_with('=') ? "" : "|", signal_text(static_cast<i32>(flags & 0xff)));
  return text.ends_with('=') ? text + "0" : text;
}
std::string nothing(const argument&) {
  return {};
}
std::string parent_tid(const argument& a) {
  return (a.in.words[0] & (parent_set_tid | pidfd)) == 0 ? std::string{} : "parent_tid=" + address_argument(a);
}
std::string child_tid(const argument& a) {
  return (a.in.words[0] & child_tids) == 0 ? std::string{} : "child_tidptr=" + address_argument(a);
}
std::string tls(const argument& a) {
  return (a.in.words[0] & set_tls) == 0 ? std::string{} : "tls=" + address_argument(a);
}
/// The last two words, in the order of strace.
std::string tls_and_child(const argument& a) {
  const bool wide = a.in.abi->word_size == 8;
  const std::string first = tls({a.in, static_cast<u8>(wide ? 4 : 3)}),
                    second = child_tid({a.in, static_cast<u8>(wide ? 3 : 4)});
  return first + (first.empty() || second.empty() ? "" : ", ") + second;
}

constexpr named_value prctl_names[] = {{1, "PR_SET_PDEATHSIG"},
                                       {2, "PR_GET_PDEATHSIG"},
                                       {3, "PR_GET_DUMPABLE"},
                                       {4, "PR_SET_DUMPABLE"},
                                       {7, "PR_GET_KEEPCAPS"},
                                       {8, "PR_SET_KEEPCAPS"},
                                       {13, "PR_GET_TIMING"},
                                       {15, "PR_SET_NAME"},
                                       {16, "PR_GET_NAME"},
                                       {21, "PR_GET_SECCOMP"},
                                       {22, "PR_SET_SECCOMP"},
                                       {23, "PR_CAPBSET_READ"},
                                       {24, "PR_CAPBSET_DROP"},
                                       {29, "PR_SET_TIMERSLACK"},
                                       {30, "PR_GET_TIMERSLACK"},
                                       {36, "PR_SET_CHILD_SUBREAPER"},
                                       {37, "PR_GET_CHILD_SUBREAPER"},
                                       {38, "PR_SET_NO_NEW_PRIVS"},
                                       {39, "PR_GET_NO_NEW_PRIVS"},
                                       {42, "PR_GET_THP_DISABLE"},
                                       {53, "PR_SET_VMA"}};
enum : u64 { set_name = 15, get_name = 16 };

std::string prctl_option(const argument& a) {
  return named_number(prctl_names, static_cast<u32>(a.value()));
}
std::string prctl_value(const argument& a) {
  const u64 option = a.in.words[0];
  if (option != set_name && option != get_name) return hex_word(a);
  const captured* name = option == set_name || a.in.failed() ? a.before() : a.after();
  return name == nullptr ? address_argument(a) : quoted_text(name->bytes.substr(0, name->bytes.find('\0')));
}
/// Two words are enough for most options.
std::string prctl_rest(const argument& a) {
  return a.in.words[0] == set_name || a.in.words[0] == get_name ? std::string{} : hex_word(a);
}

std::string arch_option(const argument& a) {
  constexpr named_value names[] = {{0x1001, "ARCH_SET_GS"}, {0x1002, "ARCH_SET_FS"},    {0x1003, "ARCH_GET_FS"},
                                   {0x1004, "ARCH_GET_GS"}, {0x1011, "ARCH_GET_CPUID"}, {0x1012, "ARCH_SET_CPUID"}};
  return a.value() == 0x3001 ? "0x3001 /* ARCH_??? */" : named_number(names, a.value());
}

std::string futex_operation(const argument& a) {
  constexpr named_value names[] = {{0, "FUTEX_WAIT"},        {1, "FUTEX_WAKE"},        {2, "FUTEX_FD"},
                                   {3, "FUTEX_REQUEUE"},     {4, "FUTEX_CMP_REQUEUE"}, {5, "FUTEX_WAKE_OP"},
                                   {9, "FUTEX_WAIT_BITSET"}, {10, "FUTEX_WAKE_BITSET"}};
  const u64 operation = a.value();
  return named_number(names, operation & 0x7f) + ((operation & 0x80) != 0 ? "_PRIVATE" : "") +
         ((operation & 0x100) != 0 ? "|FUTEX_CLOCK_REALTIME" : "");
}
/// FUTEX_WAKE takes no more than the number.
std::string futex_rest(const argument& a) {
  return (a.in.words[1] & 0x7f) == 1 ? std::string{} : address_argument(a);
}
std::string futex_last(const argument& a) {
  const u64 operation = a.in.words[1] & 0x7f;
  return operation == 1 || operation == 0 || (a.word == 4 && operation == 9) ? std::string{} : hex_word(a);
}

std::string handler(const argument& a) {
  return a.value() == 0 ? "SIG_DFL" : a.value() == 1 ? "SIG_IGN" : address_argument(a);
}

std::string group_list(const argument& a) {
  if (a.in.failed()) return address_argument(a);
  const captured* memory = a.after();
  if (a.in.result() == 0) return "[]";
  return a.in.result() == 1 && memory != nullptr ? pointed_number<le<u32>, true>(a)
                                                 : address_argument(a); // more are not recorded
}

constexpr refinement arguments[] = {
    {"wait4", 1, &wait_status, true},
    {"waitpid", 1, &wait_status, true},
    {"clone", 0, &clone_flags},
    {"clone", 1, &nothing},
    {"clone", 2, &parent_tid, true},
    {"clone", 3, &tls_and_child, true},
    {"clone", 4, &nothing, true},
    {"prctl", 0, &prctl_option},
    {"prctl", 1, &prctl_value, true},
    {"prctl", 2, &prctl_rest, true},
    {"prctl", 3, &prctl_rest, true},
    {"prctl", 4, &prctl_rest, true},
    {"arch_prctl", 0, &arch_option},
    {"arch_prctl", 1, &address_argument},
    {"futex", 1, &futex_operation},
    {"futex", 3, &futex_rest},
    {"futex", 4, &futex_last},
    {"futex", 5, &futex_last},
    {"signal", 1, &handler},
    {"getgroups", 1, &group_list, true},
    {"getgroups32", 1, &group_list, true},
    {"rseq", 1, &hex_word},
    {"rseq", 3, &hex_word},
};

} // namespace

std::span<const refinement> process_arguments() {
  return arguments;
}

} // namespace polyabi::tool::linux_formats
