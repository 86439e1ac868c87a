// A transport endpoint: the driver under a stream that speaks TPI. Here is what all providers have in common: requests, the
// state machine, the order of acknowledgements. What a transport does is in the classes derived from it.
#pragma once

#include <polyabi/facilities/streams/tpi/indications.hpp>
#include <polyabi/facilities/streams/tpi/options.hpp>

namespace polyabi::streams::tpi {

template <class K>
class endpoint : public indications<K> {
  using base = indications<K>;

public:
  using base::happen;
  using base::information;
  using base::may_happen;

  endpoint(std::string_view name, const transport_information& about) : base{name, about} {
    this->writing.has_service = this->reading.has_service = true;
    this->writing.max_packet = about.tidu;
    this->writing.set_marks(about.tidu * 4, about.tidu);
  }

  /// The endpoint under a stream; null if its driver is none.
  static endpoint* of(stream<K>* s) { return s != nullptr ? s->driver->as_transport() : nullptr; }
  endpoint* as_transport() override { return this; }

  void from_above(message_ptr<K> m) override {
    switch (m->type) {
    case message_type::flush: return this->flush_at_end(std::move(m));
    case message_type::ioctl: return this->refuse(std::move(m), errc::inval);
    case message_type::data:
    case message_type::proto:
    case message_type::pcproto: break;
    default: return;
    }
    // What carries data keeps its order.
    if (carries_data(*m) && !this->writing.empty()) return this->writing.put(std::move(m));
    request(std::move(m));
  }

  /// What waits to be sent, as far as there is room now.
  void service(queue<K>& q) override {
    if (&q == &this->reading) return room_above();
    for (blocked_ = false; !blocked_;) {
      message_ptr<K> m = this->writing.get();
      if (!m) return;
      request(std::move(m));
    }
  }

protected:
  ~endpoint() = default;

  // --- what a transport does

  /// Takes a local address: the wanted one, or one of its own choice if it is empty or, with `or_another`, taken. `backlog` is
  /// how many connections may wait to be accepted, and may be lowered. The address goes to `local_`.
  virtual failure bind(std::span<const u8> wanted, bool or_another, u32& backlog) = 0;
  virtual void unbind() = 0;
  /// Looks whether a connection can be asked for. `connect` comes when that has been acknowledged.
  virtual failure may_connect(std::span<const u8> /*to*/, message<K>& /*request*/) { return tli_error::notsupport; }
  virtual void connect(std::span<const u8> /*to*/, message_ptr<K> /*request*/) {}
  /// The connection that waits under this number is accepted by `by`, which may be this endpoint. `accept` comes when that has
  /// been acknowledged.
  virtual bool is_waiting(u32 /*number*/) const { return false; }
  virtual failure may_accept(u32 /*number*/, endpoint& /*by*/) { return tli_error::notsupport; }
  virtual void accept(u32 /*number*/, endpoint& /*by*/, message_ptr<K> /*response*/) {}
  virtual void reject(u32 /*number*/, message_ptr<K> /*request*/) {}
  /// Ends the connection, or the attempt to make one, without regard for data.
  virtual void disconnect(message_ptr<K> /*request*/) {}
  /// Sends data of a connection, or takes note that none will follow; answers false if there is no room now, and calls
  /// `room_again` when there is.
  virtual bool send(message_ptr<K>& /*data*/, bool /*expedited*/, bool /*more*/) { return true; }
  virtual bool release_orderly(message_ptr<K>& /*request*/) { return true; }
  /// Sends a datagram. A failure other than for want of room is told by T_UDERROR_IND.
  virtual bool send_datagram(std::span<const u8> /*to*/, message_ptr<K>& /*data*/, failure& /*why*/) { return true; }
  /// Whoever reads has room again.
  virtual void room_above() {}
  /// See options.hpp.
  virtual failure option(const option_request&) { return tli_error::badopt; }

  void room_again() { this->writing.enable(); }
  bool is_connectionless() const { return information.service == service_type::connectionless; }

private:
  bool carries_data(message<K>& m) const {
    if (m.type == message_type::data) return true;
    const primitive p = type_of(m);
    return p == primitive::t_data_req || p == primitive::t_exdata_req || p == primitive::t_ordrel_req ||
           p == primitive::t_unitdata_req;
  }

