// Watches host descriptors for the kernel: one host thread that polls what is asked for.
#include "state.hpp"

#include <polyabi/reference/interrupt.hpp>

#include <chrono>
#include <vector>

namespace polyabi::simulated {

namespace {

class watcher {
public:
  ~watcher() {
    {
      const std::lock_guard lock{mutex_};
      stop_ = true;
    }
    changed_.notify_all();
    if (runner_.joinable()) runner_.join();
  }
  void watch(i32 descriptor, u32 bits, u64 cookie) {
    const std::lock_guard lock{mutex_};
    watched_[descriptor] = {bits, cookie};
    if (!runner_.joinable()) runner_ = std::thread{[this] { run(); }};
    changed_.notify_all();
  }
  void unwatch(i32 descriptor) {
    const std::lock_guard lock{mutex_};
    watched_.erase(descriptor);
  }

private:
  struct request {
    u32 bits;
    u64 cookie;
  };
  void run() {
    constexpr u32 always = 4 | 8; // errors and hang-ups
    std::unique_lock lock{mutex_};
    while (!stop_) {
      std::vector<u64> ready;
      std::erase_if(watched_, [&](const auto& entry) {
        const bool holds = (reference::machine::host::readiness(entry.first) & (entry.second.bits | always)) != 0;
        if (holds) ready.push_back(entry.second.cookie);
        return holds;
      });
      lock.unlock();
      for (const u64 cookie : ready) reference::interrupt::host_ready(cookie);
      lock.lock();
      if (watched_.empty())
        changed_.wait(lock, [this] { return stop_ || !watched_.empty(); });
      else
        changed_.wait_for(lock, std::chrono::milliseconds{2});
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<i32, request> watched_;
  bool stop_ = false;
  std::thread runner_;
};

watcher& only_watcher() {
  static watcher only;
  return only;
}

} // namespace
} // namespace polyabi::simulated

namespace polyabi::reference::machine::host {

void watch(i32 descriptor, u32 bits, u64 cookie) {
  simulated::only_watcher().watch(descriptor, bits, cookie);
}
void unwatch(i32 descriptor) {
  simulated::only_watcher().unwatch(descriptor);
}

} // namespace polyabi::reference::machine::host
