// AF_NETLINK sockets: requests go in, answers wait to be received. Of the families NETLINK_ROUTE and NETLINK_SOCK_DIAG are there.
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/socket_services.hpp>
#include <polyabi/linux/netlink/diagnostics.hpp>
#include <polyabi/linux/netlink/route.hpp>

namespace polyabi::linux_abi::netlink {

/// What netlink sockets need of a kernel.
using needed = operation_list<service::custom_files, service::custom_sockets, op::interfaces, op::interface_addresses, op::routes, op::getpid>;

template <class K>
class netlink_socket final : public custom_socket<K> {
public:
  explicit netlink_socket(socket_kind kind) : custom_socket<K>{kind} {
    const typename K::section inside;
    next_ = all;
    all = this;
  }

  /// That behind an open file, or null. Inside the section, as `put`.
  static netlink_socket* of(typename K::file& opened) {
    custom_socket<K>* custom = K::custom_socket_of(opened);
    if (custom == nullptr || custom->kind().family != native_number<K, address_family::netlink>) return nullptr;
    return static_cast<netlink_socket*>(custom);
  }
  /// Something for its reader that is no answer. Lost where there is no room.
  void put(std::span<const unsigned char> bytes) {
    auto* one = waiting_.count() < most_waiting && bytes.size() <= datagram<K>::room ? create<K, datagram<K>>() : nullptr;
    if (one == nullptr) return;
    one->size = bytes.size();
    __builtin_memcpy(one->bytes, bytes.data(), bytes.size());
    waiting_.push(one);
    changed_.wake_all();
  }

  answer<K> bind(typename K::thread& caller, const socket_address<K>& address) override {
    if (!address.template is<address_family::netlink>()) return error_of<K, errc::inval>;
    const auto& wanted = address.template as<shape::netlink_address>();
    const typename K::section inside;
    if (port_ != 0 && wanted.pid != 0 && wanted.pid != port_) return error_of<K, errc::inval>;
    if (wanted.pid != 0 && port_ == 0 && is_taken(wanted.pid)) return error_of<K, errc::addrinuse>;
    if (port_ == 0) take_port(caller, wanted.pid);
    join(caller, wanted.groups);
    return {};
  }

  /// Only the kernel is there to be connected to.
  answer<K> connect(typename K::thread& caller, const socket_address<K>& address) override {
    if (address.family() == native_number<K, address_family::unspec>) return {};
    if (!address.template is<address_family::netlink>()) return error_of<K, errc::inval>;
    if (address.template as<shape::netlink_address>().pid != 0) return error_of<K, errc::connrefused>;
    const typename K::section inside;
    if (port_ == 0) take_port(caller, 0);
    return {};
  }

  answer<K, i64> send(typename K::thread& caller, const outgoing_message<K>& m, u32 flags) override {
    if ((flags & native_number<K, message_flag::oob>) != 0) return error_of<K, errc::opnotsupp>;
    if (m.to != nullptr && m.to->size != 0) {
      if (!m.to->template is<address_family::netlink>()) return error_of<K, errc::inval>;
      if (m.to->template as<shape::netlink_address>().pid != 0) return error_of<K, errc::connrefused>; // to another process
    }
    {
      const typename K::section inside;
      if (port_ == 0) take_port(caller, 0);
      if (waiting_.count() >= most_waiting) return error_of<K, errc::nobufs>;
    }
    transfer_cursor<K> from{caller, m.data};
    const u64 size = from.remaining();
    if (size > longest_request) return error_of<K, errc::msgsize>;
    auto* requests = static_cast<unsigned char*>(K::allocate(longest_request));
    if (requests == nullptr) return error_of<K, errc::nobufs>;
    const bool intact = from.read(requests, static_cast<usize>(size));
    if (intact) answer_all(caller, {requests, static_cast<usize>(size)});
    K::deallocate(requests, longest_request);
    if (!intact) return error_of<K, errc::fault>;
    return static_cast<i64>(size);
  }

