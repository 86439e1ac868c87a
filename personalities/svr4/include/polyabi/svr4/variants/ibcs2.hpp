// System V Release 3.2 on the 386, as iBCS2 and plain COFF programs know it: AT&T's, Microport's, and whatever else has no
// mark.
#pragma once

#include <polyabi/svr4/handlers/wait.hpp>
#include <polyabi/svr4/variants/xenix_calls.hpp>

namespace polyabi::svr4::variants {

struct ibcs2 {
  static constexpr std::string_view name = "svr4:ibcs2";
  static constexpr const brand_rules& brand = brands::ibcs2_images;
  static constexpr bool old_frames = true; ///< handlers are entered and left as in Release 3
  using signals = svr4::signals;
  static constexpr variant facts{
      .identity = {
          .release = "3.2", .version = "2", .machine = "i386", .architecture = "i386", .provider = "AT&T", .serial = "0"}};
  using rows = concatenate<old_calls, xenix_calls<signals, old_sigset, old_sigaction>,
                           syscall_table<call<at{7}, "wait", two_values(), handlers::wait_with<signals, old_wait_flags>>>>;
};

} // namespace polyabi::svr4::variants
