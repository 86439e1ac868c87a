// The host's sockets, by raw host calls.
#include "state.hpp"
#include "waiting.hpp"

#include <polyabi/linux_host/network.hpp>
#include <polyabi/linux_host/sockets.hpp>

namespace polyabi::reference::machine::host {

namespace {
struct raw_calls {
  template <class... Words>
  static i64 call(i64 number, Words... words) {
    return hosted::host_call(number, static_cast<u64>(words)...);
  }
  template <class... Words>
  static i64 waiting_call(const u32* word, u32 expected, i64 number, Words... words) {
    return hosted::waiting_call(word, expected, number, words...);
  }
};
using sockets = host_sockets<raw_calls>;
using network = host_network<raw_calls>;
} // namespace

i32 socket(i32 family, i32 type, i32 protocol) { return static_cast<i32>(sockets::socket(family, type, protocol)); }
i64 bind(i32 descriptor, const socket_address<kernel>& a) { return sockets::bind(descriptor, a); }
i64 connect(i32 descriptor, const socket_address<kernel>& a) { return sockets::connect(descriptor, a); }
i64 connect_local(i32 descriptor, i32 file) { return sockets::connect_local(descriptor, file); }
i64 listen(i32 descriptor, i32 backlog) { return sockets::listen(descriptor, backlog); }
i32 accept(i32 descriptor, socket_address<kernel>& from) { return static_cast<i32>(sockets::accept(descriptor, from)); }
i64 send(i32 descriptor, const outgoing_message<kernel>& m, u32 flags) { return sockets::send(descriptor, m, flags); }
i64 receive(i32 descriptor, incoming_message<kernel>& m, u32 flags) { return sockets::receive(descriptor, m, flags); }
i64 let_block(i32 descriptor, bool may) { return sockets::let_block(descriptor, may); }
i64 receive_waiting(i32 descriptor, incoming_message<kernel>& m, u32 flags, const u32* word, u32 expected) {
  return sockets::receive_waiting(descriptor, m, flags, word, expected);
}
i64 shutdown(i32 descriptor, i32 how) { return sockets::shutdown(descriptor, how); }
i64 socket_name(i32 descriptor, socket_address<kernel>& out) { return sockets::socket_name(descriptor, out); }
i64 peer_name(i32 descriptor, socket_address<kernel>& out) { return sockets::peer_name(descriptor, out); }
i64 set_option(i32 descriptor, i32 level, i32 option, std::span<const unsigned char> value) {
  return sockets::set_option(descriptor, level, option, value);
}
i64 get_option(i32 descriptor, i32 level, i32 option, std::span<unsigned char> value) {
  return sockets::get_option(descriptor, level, option, value);
}
i64 unsent(i32 descriptor) { return sockets::unsent(descriptor); }
i64 at_mark(i32 descriptor) { return sockets::at_mark(descriptor); }
i64 interfaces(usize first, std::span<interface_info> out) { return network::interfaces(first, out); }
i64 interface_addresses(usize first, std::span<interface_address> out) { return network::interface_addresses(first, out); }
i64 routes(usize first, std::span<route_info> out) { return network::routes(first, out); }

} // namespace polyabi::reference::machine::host
