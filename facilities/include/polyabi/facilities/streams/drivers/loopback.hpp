// The loopback transports: ticots, ticotsord and ticlts (ticlts(7D)). Addresses are any bytes; who asks for none gets four of
// its own.
#pragma once

#include <polyabi/facilities/streams/tpi/endpoint.hpp>

namespace polyabi::streams {

/// One of the three. Each has addresses of its own.
struct loopback_transport {
  std::string_view name;
  tpi::transport_information information;
};
inline constexpr loopback_transport ticots{"ticots",
                                           {.connect_data = 1024,
                                            .disconnect_data = 1024,
                                            .service = tpi::service_type::connection,
                                            .provider = tpi::provider_flag::send_zero | tpi::provider_flag::xpg4}};
inline constexpr loopback_transport ticotsord{"ticotsord",
                                              {.connect_data = 1024,
                                               .disconnect_data = 1024,
                                               .service = tpi::service_type::connection_orderly,
                                               .provider = tpi::provider_flag::send_zero | tpi::provider_flag::xpg4}};
inline constexpr loopback_transport ticlts{"ticlts",
                                           {.tsdu = 16384,
                                            .etsdu = tpi::no_size,
                                            .service = tpi::service_type::connectionless,
                                            .provider = tpi::provider_flag::send_zero | tpi::provider_flag::xpg4}};

template <class K>
class loopback_endpoint final : public tpi::endpoint<K> {
  using base = tpi::endpoint<K>;
  using failure = tpi::failure;
  using tli = tpi::tli_error;

public:
  explicit loopback_endpoint(const loopback_transport& of) : base{of.name, of.information} {}

  void closing() override {
    deliver_all();
    if (peer_ != nullptr) {
      loopback_endpoint* there = peer_;
      peer_ = there->peer_ = nullptr;
      there->tell_ended(errc::connreset);
    }
    leave_listener(errc::connreset);
    unbind();
    while (loopback_endpoint* s = senders_) stop_waiting(*s);
    if (waits_for_ != nullptr) waits_for_->stop_waiting(*this);
  }
  void release() override { destroy<K>(this); }

protected:
  // --- addresses

  failure bind(std::span<const u8> wanted, bool or_another, u32&) override {
    this->local_.assign(wanted);
    if (!wanted.empty() && find(this->local_) != nullptr) {
      if (!or_another) {
        this->local_.size = 0;
        return tli::addrbusy;
      }
      wanted = {};
    }
    if (wanted.empty()) do {
        const u32 chosen = ++last_address;
        this->local_.assign({reinterpret_cast<const u8*>(&chosen), sizeof chosen});
      } while (find(this->local_) != nullptr);
    next_bound_ = first_bound;
    first_bound = this;
    bound_ = true;
    return {};
  }
  void unbind() override {
    if (!bound_) return;
    bound_ = false;
    for (loopback_endpoint** at = &first_bound; *at != nullptr; at = &(*at)->next_bound_)
      if (*at == this) {
        *at = next_bound_;
        break;
      }
    // Who waits to be accepted here waits in vain.
    while (loopback_endpoint* caller = callers_) {
      caller->leave_listener(errc::none);
      caller->tell_disconnected(errc::connrefused);
    }
  }

  // --- connections

  failure may_connect(std::span<const u8>, message<K>& request) override { return fits(request); }
  void connect(std::span<const u8> to, message_ptr<K> request) override {
    this->remote_.assign(to);
    loopback_endpoint* listener = find(this->remote_);
    if (listener == nullptr || listener == this || listener->waiting() >= listener->backlog() ||
        !listener->may_happen(tpi::event::conn_ind))
      return this->tell_disconnected(errc::connrefused);
    listener_ = listener;
    next_caller_ = listener->callers_;
    listener->callers_ = this;
    number_ = ++last_number;
    listener->tell_connection_wanted(this->local_.view(), number_, std::move(request));
  }
  bool is_waiting(u32 number) const override { return caller(number) != nullptr; }
  failure may_accept(u32, base&) override { return {}; }
  void accept(u32 number, base& by, message_ptr<K> response) override {
    loopback_endpoint* there = caller(number);
    auto& here = static_cast<loopback_endpoint&>(by);
    if (there == nullptr) return;
    there->forget_listener();
    if (here.local_.size == 0) here.local_ = this->local_; // it was not bound
    here.peer_ = there;
    there->peer_ = &here;
    here.remote_ = there->local_;
    there->tell_connected(this->local_.view(), std::move(response));
  }
  void reject(u32 number, message_ptr<K> request) override {
    loopback_endpoint* there = caller(number);
    if (there == nullptr) return;
    there->forget_listener();
    there->tell_disconnected(errc::connrefused, ~u32{0}, request.get());
  }
  void disconnect(message_ptr<K> request) override {
    leave_peer(errc::none, request.get());
    leave_listener(errc::none);
  }

  // --- data

