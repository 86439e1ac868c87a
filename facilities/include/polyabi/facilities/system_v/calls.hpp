// The calls, for any personality. What differs between them, the structures and the numbers of commands and flags, they bring.
#pragma once

#include <polyabi/facilities/system_v/message_queues.hpp>
#include <polyabi/facilities/system_v/semaphores.hpp>
#include <polyabi/facilities/system_v/shared_memory.hpp>

namespace polyabi::facilities::system_v {

using semaphore_needs = caller_needs::with<service::custom_files, service::process_attachments, op::setting>;
using segment_needs = caller_needs::with<service::custom_files, service::shared_memory, op::setting, op::get_limit>;
using queue_needs = caller_needs::with<service::custom_files, op::setting>;

/// The mode and flags of a get call, whose flags stand above the nine bits of the mode, under the personality's map.
template <class Map>
struct get_flags : arguments::takes<1> {
  using traced_as = arguments::int_;
  template <class Env>
  struct decoder {
    get_request value_;
    constexpr errc decode(context<Env>& c, const u64* w) {
      using table = total_flag_table<Map, ipc_flag_bits>;
      const u64 bits = static_cast<u32>(w[0]) & ~u64{0777};
      if (table::remarkable(bits) != 0) [[unlikely]] c.unsupported("flags", table::remarkable(bits));
      if (errc e = table::refused(bits); e != errc::none) return e;
      value_ = {static_cast<u32>(table::convert(bits)), static_cast<u32>(w[0]) & 0777};
      return errc::none;
    }
    constexpr get_request value() const { return value_; }
  };
};

namespace detail {

template <class Env, class T>
reply<Env, i64> number(const basic_result<T, errc>& answered) {
  if (!answered) return answered.error();
  return static_cast<i64>(*answered);
}
template <class Env>
reply<Env, i64> success(errc outcome) {
  if (outcome != errc::none) return outcome;
  return i64{0};
}

/// Writes a status that was answered for `control::stat` and its kin. A structure with members that have no counterpart completes
/// itself: `complete(status)`.
template <class Env, template <class> class S, class Status>
reply<Env, i64> tell(context<Env>& c, const basic_result<i32, errc>& answered, const Status& status, u64 to) {
  using foreign_type = S<typename Env::model>;
  if (!answered) return answered.error();
  foreign_type foreign{};
  if (errc e = to_foreign<typename Env::kernel>(status, foreign); e != errc::none) return e;
  if constexpr (requires { foreign.complete(status); }) foreign.complete(status);
  if (errc e = c.write(user_ptr<foreign_type>{to}, foreign); e != errc::none) return e;
  return i64{*answered};
}
/// Reads what IPC_SET is given. Only owner, group, mode and a queue's limit are looked at.
template <class Env, template <class> class S, class Status>
errc read_status(context<Env>& c, u64 from, Status& status) {
  using foreign_type = S<typename Env::model>;
  foreign_type foreign{};
  if (errc e = c.read(user_ptr<const foreign_type>{from}, foreign); e != errc::none) return e;
  (void)to_native<typename Env::kernel>(foreign, status); // what does not fit is not looked at
  if constexpr (requires { foreign.limit(); }) status.qbytes = foreign.limit();
  return errc::none;
}

/// What semctl, shmctl and msgctl have in common: IPC_RMID, IPC_SET, which `change(status)` carries out, IPC_STAT and its kin.
template <class All, template <class> class Foreign, class Status, class Env, class Change>
reply<Env, i64> control_any(context<Env>& c, const caller& who, i32 id, control what, u64 argument, Change change) {
  Status status{};
  switch (what) {
  case control::remove: return success<Env>(All::remove(who, id));
  case control::set:
    if (errc e = read_status<Env, Foreign>(c, argument, status); e != errc::none) return e;
    return success<Env>(change(status));
  case control::stat:
  case control::stat_index:
  case control::stat_any: {
    const auto answered = All::status(who, id, what, status);
    return tell<Env, Foreign>(c, answered, status, argument);
  }
  default: return errc::inval;
  }
}

} // namespace detail

// --- semaphores

struct semget {
  using needs = semaphore_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 key, i32 count, get_request request) {
    using K = typename Env::kernel;
    return detail::number<Env>(semaphores<K>::get(caller_of<K>(c.thread), limits_of<K>(c.thread, Env::personality::name), key,
                                                  count, request));
  }
};

