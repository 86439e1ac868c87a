// Connections between local sockets.
#include <sockets/local/local_socket.hpp>

namespace polyabi::reference {

void local_socket::caller_is_peer() {
  const credentials& peer = current_process().identity;
  peer_credentials_ = {current_process().id, peer.euid, peer.egid};
  peer_group_count_ = peer.group_count;
  for (u32 i = 0; i < peer.group_count; ++i) peer_groups_[i] = peer.groups[i];
}

result<> local_socket::listen(i32 backlog) {
  if (!is_connection()) return error::opnotsupp;
  if (!name_ || phase_ == phase::connected) return error::inval;
  const bool more = backlog > backlog_ || phase_ != phase::listening;
  phase_ = phase::listening;
  backlog_ = backlog < 0 || backlog > backlog_limit ? backlog_limit : backlog;
  caller_is_peer(); // who listens is who a client has connected to
  if (more) room_.wake_all();
  return {};
}

result<> local_socket::autobind_for_credentials() {
  if (!pass_credentials_ || name_) return {};
  auto bound = bind_any_local_name(*this);
  if (!bound) return bound.error();
  name_ = std::move(*bound);
  return {};
}

result<> local_socket::connect(const socket_address<kernel>& address, bool nonblocking, ref<socket>& instead) {
  if (!is_connection() && address.family() == address_families::unspec) {
    let_go_of_peer();
    return {};
  }
  if (!address.is<address_family::unix_>() || address.path().empty()) return error::inval;
  if (auto bound = autobind_for_credentials(); !bound) return bound;
  return is_connection() ? connect_stream(address.path(), patience{nonblocking, send_timeout}, instead)
                         : connect_datagram(address.path(), instead);
}

result<> local_socket::connect_stream(std::string_view path, const patience& how, ref<socket>& instead) {
  for (;;) {
    auto found = find_local_name(path, type);
    if (!found) return found.error();
    if (!found->bound) {
      if (phase_ != phase::unconnected) return phase_ == phase::connected ? error::isconn : error::inval;
      return connect_to_host(type, found->node->host_descriptor(), how.nonblocking(), instead);
    }
    const ref<local_socket> to = std::move(found->bound);
    if (to->type != type) return error::prototype;
    if (to->phase_ != phase::listening || (to->shut_ & no_more_input) != 0) return error::connrefused;
    if (to->queue_length_ > to->backlog_) {
      if (auto waited = how.wait(to->room_); !waited) return waited;
      continue;
    }
    if (phase_ != phase::unconnected) return phase_ == phase::connected ? error::isconn : error::inval;
    const ref<local_socket> their_end = make(type);
    if (!their_end) return error::nomem;
    their_end->name_ = to->name_;
    their_end->phase_ = phase_ = phase::connected;
    their_end->pass_credentials_ = to->pass_credentials_;
    their_end->caller_is_peer();
    their_end->peer_ = ref<local_socket>{this};
    peer_ = their_end;
    peer_credentials_ = to->peer_credentials_;
    peer_group_count_ = to->peer_group_count_;
    for (u32 i = 0; i < to->peer_group_count_; ++i) peer_groups_[i] = to->peer_groups_[i];
    to->backlog_list_.push_back(*ref<local_socket>{their_end}.leak());
    ++to->queue_length_;
    to->readable_.wake_all(poll_events::in | poll_events::rdnorm);
    return {};
  }
}

void local_socket::let_go_of_peer() {
  if (!peer_) return;
  const ref<local_socket> old = std::move(peer_);
  {
    const claim::holder nobody_looks_at_one{reading_};
    drop_messages();
  }
  if (!old->dead_ && old->peer_.get() == this) {
    old->error_ = error::connreset;
    old->readable_.wake_all();
    old->writable_.wake_all();
  }
  room_.wake_all();
  writable_.wake_all();
}

result<> local_socket::connect_datagram(std::string_view path, ref<socket>& instead) {
  auto found = find_local_name(path, type);
  if (!found) return found.error();
  if (!found->bound) return connect_to_host(type, found->node->host_descriptor(), false, instead);
  const ref<local_socket> to = std::move(found->bound);
  if (to->type != type) return error::prototype;
  if (to->peer_ && to->peer_.get() != this) return error::perm;
  if (peer_ != to) let_go_of_peer();
  peer_ = to;
  writable_.wake_all();
  return {};
}

result<ref<socket>> local_socket::accept(bool nonblocking, socket_address<kernel>& from) {
  if (!is_connection()) return error::opnotsupp;
  if (phase_ != phase::listening) return error::inval;
  const patience how{nonblocking, receive_timeout};
  while (backlog_list_.empty()) {
    if ((shut_ & no_more_input) != 0) return error::inval;
    if (auto waited = how.wait(readable_); !waited) return waited.error();
  }
  ref<local_socket> accepted = ref<local_socket>::adopt(backlog_list_.pop_front());
  --queue_length_;
  room_.wake_all();
  write_name(accepted->peer_ ? accepted->peer_->name_ : nullptr, from);
  return ref<socket>{std::move(accepted)};
}

} // namespace polyabi::reference
