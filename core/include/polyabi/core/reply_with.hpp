// A kernel operation's answer as a handler's.
#pragma once

#include <polyabi/core/dispatch.hpp>

namespace polyabi {

template <class Env, class T, class E>
reply<Env, T> reply_with(basic_result<T, E>&& answered) {
  if (!answered) return answered.error();
  if constexpr (std::is_void_v<T>)
    return done{};
  else
    return reply<Env, T>{static_cast<T&&>(*answered)};
}

} // namespace polyabi
