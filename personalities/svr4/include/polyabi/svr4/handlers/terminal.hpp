// Terminal requests that are more than one operation.
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/terminal.hpp>

namespace polyabi::svr4::handlers {

/// TCSETS and TCSETA with their W and F forms: what the structure does not speak of stays as it is.
template <template <class> class Attributes>
struct set_attributes {
  using needs = operation_list<op::terminal_get_attributes, op::terminal_set_attributes>;
  template <class Env>
  [[gnu::noinline]] static reply<Env> call(context<Env>& c, i32 descriptor, i32 when,
                                           user_ptr<Attributes<typename Env::model>> from) {
    using K = typename Env::kernel;
    native<K, shape::termios> attributes{};
    if (auto r = c.perform(op::terminal_get_attributes{}, descriptor, attributes); !r) return r.error();
    Attributes<typename Env::model> foreign;
    if (errc e = c.read(from, foreign); e != errc::none) return e;
    if (errc e = foreign.template to_native<K>(attributes); e != errc::none) return e;
    if (auto r = c.perform(op::terminal_set_attributes{}, descriptor, when, attributes); !r) return r.error();
    return done{};
  }
};

/// TCSBRK: waits until all is written; then, with 0, sends a break.
struct send_break {
  using needs = operation_list<op::terminal_drain, op::terminal_send_break>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 argument) {
    if (auto r = c.perform(op::terminal_drain{}, descriptor); !r) return r.error();
    if (argument == 0)
      if (auto r = c.perform(op::terminal_send_break{}, descriptor); !r) return r.error();
    return done{};
  }
};

/// FIONBIO.
struct set_nonblocking {
  using needs = operation_list<op::set_nonblocking>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 on) {
    if (auto r = c.perform(op::set_nonblocking{}, descriptor, on != 0); !r) return r.error();
    return done{};
  }
};

} // namespace polyabi::svr4::handlers
