// Members of foreign structures that carry a meaning: which map converts them, which way they travel, what happens when a value
// does not fit. A plain `M::u32` is an integer that must fit (EOVERFLOW otherwise).
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/core/number_map.hpp>
#include <polyabi/core/scalar.hpp>

namespace polyabi {

namespace detail {
/// The numbers of an enumeration that only the library's facilities use are the same over every kernel. A function that is only
/// declared, beside the enumeration, names their map: `counter_flags library_map(counter_flag);`
template <class Name>
concept has_library_map = requires(Name name) { library_map(name); };

template <class K, class Name>
struct kernel_map_of {
  using type = typename K::template map<Name>;
};
template <class K, has_library_map Name>
struct kernel_map_of<K, Name> {
  using type = decltype(library_map(Name{}));
};
} // namespace detail

/// A kernel's own map for a vocabulary enumeration.
template <class K, class Name>
using kernel_map = typename detail::kernel_map_of<K, Name>::type;

/// The kernel's own number of a vocabulary name: a flag's bits, or an enumeration's number. No bits for the zero name, and for a
/// flag that the kernel does not have.
template <class K, auto Name>
inline constexpr auto native_number = [] {
  using map = kernel_map<K, decltype(Name)>;
  if constexpr (Name == decltype(Name){}) return u32{0};
  else if constexpr (requires { map::rows[0].mask; }) return static_cast<u32>(bits_of<map, Name>);
  else return static_cast<i32>(detail::number_of<map>(Name));
}();

/// A word of flags under a flag map.
template <class Scalar, class Map>
struct flag_word {
  using map = Map;
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    using table = total_flag_table<Map, kernel_map<K, typename Map::name_type>>;
    const u64 bits = static_cast<u64>(static_cast<std::make_unsigned_t<typename Scalar::value_type>>(raw));
    if (errc e = table::refused(bits); e != errc::none) return e;
    out = static_cast<N>(table::convert(bits));
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    using table = shown_flag_table<kernel_map<K, typename Map::name_type>, Map>;
    raw = static_cast<typename Scalar::value_type>(table::convert(static_cast<u64>(in)));
    return errc::none;
  }
};

/// An enumeration under a number map. A number without counterpart is EINVAL.
template <class Scalar, class Map>
struct number_word {
  using map = Map;
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    const i32 n = number_table<Map, kernel_map<K, typename Map::name_type>>::convert(static_cast<i32>(raw));
    if (n == number_table<Map, Map>::absent) return errc::inval;
    out = static_cast<N>(n);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    const i32 n = number_table<kernel_map<K, typename Map::name_type>, Map>::convert(static_cast<i32>(in));
    if (n == number_table<Map, Map>::absent) return errc::inval;
    raw = static_cast<typename Scalar::value_type>(n);
    return errc::none;
  }
};

/// Narrowing that the ABI defines: a value that does not fit becomes the nearest one that does.
template <class Scalar>
struct saturating {
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = static_cast<N>(raw);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    using limits = std::numeric_limits<typename Scalar::value_type>;
    if (std::in_range<typename Scalar::value_type>(in)) raw = static_cast<typename Scalar::value_type>(in);
    else raw = std::cmp_less(in, 0) ? limits::min() : limits::max();
    return errc::none;
  }
};

/// Narrowing that the ABI defines: the low bits.
template <class Scalar>
struct truncating {
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = static_cast<N>(raw);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    raw = static_cast<typename Scalar::value_type>(in);
    return errc::none;
  }
};

/// A field that no kernel fills: always written as zero, never read.
template <class T>
struct zero {
  T raw;
};

/// A field that the program may set and that nobody acts on; written as zero.
template <class T>
struct ignored {
  T raw;
};

/// A field that travels one way only.
template <class T>
struct in_only {
  T raw;
};
template <class T>
struct out_only {
  T raw;
};

// A kernel's own device numbers: `K::make_device(major, minor)`, `K::device_major(u64)`, `K::device_minor(u64)`; a kernel without
// them keeps the major number in the upper half.
template <class K>
constexpr u64 native_device(u32 major, u32 minor) {
  if constexpr (requires { K::make_device(major, minor); }) return K::make_device(major, minor);
  else return u64{major} << 32 | minor;
}
template <class K>
constexpr u32 native_device_major(u64 device) {
  if constexpr (requires { K::device_major(device); }) return K::device_major(device);
  else return static_cast<u32>(device >> 32);
}
template <class K>
constexpr u32 native_device_minor(u64 device) {
  if constexpr (requires { K::device_minor(device); }) return K::device_minor(device);
  else return static_cast<u32>(device);
}

