// The Internet's transports: tcp and udp (tcp(7P), udp(7P)), over the kernel's own sockets. An endpoint has a socket from its binding
// on; what has arrived there becomes messages when somebody looks at the stream (`look`), and is waited for by a watch. Addresses are
// struct sockaddr_in.
#pragma once

#include <polyabi/core/socket_services.hpp>
#include <polyabi/facilities/streams/tpi/endpoint.hpp>

namespace polyabi::streams {

struct internet_transport {
  std::string_view name;
  socket_type type;
  tpi::transport_information information;
};
inline constexpr internet_transport tcp{"tcp",
                                        socket_type::stream,
                                        {.tsdu = 0, // bytes, not messages
                                         .etsdu = 1,
                                         .address = 16,
                                         .service = tpi::service_type::connection_orderly}};
inline constexpr internet_transport udp{"udp",
                                        socket_type::dgram,
                                        {.tsdu = 65507,
                                         .etsdu = tpi::no_size,
                                         .address = 16,
                                         .service = tpi::service_type::connectionless,
                                         .provider = tpi::provider_flag::send_zero | tpi::provider_flag::xpg4}};

namespace detail {

/// struct sockaddr_in as System V has it: the same for every program. Port and address are in network order.
struct internet_name {
  u16 family;
  u8 port[2], address[4], zero[8];
  POLYABI_FIELDS(internet_name, family, port, address, zero)
};
static_assert(layout<internet_name, 16>);
inline constexpr u16 internet_family = 2;

/// False if the bytes are no such address. None at all is any address and any port.
template <class K>
bool to_socket_address(std::span<const u8> from, socket_address<K>& to) {
  internet_name name{internet_family, {}, {}, {}};
  if (!from.empty()) {
    if (from.size() < 8) return false;
    __builtin_memcpy(&name, from.data(), from.size() < sizeof name ? from.size() : sizeof name);
  }
  if (name.family != internet_family) return false;
  auto& made = to.template become<address_family::inet>();
  __builtin_memcpy(&made.port, name.port, sizeof name.port);
  __builtin_memcpy(&made.address, name.address, sizeof name.address);
  return true;
}
template <class K>
tpi::transport_address from_socket_address(const socket_address<K>& from) {
  tpi::transport_address to;
  if (!from.template is<address_family::inet>()) return to;
  const auto& given = from.template as<shape::internet_address>();
  internet_name name{internet_family, {}, {}, {}};
  __builtin_memcpy(name.port, &given.port, sizeof name.port);
  __builtin_memcpy(name.address, &given.address, sizeof name.address);
  to.assign({reinterpret_cast<const u8*>(&name), sizeof name});
  return to;
}

template <class K>
errc name_of_error(typename K::error e) {
  return name_for<kernel_map<K, errc>>(static_cast<i32>(e));
}

} // namespace detail

template <class K>
class internet_endpoint final : public tpi::endpoint<K> {
  using base = tpi::endpoint<K>;
  using failure = tpi::failure;
  using tli = tpi::tli_error;
  using file_ref = typename K::file_ref;

public:
  explicit internet_endpoint(const internet_transport& of) : base{of.name, of.information}, type_{of.type} {
    for (typename K::watch& each : places_) {
      each.owner = this;
      each.notify = [](typename K::watch& place, u16 events) {
        auto& self = *static_cast<internet_endpoint*>(place.owner);
        constexpr u16 outward = native_number<K, poll_event::out>;
        // Whoever waits at the stream looks for himself; SIGPOLL goes to those who asked for it.
        if ((events & ~outward) != 0) self.head->wake(event::input | event::rdnorm);
        self.head->writable.wake_all();
        return true;
      };
    }
  }

  /// Takes what has arrived at the socket, as far as there is room, and sends what waited for room.
  void look() override {
    if (!socket_ || looking_) return;
    looking_ = true;
    if (this->now() == tpi::state::wcon_creq) finish_connecting();
    if (is_listening_) take_connections();
    if (type_ == socket_type::dgram)
      while (receive_datagram()) {}
    else
      while (receive()) {}
    if (!this->writing.empty()) this->room_again();
    looking_ = false;
  }
  void closing() override {
    this->service(this->writing);
    unbind();
  }
  void release() override { destroy<K>(this); }

protected:
  // --- addresses

