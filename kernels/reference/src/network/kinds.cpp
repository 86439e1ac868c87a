// The kinds of sockets over own interfaces: UDP, echoes of ICMP, and raw ones. What tells them apart, and which of them a packet is
// for.
#include <network/kinds.hpp>
#include <network/layered_socket.hpp>
#include <network/receivers.hpp>

#include <polyabi/reference/kernel.hpp>
#include <sockets/values.hpp>

#include <cstring>

namespace polyabi::reference::network {

namespace {

using socket_list = intrusive_list<layered_socket, &layered_socket::link>;
constinit socket_list datagrams, echoes, raws;

constexpr usize ip_size = sizeof(internet::ip_header);

struct datagram_socket final : layered_socket {
  using layered_socket::layered_socket;
  void release() override { heap::destroy(this); }
  socket_list& of_kind() const override { return datagrams; }
  usize headers() const override { return ip_size + sizeof(internet::udp_header); }

  result<> finish(packet_owner p, const sending& how, endpoint to, const path& where) override {
    auto& header = p->at<internet::udp_header>(ip_size);
    const u16 size = static_cast<u16>(p->size - ip_size);
    header = {own_port(), to.port, size, u16{0}};
    const u16 sum = internet::checksum{}
                        .add_pseudo_header(how.source, how.destination, protocol::udp, size)
                        .add(p->all().subspan(ip_size))
                        .value();
    header.checksum = sum == 0 ? u16{0xffff} : sum; // 0 says that there is none
    sending udp = how;
    udp.protocol = protocol::udp;
    return network::send(std::move(p), udp, where);
  }
  std::span<const unsigned char> data_of(const packet& p) const override {
    const usize size = p.at<internet::udp_header>(p.ip().size()).size;
    return p.payload().first(size).subspan(sizeof(internet::udp_header));
  }
  u16 sender_port(const packet& p) const override { return p.at<internet::udp_header>(p.ip().size()).source; }
};

/// Its port is the identification of its echoes.
struct echo_socket final : layered_socket {
  using layered_socket::layered_socket;
  void release() override { heap::destroy(this); }
  socket_list& of_kind() const override { return echoes; }
  usize headers() const override { return ip_size; }

  result<> finish(packet_owner p, const sending& how, endpoint, const path& where) override {
    const auto message = p->all().subspan(ip_size);
    if (message.size() < sizeof(internet::icmp_header)) return error::inval;
    auto& header = p->at<internet::icmp_header>(ip_size);
    if (header.type != internet::icmp_type::echo || header.code != 0) return error::inval;
    header.identification = own_port();
    header.checksum = 0;
    header.checksum = internet::checksum{}.add(message).value();
    return network::send(std::move(p), how, where);
  }
  std::span<const unsigned char> data_of(const packet& p) const override { return p.payload(); }
};

/// Receives whole packets of its protocol, and sends what is behind their headers, or the headers as well.
struct raw_socket final : layered_socket {
  bool gives_header = false;
  u32 filter = 0; ///< types of ICMP that it does not want

  raw_socket(i32 of_family, i32 of_type, i32 of_protocol, ref<host_socket> host)
      : layered_socket{of_family, of_type, of_protocol, std::move(host)}, gives_header{of_protocol == protocols::raw} {
    raws.push_back(*this); // it hears all from the beginning
  }
  void release() override { heap::destroy(this); }
  socket_list& of_kind() const override { return raws; }
  bool has_ports() const override { return false; }
  usize headers() const override { return gives_header ? 0 : ip_size; }