/// `Operation` is the structure that the program gives an array of: num, op, flg.
template <template <class> class Operation>
struct semop {
  using needs = semaphore_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 id, u64 from, u64 count,
                         const native<typename Env::kernel, shape::timespec>* timeout) {
    using K = typename Env::kernel;
    using foreign = Operation<typename Env::model>;
    if (count == 0 || id < 0) return errc::inval;
    u64 most = limits{}.semopm;
    read_setting<K>(c.thread, Env::personality::name, "semopm", most);
    if (count > most) return errc::toobig;
    semaphore_operation few[16];
    const kernel_array<K, semaphore_operation> many{count > std::size(few) ? static_cast<usize>(count) : 0};
    if (count > std::size(few) && !many) return errc::nomem;
    const std::span<semaphore_operation> all{count > std::size(few) ? many.data() : few, static_cast<usize>(count)};
    for (usize i = 0; i < all.size(); ++i)
      if (errc e = c.read_native(user_ptr<const foreign>{from}.at(i), all[i]); e != errc::none) return e;
    u64 until = no_deadline;
    if (timeout != nullptr) {
      if (timeout->sec < 0 || timeout->nsec < 0 || timeout->nsec > 999'999'999) return errc::inval;
      constexpr i64 years = i64{1} << 33; // longer is for ever
      if (timeout->sec < years)
        until = K::monotonic_time() + static_cast<u64>(timeout->sec) * 1'000'000'000 + static_cast<u64>(timeout->nsec);
    }
    if (errc e = semaphores<K>::operate(c.thread, caller_of<K>(c.thread), id, all, until); e != errc::none) return e;
    return done{};
  }
};

/// semctl(2) of single values and of all, which does not depend on how a status is laid out.
template <class Env>
[[gnu::noinline]] reply<Env, i64> control_values(context<Env>& c, const caller& who, i32 id, i32 number, control what, u64 argument) {
  using K = typename Env::kernel;
  using all = semaphores<K>;
  using value_type = typename Env::model::u16;
  if (what == control::set_value)
    return detail::success<Env>(all::set_value(who, id, number, static_cast<i32>(static_cast<u32>(argument))));
  if (what != control::get_all && what != control::set_all) return detail::number<Env>(all::ask(who, id, number, what));
  const auto count = all::count(who, id, what == control::get_all ? wanted::read : wanted::write);
  if (!count) return count.error();
  const kernel_array<K, u16> values{*count};
  if (!values) return errc::nomem;
  static_assert(sizeof(value_type) == sizeof(u16));
  const usize size = *count * sizeof(u16);
  if (what == control::set_all) {
    if (errc e = c.read_bytes(argument, values.data(), size); e != errc::none) return e;
    return detail::success<Env>(all::set_all(who, id, values.all()));
  }
  if (errc e = all::get_all(who, id, values.all()); e != errc::none) return e;
  return detail::success<Env>(c.write_bytes(argument, values.data(), size));
}

/// semctl(2) but for what it tells of limits and use. `argument` is the union, by value.
template <template <class> class Status, class Env>
[[gnu::noinline]] reply<Env, i64> control_semaphores(context<Env>& c, i32 id, i32 number, control what, u64 argument) {
  using K = typename Env::kernel;
  using all = semaphores<K>;
  const caller who = caller_of<K>(c.thread);
  switch (what) {
  case control::get_value:
  case control::get_pid:
  case control::get_waiting:
  case control::get_waiting_for_zero:
  case control::set_value:
  case control::get_all:
  case control::set_all: return control_values(c, who, id, number, what, argument);
  default:
    return detail::control_any<all, Status, semaphore_status>(
        c, who, id, what, argument, [&](const semaphore_status& to) { return all::change(who, id, to.perm); });
  }
}

// --- shared memory

struct shmget {
  using needs = segment_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 key, u64 size, get_request request) {
    using K = typename Env::kernel;
    return detail::number<Env>(segments<K>::get(caller_of<K>(c.thread), limits_of<K>(c.thread, Env::personality::name), key, size,
                                                request));
  }
};