  failure bind(std::span<const u8> wanted, bool or_another, u32& backlog) override {
    socket_address<K> address;
    if (!detail::to_socket_address<K>(wanted, address)) return tli::badaddr;
    if (const errc e = make_socket(address); e != errc::none) {
      // A port that is taken: another one at the same address.
      auto& name = address.template as<shape::internet_address>();
      __builtin_memset(&name.port, 0, sizeof name.port);
      if (e == errc::addrinuse && !or_another) return tli::addrbusy;
      if (e != errc::addrinuse) return e == errc::acces ? failure{tli::acces} : e == errc::addrnotavail ? failure{tli::badaddr} : failure{e};
      if (const errc again = make_socket(address); again != errc::none) return tli::noaddr;
    }
    if (type_ == socket_type::dgram) backlog = 0;
    if (backlog != 0) {
      if (auto r = K::socket_listen(K::caller(), *socket_, static_cast<i32>(backlog)); !r) return failed(r);
      is_listening_ = true;
    }
    this->local_ = own_name(*socket_);
    watch();
    return {};
  }
  void unbind() override {
    while (caller* c = callers_) forget(*c);
    drop_socket();
  }

  // --- connections

  failure may_connect(std::span<const u8> to, message<K>& request) override {
    socket_address<K> address;
    if (!detail::to_socket_address<K>(to, address)) return tli::badaddr;
    if (request.has_data && !request.data().empty()) return tli::baddata;
    return {};
  }
  void connect(std::span<const u8> to, message_ptr<K>) override {
    socket_address<K> address;
    (void)detail::to_socket_address<K>(to, address);
    this->remote_.assign(to);
    if (!socket_ && reopen() != errc::none) return this->tell_disconnected(errc::nosr);
    // The host tells when it is done: `look`.
    if (auto r = K::socket_connect(K::caller(), *socket_, address); !r) {
      const errc e = detail::name_of_error<K>(r.error());
      if (e == errc::inprogress) return;
      this->tell_disconnected(e);
      (void)reopen();
    }
  }
  bool is_waiting(u32 number) const override { return find(number) != nullptr; }
  failure may_accept(u32, base&) override { return {}; }
  void accept(u32 number, base& by, message_ptr<K>) override {
    caller* c = find(number);
    if (c == nullptr) return;
    auto& here = static_cast<internet_endpoint&>(by);
    here.drop_socket();
    here.socket_ = std::move(c->socket);
    here.remote_ = c->from;
    here.local_ = here.own_name(*here.socket_);
    here.watch();
    forget(*c);
  }
  void reject(u32 number, message_ptr<K>) override {
    if (caller* c = find(number)) forget(*c);
  }
  void disconnect(message_ptr<K>) override { (void)reopen(); }

  // --- data

  bool send(message_ptr<K>& m, bool expedited, bool) override {
    while (m->has_data && !m->data().empty()) {
      errc why = errc::none;
      const usize sent = transmit(m->data(), nullptr, expedited ? native_number<K, polyabi::message_flag::oob> : 0, why);
      if (why == errc::again) return false;
      if (why != errc::none) return true; // `look` finds out what is wrong
      m->consume_data(sent);
    }
    return true;
  }
  bool release_orderly(message_ptr<K>&) override {
    if (!socket_) return true;
    (void)K::socket_shutdown(K::caller(), *socket_, native_number<K, shutdown_how::wr>);
    if (this->now() == tpi::state::wreq_ordrel) {
      this->remote_.size = 0;
      (void)reopen();
    }
    return true;
  }
  bool send_datagram(std::span<const u8> to, message_ptr<K>& m, failure& why) override {
    socket_address<K> address;
    if (!socket_ || !detail::to_socket_address<K>(to, address)) {
      why = errc::inval;
      return true;
    }
    errc e = errc::none;
    (void)transmit(m->has_data ? m->data() : std::span<u8>{}, &address, 0, e);
    if (e == errc::again) return false;
    if (e != errc::none) why = e;
    return true;
  }
  void room_above() override { look(); }

private:
  /// Who has connected, and waits to be accepted.
  struct caller {
    u32 number = 0;
    tpi::transport_address from;
    file_ref socket;
    caller* next = nullptr;
  };
  static constexpr usize piece = 8192;

