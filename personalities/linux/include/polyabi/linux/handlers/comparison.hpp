// kcmp(2): whether two processes have something in common.
#pragma once

#include <polyabi/linux/handlers/common.hpp>

namespace polyabi::linux_abi::handlers {

struct kcmp {
  using needs = operation_list<op::compare_objects>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 one, i32 other, i32 type, u64 first, u64 second) {
    if (type < 0 || type >= types) return errc::inval;
    if (type == epoll_target) {
      c.unsupported("type", static_cast<u32>(type));
      return errc::opnotsupp;
    }
    auto order = c.perform(op::compare_objects{}, one, other, part_of(type), static_cast<i32>(first), static_cast<i32>(second));
    if (!order) return order.error();
    return *order == 0 ? i64{0} : *order < 0 ? i64{1} : i64{2};
  }

private:
  /// enum kcmp_type (include/uapi/linux/kcmp.h). Working directory, actions, input and output contexts and undo lists are one for
  /// all threads of a process, and no other's.
  static constexpr i32 file = 0, memory = 1, descriptors = 2, epoll_target = 7, types = 8;
  static constexpr process_part part_of(i32 type) {
    switch (type) {
    case file: return process_part::open_file;
    case memory: return process_part::memory;
    case descriptors: return process_part::descriptors;
    default: return process_part::process;
    }
  }
};

} // namespace polyabi::linux_abi::handlers
