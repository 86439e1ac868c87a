// How calls wait at a stream head: for a message, for room, for their turn.
#pragma once

#include <polyabi/facilities/streams/stream.hpp>

namespace polyabi::streams {

/// Leaves the section for a scope, to copy. Services run before.
template <class K>
struct outside {
  struct services_first {
    services_first() { queue<K>::run_services(); }
  } first;
  typename K::outside_section left{};
};

/// Sleeps inside the section until somebody wakes the queue. Services run before.
template <class K>
wakeup sleep(typename K::thread& caller, typename K::wait_queue& on, u64 until = no_deadline) {
  queue<K>::run_services();
  return K::sleep(caller, on, until);
}

/// The right to copy the message that a stream has first: one thread at a time has it, without the section.
template <class K>
class reading_turn {
public:
  explicit reading_turn(stream<K>& of) : of_{of} { of_.being_read = true; }
  ~reading_turn() {
    of_.being_read = false;
    of_.turn_given_back.wake_all();
    of_.readable.wake_all();
  }
  reading_turn(const reading_turn&) = delete;
  reading_turn& operator=(const reading_turn&) = delete;

private:
  stream<K>& of_;
};

/// Waits until the first message is one that `wanted` accepts and nobody else is copying; answers it, where it stands. Null:
/// the stream was hung up and there is nothing to be read any more. EAGAIN if that would take time and `nonblocking`.
template <class K, class Wanted>
outcome<K, message<K>*> await_message(typename K::thread& caller, stream<K>& s, bool nonblocking, Wanted wanted) {
  for (;;) {
    s.look();
    if (const errc e = s.take_read_error(); e != errc::none) return e;
    if (!s.being_read) {
      message<K>* first = s.reading.first();
      if (first != nullptr && wanted(*first)) return first;
      if (first == nullptr && s.hung_up) return static_cast<message<K>*>(nullptr);
      if (nonblocking) return errc::again;
      if (sleep<K>(caller, s.readable) == wakeup::interrupted) return K::restart_call;
    } else if (sleep<K>(caller, s.turn_given_back) == wakeup::interrupted) {
      return K::restart_call;
    }
  }
}

/// Whether somebody may write at all: errors, a hang-up. `broken_pipe` says that SIGPIPE is due: outside the section.
template <class K>
errc may_write(stream<K>& s, bool& broken_pipe) {
  errc e = s.take_write_error();
  if (e == errc::none && s.hung_up) e = errc::nxio;
  if (e != errc::none && (s.write_options & write_option::send_pipe) != 0) {
    broken_pipe = true;
    e = errc::pipe;
  }
  return e;
}

/// Waits until there is room for a message of a band.
template <class K>
outcome<K> await_room(typename K::thread& caller, stream<K>& s, u8 band, bool nonblocking, bool& broken_pipe) {
  for (;;) {
    s.look();
    if (const errc e = may_write(s, broken_pipe); e != errc::none) return e;
    if (s.writing.room_beyond(band)) return {};
    if (nonblocking) return errc::again;
    if (sleep<K>(caller, s.writable) == wakeup::interrupted) return K::restart_call;
  }
}

/// Sends SIGPIPE if a write found its stream broken. Outside the section.
template <class K>
void signal_broken_pipe(typename K::thread& caller) {
  const typename K::section inside;
  native<K, shape::siginfo> info{};
  info.signo = native_number<K, polyabi::signal::pipe>;
  info.code = native_number<K, signal_code::kernel>;
  K::signal_caller(caller, info);
}

} // namespace polyabi::streams
