#include <sockets/families.hpp>

#include <network/kinds.hpp>

namespace polyabi::reference {

result<ref<socket>> make_socket(i32 family, i32 type, i32 protocol) {
  if (type < socket_types::stream || type > socket_types::seqpacket) return error::inval;
  switch (family) {
  case address_families::local: return make_local_socket(type, protocol);
  case address_families::inet:
  case address_families::inet6: return network::make_socket(family, type, protocol);
  default: return error::afnosupport;
  }
}

result<socket_ends> make_socket_pair(i32 family, i32 type, i32 protocol) {
  if (type < socket_types::stream || type > socket_types::seqpacket) return error::inval;
  if (family == address_families::local) return make_local_pair(type, protocol);
  // Whatever else would be wrong with a socket of that family is told first.
  if (auto possible = make_socket(family, type, protocol); !possible) return possible.error();
  return error::opnotsupp;
}

} // namespace polyabi::reference
