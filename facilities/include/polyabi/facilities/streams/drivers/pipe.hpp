// Stream pipes: two streams, each of which ends where the other one does.
#pragma once

#include <polyabi/facilities/streams/file.hpp>

namespace polyabi::streams {

/// How much a pipe holds in each direction before writers wait, when they go on, and the largest message. A write of up to
/// PIPE_BUF (5120) is one message.
inline constexpr u32 pipe_high = 65536, pipe_low = 16384, pipe_packet = 16384;

/// The lower end of one of the two. What comes down here goes up there.
template <class K>
class pipe_end final : public stream_module<K> {
  using base = stream_module<K>;

public:
  explicit pipe_end(message_ptr<K> farewell) : base{"pipe"sv}, farewell_{std::move(farewell)} {
    this->writing.max_packet = pipe_packet;
  }

  /// Two ends that lead to each other.
  static void join(pipe_end& a, pipe_end& b) {
    a.peer_ = &b;
    b.peer_ = &a;
    a.writing.next = &b.reading;
    b.reading.previous = &a.writing;
    b.writing.next = &a.reading;
    a.reading.previous = &b.writing;
  }
  /// The stream at the other end; null if it is gone.
  stream<K>* other_stream() { return peer_ != nullptr ? peer_->head : nullptr; }

  void from_above(message_ptr<K> m) override {
    switch (m->type) {
    case message_type::ioctl: return this->refuse(std::move(m), errc::inval);
    case message_type::flush: {
      // What is written here is read there.
      const u32 was = m->flush_flags;
      m->flush_flags = (was & flush_option::band) | ((was & flush_option::read) != 0 ? flush_option::write : 0) |
                       ((was & flush_option::write) != 0 ? flush_option::read : 0);
      break;
    }
    case message_type::iocack:
    case message_type::iocnak: return; // never of the other side
    default: break;
    }
    this->send_down(std::move(m));
  }

  /// The other end is hung up. What is on its way there has arrived already.
  void closing() override {
    if (peer_ == nullptr) return;
    pipe_end& other = *peer_;
    peer_ = other.peer_ = nullptr;
    this->writing.next = this->reading.previous = nullptr;
    other.writing.next = other.reading.previous = nullptr;
    other.from_below(std::move(farewell_));
  }
  void release() override { destroy<K>(this); }

private:
  pipe_end* peer_ = nullptr;
  message_ptr<K> farewell_;
};

/// Two new streams that lead to each other. Inside the section.
template <class K>
struct stream_pair {
  stream_ref<K> first, second;
};
template <class K>
outcome<K, stream_pair<K>> make_stream_pipe() {
  message_ptr<K> farewells[2] = {message<K>::make_bare(message_type::hangup), message<K>::make_bare(message_type::hangup)};
  if (!farewells[0] || !farewells[1]) return errc::nosr;
  pipe_end<K>* ends[2] = {create<K, pipe_end<K>>(std::move(farewells[0])), create<K, pipe_end<K>>(std::move(farewells[1]))};
  stream_ref<K> made[2];
  for (usize i = 0; i < 2; ++i) {
    if (ends[i] == nullptr) continue;
    if (stream<K>* s = stream<K>::make(*ends[i])) {
      made[i] = stream_ref<K>{s};
      s->is_pipe = true;
      s->write_options = write_option::send_pipe;
      s->reading.set_marks(pipe_high, pipe_low);
    }
  }
  if (!made[0] || !made[1]) return errc::nosr;
  pipe_end<K>::join(*ends[0], *ends[1]);
  return stream_pair<K>{std::move(made[0]), std::move(made[1])};
}

/// The other stream of a pipe; null if it is none, or it has been closed.
template <class K>
stream<K>* other_end(stream<K>& s) {
  return s.is_pipe ? static_cast<pipe_end<K>*>(s.driver)->other_stream() : nullptr;
}

/// An open file of a stream. Inside the section.
template <class K>
answer<K, typename K::file_ref> make_stream_file(stream_ref<K> s, u32 status_flags) {
  const auto type = static_cast<u32>(s->is_pipe ? native_number<K, file_type::fifo> : native_number<K, file_type::chr>);
  auto* file = create<K, stream_file<K>>(std::move(s), type << 12 | 0666u);
  if (file == nullptr) return error_of<K, errc::nosr>;
  return K::make_file(*file, status_flags);
}

} // namespace polyabi::streams
