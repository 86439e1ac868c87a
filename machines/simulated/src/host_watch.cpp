// Watches host descriptors for the kernel: one host thread that waits for what is asked for.
#include "state.hpp"

#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/machine_waiting.hpp>

#include <algorithm>
#include <array>
#include <poll.h>
#include <span>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

namespace polyabi::simulated {

namespace {

constexpr std::array<u32, 6> in_order{EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLPRI, EPOLLRDHUP}; // poll(2)'s numbers, too

u32 events_of(u32 bits) {
  u32 events = 0;
  for (usize i = 0; i < in_order.size(); ++i)
    if ((bits & 1U << i) != 0) events |= in_order[i];
  return events;
}

class watcher {
public:
  watcher() : epoll_{::epoll_create1(EPOLL_CLOEXEC)}, wakeup_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    ::epoll_event own{EPOLLIN, {.u64 = 0}}; // the kernel's cookies begin at 1
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &own);
    runner_ = std::thread{[this] { run(); }};
  }
  ~watcher() {
    {
      const std::lock_guard lock{mutex_};
      stop_ = true;
    }
    wake();
    runner_.join();
    ::close(wakeup_);
    ::close(epoll_);
  }
  watcher(const watcher&) = delete;
  watcher& operator=(const watcher&) = delete;

  void watch(i32 descriptor, u32 bits, u64 cookie) {
    const bool every_time = (bits & reference::machine::host::every_time) != 0;
    ::epoll_event event{events_of(bits) | static_cast<u32>(every_time ? EPOLLET : EPOLLONESHOT), {.u64 = cookie}};
    if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) == 0) return;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0) return;
    // What cannot be watched is always ready.
    {
      const std::lock_guard lock{mutex_};
      always_ready_.push_back(cookie);
    }
    wake();
  }
  void unwatch(i32 descriptor) { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr); }

private:
  void wake() {
    constexpr u64 one = 1;
    [[maybe_unused]] const auto written = ::write(wakeup_, &one, sizeof one);
  }
  void run() {
    for (;;) {
      std::array<::epoll_event, 16> events{};
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (const ::epoll_event& event : std::span{events}.first(static_cast<usize>(std::max(count, 0)))) {
        if (event.data.u64 != 0) {
          reference::interrupt::host_ready(event.data.u64, readiness_bits(event.events));
          continue;
        }
        u64 times = 0;
        [[maybe_unused]] const auto got = ::read(wakeup_, &times, sizeof times);
        std::vector<u64> ready;
        {
          const std::lock_guard lock{mutex_};
          if (stop_) return;
          ready.swap(always_ready_);
        }
        for (const u64 cookie : ready) reference::interrupt::host_ready(cookie, readiness_bits(EPOLLIN | EPOLLOUT));
      }
    }
  }

  int epoll_, wakeup_;
  std::mutex mutex_;
  std::vector<u64> always_ready_;
  bool stop_ = false;
  std::thread runner_;
};

watcher& only_watcher() {
  static watcher only;
  return only;
}

} // namespace

u32 readiness_bits(u32 events) {
  u32 bits = 0;
  for (usize i = 0; i < in_order.size(); ++i)
    if ((events & in_order[i]) != 0) bits |= 1U << i;
  return bits;
}

} // namespace polyabi::simulated

namespace polyabi::reference::machine {

/// Nothing interrupts a host thread: it looks at the word now and then.
void wait_at_descriptor(u32* word, u32 expected, u64 deadline, i32 descriptor, u32 bits) {
  ::pollfd place{descriptor, static_cast<short>(simulated::events_of(bits)), 0};
  while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == expected && monotonic_time() < deadline)
    if (::poll(&place, 1, 1) != 0) return;
}

} // namespace polyabi::reference::machine

namespace polyabi::reference::machine::host {

void watch(i32 descriptor, u32 bits, u64 cookie) {
  simulated::only_watcher().watch(descriptor, bits, cookie);
}
void unwatch(i32 descriptor) {
  simulated::only_watcher().unwatch(descriptor);
}
/// The watcher's own thread takes them.
usize take_watched(std::span<watched_event>) {
  return 0;
}

} // namespace polyabi::reference::machine::host
