// Operations on sockets.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/core/socket_messages.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/socket.hpp>
#include <polyabi/reference/socket_structs.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means.
struct socket_operations {
  using provides = operation_list<op::socket, op::socket_pair, op::bind, op::connect, op::listen, op::accept, op::send, op::receive,
                                  op::shutdown, op::socket_name, op::peer_name, op::set_socket_option, op::get_socket_option,
                                  op::socket_kind, op::socket_unsent, op::socket_at_mark, op::socket_of_index>;

  static result<new_descriptor> perform(op::socket, thread&, i32 family, i32 type, i32 protocol, u32 flags);
  static result<new_descriptor_pair> perform(op::socket_pair, thread&, i32 family, i32 type, i32 protocol, u32 flags);
  static result<> perform(op::bind, thread&, i32 descriptor, const socket_address<kernel>& address);
  static result<> perform(op::connect, thread&, i32 descriptor, const socket_address<kernel>& address);
  static result<> perform(op::listen, thread&, i32 descriptor, i32 backlog);
  static result<new_descriptor> perform(op::accept, thread&, i32 descriptor, socket_address<kernel>& from, u32 flags);
  static result<i64> perform(op::send, thread&, i32 descriptor, const outgoing_message<kernel>& message, u32 flags);
  static result<i64> perform(op::receive, thread&, i32 descriptor, incoming_message<kernel>& message, u32 flags);
  static result<> perform(op::shutdown, thread&, i32 descriptor, i32 how);
  static result<> perform(op::socket_name, thread&, i32 descriptor, socket_address<kernel>& out);
  static result<> perform(op::peer_name, thread&, i32 descriptor, socket_address<kernel>& out);
  static result<> perform(op::set_socket_option, thread&, i32 descriptor, i32 level, i32 option,
                          std::span<const unsigned char> value);
  static result<usize> perform(op::get_socket_option, thread&, i32 descriptor, i32 level, i32 option,
                               std::span<unsigned char> value);
  static result<polyabi::socket_kind> perform(op::socket_kind, thread&, i32 descriptor);
  static result<i32> perform(op::socket_unsent, thread&, i32 descriptor);
  static result<i32> perform(op::socket_at_mark, thread&, i32 descriptor);
  static result<bool> perform(op::socket_of_index, thread&, usize index, socket_info& out, socket_address<kernel>& name,
                              socket_address<kernel>& peer);
};

} // namespace polyabi::reference
