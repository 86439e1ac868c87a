// What handlers do with a kernel operation's answer.
#pragma once

#include <polyabi/core/dispatch.hpp>

namespace polyabi {

/// As a handler's own.
template <class Env, class T, class E>
reply<Env, T> reply_with(basic_result<T, E>&& answered) {
  if (!answered) return answered.error();
  if constexpr (std::is_void_v<T>)
    return done{};
  else
    return reply<Env, T>{static_cast<T&&>(*answered)};
}

/// Whether an answer failed with this name.
template <class K, class Answer>
constexpr bool failed_with(const Answer& answered, errc name) {
  return !answered && static_cast<i32>(answered.error()) == detail::number_of<kernel_map<K, errc>>(name);
}

} // namespace polyabi
