// Structures of a personality as text. What a member is follows from its type; how strace shows the structure (prefixes, order,
// what it leaves out) is data in format_structures.cpp.
#pragma once

#include "format.hpp"

#include <polyabi/core/fields.hpp>
#include <polyabi/core/member_types.hpp>

#include <cstring>
#include <vector>

namespace polyabi::tool {

/// One field of a structure: its vocabulary name, its text in the plainest form, and its value if it is a number.
struct field_text {
  std::string_view name;
  std::string text;
  u64 number = 0;
};

/// "{tv_sec=1, tv_nsec=0}": `structure` is the name of the structure's template, without namespaces.
std::string structure_text(std::string_view structure, std::vector<field_text> fields);

/// STATX_TYPE|STATX_MODE: what statx is asked for, or tells.
std::string statx_mask_text(u64 mask);

/// [CHLD INT], ~[KILL].
std::string signal_set_text(const std::vector<i32>& numbers, i32 highest, std::string (*name)(i32));

/// "polyabi::x::out<polyabi::y::stat>" is "out<stat>".
std::string readable_type(std::string_view type);

template <class T>
constexpr auto raw_type_name() {
  std::string_view text = __PRETTY_FUNCTION__; // "... [with T = X]" or "... [T = X]"
  text.remove_prefix(text.find("T = ") + 4);
  text.remove_suffix(1);
  return text;
}

template <class T>
std::string structure_value(const T& value);

namespace detail {

template <class T>
inline constexpr bool is_signal_set = false;
template <class Scalar, usize Words, class Map>
inline constexpr bool is_signal_set<signal_set<Scalar, Words, Map>> = true;

template <class Map>
std::string signal_short_name(i32 number) {
  if constexpr (polyabi::detail::has_realtime<Map>) {
    // As strace counts: from the first real-time number that programs use.
    if (number == Map::realtime_first) return "RTMIN";
    if (number > Map::realtime_first && number <= Map::realtime_last)
      return "RT_" + std::to_string(number - Map::realtime_first);
  }
  std::string name = number_name<Map>(number);
  return name.starts_with("SIG") ? name.substr(3) : name;
}

template <class Scalar, usize Words, class Map>
std::string set_text(const signal_set<Scalar, Words, Map>& set) {
  std::vector<i32> numbers;
  set.for_each_signal([&](i32 n) { numbers.push_back(n); });
  i32 highest = static_cast<i32>(Words * signal_set<Scalar, Words, Map>::word_bits);
  return signal_set_text(numbers, highest, &signal_short_name<Map>);
}

template <class T>
field_text value_text(const T& value);

template <class T>
requires is_scalar<T> field_text scalar_text(const T& value) {
  const auto plain = static_cast<typename T::value_type>(value);
  return {{}, std::to_string(plain), static_cast<u64>(plain)};
}
template <class Scalar, class Map>
field_text mapped_text(const flag_word<Scalar, Map>& value) {
  using plain = std::make_unsigned_t<typename Scalar::value_type>;
  const u64 bits = static_cast<plain>(static_cast<typename Scalar::value_type>(value.raw));
  return {{}, flag_names(Map::rows, bits), bits};
}
template <class Scalar, class Map>
field_text mapped_text(const number_word<Scalar, Map>& value) {
  return {{}, number_name<Map>(value.raw), static_cast<u64>(static_cast<i64>(value.raw))};
}
template <class Codec>
field_text device_text(u64 value) {
  u32 major = 0, minor = 0;
  Codec::decode(value, major, minor);
  const auto part = [](u32 n) { return n == 0 ? std::string{"0"} : address_text(n); };
  return {{}, "makedev(" + part(major) + ", " + part(minor) + ")", u64{major} << 32 | minor};
}
template <class Scalar, class Codec>
field_text mapped_text(const device_word<Scalar, Codec>& value) {
  return device_text<Codec>(static_cast<u64>(static_cast<typename Scalar::value_type>(value.raw)));
}
template <class Scalar, class Codec>
field_text mapped_text(const special_device_word<Scalar, Codec>& value) {
  return device_text<Codec>(static_cast<u64>(static_cast<typename Scalar::value_type>(value.raw)));
}

template <class T>
field_text value_text(const T& value) {
  if constexpr (is_scalar<T>) {
    return scalar_text(value);
  } else if constexpr (std::is_integral_v<T>) {
    return {{}, std::to_string(value), static_cast<u64>(value)};
  } else if constexpr (requires { mapped_text(value); }) {
    return mapped_text(value);
  } else if constexpr (requires { set_text(value); }) {
    return {{}, set_text(value), 0};
  } else if constexpr (std::is_same_v<std::remove_extent_t<T>, char>) {
    const std::string_view text{value, sizeof value};
    return {{}, quoted_text(text.substr(0, text.find('\0'))), 0};
  } else if constexpr (std::is_array_v<T> && sizeof(std::remove_extent_t<T>) == 1) {
    return {{}, quoted({reinterpret_cast<const char*>(&value), sizeof value}, sizeof value), 0};
  } else if constexpr (std::is_array_v<T>) {
    std::string text = "[";
    for (const auto& element : value) text += (text.size() > 1 ? ", " : "") + value_text(element).text;
    return {{}, text + "]", 0};
  } else if constexpr (has_fields<T>) {
    return {{}, structure_value(value), 0};
  } else if constexpr (requires { value.raw; }) {
    return value_text(value.raw);
  } else {
    return {{}, "...", 0};
  }
}

} // namespace detail

/// The text of a foreign structure.
template <class T>
std::string structure_value(const T& value) {
  if constexpr (has_fields<T>) {
    std::vector<field_text> fields;
    for_each_field<T>([&](auto field) {
      field_text one = detail::value_text(value.*decltype(field)::member);
      one.name = decltype(field)::name;
      fields.push_back(std::move(one));
    });
    return structure_text(raw_type_name<T>(), std::move(fields));
  } else {
    return detail::value_text(value).text;
  }
}

/// As above, of bytes that were recorded; empty if there are too few of them.
template <class T>
std::string structure_value_of(std::string_view bytes) {
  if (bytes.size() < sizeof(T)) return {};
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return structure_value(value);
}

} // namespace polyabi::tool