/// A device number under an encoding: `Codec::encode(major, minor)` and `Codec::decode(value, major, minor)`.
template <class Scalar, class Codec>
struct device_word {
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    u32 major = 0, minor = 0;
    Codec::decode(static_cast<u64>(raw), major, minor);
    out = static_cast<N>(native_device<K>(major, minor));
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    raw = static_cast<typename Scalar::value_type>(Codec::encode(native_device_major<K>(u64{in}), native_device_minor<K>(u64{in})));
    return errc::none;
  }
};

/// One row of a table of device numbers. With `family`, every minor number of the major one belongs to it, and is kept. 0:0 is the
/// number of files that are no devices (st_rdev), on every system.
struct device_row {
  special_device name;
  u32 major, minor;
  bool family = false;
};

namespace detail {
template <class Table>
constexpr bool names_devices(const Table& table) {
  for (const device_row& row : table)
    if (row.major == 0 && row.minor == 0) return false;
  return true;
}
/// Finds a device in one table and answers its numbers in the other; others stay as they are.
template <class From, class To>
constexpr void translate_device(const From& from, const To& to, u32& major, u32& minor) {
  for (const device_row& f : from) {
    if (f.major != major || (!f.family && f.minor != minor)) continue;
    for (const device_row& t : to) {
      if (t.name != f.name) continue;
      major = t.major;
      if (!t.family) minor = t.minor;
      return;
    }
  }
}
} // namespace detail

/// The numbers by which a personality (`Codec::devices`) knows a device of the kernel (`K::devices`); and back.
template <class K, class Codec>
constexpr void special_device_to_foreign(u64 device, u32& major, u32& minor) {
  major = native_device_major<K>(device);
  minor = native_device_minor<K>(device);
  if constexpr (requires { K::devices; Codec::devices; }) {
    static_assert(detail::names_devices(K::devices) && detail::names_devices(Codec::devices), "0:0 is the number of no device");
    detail::translate_device(K::devices, Codec::devices, major, minor);
  }
}
template <class K, class Codec>
constexpr u64 special_device_to_native(u32 major, u32 minor) {
  if constexpr (requires { K::devices; Codec::devices; }) detail::translate_device(Codec::devices, K::devices, major, minor);
  return native_device<K>(major, minor);
}

/// As `device_word`, for the number of a device itself (st_rdev) rather than of a file system.
template <class Scalar, class Codec>
struct special_device_word {
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    u32 major = 0, minor = 0;
    Codec::decode(static_cast<u64>(raw), major, minor);
    out = static_cast<N>(special_device_to_native<K, Codec>(major, minor));
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    u32 major = 0, minor = 0;
    special_device_to_foreign<K, Codec>(u64{in}, major, minor);
    raw = static_cast<typename Scalar::value_type>(Codec::encode(major, minor));
    return errc::none;
  }
};

/// A set of signals: signal n is bit n - 1, in words of `Scalar`, under a signal map. The kernel's own set has `u64 bits[]`,
/// also n - 1. Signals without counterpart are dropped: they can neither be sent nor blocked. So are those that a small set of
/// an older call has no bit for.
template <class Scalar, usize Words, class Map>
struct signal_set {
  Scalar words[Words];

  static constexpr usize word_bits = sizeof(typename Scalar::value_type) * 8;

  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = N{};
    for_each_signal([&](i32 n) {
      const i32 to = number_table<Map, kernel_map<K, signal>>::convert(n);
      if (to > 0) out.bits[static_cast<u32>(to - 1) / 64] |= u64{1} << (static_cast<u32>(to - 1) % 64);
    });
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    for (auto& w : words) w = 0;
    constexpr usize native_words = sizeof(in.bits) / sizeof(u64);
    for (usize i = 0; i < native_words; ++i)
      for (u64 left = in.bits[i]; left != 0; left &= left - 1) {
        const i32 to = number_table<kernel_map<K, signal>, Map>::convert(static_cast<i32>(i * 64) + std::countr_zero(left) + 1);
        if (to > 0) set(to);
      }
    return errc::none;
  }

  constexpr void set(i32 n) {
    if (static_cast<usize>(n) > Words * word_bits) return;
    auto& w = words[Words == 1 ? 0 : static_cast<usize>(n - 1) / word_bits];
    using V = typename Scalar::value_type;
    w = static_cast<V>(w | static_cast<V>(V{1} << (static_cast<usize>(n - 1) % word_bits)));
  }
  template <class Function>
  constexpr void for_each_signal(Function&& function) const {
    for (usize i = 0; i < Words; ++i)
      for (u64 left = static_cast<u64>(words[i]); left != 0; left &= left - 1)
        function(static_cast<i32>(i * word_bits) + std::countr_zero(left) + 1);
  }
};

} // namespace polyabi
