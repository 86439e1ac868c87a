// Solaris 2 to 10, whichever way its programs enter: the large structure behind the old numbers.
#pragma once

#include <polyabi/svr4/syscalls.hpp>
#include <polyabi/svr4/variant.hpp>

namespace polyabi::svr4::variants {

using namespace arguments;

// clang-format off
struct solaris {
  static constexpr std::string_view name = "svr4:solaris";
  static constexpr const brand_rules& brand = brands::solaris_images;
  static constexpr bool old_frames = false;
  using signals = svr4::signals;
  static constexpr variant facts{
      .identity = {.sysname = "SunOS", .release = "5.10", .version = "Generic", .machine = "i86pc", .architecture = "i386",
                   .provider = "Sun_Microsystems", .serial = "0"}};
  using rows = syscall_table<
      call<at{18}, "stat", status(here, path, given<at_flag::none>, out<stat>), op::stat>,
      call<at{28}, "fstat", status(fd, out<stat>), op::fstat>,
      call<at{88}, "lstat", status(here, path, given<at_flag::symlink_nofollow>, out<stat>), op::stat>>;
};
// clang-format on

} // namespace polyabi::svr4::variants
