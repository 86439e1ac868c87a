// The names and numbers of STREAMS, as <sys/stream.h> and <sys/stropts.h> of every System V have them: a facility's own
// numbers, the same over every kernel, and those that programs use.
#pragma once

#include <polyabi/core/services.hpp>

namespace polyabi::streams {

using namespace std::string_view_literals; // lengths known without strlen

/// What a message is (M_*). Types from 0x80 on have high priority: they pass everything else and no flow control.
enum class message_type : u8 {
  data = 0,
  proto = 1,
  passfp = 9,
  sig = 0x0b,
  ctl = 0x0d,
  ioctl = 0x0e,
  setopts = 0x10,
  iocack = 0x81,
  iocnak = 0x82,
  pcproto = 0x83,
  pcsig = 0x84,
  flush = 0x86,
  stop = 0x87,
  start = 0x88,
  hangup = 0x89,
  error = 0x8a,
};
constexpr bool has_high_priority(message_type type) {
  return static_cast<u8>(type) >= 0x80;
}

/// Which message getpmsg(2) wants, which priority putpmsg(2) gives (MSG_*). getmsg(2)'s and putmsg(2)'s RS_HIPRI is MSG_HIPRI.
namespace message_flag {
inline constexpr i32 hipri = 1, any = 2, band = 4;
}
/// What getmsg(2) left behind (MORECTL, MOREDATA).
namespace more_flag {
inline constexpr i32 control = 1, data = 2;
}
/// How read(2) takes messages (I_SRDOPT): as bytes, discarding the rest of a message, or keeping it; and what it does of their
/// control parts: refuses, takes them as data, discards them.
namespace read_option {
inline constexpr i32 normal = 0, message_discard = 1, message_keep = 2, protocol_data = 4, protocol_discard = 8,
                     protocol_normal = 0x10;
}
/// I_SWROPT: an empty write sends an empty message; a broken stream is SIGPIPE.
namespace write_option {
inline constexpr i32 send_zero = 1, send_pipe = 2;
}
/// I_SERROPT: whether an error stays for the next reader or writer.
namespace error_option {
inline constexpr i32 read_persistent = 1, read_once = 2, write_persistent = 4, write_once = 8;
}
/// I_FLUSH, M_FLUSH.
namespace flush_option {
inline constexpr u32 read = 1, write = 2, both = 3, band = 4;
}
/// What a process is signalled about (I_SETSIG, S_*).
namespace event {
inline constexpr u32 input = 1, hipri = 2, output = 4, message = 8, error = 0x10, hangup = 0x20, rdnorm = 0x40, rdband = 0x80,
                     wrband = 0x100, bandurg = 0x200, all = 0x3ff;
}
/// I_ATMARK.
namespace mark_option {
inline constexpr u32 any = 1, last = 2;
}

/// Limits: of a module's name (FMNAMESZ), of a control part (STRCTLSZ) and a data part (STRMSGSZ).
inline constexpr usize name_limit = 8, control_limit = 1024, data_limit = 65536;
/// No limit of a message's size (INFPSZ).
inline constexpr u32 unlimited_packet = ~u32{0};

/// What something here answers: an error is a name of the vocabulary, or the kernel's own number.
template <class K, class T = void>
using outcome = basic_result<T, either_error<K>>;

/// An outcome's error as the kernel has it, for operations.
template <class K>
typename K::error kernel_error(either_error<K> e) {
  return e.is_name() ? static_cast<typename K::error>(number_for<kernel_map<K, errc>>(e.name())) : e.number();
}

} // namespace polyabi::streams
