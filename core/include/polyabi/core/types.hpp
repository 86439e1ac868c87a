// Fixed-width integers under the names used throughout polyabi.
#pragma once

#include <cstddef>
#include <cstdint>

namespace polyabi {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using usize = std::size_t;

/// Whether objects are copied as bytes. The compiler is asked itself: the library's trait instantiates ten classes for each type.
template <class T>
inline constexpr bool plain_bytes = __is_trivially_copyable(T);

/// Bytes of a page, as the x86 has them.
inline constexpr usize page_size = 4096;

} // namespace polyabi
