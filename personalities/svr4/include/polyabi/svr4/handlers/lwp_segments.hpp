// New LWPs, and the thread pointers of LWPs: a segment of 32-bit code that GS or FS selects, a base of 64-bit code.
#pragma once

#include <polyabi/svr4/handlers/lwp.hpp>

namespace polyabi::svr4::handlers {

/// The segment that a thread pointer stands for: all of memory from a base on.
struct thread_segment {
  static constexpr u32 limit = 0xfffff;
  static constexpr u32 flags = 1 | 16 | 64; ///< 32-bit data, the limit in pages, usable (op::set_thread_area)
  static constexpr u32 nothing = 8 | 32;    ///< flags of an entry that is given back

  /// Selectors of the global descriptor table are the entry's number and the privilege of users.
  static constexpr u16 selector(i32 entry) { return static_cast<u16>(entry << 3 | 3); }
  /// The entry that a selector means, or -1 if it is none of ours.
  static constexpr i32 entry(u64 selector) {
    constexpr u64 local = 4;
    return selector < 8 || (selector & local) != 0 ? -1 : static_cast<i32>(selector >> 3);
  }
};

/// lwp_create(2): the new one begins with the context's registers, its maker's signal mask and floating-point state. The C
/// library leaves the thread pointer in ESP's place, which is no register of its own there (UESP is the stack pointer);
/// that of 64-bit programs in FS's base.
struct lwp_create : lwp_call {
  using needs = lwp_call::needs::with<op::create_thread, op::set_thread_area>;
  template <class Env>
  static reply<Env, reserved_lwp<typename Env::kernel>> call(context<Env>& c, user_ptr<ucontext<typename Env::model>> from,
                                                             u32 flags, user_ptr<typename Env::model::i32> number_to) {
    using K = typename Env::kernel;
    if ((flags & ~lwp_flag::all) != 0) return errc::inval;
    ucontext<typename Env::model> in;
    if (errc e = c.read(from, in); e != errc::none) return e;
    in.flags = in.flags & ~context_parts::fpu;
    auto made = c.perform(op::create_thread{});
    if (!made) return made.error();
    registers& frame = made->frame();
    const u64 own_selector = frame.gs;
    context_to_registers(in, frame);
    if (errc e = set_thread_pointer(c, *made, in, own_selector); e != errc::none) return e;

    auto number = with_own(c, [&](auto& all, auto&) -> reply<Env, i32> {
      auto* added = all.add(made->id(), {(flags & lwp_flag::daemon) != 0, (flags & lwp_flag::detached) != 0});
      if (added == nullptr) return errc::nomem;
      added->stands = (flags & lwp_flag::suspended) != 0;
      if (added->stands) (void)K::suspend_thread(c.thread, made->id());
      return added->number;
    });
    if (!number) return number.error();
    if (number_to)
      if (errc e = c.write(number_to, typename Env::model::i32{*number}); e != errc::none) {
        const typename K::section inside;
        auto* all = table<Env>::of(c.thread);
        if (auto* added = all->find(*number); added != nullptr) all->remove(*added);
        return e;
      }
    return reserved_lwp<K>{std::move(*made), *number};
  }

private:
  template <class Env>
  static errc set_thread_pointer(context<Env>& c, typename Env::kernel::new_child& made,
                                 const ucontext<typename Env::model>& in, u64 own_selector) {
    const auto base = thread_pointer_of(in);
    if (base == 0) return errc::none;
    if constexpr (Env::model::word_size == 8) {
      made.set_segment_base(0, base);
      return errc::none;
    } else {
      return set_thread_segment(c, made, base, own_selector);
    }
  }
  template <class Env>
  static errc set_thread_segment(context<Env>& c, typename Env::kernel::new_child& made, u32 base, u64 own_selector) {
    i32 entry = thread_segment::entry(own_selector);
    if (entry == -1) {
      // The caller has none whose number could be used: asks which one is free, and leaves it so.
      auto found = c.perform(op::set_thread_area{}, i32{-1}, u32{0}, thread_segment::limit, thread_segment::flags);
      if (!found) return errc::nomem;
      entry = *found;
      (void)c.perform(op::set_thread_area{}, entry, u32{0}, u32{0}, thread_segment::nothing);
    }
    made.set_thread_area(entry, base, thread_segment::limit, thread_segment::flags);
    made.frame().gs = thread_segment::selector(entry);
    return errc::none;
  }
};

/// lwp_private(2): a register's base. Setting one answers the selector to load, and loads it; 64-bit code needs none and is
/// answered 0.
struct lwp_private {
  using needs = operation_list<op::set_thread_area, op::get_thread_area, op::set_segment_base, op::get_segment_base>;
  static constexpr i32 set = 0, get = 1, fs = 0, gs = 1;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 command, i32 which, u64 argument) {
    if ((which != fs && which != gs) || (command != set && command != get)) return errc::inval;
    if constexpr (Env::model::word_size == 8)
      return base_of_64_bits(c, command, which, argument);
    else
      return segment(c, command, which, argument);
  }

private:
  template <class Env>
  static reply<Env, i64> segment(context<Env>& c, i32 command, i32 which, u64 argument) {
    auto& selector = which == fs ? c.frame.fs : c.frame.gs;
    const i32 entry = thread_segment::entry(selector);
    if (command == set) {
      const auto base = static_cast<u32>(argument);
      auto made = c.perform(op::set_thread_area{}, entry, base, thread_segment::limit, thread_segment::flags);
      if (!made && entry != -1)
        made = c.perform(op::set_thread_area{}, i32{-1}, base, thread_segment::limit, thread_segment::flags);
      if (!made) return errc::nomem;
      selector = thread_segment::selector(*made);
      return static_cast<i64>(selector);
    }
    u32 base = 0, limit = 0, flags = 0;
    if (entry != -1)
      if (auto r = c.perform(op::get_thread_area{}, entry, base, limit, flags); !r) base = 0;
    const typename Env::model::pointer value{base};
    if (errc e = c.write_bytes(argument, &value, sizeof value); e != errc::none) return e;
    return i64{0};
  }
  template <class Env>
  static reply<Env, i64> base_of_64_bits(context<Env>& c, i32 command, i32 which, u64 argument) {
    const u32 number = which == fs ? 0 : 1;
    if (command == set) {
      if (auto r = c.perform(op::set_segment_base{}, number, argument); !r) return errc::inval;
      return i64{0};
    }
    auto base = c.perform(op::get_segment_base{}, number);
    if (!base) return base.error();
    const u64 value = *base;
    if (errc e = c.write_bytes(argument, &value, sizeof value); e != errc::none) return e;
    return i64{0};
  }
};

} // namespace polyabi::svr4::handlers
