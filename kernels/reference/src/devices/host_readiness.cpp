// Host descriptors that are watched, found again by a cookie: an interrupt may come after its descriptor has gone.
#include <polyabi/reference/host_readiness.hpp>
#include <polyabi/reference/interrupt.hpp>

#include <iterator>
#include <span>
#include <utility>

namespace polyabi::reference {

struct host_readiness::table {
  /// Cookies are given in order, so that each list is short.
  static constexpr usize list_count = 256;
  intrusive_list<host_readiness, &host_readiness::in_table_> lists[list_count];
  u64 last_cookie = 0;
  usize staying = 0; ///< watches that stay

  auto& list_of(u64 cookie) { return lists[cookie % list_count]; }
  static table state;
};
constinit host_readiness::table host_readiness::table::state{};

namespace {

constexpr u32 all_bits = host_readiness::readable | host_readiness::writable | host_readiness::failed | host_readiness::hung_up |
                         host_readiness::urgent | host_readiness::peer_closed;

u32 to_events(u32 bits) {
  u32 events = 0;
  if ((bits & host_readiness::readable) != 0) events |= poll_events::in | poll_events::rdnorm;
  if ((bits & host_readiness::writable) != 0) events |= poll_events::out;
  if ((bits & host_readiness::failed) != 0) events |= poll_events::err;
  if ((bits & host_readiness::hung_up) != 0) events |= poll_events::hup;
  if ((bits & host_readiness::urgent) != 0) events |= poll_events::pri;
  if ((bits & host_readiness::peer_closed) != 0) events |= poll_events::rdhup;
  return events;
}

u32 to_bits(u32 events) {
  u32 bits = 0;
  if ((events & (poll_events::in | poll_events::rdnorm)) != 0) bits |= host_readiness::readable;
  if ((events & poll_events::out) != 0) bits |= host_readiness::writable;
  if ((events & poll_events::pri) != 0) bits |= host_readiness::urgent;
  if ((events & poll_events::rdhup) != 0) bits |= host_readiness::peer_closed;
  return bits;
}

} // namespace

host_readiness::host_readiness(i32 descriptor) : descriptor_{descriptor}, cookie_{++table::state.last_cookie} {
  table::state.list_of(cookie_).push_back(*this);
}

host_readiness::~host_readiness() {
  if (watched_ != 0) machine::host::unwatch(descriptor_);
  if (every_time_) --table::state.staying;
  table::state.list_of(cookie_).remove(*this);
}

u32 host_readiness::now() const {
  return machine::host::readiness(descriptor_);
}

void host_readiness::watch(u32 bits) {
  if ((watched_ | bits) == watched_) return;
  watched_ |= bits;
  machine::host::watch(descriptor_, watched_ | failed | hung_up, cookie_);
}

// One registration that stays serves all who wait.
void host_readiness::watch_every_time() {
  if (every_time_) return;
  every_time_ = true;
  ++table::state.staying;
  watched_ = all_bits;
  machine::host::watch(descriptor_, all_bits | machine::host::every_time, cookie_);
}

u16 host_readiness::poll(u16 events, waiter* place) {
  const bool begins = place != nullptr && place->notify != nullptr && !every_time_;
  if (begins) watch_every_time();
  const u32 bits_now = now();
  if (begins) told_writable_ = bits_now == writable;
  const u32 ready = to_events(bits_now) & (events | u32{poll_events::err | poll_events::hup});
  if (place != nullptr) waiting_.enter(*place);
  if (place != nullptr && ready == 0) {
    const u32 bits = to_bits(events);
    // Without an event to wait for, an error or a hang-up still ends the wait.
    watch(bits != 0 ? bits : u32{failed});
  }
  return static_cast<u16>(ready);
}

result<> host_readiness::wait(u32 bits, bool nonblocking) {
  while ((now() & (bits | failed | hung_up)) == 0) {
    if (nonblocking) return error::again;
    if (sleep(bits, no_deadline) == wakeup::interrupted) return error::restart_call;
  }
  return {};
}

wakeup host_readiness::sleep_for(u16 events, u64 deadline) { return sleep(to_bits(events), deadline); }

void host_readiness::ready(u64 cookie, u32 bits) {
  auto& list = table::state.list_of(cookie);
  for (host_readiness* r = list.front(); r != nullptr; r = list.next(*r)) {
    if (r->cookie_ != cookie) continue;
    if (!r->every_time_) {
      r->watched_ = 0;
    } else if (r->waiting_.empty()) {
      machine::host::unwatch(r->descriptor_);
      r->watched_ = 0;
      r->every_time_ = false;
      --table::state.staying;
    }
    // The first that the host tells is how things were when the watch began. Who has written nothing since knows it already.
    if (std::exchange(r->told_writable_, false) && bits == writable) return;
    r->waiting_.wake_all(static_cast<u16>(to_events(bits)));
    return;
  }
}

namespace {
void take_all_watched() {
  machine::host::watched_event events[16];
  usize count = std::size(events);
  while (count == std::size(events)) {
    count = machine::host::take_watched(events);
    for (const auto& event : std::span{events}.first(count)) host_readiness::ready(event.cookie, event.bits);
  }
}
} // namespace

void host_readiness::settle() {
  if (table::state.staying != 0) take_all_watched();
}

void interrupt::host_watches() {
  const kernel_lock::locked guard;
  take_all_watched();
}

void interrupt::host_ready(u64 cookie, u32 bits) {
  const kernel_lock::locked guard;
  host_readiness::ready(cookie, bits);
}

} // namespace polyabi::reference
