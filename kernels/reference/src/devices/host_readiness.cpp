// Host descriptors that are watched, found again by a cookie: an interrupt may come after its descriptor has gone.
#include <polyabi/reference/host_readiness.hpp>
#include <polyabi/reference/interrupt.hpp>

namespace polyabi::reference {

struct host_readiness::table {
  intrusive_list<host_readiness, &host_readiness::in_table_> watched;
  u64 last_cookie = 0;
  static table state;
};
constinit host_readiness::table host_readiness::table::state{};

host_readiness::host_readiness(i32 descriptor) : descriptor_{descriptor}, cookie_{++table::state.last_cookie} {
  table::state.watched.push_back(*this);
}

host_readiness::~host_readiness() {
  if (watched_ != 0) machine::host::unwatch(descriptor_);
  table::state.watched.remove(*this);
}

u32 host_readiness::now() const {
  return machine::host::readiness(descriptor_);
}

void host_readiness::watch(u32 bits) {
  if ((watched_ | bits) == watched_) return;
  watched_ |= bits;
  machine::host::watch(descriptor_, watched_ | failed | hung_up, cookie_);
}

u16 host_readiness::poll(u16 events, waiter* place) {
  const u32 state = now();
  u32 ready = 0;
  if ((state & readable) != 0) ready |= poll_events::in | poll_events::rdnorm;
  if ((state & writable) != 0) ready |= poll_events::out;
  if ((state & failed) != 0) ready |= poll_events::err;
  if ((state & hung_up) != 0) ready |= poll_events::hup;
  ready &= events | u32{poll_events::err | poll_events::hup};
  if (ready == 0 && place != nullptr) {
    waiting_.enter(*place);
    u32 bits = 0;
    if ((events & (poll_events::in | poll_events::rdnorm)) != 0) bits |= readable;
    if ((events & poll_events::out) != 0) bits |= writable;
    // Without an event to wait for, an error or a hang-up still ends the wait.
    watch(bits != 0 ? bits : u32{failed});
  }
  return static_cast<u16>(ready);
}

result<> host_readiness::wait(u32 bits, bool nonblocking) {
  while ((now() & (bits | failed | hung_up)) == 0) {
    if (nonblocking) return error::again;
    watch(bits);
    if (waiting_.sleep() == wakeup::interrupted) return error::restart_call;
  }
  return {};
}

void host_readiness::ready(u64 cookie) {
  for (host_readiness* r = table::state.watched.front(); r != nullptr; r = table::state.watched.next(*r)) {
    if (r->cookie_ != cookie) continue;
    r->watched_ = 0;
    r->waiting_.wake_all();
    return;
  }
}

void interrupt::host_ready(u64 cookie) {
  const kernel_lock::locked guard;
  host_readiness::ready(cookie);
}

} // namespace polyabi::reference