  void request(message_ptr<K> m) {
    if (m->type == message_type::data) return send_request(std::move(m), false, false);
    const primitive what = type_of(*m);
    switch (what) {
    case primitive::t_info_req: return acknowledge_information();
    case primitive::t_capability_req: return acknowledge_capabilities(std::move(m));
    case primitive::t_addr_req: return acknowledge_addresses();
    case primitive::o_t_bind_req:
    case primitive::t_bind_req: return bind_request(std::move(m), what);
    case primitive::t_unbind_req: return unbind_request();
    case primitive::t_svr4_optmgmt_req:
    case primitive::t_optmgmt_req: return option_requests(std::move(m), what);
    case primitive::t_conn_req: return connect_request(std::move(m));
    case primitive::o_t_conn_res:
    case primitive::t_conn_res: return accept_request(std::move(m), what);
    case primitive::t_discon_req: return disconnect_request(std::move(m));
    case primitive::t_data_req:
    case primitive::t_exdata_req: {
      data_req says{};
      if (!read(*m, says)) return this->fail(errc::proto);
      return send_request(std::move(m), what == primitive::t_exdata_req, (says.more_flag & 1) != 0);
    }
    case primitive::t_ordrel_req: return release_request(std::move(m));
    case primitive::t_unitdata_req: return datagram_request(std::move(m));
    default: return refuse_request(what, tli_error::notsupport);
    }
  }

  // --- acknowledgements

  void acknowledge_request(primitive what) {
    message_ptr<K> m = make<K>(message_type::pcproto, ok_ack{static_cast<u32>(ok_ack::id), static_cast<u32>(what)});
    if (!m) return this->fail(errc::nosr);
    this->send_up(std::move(m));
  }
  [[gnu::noinline]] void refuse_request(primitive what, failure why) {
    message_ptr<K> m = make<K>(message_type::pcproto, error_ack{static_cast<u32>(error_ack::id), static_cast<u32>(what),
                                                                static_cast<u32>(why.tli), static_cast<u32>(why.unix)});
    if (!m) return this->fail(errc::nosr);
    if (why.unix != errc::none) m->error_word = offset_of<error_ack, "unix_error">;
    happen(event::error_ack);
    this->send_up(std::move(m));
  }
  /// A request in the wrong state. True if it was.
  bool out_of_state(primitive what, event e) {
    if (may_happen(e)) return false;
    refuse_request(what, tli_error::outstate);
    return true;
  }

  info_ack information_now() const {
    return {static_cast<u32>(info_ack::id),
            information.tsdu,
            information.etsdu,
            information.connect_data,
            information.disconnect_data,
            information.address,
            information.options,
            information.tidu,
            information.service,
            static_cast<u32>(this->now()),
            information.provider};
  }
  void acknowledge_information() {
    if (message_ptr<K> m = make<K>(message_type::pcproto, information_now()))
      this->send_up(std::move(m));
    else
      this->fail(errc::nosr);
  }
  void acknowledge_capabilities(message_ptr<K> m) {
    capability_req wanted{};
    if (!read(*m, wanted)) return refuse_request(primitive::t_capability_req, errc::proto);
    capability_ack says{static_cast<u32>(capability_ack::id), 0, {}, 0};
    if ((wanted.cap_bits & capability::info) != 0) {
      says.cap_bits |= capability::info;
      says.info = information_now();
    }
    if ((wanted.cap_bits & capability::acceptor_id) != 0) {
      says.cap_bits |= capability::acceptor_id;
      says.acceptor_id = this->head->id;
    }
    // What was asked by an ordinary message is answered by one.
    if (message_ptr<K> answer = make<K>(m->type == message_type::proto ? message_type::proto : message_type::pcproto, says))
      this->send_up(std::move(answer));
    else
      this->fail(errc::nosr);
  }
  void acknowledge_addresses() {
    const bool connected = this->remote_.size != 0;
    addr_ack says{static_cast<u32>(addr_ack::id), this->local_.size, this->local_.size != 0 ? u32{sizeof says} : 0,
                  connected ? this->remote_.size : 0, connected ? u32{sizeof says} + this->local_.size : 0};
    if (message_ptr<K> m = make<K>(message_type::pcproto, says, this->local_.view(), this->remote_.view()))
      this->send_up(std::move(m));
    else
      this->fail(errc::nosr);
  }

