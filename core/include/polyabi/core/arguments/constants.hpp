// Tags that take no word and give the kernel a value: constants, and the current directory.
#pragma once

#include <polyabi/core/arguments/words.hpp>

namespace polyabi::arguments {

/// The kernel's number of a vocabulary name, or of no flags: `given<at_flag::symlink_nofollow>`, `given<at_flag::none>`.
template <auto Name>
struct given : takes<0> {
  template <class Env>
  struct decoder {
    static constexpr auto value() { return native_number<typename Env::kernel, Name>; }
  };
};

/// A literal for the kernel: `constant<false>`, `constant<i32{0}>`.
template <auto Value>
struct constant : takes<0> {
  template <class Env>
  struct decoder {
    static constexpr auto value() { return Value; }
  };
};

/// A null pointer for an operation's optional structure.
template <class Shape>
struct no : takes<0> {
  template <class Env>
  struct decoder {
    static constexpr native<typename Env::kernel, Shape>* value() { return nullptr; }
  };
};

/// The current directory, where a call without a directory argument looks names up.
struct here : takes<0> {
  template <class Env>
  struct decoder {
    static constexpr i32 value() { return Env::kernel::current_directory; }
  };
};

/// The directory argument of an *at() call; the personality's AT_FDCWD (`P::current_directory`) becomes the kernel's.
struct directory : takes<1> {
  template <class Env>
  struct decoder {
    static constexpr i32 value(const u64* w) {
      const i32 given = static_cast<i32>(w[0]);
      return given == Env::personality::current_directory ? Env::kernel::current_directory : given;
    }
  };
};

} // namespace polyabi::arguments
