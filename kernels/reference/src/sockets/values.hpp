// Values of socket options, in and out of bytes.
#pragma once

#include <polyabi/reference/structs.hpp>

#include <cstring>
#include <span>

namespace polyabi::reference {

/// The value of an option that is to be set. EINVAL if there is too little of it.
template <class T>
result<T> option_as(std::span<const unsigned char> value) {
  T out{};
  if (value.size() < sizeof out) return error::inval;
  std::memcpy(&out, value.data(), sizeof out);
  return out;
}

/// Answers an option: as much of the value as fits, and the size of all of it.
template <class T>
result<usize> option_is(std::span<unsigned char> to, const T& value) {
  std::memcpy(to.data(), &value, sizeof value < to.size() ? sizeof value : to.size());
  return sizeof value;
}

} // namespace polyabi::reference