  static failure failed(const auto& r) { return detail::name_of_error<K>(r.error()); }

  /// A socket that is bound to an address, in place of the one that there may be.
  errc make_socket(const socket_address<K>& address) {
    drop_socket();
    auto made = K::make_socket(K::caller(), native_number<K, address_family::inet>, static_cast<i32>(native_number_of_type()), 0,
                               native_number<K, open_flag::nonblock>);
    if (!made) return detail::name_of_error<K>(made.error());
    if (type_ == socket_type::stream) {
      const i32 yes = 1;
      (void)K::socket_set_option(K::caller(), **made, native_number<K, option_level::socket>,
                                 native_number<K, socket_option::reuseaddr>,
                                 {reinterpret_cast<const unsigned char*>(&yes), sizeof yes});
    }
    if (auto r = K::socket_bind(K::caller(), **made, address); !r) return detail::name_of_error<K>(r.error());
    socket_ = std::move(*made);
    return errc::none;
  }
  i64 native_number_of_type() const {
    return type_ == socket_type::stream ? native_number<K, socket_type::stream> : native_number<K, socket_type::dgram>;
  }
  /// A socket has one connection: for the next, another one at the same address.
  errc reopen() {
    socket_address<K> address;
    (void)detail::to_socket_address<K>(this->local_.view(), address);
    const errc e = make_socket(address);
    if (e == errc::none) watch();
    return e;
  }
  void drop_socket() {
    if (socket_)
      for (typename K::watch& each : places_) each.leave();
    socket_ = file_ref{};
    is_listening_ = has_ended_ = false;
  }
  void watch() { (void)K::poll_file(*socket_, all_events, places_); }
  static constexpr u16 all_events = native_number<K, poll_event::in> | native_number<K, poll_event::out> |
                                    native_number<K, poll_event::pri> | native_number<K, poll_event::rdhup>;
  tpi::transport_address own_name(typename K::file& of) {
    socket_address<K> address;
    return K::socket_name(K::caller(), of, address) ? detail::from_socket_address<K>(address) : tpi::transport_address{};
  }

  caller* find(u32 number) const {
    for (caller* c = callers_; c != nullptr; c = c->next)
      if (c->number == number) return c;
    return nullptr;
  }
  void forget(caller& gone) {
    for (caller** at = &callers_; *at != nullptr; at = &(*at)->next)
      if (*at == &gone) {
        *at = gone.next;
        break;
      }
    destroy<K>(&gone);
  }
  void take_connections() {
    while (this->waiting() < this->backlog() && this->may_happen(tpi::event::conn_ind)) {
      socket_address<K> from;
      auto accepted = K::socket_accept(K::caller(), *socket_, from, native_number<K, open_flag::nonblock>);
      if (!accepted) return;
      auto* c = create<K, caller>();
      if (c == nullptr) return;
      c->number = ++last_number;
      c->from = detail::from_socket_address<K>(from);
      c->socket = std::move(*accepted);
      c->next = callers_;
      callers_ = c;
      this->tell_connection_wanted(c->from.view(), c->number, nullptr);
    }
  }
  void finish_connecting() {
    constexpr u16 done = native_number<K, poll_event::out>;
    constexpr u16 wrong = native_number<K, poll_event::err> | native_number<K, poll_event::hup>;
    if ((K::poll_file(*socket_, done, nullptr) & (done | wrong)) == 0) return;
    i32 error = 0;
    (void)K::socket_get_option(K::caller(), *socket_, native_number<K, option_level::socket>,
                               native_number<K, socket_option::error>, {reinterpret_cast<unsigned char*>(&error), sizeof error});
    if (error != 0) {
      this->tell_disconnected(name_for<kernel_map<K, errc>>(error));
      (void)reopen();
      return;
    }
    this->local_ = own_name(*socket_);
    const tpi::transport_address to = this->remote_;
    this->tell_connected(to.view(), nullptr);
  }

