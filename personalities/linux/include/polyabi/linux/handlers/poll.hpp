// poll and select, over the kernel's poll.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/files.hpp>
#include <polyabi/linux/structures/signals.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// Descriptors that one call can wait for. The records lie on the kernel's stack.
inline constexpr usize poll_limit = 1024;

/// A moment from which a timeout counts, to tell a program what is left of it.
template <class Env>
struct remaining_time {
  using timespec_type = native<typename Env::kernel, shape::timespec>;
  timespec_type limit{}, start{};

  errc begin(context<Env>& c) { return now(c, start); }

  timespec_type left(context<Env>& c) {
    timespec_type end{};
    if (now(c, end) != errc::none) return limit;
    timespec_type rest{limit.sec - (end.sec - start.sec), limit.nsec - (end.nsec - start.nsec)};
    while (rest.nsec < 0) {
      rest.nsec += 1'000'000'000;
      --rest.sec;
    }
    while (rest.nsec > 999'999'999) {
      rest.nsec -= 1'000'000'000;
      ++rest.sec;
    }
    return rest.sec < 0 ? timespec_type{} : rest;
  }

private:
  static errc now(context<Env>& c, timespec_type& out) {
    return c.perform(op::clock_get{}, native_number<typename Env::kernel, clock::monotonic>, out) ? errc::none : errc::inval;
  }
};

using needed_by_poll = operation_list<op::poll, op::clock_get>;

/// poll(2) takes as many records as a process may have descriptors.
inline constexpr u32 most_polled = 65536;

/// What a call needs for each of its records: on the stack if they are few, else in the kernel's memory.
template <class K, class T>
class call_array {
public:
  explicit call_array(usize count) : count_{count} {
    if (count <= few) return;
    all_ = static_cast<T*>(K::allocate(count * sizeof(T)));
    for (usize i = 0; all_ != nullptr && i < count; ++i) ::new (all_ + i) T{};
  }
  ~call_array() {
    if (count_ > few && all_ != nullptr) K::deallocate(all_, count_ * sizeof(T));
  }
  call_array(const call_array&) = delete;
  call_array& operator=(const call_array&) = delete;
  explicit operator bool() const { return all_ != nullptr; }
  T& operator[](usize i) { return all_[i]; }
  std::span<T> all() { return {all_, count_}; }

private:
  static constexpr usize few = 256;
  T few_[few];
  usize count_;
  T* all_ = few_;
};

/// Reads the records, waits, and writes what has happened back into each.
template <class Env>
reply<Env, i64> poll_records(context<Env>& c, u64 at, u32 count, const native<typename Env::kernel, shape::timespec>* timeout,
                             const native<typename Env::kernel, shape::sigset>* mask) {
  using K = typename Env::kernel;
  using record = pollfd<typename Env::model>;
  if (count > most_polled) return errc::inval;
  call_array<K, native<K, shape::poll_record>> records{count};
  call_array<K, u16> wanted{count};
  if (!records || !wanted) return errc::nomem;
  for (u32 i = 0; i < count; ++i) {
    record one{};
    if (errc e = c.read(user_ptr<record>{at}.at(i), one); e != errc::none) return e;
    if (errc e = to_native<K>(one, records[i]); e != errc::none) return e;
    records[i].revents = 0;
    wanted[i] = one.events.raw;
  }
  auto ready = c.perform(op::poll{}, records.all(), timeout, mask);
  if (!ready) return ready.error();
  constexpr u16 always = 8 | 0x10 | 0x20; // POLLERR, POLLHUP, POLLNVAL
  using events = shown_flag_table<kernel_map<K, poll_event>, poll_events>;
  for (u32 i = 0; i < count; ++i) {
    // One event of the kernel may be two of ours (POLLOUT, POLLWRNORM): only what was asked for is told.
    const auto happened = static_cast<u16>(events::convert(records[i].revents) & (wanted[i] | always));
    const typename Env::model::u16 word = happened;
    if (errc e = c.write(user_ptr<typename Env::model::u16>{at + i * sizeof(record) + 6}, word); e != errc::none) return e;
  }
  return i64{*ready};
}

