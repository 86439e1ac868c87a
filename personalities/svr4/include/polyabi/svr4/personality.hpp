// System V Release 4, as Solaris 10 continues it: the personality.
#pragma once

#include <polyabi/svr4/amd64.hpp>
#include <polyabi/svr4/errors.hpp>
#include <polyabi/svr4/i386.hpp>

namespace polyabi::svr4 {

struct personality {
  static constexpr std::string_view name = "svr4";
  static constexpr bool has_variants = true;
  using errors = svr4::errors;
  using signals = svr4::signals;
  static constexpr i32 current_directory = static_cast<i32>(0xffd19553); ///< AT_FDCWD
  using syscalls = table::syscalls;
  template <class M>
  using addresses = svr4::addresses<M>;
  static constexpr std::string_view colon_script_shell = "/bin/sh";
  static constexpr std::string_view emulation_root = "/compat/svr4";
};

/// The same for 64-bit programs, which are Solaris' and illumos' alone: no vendor's variants.
struct amd64_personality : personality {
  static constexpr bool has_variants = false;
  using syscalls = table::amd64_syscalls;
};

/// This personality over kernel `K`: `abi_of<svr4::on<K>>`.
template <class K>
using on = environment<personality, i386, K>;
template <class K>
using on_amd64 = environment<amd64_personality, amd64, K>;

} // namespace polyabi::svr4
