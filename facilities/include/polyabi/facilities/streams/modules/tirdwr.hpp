// tirdwr: read(2) and write(2) on a transport connection, without protocol messages (tirdwr(7M)).
#pragma once

#include <polyabi/facilities/streams/stream.hpp>
#include <polyabi/facilities/streams/tpi/primitives.hpp>

namespace polyabi::streams {

template <class K>
class tirdwr final : public stream_module<K> {
public:
  tirdwr() : stream_module<K>{"tirdwr"sv} {}
  void release() override { destroy<K>(this); }

  /// What waits to be read has to be data; its control parts go.
  errc opened() override {
    queue<K>& waiting = this->head->reading;
    for (message<K>* m = waiting.first(); m != nullptr; m = waiting.after(*m))
      if (m->type != message_type::data && !(m->is_protocol() && tpi::type_of(*m) == tpi::primitive::t_data_ind))
        return errc::proto;
    for (message<K>* m = waiting.first(); m != nullptr; m = waiting.after(*m)) {
      const usize gone = m->control().size();
      if (m->is_protocol()) m->become_data();
      waiting.shrunk(*m, gone);
    }
    return errc::none;
  }

  /// The connection ends with the module: in order if the other side has ended it so.
  void closing() override {
    if (disconnected_) return;
    message_ptr<K> last =
        released_ ? tpi::make<K>(message_type::proto, tpi::ordrel_req{static_cast<u32>(tpi::ordrel_req::id)})
                  : tpi::make<K>(message_type::proto, tpi::discon_req{static_cast<u32>(tpi::discon_req::id), ~u32{0}});
    leaving_ = true;
    if (last) this->send_down(std::move(last));
  }

  void from_above(message_ptr<K> m) override {
    switch (m->type) {
    case message_type::data:
      if (m->data().empty()) return; // no empty message passes
      return this->send_down(std::move(m));
    case message_type::proto:
    case message_type::pcproto: return fail();
    default: return this->send_down(std::move(m));
    }
  }

  void from_below(message_ptr<K> m) override {
    if (!m->is_protocol()) return this->send_up(std::move(m));
    switch (tpi::type_of(*m)) {
    case tpi::primitive::t_data_ind:
      if (m->data().empty()) return;
      m->become_data();
      return this->send_up(std::move(m));
    case tpi::primitive::t_ordrel_ind: {
      // An empty message: a reader sees the end.
      released_ = true;
      if (message_ptr<K> end = message<K>::make_data(0)) this->send_up(std::move(end));
      return;
    }
    case tpi::primitive::t_discon_ind: {
      disconnected_ = true;
      if (message_ptr<K> end = message<K>::make_bare(message_type::hangup)) this->send_up(std::move(end));
      return;
    }
    case tpi::primitive::t_ok_ack:
    case tpi::primitive::t_error_ack:
      if (leaving_) return;
      [[fallthrough]];
    default: return fail();
    }
  }

private:
  void fail() {
    message_ptr<K> m = message<K>::make_bare(message_type::error);
    if (!m) return;
    m->read_error = m->write_error = errc::proto;
    this->send_up(std::move(m));
  }
  bool released_ = false, disconnected_ = false, leaving_ = false;
};

} // namespace polyabi::streams
