// Sockets of the host: all but the data.
#include <sockets/host/host_wait.hpp>

#include <base/host_answers.hpp>
#include <network/layered_socket.hpp>
#include <polyabi/reference/heap.hpp>
#include <sockets/values.hpp>

namespace polyabi::reference {

namespace host = machine::host;

host_socket::owned_descriptor::~owned_descriptor() {
  if (!lingers) {
    host::close(number);
    return;
  }
  const kernel_lock::unlocked while_the_host_lingers;
  host::close(number);
}

host_socket::host_socket(i32 of_family, i32 of_type, i32 of_protocol, i32 descriptor)
    : socket{of_family, of_type, of_protocol}, descriptor_{descriptor}, readiness_{descriptor} {}

result<ref<host_socket>> host_socket::make(i32 family, i32 type, i32 protocol) {
  const i32 descriptor = host::socket(family, type, protocol);
  if (descriptor < 0) return host_error(descriptor);
  auto* made = heap::create<host_socket>(family, type, protocol, descriptor);
  if (made == nullptr) {
    host::close(descriptor);
    return error::nomem;
  }
  i32 actual = protocol; // what 0 stands for
  if (host::get_option(descriptor, option_levels::socket, socket_options::protocol,
                       {reinterpret_cast<unsigned char*>(&actual), sizeof actual}) >= 0)
    made->protocol = actual;
  return ref<host_socket>{made};
}

result<ref<socket>> make_host_socket(i32 family, i32 type, i32 protocol) {
  auto made = host_socket::make(family, type, protocol);
  if (!made) return made.error();
  return ref<socket>{std::move(*made)};
}

result<> connect_to_host(i32 type, i32 host_descriptor, bool nonblocking, ref<socket>& instead) {
  auto made = host_socket::make(address_families::local, type, 0);
  if (!made) return made.error();
  if (auto connected = (*made)->connect_to_file(host_descriptor, nonblocking); !connected) return connected;
  instead = std::move(*made);
  return {};
}

/// Whether it is so.
bool host_socket::let_block(bool may) {
  if (may != may_block_ && host::let_block(descriptor_.number, may) >= 0) may_block_ = may;
  return may == may_block_;
}

void host_socket::release() {
  heap::destroy(this);
}

void host_socket::closed() {
  linger_option linger{};
  if (host::get_option(descriptor_.number, option_levels::socket, socket_options::linger,
                       {reinterpret_cast<unsigned char*>(&linger), sizeof linger}) >= 0)
    descriptor_.lingers = linger.onoff != 0 && linger.seconds > 0;
}

result<> host_socket::bind(const socket_address<kernel>& address) {
  return done_or_error(host::bind(descriptor_.number, address));
}

result<> host_socket::connect(const socket_address<kernel>& address, bool nonblocking, ref<socket>&) {
  // TCP is not carried by the kernel's own interfaces: whoever asks hears so, and does not reach another by the host's routes.
  if (type == socket_types::stream && network::only_own_lead_to(address)) {
    kernel::unsupported(current_thread(), {kernel::personality_of(current_thread()).name, "connect", "TCP over an own interface", 0});
    return error::hostunreach;
  }
  wait until{*this, nonblocking, send_timeout};
  let_block(false);
  for (;;) {
    const i64 answer = host::connect(descriptor_.number, address);
    if (answer != minus(error::inprogress) && (answer != minus(error::already) || nonblocking)) return done_or_error(answer);
    if (nonblocking) return error::inprogress;
    if (auto waited = until.until(poll_events::out); !waited)
      return waited.error() == error::again ? error::inprogress : waited.error();
  }
}

result<> host_socket::connect_to_file(i32 file, bool nonblocking) {
  wait until{*this, nonblocking, send_timeout};
  let_block(false);
  for (;;) {
    const i64 answer = host::connect_local(descriptor_.number, file);
    if (answer != minus(error::again) || nonblocking) return done_or_error(answer);
    // Nobody tells when there is room in a backlog: try again in a moment.
    until.not_at_once();
    if (auto waited = until.until(poll_events::out); !waited) return waited;
  }
}

result<> host_socket::listen(i32 backlog) {
  return done_or_error(host::listen(descriptor_.number, backlog));
}

result<ref<socket>> host_socket::accept(bool nonblocking, socket_address<kernel>& from) {
  wait until{*this, nonblocking, receive_timeout};
  let_block(false);
  for (;;) {
    const i32 accepted = host::accept(descriptor_.number, from);
    if (accepted >= 0) {
      auto* made = heap::create<host_socket>(family, type, protocol, accepted);
      if (made != nullptr) return ref<socket>{made};
      host::close(accepted);
      return error::nomem;
    }
    if (accepted != minus(error::again)) return host_error(accepted);
    if (auto waited = until.until(poll_events::in); !waited) return waited.error();
  }
}

result<> host_socket::shutdown(i32 how) {
  return done_or_error(host::shutdown(descriptor_.number, how));
}
result<> host_socket::name(socket_address<kernel>& out) {
  return done_or_error(host::socket_name(descriptor_.number, out));
}
result<> host_socket::peer_name(socket_address<kernel>& out) {
  return done_or_error(host::peer_name(descriptor_.number, out));
}

result<> host_socket::set_option(i32 level, i32 option, std::span<const unsigned char> value) {
  const i64 answer = host::set_option(descriptor_.number, level, option, value);
  if (answer >= 0 && level == option_levels::socket && option == socket_options::rcvlowat && value.size() >= sizeof(i32))
    receive_low_water_ = *option_as<i32>(value);
  return done_or_error(answer);
}

result<usize> host_socket::get_option(i32 level, i32 option, std::span<unsigned char> value) {
  const i64 answer = host::get_option(descriptor_.number, level, option, value);
  if (answer < 0) return host_error(answer);
  return static_cast<usize>(answer);
}

result<i32> host_socket::bytes_readable() {
  const i64 answer = host::bytes_readable(descriptor_.number);
  if (answer < 0) return host_error(answer);
  return static_cast<i32>(answer);
}
result<i32> host_socket::unsent() {
  const i64 answer = host::unsent(descriptor_.number);
  if (answer < 0) return host_error(answer);
  return static_cast<i32>(answer);
}
result<i32> host_socket::at_mark() {
  const i64 answer = host::at_mark(descriptor_.number);
  if (answer < 0) return host_error(answer);
  return static_cast<i32>(answer);
}

} // namespace polyabi::reference
