// Sending through local sockets. Bytes are copied once, from the sender's memory into the message.
#include <sockets/local/local_socket.hpp>

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>

#include <cstring>

namespace polyabi::reference {

namespace {

/// The longest piece of a stream: with its head it is a whole number of pages.
constexpr usize longest_piece = 8 * page_size - sizeof(local_message);

bool is_one_of(u32 id, u32 real, u32 effective, u32 saved) {
  return id == real || id == effective || id == saved;
}

/// A process may only speak for itself, unless it has the rights of others.
result<> may_claim(const process& p, const socket_credentials& claimed) {
  const credentials& own = p.identity;
  const bool may = (claimed.pid == p.id || own.may(privileges::administer)) &&
                   (is_one_of(claimed.uid, own.ruid, own.euid, own.suid) || own.may(privileges::set_users)) &&
                   (is_one_of(claimed.gid, own.rgid, own.egid, own.sgid) || own.may(privileges::set_groups));
  if (!may) return error::perm;
  return process_table::find(claimed.pid) != nullptr ? error::none : error::srch;
}

} // namespace

local_message* local_message::make(usize size) {
  void* memory = heap::allocate(sizeof(local_message) + size);
  if (memory == nullptr) return nullptr;
  auto* made = ::new (memory) local_message;
  made->size = size;
  return made;
}

void local_message::free() {
  const usize whole = charge();
  this->~local_message();
  heap::deallocate(this, whole);
}

result<local_socket::attachment> local_socket::read_control(std::span<const unsigned char> control) const {
  attachment to;
  i32 descriptors[rights_limit];
  usize descriptor_count = 0;
  control_reader<kernel> items{control};
  while (items.next()) {
    if (items.level != option_levels::socket) continue;
    if (items.type == control_types::rights) {
      // Those of several items travel, and arrive, as those of one.
      const usize count = items.value.size() / sizeof(i32);
      if (count > rights_limit - descriptor_count) return error::inval;
      std::memcpy(descriptors + descriptor_count, items.value.data(), count * sizeof(i32));
      descriptor_count += count;
    } else if (items.type == control_types::credentials) {
      if (items.value.size() != sizeof to.credentials) return error::inval;
      std::memcpy(&to.credentials, items.value.data(), sizeof to.credentials);
      if (auto may = may_claim(current_process(), to.credentials); !may) return may.error();
      to.has_credentials = true;
    } else {
      return error::inval;
    }
  }
  if (descriptor_count == 0) return to;
  auto made = rights::make(current_process(), {descriptors, descriptor_count});
  if (!made) return made.error();
  to.files = std::move(*made);
  return to;
}

result<i64> local_socket::send(const outgoing_message<kernel>& m, u32 flags) {
  auto with = read_control(m.control);
  if (!with) return with.error();
  if ((flags & message_flags::oob) != 0) return error::opnotsupp;
  return is_stream() ? send_stream(m, *with, flags) : send_datagram(m, *with, flags);
}

result<> local_socket::wait_for_room(const patience& how) {
  for (;;) {
    if (auto pending = pending_error(); !pending) return pending;
    if ((shut_ & no_more_output) != 0) return error::pipe;
    if (charged_ < send_buffer_) return {};
    if (auto waited = how.wait(writable_); !waited) return waited;
  }
}

void local_socket::enqueue(local_message& m, local_socket& from, attachment& with) {
  m.sender = ref<local_socket>{&from};
  m.from = from.name_;
  const process& sender = current_process();
  if (with.has_credentials) {
    m.credentials = with.credentials;
    m.has_credentials = true;
  } else if (from.pass_credentials_ || pass_credentials_ || in_backlog_.linked()) {
    m.credentials = {sender.id, sender.identity.ruid, sender.identity.rgid};
    m.has_credentials = true;
  }
  if (stamp_) m.time = machine::real_time();
  if (with.files) {
    m.files = std::move(with.files);
    m.files->depart();
  }
  from.charge(m.charge());
  queued_ += m.size;
  ++queue_length_;
  queue_.push_back(m);
  readable_.wake_all(poll_events::in | poll_events::rdnorm);
}

result<i64> local_socket::send_stream(const outgoing_message<kernel>& m, attachment& with, u32 flags) {
  if (m.to != nullptr && m.to->size != 0) return phase_ == phase::connected ? error::isconn : error::opnotsupp;
  if (phase_ != phase::connected) return error::notconn;
  const patience how{(flags & message_flags::dontwait) != 0, send_timeout};
  user_reader from{m.data};
  const ref<local_socket> to = peer_;
  u64 sent = 0;
  const auto ended = [&](error why) { return sent != 0 ? result<i64>{static_cast<i64>(sent)} : result<i64>{why}; };
  if ((shut_ & no_more_output) != 0) return error::pipe;
  while (from.remaining() != 0) {
    if (auto room = wait_for_room(how); !room) return ended(room.error());
    const usize half = send_buffer_ / 2;
    const usize longest = half < longest_piece ? half : longest_piece;
    const usize size = from.remaining() < longest ? static_cast<usize>(from.remaining()) : longest;
    local_message* piece = local_message::make(size);
    if (piece == nullptr) return ended(error::nomem);
    if (!from.read(piece->data(), size)) {
      piece->free();
      return ended(error::fault);
    }
    if (to->dead_ || (to->shut_ & no_more_input) != 0 || (shut_ & no_more_output) != 0) {
      piece->free();
      return ended(error::pipe);
    }
    to->enqueue(*piece, *this, with);
    sent += size;
  }
  return static_cast<i64>(sent);
}

/// Whom a datagram is for: the one named, or the peer.
result<ref<local_socket>> local_socket::receiver_of(const outgoing_message<kernel>& m) {
  if (type == socket_types::seqpacket) {
    if (phase_ != phase::connected) return error::notconn;
    return peer_;
  }
  if (m.to == nullptr || m.to->size == 0) {
    if (!peer_) return error::notconn;
    return peer_;
  }
  if (!m.to->is<address_family::unix_>() || m.to->path().empty()) return error::inval;
  auto found = find_local_name(m.to->path(), type);
  if (!found) return found.error();
  if (!found->bound) return error::connrefused; // to a host's socket, connect(2) leads
  if (found->bound->type != type) return error::prototype;
  return std::move(found->bound);
}

bool local_socket::is_full_for(const local_socket& sender) const {
  return this != &sender && peer_.get() != &sender && queue_length_ > backlog_;
}

result<i64> local_socket::send_datagram(const outgoing_message<kernel>& m, attachment& with, u32 flags) {
  const auto size = total_size(m.data);
  if (!size) return size.error();
  auto receiver = receiver_of(m);
  if (!receiver) return receiver.error();
  if (auto bound = autobind_for_credentials(); !bound) return bound.error();
  if (*size > send_buffer_ - sizeof(local_message)) return error::msgsize;
  const ref<local_socket> to = std::move(*receiver);
  const patience how{(flags & message_flags::dontwait) != 0, send_timeout};
  if (auto room = wait_for_room(how); !room) return room.error();
  local_message* whole = local_message::make(static_cast<usize>(*size));
  if (whole == nullptr) return error::nobufs;
  const auto failed = [&](error why) -> result<i64> {
    whole->free();
    return why;
  };
  if (user_reader from{m.data}; *size != 0 && !from.read(whole->data(), whole->size)) return failed(error::fault);
  for (;;) {
    if (to->peer_ && to->peer_.get() != this && !is_connection()) return failed(error::perm);
    if (to->dead_) {
      if (is_connection()) return failed(error::pipe);
      if (peer_ == to) let_go_of_peer();
      return failed(error::connrefused);
    }
    if ((to->shut_ & no_more_input) != 0) return failed(error::pipe);
    if (!to->is_full_for(*this)) break;
    if (auto waited = how.wait(to->room_); !waited) return failed(waited.error());
  }
  to->enqueue(*whole, *this, with);
  return static_cast<i64>(*size);
}

} // namespace polyabi::reference
