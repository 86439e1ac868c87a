// Signals read from an open file (Linux' signalfd): those of a set that are pending for whoever reads.
#pragma once

#include <polyabi/facilities/descriptor.hpp>

namespace polyabi::facilities {

/// How a signal file is made.
enum class signal_file_flag : u8 { none, nonblock, cloexec, count_ };
struct signal_file_flags : flag_map<signal_file_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(signal_file_flag::nonblock, 1), bit(signal_file_flag::cloexec, 2)});
};
signal_file_flags library_map(signal_file_flag);

/// `Record` is what a read gives for a signal: the personality's own, with a static `of<K>(const native<K, shape::siginfo>&)`.
template <class K, class Record>
class signal_file final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;
  using set = native<K, shape::sigset>;

  explicit signal_file(const set& signals) : custom_file<K>{&kind_mark}, signals_{signals} {}

  /// As many as there are and as fit; it waits for the first.
  answer<K, i64> read(typename K::thread& caller, user_vector into, u32 status_flags) override {
    transfer_cursor<K> to{caller, into};
    if (to.remaining() < sizeof(Record)) return error_of<K, errc::inval>;
    while (to.remaining() >= sizeof(Record)) {
      native<K, shape::siginfo> taken{};
      const auto got = take(caller, taken, to.transferred() != 0, status_flags);
      if (!got) return got.error();
      if (!*got) break;
      const Record record = Record::template of<K>(taken);
      if (to.write(&record, sizeof record)) continue;
      if (to.transferred() < sizeof record) return error_of<K, errc::fault>;
      break;
    }
    return static_cast<i64>(to.transferred() / sizeof(Record) * sizeof(Record));
  }

  u16 poll(u16 events, typename K::watch* places) override {
    typename K::thread& caller = K::caller();
    if (places != nullptr) K::signals_arrived(caller).enter(places[0]);
    return K::is_pending(caller, signals_) ? static_cast<u16>(native_number<K, poll_event::in> & events) : u16{0};
  }
  void closed() override { destroy<K>(this); }
  bool accepts_seek() const override { return true; }
  usize describe(char* to, usize room) const override { return copy_text("anon_inode:[signalfd]", to, room); }

  /// Inside the section.
  void change(typename K::thread& caller, const set& signals) {
    signals_ = signals;
    K::signals_arrived(caller).wake_all();
  }
  const set& signals() const { return signals_; }

private:
  answer<K, bool> take(typename K::thread& caller, native<K, shape::siginfo>& taken, bool only_now, u32 status_flags) {
    const typename K::section inside;
    for (;;) {
      if (K::take_signal(caller, signals_, taken)) return true;
      if (only_now) return false;
      if ((status_flags & native_number<K, open_flag::nonblock>) != 0) return error_of<K, errc::again>;
      if (K::sleep(caller, K::signals_arrived(caller), no_deadline) == wakeup::interrupted) return K::restart_call;
    }
  }

  set signals_;
};

/// A new signal file.
template <class Env, class Record>
reply<Env, typename Env::kernel::new_descriptor> make_signal_file(context<Env>& c,
                                                                  const native<typename Env::kernel, shape::sigset>& signals,
                                                                  u32 flags) {
  using K = typename Env::kernel;
  auto* made = create<K, signal_file<K, Record>>(signals);
  if (made == nullptr) return errc::nomem;
  return give_descriptor<Env>(c, *made, has_flag<signal_file_flag::nonblock>(flags), has_flag<signal_file_flag::cloexec>(flags));
}

/// Gives one that is there another set. EBADF, EINVAL for another file.
template <class K, class Record>
answer<K> change_signal_file(typename K::thread& caller, i32 descriptor, const native<K, shape::sigset>& signals) {
  const typename K::section inside;
  auto opened = K::file_of(caller, descriptor);
  if (!opened) return opened.error();
  auto* file = custom_file_of<signal_file<K, Record>>(**opened);
  if (file == nullptr) return error_of<K, errc::inval>;
  file->change(caller, signals);
  return {};
}

using signal_file_services = operation_list<service::custom_files, service::pending_signals>;

} // namespace polyabi::facilities
