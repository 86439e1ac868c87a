// Result tags: what an operation answered becomes register values.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/reservation.hpp>

namespace polyabi::arguments {

// A result tag turns what the operation answered into register values: `complete(context, answered value)`.

/// A completed call: one or two register values.
struct completed {
  u64 value = 0;
  u64 second = 0;
  bool leave_registers = false; ///< the handler has set the registers itself (sigreturn, exec)
};

/// 0.
struct status {
  template <class Env>
  static completed complete(context<Env>&) { return {}; }
  template <class Env, class T>
  static completed complete(context<Env>&, T&) { return {}; }
};

/// A signed number: a count, an id, an offset. EOVERFLOW if it does not fit into the word.
struct count {
  template <class Env, class T>
  static completed complete(context<Env>&, T& value) { return {static_cast<u64>(static_cast<i64>(value))}; }
};

/// An unsigned word: an address, flags.
struct word {
  template <class Env, class T>
  static completed complete(context<Env>&, T& value) { return {static_cast<u64>(value)}; }
};

/// A descriptor: installed now.
struct new_fd {
  template <class Env, class T>
  static completed complete(context<Env>&, T& reservation) { return {static_cast<u64>(detail::derived_entry::commit(reservation))}; }
};

/// Two descriptors, both in registers (SVR4's pipe).
struct two_new_fds {
  template <class Env, class T>
  static completed complete(context<Env>&, T& pair) {
    const completed c{static_cast<u64>(pair.first.number()), static_cast<u64>(pair.second.number())};
    detail::derived_entry::commit(pair);
    return c;
  }
};

/// Two descriptors, stored through `store_pair`, installed now; the call answers 0.
struct status_pair {
  template <class Env, class T>
  static completed complete(context<Env>&, T& pair) {
    detail::derived_entry::commit(pair);
    return {};
  }
};

/// A child process: the personality prepares the child's registers (`A::child_registers`), then it runs.
struct child {
  template <class Env, class T>
  static completed complete(context<Env>& c, T& reservation) {
    Env::arch::child_registers(c, reservation.frame());
    return {static_cast<u64>(static_cast<i64>(detail::derived_entry::commit(reservation)))};
  }
};

/// The handler answers `completed` itself: two values, or registers left alone.
struct registers_set {
  template <class Env>
  static completed complete(context<Env>&, completed& value) { return value; }
  template <class Env>
  static completed complete(context<Env>&) { return {0, 0, true}; }
};

} // namespace polyabi::arguments
