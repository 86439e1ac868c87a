#include <network/layer.hpp>

#include <network/receivers.hpp>

#include <polyabi/reference/machine.hpp>

namespace polyabi::reference::network {

namespace {

constinit u16 next_identification = 1;

bool is_for_us(const interface& from, u32 destination) {
  return owner_of(destination) != nullptr || is_broadcast(from, destination);
}

} // namespace

void seal(internet::ip_header& header) {
  header.checksum = 0;
  header.checksum = internet::checksum{}.add({reinterpret_cast<const unsigned char*>(&header), header.size()}).value();
}

result<> send(packet_owner p, const sending& what, const path& where) {
  if (p->size > packet_limit) return error::msgsize;
  internet::ip_header& header = p->ip();
  header = {};
  header.version_and_size = 0x45;
  header.tos = what.tos;
  header.total = static_cast<u16>(p->size);
  header.identification = next_identification++;
  if (what.dont_fragment) header.fragment = internet::dont_fragment;
  header.ttl = what.ttl;
  header.protocol = what.protocol;
  header.source = what.source;
  header.destination = what.destination;
  seal(header);
  return send_finished(std::move(p), !what.dont_fragment, where);
}

result<> send_finished(packet_owner p, bool may_fragment, const path& where) {
  interface& out = *where.out;
  if (out.removed || !out.is_up()) return error::netdown;
  if (where.local) {
    receive(out, std::move(p));
    return {};
  }
  if (p->size > out.told.mtu) {
    if (!may_fragment) return error::msgsize;
    return send_fragments(*p, out.told.mtu, out);
  }
  out.transmit(std::move(p));
  return {};
}

void receive(interface& from, packet_owner p) {
  if (from.removed || !from.is_up()) return;
  ++from.told.received.packets;
  from.told.received.bytes += p->size;
  if (internet::fault_of(p->all()) != internet::packet_fault::none) {
    ++from.told.received.errors;
    return;
  }
  p->size = p->ip().total; // what follows is no part of it
  p->interface = from.told.index;
  p->time = machine::real_time();
  if (!is_for_us(from, p->ip().destination)) { // it is no router
    ++from.told.received.dropped;
    return;
  }
  if ((p->ip().fragment & (internet::more_fragments | internet::fragment_offset)) != 0) {
    p = reassemble(std::move(p));
    if (!p) return;
  }
  const bool taken = receive_raw(*p);
  switch (p->ip().protocol) {
  case protocol::icmp: receive_icmp(from, *p); break;
  case protocol::udp: receive_udp(from, *p); break;
  default:
    if (!taken) send_unreachable(from, *p, internet::unreachable::protocol);
  }
}

} // namespace polyabi::reference::network
