// Options that sockets of all families have.
#pragma once

#include <sockets/families.hpp>
#include <sockets/values.hpp>

namespace polyabi::reference {

/// Type, family, protocol and time limits are the same for all; the rest is the socket's own.
result<> set_socket_option(socket&, i32 level, i32 option, std::span<const unsigned char> value);
result<usize> get_socket_option(socket&, i32 level, i32 option, std::span<unsigned char> value);

} // namespace polyabi::reference
