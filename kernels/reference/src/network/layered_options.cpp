// Options of sockets over own interfaces: those that mean something to their packets, beside the host's socket that has all.
#include <network/layered_socket.hpp>

#include <polyabi/reference/kernel.hpp>
#include <sockets/values.hpp>

namespace polyabi::reference::network {

namespace {

/// Linux' SOCK_MIN_RCVBUF and its net.core.rmem_max doubled.
constexpr i32 smallest_buffer = 2304, largest_buffer = 2 * 212992;

/// The name in an option that may have a NUL at its end, or none.
std::string_view name_in(std::span<const unsigned char> value) {
  usize size = 0;
  while (size < value.size() && value[size] != 0) ++size;
  return {reinterpret_cast<const char*>(value.data()), size};
}

} // namespace

/// Answers whether the host is not to hear of it: it has no such interface.
result<bool> layered_socket::set_own_option(i32 level, i32 option, std::span<const unsigned char> value) {
  if (level == option_levels::socket && option == socket_options::bindtodevice) {
    const interface* own = find_interface(name_in(value));
    if (own == nullptr) {
      device_ = 0;
      return false;
    }
    device_ = own->told.index;
    return true;
  }
  if (value.size() < sizeof(i32)) return false;
  const i32 wanted = *option_as<i32>(value);
  const bool on = wanted != 0;
  if (level == option_levels::socket) switch (option) {
    case socket_options::bindtoifindex:
      device_ = find_interface(static_cast<u32>(wanted)) != nullptr ? static_cast<u32>(wanted) : 0;
      return device_ != 0;
    case socket_options::reuseaddr:
    case socket_options::reuseport: reuse_ = on; break;
    case socket_options::broadcast: broadcast_ = on; break;
    case socket_options::timestamp:
      stamp_ = on;
      stamp_in_nanoseconds_ = false;
      break;
    case socket_options::timestampns: stamp_ = stamp_in_nanoseconds_ = on; break;
    case socket_options::rcvbuf:
    case socket_options::rcvbufforce:
      receive_buffer_ = static_cast<usize>(wanted < smallest_buffer ? smallest_buffer : wanted > largest_buffer ? largest_buffer : wanted);
      break;
    default: break;
    }
  else if (level == option_levels::ip) switch (option) {
    case ip_options::ttl:
      if (wanted == -1 || (wanted >= 1 && wanted <= 255)) ttl_ = wanted == -1 ? usual_ttl : static_cast<u8>(wanted);
      break;
    case ip_options::tos: tos_ = static_cast<u8>(wanted); break;
    case ip_options::recvttl: tells_ttl_ = on; break;
    case ip_options::recvtos: tells_tos_ = on; break;
    case ip_options::pktinfo: tells_address_ = on; break;
    case ip_options::mtu_discover: dont_fragment_ = wanted == 2 || wanted == 3; break; // IP_PMTUDISC_DO and _PROBE
    default: break;
    }
  else if (level == option_levels::ipv6 && option == ipv6_options::v6only) only_newer_ = on;
  return false;
}

result<> layered_socket::set_option(i32 level, i32 option, std::span<const unsigned char> value) {
  const auto own = set_own_option(level, option, value);
  if (!own) return own.error();
  if (*own) return {};
  return host_ ? host_->set_option(level, option, value) : result<>{};
}

result<usize> layered_socket::get_option(i32 level, i32 option, std::span<unsigned char> value) {
  if (level == option_levels::socket && option == socket_options::error && error_ != error::none)
    return option_is(value, i32{static_cast<u16>(std::exchange(error_, error::none))});
  if (level == option_levels::socket && option == socket_options::bindtodevice && device_ != 0)
    if (const interface* own = find_interface(device_)) {
      for (usize i = 0; i < own->name().size() + 1 && i < value.size(); ++i) value[i] = static_cast<unsigned char>(own->told.name[i]);
      return own->name().size() + 1;
    }
  if (host_) return host_->get_option(level, option, value);
  if (level == option_levels::socket) switch (option) {
    case socket_options::error: return option_is(value, i32{0});
    case socket_options::broadcast: return option_is(value, i32{broadcast_});
    case socket_options::reuseaddr: return option_is(value, i32{reuse_});
    case socket_options::rcvbuf:
    case socket_options::sndbuf: return option_is(value, static_cast<i32>(receive_buffer_));
    default: break;
    }
  if (level == option_levels::ip && option == ip_options::ttl) return option_is(value, i32{ttl_});
  if (level == option_levels::ip && option == ip_options::tos) return option_is(value, i32{tos_});
  return error::noprotoopt;
}

} // namespace polyabi::reference::network
