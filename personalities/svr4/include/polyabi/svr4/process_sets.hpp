// Sets of processes (sys/procset.h): each side is one id's, and two sides make a set.
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/signal.hpp>

namespace polyabi::svr4::process_sets {

/// POP_DIFF, POP_AND, POP_OR, POP_XOR: what two sides make together.
enum : i32 { difference, both, either, one_of_them };
inline constexpr i32 myself = -1; ///< P_MYID
/// Processes up to this one are the system's own: they are in no set but that of their own id.
inline constexpr i32 init = 1;

/// One side: the processes that have this id of a type.
struct side {
  i32 type, id;
  static constexpr i32 number(wait_target t) { return number_for<wait_targets>(t); }
  constexpr bool known() const {
    for (const wait_target t : {wait_target::pid, wait_target::ppid, wait_target::pgid, wait_target::sid, wait_target::uid,
                                wait_target::gid, wait_target::all})
      if (type == number(t)) return true;
    return false;
  }
  constexpr bool is_all() const { return type == number(wait_target::all); }
  /// Whether a process is in it. Users and groups are the effective ones.
  template <class Info>
  constexpr bool holds(const Info& p, const Info& self) const {
    const auto is = [&](auto of, auto own) { return static_cast<i32>(of) == (id == myself ? static_cast<i32>(own) : id); };
    if (type == number(wait_target::pid)) return is(p.pid, self.pid);
    if (p.pid <= init) return false;
    if (type == number(wait_target::ppid)) return is(p.ppid, self.ppid);
    if (type == number(wait_target::pgid)) return is(p.pgid, self.pgid);
    if (type == number(wait_target::sid)) return is(p.sid, self.sid);
    if (type == number(wait_target::uid)) return is(p.ids.euid, self.ids.euid);
    if (type == number(wait_target::gid)) return is(p.ids.egid, self.ids.egid);
    return true;
  }
};

/// The one side that a set means, for calls that take an id. EINVAL for sets of two.
template <class Env>
errc read_single(context<Env>& c, user_ptr<procset<typename Env::model>> from, side& to) {
  procset<typename Env::model> set;
  if (errc e = c.read(from, set); e != errc::none) return e;
  const side left{set.left_type, set.left}, right{set.right_type, set.right};
  if (set.operation != both || (!left.is_all() && !right.is_all())) {
    c.unsupported("process set", static_cast<u32>(set.operation));
    return errc::inval;
  }
  to = right.is_all() ? left : right;
  return errc::none;
}

} // namespace polyabi::svr4::process_sets
