// Packets as they come from a tunnel, right and wrong ones, and what the kernel does with them.
#include "network.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using namespace polyabi::tests::network;
namespace p = ref::poll_events;

namespace {

// RFC 1071, 3: the numerical example.
constexpr unsigned char example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
static_assert(net::checksum{}.add(example).value() == static_cast<u16>(~0xddf2));
static_assert(net::checksum{}.add({example, 3}).add({example + 3, 5}).value() == static_cast<u16>(~0xddf2), "words lie across pieces");

constexpr unsigned char header[] = {0x45, 0, 0, 21, 0, 1, 0, 0, 64, 17, 0x66, 0xd5, 10, 0, 0, 1, 10, 0, 0, 2, 'x'};
consteval net::packet_fault with(usize at, unsigned char byte, usize size = sizeof header) {
  unsigned char changed[sizeof header];
  for (usize i = 0; i < sizeof header; ++i) changed[i] = i == at ? byte : header[i];
  return net::fault_of({changed, size});
}
static_assert(net::fault_of(header) == net::packet_fault::none);
static_assert(net::fault_of({}) == net::packet_fault::truncated);
static_assert(with(0, 0x45, 19) == net::packet_fault::truncated);
static_assert(with(0, 0x65) == net::packet_fault::version);
static_assert(with(0, 0x44) == net::packet_fault::header_size);
static_assert(with(0, 0x46) == net::packet_fault::header_size);
static_assert(with(3, 22) == net::packet_fault::total_size);
static_assert(with(3, 19) == net::packet_fault::total_size);
static_assert(with(8, 63) == net::packet_fault::checksum);

i32 bound(guest& g, u16 port, u32 to = own) {
  const i32 s = make(g, types::dgram, inet, ref::socket_flags::nonblock).descriptor;
  REQUIRE(bind(g, s, at(to, port)) == error::none);
  return s;
}

} // namespace

TEST_CASE("an echo is answered by the kernel", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const std::string asked = icmp(net::icmp_type::echo, 0, 77, 5, "payload of odd size");
  const std::string packet = ip(other, own, 1, asked);
  CHECK(t.bring(packet).size == static_cast<i64>(packet.size()));
  const std::string answer = t.sent();
  const auto head = header_at<net::ip_header>(answer, 0);
  CHECK(net::fault_of(bytes_of(answer)) == net::packet_fault::none);
  CHECK(head.source == own);
  CHECK(head.destination == other);
  CHECK(head.total == answer.size());
  CHECK(answer.substr(20) == icmp(net::icmp_type::echo_reply, 0, 77, 5, "payload of odd size"));
  CHECK(t.sent().empty());
  CHECK(t.bring(ip(other, other, 1, asked)).failure == error::none); // for another: it is no router
  CHECK(t.bring(ip(other, own | 0xff, 1, asked)).failure == error::none); // to everybody: nobody answers
  CHECK(t.sent().empty());
}

TEST_CASE("what is no packet does no harm", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 s = bound(*g, 5000);
  const std::string good = ip(other, own, 17, udp(other, 9, own, 5000, "hello"));
  const auto errors = [&] { return interface_named(*g, t.info.name).received.errors; };
  const auto is_wrong = [&](std::string packet) {
    const u64 before = errors();
    CHECK(t.bring(packet).size == static_cast<i64>(packet.size()));
    CHECK(errors() == before + 1);
    CHECK(poll(*g, s, p::in) == 0);
    CHECK(t.sent().empty());
  };
  const auto with = [&](usize where, char byte) {
    std::string changed = good;
    changed[where] = byte;
    return changed;
  };
  CHECK(t.bring("").failure == error::inval);
  CHECK(t.bring("\x10 nothing").failure == error::inval); // no version of IP
  is_wrong("E");
  is_wrong(good.substr(0, 19));
  is_wrong(good.substr(0, good.size() - 1)); // shorter than it says
  is_wrong(with(0, 0x4f));                   // a header longer than the packet
  is_wrong(with(0, 0x41));
  is_wrong(with(8, 1));         // the header's checksum
  is_wrong(with(good.size() - 1, 'x')); // the datagram's
  is_wrong(ip(other, own, 17, "short"));
  std::string longer = udp(other, 9, own, 5000, "hello");
  longer[4] = 1; // the datagram is longer than the packet
  is_wrong(ip(other, own, 17, longer));
  longer[4] = 0, longer[5] = 7; // and shorter than its own header
  is_wrong(ip(other, own, 17, longer));
  is_wrong(ip(other, own, 1, "short"));
  std::string echo = icmp(net::icmp_type::echo, 0, 1, 1, "data");
  echo[2] = static_cast<char>(echo[2] + 1);
  is_wrong(ip(other, own, 1, echo));
  const u64 dropped = interface_named(*g, t.info.name).received.dropped;
  CHECK(t.bring("\x60 of the newer version").failure == error::none);
  CHECK(interface_named(*g, t.info.name).received.dropped == dropped + 1);
  CHECK(t.bring(std::string(70000, 'E')).failure == error::inval);
  // Bytes behind the packet are no part of it.
  CHECK(t.bring(good + "rubbish").failure == error::none);
  CHECK(receive(*g, s).text == "hello");
}

