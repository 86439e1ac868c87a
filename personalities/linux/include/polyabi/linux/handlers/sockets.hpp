// Socket calls where there are no sockets yet: no descriptor can be one.
#pragma once

#include <polyabi/linux/handlers/common.hpp>

namespace polyabi::linux_abi::handlers {

struct not_a_socket {
  using needs = operation_list<op::get_descriptor_flags>;
  template <class Env, class... Rest>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, const Rest&...) {
    if (auto open = c.perform(op::get_descriptor_flags{}, descriptor); !open) return open.error();
    return errc::notsock;
  }
};

} // namespace polyabi::linux_abi::handlers
