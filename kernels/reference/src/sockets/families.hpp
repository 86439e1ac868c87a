// The families of sockets, and what calls and facilities share.
#pragma once

#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/socket.hpp>

namespace polyabi::reference {

/// connect(2) on an open file, which may get another socket by it.
result<> connect_socket(socket_file&, const socket_address<kernel>&);

/// AF_UNIX: in the kernel itself.
result<ref<socket>> make_local_socket(i32 type, i32 protocol);
result<socket_ends> make_local_pair(i32 type, i32 protocol);

/// AF_INET, AF_INET6: through the host.
result<ref<socket>> make_host_socket(i32 family, i32 type, i32 protocol);
/// A local socket of the host's, found by a descriptor of its file: `instead` is connected to it.
result<> connect_to_host(i32 type, i32 host_descriptor, bool nonblocking, ref<socket>& instead);

} // namespace polyabi::reference
