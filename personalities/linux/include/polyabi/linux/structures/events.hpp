// What the calls for events move (include/uapi/linux/signalfd.h, inotify.h).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/facilities/vnode_events/event.hpp>
#include <polyabi/linux/event_flags.hpp>
#include <polyabi/linux/signal_frame/siginfo.hpp>

namespace polyabi::linux_abi {

/// What a read of a signalfd gives for a signal: the same for programs of all widths.
struct signalfd_siginfo {
  le<u32> signo;
  le<i32> error, code;
  le<u32> pid, uid;
  le<i32> descriptor;
  le<u32> timer, band, overrun, trap;
  le<i32> status, number;
  le<u64> value, utime, stime, address;
  le<u16> address_bits, pad;
  le<i32> call;
  le<u64> call_address;
  le<u32> architecture;
  u8 unused[28];

  /// The members that the code gives meaning to (signalfd(2)), as in a handler's siginfo.
  template <class K>
  static signalfd_siginfo of(const native<K, shape::siginfo>& in) {
    constexpr i64 tick = 10'000'000;
    siginfo<lp64> full{};
    (void)full.from_native<K>(in);
    signalfd_siginfo out{};
    out.signo = static_cast<u32>(static_cast<i32>(full.signo));
    out.error = static_cast<i32>(full.error);
    const i32 reason = static_cast<i32>(full.code);
    out.code = reason;
    const auto of = code_class_of(name_for<kernel_map<K, signal>>(in.signo));
    if (reason == -2) {
      out.timer = static_cast<u32>(in.timer);
      out.overrun = static_cast<u32>(in.overrun);
      out.value = in.value;
      out.number = static_cast<i32>(in.value);
    } else if (reason <= 0) {
      out.pid = static_cast<u32>(in.pid);
      out.uid = in.uid;
      out.value = in.value;
      out.number = static_cast<i32>(in.value);
    } else if (reason != 0x80 && of == signal_code_class::child) {
      out.pid = static_cast<u32>(in.pid);
      out.uid = in.uid;
      out.status = static_cast<i32>(full.child.status);
      out.utime = static_cast<u64>(static_cast<i64>(in.utime) / tick);
      out.stime = static_cast<u64>(static_cast<i64>(in.stime) / tick);
    } else if (reason != 0x80 && of == signal_code_class::poll) {
      out.band = static_cast<u32>(in.band);
      out.descriptor = in.descriptor;
    } else if (reason != 0x80 && of != signal_code_class::origin) {
      out.address = in.address;
    }
    return out;
  }
};
static_assert(sizeof(signalfd_siginfo) == 128);

/// struct inotify_event and the name behind it, as a read gives them.
struct inotify_event {
  le<i32> watch;
  le<u32> mask, cookie, size;

  /// Names end in NUL and fill whole structures.
  static constexpr usize name_room(usize size) {
    constexpr usize unit = 16;
    return size == 0 ? 0 : (size + unit) / unit * unit;
  }
};
static_assert(sizeof(inotify_event) == 16);

struct inotify_record {
  static constexpr usize longest_name = 255;
  static constexpr usize most = sizeof(inotify_event) + inotify_event::name_room(longest_name);

  static constexpr usize size(usize name_size) { return sizeof(inotify_event) + inotify_event::name_room(name_size); }
  static void write(char* to, const facilities::queued_vnode_event& event) {
    const usize room = inotify_event::name_room(event.name_size);
    const inotify_event head{event.watch, mask_of(event), event.cookie, static_cast<u32>(room)};
    __builtin_memcpy(to, &head, sizeof head);
    __builtin_memset(to + sizeof head, 0, room);
    __builtin_memcpy(to + sizeof head, event.name().data(), event.name_size);
  }

private:
  static constexpr u32 overflow = 0x4000, ignored = 0x8000, is_directory = 0x4000'0000; // IN_Q_OVERFLOW, IN_IGNORED, IN_ISDIR

  static u32 mask_of(const facilities::queued_vnode_event& event) {
    switch (event.notice) {
    case facilities::queue_notice::overflow: return overflow;
    case facilities::queue_notice::ignored: return ignored;
    case facilities::queue_notice::none: break;
    }
    const auto mask = static_cast<u32>(flag_table<vnode_event_bits, inotify_events>::convert(event.what));
    return event.directory ? mask | is_directory : mask;
  }
};

} // namespace polyabi::linux_abi
