// Argument and result tags of System V's own, beside those of core/arguments.hpp.
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/svr4/file_flags.hpp>
#include <polyabi/svr4/process_flags.hpp>
#include <polyabi/svr4/structures/stat.hpp>

namespace polyabi::svr4 {

/// A null pointer to one of the kernel's structures, for operations that take it as "not wanted".
template <class K, class Shape>
inline constexpr const native<K, Shape>* no_structure = nullptr;

/// Reads the mask in force.
template <class Env>
auto get_mask(context<Env>& c, native<typename Env::kernel, shape::sigset>& to) {
  using K = typename Env::kernel;
  return c.perform(op::set_mask{}, native_number<K, sigmask_how::block>, no_structure<K, shape::sigset>, &to);
}

/// The kernel's flags for several names at once, where a call implies them (creat).
template <class Map, auto... Names>
struct implied : arguments::takes<0> {
  template <class Env>
  struct decoder {
    static constexpr u32 value() {
      using map = kernel_map<typename Env::kernel, Map>;
      return (u32{0} | ... | static_cast<u32>(bits_of<map, Names>));
    }
  };
};

/// mmap(2)'s flags. The C library sets _MAP_NEW; a program without it is of the time when the address given was the address
/// got, and the kernel takes that of a 32-bit program as MAP_FIXED.
struct mmap_flags : arguments::takes<1> {
  using traced_as = arguments::flags<map_flags>;
  template <class Env>
  struct decoder : arguments::flags<map_flags>::decoder<Env> {
    errc decode(context<Env>& c, const u64* w) {
      const bool is_new = Env::model::word_size == 8 || (w[0] & 0x80000000) != 0;
      const u64 bits = is_new ? w[0] : w[0] | 0x10;
      return arguments::flags<map_flags>::decoder<Env>::decode(c, &bits);
    }
  };
};

/// A device number argument.
template <class Codec>
struct device_argument : arguments::takes<1> {
  template <class Env>
  struct decoder {
    static constexpr u64 value(const u64* w) {
      u32 major = 0, minor = 0;
      Codec::decode(static_cast<u32>(w[0]), major, minor);
      return native_device<typename Env::kernel>(major, minor);
    }
  };
};
struct device : device_argument<device_codec> {};
struct old_device : device_argument<old_device_codec> {};

/// Answers the kernel's flags under the personality's map.
template <class Map>
struct flags_answer {
  template <class Env, class T>
  static arguments::completed complete(context<Env>&, T& value) {
    return {shown_flag_table<kernel_map<typename Env::kernel, typename Map::name_type>, Map>::convert(value)};
  }
};

/// A 64-bit number in both result registers, low half first.
struct wide_count {
  template <class Env, class T>
  static arguments::completed complete(context<Env>&, T& value) {
    const auto bits = static_cast<u64>(value);
    return {bits & 0xffffffff, bits >> 32};
  }
};

/// Two results, one in each register: a handler answers `completed`.
using arguments::completed;
using two_values = arguments::registers_set;

} // namespace polyabi::svr4
