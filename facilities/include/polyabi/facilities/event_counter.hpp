// A counter as an open file: what is written is added, a read takes it, and waits while it is zero (Linux' eventfd).
#pragma once

#include <polyabi/facilities/descriptor.hpp>

namespace polyabi::facilities {

/// How a counter is made.
enum class counter_flag : u8 { none, one_by_one, nonblock, cloexec, count_ };
struct counter_flags : flag_map<counter_flag> {
  static constexpr auto rows = std::to_array<flag_row>(
      {bit(counter_flag::one_by_one, 1), bit(counter_flag::nonblock, 2), bit(counter_flag::cloexec, 4)});
};
counter_flags library_map(counter_flag);

template <class K>
class event_counter final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;
  /// The largest value: a write that would pass it waits.
  static constexpr u64 limit = ~u64{0} - 1;

  /// With `one_by_one`, a read takes 1 and not all (EFD_SEMAPHORE).
  event_counter(u64 initial, bool one_by_one) : custom_file<K>{&kind_mark}, count_{initial}, one_by_one_{one_by_one} {}

  answer<K, i64> read(typename K::thread& caller, user_vector into, u32 status_flags) override {
    u64 taken = 0;
    transfer_cursor<K> to{caller, into};
    if (to.remaining() < sizeof taken) return error_of<K, errc::inval>;
    {
      const typename K::section inside;
      while (count_ == 0)
        if (auto waited = wait(caller, status_flags); !waited) return waited.error();
      taken = one_by_one_ ? 1 : count_;
      count_ -= taken;
      changed_.wake_all(writable);
    }
    if (!to.write(&taken, sizeof taken)) return error_of<K, errc::fault>;
    return i64{sizeof taken};
  }

  answer<K, i64> write(typename K::thread& caller, user_vector from, u32 status_flags) override {
    u64 added = 0;
    transfer_cursor<K> source{caller, from};
    if (source.remaining() < sizeof added) return error_of<K, errc::inval>;
    if (!source.read(&added, sizeof added)) return error_of<K, errc::fault>;
    if (added == ~u64{0}) return error_of<K, errc::inval>;
    const typename K::section inside;
    while (added > limit - count_)
      if (auto waited = wait(caller, status_flags); !waited) return waited.error();
    add(added);
    return i64{sizeof added};
  }

  /// Inside the section: what the kernel itself adds. Stays at the limit.
  void add(u64 value) {
    count_ = value > limit - count_ ? limit : count_ + value;
    if (value != 0) changed_.wake_all(readable);
  }

  u64 count() const { return count_; }
  bool one_by_one() const { return one_by_one_; }

  u16 poll(u16 events, typename K::watch* places) override {
    u32 ready = 0;
    if (count_ != 0) ready |= readable;
    if (count_ < limit) ready |= writable;
    if (places != nullptr) changed_.enter(places[0]);
    return static_cast<u16>(ready & events);
  }

  bool accepts_seek() const override { return true; }
  usize describe(char* to, usize room) const override { return copy_text("anon_inode:[eventfd]", to, room); }

  void closed() override { destroy<K>(this); }

private:
  static constexpr u16 readable = native_number<K, poll_event::in>, writable = native_number<K, poll_event::out>;

  answer<K> wait(typename K::thread& caller, u32 status_flags) {
    if ((status_flags & native_number<K, open_flag::nonblock>) != 0) return error_of<K, errc::again>;
    if (K::sleep(caller, changed_, no_deadline) == wakeup::interrupted) return K::restart_call;
    return {};
  }

  u64 count_;
  bool one_by_one_;
  typename K::wait_queue changed_;
};

/// The call that makes one.
struct make_event_counter {
  using needs = operation_list<service::custom_files>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, u32 initial, u32 flags) {
    using K = typename Env::kernel;
    auto* made = create<K, event_counter<K>>(u64{initial}, has_flag<counter_flag::one_by_one>(flags));
    if (made == nullptr) return errc::nomem;
    return give_descriptor<Env>(c, *made, has_flag<counter_flag::nonblock>(flags), has_flag<counter_flag::cloexec>(flags));
  }
};

} // namespace polyabi::facilities
