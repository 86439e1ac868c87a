// What vendors' systems do otherwise than System V Release 4: one value each. Calls that differ are rows of an overlay
// (core/overlay.hpp) beside it; what is only told or translated differently stands here as data.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/setting.hpp>
#include <polyabi/svr4/errors.hpp>

#include <array>

namespace polyabi::svr4 {

/// What a system says that it is: uname(2), systeminfo(2). The node's name is the kernel's.
struct system_identity {
  std::string_view sysname{}; ///< empty: the node's name, as up to Release 3.2
  std::string_view release{}, version{}, machine{}, architecture{}, provider{}, serial{};
};

struct variant {
  system_identity identity;
  /// Error numbers, by the personality's own; empty: the same.
  std::span<const u8> errors{};
};

/// AT&T's own release.
inline constexpr variant common_variant{.identity = {.sysname = "UNIX_SV",
                                                     .release = "4.0",
                                                     .version = "3.0",
                                                     .machine = "i386",
                                                     .architecture = "i386",
                                                     .provider = "AT&T",
                                                     .serial = "0"}};

/// The one that a thread's process runs under, where the kernel tells.
template <class Env>
const variant& variant_in_force([[maybe_unused]] typename Env::kernel::thread& thread) {
  if constexpr (requires { Env::kernel::personality_of(thread); }) {
    const void* known = Env::kernel::personality_of(thread).variant;
    return known != nullptr ? *static_cast<const variant*>(known) : common_variant;
  } else {
    return common_variant;
  }
}

/// What the system that a thread's process sees says that it is: the variant's own names but for those that were chosen
/// (`--set svr4.release=4.2`).
template <class Env>
system_identity identity_in_force(typename Env::kernel::thread& thread) {
  const system_identity& own = variant_in_force<Env>(thread).identity;
  const auto name = [&](std::string_view setting, std::string_view otherwise) {
    return setting_or<typename Env::kernel>(thread, setting, otherwise);
  };
  return {.sysname = name("svr4.sysname", own.sysname),
          .release = name("svr4.release", own.release),
          .version = name("svr4.version", own.version),
          .machine = name("svr4.machine", own.machine),
          .architecture = name("svr4.architecture", own.architecture),
          .provider = name("svr4.provider", own.provider),
          .serial = name("svr4.serial", own.serial)};
}

/// A variant's error numbers by the personality's: for `variant::errors`. A name that the variant has no number for becomes the
/// nearest one that it has.
template <class Errors>
inline constexpr auto errors_by_common_number = [] {
  using table = total_number_table<errors, Errors>;
  std::array<u8, static_cast<usize>(table::size)> numbers{};
  for (i32 n = 0; n < table::size; ++n)
    if (const i32 own = table::convert(n); own != table::absent) numbers[static_cast<usize>(n)] = static_cast<u8>(own);
  return numbers;
}();

} // namespace polyabi::svr4
