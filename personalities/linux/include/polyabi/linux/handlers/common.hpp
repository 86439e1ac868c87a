// What the handlers share.
#pragma once

#include <polyabi/core/arguments.hpp>
#include <polyabi/core/reply_with.hpp>
#include <polyabi/linux/call_arguments.hpp>
#include <polyabi/linux/errors.hpp>
#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/signals.hpp>

namespace polyabi::linux_abi::handlers {

/// A user address as the architecture's word holds it.
template <class Env>
constexpr u64 user_word(u64 value) {
  return Env::model::word_size == 4 ? static_cast<u32>(value) : value;
}

} // namespace polyabi::linux_abi::handlers