  answer<K, i64> receive(typename K::thread& caller, incoming_message<K>& m, u32 flags) override {
    if ((flags & native_number<K, message_flag::oob>) != 0) return error_of<K, errc::opnotsupp>;
    const bool peek = (flags & native_number<K, message_flag::peek>) != 0;
    datagram<K>* one = nullptr;
    {
      const typename K::section inside;
      while (waiting_.front() == nullptr) {
        if ((flags & native_number<K, message_flag::dontwait>) != 0) return error_of<K, errc::again>;
        if (K::sleep(caller, changed_, no_deadline) == wakeup::interrupted) return K::restart_call;
      }
      one = peek ? nullptr : waiting_.pop();
      if (peek) {
        one = create<K, datagram<K>>(*waiting_.front()); // others may take it while it is copied
        if (one == nullptr) return error_of<K, errc::nomem>;
        one->next = nullptr;
      }
    }
    transfer_cursor<K> to{caller, m.data};
    const usize size = one->size, copied = to.remaining() < size ? static_cast<usize>(to.remaining()) : size;
    const bool intact = copied == 0 || to.write(one->bytes, copied);
    destroy<K>(one);
    if (!intact) return error_of<K, errc::fault>;
    if (copied < size) m.flags |= native_number<K, message_flag::trunc>;
    if (m.from != nullptr) (void)m.from->template become<address_family::netlink>(); // the kernel: port 0
    return static_cast<i64>((flags & native_number<K, message_flag::trunc>) != 0 ? size : copied);
  }

  answer<K> name(typename K::thread&, socket_address<K>& out) override {
    const typename K::section inside;
    auto& own = out.template become<address_family::netlink>();
    own.pid = port_;
    own.groups = groups_;
    return {};
  }
  answer<K> peer_name(typename K::thread&, socket_address<K>& out) override {
    (void)out.template become<address_family::netlink>();
    return {};
  }

  answer<K> set_option(typename K::thread& caller, i32 level, i32 option, std::span<const unsigned char> value) override {
    i32 number = 0;
    if (value.size() < sizeof number) return error_of<K, errc::inval>;
    __builtin_memcpy(&number, value.data(), sizeof number);
    if (level == native_number<K, option_level::socket>)
      return option == native_number<K, socket_option::sndbuf> || option == native_number<K, socket_option::rcvbuf> ||
                     option == native_number<K, socket_option::passcred> || option == native_number<K, socket_option::rcvbufforce> ||
                     option == native_number<K, socket_option::reuseaddr>
                 ? answer<K>{}
                 : answer<K>{error_of<K, errc::noprotoopt>};
    if (level != native_number<K, option_level::netlink>) return error_of<K, errc::noprotoopt>;
    const typename K::section inside;
    const bool adds = option == native_number<K, netlink_option::add_membership>;
    if (adds || option == native_number<K, netlink_option::drop_membership>) {
      if (number <= 0 || number > 32) return error_of<K, errc::inval>;
      const u32 group = u32{1} << (number - 1);
      join(caller, adds ? groups_ | group : groups_ & ~group);
    } else if (option == native_number<K, netlink_option::cap_ack>) {
      short_errors_ = number != 0;
    }
    return {};
  }
  answer<K, usize> get_option(typename K::thread&, i32 level, i32 option, std::span<unsigned char> value) override {
    const bool known = level == native_number<K, option_level::socket> && (option == native_number<K, socket_option::sndbuf> ||
                                                                          option == native_number<K, socket_option::rcvbuf>);
    const i32 number = option == native_number<K, socket_option::error> ? 0 : 212992; // net.core.rmem_default
    if (!known && !(level == native_number<K, option_level::socket> && option == native_number<K, socket_option::error>))
      return error_of<K, errc::noprotoopt>;
    __builtin_memcpy(value.data(), &number, value.size() < sizeof number ? value.size() : sizeof number);
    return sizeof number;
  }

  u16 poll(u16 events, typename K::watch* places) override {
    u32 ready = native_number<K, poll_event::out> | native_number<K, poll_event::wrnorm>;
    if (waiting_.front() != nullptr) ready |= native_number<K, poll_event::in> | native_number<K, poll_event::rdnorm>;
    if (places != nullptr) changed_.enter(places[0]);
    return static_cast<u16>(ready & events);
  }

  void closed() override {
    for (netlink_socket** at = &all; *at != nullptr; at = &(*at)->next_)
      if (*at == this) {
        *at = next_;
        break;
      }
    destroy<K>(this);
  }

private:
  static constexpr usize longest_request = 8192, most_waiting = 64;

