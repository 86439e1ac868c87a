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

/// Where the addresses of any program end: TASK_SIZE_MAX (arch/x86/include/asm/page_64_types.h).
inline constexpr u64 every_users_end = 0x7fff'ffff'f000;
/// Where those of one of this architecture do: of 32-bit ones at IA32_PAGE_OFFSET.
template <class Env>
inline constexpr u64 user_end = Env::model::word_size == 4 ? 0xffff'e000 : every_users_end;

} // namespace polyabi::linux_abi::handlers
