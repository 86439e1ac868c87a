// The ioctl requests of streams (sys/stropts.h: 'S'), and those of timod that stand for themselves (sys/timod.h: 'T').
#pragma once

#include <polyabi/core/ioctl_table.hpp>
#include <polyabi/svr4/handlers/streams.hpp>

namespace polyabi::svr4 {

/// The result of a reservation that the handler has told the program about already.
using status_installed = arguments::status_pair;

// clang-format off
namespace requests {

using namespace arguments;
using namespace handlers;

consteval u32 stream_group(u32 number) { return u32{'S'} << 8 | number; }

using stream_ioctls = ioctl_table<errc::inval,
    request<stream_group(01), "I_NREAD", count(fd, scalars<ilp32_i386::i32>), stream_count>,
    request<stream_group(02), "I_PUSH", status(fd, module_name), module_push>,
    request<stream_group(03), "I_POP", status(fd), module_pop>,
    request<stream_group(04), "I_LOOK", status(fd, pointer_out<str_mlist>), module_look>,
    request<stream_group(05), "I_FLUSH", status(fd, int_), stream_flush>,
    request<stream_group(06), "I_SRDOPT", count(fd, int_), number_request<set_read_options>>,
    request<stream_group(07), "I_GRDOPT", status(fd, store_result<i32>), number_answer<get_read_options>>,
    request<stream_group(010), "I_STR", count(fd, pointer<strioctl>), stream_ioctl>,
    request<stream_group(011), "I_SETSIG", status(fd, uint_), signals_set>,
    request<stream_group(012), "I_GETSIG", status(fd, store_result<i32>), signals_get>,
    request<stream_group(013), "I_FIND", count(fd, module_name), module_find>,
    request<stream_group(014), "I_LINK", count(fd, int_), stream_link>,
    request<stream_group(015), "I_UNLINK", count(fd, int_), stream_unlink>,
    request<stream_group(016), "I_RECVFD", status_installed(fd, pointer_out<strrecvfd>), descriptor_receive<strrecvfd>>,
    request<stream_group(017), "I_PEEK", count(fd, pointer<strpeek>), stream_peek>,
    request<stream_group(020), "I_FDINSERT", status(fd, pointer_in<strfdinsert>), descriptor_insert>,
    request<stream_group(021), "I_SENDFD", status(fd, int_), descriptor_send>,
    request<stream_group(022), "I_O_RECVFD", status_installed(fd, pointer_out<old_strrecvfd>), descriptor_receive<old_strrecvfd>>,
    request<stream_group(023), "I_SWROPT", count(fd, int_), number_request<set_write_options>>,
    request<stream_group(024), "I_GWROPT", status(fd, store_result<i32>), number_answer<get_write_options>>,
    request<stream_group(025), "I_LIST", count(fd, pointer<str_list>), module_list>,
    request<stream_group(026), "I_PLINK", count(fd, int_), stream_link>,
    request<stream_group(027), "I_PUNLINK", count(fd, int_), stream_unlink>,
    request<stream_group(030), "I_ANCHOR", count(fd, int_), number_request<anchor>>,
    request<stream_group(034), "I_FLUSHBAND", status(fd, pointer_in<bandinfo>), stream_flush_band>,
    request<stream_group(035), "I_CKBAND", count(fd, int_), number_request<has_band>>,
    request<stream_group(036), "I_GETBAND", status(fd, store_result<i32>), number_answer<first_band>>,
    request<stream_group(037), "I_ATMARK", count(fd, int_), number_request<at_mark>>,
    request<stream_group(040), "I_SETCLTIME", count(fd, value_at<i32>), number_request<set_close_time>>,
    request<stream_group(041), "I_GETCLTIME", status(fd, store_result<i32>), number_answer<get_close_time>>,
    request<stream_group(042), "I_CANPUT", count(fd, int_), number_request<can_put>>,
    request<stream_group(043), "I_SERROPT", count(fd, int_), number_request<set_error_options>>,
    request<stream_group(044), "I_GERROPT", status(fd, store_result<i32>), number_answer<get_error_options>>,
    request<stream_group(045), "I_ESETSIG", status(fd, pointer_in<strsigset>), signals_of_others<true>>,
    request<stream_group(046), "I_EGETSIG", status(fd, pointer<strsigset>), signals_of_others<false>>,
    request<stream_group(047), "__I_PUSH_NOCTTY", status(fd, module_name), module_push>,
    request<stream_group(056), "_I_MUXID2FD", status(fd, address), refused<errc::inval, "no stream leads to several">>,
    request<stream_group(057), "_I_INSERT", status(fd, address), refused<errc::inval, "a private request">>,
    request<stream_group(060), "_I_REMOVE", status(fd, address), refused<errc::inval, "a private request">>,
    request<stream_group(061), "_I_GETPEERCRED", status(fd, address), refused<errc::inval, "a private request">>,
    request<stream_group(062), "_I_PLINK_LH", status(fd, address), refused<errc::inval, "no stream leads to several">>,
    request<u32{'T'} << 8 | 144, "TI_GETMYNAME", status(fd, pointer_out<netbuf>), transport_name<false>>,
    request<u32{'T'} << 8 | 145, "TI_GETPEERNAME", status(fd, pointer_out<netbuf>), transport_name<true>>>;

} // namespace requests
// clang-format on

} // namespace polyabi::svr4
