// context(2): getcontext, setcontext, and Solaris' getustack and setustack.
#pragma once

#include <polyabi/svr4/handlers/lwp.hpp>
#include <polyabi/svr4/indirect.hpp>
#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/ucontext_amd64.hpp>

namespace polyabi::svr4 {

/// What the personality keeps of a thread, in `op::thread_words`.
namespace thread_word {
inline constexpr usize link = 0;   ///< the context that the one in force was entered from: uc_link
inline constexpr usize ustack = 1; ///< where libthread keeps the current stack's bounds (setustack)
} // namespace thread_word

namespace handlers {

/// getcontext(2): the caller's registers as they will be after the call.
struct getcontext {
  using needs = operation_list<op::set_mask, op::alternate_stack, op::thread_words>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<ucontext<typename Env::model>> to) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    ucontext<M> out{};
    native<K, shape::sigset> mask{};
    native<K, shape::sigstack> stack{};
    if (auto r = get_mask(c, mask); !r) return r.error();
    if (auto r = c.perform(op::alternate_stack{}, no_structure<K, shape::sigstack>, &stack); !r) return r.error();
    auto words = c.perform(op::thread_words{});
    if (!words) return words.error();
    registers after = c.frame;
    after.rax = after.rdx = 0;
    after.rflags &= ~carry_flag;
    after.rsp = indirect::stack_pointer<Env>(c.frame);
    out.flags = context_parts::sigmask | context_parts::stack;
    out.link = static_cast<typename M::pointer::value_type>((*words)[thread_word::link]);
    if (errc e = out.sigmask.template from_native<K>(mask); e != errc::none) return e;
    if (errc e = to_foreign<K>(stack, out.stack); e != errc::none) return e;
    registers_to_context(after, out);
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};

/// setcontext(2): how handlers return. A null context ends the LWP. The alternate stack stays as it is configured: whether
/// it is in use follows from the stack pointer.
struct setcontext {
  using needs = operation_list<op::return_from_handler, op::set_mask, op::thread_words>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<ucontext<typename Env::model>> from) {
    using K = typename Env::kernel;
    if (!from) return lwp_exit::call(c);
    ucontext<typename Env::model> in;
    if (errc e = c.read(from, in); e != errc::none) return e;
    auto words = c.perform(op::thread_words{});
    if (!words) return words.error();
    native<K, shape::sigset> mask{};
    if ((in.flags & context_parts::sigmask) != 0) {
      if (errc e = in.sigmask.template to_native<K>(mask); e != errc::none) return e;
    } else if (auto r = get_mask(c, mask); !r) {
      return r.error();
    }
    (*words)[thread_word::link] = u64{in.link};
    context_to_registers(in, c.frame);
    if (auto r = c.perform(op::return_from_handler{}, mask); !r) return r.error();
    return done{};
  }
};

/// The address that setustack(2) was given.
struct getustack {
  using needs = operation_list<op::thread_words>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 to) {
    auto words = c.perform(op::thread_words{});
    if (!words) return words.error();
    using pointer = typename Env::model::pointer;
    const pointer value{static_cast<typename pointer::value_type>((*words)[thread_word::ustack])};
    if (errc e = c.write_bytes(to, &value, sizeof value); e != errc::none) return e;
    return done{};
  }
};
struct setustack {
  using needs = operation_list<op::thread_words>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 where) {
    auto words = c.perform(op::thread_words{});
    if (!words) return words.error();
    (*words)[thread_word::ustack] = where;
    return done{};
  }
};

} // namespace handlers
} // namespace polyabi::svr4
