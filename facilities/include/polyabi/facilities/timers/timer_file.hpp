// A timer as an open file: a read takes how often it has been due, and waits until it is (Linux' timerfd).
#pragma once

#include <polyabi/facilities/descriptor.hpp>
#include <polyabi/facilities/timers/schedule.hpp>

namespace polyabi::facilities {

/// How a timer file is made.
enum class timer_file_flag : u8 { none, nonblock, cloexec, count_ };
struct timer_file_flags : flag_map<timer_file_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(timer_file_flag::nonblock, 1), bit(timer_file_flag::cloexec, 2)});
};
timer_file_flags library_map(timer_file_flag);

template <class K>
class timer_file final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;

  timer_file(timer_base clock, i32 name) : custom_file<K>{&kind_mark}, clock_{clock}, base_{clock}, name_{name} {
    alarm_.owner = this;
    alarm_.expired = [](typename K::deadline& alarm, u64) { static_cast<alarm_of&>(alarm).owner->expired(); };
  }

  answer<K, i64> read(typename K::thread& caller, user_vector into, u32 status_flags) override {
    transfer_cursor<K> to{caller, into};
    u64 times = 0;
    if (to.remaining() < sizeof times) return error_of<K, errc::inval>;
    {
      const typename K::section inside;
      while (!is_due()) {
        if ((status_flags & native_number<K, open_flag::nonblock>) != 0) return error_of<K, errc::again>;
        if (K::sleep(caller, due_, no_deadline) == wakeup::interrupted) return K::restart_call;
      }
      times = restart();
    }
    if (!to.write(&times, sizeof times)) return error_of<K, errc::fault>;
    return i64{sizeof times};
  }

  u16 poll(u16 events, typename K::watch* places) override {
    if (places != nullptr) due_.enter(places[0]);
    return is_due() ? static_cast<u16>(readable & events) : u16{0};
  }
  void closed() override { destroy<K>(this); }
  bool accepts_seek() const override { return true; }
  usize describe(char* to, usize room) const override { return copy_text("anon_inode:[timerfd]", to, room); }

  // --- inside the section

  /// Answers what was set before: what was left of it, and its interval.
  timer_setting set(const timer_setting& to, u32 how = 0) {
    const timer_setting before = setting();
    how_ = how;
    base_ = to.absolute ? clock_ : timer_base::elapsed; // setting the clock does not move relative times
    times_ = 0;
    expired_ = false;
    schedule_.set(to, now());
    arm();
    return before;
  }
  timer_setting setting() {
    expired_ = expired_ || is_over();
    if (expired_ && schedule_.interval() != 0) times_ = restart();
    return {expired_ ? 0 : schedule_.left(now()), schedule_.interval(), false};
  }
  timer_base clock() const { return clock_; }
  /// The personality's own: its number of the clock, and the flags that it was set with.
  i32 name() const { return name_; }
  u32 how() const { return how_; }
  /// How often it has been due since it was read, as far as it has been looked at.
  u64 times() const { return times_ + (expired_ || is_over() ? 1 : 0); }

private:
  static constexpr u16 readable = native_number<K, poll_event::in>;

  struct alarm_of : K::deadline {
    timer_file* owner = nullptr;
  };

  /// The alarm may come late: who looks sees it in time.
  bool is_due() const { return expired_ || times_ != 0 || is_over(); }
  bool is_over() const { return schedule_.armed() && now() >= schedule_.due(); }
  u64 now() const { return time_on<K>(base_); }
  void arm() { K::arm(alarm_, wakes_at<K>(schedule_.due(), now())); }

  /// It is not armed again before somebody looks: nobody has to be woken who sleeps long.
  void expired() {
    if (now() < schedule_.due()) return arm(); // the time of day went back
    expired_ = true;
    due_.wake_all(readable);
  }
  /// Answers how often it has been due until now, and goes on.
  u64 restart() {
    const u64 times = times_ + schedule_.take(now());
    times_ = 0;
    expired_ = false;
    arm();
    return times;
  }

  timer_base clock_, base_;
  i32 name_;
  u32 how_ = 0;
  timer_schedule schedule_;
  bool expired_ = false;
  u64 times_ = 0; ///< due times that `setting` has come across
  alarm_of alarm_;
  typename K::wait_queue due_;
};

/// The call that makes one.
struct make_timer_file {
  using needs = operation_list<service::custom_files, service::timers>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, timer_base clock, i32 name, u32 flags) {
    using K = typename Env::kernel;
    auto* made = create<K, timer_file<K>>(clock, name);
    if (made == nullptr) return errc::nomem;
    return give_descriptor<Env>(c, *made, has_flag<timer_file_flag::nonblock>(flags), has_flag<timer_file_flag::cloexec>(flags));
  }
};

/// Does something with the timer behind a descriptor: `work(timer)` runs inside the section. EBADF, EINVAL for another file.
template <class K, class Work>
answer<K> with_timer_file(typename K::thread& caller, i32 descriptor, Work work) {
  const typename K::section inside;
  auto opened = K::file_of(caller, descriptor);
  if (!opened) return opened.error();
  auto* timer = custom_file_of<timer_file<K>>(**opened);
  if (timer == nullptr) return error_of<K, errc::inval>;
  work(*timer);
  return {};
}

} // namespace polyabi::facilities
