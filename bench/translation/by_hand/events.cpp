// epoll, by hand.
#include "calls.hpp"

namespace bench::by_hand {
namespace {

struct [[gnu::packed]] linux_epoll_event {
  u32 events;
  u64 data;
};

u32 linux_events(u16 native) {
  namespace p = reference::poll_events;
  u32 events = 0;
  if (native & p::in) events |= 1;
  if (native & p::pri) events |= 2;
  if (native & p::out) events |= 4 | 0x100;
  if (native & p::err) events |= 8;
  if (native & p::hup) events |= 0x10;
  if (native & p::nval) events |= 0x20;
  if (native & p::rdnorm) events |= 0x40;
  if (native & p::rdband) events |= 0x80;
  if (native & p::wrband) events |= 0x200;
  if (native & p::rdhup) events |= 0x2000;
  return events;
}

} // namespace

long epoll_wait(thread& t, registers& r) {
  const auto most = static_cast<i32>(r.rdx);
  auto listing = bench::file_of(t, static_cast<i32>(r.rdi));
  if (!listing) return -linux_errno(listing.error());
  if ((*listing).at->custom == nullptr || (*listing).at->custom->kind() != &facilities::interest_list<kernel>::kind_mark)
    return -22;
  if (most <= 0 || most > 0x7fffffff / static_cast<i32>(sizeof(linux_epoll_event))) return -22;
  facilities::ready_event ready;
  i32 told = 0;
  for (; told < most && next_ready(told, ready); ++told) {
    const linux_epoll_event event{linux_events(ready.events) & (ready.word | 0x18), ready.data};
    if (!copy_out(r.rsi + static_cast<u64>(told) * sizeof event, &event, sizeof event)) return -14;
  }
  return told;
}

} // namespace bench::by_hand
