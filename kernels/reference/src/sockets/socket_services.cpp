// Sockets for facilities: the same as for calls, without descriptors.
#include <sockets/options.hpp>

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference {

result<ref<file>> socket_services::make_socket(thread&, i32 family, i32 type, i32 protocol, u32 status_flags) {
  const kernel_lock::ensured guard;
  auto made = reference::make_socket(family, type, protocol);
  if (!made) return made.error();
  return open_socket(std::move(*made), status_flags);
}

result<socket_services::file_ref_pair> socket_services::make_socket_pair(thread&, i32 family, i32 type, i32 protocol,
                                                                         u32 status_flags) {
  const kernel_lock::ensured guard;
  auto made = reference::make_socket_pair(family, type, protocol);
  if (!made) return made.error();
  auto first = open_socket(std::move(made->first), status_flags);
  auto second = open_socket(std::move(made->second), status_flags);
  if (!first || !second) return error::nomem;
  return file_ref_pair{std::move(*first), std::move(*second)};
}

result<> socket_services::socket_bind(thread&, file& f, const socket_address<kernel>& address) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? (*s)->of->bind(address) : result<>{s.error()};
}

result<> socket_services::socket_connect(thread&, file& f, const socket_address<kernel>& address) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? connect_socket(**s, address) : result<>{s.error()};
}

result<> socket_services::socket_listen(thread&, file& f, i32 backlog) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? (*s)->of->listen(backlog) : result<>{s.error()};
}

result<ref<file>> socket_services::socket_accept(thread&, file& f, socket_address<kernel>& from, u32 status_flags) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  if (!s) return s.error();
  const ref<socket> listening = (*s)->of;
  auto accepted = listening->accept((*s)->nonblocking(), from);
  if (!accepted) return accepted.error();
  return open_socket(std::move(*accepted), status_flags);
}

result<i64> socket_services::socket_send(thread&, file& f, const outgoing_message<kernel>& message, u32 flags) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? send_to(**s, message, flags) : result<i64>{s.error()};
}

result<i64> socket_services::socket_receive(thread&, file& f, incoming_message<kernel>& message, u32 flags) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? receive_from(**s, message, flags) : result<i64>{s.error()};
}

result<> socket_services::socket_shutdown(thread&, file& f, i32 how) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? (*s)->of->shutdown(how) : result<>{s.error()};
}

result<> socket_services::socket_name(thread&, file& f, socket_address<kernel>& out) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? (*s)->of->name(out) : result<>{s.error()};
}

result<> socket_services::socket_peer_name(thread&, file& f, socket_address<kernel>& out) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? (*s)->of->peer_name(out) : result<>{s.error()};
}

result<> socket_services::socket_set_option(thread&, file& f, i32 level, i32 option, std::span<const unsigned char> value) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? set_socket_option(*(*s)->of, level, option, value) : result<>{s.error()};
}

result<usize> socket_services::socket_get_option(thread&, file& f, i32 level, i32 option, std::span<unsigned char> value) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  return s ? get_socket_option(*(*s)->of, level, option, value) : result<usize>{s.error()};
}

result<polyabi::socket_kind> socket_services::socket_kind_of(thread&, file& f) {
  const kernel_lock::ensured guard;
  const auto s = socket_of(f);
  if (!s) return s.error();
  return polyabi::socket_kind{(*s)->of->family, (*s)->of->type, (*s)->of->protocol};
}

namespace {

/// A socket whose behaviour is a facility's, which runs without the kernel lock.
struct facility_socket final : socket {
  custom_socket<kernel>& custom;

  explicit facility_socket(custom_socket<kernel>& of)
      : socket{of.kind().family, of.kind().type, of.kind().protocol}, custom{of} {
    is_custom = true;
  }
  ~facility_socket() override { custom.closed(); }
  void release() override { heap::destroy(this); }

  result<> bind(const socket_address<kernel>& address) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.bind(current_thread(), address);
  }
  result<> connect(const socket_address<kernel>& address, bool, ref<socket>&) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.connect(current_thread(), address);
  }
  result<i64> send(const outgoing_message<kernel>& message, u32 flags) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.send(current_thread(), message, flags);
  }
  result<i64> receive(incoming_message<kernel>& message, u32 flags) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.receive(current_thread(), message, flags);
  }
  result<> shutdown(i32 how) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.shutdown(current_thread(), how);
  }
  result<> name(socket_address<kernel>& out) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.name(current_thread(), out);
  }
  result<> peer_name(socket_address<kernel>& out) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.peer_name(current_thread(), out);
  }
  result<> set_option(i32 level, i32 option, std::span<const unsigned char> value) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.set_option(current_thread(), level, option, value);
  }
  result<usize> get_option(i32 level, i32 option, std::span<unsigned char> value) override {
    const kernel_lock::unlocked in_the_facility;
    return custom.get_option(current_thread(), level, option, value);
  }
  u16 poll(u16 events, waiter* place) override { return custom.poll(events, place); }
};

} // namespace

custom_socket<kernel>* socket_services::custom_socket_of(file& opened) {
  auto found = socket_of(opened);
  if (!found || !(*found)->of->is_custom) return nullptr;
  return &static_cast<facility_socket&>(*(*found)->of).custom;
}

result<new_descriptor> socket_services::make_socket_descriptor(thread& caller, custom_socket<kernel>& custom, u32 status_flags,
                                                               u32 descriptor_flags) {
  const kernel_lock::ensured lock;
  const ref<socket> made{heap::create<facility_socket>(custom)};
  if (!made) {
    custom.closed();
    return error::nomem;
  }
  auto opened = open_socket(made, status_flags & open_flags::nonblock);
  if (!opened) return opened.error();
  process& self = *caller.owner;
  const auto number = self.descriptors->reserve(0, descriptor_limit(self));
  if (!number) return number.error();
  return new_descriptor{self.descriptors, *number, std::move(*opened), descriptor_flags};
}

} // namespace polyabi::reference
