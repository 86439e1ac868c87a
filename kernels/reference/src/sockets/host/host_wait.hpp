// Waiting for the host's sockets.
#pragma once

#include <sockets/host/host_socket.hpp>

namespace polyabi::reference {

/// Waits until the host is ready. Its poll may say that it is while its calls say that they would block (an error that waits in the
/// queue of errors): from the second time on, the wait lasts a moment at least.
class host_socket::wait {
public:
  wait(host_socket& of, bool nonblocking, u64 timeout) : of_{of}, how_{nonblocking, timeout} {}

  result<> until(u16 events) {
    if (how_.nonblocking()) return error::again;
    constexpr u64 moment = 5'000'000;
    waiter place;
    const bool ready = of_.readiness_.poll(events, &place) != 0;
    if (ready && !disappointed_) {
      disappointed_ = true;
      return {};
    }
    const u64 now = machine::monotonic_time();
    if (how_.until() != no_deadline && now >= how_.until()) return error::again;
    const u64 slice = ready ? now + moment : no_deadline;
    switch (sleep_until_woken(slice < how_.until() ? slice : how_.until())) {
    case wakeup::interrupted: return how_.interrupted();
    case wakeup::woken: disappointed_ = false; return {};
    default: return {};
    }
  }
  /// Something has come of it; or it has not, and the next wait is not to end at once.
  void satisfied() { disappointed_ = false; }
  void not_at_once() { disappointed_ = true; }
  bool nonblocking() const { return how_.nonblocking(); }

private:
  host_socket& of_;
  patience how_;
  bool disappointed_ = false;
};

} // namespace polyabi::reference
