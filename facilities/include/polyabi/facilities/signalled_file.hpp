// Signals that tell of readiness: an open file that somebody owns signals its owner when there is something to read or room to
// write (fcntl(2): F_SETOWN, F_SETSIG, O_ASYNC).
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/services.hpp>

namespace polyabi::facilities {

using signalled_file_services = operation_list<service::readiness, service::signals>;

/// What is known of an open file's owner. It lives as long as the file; inside the section.
template <class K>
class signalled_file : public K::file_observer {
public:
  /// That of a file; null if it has none, or if there is no memory to make one.
  static signalled_file* find(typename K::file& target) {
    for (auto* observer = K::next_observer(target, nullptr); observer != nullptr; observer = K::next_observer(target, observer))
      if (observer->gone == &target_gone) return static_cast<signalled_file*>(observer);
    return nullptr;
  }
  static signalled_file* find_or_make(typename K::file& target) {
    if (auto* known = find(target); known != nullptr) return known;
    auto* made = create<K, signalled_file>(target);
    if (made == nullptr) return nullptr;
    made->gone = &target_gone;
    K::observe(target, *made);
    return made;
  }
  explicit signalled_file(typename K::file& target) : target_{target} {}

  /// A process, below 0 a group, 0 nobody. ESRCH.
  answer<K> give_to(typename K::thread& caller, i32 id) {
    if (id != 0) {
      auto found = K::find_signal_target(caller, id);
      if (!found) return found.error();
      whom_ = *found;
    }
    owner_ = id;
    return {};
  }
  i32 owner() const { return owner_; }
  /// The signal that is sent, 0 for the usual one, which tells no more than that something happened.
  void use_signal(i32 number) { signal_ = number; }
  i32 signal() const { return signal_; }

  /// Begins or ends to tell; `descriptor` is what a signal of its own tells of.
  void enable(bool on, i32 descriptor) {
    if (on == enabled_) return;
    enabled_ = on;
    descriptor_ = descriptor;
    for (auto& place : places_) {
      place.leave();
      place.owner = this;
      place.notify = &happened;
    }
    if (on) (void)K::poll_file(target_, told, places_);
  }

  /// Something happened that is no readiness.
  void tell(i32 descriptor) {
    if (owner_ == 0) return;
    constexpr u32 message = bit<poll_event::in> | bit<poll_event::rdnorm>;
    (void)send(native_number<K, signal_code::poll_msg>, message, descriptor);
  }

private:
  template <poll_event Event>
  static constexpr u32 bit = native_number<K, Event>;
  static constexpr u16 told = static_cast<u16>(bit<poll_event::in> | bit<poll_event::out> | bit<poll_event::pri>);

  static bool happened(typename K::watch& place, u16 events) {
    auto& self = *static_cast<signalled_file*>(place.owner);
    constexpr u16 anything = 0xffff;
    // Where nobody says what happened, it is what holds now.
    if (events == anything) events = K::poll_file(self.target_, told, nullptr);
    if (self.owner_ == 0 || events == 0) return false;
    return self.send(code_of(events), events, self.descriptor_);
  }
  bool send(i32 code, u32 band, i32 descriptor) {
    native<K, shape::siginfo> info{};
    info.signo = signal_ != 0 ? signal_ : native_number<K, polyabi::signal::io>;
    info.code = native_number<K, signal_code::kernel>;
    if (signal_ != 0) {
      info.code = code;
      info.band = band;
      info.descriptor = descriptor;
    }
    return K::signal(whom_, info);
  }
  static i32 code_of(u16 events) {
    if ((events & bit<poll_event::hup>) != 0) return native_number<K, signal_code::poll_hup>;
    if ((events & bit<poll_event::err>) != 0) return native_number<K, signal_code::poll_err>;
    if ((events & bit<poll_event::pri>) != 0) return native_number<K, signal_code::poll_pri>;
    if ((events & bit<poll_event::in>) != 0) return native_number<K, signal_code::poll_in>;
    return native_number<K, signal_code::poll_out>;
  }
  static void target_gone(typename K::file_observer& observer) { destroy<K>(static_cast<signalled_file*>(&observer)); }

  typename K::file& target_;
  typename K::signal_target whom_{};
  i32 owner_ = 0, signal_ = 0, descriptor_ = -1;
  bool enabled_ = false;
  typename K::watch places_[K::watch_places];
};

} // namespace polyabi::facilities
