// What the formatters of /proc share.
#pragma once

#include <polyabi/core/member_types.hpp>
#include <polyabi/linux/signals.hpp>
#include <polyabi/linux/structures/devices.hpp>
#include <polyabi/linux/system_identity.hpp>
#include <polyabi/vfs/pseudo.hpp>

namespace polyabi::linux_abi::proc {

using vfs::hex;
using vfs::left;
using vfs::octal;
using vfs::padded;
using vfs::text_sink;

/// What /proc and /sys ask of a kernel. One that lacks any of it has neither.
using needs = operation_list<op::process_info, op::next_process, op::next_thread, op::next_descriptor, op::descriptor_info,
                             op::process_text, op::process_path, op::process_limit, op::next_region, op::next_mount,
                             op::system_names, op::system_status, op::clock_get, op::getpid, op::gettid>;

/// Times are shown in hundredths of a second.
inline constexpr u64 nanoseconds_a_tick = 10'000'000;
constexpr u64 ticks(u64 nanoseconds) {
  return nanoseconds / nanoseconds_a_tick;
}
constexpr u64 pages(u64 bytes) {
  return bytes / page_size;
}
constexpr u64 kilobytes(u64 bytes) {
  return bytes / 1024;
}

/// Seconds with two decimals, as in /proc/uptime.
inline void write_seconds(text_sink& to, u64 nanoseconds) {
  to << nanoseconds / 1'000'000'000 << '.' << padded{ticks(nanoseconds) % 100, 2, '0'};
}

template <class K>
using information = native<K, shape::process_info>;

template <class K>
bool ask(const pseudo_context<K>& c, information<K>& out) {
  return static_cast<bool>(polyabi::perform<K>(op::process_info{}, c.reader, c.process, out));
}

/// A limit that the kernel does not have stays as it is in `out`.
template <class K>
bool ask_limit(const pseudo_context<K>& c, resource which, native<K, shape::rlimit>& out) {
  const i32 number = number_for<kernel_map<K, resource>>(which);
  return number < 0 || static_cast<bool>(polyabi::perform<K>(op::process_limit{}, c.reader, c.process, number, out));
}

/// A set of the kernel's signals as Linux' 64 bits.
template <class K>
u64 linux_signals(const native<K, shape::sigset>& set) {
  signal_set<lp64::u64, 1, signal_numbers> foreign{};
  (void)foreign.template from_native<K>(set);
  return foreign.words[0];
}

/// A device number of the kernel as programs see it in st_dev.
template <class K>
u64 linux_device(u64 native_device) {
  device<lp64::u64> foreign{};
  (void)foreign.template from_native<K>(native_device);
  return foreign.raw;
}
/// The number of a device itself.
template <class K>
u64 linux_device_itself(u64 native_device) {
  device_itself<lp64::u64> foreign{};
  (void)foreign.template from_native<K>(native_device);
  return foreign.raw;
}
constexpr u32 major_of(u64 linux_number) {
  u32 major = 0, minor = 0;
  device_codec::decode(linux_number, major, minor);
  return major;
}
constexpr u32 minor_of(u64 linux_number) {
  u32 major = 0, minor = 0;
  device_codec::decode(linux_number, major, minor);
  return minor;
}

constexpr char state_letter(process_state state) {
  switch (state) {
  case process_state::running: return 'R';
  case process_state::stopped: return 'T';
  case process_state::zombie: return 'Z';
  default: return 'S';
  }
}
constexpr std::string_view state_name(process_state state) {
  switch (state) {
  case process_state::running: return "R (running)";
  case process_state::stopped: return "T (stopped)";
  case process_state::zombie: return "Z (zombie)";
  default: return "S (sleeping)";
  }
}

template <class Info>
std::string_view name_of(const Info& info) {
  usize size = 0;
  while (size < sizeof info.name && info.name[size] != '\0') ++size;
  return {info.name, size};
}

/// Characters that would end a field are written in octal, as in /proc/mounts.
inline void write_escaped(text_sink& to, std::string_view text, std::string_view special) {
  for (const char c : text) {
    bool is_special = false;
    for (const char s : special) is_special |= s == c;
    if (!is_special)
      to << c;
    else
      to << '\\' << octal{static_cast<unsigned char>(c), 3};
  }
}

} // namespace polyabi::linux_abi::proc
