// Waiting for the host's sockets.
#pragma once

#include <sockets/host/host_socket.hpp>

namespace polyabi::reference {

/// An error as the machine answers it.
constexpr i64 minus(error e) {
  return -i64{static_cast<u16>(e)};
}

/// Waits until the host is ready. Its poll may say that it is while its calls say that they would block (an error that waits in the
/// queue of errors): from the second time on, the wait lasts a moment at least.
class host_socket::wait {
public:
  wait(host_socket& of, bool nonblocking, u64 timeout) : of_{of}, how_{nonblocking, timeout} {}

  result<> until(u16 events) {
    if (how_.nonblocking()) return error::again;
    if (how_.until() != no_deadline && machine::monotonic_time() >= how_.until()) return error::again;
    const bool ready = disappointed_ && of_.readiness_.poll(events, nullptr) != 0;
    disappointed_ = true;
    const wakeup why = ready ? for_a_moment() : of_.readiness_.sleep_for(events, how_.until());
    if (why == wakeup::interrupted) return how_.interrupted();
    return {};
  }
  /// Something has come of it; or it has not, and the next wait is not to end at once.
  void satisfied() { disappointed_ = false; }
  void not_at_once() { disappointed_ = true; }
  bool nonblocking() const { return how_.nonblocking(); }

private:
  wakeup for_a_moment() const {
    const u64 moment = machine::monotonic_time() + 5'000'000;
    return sleep_until_woken(moment < how_.until() ? moment : how_.until());
  }

  host_socket& of_;
  patience how_;
  bool disappointed_ = false;
};

} // namespace polyabi::reference
