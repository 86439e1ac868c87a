// Shorthand for tests that use sockets as a guest.
#pragma once

#include "descriptors.hpp"

#include <cstring>
#include <vector>

namespace polyabi::tests {

namespace sockets {

namespace ref = reference;
namespace types = ref::socket_types;
namespace flags = ref::message_flags;
using address = socket_address<ref::kernel>;

inline constexpr i32 local = ref::address_families::local;

/// A descriptor, or -1 and the error in `failure`.
struct opened {
  i32 descriptor = -1;
  error failure = error::none;
};
template <class Answer>
opened commit(Answer made) {
  if (!made) return {-1, made.error()};
  return {polyabi::detail::derived_entry::commit(*made)};
}

inline opened make(guest& g, i32 type, i32 family = local, u32 socket_flags = 0, i32 protocol = 0) {
  return g.call([&](ref::thread& t) {
    return commit(polyabi::perform<ref::kernel>(op::socket{}, t, family, type, protocol, socket_flags));
  });
}

struct pair {
  i32 first = -1, second = -1;
};
inline pair make_pair(guest& g, i32 type, u32 socket_flags = 0) {
  return g.call([&](ref::thread& t) {
    auto made = polyabi::perform<ref::kernel>(op::socket_pair{}, t, local, type, 0, socket_flags);
    if (!made) return pair{};
    const pair numbers{made->first.number(), made->second.number()};
    polyabi::detail::derived_entry::commit(*made);
    return numbers;
  });
}

inline address local_address(std::string_view path) {
  address a;
  auto& made = a.become<address_family::unix_>(path.size());
  std::memcpy(made.path, path.data(), path.size());
  return a;
}
using namespace std::string_view_literals;

inline error bind(guest& g, i32 s, const address& a) {
  return perform(g, op::bind{}, s, a).error();
}
inline error bind(guest& g, i32 s, std::string_view path) {
  return bind(g, s, local_address(path));
}
inline error connect(guest& g, i32 s, const address& a) {
  return perform(g, op::connect{}, s, a).error();
}
inline error connect(guest& g, i32 s, std::string_view path) {
  return connect(g, s, local_address(path));
}
inline error listen(guest& g, i32 s, i32 backlog = 5) {
  return perform(g, op::listen{}, s, backlog).error();
}
inline opened accept(guest& g, i32 s, address* from = nullptr, u32 socket_flags = 0) {
  return g.call([&](ref::thread& t) {
    address who;
    auto made = commit(polyabi::perform<ref::kernel>(op::accept{}, t, s, who, socket_flags));
    if (from != nullptr) *from = who;
    return made;
  });
}
inline std::string name(guest& g, i32 s) {
  address a;
  return perform(g, op::socket_name{}, s, a) ? std::string{a.path()} : "?";
}
inline std::string peer(guest& g, i32 s) {
  address a;
  const auto answer = perform(g, op::peer_name{}, s, a);
  return answer ? std::string{a.path()} : "?";
}

/// One control item to be sent.
struct item {
  i32 type;
  std::string value;
};
inline item rights(std::initializer_list<i32> descriptors) {
  return {ref::control_types::rights,
          {reinterpret_cast<const char*>(descriptors.begin()), descriptors.size() * sizeof(i32)}};
}

inline written send(guest& g, i32 s, std::string_view text, u32 message_flags = 0, const address* to = nullptr,
                    const std::vector<item>& items = {}) {
  alignas(8) unsigned char control[4096];
  control_writer<ref::kernel> writer{control};
  for (const item& i : items)
    std::memcpy(writer.add(ref::option_levels::socket, i.type, i.value.size()), i.value.data(), i.value.size());
  const user_bytes part{g.put_text(text), text.size()};
  outgoing_message<ref::kernel> m{user_vector{&part, 1}};
  m.to = to;
  m.control = std::span{control, writer.size()};
  const auto answer = perform(g, op::send{}, s, m, message_flags);
  if (!answer) return {answer.error()};
  return {error::none, *answer};
}

struct message {
  error failure = error::none;
  i64 size = 0;
  std::string text, from;
  u32 flags = 0;
  std::vector<i32> descriptors;
  std::vector<ref::socket_credentials> credentials;
  std::vector<i32> item_types;
};
inline message receive(guest& g, i32 s, usize size = 4096, u32 message_flags = 0, usize control_size = 4096) {
  const user_bytes part{g.allocate(size + 1), size};
  alignas(8) unsigned char control[4096];
  return g.call([&](ref::thread& t) {
    address from;
    incoming_message<ref::kernel> m{user_vector{&part, 1}};
    m.from = &from;
    m.control = std::span{control, control_size};
    auto answer = polyabi::perform<ref::kernel>(op::receive{}, t, s, m, message_flags);
    message got;
    if (!answer) {
      got.failure = answer.error() == error::restart_call ? error::intr : answer.error();
      if (answer.error() == error::restart_call) t.restart = true;
      return got;
    }
    got.size = *answer;
    got.text = g.get_text(part.address, std::min(static_cast<usize>(*answer), size));
    got.from = from.path();
    got.flags = m.flags;
    for (usize i = 0; i < m.descriptors.size(); ++i) got.descriptors.push_back(m.descriptors.number(i));
    if (m.descriptors.size() != 0) polyabi::detail::derived_entry::commit(m.descriptors);
    control_reader<ref::kernel> items{std::span{control, m.control_size}};
    while (items.next()) {
      got.item_types.push_back(items.type);
      if (items.type != ref::control_types::credentials) continue;
      got.credentials.emplace_back();
      std::memcpy(&got.credentials.back(), items.value.data(), sizeof(ref::socket_credentials));
    }
    return got;
  });
}

template <class T>
error set_option(guest& g, i32 s, i32 option, const T& value, i32 level = ref::option_levels::socket) {
  const std::span<const unsigned char> bytes{reinterpret_cast<const unsigned char*>(&value), sizeof value};
  return perform(g, op::set_socket_option{}, s, level, option, bytes).error();
}
template <class T = i32>
T get_option(guest& g, i32 s, i32 option, i32 level = ref::option_levels::socket) {
  T value{};
  const std::span<unsigned char> bytes{reinterpret_cast<unsigned char*>(&value), sizeof value};
  const auto answer = perform(g, op::get_socket_option{}, s, level, option, bytes);
  if (!answer) throw std::runtime_error{"option"};
  return value;
}

inline u16 poll(guest& g, i32 descriptor, u16 events = 0x7fff, i64 milliseconds = 0) {
  ref::poll_record record{descriptor, events, 0};
  const ref::timespec timeout{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  const ref::timespec* wait = &timeout;
  const ref::sigset* mask = nullptr;
  (void)perform(g, op::poll{}, std::span{&record, 1}, wait, mask);
  return record.revents;
}

/// Kernel memory is as it was when this goes out of scope.
struct no_leak {
  usize before;
  explicit no_leak(guest& g) {
    const auto p = make_pipe(g); // from now on the descriptor table is there
    (void)tests::close(g, p.reader);
    (void)tests::close(g, p.writer);
    before = in_use();
  }
  ~no_leak() { CHECK(in_use() == before); }
  static usize in_use() {
    const ref::kernel_lock::locked lock;
    return ref::heap::in_use();
  }
};

} // namespace sockets

} // namespace polyabi::tests
