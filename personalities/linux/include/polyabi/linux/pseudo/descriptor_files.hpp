// /proc/PID/fdinfo: what every open file has, and what the library's own files tell of themselves (proc_pid_fdinfo(5)).
#pragma once

#include <polyabi/facilities/event_counter.hpp>
#include <polyabi/facilities/interest/list.hpp>
#include <polyabi/facilities/process_file.hpp>
#include <polyabi/facilities/signal_file.hpp>
#include <polyabi/facilities/timers/timer_file.hpp>
#include <polyabi/facilities/vnode_events/queue.hpp>
#include <polyabi/linux/event_flags.hpp>
#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/pseudo/common.hpp>
#include <polyabi/linux/structures/events.hpp>

namespace polyabi::linux_abi::proc {

namespace detail {

template <class K>
void tell_timer(text_sink& to, facilities::timer_file<K>& timer) {
  constexpr u64 second = 1'000'000'000;
  const u64 ticks_before = timer.times();
  const facilities::timer_setting now = timer.setting();
  to << "clockid: " << timer.name() << "\nticks: " << ticks_before << "\nsettime flags: 0" << octal{timer.how()} << "\nit_value: ("
     << now.first / second << ", " << now.first % second << ")\nit_interval: (" << now.interval / second << ", "
     << now.interval % second << ")\n";
}

/// The files that have something to tell under the section; what else is asked of them comes after it.
template <class K>
void tell_of_itself(text_sink& to, typename K::file& opened) {
  using namespace facilities;
  if (auto* counter = custom_file_of<event_counter<K>>(opened); counter != nullptr) {
    to << "eventfd-count: ";
    char digits[20];
    text_sink number{digits};
    number << hex{counter->count()};
    to.fill(number.text().size() < 16 ? 16 - number.text().size() : 0) << number.text() << "\neventfd-semaphore: " << u32{counter->one_by_one()}
       << '\n';
  } else if (auto* timer = custom_file_of<timer_file<K>>(opened); timer != nullptr) {
    tell_timer(to, *timer);
  } else if (auto* signals = custom_file_of<signal_file<K, signalfd_siginfo>>(opened); signals != nullptr) {
    to << "sigmask:\t" << hex{linux_signals<K>(signals->signals()), 16} << '\n';
  } else if (auto* process = custom_file_of<process_file<K>>(opened); process != nullptr) {
    const i32 id = K::id_of(process->process()), told = id != 0 ? id : -1; // it has been waited for
    to << "Pid:\t" << told << "\nNSpid:\t" << told << '\n';
  }
}

/// What an interest list watches, as many as there is room for: the open files themselves are asked afterwards.
struct watched_descriptor {
  i32 descriptor;
  u32 events;
  u64 data;
};

template <class K>
void write_watched(text_sink& to, const pseudo_context<K>& c, const watched_descriptor& one) {
  i64 position = 0;
  u32 flags = 0;
  native<K, shape::stat> status{};
  (void)polyabi::perform<K>(op::descriptor_info{}, c.reader, c.process, one.descriptor, position, flags, status);
  const auto right = [&](auto value, usize width) {
    char digits[24];
    text_sink number{digits};
    number << value;
    to.fill(number.text().size() < width ? width - number.text().size() : 0) << number.text();
  };
  to << "tfd: ";
  right(one.descriptor, 8);
  to << " events: ";
  right(hex{one.events}, 8);
  to << " data: ";
  right(hex{one.data}, 16);
  to << "  pos:" << position << " ino:" << hex{static_cast<u64>(status.ino)} << " sdev:" << hex{linux_device<K>(status.dev)} << '\n';
}

template <class K>
void tell_facility(text_sink& to, const pseudo_context<K>& c) {
  constexpr usize most = 64;
  watched_descriptor watched[most];
  usize count = 0;
  {
    const typename K::section inside;
    const auto process = K::find_process(c.reader, c.process);
    if (!process) return;
    const auto opened = K::file_of_process(c.reader, *process, c.descriptor);
    if (!opened) return;
    tell_of_itself<K>(to, **opened);
    if (auto* list = custom_file_of<facilities::interest_list<K>>(**opened); list != nullptr)
      list->each([&](const auto& r) {
        constexpr u32 always = 0x18, flags = 0xf000'0000; // EPOLLERR, EPOLLHUP; what is left of one that has told once
        if (count < most) watched[count++] = {r.descriptor, r.disarmed ? r.request.word & flags : r.request.word | always, r.request.data};
      });
    if (auto* queue = custom_file_of<facilities::vnode_event_queue<K, inotify_record>>(**opened); queue != nullptr)
      queue->each_watch([&](const auto& w) {
        // Which file it is, the watch does not know.
        const auto mask = flag_table<vnode_event_bits, inotify_events>::convert(w.events);
        to << "inotify wd:" << hex{static_cast<u32>(w.number)} << " ino:0 sdev:0 mask:" << hex{static_cast<u32>(mask)} << " ignored_mask:0\n";
      });
  }
  for (usize i = 0; i < count; ++i) write_watched<K>(to, c, watched[i]);
}

} // namespace detail

template <class K>
bool descriptor_information(const pseudo_context<K>& c, text_sink& to) {
  i64 position = 0;
  u32 flags = 0;
  native<K, shape::stat> status{};
  if (!polyabi::perform<K>(op::descriptor_info{}, c.reader, c.process, c.descriptor, position, flags, status)) return false;
  using table = shown_flag_table<kernel_map<K, open_flag>, open_flags>;
  to << "pos:\t" << position << "\nflags:\t0" << octal{table::convert(flags)} << "\nmnt_id:\t1\nino:\t" << status.ino << '\n';
  if constexpr (polyabi::detail::provides_all<K, facilities::process_file_services>::value()) detail::tell_facility<K>(to, c);
  return true;
}

} // namespace polyabi::linux_abi::proc
