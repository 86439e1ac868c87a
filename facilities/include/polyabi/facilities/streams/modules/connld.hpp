// connld: every open of the name that a pipe is attached to makes a pipe of its own.
#pragma once

#include <polyabi/facilities/streams/stream.hpp>

namespace polyabi::streams {

template <class K>
class connld final : public stream_module<K> {
public:
  connld() : stream_module<K>{"connld"sv} {}
  /// Only on a pipe, whose other end hears of the opens.
  errc opened() override {
    if (!this->head->is_pipe) return errc::inval;
    if (this->head->hung_up) return errc::nxio;
    this->head->takes_connections = true;
    return errc::none;
  }
  void closing() override {
    bool another = false;
    for (stream_module<K>* m = this->head->next_module(*this); m != this->head->driver; m = this->head->next_module(*m))
      another = another || m->name() == this->name();
    this->head->takes_connections = another;
  }
  void release() override { destroy<K>(this); }
};

} // namespace polyabi::streams
