// Options of local sockets.
#include <sockets/local/local_socket.hpp>
#include <sockets/values.hpp>

namespace polyabi::reference {

namespace {

/// Kept to be asked for again; they mean nothing between processes of one system.
constexpr i32 stored_options[] = {socket_options::reuseaddr, socket_options::keepalive, socket_options::dontroute,
                                  socket_options::broadcast, socket_options::oobinline, socket_options::reuseport,
                                  socket_options::no_check, socket_options::rxq_ovfl, socket_options::select_err_queue};

u32 stored_bit(i32 option) {
  for (usize i = 0; i < sizeof stored_options / sizeof stored_options[0]; ++i)
    if (stored_options[i] == option) return u32{1} << i;
  return 0;
}

/// Linux' SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF, and net.core.wmem_max doubled, as a buffer's size is counted here.
constexpr i32 smallest_send = 4608, smallest_receive = 2304, largest = 2 * 212992;

usize clamped(i32 size, i32 smallest) {
  return static_cast<usize>(size < smallest ? smallest : size > largest ? largest : size);
}

} // namespace

result<> local_socket::set_option(i32 level, i32 option, std::span<const unsigned char> value) {
  if (level != option_levels::socket) return error::opnotsupp;
  if (option == socket_options::linger) {
    const auto l = option_as<linger_option>(value);
    if (!l) return l.error();
    linger_ = *l;
    return {};
  }
  const auto given = option_as<i32>(value);
  if (!given) return given.error();
  const i32 wanted = *given;
  if (option == socket_options::reuseport && wanted != 0) return error::opnotsupp; // ports are the Internet's
  if (const u32 bit = stored_bit(option); bit != 0) {
    stored_ = wanted != 0 ? stored_ | bit : stored_ & ~bit;
    return {};
  }
  switch (option) {
  case socket_options::passcred: pass_credentials_ = wanted != 0; return {};
  case socket_options::sndbufforce:
    if (!current_process().identity.may(privileges::network)) return error::perm;
    [[fallthrough]];
  case socket_options::sndbuf:
    send_buffer_ = clamped(wanted, smallest_send);
    writable_.wake_all();
    return {};
  case socket_options::rcvbufforce:
    if (!current_process().identity.may(privileges::network)) return error::perm;
    [[fallthrough]];
  case socket_options::rcvbuf: receive_buffer_ = clamped(wanted, smallest_receive); return {};
  case socket_options::rcvlowat: receive_low_water_ = wanted < 0 ? 0x7fffffff : wanted == 0 ? 1 : wanted; return {};
  case socket_options::timestamp:
  case socket_options::timestampns:
    stamp_ = wanted != 0;
    stamp_in_nanoseconds_ = stamp_ && option == socket_options::timestampns;
    return {};
  case socket_options::peek_off: peek_offset_ = wanted; return {};
  case socket_options::debug:
  case socket_options::mark:
    if (!current_process().identity.may(privileges::network)) return option == socket_options::debug ? error::acces : error::perm;
    if (option == socket_options::mark) mark_ = wanted;
    return {};
  case socket_options::priority:
    if ((wanted < 0 || wanted > 6) && !current_process().identity.may(privileges::network)) return error::perm;
    priority_ = wanted;
    return {};
  default: return error::noprotoopt;
  }
}

result<usize> local_socket::get_option(i32 level, i32 option, std::span<unsigned char> value) {
  if (level != option_levels::socket) return error::opnotsupp;
  if (const u32 bit = stored_bit(option); bit != 0) return option_is(value, i32{(stored_ & bit) != 0});
  switch (option) {
  case socket_options::error: return option_is(value, static_cast<i32>(std::exchange(error_, error::none)));
  case socket_options::acceptconn: return option_is(value, i32{phase_ == phase::listening});
  case socket_options::passcred: return option_is(value, i32{pass_credentials_});
  case socket_options::peercred: return option_is(value, peer_credentials_);
  case socket_options::peergroups: {
    if (peer_credentials_.pid == 0) return error::nodata;
    const usize size = peer_group_count_ * sizeof peer_groups_[0];
    std::memcpy(value.data(), peer_groups_, size < value.size() ? size : value.size());
    return size;
  }
  case socket_options::sndbuf: return option_is(value, static_cast<i32>(send_buffer_));
  case socket_options::rcvbuf: return option_is(value, static_cast<i32>(receive_buffer_));
  case socket_options::rcvlowat: return option_is(value, receive_low_water_);
  case socket_options::sndlowat: return option_is(value, i32{1});
  case socket_options::timestamp: return option_is(value, i32{stamp_ && !stamp_in_nanoseconds_});
  case socket_options::timestampns: return option_is(value, i32{stamp_ && stamp_in_nanoseconds_});
  case socket_options::peek_off: return option_is(value, peek_offset_);
  case socket_options::linger: return option_is(value, linger_);
  case socket_options::debug: return option_is(value, i32{0});
  case socket_options::priority: return option_is(value, priority_);
  case socket_options::mark: return option_is(value, mark_);
  case socket_options::cookie: return option_is(value, number);
  default: return error::noprotoopt;
  }
}

} // namespace polyabi::reference
