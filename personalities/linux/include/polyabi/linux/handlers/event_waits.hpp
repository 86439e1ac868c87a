// Until when, and under which signal mask, a call waits that the library builds itself.
#pragma once

#include <polyabi/core/services.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/signals.hpp>

namespace polyabi::linux_abi::handlers::detail {

using needed_by_event_waits =
    operation_list<service::custom_files, service::readiness, service::timers, service::call_masks>;

/// The monotonic time so many nanoseconds from now; far is not for ever.
template <class K>
u64 deadline_after(u64 nanoseconds) {
  const u64 now = K::monotonic_time();
  return nanoseconds < no_deadline - 1 - now ? now + nanoseconds : no_deadline - 1;
}

/// 0 is now, less is never.
template <class K>
u64 deadline_in(i32 milliseconds) {
  if (milliseconds < 0) return no_deadline;
  return milliseconds == 0 ? 0 : deadline_after<K>(static_cast<u64>(milliseconds) * 1'000'000);
}

/// A valid interval.
template <class K>
u64 deadline_in(const native<K, shape::timespec>& interval) {
  constexpr u64 second = 1'000'000'000;
  const u64 seconds = static_cast<u64>(interval.sec), rest = static_cast<u64>(interval.nsec);
  if (seconds == 0 && rest == 0) return 0;
  return seconds < no_deadline / second - 1 ? deadline_after<K>(seconds * second + rest) : no_deadline - 1;
}

/// Runs `wait` under a mask, if there is one: in place of the thread's own until the wait ends. If a signal ends it, the signal is
/// handled under the mask of the wait.
template <class Env, class Wait>
reply<Env, i64> wait_under_mask(context<Env>& c, user_ptr<sigset<typename Env::model>> mask, u64 mask_size, Wait wait) {
  using K = typename Env::kernel;
  if (!mask) return wait();
  if (mask_size != 8) return errc::inval;
  native<K, shape::sigset> during{};
  if (errc e = c.read_native(mask, during); e != errc::none) return e;
  {
    const typename K::section inside;
    K::set_mask_for_call(c.thread, during);
  }
  auto answered = wait();
  if (!answered && answered.error() == either_error<K>{error_of<K, errc::intr>}) return answered;
  const typename K::section inside;
  K::end_mask_for_call(c.thread);
  return answered;
}

} // namespace polyabi::linux_abi::handlers::detail
