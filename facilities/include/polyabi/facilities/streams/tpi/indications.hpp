// What a transport provider tells its user: indications and confirmations, and the state that follows from them.
#pragma once

#include <polyabi/facilities/streams/stream.hpp>
#include <polyabi/facilities/streams/tpi/options.hpp>
#include <polyabi/facilities/streams/tpi/state_machine.hpp>

namespace polyabi::streams::tpi {

/// A transport address: bytes that only its provider understands.
inline constexpr usize address_limit = 128;
struct transport_address {
  u8 bytes[address_limit]{};
  u32 size = 0;
  std::span<const u8> view() const { return {bytes, size}; }
  void assign(std::span<const u8> from) {
    size = static_cast<u32>(from.size() < address_limit ? from.size() : address_limit);
    if (size != 0) __builtin_memcpy(bytes, from.data(), size);
  }
  bool operator==(const transport_address& other) const {
    return size == other.size && __builtin_memcmp(bytes, other.bytes, size) == 0;
  }
};

/// What T_INFO_ACK says of a transport.
struct transport_information {
  u32 tsdu = any_size, etsdu = any_size, connect_data = no_size, disconnect_data = no_size, address = address_limit,
      options = no_size, tidu = 16384, service = service_type::connection, provider = provider_flag::xpg4;
};

/// The side of an endpoint that is turned to its user.
template <class K>
class indications : public stream_module<K> {
public:
  indications(std::string_view name, const transport_information& about) : stream_module<K>{name}, information{about} {}

  state now() const { return now_; }
  const transport_address& local() const { return local_; }
  const transport_address& remote() const { return remote_; }
  u32 waiting() const { return waiting_; }
  u32 backlog() const { return backlog_; }

protected:
  ~indications() = default;

  void happen(event e) {
    if (const cell c = after(now_, e); c.allowed()) now_ = c.next();
  }
  bool may_happen(event e) const { return after(now_, e).allowed(); }
  void tell_connection_wanted(std::span<const u8> from, u32 number, message_ptr<K> request) {
    conn_ind says{
        static_cast<u32>(conn_ind::id), static_cast<u32>(from.size()), from.empty() ? 0 : u32{sizeof says}, 0, 0, number};
    message_ptr<K> m = make_with_data(message_type::proto, says, from, request.get());
    if (!m) return;
    happen(event::conn_ind);
    ++waiting_;
    this->send_up(std::move(m));
  }
  void tell_connected(std::span<const u8> to, message_ptr<K> response) {
    remote_.assign(to);
    conn_con says{static_cast<u32>(conn_con::id), static_cast<u32>(to.size()), to.empty() ? 0 : u32{sizeof says}, 0, 0};
    message_ptr<K> m = make_with_data(message_type::proto, says, to, response.get());
    if (!m) return fail(errc::nosr);
    happen(event::conn_con);
    this->send_up(std::move(m));
  }
  /// The connection has ended, or was not made: what has not been read or sent is lost. `number` is that of a waiting one, or
  /// -1.
  void tell_disconnected(errc reason, u32 number = ~u32{0}, message<K>* data = nullptr) {
    // What acknowledges the attempt to make a connection is not lost with it.
    if (number == ~u32{0} && now_ != state::wcon_creq && may_happen(event::discon_ind1)) flush_all();
    tell_ended(reason, number, data);
  }
  /// The same, behind what has arrived before.
  void tell_ended(errc reason, u32 number = ~u32{0}, message<K>* data = nullptr) {
    const event e = number == ~u32{0} ? event::discon_ind1 : waiting_ <= 1 ? event::discon_ind2 : event::discon_ind3;
    if (!may_happen(e)) return;
    discon_ind says{static_cast<u32>(discon_ind::id), static_cast<u32>(reason), number};
    message_ptr<K> m = make_with_data(message_type::proto, says, {}, data);
    if (!m) return fail(errc::nosr);
    m->error_word = offset_of<discon_ind, "discon_reason">;
    if (number == ~u32{0})
      remote_.size = 0;
    else
      --waiting_;
    happen(e);
    this->send_up(std::move(m));
  }
  /// Data from the other side, which becomes T_DATA_IND or T_EXDATA_IND.
  bool tell_data(message_ptr<K> m, bool expedited, bool more) {
    const data_ind says{static_cast<u32>(expedited ? exdata_ind::id : data_ind::id), more ? 1u : 0u};
    message_ptr<K> told = make_with_data(message_type::proto, says, {}, m.get());
    if (!told) return false;
    told->band = expedited ? 1 : 0;
    this->send_up(std::move(told));
    return true;
  }
  void tell_released() {
    const ordrel_ind says{static_cast<u32>(ordrel_ind::id)};
    message_ptr<K> m = make<K>(message_type::proto, says);
    if (!m) return fail(errc::nosr);
    happen(event::ordrel_ind);
    this->send_up(std::move(m));
  }
  bool tell_datagram(std::span<const u8> from, message<K>& data) {
    unitdata_ind says{static_cast<u32>(unitdata_ind::id), static_cast<u32>(from.size()), from.empty() ? 0 : u32{sizeof says}, 0,
                      0};
    message_ptr<K> m = make_with_data(message_type::proto, says, from, &data);
    if (!m) return false;
    this->send_up(std::move(m));
    return true;
  }
  void tell_datagram_failed(std::span<const u8> to, errc why) {
    uderror_ind says{static_cast<u32>(uderror_ind::id),
                     static_cast<u32>(to.size()),
                     to.empty() ? 0 : u32{sizeof says},
                     0,
                     0,
                     static_cast<u32>(why)};
    message_ptr<K> m = make<K>(message_type::proto, says, to);
    if (!m) return;
    m->error_word = offset_of<uderror_ind, "error_type">;
    happen(event::uderror_ind);
    this->send_up(std::move(m));
  }
  /// The endpoint is of no use any more (a protocol error): both sides of the stream fail.
  [[gnu::noinline]] void fail(errc e) {
    message_ptr<K> m = message<K>::make_bare(message_type::error);
    if (!m) return;
    m->read_error = m->write_error = e;
    this->send_up(std::move(m));
  }
  [[gnu::noinline]] void flush_all() {
    this->writing.flush_data();
    message_ptr<K> m = message<K>::make_bare(message_type::flush);
    if (!m) return;
    m->flush_flags = flush_option::both;
    this->send_up(std::move(m));
  }

  const transport_information information;
  transport_address local_, remote_;
  u32 backlog_ = 0; ///< how many connections may wait to be accepted
  u32 waiting_ = 0; ///< and how many do

private:
  /// A copy of the data of one message behind a new primitive.
  template <class Structure>
  static message_ptr<K> make_with_data(message_type type, const Structure& says, std::span<const u8> address,
                                       message<K>* data) {
    const bool has_data = data != nullptr && data->has_data;
    const usize size = has_data ? data->data().size() : 0;
    message_ptr<K> m = message<K>::make(type, sizeof says + address.size(), size, true, has_data);
    if (!m) return nullptr;
    __builtin_memcpy(m->control().data(), &says, sizeof says);
    if (!address.empty()) __builtin_memcpy(m->control().data() + sizeof says, address.data(), address.size());
    if (size != 0) __builtin_memcpy(m->data().data(), data->data().data(), size);
    return m;
  }

  state now_ = state::unbnd;
};

} // namespace polyabi::streams::tpi
