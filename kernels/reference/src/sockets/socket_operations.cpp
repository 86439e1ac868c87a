// Socket operations on descriptors: each finds the socket and asks it.
#include <sockets/families.hpp>
#include <sockets/options.hpp>

namespace polyabi::reference {

namespace {

struct found_socket {
  ref<file> held;
  socket_file* opened = nullptr;
  socket* operator->() const { return opened->of.get(); }
};

result<found_socket> find(thread& caller, i32 descriptor) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (((*f)->flags & open_flags::path) != 0) return error::badf;
  const auto s = socket_of(**f);
  if (!s) return s.error();
  return found_socket{std::move(*f), *s};
}

constexpr u32 known_socket_flags = socket_flags::cloexec | socket_flags::nonblock;

u32 status_of(u32 flags) {
  return (flags & socket_flags::nonblock) != 0 ? open_flags::nonblock : 0;
}

result<i32> reserve(thread& caller) {
  return caller.owner->descriptors->reserve(0, descriptor_limit(*caller.owner));
}

/// A descriptor for a socket, if there is one, under a number that was reserved; the number is free again otherwise.
result<new_descriptor> give(thread& caller, i32 number, result<ref<socket>> made, u32 flags) {
  auto opened = made ? open_socket(std::move(*made), status_of(flags)) : result<ref<file>>{made.error()};
  const ref<descriptor_table>& table = caller.owner->descriptors;
  if (!opened) {
    table->cancel(number);
    return opened.error();
  }
  return new_descriptor{table, number, std::move(*opened), (flags & socket_flags::cloexec) != 0 ? fd_flags::cloexec : 0};
}

} // namespace

result<new_descriptor> socket_operations::perform(op::socket, thread& caller, i32 family, i32 type, i32 protocol, u32 flags) {
  if ((flags & ~known_socket_flags) != 0) return error::inval;
  auto made = make_socket(family, type, protocol);
  if (!made) return made.error();
  const auto number = reserve(caller);
  if (!number) return number.error();
  return give(caller, *number, std::move(made), flags);
}

result<new_descriptor_pair> socket_operations::perform(op::socket_pair, thread& caller, i32 family, i32 type, i32 protocol,
                                                       u32 flags) {
  if ((flags & ~known_socket_flags) != 0) return error::inval;
  auto made = make_socket_pair(family, type, protocol);
  if (!made) return made.error();
  new_descriptor_pair pair;
  for (const auto& [end, place] : {std::pair{&made->first, &pair.first}, std::pair{&made->second, &pair.second}}) {
    const auto number = reserve(caller);
    if (!number) return number.error();
    auto given = give(caller, *number, std::move(*end), flags);
    if (!given) return given.error();
    *place = std::move(*given);
  }
  return pair;
}

result<> socket_operations::perform(op::bind, thread& caller, i32 descriptor, const socket_address<kernel>& address) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return (*s)->bind(address);
}

result<> connect_socket(socket_file& opened, const socket_address<kernel>& address) {
  const ref<socket> from = opened.of;
  ref<socket> instead;
  auto connected = from->connect(address, opened.nonblocking(), instead);
  if (instead) opened.of = std::move(instead);
  return connected;
}

result<> socket_operations::perform(op::connect, thread& caller, i32 descriptor, const socket_address<kernel>& address) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return connect_socket(*s->opened, address);
}

result<> socket_operations::perform(op::listen, thread& caller, i32 descriptor, i32 backlog) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return (*s)->listen(backlog);
}

result<new_descriptor> socket_operations::perform(op::accept, thread& caller, i32 descriptor, socket_address<kernel>& from,
                                                  u32 flags) {
  if ((flags & ~known_socket_flags) != 0) return error::inval;
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  // The number first: a connection is not taken and then lost for want of one.
  const auto number = reserve(caller);
  if (!number) return number.error();
  const ref<socket> listening = s->opened->of;
  return give(caller, *number, listening->accept(s->opened->nonblocking(), from), flags);
}

result<i64> socket_operations::perform(op::send, thread& caller, i32 descriptor, const outgoing_message<kernel>& message,
                                       u32 flags) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return send_to(*s->opened, message, flags);
}

result<i64> socket_operations::perform(op::receive, thread& caller, i32 descriptor, incoming_message<kernel>& message, u32 flags) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return receive_from(*s->opened, message, flags);
}

result<> socket_operations::perform(op::shutdown, thread& caller, i32 descriptor, i32 how) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  if (how < shutdown_hows::read || how > shutdown_hows::both) return error::inval;
  return (*s)->shutdown(how);
}

result<> socket_operations::perform(op::socket_name, thread& caller, i32 descriptor, socket_address<kernel>& out) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return (*s)->name(out);
}

result<> socket_operations::perform(op::peer_name, thread& caller, i32 descriptor, socket_address<kernel>& out) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return (*s)->peer_name(out);
}

result<> socket_operations::perform(op::set_socket_option, thread& caller, i32 descriptor, i32 level, i32 option,
                                    std::span<const unsigned char> value) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return set_socket_option(*s->opened->of, level, option, value);
}

result<usize> socket_operations::perform(op::get_socket_option, thread& caller, i32 descriptor, i32 level, i32 option,
                                         std::span<unsigned char> value) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return get_socket_option(*s->opened->of, level, option, value);
}

result<polyabi::socket_kind> socket_operations::perform(op::socket_kind, thread& caller, i32 descriptor) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return polyabi::socket_kind{(*s)->family, (*s)->type, (*s)->protocol};
}

result<i32> socket_operations::perform(op::socket_unsent, thread& caller, i32 descriptor) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return (*s)->unsent();
}

result<i32> socket_operations::perform(op::socket_at_mark, thread& caller, i32 descriptor) {
  const auto s = find(caller, descriptor);
  if (!s) return s.error();
  return (*s)->at_mark();
}

} // namespace polyabi::reference
