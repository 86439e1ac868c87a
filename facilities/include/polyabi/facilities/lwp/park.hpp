// Parking: a thread waits until another one calls it. A call that comes first is kept for the next park.
#pragma once

#include <polyabi/facilities/lwp/parking.hpp>

namespace polyabi::lwp {

/// A call that nobody waited for yet.
template <class K>
class early_call {
public:
  static bool take(typename K::signal_target process, i32 thread) {
    for (early_call** at = &first; *at != nullptr; at = &(*at)->next_)
      if ((*at)->process_ == process && (*at)->thread_ == thread) {
        remove(at);
        return true;
      }
    return false;
  }
  /// Once for each thread. Those of processes that have ended go.
  static errc keep(typename K::signal_target process, i32 thread) {
    for (early_call** at = &first; *at != nullptr;) {
      if ((*at)->process_ == process && (*at)->thread_ == thread) return errc::none;
      if (!K::signal((*at)->process_, native<K, shape::siginfo>{})) remove(at);
      else at = &(*at)->next_;
    }
    auto* made = create<K, early_call>(process, thread, first);
    if (made == nullptr) return errc::nomem;
    first = made;
    return errc::none;
  }
  early_call(typename K::signal_target process, i32 thread, early_call* next)
      : process_{process}, thread_{thread}, next_{next} {}

private:
  static void remove(early_call** at) {
    early_call* gone = *at;
    *at = gone->next_;
    destroy<K>(gone);
  }
  static constinit inline early_call* first = nullptr;
  typename K::signal_target process_;
  i32 thread_;
  early_call* next_;
};

/// Threads have no address in user memory: their keys lie above it.
inline constexpr u64 thread_keys = u64{1} << 63;

template <class K>
parking_key key_of_thread(typename K::thread& caller, i32 thread) {
  return {K::signal_target_of(caller).id, thread_keys | static_cast<u32>(thread)};
}

/// The calling thread, whose number is `own`, waits to be called. ETIME, EINTR.
template <class K>
basic_result<void, either_error<K>> park(typename K::thread& caller, i32 own, u64 until) {
  const typename K::section inside;
  if (early_call<K>::take(K::signal_target_of(caller), own)) return {};
  parking_place<K> place{key_of_thread<K>(caller, own)};
  switch (place.wait(caller, until)) {
  case wakeup::interrupted: return errc::intr;
  case wakeup::timed_out: return errc::time;
  default: return {};
  }
}
template <class K>
basic_result<void, either_error<K>> unpark(typename K::thread& caller, i32 thread) {
  const typename K::section inside;
  if (parking_place<K>::call(key_of_thread<K>(caller, thread), 1) != 0) return {};
  if (errc e = early_call<K>::keep(K::signal_target_of(caller), thread); e != errc::none) return e;
  return {};
}
/// Takes back a call that came early.
template <class K>
void cancel_unpark(typename K::thread& caller, i32 thread) {
  const typename K::section inside;
  (void)early_call<K>::take(K::signal_target_of(caller), thread);
}

} // namespace polyabi::lwp
