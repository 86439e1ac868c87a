#include <sockets/local/local_socket.hpp>

#include <polyabi/reference/heap.hpp>

namespace polyabi::reference {

namespace {

constinit u64 files_in_flight = 0;
/// Open sockets that are in messages.
constinit intrusive_list<socket_file, &socket_file::in_flight_link> sockets_in_flight;
/// What is being freed: closing a file may let go of more, which waits here for its turn instead of going deeper.
constinit intrusive_list<rights, &rights::to_be_freed> freed;
constinit bool freeing = false;

socket_file* local_file(const ref<file>& f) {
  if (!f->is_socket) return nullptr;
  auto& opened = static_cast<socket_file&>(*f);
  return opened.of->as_local() != nullptr ? &opened : nullptr;
}

/// Nobody has it open: all its references are in messages.
bool is_candidate(const socket_file& f) {
  return f.references == f.in_flight;
}

/// `function(socket_file&)` for each candidate that waits in a message at this socket.
template <class Function>
void each_candidate_at(socket_file& at, Function function) {
  at.of->as_local()->each_rights([&](rights& r) {
    for (usize i = 0; i < r.count; ++i)
      if (socket_file* f = local_file(r.files[i]); f != nullptr && f->in_flight != 0 && is_candidate(*f)) function(*f);
  });
}

template <class Function>
void each_in_flight(Function function) {
  for (socket_file* f = sockets_in_flight.front(); f != nullptr; f = sockets_in_flight.next(*f)) function(*f);
}

/// What can be received from a reachable socket is reachable.
void spread() {
  for (bool more = true; more;) {
    more = false;
    each_in_flight([&](socket_file& f) {
      if (!is_candidate(f) || !f.reachable) return;
      each_candidate_at(f, [&](socket_file& inner) {
        more |= !inner.reachable;
        inner.reachable = true;
      });
    });
  }
}

} // namespace

result<ref<rights>> rights::make(process& sender, std::span<const i32> descriptors) {
  if (descriptors.size() > rights_limit) return error::inval;
  if (files_in_flight > sender.limits[resources::nofile].cur && !sender.identity.may(privileges::exceed_limits)) return error::toomanyrefs;
  auto* made = heap::create<rights>();
  if (made == nullptr) return error::nomem;
  const ref<rights> all{made};
  for (const i32 number : descriptors) {
    auto f = sender.descriptors->get(number);
    if (!f) return f.error();
    all->files[all->count++] = std::move(*f);
  }
  return all;
}

void rights::release() {
  freed.push_back(*this);
  if (freeing) return;
  freeing = true;
  while (rights* one = freed.pop_front()) {
    if (one->in_flight) one->arrive();
    heap::destroy(one);
  }
  freeing = false;
}

void rights::depart() {
  in_flight = true;
  files_in_flight += count;
  for (usize i = 0; i < count; ++i) {
    socket_file* f = local_file(files[i]);
    if (f != nullptr && f->in_flight++ == 0) sockets_in_flight.push_back(*f);
  }
}

void rights::arrive() {
  in_flight = false;
  files_in_flight -= count;
  for (usize i = 0; i < count; ++i) {
    socket_file* f = local_file(files[i]);
    if (f != nullptr && --f->in_flight == 0) sockets_in_flight.remove(*f);
  }
}

bool is_in_flight(const file& f) {
  return f.is_socket && static_cast<const socket_file&>(f).in_flight != 0;
}

void collect_lost_rights() {
  if (sockets_in_flight.empty()) return;
  each_in_flight([](socket_file& f) {
    f.from_candidates = 0;
    f.reachable = false;
  });
  each_in_flight([](socket_file& f) {
    if (is_candidate(f)) each_candidate_at(f, [](socket_file& inner) { ++inner.from_candidates; });
  });
  each_in_flight([](socket_file& f) { f.reachable = f.in_flight > f.from_candidates; });
  spread();
  // What is lost is let go of only when nobody walks the list any more.
  constexpr usize at_once = 32;
  ref<local_socket> lost[at_once];
  usize count = 0;
  each_in_flight([&](socket_file& f) {
    if (is_candidate(f) && !f.reachable && count < at_once) lost[count++] = ref<local_socket>{f.of->as_local()};
  });
  for (usize i = 0; i < count; ++i) lost[i]->lose_rights();
  if (count == at_once) collect_lost_rights();
}

} // namespace polyabi::reference
