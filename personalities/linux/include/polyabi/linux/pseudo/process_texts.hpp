// /proc/PID/cmdline, comm, environ, limits and mounts.
#pragma once

#include <polyabi/linux/pseudo/common.hpp>

namespace polyabi::linux_abi::proc {

namespace detail {
template <class K>
bool write_strings(const pseudo_context<K>& c, text_sink& to, process_text which) {
  char text[4096];
  const auto size = polyabi::perform<K>(op::process_text{}, c.reader, c.process, which, std::span<char>{text});
  if (!size) return false;
  to << std::string_view{text, static_cast<usize>(*size)};
  return true;
}
} // namespace detail

template <class K>
bool command_line(const pseudo_context<K>& c, text_sink& to) {
  return detail::write_strings(c, to, process_text::arguments);
}
template <class K>
bool environment_strings(const pseudo_context<K>& c, text_sink& to) {
  return detail::write_strings(c, to, process_text::environment);
}

template <class K>
bool process_name(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  if (!ask(c, info)) return false;
  to << name_of(info) << '\n';
  return true;
}
template <class K>
errc set_process_name(const pseudo_context<K>& c, std::string_view text) {
  const auto own = polyabi::perform<K>(op::getpid{}, c.reader);
  if (!own || *own != c.process) return errc::inval;
  if constexpr (provides<K, op::set_process_name>()) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return polyabi::perform<K>(op::set_process_name{}, c.reader, text) ? errc::none : errc::inval;
  } else {
    return errc::inval;
  }
}

namespace detail {
struct limit_row {
  resource which;
  std::string_view name, unit;
};
inline constexpr limit_row limit_rows[] = {
    {resource::cpu, "Max cpu time", "seconds"},         {resource::fsize, "Max file size", "bytes"},
    {resource::data, "Max data size", "bytes"},         {resource::stack, "Max stack size", "bytes"},
    {resource::core, "Max core file size", "bytes"},    {resource::rss, "Max resident set", "bytes"},
    {resource::nproc, "Max processes", "processes"},    {resource::nofile, "Max open files", "files"},
    {resource::memlock, "Max locked memory", "bytes"},  {resource::as, "Max address space", "bytes"},
    {resource::locks, "Max file locks", "locks"},       {resource::sigpending, "Max pending signals", "signals"},
    {resource::msgqueue, "Max msgqueue size", "bytes"}, {resource::nice, "Max nice priority", ""},
    {resource::rtprio, "Max realtime priority", ""},    {resource::rttime, "Max realtime timeout", "us"},
};
/// The kernels here have their infinity at the largest signed number, as 4.4BSD, or unsigned one.
inline void write_limit(text_sink& to, u64 value) {
  if (value >= ~u64{0} >> 1) {
    to << left{"unlimited", 20} << ' ';
    return;
  }
  char digits[24];
  text_sink number{digits};
  number << value;
  to << left{number.text(), 20} << ' ';
}
} // namespace detail

template <class K>
bool process_limits(const pseudo_context<K>& c, text_sink& to) {
  to << left{"Limit", 25} << ' ' << left{"Soft Limit", 20} << ' ' << left{"Hard Limit", 20} << ' ' << left{"Units", 10} << '\n';
  for (const detail::limit_row& row : detail::limit_rows) {
    native<K, shape::rlimit> limit{};
    limit.cur = limit.max = ~u64{0};
    if (!ask_limit(c, row.which, limit)) return false;
    to << left{row.name, 25} << ' ';
    detail::write_limit(to, limit.cur);
    detail::write_limit(to, limit.max);
    if (row.unit.empty())
      to << '\n';
    else
      to << left{row.unit, 10} << '\n';
  }
  return true;
}

/// Mounts that the reader cannot reach are not shown.
template <class K>
bool mounts(const pseudo_context<K>& c, text_sink& to) {
  char path[4096];
  native<K, shape::mount_info> mount{};
  for (u32 index = 0;; ++index) {
    const auto found = polyabi::perform<K>(op::next_mount{}, c.reader, index, mount, std::span<char>{path});
    if (!found) return false;
    if (!*found) return true;
    if (mount.path_size == 0) continue;
    constexpr std::string_view special = " \t\n\\";
    write_escaped(to, mount.source, special);
    to << ' ';
    write_escaped(to, {path, mount.path_size}, special);
    to << ' ';
    write_escaped(to, mount.type, special);
    to << ' ' << mount.options << " 0 0\n";
  }
}

} // namespace polyabi::linux_abi::proc