/// The three sets of select as poll records.
template <class Env>
struct descriptor_sets {
  using K = typename Env::kernel;
  static constexpr usize word_bits = Env::model::word_size * 8;

  context<Env>& c;
  u64 at[3]; ///< readable, writable, exceptional
  u32 size;  ///< descriptors looked at
  u8 bits[3][poll_limit / 8]{};
  native<K, shape::poll_record> records[poll_limit]{};
  usize count = 0;

  usize bytes() const { return (size + word_bits - 1) / word_bits * Env::model::word_size; }
  bool has(int set, u32 descriptor) const { return (bits[set][descriptor / 8] >> (descriptor % 8) & 1) != 0; }

  errc read() {
    for (int s = 0; s < 3; ++s)
      if (at[s] != 0)
        if (errc e = c.read_bytes(at[s], bits[s], bytes()); e != errc::none) return e;
    constexpr u32 wanted[3] = {native_number<typename Env::kernel, poll_event::in> | native_number<typename Env::kernel, poll_event::rdnorm> |
                                   native_number<typename Env::kernel, poll_event::rdband>,
                               native_number<typename Env::kernel, poll_event::out> | native_number<typename Env::kernel, poll_event::wrnorm> |
                                   native_number<typename Env::kernel, poll_event::wrband>,
                               native_number<typename Env::kernel, poll_event::pri>};
    for (u32 d = 0; d < size; ++d) {
      u32 events = 0;
      for (int s = 0; s < 3; ++s)
        if (has(s, d)) events |= wanted[s];
      if (events == 0) continue;
      auto& r = records[count++];
      r.fd = static_cast<i32>(d);
      r.events = static_cast<decltype(r.events)>(events);
      r.revents = 0;
    }
    return errc::none;
  }

  /// Answers how many bits are set in all sets together.
  errc write(i64& total) {
    constexpr u32 error = native_number<typename Env::kernel, poll_event::err>, hang_up = native_number<typename Env::kernel, poll_event::hup>,
                  invalid = native_number<typename Env::kernel, poll_event::nval>;
    constexpr u32 shows[3] = {native_number<typename Env::kernel, poll_event::in> | native_number<typename Env::kernel, poll_event::rdnorm> |
                                  native_number<typename Env::kernel, poll_event::rdband> | hang_up | error,
                              native_number<typename Env::kernel, poll_event::out> | native_number<typename Env::kernel, poll_event::wrnorm> |
                                  native_number<typename Env::kernel, poll_event::wrband> | error,
                              native_number<typename Env::kernel, poll_event::pri>};
    u8 result[3][poll_limit / 8]{};
    total = 0;
    for (usize i = 0; i < count; ++i) {
      const u32 happened = records[i].revents;
      if ((happened & invalid) != 0) return errc::badf;
      const auto d = static_cast<u32>(records[i].fd);
      for (int s = 0; s < 3; ++s)
        if (has(s, d) && (happened & shows[s]) != 0) {
          result[s][d / 8] = static_cast<u8>(result[s][d / 8] | 1 << (d % 8));
          ++total;
        }
    }
    for (int s = 0; s < 3; ++s)
      if (at[s] != 0)
        if (errc e = c.write_bytes(at[s], result[s], bytes()); e != errc::none) return e;
    return errc::none;
  }
};

template <class Env>
reply<Env, i64> select_sets(context<Env>& c, i32 count, u64 readable, u64 writable, u64 exceptional,
                            const native<typename Env::kernel, shape::timespec>* timeout,
                            const native<typename Env::kernel, shape::sigset>* mask) {
  if (count < 0) return errc::inval;
  if (static_cast<usize>(count) > poll_limit) count = static_cast<i32>(poll_limit);
  descriptor_sets<Env> sets{c, {readable, writable, exceptional}, static_cast<u32>(count)};
  if (errc e = sets.read(); e != errc::none) return e;
  auto ready = c.perform(op::poll{}, std::span{sets.records, sets.count}, timeout, mask);
  if (!ready) return ready.error();
  i64 total = 0;
  if (errc e = sets.write(total); e != errc::none) return e;
  return total;
}

} // namespace detail

