// Device numbers as Linux shows them to programs (include/linux/kdev_t.h: new_encode_dev).
#pragma once

#include <polyabi/core/member_types.hpp>

namespace polyabi::linux_abi {

struct device_codec {
  /// Documentation/admin-guide/devices.txt.
  static constexpr device_row devices[] = {
      {special_device::null, 1, 3},    {special_device::zero, 1, 5},    {special_device::full, 1, 7},
      {special_device::random, 1, 8},  {special_device::urandom, 1, 9}, {special_device::tty, 5, 0},
      {special_device::console, 5, 1}, {special_device::ptmx, 5, 2},    {special_device::slave, 136, 0, true},
      {special_device::tunnel, 10, 200},
  };
  static constexpr u64 encode(u32 major, u32 minor) { return (minor & 0xff) | u64{major} << 8 | u64{minor & ~0xffu} << 12; }
  static constexpr void decode(u64 value, u32& major, u32& minor) {
    major = static_cast<u32>(value >> 8) & 0xfff;
    minor = static_cast<u32>((value & 0xff) | (value >> 12 & 0xfff00));
  }
};

template <class Scalar>
using device = device_word<Scalar, device_codec>;
template <class Scalar>
using device_itself = special_device_word<Scalar, device_codec>;

/// A user or group id of 16 bits: one that does not fit is shown as 65534; -1 stays -1.
template <class Scalar>
struct short_id {
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    const u16 v = raw;
    out = v == 0xffff ? static_cast<N>(-1) : static_cast<N>(v);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    raw = in > 0xffff ? u16{65534} : static_cast<u16>(in);
    return errc::none;
  }
};

} // namespace polyabi::linux_abi
