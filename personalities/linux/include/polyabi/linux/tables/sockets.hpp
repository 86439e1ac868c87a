// Sockets.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/call_arguments.hpp>
#include <polyabi/linux/handlers/sockets.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using no_network = refused<errc::afnosupport, "no network is configured">;

// clang-format off
/// The sub-calls of i386's socketcall (include/uapi/linux/net.h).
using socket_calls = syscall_table<
    call<at{absent, 1}, "socket", new_fd(int_, int_, int_), no_network>,
    call<at{absent, 2}, "bind", status(fd, address, uint_), handlers::not_a_socket>,
    call<at{absent, 3}, "connect", status(fd, address, uint_), handlers::not_a_socket>,
    call<at{absent, 4}, "listen", status(fd, int_), handlers::not_a_socket>,
    call<at{absent, 5}, "accept", count(fd, address, address), handlers::not_a_socket>,
    call<at{absent, 6}, "getsockname", status(fd, address, address), handlers::not_a_socket>,
    call<at{absent, 7}, "getpeername", status(fd, address, address), handlers::not_a_socket>,
    call<at{absent, 8}, "socketpair", status_pair(int_, int_, int_, store_pair), no_network>,
    call<at{absent, 9}, "send", count(fd, bytes_in, uint_), handlers::not_a_socket>,
    call<at{absent, 10}, "recv", count(fd, bytes_out, uint_), handlers::not_a_socket>,
    call<at{absent, 11}, "sendto", status(fd, bytes_in, uint_, address, uint_), handlers::not_a_socket>,
    call<at{absent, 12}, "recvfrom", status(fd, bytes_out, uint_, address, address), handlers::not_a_socket>,
    call<at{absent, 13}, "shutdown", status(fd, int_), handlers::not_a_socket>,
    call<at{absent, 14}, "setsockopt", status(fd, int_, int_, address, uint_), handlers::not_a_socket>,
    call<at{absent, 15}, "getsockopt", status(fd, int_, int_, address, address), handlers::not_a_socket>,
    call<at{absent, 16}, "sendmsg", status(fd, address, uint_), handlers::not_a_socket>,
    call<at{absent, 17}, "recvmsg", status(fd, address, uint_), handlers::not_a_socket>,
    call<at{absent, 18}, "accept4", count(fd, address, address, uint_), handlers::not_a_socket>,
    call<at{absent, 19}, "recvmmsg", status(fd, address, uint_, uint_, address), handlers::not_a_socket>,
    call<at{absent, 20}, "sendmmsg", status(fd, address, uint_, uint_), handlers::not_a_socket>>;

using direct_socket_calls = syscall_table<
    call<at{41, 359}, "socket", new_fd(int_, int_, int_), no_network>,
    call<at{53, 360}, "socketpair", status_pair(int_, int_, int_, store_pair), no_network>,
    call<at{49, 361}, "bind", status(fd, address, uint_), handlers::not_a_socket>,
    call<at{42, 362}, "connect", status(fd, address, uint_), handlers::not_a_socket>,
    call<at{50, 363}, "listen", status(fd, int_), handlers::not_a_socket>,
    call<at{43}, "accept", count(fd, address, address), handlers::not_a_socket>,
    call<at{288, 364}, "accept4", count(fd, address, address, uint_), handlers::not_a_socket>,
    call<at{51, 367}, "getsockname", status(fd, address, address), handlers::not_a_socket>,
    call<at{52, 368}, "getpeername", status(fd, address, address), handlers::not_a_socket>,
    call<at{44, 369}, "sendto", status(fd, bytes_in, uint_, address, uint_), handlers::not_a_socket>,
    call<at{45, 371}, "recvfrom", status(fd, bytes_out, uint_, address, address), handlers::not_a_socket>,
    call<at{46, 370}, "sendmsg", status(fd, address, uint_), handlers::not_a_socket>,
    call<at{47, 372}, "recvmsg", status(fd, address, uint_), handlers::not_a_socket>,
    call<at{307, 345}, "sendmmsg", status(fd, address, uint_, uint_), handlers::not_a_socket>,
    call<at{299, 337}, "recvmmsg", status(fd, address, uint_, uint_, address), handlers::not_a_socket>,
    call<at{absent, 417}, "recvmmsg_time64", status(fd, address, uint_, uint_, address), handlers::not_a_socket>,
    call<at{48, 373}, "shutdown", status(fd, int_), handlers::not_a_socket>,
    call<at{54, 366}, "setsockopt", status(fd, int_, int_, address, uint_), handlers::not_a_socket>,
    call<at{55, 365}, "getsockopt", status(fd, int_, int_, address, address), handlers::not_a_socket>,
    call<at{absent, 102}, "socketcall", status(int_, address), multiplexed<multiplex_style::in_memory, socket_calls>>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
