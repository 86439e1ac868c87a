// Where a core file lies: /proc/sys/kernel/core_pattern of core(5).
#pragma once

#include <polyabi/core/core_dumps.hpp>
#include <polyabi/core/services.hpp>
#include <polyabi/core/setting.hpp>
#include <polyabi/linux/pseudo/settings.hpp>

namespace polyabi::linux_abi::core_images {

using vfs::text_sink;

/// `--set linux.core_pattern=core.%e.%p`, and what is written to the files of these names.
inline constexpr char pattern_setting[] = "linux.core_pattern", pid_setting[] = "linux.core_uses_pid";
inline constexpr std::string_view usual_pattern = "core", no_pid = "0";

/// What the letters of a pattern stand for.
template <class K>
struct name_parts {
  pseudo_context<K> of;
  const proc::information<K>& about;
  i32 signo;
  u64 limit;

  void write(text_sink& to, char letter) const {
    switch (letter) {
    case '%': to << '%'; return;
    case 'p':
    case 'P': to << about.pid; return;
    case 'i':
    case 'I':
      if (const auto id = polyabi::perform<K>(op::gettid{}, of.reader)) to << *id;
      return;
    case 'u': to << about.ids.ruid; return;
    case 'g': to << about.ids.rgid; return;
    case 'd': to << 1; return;
    case 's': to << signo; return;
    case 't': write_time(to); return;
    case 'h': write_host(to); return;
    case 'e': write_one_name(to, proc::name_of(about)); return;
    case 'f':
    case 'E': write_program(to, letter == 'f'); return;
    case 'c': to << (limit >= K::unlimited ? ~u64{0} : limit); return;
    default: return; // nothing, as what is unknown
    }
  }

private:
  void write_time(text_sink& to) const {
    native<K, shape::timespec> now{};
    if (polyabi::perform<K>(op::clock_get{}, of.reader, native_number<K, clock::realtime>, now)) to << now.sec;
  }
  void write_host(text_sink& to) const {
    native<K, shape::system_names> names{};
    if (polyabi::perform<K>(op::system_names{}, of.reader, names)) write_one_name(to, proc::detail::until_nul(names.nodename));
  }
  void write_program(text_sink& to, bool last_part) const {
    char path[512];
    const auto size =
        polyabi::perform<K>(op::process_path{}, of.reader, of.process, process_object::executable, -1, std::span<char>{path});
    std::string_view text = size ? std::string_view{path, static_cast<usize>(*size)} : proc::name_of(about);
    if (last_part) text.remove_prefix(text.rfind('/') + 1);
    write_one_name(to, text);
  }
  /// Of one component of a path.
  static void write_one_name(text_sink& to, std::string_view text) {
    for (const char c : text) to << (c == '/' ? '!' : c);
  }
};

/// The name; empty if it is too long.
template <class K>
std::string_view name_of_core(const name_parts<K>& parts, std::string_view pattern, std::span<char> room) {
  text_sink to{room};
  bool has_pid = false;
  for (usize i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      to << pattern[i];
    } else if (++i < pattern.size()) {
      has_pid |= pattern[i] == 'p';
      parts.write(to, pattern[i]);
    }
  }
  const std::string_view uses_pid = setting_or<K>(parts.of.reader, pid_setting, no_pid);
  if (!has_pid && uses_pid != no_pid) to << '.' << parts.about.pid;
  return to.complete() ? to.text() : std::string_view{};
}

/// A new file of the process', instead of one that is there. Inside the section; the kernel leaves it for the while.
template <class Env>
answer<typename Env::kernel, typename Env::kernel::file_ref> open(const name_parts<typename Env::kernel>& parts) {
  using K = typename Env::kernel;
  const std::string_view pattern = setting_or<K>(parts.of.reader, pattern_setting, usual_pattern);
  if (pattern.starts_with('|')) {
    K::unsupported(parts.of.reader,
                   unsupported_report{Env::personality::name, "core_pattern", "a program to pipe cores to", 0});
    return error_of<K, errc::nosys>;
  }
  char room[512];
  const std::string_view path = name_of_core(parts, pattern, room);
  (void)polyabi::perform<K>(op::unlink{}, parts.of.reader, K::current_directory, path, u32{0});
  constexpr u32 flags = native_number<K, access_mode::wronly> | native_number<K, open_flag::creat> |
                        native_number<K, open_flag::excl> | native_number<K, open_flag::nofollow>;
  const typename K::section inside;
  return K::open_file(parts.of.reader, path, flags, 0600);
}

/// The settings as files.
template <class K, const auto& Name, const auto& Otherwise>
bool shown_setting(const pseudo_context<K>& c, text_sink& to) {
  to << setting_or<K>(c.reader, Name, Otherwise) << '\n';
  return true;
}
template <class K, const auto& Name>
errc store_setting(const pseudo_context<K>& c, std::string_view text) {
  if constexpr (provides<K, op::set_setting>()) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return polyabi::perform<K>(op::set_setting{}, c.reader, Name, text) ? errc::none : errc::perm;
  } else {
    return errc::perm;
  }
}

} // namespace polyabi::linux_abi::core_images