struct poll {
  using needs = detail::needed_by_poll;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 at, u32 count, i32 milliseconds) {
    native<typename Env::kernel, shape::timespec> timeout{milliseconds / 1000, i64{milliseconds % 1000} * 1'000'000};
    return detail::poll_records(c, at, count, milliseconds < 0 ? nullptr : &timeout, nullptr);
  }
};

struct ppoll {
  using needs = detail::needed_by_poll;
  template <class Env, class Time>
  static reply<Env, i64> call(context<Env>& c, u64 at, u32 count, user_ptr<Time> timeout,
                              const native<typename Env::kernel, shape::sigset>* mask, u64 mask_size) {
    if (mask != nullptr && mask_size != 8) return errc::inval;
    detail::remaining_time<Env> time;
    if (timeout) {
      if (errc e = c.read_native(timeout, time.limit); e != errc::none) return e;
      if (time.limit.sec < 0 || time.limit.nsec < 0 || time.limit.nsec > 999'999'999) return errc::inval;
      if (errc e = time.begin(c); e != errc::none) return e;
    }
    auto answered = detail::poll_records(c, at, count, timeout ? &time.limit : nullptr, mask);
    if (timeout) (void)c.write_foreign(timeout, time.left(c)); // a timeout in read-only memory is no error
    return answered;
  }
};

struct select {
  using needs = detail::needed_by_poll;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 count, u64 readable, u64 writable, u64 exceptional,
                              user_ptr<timeval<typename Env::model>> timeout) {
    using K = typename Env::kernel;
    detail::remaining_time<Env> time;
    if (timeout) {
      native<K, shape::timeval> given{};
      if (errc e = c.read_native(timeout, given); e != errc::none) return e;
      if (given.sec < 0 || given.usec < 0) return errc::inval;
      // More than a second of microseconds is allowed here.
      time.limit = {given.sec + given.usec / 1'000'000, given.usec % 1'000'000 * 1000};
      if (errc e = time.begin(c); e != errc::none) return e;
    }
    auto answered = detail::select_sets(c, count, readable, writable, exceptional, timeout ? &time.limit : nullptr, nullptr);
    if (timeout) {
      const auto left = time.left(c);
      (void)c.write_foreign(timeout, native<K, shape::timeval>{left.sec, left.nsec / 1000});
    }
    return answered;
  }
};

struct old_select {
  using needs = detail::needed_by_poll;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<select_arguments<typename Env::model>> at) {
    select_arguments<typename Env::model> a{};
    if (errc e = c.read(at, a); e != errc::none) return e;
    return select::call(c, static_cast<i32>(a.count), u64{a.read}, u64{a.write}, u64{a.exceptional},
                        user_ptr<timeval<typename Env::model>>{u64{a.timeout}});
  }
};

struct pselect {
  using needs = detail::needed_by_poll;
  template <class Env, class Time>
  static reply<Env, i64> call(context<Env>& c, i32 count, u64 readable, u64 writable, u64 exceptional, user_ptr<Time> timeout,
                              user_ptr<sized_sigset<typename Env::model>> at) {
    using K = typename Env::kernel;
    native<K, shape::sigset> mask{};
    bool masked = false;
    if (at) {
      sized_sigset<typename Env::model> given{};
      if (errc e = c.read(at, given); e != errc::none) return e;
      if (given.mask != 0) {
        if (given.size != 8) return errc::inval;
        if (errc e = c.read_native(user_ptr<sigset<typename Env::model>>{u64{given.mask}}, mask); e != errc::none) return e;
        masked = true;
      }
    }
    detail::remaining_time<Env> time;
    if (timeout) {
      if (errc e = c.read_native(timeout, time.limit); e != errc::none) return e;
      if (time.limit.sec < 0 || time.limit.nsec < 0 || time.limit.nsec > 999'999'999) return errc::inval;
      if (errc e = time.begin(c); e != errc::none) return e;
    }
    auto answered = detail::select_sets(c, count, readable, writable, exceptional, timeout ? &time.limit : nullptr,
                                        masked ? &mask : nullptr);
    if (timeout) (void)c.write_foreign(timeout, time.left(c));
    return answered;
  }
};

} // namespace polyabi::linux_abi::handlers
