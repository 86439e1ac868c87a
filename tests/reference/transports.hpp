// Shorthand for tests of transport endpoints: primitives in, primitives out.
#pragma once

#include "streams.hpp"

namespace polyabi::tests {

namespace tpi = polyabi::streams::tpi;

template <class Structure>
std::string bytes_of(const Structure& s, std::string_view behind = {}) {
  return std::string{reinterpret_cast<const char*>(&s), sizeof s} + std::string{behind};
}
/// A primitive's structure with its type filled in.
template <class Structure>
Structure blank() {
  Structure s{};
  s.type = static_cast<u32>(Structure::id);
  return s;
}

inline tpi::primitive type_of(const received& r) {
  u32 type = ~u32{0};
  if (r.message.control && r.message.control->size() >= 4) __builtin_memcpy(&type, r.message.control->data(), 4);
  return static_cast<tpi::primitive>(type);
}
template <class Structure>
Structure as(const received& r) {
  Structure s{};
  REQUIRE(r.failure == success);
  REQUIRE(r.message.control.has_value());
  REQUIRE(r.message.control->size() >= sizeof s);
  __builtin_memcpy(&s, r.message.control->data(), sizeof s);
  REQUIRE(s.type == static_cast<u32>(Structure::id));
  return s;
}
inline std::string address_in(const received& r, u32 offset, u32 length) {
  REQUIRE(r.message.control->size() >= offset + length);
  return r.message.control->substr(offset, length);
}

inline stream_error bind_to(guest& g, i32 d, std::string_view address, u32 backlog = 0) {
  auto s = blank<tpi::bind_req>();
  s.addr_length = static_cast<u32>(address.size());
  s.addr_offset = sizeof s;
  s.conind_number = backlog;
  return put_message(g, d, bytes_of(s, address), std::nullopt);
}
/// The address that was taken.
inline std::string bound(guest& g, i32 d, std::string_view address, u32 backlog = 0) {
  REQUIRE(bind_to(g, d, address, backlog) == success);
  const received r = get_message(g, d);
  const auto ack = as<tpi::bind_ack>(r);
  CHECK(ack.conind_number == backlog);
  return address_in(r, ack.addr_offset, ack.addr_length);
}
inline stream_error connect_to(guest& g, i32 d, std::string_view address, std::optional<std::string> data = std::nullopt) {
  auto s = blank<tpi::conn_req>();
  s.dest_length = static_cast<u32>(address.size());
  s.dest_offset = sizeof s;
  return put_message(g, d, bytes_of(s, address), data);
}
inline u32 stream_id(guest& g, i32 d) {
  return with_stream(g, d, [](reference::thread&, stream& s, bool) { return s.id; });
}
inline stream_error accept_by(guest& g, i32 listener, u32 number, u32 acceptor,
                              std::optional<std::string> data = std::nullopt) {
  auto s = blank<tpi::conn_res>();
  s.acceptor_id = acceptor;
  s.seq_number = number;
  return put_message(g, listener, bytes_of(s), data);
}
inline stream_error disconnect(guest& g, i32 d, u32 number = ~u32{0}, std::optional<std::string> data = std::nullopt) {
  auto s = blank<tpi::discon_req>();
  s.seq_number = number;
  return put_message(g, d, bytes_of(s), data);
}
template <class Structure>
stream_error ask(guest& g, i32 d) {
  return put_message(g, d, bytes_of(blank<Structure>()), std::nullopt);
}
inline stream_error send_data(guest& g, i32 d, std::string text, bool expedited = false, bool more = false) {
  tpi::data_req s{static_cast<u32>(expedited ? tpi::exdata_req::id : tpi::data_req::id), more ? 1u : 0u};
  return put_message(g, d, bytes_of(s), text, false, expedited ? 1 : 0);
}
inline stream_error send_datagram(guest& g, i32 d, std::string_view to, std::string text) {
  auto s = blank<tpi::unitdata_req>();
  s.dest_length = static_cast<u32>(to.size());
  s.dest_offset = sizeof s;
  return put_message(g, d, bytes_of(s, to), text);
}
inline void check_ok(guest& g, i32 d, tpi::primitive what) {
  CHECK(as<tpi::ok_ack>(get_message(g, d)).correct_prim == static_cast<u32>(what));
}
inline void check_error(guest& g, i32 d, tpi::primitive what, tpi::tli_error why, errc unix = errc::none) {
  const auto ack = as<tpi::error_ack>(get_message(g, d));
  CHECK(ack.error_prim == static_cast<u32>(what));
  CHECK(ack.tli_error == static_cast<u32>(why));
  CHECK(ack.unix_error == static_cast<u32>(unix));
}
inline tpi::state state_of(guest& g, i32 d) {
  return with_stream(g, d, [](reference::thread&, stream& s, bool) { return tpi::endpoint<kernel>::of(&s)->now(); });
}
inline bool nothing_to_read(guest& g, i32 d) {
  return get_message(g, d).failure == stream_error{errc::again};
}

/// A listener and two endpoints that are connected through it. All without waiting.
struct connection {
  i32 listener, here, there;
};
template <class Open>
connection connected(guest& g, Open open, std::string_view name = "server") {
  constexpr u32 nonblocking = reference::open_flags::rdwr | reference::open_flags::nonblock;
  connection c{open(g, nonblocking), open(g, nonblocking), open(g, nonblocking)};
  CHECK(bound(g, c.listener, name, 2) == name);
  (void)bound(g, c.here, "");
  (void)bound(g, c.there, "");
  CHECK(connect_to(g, c.here, name) == success);
  check_ok(g, c.here, tpi::primitive::t_conn_req);
  const auto wanted = as<tpi::conn_ind>(get_message(g, c.listener));
  CHECK(accept_by(g, c.listener, wanted.seq_number, stream_id(g, c.there)) == success);
  check_ok(g, c.listener, tpi::primitive::t_conn_res);
  (void)as<tpi::conn_con>(get_message(g, c.here));
  return c;
}

} // namespace polyabi::tests