  result<> finish(packet_owner p, const sending& how, endpoint, const path& where) override {
    if (!gives_header) return network::send(std::move(p), how, where);
    internet::ip_header& header = p->ip();
    if (p->size < ip_size || header.size() < ip_size || header.size() > p->size) return error::inval;
    if (header.source == 0) header.source = how.source;
    header.total = static_cast<u16>(p->size); // these two are always filled in (raw(7))
    seal(header);
    return send_finished(std::move(p), false, where);
  }
  std::span<const unsigned char> data_of(const packet& p) const override { return p.all(); }
  bool wants(const packet& p) const override {
    if (p.ip().protocol != static_cast<u8>(protocol)) return false;
    if (protocol != protocols::icmp || p.payload().empty()) return true;
    const u8 kind = p.payload()[0];
    return kind >= 32 || (filter >> kind & 1) == 0;
  }
  result<> set_option(i32 level, i32 option, std::span<const unsigned char> value) override {
    if (value.size() >= sizeof(i32)) {
      if (level == option_levels::raw && option == raw_options::icmp_filter) filter = *option_as<u32>(value);
      if (level == option_levels::ip && option == ip_options::hdrincl) gives_header = *option_as<i32>(value) != 0;
    }
    return layered_socket::set_option(level, option, value);
  }
};

/// The best of those that a packet fits, or all of them if it is for everybody. False if there is none.
bool give(socket_list& to, const packet& p, endpoint from, endpoint there, bool everybody) {
  layered_socket* best = nullptr;
  u32 how_well = 0;
  bool given = false;
  for (layered_socket* s = to.front(); s != nullptr; s = to.next(*s)) {
    const u32 fits = s->fits(from, there, p.interface);
    if (fits == 0) continue;
    if (everybody) s->take(p);
    given = true;
    if (fits > how_well) {
      how_well = fits;
      best = s;
    }
  }
  if (best != nullptr && !everybody) best->take(p);
  return given;
}

void tell(socket_list& whom, endpoint from, endpoint to, error why) {
  for (layered_socket* s = whom.front(); s != nullptr; s = whom.next(*s))
    if (s->is_sender(from, to)) s->fail(why);
}

template <class Kind>
result<ref<socket>> make(i32 family, i32 type, i32 protocol, ref<host_socket> host) {
  auto* made = heap::create<Kind>(family, type, protocol, std::move(host));
  if (made == nullptr) return error::nomem;
  return ref<socket>{made};
}

} // namespace

bool receive_raw(const packet& p) {
  bool given = false;
  for (layered_socket* s = raws.front(); s != nullptr; s = raws.next(*s)) {
    if (s->protocol != p.ip().protocol || s->fits({p.ip().source, 0}, {p.ip().destination, 0}, p.interface) == 0) continue;
    s->take(p);
    given = true;
  }
  return given;
}

bool receive_datagram(const packet& p) {
  const auto& header = p.at<internet::udp_header>(p.ip().size());
  const u32 destination = p.ip().destination;
  return give(datagrams, p, {p.ip().source, header.source}, {destination, header.destination}, owner_of(destination) == nullptr);
}

bool receive_echo(const packet& p) {
  const auto& header = p.at<internet::icmp_header>(p.ip().size());
  return give(echoes, p, {p.ip().source, 0}, {p.ip().destination, header.identification}, false);
}

void tell_sender(std::span<const unsigned char> about, error why) {
  // What is quoted may be no more than a header and 8 bytes of a packet: its sizes are not to be believed.
  if (about.size() < ip_size) return;
  internet::ip_header sent;
  std::memcpy(&sent, about.data(), sizeof sent);
  if (sent.version_and_size >> 4 != 4 || sent.size() < ip_size || about.size() < sent.size() + 8) return;
  if (owner_of(sent.source) == nullptr) return; // it was not ours
  const auto rest = about.subspan(sent.size());
  if (sent.protocol == protocol::udp) {
    internet::udp_header header;
    std::memcpy(&header, rest.data(), sizeof header);
    tell(datagrams, {sent.source, header.source}, {sent.destination, header.destination}, why);
  } else if (sent.protocol == protocol::icmp) {
    internet::icmp_header header;
    std::memcpy(&header, rest.data(), sizeof header);
    tell(echoes, {sent.source, header.identification}, {sent.destination, 0}, why);
    tell(raws, {sent.source, 0}, {sent.destination, 0}, why);
  }
}

result<ref<socket>> make_socket(i32 family, i32 type, i32 protocol) {
  const bool is_older = family == address_families::inet;
  const bool is_datagram = type == socket_types::dgram && (protocol == protocols::ip || protocol == protocols::udp);
  const bool is_echo = is_older && type == socket_types::dgram && protocol == protocols::icmp;
  const bool is_raw = is_older && type == socket_types::raw;
  if (!is_datagram && !is_echo && !is_raw) return make_host_socket(family, type, protocol);
  if (is_raw && !current_process().identity.may(privileges::raw_sockets)) return error::perm;
  auto host = host_socket::make(family, type, protocol);
  // What the host allows nobody who has no rights there is still good over own interfaces.
  const bool forbidden = !host && (host.error() == error::perm || host.error() == error::acces);
  if (!host && !(is_raw && forbidden && protocol != protocols::ip)) return host.error();
  ref<host_socket> below = host ? std::move(*host) : ref<host_socket>{};
  if (is_raw) return make<raw_socket>(family, type, protocol, std::move(below));
  if (is_echo) return make<echo_socket>(family, type, protocol, std::move(below));
  return make<datagram_socket>(family, type, protocol, std::move(below));
}

} // namespace polyabi::reference::network
