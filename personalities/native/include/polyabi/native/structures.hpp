// The kernel's own structures under the names that a table uses, and the proof that nothing is translated.
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/core/translate.hpp>

namespace polyabi::native_abi {

/// A structure of kernel `K`, byte for byte.
template <class K, class Shape>
struct own : native<K, Shape> {
  using shape = Shape;
};

/// What a table names: templates over the data model, which a kernel's own programs share with it.
template <class K>
struct structures {
  template <class> struct stat : own<K, shape::stat> {};
  template <class> struct statfs : own<K, shape::statfs> {};
  template <class> struct timespec : own<K, shape::timespec> {};
  template <class> struct time_pair : own<K, shape::time_pair> {};
  template <class> struct itimerval : own<K, shape::itimerval> {};
  template <class> struct flock : own<K, shape::flock> {};
  template <class> struct poll_record : own<K, shape::poll_record> {};
  template <class> struct rlimit : own<K, shape::rlimit> {};
  template <class> struct rusage : own<K, shape::rusage> {};
  template <class> struct sigaction : own<K, shape::sigaction> {};
  template <class> struct sigset : own<K, shape::sigset> {};
  template <class> struct sigstack : own<K, shape::sigstack> {};
  template <class> struct siginfo : own<K, shape::siginfo> {};
  template <class> struct termios : own<K, shape::termios> {};
  template <class> struct winsize : own<K, shape::winsize> {};
  template <class> struct identity : own<K, shape::identity> {};
  template <class> struct system_names : own<K, shape::system_names> {};
  template <class> struct system_status : own<K, shape::system_status> {};
  template <class> struct wait_request : own<K, shape::wait_request> {};
  template <class> struct wait_report : own<K, shape::wait_report> {};

  static_assert(identical<stat<lp64>, native<K, shape::stat>>);
  static_assert(identical<statfs<lp64>, native<K, shape::statfs>>);
  static_assert(identical<timespec<lp64>, native<K, shape::timespec>>);
  static_assert(identical<time_pair<lp64>, native<K, shape::time_pair>>);
  static_assert(identical<itimerval<lp64>, native<K, shape::itimerval>>);
  static_assert(identical<flock<lp64>, native<K, shape::flock>>);
  static_assert(identical<poll_record<lp64>, native<K, shape::poll_record>>);
  static_assert(identical<rlimit<lp64>, native<K, shape::rlimit>>);
  static_assert(identical<rusage<lp64>, native<K, shape::rusage>>);
  static_assert(identical<sigaction<lp64>, native<K, shape::sigaction>>);
  static_assert(identical<sigset<lp64>, native<K, shape::sigset>>);
  static_assert(identical<sigstack<lp64>, native<K, shape::sigstack>>);
  static_assert(identical<siginfo<lp64>, native<K, shape::siginfo>>);
  static_assert(identical<termios<lp64>, native<K, shape::termios>>);
  static_assert(identical<winsize<lp64>, native<K, shape::winsize>>);
  static_assert(identical<identity<lp64>, native<K, shape::identity>>);
  static_assert(identical<system_names<lp64>, native<K, shape::system_names>>);
  static_assert(identical<system_status<lp64>, native<K, shape::system_status>>);
  static_assert(identical<wait_request<lp64>, native<K, shape::wait_request>>);
  static_assert(identical<wait_report<lp64>, native<K, shape::wait_report>>);
};

/// Whether a map composed with itself leaves every number, and every flag, as it is. One number with two names keeps the first.
template <class Map>
consteval bool is_identity() {
  if constexpr (requires { Map::rows[0].mask; }) {
    using table = flag_table<Map, Map>;
    for (const auto& r : Map::rows)
      if ((r.kind == flag_class::bit || r.kind == flag_class::choice) && table::convert(r.value) != r.value) return false;
  } else {
    for (const auto& r : Map::rows)
      if (!r.one_way && number_table<Map, Map>::convert(r.number) != r.number) return false;
  }
  return true;
}

/// The proof, for every map that a table converts by.
template <class K, class... Names>
inline constexpr bool identities = (is_identity<kernel_map<K, Names>>() && ...);

template <class K>
inline constexpr bool translates_nothing =
    identities<K, errc, signal, open_flag, at_flag, fd_flag, access_check, seek_origin, protection, map_flag, poll_event,
               sigaction_flag, sigmask_how, sigstack_flag, wait_flag, wait_target, resource, clock, interval_timer, lock_kind,
               usage_of, input_mode, output_mode, control_mode, local_mode, set_attributes_when, flush_queue, flow_action>;

} // namespace polyabi::native_abi
