// Packets in parts (RFC 791, 3.2; RFC 815's overlapping ones are refused, as RFC 5722 says for later versions).
#include <network/layer.hpp>

#include <polyabi/reference/machine.hpp>

#include <cstring>

namespace polyabi::reference::network {

namespace {

constexpr usize most_wholes = 16, most_parts = 256;
constexpr u64 patience = 30'000'000'000; // ns, as Linux' net.ipv4.ipfrag_time

/// A packet of which some parts have come.
struct whole {
  list_link link;
  packet_list parts; ///< in the order of their offsets
  usize count = 0;
  u64 begun = 0;

  ~whole() {
    while (packet* p = parts.pop_front()) free(p);
  }
};
using whole_list = intrusive_list<whole, &whole::link>;
constinit whole_list all;
constinit usize whole_count = 0;

usize offset_of_part(const packet& p) {
  return usize{8} * (p.ip().fragment & internet::fragment_offset);
}
bool has_more(const packet& p) {
  return (p.ip().fragment & internet::more_fragments) != 0;
}
bool belong_together(const packet& one, const packet& other) {
  return one.ip().source == other.ip().source && one.ip().destination == other.ip().destination &&
         one.ip().protocol == other.ip().protocol && one.ip().identification == other.ip().identification;
}

void drop(whole& w) {
  all.remove(w);
  --whole_count;
  heap::destroy(&w);
}

whole* find_or_make(const packet& part) {
  const u64 now = machine::monotonic_time();
  whole* found = nullptr;
  for (whole *w = all.front(), *following; w != nullptr; w = following) {
    following = all.next(*w);
    if (now - w->begun > patience) drop(*w);
    else if (belong_together(*w->parts.front(), part)) found = w;
  }
  if (found != nullptr) return found;
  if (whole_count == most_wholes) drop(*all.front()); // the one that has waited longest
  auto* made = heap::create<whole>();
  if (made == nullptr) return nullptr;
  made->begun = now;
  all.push_back(*made);
  ++whole_count;
  return made;
}

/// Puts it where it belongs. False if it overlaps another, or goes on behind the end.
bool insert(whole& w, packet& part) {
  const usize begin = offset_of_part(part), end = begin + part.payload().size();
  if (end > packet_limit - sizeof(internet::ip_header) || w.count == most_parts) return false;
  if (has_more(part) && (part.payload().empty() || part.payload().size() % 8 != 0)) return false;
  packet* after = w.parts.front();
  while (after != nullptr && offset_of_part(*after) < begin) after = w.parts.next(*after);
  const packet* before = after != nullptr ? w.parts.previous(*after) : w.parts.back();
  if (after != nullptr && (end > offset_of_part(*after) || !has_more(part))) return false;
  if (before != nullptr && (offset_of_part(*before) + before->payload().size() > begin || !has_more(*before))) return false;
  w.parts.insert_before(after, part);
  ++w.count;
  return true;
}

/// Bytes of the whole, if all of it is there.
usize size_of(const whole& w) {
  usize expected = 0;
  for (const packet* p = w.parts.front(); p != nullptr; p = w.parts.next(*p)) {
    if (offset_of_part(*p) != expected) return 0;
    expected += p->payload().size();
  }
  return w.parts.back() != nullptr && !has_more(*w.parts.back()) ? expected : 0;
}

} // namespace

packet_owner reassemble(packet_owner part) {
  whole* w = find_or_make(*part);
  if (w == nullptr) return {};
  if (!insert(*w, *part)) {
    drop(*w); // none of it can be believed
    return {};
  }
  (void)part.leak();
  const usize size = size_of(*w);
  if (size == 0) return {};
  const packet& first = *w->parts.front();
  const usize header = first.ip().size();
  packet_owner made{header + size <= packet_limit ? packet::make(header + size) : nullptr};
  if (made) {
    std::memcpy(made->bytes(), first.bytes(), header);
    for (const packet* p = w->parts.front(); p != nullptr; p = w->parts.next(*p))
      std::memcpy(made->bytes() + header + offset_of_part(*p), p->payload().data(), p->payload().size());
    made->interface = first.interface;
    made->time = first.time;
    made->ip().total = static_cast<u16>(made->size);
    made->ip().fragment = 0;
    seal(made->ip());
  }
  drop(*w);
  return made;
}

void forget_fragments() {
  while (whole* w = all.front()) drop(*w);
}

result<> send_fragments(const packet& whole_packet, u32 mtu, interface& out) {
  const usize header = whole_packet.ip().size();
  const auto data = whole_packet.payload();
  const usize piece = (mtu - header) / 8 * 8; // the smallest MTU has room for the longest header and 8 bytes
  for (usize at = 0; at < data.size(); at += piece) {
    const usize size = data.size() - at < piece ? data.size() - at : piece;
    packet_owner part{packet::make(header + size)};
    if (!part) return error::nobufs;
    std::memcpy(part->bytes(), whole_packet.bytes(), header);
    std::memcpy(part->bytes() + header, data.data() + at, size);
    part->ip().total = static_cast<u16>(part->size);
    part->ip().fragment = static_cast<u16>(at / 8 | (at + size < data.size() ? internet::more_fragments : 0));
    seal(part->ip());
    out.transmit(std::move(part));
  }
  return {};
}

} // namespace polyabi::reference::network
