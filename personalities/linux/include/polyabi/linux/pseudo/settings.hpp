// /proc/sys: what sysctl(8) shows.
#pragma once

#include <polyabi/linux/pseudo/common.hpp>

namespace polyabi::linux_abi::proc {

/// A setting that is what it is.
template <class K, i64 Value>
bool constant_setting(const pseudo_context<K>&, text_sink& to) {
  to << Value << '\n';
  return true;
}

/// A setting that a start may change, by its name.
template <class K, const auto& Name, u64 Usual>
bool started_setting(const pseudo_context<K>& c, text_sink& to) {
  const std::string_view given = setting_or<K>(c.reader, Name, "");
  if (given.empty())
    to << Usual << '\n';
  else
    to << given << '\n';
  return true;
}
namespace texts {
inline constexpr char watch_events[] = "linux.inotify_events", watch_instances[] = "linux.inotify_instances",
                      watches[] = "linux.inotify_watches", queue_messages[] = "linux.mqueue_msg_max",
                      queue_size[] = "linux.mqueue_msgsize_max", queues[] = "linux.mqueue_queues_max";
}

template <class K>
bool system_type(const pseudo_context<K>&, text_sink& to) {
  to << system_identity::name << '\n';
  return true;
}
template <class K>
bool system_release(const pseudo_context<K>& c, text_sink& to) {
  to << system_identity::release<K>(c.reader) << '\n';
  return true;
}
template <class K>
bool system_version(const pseudo_context<K>& c, text_sink& to) {
  to << system_identity::version<K>(c.reader) << '\n';
  return true;
}

namespace detail {
template <usize N>
std::string_view until_nul(const char (&text)[N]) {
  usize size = 0;
  while (size < N && text[size] != '\0') ++size;
  return {text, size};
}
} // namespace detail

template <class K>
bool host_name(const pseudo_context<K>& c, text_sink& to) {
  native<K, shape::system_names> names{};
  if (!polyabi::perform<K>(op::system_names{}, c.reader, names)) return false;
  to << detail::until_nul(names.nodename) << '\n';
  return true;
}
template <class K>
errc set_host_name(const pseudo_context<K>& c, std::string_view text) {
  if constexpr (provides<K, op::set_host_name>()) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return polyabi::perform<K>(op::set_host_name{}, c.reader, text) ? errc::none : errc::perm;
  } else {
    return errc::perm;
  }
}
template <class K>
bool domain_name(const pseudo_context<K>&, text_sink& to) {
  to << "(none)\n";
  return true;
}

namespace detail {
/// A UUID of version 4 with these 32 hexadecimal digits.
inline void write_identity(text_sink& to, std::string_view digits) {
  for (usize i = 0; i < 32 && i < digits.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) to << '-';
    if (i == 12)
      to << '4';
    else if (i == 16)
      to << "89ab"[static_cast<usize>(digits[i]) & 3];
    else
      to << digits[i];
  }
  to << '\n';
}
} // namespace detail

/// The kernel gives its start 32 hexadecimal digits.
template <class K>
bool boot_identity(const pseudo_context<K>& c, text_sink& to) {
  detail::write_identity(to, setting_or<K>(c.reader, "boot_id", "00000000000000000000000000000000"));
  return true;
}

/// A new one whenever it is read.
template <class K>
bool new_identity(const pseudo_context<K>& c, text_sink& to) {
  if constexpr (provides<K, op::random>() && requires { typename K::kernel_transfer; }) {
    u8 bytes[16];
    char digits[32];
    {
      const typename K::kernel_transfer to_here;
      const auto filled = polyabi::perform<K>(op::random{}, c.reader, user_bytes{reinterpret_cast<u64>(bytes), sizeof bytes});
      if (!filled || *filled != sizeof bytes) return false;
    }
    for (usize i = 0; i < sizeof digits; ++i) digits[i] = "0123456789abcdef"[bytes[i / 2] >> (i % 2 * 4) & 15];
    detail::write_identity(to, {digits, sizeof digits});
    return true;
  } else {
    return false;
  }
}

} // namespace polyabi::linux_abi::proc
