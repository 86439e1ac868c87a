// Waiting until a host descriptor can be read or written: the thread sleeps there itself, or the machine watches and interrupts the
// kernel.
#pragma once

#include <polyabi/reference/structs.hpp>
#include <polyabi/reference/wait_queue.hpp>

namespace polyabi::reference {

/// A way to wait in the host. It comes back when the host has an answer, or when the word is not what was seen any more; whoever changes
/// that interrupts the thread.
using host_wait = void (*)(void* how, u32* word, u32 seen);

/// The readiness of one host descriptor, which outlives this object. Make one only for descriptors that can block.
class host_readiness {
public:
  /// Bits of `machine::host::readiness`.
  static constexpr u32 readable = 1, writable = 2, failed = 4, hung_up = 8, urgent = 16, peer_closed = 32;

  explicit host_readiness(i32 descriptor);
  ~host_readiness();
  host_readiness(const host_readiness&) = delete;
  host_readiness& operator=(const host_readiness&) = delete;

  /// What holds now.
  u32 now() const;
  /// What holds now, translated to native poll bits of `events`. The waiter, if any, enters the queue, and the descriptor is
  /// watched.
  u16 poll(u16 events, waiter* place);
  /// Data was moved, or found to be impossible to move: what was told before is told again when the host does.
  void used() { told_writable_ = false; }
  /// Sleeps in the host until one of the bits, an error or a hang-up holds, or may hold. `woken` if so.
  wakeup sleep(u32 bits, u64 deadline);
  /// The same by a call of the host's that waits and does more: `waits(u32* word, u32 seen)`. It is not made if there is no time for it.
  template <class Waits>
  wakeup sleep_in(Waits waits, u64 deadline) {
    return sleep_by([](void* how, u32* word, u32 seen) { (*static_cast<Waits*>(how))(word, seen); }, &waits, deadline);
  }
  /// The same until one does hold. EAGAIN at once if it must not block, restart_call if interrupted.
  result<> wait(u32 bits, bool nonblocking);

  /// As `sleep`, with native poll bits.
  wakeup sleep_for(u16 events, u64 deadline);

  /// `interrupt::host_ready`: wakes the waiters of the descriptor with this cookie, if it still exists.
  static void ready(u64 cookie, u32 bits);
  /// The same for all that the host knows by now. Costs a call of the host's if any watch stays.
  static void settle();

private:
  wakeup sleep_by(host_wait, void* how, u64 deadline);
  void watch(u32 bits);
  void watch_every_time();

  list_link in_table_;
  wait_queue waiting_;
  i32 descriptor_;
  u32 watched_ = 0;
  bool every_time_ = false; ///< the host tells of all changes, for watches that stay
  bool told_writable_ = false; ///< room to write, and nothing else, was told when the watch began: the host tells of that once more
  u64 cookie_;
  struct table;
  friend struct table;
};

} // namespace polyabi::reference
