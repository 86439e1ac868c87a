// poll(2): asks every file, sleeps in all their queues at once, asks again.
#include <polyabi/reference/descriptor_operations.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference {

namespace {

constexpr i64 second = 1'000'000'000;

/// One polled file: held, so that its queues live as long as the waiters in them.
struct polled {
  ref<file> open_file;
  waiter places[2];
};

/// The polled files of one call.
class polled_files {
public:
  explicit polled_files(usize count) : count_{count} {
    if (count == 0) return;
    items_ = static_cast<polled*>(heap::allocate(count * sizeof(polled)));
    if (items_ == nullptr) return;
    for (usize i = 0; i < count; ++i) ::new (items_ + i) polled{};
  }
  ~polled_files() {
    if (items_ == nullptr) return;
    for (usize i = 0; i < count_; ++i) {
      // Out of the queues first: they may go with the file.
      for (waiter& place : items_[i].places)
        if (place.queue != nullptr) place.queue->leave(place);
      items_[i].~polled();
    }
    heap::deallocate(items_, count_ * sizeof(polled));
  }
  polled_files(const polled_files&) = delete;
  polled_files& operator=(const polled_files&) = delete;
  explicit operator bool() const { return items_ != nullptr || count_ == 0; }
  polled& operator[](usize i) { return items_[i]; }
  void leave_queues() {
    for (usize i = 0; i < count_; ++i)
      for (waiter& place : items_[i].places)
        if (place.queue != nullptr) place.queue->leave(place);
  }

private:
  polled* items_ = nullptr;
  usize count_;
};

/// The monotonic time at which the wait ends.
result<u64> deadline_of(const timespec* timeout) {
  if (timeout == nullptr) return no_deadline;
  if (timeout->sec < 0 || timeout->nsec < 0 || timeout->nsec >= second) return error::inval;
  const u64 now = machine::monotonic_time();
  if (timeout->sec >= static_cast<i64>((no_deadline - now) / second) - 1) return no_deadline - 1;
  return now + static_cast<u64>(timeout->sec * second + timeout->nsec);
}

/// One round; enters the queues if `wait` and nothing holds so far.
i32 ask(std::span<poll_record> records, polled_files& files, bool wait) {
  constexpr u16 always = poll_events::err | poll_events::hup;
  i32 ready = 0;
  for (usize i = 0; i < records.size(); ++i) {
    poll_record& record = records[i];
    record.revents = 0;
    if (record.fd < 0) continue;
    if (!files[i].open_file)
      record.revents = poll_events::nval;
    else
      record.revents = files[i].open_file->poll(record.events | always, wait && ready == 0 ? files[i].places : nullptr) &
                       static_cast<u16>(record.events | always);
    if (record.revents != 0) ++ready;
  }
  return ready;
}

result<i32> wait_for_events(thread& caller, std::span<poll_record> records, u64 deadline) {
  polled_files files{records.size()};
  if (!files) return error::nomem;
  for (usize i = 0; i < records.size(); ++i)
    if (auto f = caller.owner->descriptors->get(records[i].fd); f && ((*f)->flags & open_flags::path) == 0)
      files[i].open_file = std::move(*f);
  for (;;) {
    const i32 ready = ask(records, files, deadline > machine::monotonic_time());
    if (ready != 0) return ready;
    const wakeup reason = sleep_until_woken(deadline);
    files.leave_queues();
    if (reason == wakeup::interrupted) return error::intr;
    if (reason == wakeup::timed_out) return ask(records, files, false);
  }
}

} // namespace

result<i32> descriptor_operations::perform(op::poll, thread& caller, std::span<poll_record> records, const timespec* timeout,
                                           const sigset* mask) {
  const auto deadline = deadline_of(timeout);
  if (!deadline) return deadline.error();
  if (records.size() > caller.owner->limits[resources::nofile].cur) return error::inval;
  if (mask != nullptr) signals::set_mask_for_call(caller, *mask);
  const auto ready = wait_for_events(caller, records, *deadline);
  // A handler that ends the wait runs under the mask of the wait; the old one comes back at the return to the user.
  if (mask != nullptr && !(ready.error() == error::intr)) signals::end_mask_for_call(caller);
  return ready;
}

} // namespace polyabi::reference
