// ioctl requests: numbers of include/uapi/asm-generic/ioctls.h and include/uapi/linux/{fs,sockios,tiocl,if_tun,fiemap,rtc}.h.
#pragma once

#include <polyabi/core/ioctl_table.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/handlers/interface_changes.hpp>
#include <polyabi/linux/handlers/signalled_files.hpp>
#include <polyabi/linux/handlers/tunnels.hpp>
#include <polyabi/linux/structures/terminal.hpp>

namespace polyabi::linux_abi {

namespace handlers {

/// TCSETA: the structure has half of each mode; the other half stays.
struct set_termio {
  using needs = operation_list<op::terminal_get_attributes, op::terminal_set_attributes>;
  template <class Env>
  [[gnu::noinline]] static reply<Env> call(context<Env>& c, i32 descriptor, i32 when,
                                           user_ptr<termio<typename Env::model>> from) {
    native<typename Env::kernel, shape::termios> modes{};
    if (auto r = c.perform(op::terminal_get_attributes{}, descriptor, modes); !r) return r.error();
    if (errc e = c.read_native(from, modes); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::terminal_set_attributes{}, descriptor, when, modes));
  }
};

/// TCSBRK: a break for 0, waiting for the output for anything else (tcdrain).
struct send_break {
  using needs = operation_list<op::terminal_send_break, op::terminal_drain>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 argument) {
    if (argument == 0) return reply_with<Env>(c.perform(op::terminal_send_break{}, descriptor));
    return reply_with<Env>(c.perform(op::terminal_drain{}, descriptor));
  }
};

struct set_controlling {
  using needs = operation_list<op::terminal_set_controlling>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 argument) {
    return reply_with<Env>(c.perform(op::terminal_set_controlling{}, descriptor, argument == 1));
  }
};

struct lock_pseudo_terminal {
  using needs = operation_list<op::pseudo_terminal_unlock>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 locked) {
    return reply_with<Env>(c.perform(op::pseudo_terminal_unlock{}, descriptor, locked != 0));
  }
};

/// TIOCGLCKTRMIOS: which of a line's settings cannot be changed (TIOCSLCKTRMIOS): none.
struct locked_settings {
  using needs = operation_list<op::terminal_get_attributes>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<termios<typename Env::model>> to) {
    native<typename Env::kernel, shape::termios> modes{};
    if (auto r = c.perform(op::terminal_get_attributes{}, descriptor, modes); !r) return r.error();
    if (errc e = c.write(to, termios<typename Env::model>{}); e != errc::none) return e;
    return done{};
  }
};

struct set_packet_mode {
  using needs = operation_list<op::pseudo_terminal_set_packets>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 on) {
    return reply_with<Env>(c.perform(op::pseudo_terminal_set_packets{}, descriptor, on != 0));
  }
};

struct set_blocking {
  using needs = operation_list<op::set_nonblocking>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 on) {
    return reply_with<Env>(c.perform(op::set_nonblocking{}, descriptor, on != 0));
  }
};

/// TIOCOUTQ, which of sockets is SIOCOUTQ.
struct output_queued {
  using needs = operation_list<op::terminal_output_queued>;
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor) {
    if constexpr (provides<typename Env::kernel, op::socket_unsent>()) {
      auto unsent = c.perform(op::socket_unsent{}, descriptor);
      if (unsent || !failed_with<typename Env::kernel>(unsent, errc::notsock)) return reply_with<Env>(std::move(unsent));
    }
    return reply_with<Env>(c.perform(op::terminal_output_queued{}, descriptor));
  }
};

/// SIOCATMARK; of files that are no sockets it is no request.
struct at_mark {
  using needs = operation_list<op::socket_at_mark>;
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor) {
    auto marked = c.perform(op::socket_at_mark{}, descriptor);
    if (failed_with<typename Env::kernel>(marked, errc::notsock)) return errc::notty;
    return reply_with<Env>(std::move(marked));
  }
};

/// FIOCLEX and FIONCLEX.
template <bool Close>
struct close_on_exec {
  using needs = operation_list<op::set_descriptor_flags>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor) {
    return reply_with<Env>(
        c.perform(op::set_descriptor_flags{}, descriptor, Close ? native_number<typename Env::kernel, fd_flag::cloexec> : u32{0}));
  }
};