  // --- local management

  void bind_request(message_ptr<K> m, primitive what) {
    if (out_of_state(what, event::bind_req)) return;
    happen(event::bind_req);
    bind_req says{};
    std::span<const u8> wanted;
    if (!read(*m, says) || !bytes_at(*m, says.addr_offset, says.addr_length, wanted))
      return refuse_request(what, tli_error::badaddr);
    if (wanted.size() > address_limit) return refuse_request(what, tli_error::badaddr);
    u32 backlog = is_connectionless() ? 0 : says.conind_number;
    if (const failure f = bind(wanted, what == primitive::o_t_bind_req, backlog); f.any()) return refuse_request(what, f);
    this->backlog_ = backlog;
    const bind_ack answer{static_cast<u32>(bind_ack::id), this->local_.size, u32{sizeof answer}, backlog};
    message_ptr<K> told = make<K>(message_type::pcproto, answer, this->local_.view());
    if (!told) return this->fail(errc::nosr);
    happen(event::bind_ack);
    this->send_up(std::move(told));
  }
  void unbind_request() {
    if (out_of_state(primitive::t_unbind_req, event::unbind_req)) return;
    happen(event::unbind_req);
    unbind();
    this->local_.size = 0;
    this->backlog_ = 0;
    this->flush_all();
    happen(event::ok_ack1);
    acknowledge_request(primitive::t_unbind_req);
  }
  void option_requests(message_ptr<K> m, primitive what) {
    if (out_of_state(what, event::optmgmt_req)) return;
    happen(event::optmgmt_req);
    optmgmt_req says{};
    std::span<const u8> given;
    if (!read(*m, says) || !bytes_at(*m, says.opt_offset, says.opt_length, given))
      return refuse_request(what, tli_error::badopt);
    option_answer answer;
    if (const failure f = manage_options(given, says.mgmt_flags, what == primitive::t_svr4_optmgmt_req, answer,
                                         [this](const option_request& r) { return option(r); });
        f.any())
      return refuse_request(what, f);
    const optmgmt_ack told{static_cast<u32>(optmgmt_ack::id), static_cast<u32>(answer.size),
                           answer.size != 0 ? u32{sizeof told} : 0, answer.flags};
    message_ptr<K> up = make<K>(message_type::pcproto, told, std::span<const u8>{answer.bytes, answer.size});
    if (!up) return this->fail(errc::nosr);
    happen(event::optmgmt_ack);
    this->send_up(std::move(up));
  }

  // --- connections

