// pckt: the master of a pseudo-terminal sees what kind each message was. Every one has a control part of one byte, its type,
// and what it carried as data (pckt(7M)).
#pragma once

#include <polyabi/facilities/streams/module.hpp>

namespace polyabi::streams {

template <class K>
class packet_module final : public stream_module<K> {
public:
  packet_module() : stream_module<K>{"pckt"sv} {}

  void from_below(message_ptr<K> m) override {
    switch (m->type) {
    case message_type::data:
    case message_type::proto:
    case message_type::pcproto:
    case message_type::start:
    case message_type::stop:
    case message_type::flush: break;
    default: return this->send_up(std::move(m));
    }
    const auto carried = m->size();
    const bool is_flush = m->type == message_type::flush;
    message_ptr<K> packet = message<K>::make(message_type::proto, 1, is_flush ? 1 : carried, true, true);
    if (!packet) return; // as a line drops what it has no room for
    packet->band = m->band;
    packet->control()[0] = static_cast<u8>(m->type);
    if (is_flush) {
      packet->data()[0] = static_cast<u8>(m->flush_flags);
      // The head empties its queue before it hears of that.
      m->flush_flags &= ~flush_option::write;
      this->send_up(std::move(m));
    } else if (carried != 0) {
      const auto control = m->control(), data = m->data();
      if (!control.empty()) __builtin_memcpy(packet->data().data(), control.data(), control.size());
      if (!data.empty()) __builtin_memcpy(packet->data().data() + control.size(), data.data(), data.size());
    }
    this->send_up(std::move(packet));
  }
  void release() override { destroy<K>(this); }
};

} // namespace polyabi::streams