TEST_CASE("nobody is there: the sender hears of it", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const std::string lost = ip(other, own, 17, udp(other, 9, own, 4999, "is anybody there?"));
  CHECK(t.bring(lost).failure == error::none);
  const std::string told = t.sent();
  const auto message = header_at<net::icmp_header>(told, 20);
  CHECK(message.type == net::icmp_type::unreachable);
  CHECK(message.code == net::unreachable::port);
  CHECK(told.substr(28) == lost.substr(0, 28));
  CHECK(net::checksum{}.add(bytes_of(told).subspan(20)).value() == 0);
  CHECK(t.bring(ip(other, own, 6, "some TCP")).failure == error::none);
  CHECK(header_at<net::icmp_header>(t.sent(), 20).code == net::unreachable::protocol);
  // Never about errors, to everybody, or to nobody.
  CHECK(t.bring(ip(other, own, 1, icmp(net::icmp_type::unreachable, 3, 0, 0, lost))).failure == error::none);
  CHECK(t.bring(ip(0, own, 17, udp(0, 9, own, 4999, "x"))).failure == error::none);
  CHECK(t.bring(ip(0xe0000001, own, 17, udp(0xe0000001, 9, own, 4999, "x"))).failure == error::none);
  CHECK(t.bring(ip(other, own | 0xff, 17, udp(other, 9, own | 0xff, 4999, "x"))).failure == error::none);
  CHECK(t.sent().empty());
}

TEST_CASE("parts of a packet come in any order", "[network]") {
  simulated::fresh_process g;
  (void)close(*g, *open_device(*g, "net/tun")); // the device file system is there from now on
  const no_leak all_is_freed{*g};
  {
    tunnel t{*g};
    const i32 s = bound(*g, 5000);
    std::string data;
    for (int i = 0; i < 3000; ++i) data += static_cast<char>('a' + i % 23);
    const std::string whole = udp(other, 9, own, 5000, data);
    const auto part = [&](usize from, usize size, u16 identification = 1) {
      const bool last = from + size >= whole.size();
      return ip(other, own, 17, whole.substr(from, size), static_cast<u16>(from / 8 | (last ? 0 : net::more_fragments)), identification);
    };
    for (const usize at : {2000, 0, 1000}) CHECK(t.bring(part(at, at == 2000 ? 2000 : 1000)).failure == error::none);
    CHECK(receive(*g, s).text == data);
    // One that overlaps spoils all of it; so does one behind the end.
    for (const auto& wrong : {part(992, 1000, 2), ip(other, own, 17, "behind it", 500, 2), ip(other, own, 17, "beyond", 0x1fff, 2),
                              ip(other, own, 17, "not a multiple", net::more_fragments | 125, 2)}) {
      CHECK(t.bring(part(0, 1000, 2)).failure == error::none);
      CHECK(t.bring(part(2000, 2000, 2)).failure == error::none);
      CHECK(t.bring(wrong).failure == error::none);
      CHECK(t.bring(part(1000, 1000, 2)).failure == error::none);
      CHECK(poll(*g, s, p::in) == 0);
      CHECK(t.bring(part(2000, 2000, 2)).failure == error::none); // the rest of a whole that can never be
      CHECK(t.bring(part(1000, 1000, 2)).failure == error::none);
    }
    // No more wait than there is room for.
    for (u16 i = 10; i < 100; ++i) CHECK(t.bring(part(0, 1000, i)).failure == error::none);
    CHECK(t.bring(part(1000, 1000, 99)).failure == error::none);
    CHECK(t.bring(part(2000, 2000, 99)).failure == error::none);
    CHECK(receive(*g, s).size == 3000);
    CHECK(close(*g, s) == error::none);
    CHECK(close(*g, t.descriptor) == error::none);
  }
}

TEST_CASE("packets with any bytes wrong", "[network]") {
  simulated::fresh_process g;
  (void)close(*g, *open_device(*g, "net/tun"));
  const no_leak all_is_freed{*g};
  {
    tunnel t{*g};
    const i32 s = bound(*g, 5000), raw = make(*g, types::raw, inet, ref::socket_flags::nonblock, 1).descriptor;
    const std::string whole = udp(other, 9, own, 5000, std::string(200, 'x'));
    const std::string seeds[] = {
        ip(other, own, 17, whole), ip(other, own, 17, whole.substr(0, 104), net::more_fragments, 3), ip(other, own, 17, whole.substr(104), 13, 3),
        ip(other, own, 1, icmp(net::icmp_type::echo, 0, 1, 1, "data")),
        ip(other, own, 1, icmp(net::icmp_type::unreachable, 3, 0, 0, ip(own, other, 17, whole).substr(0, 28)))};
    u32 state = 1;
    const auto random = [&](u32 below) {
      state = state * 1664525 + 1013904223;
      return (state >> 8) % below;
    };
    for (int i = 0; i < 4000; ++i) {
      std::string packet = seeds[random(5)];
      for (u32 changes = random(4); changes > 0; --changes) packet[random(static_cast<u32>(packet.size()))] = static_cast<char>(random(256));
      if (random(4) == 0) packet.resize(random(static_cast<u32>(packet.size())) + 1);
      // With the right sum more of it is looked at.
      if (packet.size() >= 20 && random(2) == 0) {
        packet[10] = packet[11] = 0;
        const u16 sum = net::checksum{}.add(bytes_of(packet).first(std::min(packet.size(), usize{4} * (packet[0] & 15)))).value();
        packet[10] = static_cast<char>(sum >> 8), packet[11] = static_cast<char>(sum);
      }
      const written answer = t.bring(packet);
      CHECK((answer.size == static_cast<i64>(packet.size()) || answer.failure == error::inval));
      if (i % 16 != 0) continue;
      while (!t.sent().empty()) continue;
      for (const i32 each : {s, raw})
        while (receive(*g, each).failure != error::again) continue;
    }
    for (const i32 each : {s, raw, t.descriptor}) CHECK(close(*g, each) == error::none);
  }
}
