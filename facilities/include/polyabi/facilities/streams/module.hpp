// Modules: what messages pass on their way between the stream head and the driver. The head and the driver are modules, too.
#pragma once

#include <polyabi/facilities/streams/queue.hpp>

namespace polyabi::streams {

template <class K>
class stream;
namespace tpi {
template <class K>
class endpoint;
}

/// A module, with one queue in each direction. What it does not override passes messages on. All of it runs inside the section,
/// and none of it sleeps.
template <class K>
class stream_module {
public:
  explicit stream_module(std::string_view name) : name_{name} {}
  stream_module(const stream_module&) = delete;
  stream_module& operator=(const stream_module&) = delete;

  std::string_view name() const { return name_; }
  queue<K> reading{*this, true}, writing{*this, false};
  stream<K>* head = nullptr; ///< of the stream that it is in

  /// A message arrives from below, on its way to the head.
  virtual void from_below(message_ptr<K> m) { send_up(std::move(m)); }
  /// A message arrives from above, on its way to the driver.
  virtual void from_above(message_ptr<K> m) { send_down(std::move(m)); }
  /// A queue of this module wants to be looked at: it got a message, or there is room again beyond it.
  virtual void service(queue<K>&) {}
  /// The module has been put into its stream. An error takes it out again.
  virtual errc opened() { return errc::none; }
  /// It is about to leave the stream, which is still whole.
  virtual void closing() {}
  /// Frees itself.
  virtual void release() = 0;
  /// Takes what has arrived outside of streams, if this is a driver that has such an outside: a call is about to look at the head.
  virtual void look() {}
  /// The transport endpoint that this module is, if it is one.
  virtual tpi::endpoint<K>* as_transport() { return nullptr; }

  /// Hands a message to whom this module's queue leads to. Without anybody there it is dropped.
  void send_up(message_ptr<K> m) { pass(reading, std::move(m)); }
  void send_down(message_ptr<K> m) { pass(writing, std::move(m)); }
  /// Sends a message back the way it came.
  void answer(queue<K>& came_through, message_ptr<K> m) {
    if (came_through.upward)
      send_down(std::move(m));
    else
      send_up(std::move(m));
  }

  /// Puts this module under `above`.
  void link_below(stream_module& above) {
    reading.next = &above.reading;
    writing.previous = &above.writing;
    reading.previous = above.reading.previous;
    writing.next = above.writing.next;
    if (reading.previous != nullptr) reading.previous->next = &reading;
    if (writing.next != nullptr) writing.next->previous = &writing;
    above.reading.previous = &reading;
    above.writing.next = &writing;
    head = above.head;
  }
  /// Takes it out again: what waits in its queues is lost.
  void unlink() {
    if (reading.next != nullptr) reading.next->previous = reading.previous;
    if (reading.previous != nullptr) reading.previous->next = reading.next;
    if (writing.next != nullptr) writing.next->previous = writing.previous;
    if (writing.previous != nullptr) writing.previous->next = writing.next;
    reading.next = reading.previous = writing.next = writing.previous = nullptr;
  }

protected:
  ~stream_module() = default; // `release` knows the whole type

  /// M_FLUSH as every module does it: empties its queues and passes the message on.
  void flush_queues(const message<K>& m) {
    const auto flush = [&](queue<K>& q) {
      if ((m.flush_flags & flush_option::band) != 0)
        q.flush_band(m.band);
      else
        q.flush_data();
    };
    if ((m.flush_flags & flush_option::read) != 0) flush(reading);
    if ((m.flush_flags & flush_option::write) != 0) flush(writing);
  }
  /// As a driver does it: what is to be flushed above goes back up.
  void flush_at_end(message_ptr<K> m) {
    flush_queues(*m);
    m->flush_flags &= ~flush_option::write;
    if ((m->flush_flags & flush_option::read) != 0) send_up(std::move(m));
  }
  /// Answers an M_IOCTL, with whatever data is in it.
  void acknowledge(message_ptr<K> m, i32 value = 0) {
    m->type = message_type::iocack;
    m->ioctl.error = errc::none;
    m->ioctl.value = value;
    send_up(std::move(m));
  }
  void refuse(message_ptr<K> m, errc error) {
    m->type = message_type::iocnak;
    m->ioctl.error = error;
    m->drop_data();
    send_up(std::move(m));
  }

private:
  [[gnu::noinline]] static void pass(queue<K>& from, message_ptr<K> m) {
    if (from.next == nullptr) return;
    stream_module& to = from.next->owner;
    if (from.next->upward)
      to.from_below(std::move(m));
    else
      to.from_above(std::move(m));
  }

  std::string_view name_;
};

} // namespace polyabi::streams
