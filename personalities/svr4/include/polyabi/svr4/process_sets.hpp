// Sets of processes (sys/procset.h). Sets that are one id's are understood; combinations of two are not.
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/signal.hpp>

namespace polyabi::svr4 {

/// The one id that a set means.
struct single_set {
  wait_target type = wait_target::none;
  i32 id = 0;
  static constexpr i32 myself = -1; ///< P_MYID
};

template <class Env>
errc read_single_set(context<Env>& c, user_ptr<procset<typename Env::model>> from, single_set& to) {
  constexpr i32 all = number_for<wait_targets>(wait_target::all), both = 1; // POP_AND
  procset<typename Env::model> set;
  if (errc e = c.read(from, set); e != errc::none) return e;
  const bool left_counts = set.right_type == all;
  if (set.operation != both || (!left_counts && set.left_type != all)) {
    c.unsupported("process set", static_cast<u32>(set.operation));
    return errc::inval;
  }
  to.type = name_for<wait_targets>(left_counts ? set.left_type : set.right_type);
  to.id = left_counts ? set.left : set.right;
  return errc::none;
}

} // namespace polyabi::svr4
