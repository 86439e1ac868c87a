// ICMP: echoes are answered, errors are told to whom they concern.
#include <network/layer.hpp>
#include <network/receivers.hpp>

#include <cstring>

namespace polyabi::reference::network {

namespace {

namespace type = internet::icmp_type;

bool is_about_errors(u8 icmp_type) {
  return icmp_type == type::unreachable || icmp_type == type::time_exceeded || icmp_type == type::parameter_problem;
}

void seal_message(std::span<unsigned char> message) {
  auto& header = *reinterpret_cast<internet::icmp_header*>(message.data());
  header.checksum = 0;
  header.checksum = internet::checksum{}.add(message).value();
}

void answer_echo(const packet& asked) {
  path back;
  const u32 to = asked.ip().source;
  if (!find_path(to, 0, back)) return; // whoever claims to be one of the host's is none
  const auto message = asked.payload();
  packet_owner reply{packet::make(sizeof(internet::ip_header) + message.size())};
  if (!reply) return;
  std::memcpy(reply->bytes() + sizeof(internet::ip_header), message.data(), message.size());
  const auto answer = reply->all().subspan(sizeof(internet::ip_header));
  answer[0] = type::echo_reply;
  seal_message(answer);
  const u32 asked_for = asked.ip().destination;
  (void)send(std::move(reply), {owner_of(asked_for) != nullptr ? asked_for : back.source, to, protocol::icmp, usual_ttl, asked.ip().tos}, back);
}

/// RFC 1122, 4.2.3.9 and 3.2.2.1, as UDP's users see it.
error error_of(u8 icmp_type, u8 code) {
  if (icmp_type == type::time_exceeded) return error::hostunreach;
  if (icmp_type == type::parameter_problem) return error::proto;
  switch (code) {
  case internet::unreachable::network: return error::netunreach;
  case internet::unreachable::protocol: return error::noprotoopt;
  case internet::unreachable::port: return error::connrefused;
  case internet::unreachable::fragmentation_needed: return error::msgsize;
  default: return error::hostunreach;
  }
}

} // namespace

void receive_icmp(interface& from, const packet& p) {
  const auto message = p.payload();
  if (message.size() < sizeof(internet::icmp_header) || internet::checksum{}.add(message).value() != 0) {
    ++from.told.received.errors;
    return;
  }
  const u8 icmp_type = message[0];
  if (icmp_type == type::echo && !is_broadcast(from, p.ip().destination)) answer_echo(p);
  else if (icmp_type == type::echo_reply) (void)receive_echo(p);
  else if (is_about_errors(icmp_type)) tell_sender(message.subspan(sizeof(internet::icmp_header)), error_of(icmp_type, message[1]));
}

void receive_udp(interface& from, const packet& p) {
  const auto datagram = p.payload();
  const auto wrong = [&] { ++from.told.received.errors; };
  if (datagram.size() < sizeof(internet::udp_header)) return wrong();
  internet::udp_header header;
  std::memcpy(&header, datagram.data(), sizeof header);
  const usize size = header.size;
  if (size < sizeof header || size > datagram.size()) return wrong();
  internet::checksum sum;
  sum.add_pseudo_header(p.ip().source, p.ip().destination, protocol::udp, static_cast<u16>(size)).add(datagram.first(size));
  if (header.checksum != 0 && sum.value() != 0) return wrong();
  if (!receive_datagram(p)) send_unreachable(from, p, internet::unreachable::port);
}

void send_unreachable(interface& from, const packet& about, u8 code) {
  const u32 to = about.ip().source, own = about.ip().destination;
  if (is_broadcast(from, own) || to == 0 || to >> 28 >= 14) return;
  if (about.ip().protocol == protocol::icmp && !about.payload().empty() && is_about_errors(about.payload()[0])) return;
  path back;
  if (!find_path(to, 0, back)) return;
  constexpr usize headers = sizeof(internet::ip_header) + sizeof(internet::icmp_header);
  const usize most = about.ip().size() + 8; // RFC 792: the header and 64 bits
  const usize quoted = about.size < most ? about.size : most;
  packet_owner told{packet::make(headers + quoted)};
  if (!told) return;
  auto& header = told->at<internet::icmp_header>(sizeof(internet::ip_header));
  header = {};
  header.type = type::unreachable;
  header.code = code;
  std::memcpy(told->bytes() + headers, about.bytes(), quoted);
  seal_message(told->all().subspan(sizeof(internet::ip_header)));
  (void)send(std::move(told), {own, to, protocol::icmp}, back);
}

} // namespace polyabi::reference::network
