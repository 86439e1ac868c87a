// The timers of a process (POSIX timer_create), which send it signals. They end with its program.
#pragma once

#include <polyabi/facilities/hash_table.hpp>
#include <polyabi/facilities/timers/schedule.hpp>

namespace polyabi::facilities {

/// Whom a timer tells.
struct timer_notice {
  i32 signal = 0; ///< the kernel's number; 0: nobody
  i32 thread = 0; ///< a thread of the process, 0 for any
  u64 value = 0;
  bool value_is_number = false; ///< the value is the timer's own number
};

template <class K>
class process_timers;

/// One timer. A signal of it that has not been taken yet counts what it misses (an overrun). Inside the section.
template <class K>
class process_timer : K::deadline, K::signal_source {
public:
  process_timer* next_in_bucket = nullptr;
  i32 number = 0;

  process_timer(typename K::process& owner, timer_base clock, i32 counted_thread, const timer_notice& notice)
      : owner_{owner}, clock_{clock}, base_{clock}, counted_thread_{counted_thread}, notice_{notice} {
    K::deadline::expired = [](typename K::deadline& alarm, u64) { static_cast<process_timer&>(alarm).expired(); };
    K::signal_source::left = [](typename K::signal_source& source, native<K, shape::siginfo>* taken) {
      static_cast<process_timer&>(source).left(taken);
    };
  }
  ~process_timer() { K::withdraw(owner_, *this); }

  number_key key() const { return {static_cast<u32>(number)}; }

  /// Answers what was set before. A signal that has not been taken is taken back.
  timer_setting set(const timer_setting& to) {
    const timer_setting before = setting();
    K::withdraw(owner_, *this);
    base_ = to.absolute || clock_ == timer_base::processor ? clock_ : timer_base::elapsed;
    schedule_.set(to, now());
    arm();
    return before;
  }
  /// What is left, and the interval.
  timer_setting setting() {
    const u64 time = now();
    // Nobody waits for the signal: it is due again in the future.
    timer_schedule seen = schedule_;
    if (seen.interval() != 0 || notice_.signal == 0) (void)seen.take(time);
    return {K::is_raised(*this) && seen.interval() == 0 ? 0 : seen.left(time), seen.interval(), false};
  }
  /// Overruns of the signal that was taken last.
  i32 overrun() const { return last_overrun_; }

private:
  /// A signal that nobody takes (it is ignored) is not sent more often.
  static constexpr u64 ignored_interval = 10'000'000;
  /// Processor time is not looked at more often.
  static constexpr u64 finest_count = 1'000'000;

  u64 now() const {
    return base_ == timer_base::processor ? K::processor_time(owner_, counted_thread_) : time_on<K>(base_);
  }
  void arm() {
    if (notice_.signal == 0) return;
    const u64 time = now();
    u64 due = schedule_.due();
    if (due == no_deadline) return K::arm(*this, no_deadline);
    // How fast processor time passes is not known.
    if (base_ == timer_base::processor && due < time + finest_count) due = time + finest_count;
    K::arm(*this, wakes_at<K>(due, time));
  }

  void expired() {
    if (now() < schedule_.due()) return arm();
    auto& details = K::signal_source::info;
    details = {};
    details.signo = notice_.signal;
    details.code = native_number<K, signal_code::timer>;
    details.timer = number;
    details.value = notice_.value_is_number ? static_cast<u32>(number) : notice_.value;
    if (K::raise(owner_, notice_.thread, *this)) return; // goes on when the signal is taken
    (void)schedule_.take(now());
    if (schedule_.armed() && schedule_.interval() < ignored_interval && base_ != timer_base::processor)
      K::arm(*this, wakes_at<K>(now() + ignored_interval, now()));
    else
      arm();
  }
  void left(native<K, shape::siginfo>* taken) {
    constexpr u64 most = 0x7fffffff;
    const u64 times = schedule_.take(now());
    const u64 missed = times > 0 ? times - 1 : 0;
    if (taken != nullptr) taken->overrun = last_overrun_ = static_cast<i32>(missed < most ? missed : most);
    arm();
  }

  typename K::process& owner_;
  timer_base clock_, base_;
  i32 counted_thread_;
  timer_notice notice_;
  timer_schedule schedule_;
  i32 last_overrun_ = 0;
};

/// All timers of a process.
template <class K>
class process_timers : K::process_attachment {
public:
  using timer = process_timer<K>;

  /// Those of the process; with `make`, made if there are none yet. Null: none, or out of memory.
  static process_timers* of(typename K::process& owner, bool make) {
    if (auto* known = K::attachment_of(owner, &kind_mark)) return static_cast<process_timers*>(known);
    auto* made = make ? create<K, process_timers>() : nullptr;
    if (made == nullptr) return nullptr;
    made->kind = &kind_mark;
    made->ended = made->executed = [](typename K::process_attachment& a) { destroy<K>(static_cast<process_timers*>(&a)); };
    K::attach(owner, *made);
    return made;
  }
  process_timers() = default;
  ~process_timers() {
    timers_.drain([](timer& t) { destroy<K>(&t); });
  }

  timer* find(i32 number) const { return number < 0 ? nullptr : timers_.find({static_cast<u32>(number)}); }
  /// Null: out of memory.
  timer* add(typename K::process& owner, timer_base clock, i32 counted_thread, const timer_notice& notice) {
    auto* made = create<K, timer>(owner, clock, counted_thread, notice);
    if (made == nullptr) return nullptr;
    while (timers_.find({static_cast<u32>(next_number_)}) != nullptr) next_number_ = after(next_number_);
    made->number = next_number_;
    next_number_ = after(next_number_);
    if (timers_.insert(*made)) return made;
    destroy<K>(made);
    return nullptr;
  }
  void remove(timer& gone) {
    timers_.remove(gone);
    destroy<K>(&gone);
  }
  usize size() const { return timers_.size(); }

private:
  static constexpr char kind_mark = 0;
  static constexpr i32 after(i32 number) { return number == 0x7fffffff ? 0 : number + 1; }

  hash_table<K, timer, number_key> timers_;
  i32 next_number_ = 0;
};

using process_timer_services = operation_list<service::custom_files, service::timers, service::signal_sources,
                                              service::processor_times, service::process_attachments>;

/// Does something with a timer of the calling process, inside the section: `work(timer)`. EINVAL if there is none of this number.
template <class K, class Work>
answer<K> with_process_timer(typename K::thread& caller, i32 number, Work work) {
  const typename K::section inside;
  auto* timers = process_timers<K>::of(K::process_of(caller), false);
  auto* timer = timers != nullptr ? timers->find(number) : nullptr;
  if (timer == nullptr) return error_of<K, errc::inval>;
  work(*timers, *timer);
  return {};
}

} // namespace polyabi::facilities
