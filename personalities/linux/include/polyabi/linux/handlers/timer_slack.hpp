// How late a thread's sleeps may end, so that several end at once (PR_SET_TIMERSLACK). It is kept, inherited and told; sleeps here end
// as early as the host lets them.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/handlers/kept_words.hpp>

namespace polyabi::linux_abi::handlers::timer_slack {

inline constexpr u64 usual = 50'000; ///< of the first thread, in nanoseconds

/// The caller's, or another thread's.
template <class K>
u64 of(typename K::thread& caller, i32 thread = 0) {
  u64 words[inherited_word::count]{};
  if constexpr (provides<K, op::get_inherited_words>())
    (void)polyabi::perform<K>(op::get_inherited_words{}, caller, thread, std::span<u64>{words});
  return words[inherited_word::slack] != 0 ? words[inherited_word::slack] : usual;
}

/// 0 is the thread's usual slack: what its maker's was when it made it.
template <class Env>
reply<Env, u64> set(context<Env>& c, u64 wanted) {
  using namespace inherited_word;
  using K = typename Env::kernel;
  if constexpr (provides<K, op::inherited_words>() && provides<K, op::gettid>()) {
    auto words = c.perform(op::inherited_words{});
    const auto own = c.perform(op::gettid{});
    if (!words || !own) return errc::inval;
    if (static_cast<i32>((*words)[security] >> slack_owner_shift) != *own) {
      (*words)[security] = ((*words)[security] & 0xffff'ffff) | u64{static_cast<u32>(*own)} << slack_owner_shift;
      (*words)[usual_slack] = (*words)[slack];
    }
    (*words)[slack] = wanted != 0 ? wanted : (*words)[usual_slack];
    return u64{0};
  } else {
    return wanted == 0 || wanted == usual ? reply<Env, u64>{u64{0}} : reply<Env, u64>{errc::inval};
  }
}

} // namespace polyabi::linux_abi::handlers::timer_slack
