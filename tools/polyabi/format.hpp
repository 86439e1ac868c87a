// Pieces of text that a trace is made of, in the form that strace gives them.
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/core/number_map.hpp>

#include <span>
#include <string>
#include <string_view>

namespace polyabi::tool {

/// Bytes longer than this are cut.
inline constexpr usize shown_bytes = 32;

/// "abc\n": what is not printable is escaped; `whole` bytes there were, of which `bytes` are at hand; `...` follows if cut.
std::string quoted(std::string_view bytes, u64 whole, usize limit = shown_bytes);
/// A path or another text with a NUL: never cut by the tool, only by the recorder.
std::string quoted_text(std::string_view text, bool complete = true);

/// NULL, or 0x7ffe...
std::string address_text(u64 value);
/// 0644, 000.
std::string mode_text(u64 value);
/// S_IFREG|0644.
std::string typed_mode_text(u64 value);

/// One value of an enumeration and its printed name.
struct named_value {
  u64 value;
  std::string_view name;
};
/// "A|B|0x40"; `none` if no bit is set. Values of several bits are tested first.
std::string named_bits(std::span<const named_value> names, u64 bits, std::string_view none = "0");
/// The name of exactly this value, or the number.
std::string named_number(std::span<const named_value> names, u64 value);

/// Flags by the rows of a personality's map.
std::string flag_names(std::span<const flag_row> rows, u64 bits);

/// The printed name of a vocabulary name whose enumeration is only known at run time.
std::string_view name_of(any_name);
/// As c_name, with the few names that the field prints otherwise than the vocabulary spells them (MAP_32BIT).
std::string_view printed_name(std::string_view c_name);

/// The name of a number under a number map, or the number.
template <class Map>
std::string number_name(i64 number) {
  for (const auto& row : Map::rows)
    if (row.number == number && !row.one_way) return std::string{name_of(as_any(row.name))};
  return std::to_string(number);
}

/// "No such file or directory".
std::string error_message(errc name);

} // namespace polyabi::tool
