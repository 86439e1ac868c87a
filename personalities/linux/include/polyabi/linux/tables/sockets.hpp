// Sockets.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/call_arguments.hpp>
#include <polyabi/linux/handlers/socket_messages.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

// clang-format off
/// The sub-calls of i386's socketcall (include/uapi/linux/net.h).
using socket_calls = syscall_table<
    call<at{absent, 1}, "socket", new_fd(int_, int_, int_), handlers::socket>,
    call<at{absent, 2}, "bind", status(fd, socket_address_in), handlers::with_address<op::bind>>,
    call<at{absent, 3}, "connect", status(fd, socket_address_in), handlers::with_address<op::connect>>,
    call<at{absent, 4}, "listen", status(fd, int_), op::listen>,
    call<at{absent, 5}, "accept", new_fd(fd, socket_address_out_or_null, constant<u32{0}>), op::accept>,
    call<at{absent, 6}, "getsockname", status(fd, socket_address_out), op::socket_name>,
    call<at{absent, 7}, "getpeername", status(fd, socket_address_out), op::peer_name>,
    call<at{absent, 8}, "socketpair", status_pair(int_, int_, int_, store_pair), handlers::socketpair>,
    call<at{absent, 9}, "send", count(fd, cut_buffer_in, flags<message_flags>), handlers::send>,
    call<at{absent, 10}, "recv", count(fd, cut_buffer_out, flags<message_flags>), handlers::recv>,
    call<at{absent, 11}, "sendto", count(fd, cut_buffer_in, flags<message_flags>, socket_address_in_or_null), handlers::sendto>,
    call<at{absent, 12}, "recvfrom", count(fd, cut_buffer_out, flags<message_flags>, socket_address_out_or_null), handlers::recvfrom>,
    call<at{absent, 13}, "shutdown", status(fd, one_of<shutdown_hows>), op::shutdown>,
    call<at{absent, 14}, "setsockopt", status(fd, int_, int_, sized_bytes, int_), handlers::setsockopt>,
    call<at{absent, 15}, "getsockopt", status(fd, int_, int_, bytes_sized_by_pointer, address), handlers::getsockopt>,
    call<at{absent, 16}, "sendmsg", count(fd, message_out<msghdr>, flags<message_flags>), handlers::sendmsg>,
    call<at{absent, 17}, "recvmsg", received(fd, message_in<msghdr>, flags<message_flags>), handlers::recvmsg>,
    call<at{absent, 18}, "accept4", new_fd(fd, socket_address_out_or_null, flags<socket_flags>), op::accept>,
    call<at{absent, 19}, "recvmmsg", handlers::received_all(fd, messages_in<mmsghdr>, uint_, flags<message_flags>, pointer<timespec>), handlers::recvmmsg<timespec>>,
    call<at{absent, 20}, "sendmmsg", count(fd, messages_out<mmsghdr>, uint_, flags<message_flags>), handlers::sendmmsg>>;

using direct_socket_calls = syscall_table<
    call<at{41, 359}, "socket", new_fd(int_, int_, int_), handlers::socket>,
    call<at{53, 360}, "socketpair", status_pair(int_, int_, int_, store_pair), handlers::socketpair>,
    call<at{49, 361}, "bind", status(fd, socket_address_in), handlers::with_address<op::bind>>,
    call<at{42, 362}, "connect", status(fd, socket_address_in), handlers::with_address<op::connect>>,
    call<at{50, 363}, "listen", status(fd, int_), op::listen>,
    call<at{43}, "accept", new_fd(fd, socket_address_out_or_null, constant<u32{0}>), op::accept>,
    call<at{288, 364}, "accept4", new_fd(fd, socket_address_out_or_null, flags<socket_flags>), op::accept>,
    call<at{51, 367}, "getsockname", status(fd, socket_address_out), op::socket_name>,
    call<at{52, 368}, "getpeername", status(fd, socket_address_out), op::peer_name>,
    call<at{44, 369}, "sendto", count(fd, cut_buffer_in, flags<message_flags>, socket_address_in_or_null), handlers::sendto>,
    call<at{45, 371}, "recvfrom", count(fd, cut_buffer_out, flags<message_flags>, socket_address_out_or_null), handlers::recvfrom>,
    call<at{46, 370}, "sendmsg", count(fd, message_out<msghdr>, flags<message_flags>), handlers::sendmsg>,
    call<at{47, 372}, "recvmsg", received(fd, message_in<msghdr>, flags<message_flags>), handlers::recvmsg>,
    call<at{307, 345}, "sendmmsg", count(fd, messages_out<mmsghdr>, uint_, flags<message_flags>), handlers::sendmmsg>,
    call<at{299, 337}, "recvmmsg", handlers::received_all(fd, messages_in<mmsghdr>, uint_, flags<message_flags>, pointer<timespec>), handlers::recvmmsg<timespec>>,
    call<at{absent, 417}, "recvmmsg_time64", handlers::received_all(fd, messages_in<mmsghdr>, uint_, flags<message_flags>, pointer<timespec64>), handlers::recvmmsg<timespec64>>,
    call<at{48, 373}, "shutdown", status(fd, one_of<shutdown_hows>), op::shutdown>,
    call<at{54, 366}, "setsockopt", status(fd, int_, int_, sized_bytes, int_), handlers::setsockopt>,
    call<at{55, 365}, "getsockopt", status(fd, int_, int_, bytes_sized_by_pointer, address), handlers::getsockopt>,
    call<at{absent, 102}, "socketcall", status(int_, address), multiplexed<multiplex_style::in_memory, socket_calls>>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
