// Robust lists: the locks that a thread holds, as it tells of them, for the case that it dies (Documentation/locking/robust-futexes).
#pragma once

#include <polyabi/facilities/futex/locks.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/handlers/kept_words.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

/// A list that goes on longer is not believed (ROBUST_LIST_LIMIT).
inline constexpr u32 robust_list_limit = 2048;

/// The locks of a thread that ends, or becomes another program, are released to those who wait for them. Bit 0 of an entry's address
/// says that it is a lock with an owner (PI).
template <class Env>
void thread_ends(typename Env::kernel::thread& ending) {
  using K = typename Env::kernel;
  using M = typename Env::model;
  using word = typename M::ulong;
  const auto own = polyabi::perform<K>(op::gettid{}, ending);
  const auto kept = polyabi::perform<K>(op::thread_words{}, ending);
  if (!own || !kept) return;
  const u32 number = static_cast<u32>(*own);
  const u64 head_at = (*kept)[thread_word::robust_list];
  robust_list_head<M> head{};
  if (head_at != 0 && K::copy_in(ending, &head, head_at, sizeof head)) {
    const i64 offset = head.futex_offset;
    const auto release = [&](u64 entry, bool pending) {
      const u64 lock = (entry & ~u64{1}) + static_cast<u64>(offset);
      facilities::futex::release_of_the_dead<K>(ending, number, M::word_size == 4 ? static_cast<u32>(lock) : lock, (entry & 1) != 0,
                                                pending);
    };
    const u64 pending = head.list_op_pending;
    u64 entry = head.list;
    for (u32 i = 0; i < robust_list_limit && (entry & ~u64{1}) != head_at; ++i) {
      // Whoever gets the lock may take its entry away.
      word next{};
      const bool known = K::copy_in(ending, &next, entry & ~u64{1}, sizeof next);
      if ((entry & ~u64{1}) != (pending & ~u64{1})) release(entry, false);
      if (!known) break;
      entry = next;
    }
    if (pending != 0) release(pending, true);
  }
  const typename K::section inside;
  facilities::futex::lock_place<K>::owner_ended(number);
}

struct set_robust_list {
  using needs = operation_list<op::thread_words, op::gettid, service::user_words>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 head, u64 size) {
    using K = typename Env::kernel;
    if (size != sizeof(robust_list_head<typename Env::model>)) return errc::inval;
    auto words = c.perform(op::thread_words{});
    if (!words) return words.error();
    (*words)[thread_word::robust_list] = head;
    const auto own = c.perform(op::gettid{});
    if (!own) return own.error();
    const typename K::section inside;
    (void)K::at_thread_end(*own, &thread_ends<Env>);
    return done{};
  }
};

struct get_robust_list {
  using needs = operation_list<op::thread_words, op::gettid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, u64 head, u64 size) {
    auto self = c.perform(op::gettid{});
    if (!self) return self.error();
    if (pid != 0 && pid != *self) {
      if constexpr (provides<typename Env::kernel, op::get_inherited_words>())
        if (u64 none; !c.perform(op::get_inherited_words{}, pid, std::span<u64>{&none, 0})) return errc::srch;
      return errc::perm;
    }
    auto words = c.perform(op::thread_words{});
    if (!words) return words.error();
    using word = typename Env::model::ulong;
    const word bytes = static_cast<typename word::value_type>(sizeof(robust_list_head<typename Env::model>));
    const word list = static_cast<typename word::value_type>((*words)[thread_word::robust_list]);
    if (errc e = c.write(user_ptr<word>{size}, bytes); e != errc::none) return e;
    if (errc e = c.write(user_ptr<word>{head}, list); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