/// FIGETBSZ: of the file's file system.
struct block_size {
  using needs = operation_list<op::fstatfs>;
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor) {
    native<typename Env::kernel, shape::statfs> about{};
    if (auto r = c.perform(op::fstatfs{}, descriptor, about); !r) return r.error();
    return static_cast<i32>(about.bsize);
  }
};

} // namespace handlers

namespace tables {

using namespace polyabi::arguments;

using now = given<set_attributes_when::now>;
using drain = given<set_attributes_when::drain>;
using flush = given<set_attributes_when::flush>;
using not_injected = refused<errc::perm, "input is not put into other programs' terminals">;
using no_consoles = refused<errc::notty, "no virtual consoles">;
using no_block_devices = refused<errc::notty, "no block devices">;
using no_changes = refused<errc::perm, "interfaces have no such thing to change">;
using no_filters_of_tunnels = refused<errc::inval, "tunnels have one queue and no filters">;
using part = handlers::interface_part;
using of_address = handlers::address_part;
using question = handlers::interface_question;
using no_modem = refused<errc::inval, "no modem lines">;
using no_file_attributes = refused<errc::notty, "files have no attributes">;
using no_clones = refused<errc::opnotsupp, "no copies by reference">;
using no_drives = refused<errc::notty, "no drives">;
using no_line = refused<errc::inval, "terminals have no line discipline but the usual one">;

// clang-format off
struct ioctls : named<ioctls, ioctl_table<errc::notty,
    request<0x5401, "TCGETS", status(fd, out<termios>), op::terminal_get_attributes>,
    request<0x5402, "TCSETS", status(fd, now, in<termios>), op::terminal_set_attributes>,
    request<0x5403, "TCSETSW", status(fd, drain, in<termios>), op::terminal_set_attributes>,
    request<0x5404, "TCSETSF", status(fd, flush, in<termios>), op::terminal_set_attributes>,
    request<0x5405, "TCGETA", status(fd, out<termio>), op::terminal_get_attributes>,
    request<0x5406, "TCSETA", status(fd, now, pointer<termio>), handlers::set_termio>,
    request<0x5407, "TCSETAW", status(fd, drain, pointer<termio>), handlers::set_termio>,
    request<0x5408, "TCSETAF", status(fd, flush, pointer<termio>), handlers::set_termio>,
    request<0x802c542a, "TCGETS2", status(fd, out<termios2>), op::terminal_get_attributes>,
    request<0x402c542b, "TCSETS2", status(fd, now, in<termios2>), op::terminal_set_attributes>,
    request<0x402c542c, "TCSETSW2", status(fd, drain, in<termios2>), op::terminal_set_attributes>,
    request<0x402c542d, "TCSETSF2", status(fd, flush, in<termios2>), op::terminal_set_attributes>,
    request<0x5409, "TCSBRK", status(fd, int_), handlers::send_break>,
    request<0x5425, "TCSBRKP", status(fd, unused), op::terminal_send_break>,
    request<0x540a, "TCXONC", status(fd, one_of<flow_actions>), op::terminal_flow>,
    request<0x540b, "TCFLSH", status(fd, one_of<flush_queues>), op::terminal_flush>,
    request<0x540e, "TIOCSCTTY", status(fd, int_), handlers::set_controlling>,
    request<0x5422, "TIOCNOTTY", status(fd, unused), op::terminal_drop_controlling>,
    request<0x540f, "TIOCGPGRP", status(fd, store_result<i32>), op::terminal_get_foreground>,
    request<0x5410, "TIOCSPGRP", status(fd, value_at<i32>), op::terminal_set_foreground>,
    request<0x5429, "TIOCGSID", status(fd, store_result<i32>), op::terminal_get_session>,
    request<0x5413, "TIOCGWINSZ", status(fd, out<winsize>), op::terminal_get_window>,
    request<0x5414, "TIOCSWINSZ", status(fd, in<winsize>), op::terminal_set_window>,
    request<0x5411, "TIOCOUTQ", status(fd, store_result<i32>), handlers::output_queued>,
    request<0x541b, "FIONREAD", status(fd, store_result<i32>), op::bytes_readable>,
    request<0x5421, "FIONBIO", status(fd, value_at<i32>), handlers::set_blocking>,
    request<0x5450, "FIONCLEX", status(fd, unused), handlers::close_on_exec<false>>,
    request<0x5451, "FIOCLEX", status(fd, unused), handlers::close_on_exec<true>>,
    request<0x80045430, "TIOCGPTN", status(fd, store_result<i32>), op::pseudo_terminal_number>,
    request<0x40045431, "TIOCSPTLCK", status(fd, value_at<i32>), handlers::lock_pseudo_terminal>,
    // terminals: known, and not for here
    request<0x5412, "TIOCSTI", status(fd, address), not_injected>,
    request<0x540c, "TIOCEXCL", status(fd, unused), faked<0, "terminals are not opened exclusively">>,
    request<0x540d, "TIOCNXCL", status(fd, unused), faked<0, "terminals are not opened exclusively">>,
    request<0x5415, "TIOCMGET", status(fd, address), no_modem>,
    request<0x5416, "TIOCMBIS", status(fd, address), no_modem>,
    request<0x5417, "TIOCMBIC", status(fd, address), no_modem>,
    request<0x5418, "TIOCMSET", status(fd, address), no_modem>,
    request<0x5419, "TIOCGSOFTCAR", status(fd, address), no_modem>,
    request<0x541a, "TIOCSSOFTCAR", status(fd, address), no_modem>,
    request<0x541c, "TIOCLINUX", status(fd, address), no_consoles>,
    request<0x541d, "TIOCCONS", status(fd, unused), refused<errc::perm, "only for the administrator">>,
    request<0x541e, "TIOCGSERIAL", status(fd, address), refused<errc::notty, "no serial ports">>,
    request<0x541f, "TIOCSSERIAL", status(fd, address), refused<errc::notty, "no serial ports">>,
    request<0x5420, "TIOCPKT", status(fd, value_at<i32>), handlers::set_packet_mode>,
    request<0x5456, "TIOCGLCKTRMIOS", status(fd, pointer<termios>), handlers::locked_settings>,
    request<0x5457, "TIOCSLCKTRMIOS", status(fd, address), refused<errc::perm, "the settings of a line are not locked">>,
    request<0x5423, "TIOCSETD", status(fd, address), no_line>,
    request<0x5424, "TIOCGETD", status(fd, address), no_line>,
    request<0x5427, "TIOCSBRK", status(fd, unused), op::terminal_send_break>,
    request<0x5428, "TIOCCBRK", status(fd, unused), faked<0, "a break ends by itself">>,
    request<0x5441, "TIOCGPTPEER", status(fd, uint_), refused<errc::notty, "programs open /dev/pts instead">>,
    request<0x80045432, "TIOCGDEV", status(fd, address), refused<errc::notty, "programs use fstat instead">>,
    request<0x80045440, "TIOCGEXCL", status(fd, address), refused<errc::notty, "terminals are not opened exclusively">>,
    request<0x80045438, "TIOCGPKT", status(fd, store_result<i32>), op::pseudo_terminal_has_packets>,
    request<0x80045439, "TIOCGPTLCK", status(fd, address), refused<errc::notty, "not told">>,
    request<0x40045436, "TIOCSIG", status(fd, int_), refused<errc::notty, "not from the master">>,
    request<0x5452, "FIOASYNC", status(fd, value_at<i32>), handlers::set_signalled>,
    // files
    request<0x5460, "FIOQSIZE", status(fd, address), refused<errc::notty, "programs use fstat instead">>,
    request<0x1, "FIBMAP", status(fd, address), refused<errc::perm, "only for the administrator">>,
    request<0x2, "FIGETBSZ", status(fd, store_result<i32>), handlers::block_size>,
    request<0x40049409, "FICLONE", status(fd, int_), no_clones>,
    request<0x4020940d, "FICLONERANGE", status(fd, address), no_clones>,
    request<0xc0189436, "FIDEDUPERANGE", status(fd, address), no_clones>,
    request<0xc020660b, "FS_IOC_FIEMAP", status(fd, address), refused<errc::opnotsupp, "no map of extents">>,
    request<0x80086601, "FS_IOC_GETFLAGS", status(fd, address), no_file_attributes>,
    request<0x40086602, "FS_IOC_SETFLAGS", status(fd, address), no_file_attributes>,
    request<0x80046601, "FS_IOC32_GETFLAGS", status(fd, address), no_file_attributes>,
    request<0x40046602, "FS_IOC32_SETFLAGS", status(fd, address), no_file_attributes>,
    request<0x1260, "BLKGETSIZE", status(fd, address), no_block_devices>,
    request<0x125d, "BLKROSET", status(fd, address), no_block_devices>,
    request<0x125e, "BLKROGET", status(fd, address), no_block_devices>,
    request<0x125f, "BLKRRPART", status(fd, unused), no_block_devices>,
    request<0x1261, "BLKFLSBUF", status(fd, unused), no_block_devices>,
    request<0x1268, "BLKSSZGET", status(fd, address), no_block_devices>,
    request<0x80081272, "BLKGETSIZE64", status(fd, address), no_block_devices>,
    request<0x80041272, "BLKGETSIZE64_32", status(fd, address), no_block_devices>,
    // devices that programs try for
    request<0x5331, "CDROM_GET_CAPABILITY", status(fd, unused), no_drives>,
    request<0x5310, "CDROMREADTOCHDR", status(fd, address), no_drives>,
    request<0x4b33, "KDGKBTYPE", status(fd, address), no_consoles>,
    request<0x4b44, "KDGKBMODE", status(fd, address), no_consoles>,
    request<0x4b3b, "KDGETMODE", status(fd, address), no_consoles>,
    request<0x5600, "VT_OPENQRY", status(fd, address), no_consoles>,
    request<0x5603, "VT_GETSTATE", status(fd, address), no_consoles>,
    request<0x80247009, "RTC_RD_TIME", status(fd, address), refused<errc::notty, "no hardware clock">>,
    // sockets and the network's interfaces
    request<0x8905, "SIOCATMARK", status(fd, store_result<i32>), handlers::at_mark>,
    request<0x8901, "FIOSETOWN", status(fd, value_at<i32>), handlers::set_owner>,
    request<0x8902, "SIOCSPGRP", status(fd, value_at<i32>), handlers::set_owner>,
    request<0x8903, "FIOGETOWN", status(fd, store_result<i32>), handlers::get_owner>,
    request<0x8904, "SIOCGPGRP", status(fd, store_result<i32>), handlers::get_owner>,
    request<0x8906, "SIOCGSTAMP", status(fd, address), refused<errc::noent, "programs use SO_TIMESTAMP">>,
    request<0x8907, "SIOCGSTAMPNS", status(fd, address), refused<errc::noent, "programs use SO_TIMESTAMPNS">>,
    request<0x890b, "SIOCADDRT", status(fd, pointer<rtentry>, constant<true>), handlers::change_route>,
    request<0x890c, "SIOCDELRT", status(fd, pointer<rtentry>, constant<false>), handlers::change_route>,
    request<0x8910, "SIOCGIFNAME", status(fd, pointer<ifreq>, constant<question::name>), handlers::get_interface>,
    request<0x8912, "SIOCGIFCONF", status(fd, pointer<ifconf>), handlers::list_interfaces>,
    request<0x8913, "SIOCGIFFLAGS", status(fd, pointer<ifreq>, constant<question::flags>), handlers::get_interface>,
    request<0x8914, "SIOCSIFFLAGS", status(fd, pointer<ifreq>, constant<part::flags>), handlers::set_interface>,
    request<0x8915, "SIOCGIFADDR", status(fd, pointer<ifreq>, constant<question::address>), handlers::get_interface>,
    request<0x8916, "SIOCSIFADDR", status(fd, pointer<ifreq>, constant<of_address::address>), handlers::set_address>,
    request<0x8917, "SIOCGIFDSTADDR", status(fd, pointer<ifreq>, constant<question::destination>), handlers::get_interface>,
    request<0x8918, "SIOCSIFDSTADDR", status(fd, pointer<ifreq>, constant<of_address::destination>), handlers::set_address>,
    request<0x8919, "SIOCGIFBRDADDR", status(fd, pointer<ifreq>, constant<question::broadcast>), handlers::get_interface>,
    request<0x891a, "SIOCSIFBRDADDR", status(fd, pointer<ifreq>, constant<of_address::broadcast>), handlers::set_address>,
    request<0x891b, "SIOCGIFNETMASK", status(fd, pointer<ifreq>, constant<question::netmask>), handlers::get_interface>,
    request<0x891c, "SIOCSIFNETMASK", status(fd, pointer<ifreq>, constant<of_address::netmask>), handlers::set_address>,
    request<0x891d, "SIOCGIFMETRIC", status(fd, pointer<ifreq>, constant<question::metric>), handlers::get_interface>,
    request<0x891e, "SIOCSIFMETRIC", status(fd, address), no_changes>,
    request<0x8921, "SIOCGIFMTU", status(fd, pointer<ifreq>, constant<question::mtu>), handlers::get_interface>,
    request<0x8922, "SIOCSIFMTU", status(fd, pointer<ifreq>, constant<part::mtu>), handlers::set_interface>,
    request<0x8923, "SIOCSIFNAME", status(fd, pointer<ifreq>, constant<part::name>), handlers::set_interface>,
    request<0x8924, "SIOCSIFHWADDR", status(fd, address), no_changes>,
    request<0x8927, "SIOCGIFHWADDR", status(fd, pointer<ifreq>, constant<question::hardware>), handlers::get_interface>,
    request<0x8933, "SIOCGIFINDEX", status(fd, pointer<ifreq>, constant<question::index>), handlers::get_interface>,
    request<0x8942, "SIOCGIFTXQLEN", status(fd, pointer<ifreq>, constant<question::queue>), handlers::get_interface>,
    request<0x8943, "SIOCSIFTXQLEN", status(fd, pointer<ifreq>, constant<part::queue>), handlers::set_interface>,
    request<0x8946, "SIOCETHTOOL", status(fd, address), refused<errc::opnotsupp, "interfaces tell no more of themselves">>,
    request<0x8947, "SIOCGMIIPHY", status(fd, address), refused<errc::opnotsupp, "interfaces tell no more of themselves">>,
    request<0x8954, "SIOCGARP", status(fd, address), refused<errc::nxio, "no neighbours are known">>,
    request<0x8970, "SIOCGIFMAP", status(fd, address), refused<errc::opnotsupp, "interfaces have no addresses of memory">>,
    // tunnels: numbers of requests that take a struct ifreq encode an int
    request<0x400454ca, "TUNSETIFF", status(fd, address), handlers::tunnel_attach>,
    request<0x800454d2, "TUNGETIFF", status(fd, address), handlers::tunnel_get>,
    request<0x800454cf, "TUNGETFEATURES", status(fd, store_result<u32>), handlers::tunnel_features>,
    request<0x400454cb, "TUNSETPERSIST", status(fd, uint_), handlers::tunnel_set<tunnel_setting::persistent>>,
    request<0x400454cc, "TUNSETOWNER", status(fd, uint_), handlers::tunnel_set<tunnel_setting::owner>>,
    request<0x400454ce, "TUNSETGROUP", status(fd, uint_), handlers::tunnel_set<tunnel_setting::group>>,
    request<0x400454e2, "TUNSETCARRIER", status(fd, value_at<u32>), handlers::tunnel_set<tunnel_setting::carrier>>,
    request<0x400454d0, "TUNSETOFFLOAD", status(fd, uint_), handlers::tunnel_offload>,
    request<0x400454c8, "TUNSETNOCSUM", status(fd, uint_), faked<0, "as Linux since 3.0: no effect">>,
    request<0x400454c9, "TUNSETDEBUG", status(fd, uint_), refused<errc::inval, "as Linux without debugging in it">>,
    request<0x400454cd, "TUNSETLINK", status(fd, int_), refused<errc::busy, "a tunnel's hardware has one type">>,
    request<0x400454d1, "TUNSETTXFILTER", status(fd, address), no_filters_of_tunnels>,
    request<0x400454d4, "TUNSETSNDBUF", status(fd, address), no_filters_of_tunnels>,
    request<0x800454d3, "TUNGETSNDBUF", status(fd, address), no_filters_of_tunnels>,
    request<0x401054d5, "TUNATTACHFILTER", status(fd, address), no_filters_of_tunnels>,
    request<0x401054d6, "TUNDETACHFILTER", status(fd, address), no_filters_of_tunnels>,
    request<0x800454d7, "TUNGETVNETHDRSZ", status(fd, address), no_filters_of_tunnels>,
    request<0x400454d8, "TUNSETVNETHDRSZ", status(fd, address), no_filters_of_tunnels>,
    request<0x400454d9, "TUNSETQUEUE", status(fd, address), no_filters_of_tunnels>,
    request<0x8b01, "SIOCGIWNAME", status(fd, address), refused<errc::opnotsupp, "no wireless interfaces">>>> {};
// clang-format on

} // namespace tables

/// _IOC of x86: size in bits 16 to 29, direction in the two above; a request without direction encodes nothing.
struct ioctl_encoding {
  static constexpr usize size_of(u32 number) { return (number >> 30) == 0 ? 0 : number >> 16 & 0x3fff; }
  static constexpr ioctl_direction direction_of(u32 number) { return static_cast<ioctl_direction>(number >> 30); }
};

} // namespace polyabi::linux_abi
