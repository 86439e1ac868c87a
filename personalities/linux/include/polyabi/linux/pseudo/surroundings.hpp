// /proc/PID: what a process is in. There is one namespace of each kind, one control group, and all user numbers are what they are.
#pragma once

#include <polyabi/linux/pseudo/common.hpp>

namespace polyabi::linux_abi::proc {

/// A file of one line that is the same for every process.
template <class K, const auto& Text>
bool constant_text(const pseudo_context<K>&, text_sink& to) {
  to << std::string_view{Text};
  return true;
}

namespace texts {
inline constexpr char control_groups[] = "0::/\n", allow[] = "allow\n", no_login[] = "4294967295", no_wait[] = "0",
                      command_line[] = "polyabi\n", nothing[] = "",
                      no_partitions[] = "major minor  #blocks  name\n\n",
                      no_swap[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n",
                      all_ids[] = "         0          0 4294967295\n",
                      cgroup[] = "cgroup:[4026531835]", ipc[] = "ipc:[4026531839]", mnt[] = "mnt:[4026531841]",
                      net[] = "net:[4026531840]", pid[] = "pid:[4026531836]", time[] = "time:[4026531834]",
                      user[] = "user:[4026531837]", uts[] = "uts:[4026531838]";
}

/// /proc/locks (proc(5)).
template <class K>
bool file_locks(const pseudo_context<K>& c, text_sink& to) {
  if constexpr (provides<K, op::next_lock>()) {
    native<K, shape::lock_info> one{};
    for (u32 index = 0;; ++index) {
      const auto found = polyabi::perform<K>(op::next_lock{}, c.reader, index, one);
      if (!found || !*found) return static_cast<bool>(found);
      to << one.number << ": " << (one.waits ? "-> " : "");
      to << (one.kind == lock_owner_kind::whole_file ? "FLOCK " : one.kind == lock_owner_kind::open_file ? "OFDLCK" : "POSIX ");
      to << " ADVISORY  " << (one.writes ? "WRITE " : "READ  ") << i64{one.pid} << ' ';
      const u64 device = linux_device<K>(one.device);
      to << hex{major_of(device), 2} << ':' << hex{minor_of(device), 2} << ':' << one.inode << ' ' << one.first << ' ';
      constexpr i64 end_of_file = 0x7fffffffffffffff;
      if (one.last == end_of_file) to << "EOF\n";
      else to << one.last << '\n';
    }
  } else {
    return true;
  }
}

/// One mount a line (proc_pid_mountinfo(5)): number, parent's number, device, root, place, options, type, source, options.
template <class K>
bool mount_information(const pseudo_context<K>& c, text_sink& to) {
  char path[4096];
  native<K, shape::mount_info> mount{};
  constexpr std::string_view special = " \t\n\\";
  constexpr u32 first_number = 20;
  for (u32 index = 0;; ++index) {
    const auto found = polyabi::perform<K>(op::next_mount{}, c.reader, index, mount, std::span<char>{path});
    if (!found) return false;
    if (!*found) return true;
    if (mount.path_size == 0) continue;
    to << first_number + index << ' ' << (index == 0 ? 1 : first_number) << ' ';
    const u64 device = linux_device<K>(mount.device);
    to << major_of(device) << ':' << minor_of(device) << " / ";
    write_escaped(to, {path, mount.path_size}, special);
    to << ' ' << mount.options << " - ";
    write_escaped(to, mount.type, special);
    to << ' ';
    write_escaped(to, mount.source, special);
    to << ' ' << mount.options << '\n';
  }
}
template <class K>
bool mount_statistics(const pseudo_context<K>& c, text_sink& to) {
  char path[4096];
  native<K, shape::mount_info> mount{};
  constexpr std::string_view special = " \t\n\\";
  for (u32 index = 0;; ++index) {
    const auto found = polyabi::perform<K>(op::next_mount{}, c.reader, index, mount, std::span<char>{path});
    if (!found) return false;
    if (!*found) return true;
    if (mount.path_size == 0) continue;
    to << "device ";
    write_escaped(to, mount.source, special);
    to << " mounted on ";
    write_escaped(to, {path, mount.path_size}, special);
    to << " with fstype ";
    write_escaped(to, mount.type, special);
    to << '\n';
  }
}

/// The auxiliary vector, as it lies on the first stack.
template <class K>
bool auxiliary_vector(const pseudo_context<K>& c, text_sink& to) {
  char bytes[1024];
  const auto size = polyabi::perform<K>(op::process_text{}, c.reader, c.process, process_text::auxiliary_vector, std::span<char>{bytes});
  if (!size) return false;
  to << std::string_view{bytes, static_cast<usize>(*size)};
  return true;
}

/// The children of a process; all of them are its first thread's.
template <class K>
bool children(const pseudo_context<K>& c, text_sink& to) {
  if (c.thread != c.process) return true;
  for (i32 pid = 0;;) {
    const auto next = polyabi::perform<K>(op::next_process{}, c.reader, pid);
    if (!next || *next == 0) return true;
    pid = *next;
    information<K> info{};
    if (polyabi::perform<K>(op::process_info{}, c.reader, pid, info) && info.ppid == c.process) to << pid << ' ';
  }
}

template <class K>
struct namespace_files {
  static constexpr pseudo_entry<K> all[] = {
      pseudo::link<K>("cgroup", &constant_text<K, texts::cgroup>),
      pseudo::link<K>("ipc", &constant_text<K, texts::ipc>),
      pseudo::link<K>("mnt", &constant_text<K, texts::mnt>),
      pseudo::link<K>("net", &constant_text<K, texts::net>),
      pseudo::link<K>("pid", &constant_text<K, texts::pid>),
      pseudo::link<K>("pid_for_children", &constant_text<K, texts::pid>),
      pseudo::link<K>("time", &constant_text<K, texts::time>),
      pseudo::link<K>("time_for_children", &constant_text<K, texts::time>),
      pseudo::link<K>("user", &constant_text<K, texts::user>),
      pseudo::link<K>("uts", &constant_text<K, texts::uts>),
  };
};

} // namespace polyabi::linux_abi::proc
