// What the library's facilities ask of this kernel's sockets (core/socket_services.hpp).
#pragma once

#include <polyabi/core/socket_services.hpp>
#include <polyabi/reference/service_functions.hpp>
#include <polyabi/reference/socket_operations.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference {

struct socket_services {
  using socket_service_list = operation_list<service::sockets, service::custom_sockets>;
  using kernel_transfer = user_memory::kernel_transfer;
  struct file_ref_pair {
    ref<file> first, second;
  };

  static result<ref<file>> make_socket(thread&, i32 family, i32 type, i32 protocol, u32 status_flags);
  static result<file_ref_pair> make_socket_pair(thread&, i32 family, i32 type, i32 protocol, u32 status_flags);
  static result<> socket_bind(thread&, file&, const socket_address<kernel>&);
  static result<> socket_connect(thread&, file&, const socket_address<kernel>&);
  static result<> socket_listen(thread&, file&, i32 backlog);
  static result<ref<file>> socket_accept(thread&, file&, socket_address<kernel>& from, u32 status_flags);
  static result<i64> socket_send(thread&, file&, const outgoing_message<kernel>&, u32 flags);
  static result<i64> socket_receive(thread&, file&, incoming_message<kernel>&, u32 flags);
  static result<> socket_shutdown(thread&, file&, i32 how);
  static result<> socket_name(thread&, file&, socket_address<kernel>&);
  static result<> socket_peer_name(thread&, file&, socket_address<kernel>&);
  static result<> socket_set_option(thread&, file&, i32 level, i32 option, std::span<const unsigned char>);
  static result<usize> socket_get_option(thread&, file&, i32 level, i32 option, std::span<unsigned char>);
  static result<polyabi::socket_kind> socket_kind_of(thread&, file&);

  static custom_socket<kernel>* custom_socket_of(file&);
  static result<new_descriptor> make_socket_descriptor(thread&, custom_socket<kernel>&, u32 status_flags, u32 descriptor_flags);
};

} // namespace polyabi::reference