  bool send(message_ptr<K>& m, bool expedited, bool more) override {
    if (peer_ == nullptr) return true;
    if (!has_room(*peer_, expedited ? u8{1} : u8{0})) return false;
    return peer_->tell_data(std::move(m), expedited, more) || (this->fail(errc::nosr), true);
  }
  bool release_orderly(message_ptr<K>&) override {
    if (peer_ == nullptr) return true;
    loopback_endpoint* there = peer_;
    if (!has_room(*there, 0)) return false;
    const bool was_released = this->now() == tpi::state::wreq_ordrel;
    if (was_released) this->remote_.size = there->remote_.size = 0;
    if (was_released) peer_ = there->peer_ = nullptr; // both are
    there->tell_released();
    return true;
  }
  bool send_datagram(std::span<const u8> to, message_ptr<K>& m, failure& why) override {
    loopback_endpoint* there = receiver(to);
    if (there == nullptr) {
      why = errc::connrefused;
      return true;
    }
    if (m->data().size() > this->information.tsdu) {
      why = errc::msgsize;
      return true;
    }
    if (!has_room(*there, 0)) return false;
    if (!there->tell_datagram(this->local_.view(), *m)) why = errc::nosr;
    return true;
  }
  /// Whoever had no room to send here tries again.
  void room_above() override {
    while (loopback_endpoint* s = senders_) {
      stop_waiting(*s);
      s->room_again();
    }
  }

private:
  static constinit inline loopback_endpoint* first_bound = nullptr;
  static constinit inline u32 last_address = 0, last_number = 0;

  loopback_endpoint* find(const tpi::transport_address& address) {
    for (loopback_endpoint* e = first_bound; e != nullptr; e = e->next_bound_)
      if (e != this && e->name() == this->name() && e->local_ == address) return e;
    return bound_ && this->local_ == address ? this : nullptr;
  }
  failure fits(message<K>& request) const {
    const usize size = request.has_data ? request.data().size() : 0;
    return size > this->information.connect_data ? failure{tli::baddata} : failure{};
  }
  loopback_endpoint* caller(u32 number) const {
    for (loopback_endpoint* c = callers_; c != nullptr; c = c->next_caller_)
      if (c->number_ == number) return c;
    return nullptr;
  }

  /// Whether there is room for this one's data; if not, it is called when there is.
  bool has_room(loopback_endpoint& there, u8 band) {
    if (there.reading.room_beyond(band)) return true;
    if (waits_for_ == &there) return false;
    if (waits_for_ != nullptr) waits_for_->stop_waiting(*this);
    waits_for_ = &there;
    next_sender_ = there.senders_;
    there.senders_ = this;
    return false;
  }
  void stop_waiting(loopback_endpoint& sender) {
    for (loopback_endpoint** at = &senders_; *at != nullptr; at = &(*at)->next_sender_)
      if (*at == &sender) {
        *at = sender.next_sender_;
        break;
      }
    sender.waits_for_ = nullptr;
  }
  /// What has been written arrives before the end does, whether there is room or not.
  void deliver_all() {
    while (message_ptr<K> m = this->writing.get()) {
      const tpi::primitive what = m->type == message_type::data ? tpi::primitive::t_data_req : tpi::type_of(*m);
      tpi::data_req says{};
      tpi::unitdata_req datagram{};
      std::span<const u8> to;
      if (what == tpi::primitive::t_unitdata_req && tpi::read(*m, datagram) &&
          tpi::bytes_at(*m, datagram.dest_offset, datagram.dest_length, to)) {
        if (loopback_endpoint* there = receiver(to); there != nullptr) (void)there->tell_datagram(this->local_.view(), *m);
      } else if (peer_ != nullptr && (what == tpi::primitive::t_data_req || what == tpi::primitive::t_exdata_req)) {
        if (m->type != message_type::data && !tpi::read(*m, says)) continue;
        (void)peer_->tell_data(std::move(m), what == tpi::primitive::t_exdata_req, (says.more_flag & 1) != 0);
      }
    }
  }
  loopback_endpoint* receiver(std::span<const u8> to) {
    tpi::transport_address address;
    address.assign(to);
    loopback_endpoint* there = to.empty() ? nullptr : find(address);
    return there != nullptr && there->now() == tpi::state::idle ? there : nullptr;
  }
  void leave_peer(errc why, message<K>* data = nullptr) {
    if (peer_ == nullptr) return;
    loopback_endpoint* there = peer_;
    peer_ = there->peer_ = nullptr;
    there->tell_disconnected(why, ~u32{0}, data);
  }
  void forget_listener() {
    for (loopback_endpoint** at = &listener_->callers_; *at != nullptr; at = &(*at)->next_caller_)
      if (*at == this) {
        *at = next_caller_;
        break;
      }
    listener_ = nullptr;
  }
  void leave_listener(errc why) {
    if (listener_ == nullptr) return;
    loopback_endpoint* there = listener_;
    forget_listener();
    there->tell_disconnected(why, number_);
  }

  bool bound_ = false;
  loopback_endpoint* next_bound_ = nullptr;
  loopback_endpoint* peer_ = nullptr;
  loopback_endpoint* listener_ = nullptr; ///< where this one waits to be accepted, under `number_`
  u32 number_ = 0;
  loopback_endpoint* callers_ = nullptr; ///< who waits here
  loopback_endpoint* next_caller_ = nullptr;
  loopback_endpoint* senders_ = nullptr; ///< who waits for room here
  loopback_endpoint* next_sender_ = nullptr;
  loopback_endpoint* waits_for_ = nullptr;
};

} // namespace polyabi::streams