  /// Data to the socket, out of kernel memory. Answers how many bytes went.
  usize transmit(std::span<u8> bytes, const socket_address<K>* to, u32 flags, errc& why) {
    if (!socket_) {
      why = errc::notconn;
      return 0;
    }
    const typename K::kernel_transfer own_memory;
    const user_bytes part{reinterpret_cast<u64>(bytes.data()), bytes.size()};
    auto r = K::socket_send(K::caller(), *socket_, outgoing_message<K>{{&part, 1}, to},
                            static_cast<u32>(native_number<K, polyabi::message_flag::dontwait> | native_number<K, polyabi::message_flag::nosignal>) |
                                flags);
    if (!r) why = detail::name_of_error<K>(r.error());
    return r ? static_cast<usize>(*r) : 0;
  }
  /// Data from the socket as a message. Null: none, and why.
  message_ptr<K> take(usize limit, socket_address<K>* from, u32 flags, errc& why) {
    message_ptr<K> m = message<K>::make_data(limit);
    if (!m) {
      why = errc::nosr;
      return nullptr;
    }
    const typename K::kernel_transfer own_memory;
    const user_bytes part{reinterpret_cast<u64>(m->data().data()), limit};
    incoming_message<K> into{{&part, 1}, from};
    auto r = K::socket_receive(K::caller(), *socket_, into, static_cast<u32>(native_number<K, polyabi::message_flag::dontwait>) | flags);
    if (!r) {
      why = detail::name_of_error<K>(r.error());
      return nullptr;
    }
    m->shorten_data(static_cast<usize>(*r));
    return m;
  }
  /// One piece of a connection's data, or its end. False: there is no more, or no room for it.
  bool receive() {
    if (has_ended_ || !socket_ || !this->may_happen(tpi::event::data_ind) || is_listening_) return false;
    errc why = errc::none;
    constexpr u16 urgent = native_number<K, poll_event::pri>;
    if ((K::poll_file(*socket_, urgent, nullptr) & urgent) != 0)
      if (message_ptr<K> m = take(1, nullptr, static_cast<u32>(native_number<K, polyabi::message_flag::oob>), why); m && !m->data().empty())
        return this->tell_data(std::move(m), true, false);
    if (!this->reading.room_beyond(0)) return false;
    why = errc::none;
    message_ptr<K> m = take(piece, nullptr, 0, why);
    if (m && !m->data().empty()) return this->tell_data(std::move(m), false, false);
    if (why == errc::again || why == errc::intr || why == errc::nosr) return false;
    has_ended_ = true;
    if (why != errc::none) {
      this->tell_ended(why);
      (void)reopen();
      return false;
    }
    const bool both = this->now() == tpi::state::wind_ordrel;
    this->tell_released();
    if (both) {
      this->remote_.size = 0;
      (void)reopen();
    }
    return false;
  }
  bool receive_datagram() {
    if (!socket_ || this->now() != tpi::state::idle || !this->reading.room_beyond(0)) return false;
    errc why = errc::none;
    socket_address<K> from;
    message_ptr<K> m = take(65536, &from, 0, why);
    // What an earlier datagram of ours came to: the next one may be good.
    if (!m) return why != errc::again && why != errc::nosr && why != errc::intr && ++errors_ % 16 != 0;
    return this->tell_datagram(detail::from_socket_address<K>(from).view(), *m);
  }

  static constinit inline u32 last_number = 0;

  const socket_type type_;
  file_ref socket_;
  typename K::watch places_[K::watch_places];
  bool is_listening_ = false, has_ended_ = false, looking_ = false;
  u32 errors_ = 0;
  caller* callers_ = nullptr;
};

} // namespace polyabi::streams
