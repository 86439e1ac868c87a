// AF_UNIX sockets: their life, their names, and what they tell poll.
#include <sockets/local/local_socket.hpp>

#include <polyabi/reference/heap.hpp>

#include <cstring>

namespace polyabi::reference {

namespace {

/// net.core.wmem_default and rmem_default of Linux.
constexpr usize default_buffer = 212992;

/// The protocol can only be the family itself. ESOCKTNOSUPPORT for types that are none of the family's.
result<i32> checked_type(i32 type, i32 protocol) {
  if (protocol != 0 && protocol != address_families::local) return error::protonosupport;
  switch (type) {
  case socket_types::stream:
  case socket_types::dgram:
  case socket_types::seqpacket: return type;
  case socket_types::raw: return socket_types::dgram; // as 4.2BSD and all after it
  default: return error::socktnosupport;
  }
}

} // namespace

result<ref<socket>> make_local_socket(i32 type, i32 protocol) {
  const auto checked = checked_type(type, protocol);
  if (!checked) return checked.error();
  auto made = local_socket::make(*checked);
  if (!made) return error::nomem;
  return ref<socket>{std::move(made)};
}

result<socket_ends> make_local_pair(i32 type, i32 protocol) {
  const auto checked = checked_type(type, protocol);
  if (!checked) return checked.error();
  auto one = local_socket::make(*checked), other = local_socket::make(*checked);
  if (!one || !other) return error::nomem;
  local_socket::join(*one, *other);
  return socket_ends{std::move(one), std::move(other)};
}

local_socket::local_socket(i32 of_type)
    : socket{address_families::local, of_type, 0}, send_buffer_{default_buffer}, receive_buffer_{default_buffer} {}

ref<local_socket> local_socket::make(i32 type) {
  return ref<local_socket>{heap::create<local_socket>(type)};
}

void local_socket::release() {
  drop_messages();
  heap::destroy(this);
}

void local_socket::join(local_socket& one, local_socket& other) {
  one.peer_ = ref<local_socket>{&other};
  other.peer_ = ref<local_socket>{&one};
  one.caller_is_peer();
  other.caller_is_peer();
  if (one.is_connection()) one.phase_ = other.phase_ = phase::connected;
}

void local_socket::closed() {
  const ref<local_socket> self{this};
  dead_ = true;
  shut_ = no_more_input | no_more_output;
  if (name_ && name_->bound == this) name_->unbind();
  if (is_connection() && peer_ && phase_ == phase::connected) {
    peer_->shut_ = no_more_input | no_more_output;
    // What was sent and not received is lost, and the sender is to know (as of TCP).
    if (!queue_.empty() || in_backlog_.linked()) peer_->error_ = error::connreset;
    peer_->readable_.wake_all();
    peer_->writable_.wake_all();
  }
  while (local_socket* waiting = backlog_list_.front()) {
    const ref<local_socket> never_accepted = ref<local_socket>::adopt(waiting);
    waiting->closed();
    backlog_list_.remove(*waiting);
  }
  drop_messages();
  // Of a connection the other side keeps this one, for its name; the other way round it would be for ever.
  peer_ = nullptr;
  room_.wake_all();
  readable_.wake_all();
  writable_.wake_all();
  collect_lost_rights();
}

void local_socket::drop_messages() {
  while (local_message* m = queue_.front()) {
    dequeue(*m);
    m->free();
  }
}

void local_socket::lose_rights() {
  // One lets go of files that may be this socket's own: begin again each time.
  for (bool more = true; more;) {
    more = false;
    for (local_message* m = queue_.front(); m != nullptr && !more; m = queue_.next(*m)) {
      if (!m->files) continue;
      const ref<rights> lost = std::move(m->files);
      more = true;
    }
    for (local_socket* s = backlog_list_.front(); s != nullptr && !more; s = backlog_list_.next(*s)) {
      bool any = false;
      s->each_rights([&](rights&) { any = true; });
      if (!any) continue;
      const ref<local_socket> held{s};
      held->lose_rights();
      more = true;
    }
  }
}

result<> local_socket::pending_error() {
  if (error_ == error::none) return {};
  return std::exchange(error_, error::none);
}

void local_socket::write_name(const ref<local_name>& name, socket_address<kernel>& out) const {
  const std::string_view path = name ? name->path() : std::string_view{};
  auto& made = out.become<address_family::unix_>(path.size());
  if (!path.empty()) std::memcpy(made.path, path.data(), path.size());
}

result<> local_socket::name(socket_address<kernel>& out) {
  write_name(name_, out);
  return {};
}

result<> local_socket::peer_name(socket_address<kernel>& out) {
  if (!peer_) return error::notconn;
  write_name(peer_->name_, out);
  return {};
}

result<> local_socket::bind(const socket_address<kernel>& address) {
  if (!address.is<address_family::unix_>()) return error::inval;
  const std::string_view path = address.path();
  if (path.empty() && name_) return {};
  if (name_ && path[0] == '\0') return error::inval;
  if (name_) return namei::find(current_process(), path, false) ? error::addrinuse : error::inval;
  auto bound = path.empty() ? bind_any_local_name(*this) : bind_local_name(*this, path);
  if (!bound) return bound.error();
  name_ = std::move(*bound);
  return {};
}

result<> local_socket::shutdown(i32 how) {
  const u8 mine = static_cast<u8>(how == shutdown_hows::read ? no_more_input
                                  : how == shutdown_hows::write ? no_more_output
                                                                : no_more_input | no_more_output);
  shut_ |= mine;
  if (is_connection() && peer_ && phase_ == phase::connected) {
    if ((mine & no_more_input) != 0) peer_->shut_ |= no_more_output;
    if ((mine & no_more_output) != 0) peer_->shut_ |= no_more_input;
    peer_->readable_.wake_all();
    peer_->writable_.wake_all();
  }
  readable_.wake_all();
  writable_.wake_all();
  return {};
}

u16 local_socket::poll(u16 events, waiter* place) {
  u32 ready = 0;
  if (error_ != error::none) ready |= poll_events::err;
  if (shut_ == (no_more_input | no_more_output)) ready |= poll_events::hup;
  if ((shut_ & no_more_input) != 0) ready |= poll_events::rdhup | poll_events::in | poll_events::rdnorm;
  if (!queue_.empty() || !backlog_list_.empty()) ready |= poll_events::in | poll_events::rdnorm;
  if (is_connection() && phase_ == phase::unconnected) ready |= poll_events::hup;
  const bool peer_is_full = !is_connection() && peer_ && !peer_->dead_ && peer_->is_full_for(*this);
  // A quarter of the buffer may be in use, so that whoever is told can send something worth while.
  if (phase_ != phase::listening && charged_ * 4 <= send_buffer_ && !peer_is_full) ready |= poll_events::out | poll_events::wrband;
  ready &= events | u32{poll_events::err | poll_events::hup};
  if (place != nullptr) {
    readable_.enter(place[0]);
    if (peer_is_full) peer_->room_.enter(place[1]);
    else writable_.enter(place[1]);
  }
  return static_cast<u16>(ready);
}

result<i32> local_socket::bytes_readable() {
  if (phase_ == phase::listening) return error::inval;
  if (!is_connection()) return queue_.empty() ? 0 : static_cast<i32>(queue_.front()->size);
  return static_cast<i32>(queued_);
}

result<i32> local_socket::unsent() {
  if (phase_ == phase::listening) return error::inval;
  return static_cast<i32>(charged_);
}

} // namespace polyabi::reference
