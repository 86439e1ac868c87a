// Tags for flags, enumerations and signal numbers: under the maps of the personality and of the kernel.
#pragma once

#include <polyabi/core/arguments/words.hpp>

namespace polyabi::arguments {

/// Flags under the personality's map.
template <class Map>
struct flags : takes<1> {
  template <class Env>
  struct decoder {
    u32 value_;
    errc decode(context<Env>& c, const u64* w) {
      using table = total_flag_table<Map, kernel_map<typename Env::kernel, typename Map::name_type>>;
      const u64 bits = static_cast<u32>(w[0]);
      if (table::remarkable(bits) != 0) [[unlikely]] c.unsupported("flags"sv, table::remarkable(bits));
      if (errc e = table::refused(bits); e != errc::none) [[unlikely]] return e;
      value_ = static_cast<u32>(table::convert(bits));
      return errc::none;
    }
    constexpr u32 value() const { return value_; }
  };
};

/// One value of an enumeration under the personality's map; EINVAL for others.
template <class Map>
struct one_of : takes<1> {
  template <class Env>
  struct decoder {
    i32 value_;
    errc decode(context<Env>& c, const u64* w) {
      using table = number_table<Map, kernel_map<typename Env::kernel, typename Map::name_type>>;
      value_ = table::convert(static_cast<i32>(w[0]));
      if (value_ == table::absent) [[unlikely]] return refuse(c, w[0]);
      return errc::none;
    }
    constexpr i32 value() const { return value_; }

  private:
    // A value that the personality knows and the kernel has not is reported.
    [[gnu::noinline]] static errc refuse(context<Env> c, u64 given) {
      if (detail::name_of<Map>(static_cast<i32>(given)) != typename Map::name_type{}) c.unsupported("value"sv, given);
      return errc::inval;
    }
  };
};

/// A signal number (under `P::signals`); with zero, where zero only checks (kill).
struct signal_number : takes<1> {
  template <class Env>
  struct decoder {
    i32 value_;
    errc decode(context<Env>&, const u64* w) {
      const i32 n = static_cast<i32>(w[0]);
      using table = number_table<typename Env::personality::signals, kernel_map<typename Env::kernel, signal>>;
      value_ = n == 0 ? 0 : table::convert(n);
      return value_ == table::absent ? errc::inval : errc::none;
    }
    constexpr i32 value() const { return value_; }
  };
};

} // namespace polyabi::arguments
