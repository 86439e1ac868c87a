// A stream as an open file.
#pragma once

#include <polyabi/facilities/streams/receive.hpp>
#include <polyabi/facilities/streams/send.hpp>

namespace polyabi::streams {

template <class K>
class stream_file final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;
  explicit stream_file(stream_ref<K> of, u32 mode_bits) : custom_file<K>{&kind_mark}, of_{std::move(of)}, mode_{mode_bits} {}

  stream<K>& of() const { return *of_; }

  answer<K, i64> read(typename K::thread& caller, user_vector into, u32 status_flags) override {
    auto r = streams::read(caller, *of_, into, is_nonblocking(status_flags));
    if (!r) return kernel_error<K>(r.error());
    return *r;
  }
  answer<K, i64> write(typename K::thread& caller, user_vector from, u32 status_flags) override {
    auto r = streams::write(caller, *of_, from, is_nonblocking(status_flags));
    if (!r) return kernel_error<K>(r.error());
    return *r;
  }

  u16 poll(u16 events, typename K::watch* places) override {
    of_->look();
    const u32 ready = ready_now() & (events | native_number<K, poll_event::err> | native_number<K, poll_event::hup>);
    if (places != nullptr) {
      of_->readable.enter(places[0]);
      of_->writable.enter(places[1]);
    }
    return static_cast<u16>(ready);
  }

  void closed() override {
    destroy<K>(this);
    queue<K>::run_services();
  }
  usize describe(char* to, usize room) const override {
    constexpr std::string_view text = "stream:";
    const usize size = text.size() < room ? text.size() : room;
    __builtin_memcpy(to, text.data(), size);
    return size;
  }
  u32 mode() const override { return mode_; }
  i64 size() const override { return of_->reading.bytes(); }
  answer<K, i32> bytes_readable() override {
    i32 sum = 0;
    for (message<K>* m = of_->reading.first(); m != nullptr; m = of_->reading.after(*m))
      sum += static_cast<i32>(m->data().size());
    return sum;
  }

  answer<K, typename K::file_ref> reopened(typename K::thread& caller, u32 status_flags) override; // open.hpp

  static bool is_nonblocking(u32 status_flags) { return (status_flags & native_number<K, open_flag::nonblock>) != 0; }

private:
  /// poll(2) looks at the first message: its priority is the event.
  u32 ready_now() const {
    u32 ready = 0;
    stream<K>& s = *of_;
    if (s.read_error != errc::none || s.write_error != errc::none) ready |= native_number<K, poll_event::err>;
    if (const message<K>* m = s.reading.first(); m != nullptr) {
      if (has_high_priority(m->type))
        ready |= native_number<K, poll_event::pri>;
      else if (m->band != 0)
        ready |= native_number<K, poll_event::in> | native_number<K, poll_event::rdband>;
      else
        ready |= native_number<K, poll_event::in> | native_number<K, poll_event::rdnorm>;
    }
    if (s.hung_up) return ready | native_number<K, poll_event::hup>; // no room for ever
    if (s.writing.room_beyond(0)) ready |= native_number<K, poll_event::out> | native_number<K, poll_event::wrnorm>;
    if (queue<K>* to = s.writing.destination(); to != nullptr && to->has_room_in_bands())
      ready |= native_number<K, poll_event::wrband>;
    return ready;
  }

  stream_ref<K> of_;
  u32 mode_;
};

/// The stream behind a descriptor's file, or null.
template <class K>
stream<K>* stream_of(typename K::file& opened) {
  auto* file = custom_file_of<stream_file<K>>(opened);
  return file != nullptr ? &file->of() : nullptr;
}

} // namespace polyabi::streams
