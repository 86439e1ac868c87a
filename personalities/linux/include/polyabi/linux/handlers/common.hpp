// What the handlers share.
#pragma once

#include <polyabi/core/arguments.hpp>
#include <polyabi/core/reply_with.hpp>
#include <polyabi/linux/call_arguments.hpp>
#include <polyabi/linux/errors.hpp>
#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/signals.hpp>

namespace polyabi::linux_abi::handlers {

/// Whether an answer failed with this name.
template <class K, class Answer>
constexpr bool failed_with(const Answer& answered, errc name) {
  return !answered && static_cast<i32>(answered.error()) == polyabi::detail::number_of<kernel_map<K, errc>>(name);
}

/// A user address as the architecture's word holds it.
template <class Env>
constexpr u64 user_word(u64 value) {
  return Env::model::word_size == 4 ? static_cast<u32>(value) : value;
}

} // namespace polyabi::linux_abi::handlers