  static bool is_taken(u32 port) {
    for (const netlink_socket* s = all; s != nullptr; s = s->next_)
      if (s->port_ == port) return true;
    return false;
  }
  /// The process' id is the first of its sockets' port; others have numbers that are no process'.
  void take_port(typename K::thread& caller, u32 wanted) {
    if (wanted == 0) {
      auto id = K::perform(op::getpid{}, caller);
      wanted = id ? static_cast<u32>(*id) : 0;
      for (u32 other = ~u32{0}; wanted == 0 || is_taken(wanted); --other) wanted = other;
    }
    port_ = wanted;
  }
  /// Groups are joined; nobody tells of changes of the host's network.
  void join(typename K::thread& caller, u32 groups) {
    if ((groups & ~groups_) != 0)
      K::unsupported(caller, unsupported_report{{"linux", 5}, {"netlink", 7}, {"groups", 6}, groups});
    groups_ = groups;
  }

  void answer_all(typename K::thread& caller, std::span<const unsigned char> requests) {
    datagram_queue<K> answers;
    while (requests.size() >= sizeof(nlmsghdr<model>)) {
      request r;
      __builtin_memcpy(&r.head, requests.data(), sizeof r.head);
      const usize whole = r.head.len;
      if (whole < sizeof r.head || whole > requests.size()) break;
      r.body = requests.subspan(sizeof r.head, whole - sizeof r.head);
      if ((r.head.flags & header_flag::request) != 0) answer_one(caller, r, answers);
      requests = behind(requests, whole);
    }
    const typename K::section inside;
    waiting_.take(answers);
    changed_.wake_all();
  }

  void answer_one(typename K::thread& caller, const request& r, datagram_queue<K>& answers) {
    reply_writer<K> to{answers, r.head.seq, port_};
    const errc failed = this->kind().protocol == socket_diagnostics ? socket_answers<K>{caller, to}.answer(r)
                                                                    : route_answers<K>{caller, to, port_}.answer(r);
    if (failed == errc::opnotsupp || failed == errc::perm)
      K::unsupported(caller, unsupported_report{{"linux", 5}, {"netlink", 7}, {"request", 7}, u64{r.head.type}});
    if (failed == errc::none && r.wants_all()) {
      // Behind the last message that tells of something, in the same datagram or the next.
      if (to.begin(message_type::done, header_flag::multi, typename model::i32{0})) to.end();
    } else if (failed != errc::none || (r.head.flags & header_flag::ack) != 0) {
      to.next_datagram();
      nlmsgerr<model> body{};
      body.error = failed == errc::none ? 0 : -number_for<errors>(failed);
      body.msg = r.head;
      const bool with_request = failed != errc::none && !short_errors_ && r.body.size() <= 256;
      const u16 flags = failed != errc::none && !with_request ? header_flag::capped : u16{0};
      if (to.begin(message_type::error, flags, body)) {
        if (with_request) to.append_raw(r.body);
        to.end();
      }
    }
  }

  inline static netlink_socket* all = nullptr;
  netlink_socket* next_ = nullptr;
  u32 port_ = 0, groups_ = 0;
  bool short_errors_ = false;
  datagram_queue<K> waiting_;
  typename K::wait_queue changed_;
};

/// socket(AF_NETLINK, ...).
template <class Env>
reply<Env, typename Env::kernel::new_descriptor> make_socket(context<Env>& c, socket_kind kind, bool nonblocking, bool close_on_exec) {
  using K = typename Env::kernel;
  if (kind.type != native_number<K, socket_type::raw> && kind.type != native_number<K, socket_type::dgram>) return errc::socktnosupport;
  if (kind.protocol != route && kind.protocol != socket_diagnostics) {
    c.unsupported("netlink family", static_cast<u64>(static_cast<u32>(kind.protocol)));
    return errc::protonosupport;
  }
  auto* made = create<K, netlink_socket<K>>(kind);
  if (made == nullptr) return errc::nobufs;
  auto given = K::make_socket_descriptor(c.thread, *made, nonblocking ? native_number<K, open_flag::nonblock> : u32{0},
                                         close_on_exec ? native_number<K, fd_flag::cloexec> : u32{0});
  if (!given) return given.error();
  return std::move(*given);
}

} // namespace polyabi::linux_abi::netlink