  void connect_request(message_ptr<K> m) {
    if (is_connectionless()) return refuse_request(primitive::t_conn_req, tli_error::notsupport);
    if (out_of_state(primitive::t_conn_req, event::conn_req)) return;
    happen(event::conn_req);
    conn_req says{};
    std::span<const u8> to, options;
    if (!read(*m, says) || !bytes_at(*m, says.dest_offset, says.dest_length, to) || to.empty() || to.size() > address_limit)
      return refuse_request(primitive::t_conn_req, tli_error::badaddr);
    if (!bytes_at(*m, says.opt_offset, says.opt_length, options))
      return refuse_request(primitive::t_conn_req, tli_error::badopt);
    failure f = may_connect(to, *m);
    if (!f.any()) f = set_options(options, [this](const option_request& r) { return option(r); });
    if (f.any()) return refuse_request(primitive::t_conn_req, f);
    happen(event::ok_ack1);
    acknowledge_request(primitive::t_conn_req);
    connect(to, std::move(m));
  }
  void accept_request(message_ptr<K> m, primitive what) {
    if (is_connectionless()) return refuse_request(what, tli_error::notsupport);
    if (out_of_state(what, event::conn_res)) return;
    happen(event::conn_res);
    conn_res says{};
    std::span<const u8> options;
    if (!read(*m, says)) return refuse_request(what, errc::proto);
    if (!bytes_at(*m, says.opt_offset, says.opt_length, options)) return refuse_request(what, tli_error::badopt);
    stream<K>* by_stream = stream<K>::find(says.acceptor_id);
    if (by_stream == nullptr) return refuse_request(what, tli_error::badf);
    endpoint* by = of(by_stream);
    if (by == nullptr || by->name() != this->name()) return refuse_request(what, tli_error::provmismatch);
    if (!is_waiting(says.seq_number)) return refuse_request(what, tli_error::badseq);
    const bool own = by == this;
    if (own ? this->waiting_ > 1 : by->waiting_ != 0) return refuse_request(what, own ? tli_error::indout : tli_error::resqlen);
    if (!own && by->backlog_ != 0) return refuse_request(what, tli_error::resqlen);
    if (!own && !by->may_happen(event::pass_conn)) return refuse_request(what, tli_error::outstate);
    if (const failure f = may_accept(says.seq_number, *by); f.any()) return refuse_request(what, f);
    const u32 were_waiting = this->waiting_--;
    happen(were_waiting > 1 ? event::ok_ack4 : own ? event::ok_ack2 : event::ok_ack3);
    if (!own) by->happen(event::pass_conn);
    acknowledge_request(what);
    accept(says.seq_number, *by, std::move(m));
  }
  void disconnect_request(message_ptr<K> m) {
    if (out_of_state(primitive::t_discon_req, event::discon_req)) return;
    happen(event::discon_req);
    discon_req says{};
    if (!read(*m, says)) return refuse_request(primitive::t_discon_req, errc::proto);
    if (this->now() != state::wack_dreq7) {
      disconnect(std::move(m));
      this->remote_.size = 0;
      this->flush_all();
      happen(event::ok_ack1);
    } else {
      if (!is_waiting(says.seq_number)) return refuse_request(primitive::t_discon_req, tli_error::badseq);
      reject(says.seq_number, std::move(m));
      happen(this->waiting_ > 1 ? event::ok_ack4 : event::ok_ack2);
      --this->waiting_;
    }
    acknowledge_request(primitive::t_discon_req);
  }

  // --- data. These have no acknowledgement: what is wrong with them ends the endpoint.

  void send_request(message_ptr<K> m, bool expedited, bool more) {
    const event e = expedited ? event::exdata_req : event::data_req;
    if (is_connectionless() || !may_happen(e)) return this->fail(errc::proto);
    if (this->now() == state::idle) return; // it crossed a disconnection
    if (send(m, expedited, more)) return;
    hold_back(std::move(m));
  }
  void release_request(message_ptr<K> m) {
    if (information.service != service_type::connection_orderly || !may_happen(event::ordrel_req))
      return this->fail(errc::proto);
    if (this->now() == state::idle) return;
    if (!release_orderly(m)) return hold_back(std::move(m));
    happen(event::ordrel_req);
  }
  void datagram_request(message_ptr<K> m) {
    if (!is_connectionless() || !may_happen(event::unitdata_req)) return this->fail(errc::proto);
    unitdata_req says{};
    std::span<const u8> to, options;
    if (!read(*m, says)) return this->fail(errc::proto);
    if (!bytes_at(*m, says.dest_offset, says.dest_length, to) || to.size() > address_limit)
      return this->tell_datagram_failed({}, errc::inval);
    if (!bytes_at(*m, says.opt_offset, says.opt_length, options)) return this->tell_datagram_failed(to, errc::proto);
    failure why;
    if (!send_datagram(to, m, why)) return hold_back(std::move(m));
    if (why.any()) this->tell_datagram_failed(to, why.unix != errc::none ? why.unix : errc::inval);
  }
  void hold_back(message_ptr<K> m) {
    blocked_ = true;
    this->writing.put_back(std::move(m));
  }

  bool blocked_ = false;
};

} // namespace polyabi::streams::tpi