struct shmat {
  using needs = segment_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, i32 id, u64 address, u32 flags) {
    using K = typename Env::kernel;
    return segments<K>::attach(c.thread, caller_of<K>(c.thread), id, address, flags);
  }
};

struct shmdt {
  using needs = segment_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address) {
    if (errc e = segments<typename Env::kernel>::detach(c.thread, address); e != errc::none) return e;
    return done{};
  }
};

/// shmctl(2) but for what it tells of limits and use.
template <template <class> class Status, class Env>
[[gnu::noinline]] reply<Env, i64> control_segments(context<Env>& c, i32 id, control what, u64 argument) {
  using K = typename Env::kernel;
  using all = segments<K>;
  const caller who = caller_of<K>(c.thread);
  switch (what) {
  case control::lock:
  case control::unlock: {
    native<K, shape::rlimit> limit{};
    const bool may_lock =
        static_cast<bool>(c.perform(op::get_limit{}, native_number<K, resource::memlock>, limit)) && limit.cur != 0;
    return detail::success<Env>(all::lock(who, id, what == control::lock, may_lock));
  }
  default:
    return detail::control_any<all, Status, segment_status>(
        c, who, id, what, argument, [&](const segment_status& to) { return all::change(who, id, to.perm); });
  }
}

// --- message queues

struct msgget {
  using needs = queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 key, get_request request) {
    using K = typename Env::kernel;
    return detail::number<Env>(
        message_queues<K>::get(caller_of<K>(c.thread), limits_of<K>(c.thread, Env::personality::name), key, request));
  }
};

/// A message in user memory is its type, a long, and its bytes.
struct msgsnd {
  using needs = queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 id, u64 from, u64 size, u32 flags) {
    using K = typename Env::kernel;
    using word = typename Env::model::slong;
    u64 most = limits{}.msgmax;
    read_setting<K>(c.thread, Env::personality::name, "msgmax", most);
    word type{};
    if (errc e = c.read(user_ptr<const word>{from}, type); e != errc::none) return e;
    if (size > most || id < 0 || static_cast<i64>(type) < 1) return errc::inval;
    auto made = owned_message<K>::make(static_cast<i64>(type), static_cast<usize>(size));
    if (!made) return errc::nomem;
    if (errc e = c.read_bytes(from + sizeof type, made->bytes(), made->size); e != errc::none) return e;
    if (errc e = message_queues<K>::send(c.thread, caller_of<K>(c.thread), id, std::move(made), flags); e != errc::none) return e;
    return done{};
  }
};

struct msgrcv {
  using needs = queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, u64 to, u64 size, i64 type, u32 flags) {
    using K = typename Env::kernel;
    using word = typename Env::model::slong;
    const i64 largest = Env::model::word_size == 4 ? 0x7fffffff : 0x7fffffffffffffff;
    if (id < 0 || size > static_cast<u64>(largest)) return errc::inval;
    auto taken = message_queues<K>::receive(c.thread, caller_of<K>(c.thread), id, size, type, flags);
    if (!taken) return taken.error();
    const message& m = **taken;
    const usize told = m.size < size ? m.size : static_cast<usize>(size);
    const word foreign_type{static_cast<typename word::value_type>(m.type)};
    if (errc e = c.write(user_ptr<word>{to}, foreign_type); e != errc::none) return e;
    if (errc e = c.write_bytes(to + sizeof foreign_type, (*taken)->bytes(), told); e != errc::none) return e;
    return static_cast<i64>(told);
  }
};

/// msgctl(2) but for what it tells of limits and use.
template <template <class> class Status, class Env>
[[gnu::noinline]] reply<Env, i64> control_queues(context<Env>& c, i32 id, control what, u64 argument) {
  using K = typename Env::kernel;
  using all = message_queues<K>;
  const caller who = caller_of<K>(c.thread);
  return detail::control_any<all, Status, queue_status>(c, who, id, what, argument, [&](const queue_status& to) {
    return all::change(who, limits_of<K>(c.thread, Env::personality::name), id, to.perm, to.qbytes);
  });
}

} // namespace polyabi::facilities::system_v
