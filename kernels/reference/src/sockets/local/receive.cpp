// Receiving from local sockets. Bytes are copied once, from the message into the receiver's memory.
#include <sockets/local/local_socket.hpp>

#include <polyabi/reference/kernel.hpp>

#include <cstring>

namespace polyabi::reference {

/// What a call has received so far, beside the bytes.
struct local_socket::receipt {
  bool any = false;
  ref<local_name> from;
  ref<rights> files;
  socket_credentials credentials{0, 65534, 65534}; ///< of a sender who gave none: Linux' overflow ids
  u64 time = 0;
  bool ended = false; ///< what follows belongs to another receive

  void take(local_message& m) {
    any = true;
    from = m.from;
    if (m.has_credentials) credentials = m.credentials;
    time = m.time;
  }
  /// Whether what this message came with can be told together with what there is.
  bool agrees_with(const local_message& m) const {
    const socket_credentials other = m.has_credentials ? m.credentials : receipt{}.credentials;
    return credentials.pid == other.pid && credentials.uid == other.uid && credentials.gid == other.gid;
  }
};

void local_socket::uncharge(usize bytes) {
  const bool was_full = charged_ * 4 > send_buffer_;
  charged_ -= bytes;
  if (was_full && charged_ * 4 <= send_buffer_) writable_.wake_all(poll_events::out | poll_events::wrband);
}

void local_socket::dequeue(local_message& m) {
  queue_.remove(m);
  queued_ -= m.rest();
  --queue_length_;
  if (m.sender) m.sender->uncharge(m.charge());
  if (m.files && m.files->in_flight) m.files->arrive();
  if (!is_stream()) room_.wake_all(poll_events::out | poll_events::wrband);
}

result<i64> local_socket::receive(incoming_message<kernel>& m, u32 flags) {
  if ((flags & message_flags::oob) != 0) return error::opnotsupp;
  return is_stream() ? receive_stream(m, flags) : receive_datagram(m, flags);
}

/// Takes what is there, at most as much as there is room for. False on a fault. The kernel lock is dropped while bytes are copied;
/// `reading_` keeps others from the messages.
bool local_socket::take_pieces(user_writer& to, receipt& so_far, u32 flags) {
  const claim::holder mine{reading_};
  const bool peek = (flags & message_flags::peek) != 0;
  usize skip = peek && peek_offset_ > 0 ? static_cast<usize>(peek_offset_) : 0;
  local_message* following = nullptr;
  for (local_message* m = queue_.front(); m != nullptr && to.remaining() != 0 && !so_far.ended; m = following) {
    following = queue_.next(*m);
    if (skip >= m->rest()) {
      skip -= m->rest();
      continue;
    }
    if (so_far.any && pass_credentials_ && !so_far.agrees_with(*m)) {
      so_far.ended = true;
      break;
    }
    const usize there = m->rest() - skip;
    const usize size = to.remaining() < there ? static_cast<usize>(to.remaining()) : there;
    if (!to.write(m->data() + m->taken + skip, size)) return false;
    if (!so_far.any) so_far.take(*m);
    if (m->files) {
      so_far.files = m->files;
      so_far.ended = true; // files are received with the last byte that they came with
    }
    skip = 0;
    if (peek) {
      if (peek_offset_ >= 0) peek_offset_ += static_cast<i32>(size);
      following = queue_.next(*m); // others may have come meanwhile
      continue;
    }
    if (m->files) {
      m->files->arrive();
      m->files = nullptr;
    }
    if (peek_offset_ > 0) peek_offset_ = peek_offset_ > static_cast<i32>(size) ? peek_offset_ - static_cast<i32>(size) : 0;
    m->taken += size;
    queued_ -= size;
    following = queue_.next(*m);
    if (m->rest() != 0) break;
    dequeue(*m);
    m->free();
  }
  return true;
}

result<i64> local_socket::receive_stream(incoming_message<kernel>& m, u32 flags) {
  if (phase_ != phase::connected) return error::inval;
  const patience how{(flags & message_flags::dontwait) != 0, receive_timeout};
  user_writer to{m.data};
  u64 enough = to.remaining();
  if ((flags & message_flags::waitall) == 0 && enough > static_cast<u64>(receive_low_water_))
    enough = static_cast<u64>(receive_low_water_);
  if (enough == 0) enough = 1;
  receipt got;
  const auto ended = [&](error why) -> result<i64> {
    if (!got.any && why != error::none) return why;
    tell(got, m, flags);
    return static_cast<i64>(to.transferred());
  };
  for (;;) {
    const u64 before = to.transferred();
    if (!take_pieces(to, got, flags)) {
      if (before == 0 && !got.any) return error::fault;
      return ended(error::none);
    }
    if (got.ended || to.remaining() == 0 || to.transferred() >= enough) return ended(error::none);
    if ((flags & message_flags::peek) != 0 && got.any) return ended(error::none);
    if (auto pending = pending_error(); !pending) return ended(pending.error());
    if ((shut_ & no_more_input) != 0) return ended(error::none);
    if (auto waited = how.wait(readable_); !waited) return ended(waited.error());
  }
}

result<i64> local_socket::receive_datagram(incoming_message<kernel>& m, u32 flags) {
  if (type == socket_types::seqpacket && phase_ != phase::connected) return error::notconn;
  const patience how{(flags & message_flags::dontwait) != 0, receive_timeout};
  const bool peek = (flags & message_flags::peek) != 0;
  for (;;) {
    {
      const claim::holder mine{reading_};
      usize skip = peek && peek_offset_ > 0 ? static_cast<usize>(peek_offset_) : 0;
      local_message* whole = queue_.front();
      while (whole != nullptr && skip != 0 && skip >= whole->size) {
        skip -= whole->size;
        whole = queue_.next(*whole);
      }
      if (whole != nullptr) {
        receipt got;
        got.take(*whole);
        got.files = whole->files;
        if (!peek) dequeue(*whole);
        user_writer to{m.data};
        const usize there = whole->size - skip;
        const usize size = to.remaining() < there ? static_cast<usize>(to.remaining()) : there;
        const bool intact = size == 0 || to.write(whole->data() + skip, size);
        if (size < there) m.flags |= message_flags::trunc;
        if (peek && peek_offset_ >= 0) peek_offset_ += static_cast<i32>(size);
        if (!peek) whole->free();
        if (!peek && peek_offset_ > 0) peek_offset_ = peek_offset_ > static_cast<i32>(there) ? peek_offset_ - static_cast<i32>(there) : 0;
        if (!intact) return error::fault;
        tell(got, m, flags);
        return static_cast<i64>((flags & message_flags::trunc) != 0 ? there : size);
      }
    }
    if (auto pending = pending_error(); !pending) return pending.error();
    if ((shut_ & no_more_input) != 0 && (type == socket_types::seqpacket || !how.nonblocking())) return 0;
    if (auto waited = how.wait(readable_); !waited) return waited.error();
  }
}

/// The sender's name, and control items in the order in which Linux gives them.
void local_socket::tell(const receipt& got, incoming_message<kernel>& m, u32 flags) const {
  if (m.from != nullptr) {
    if (got.any && got.from) write_name(got.from, *m.from);
    else m.from->size = 0;
  }
  control_writer<kernel> items{m.control};
  const auto add = [&](i32 control, const auto& value) {
    unsigned char* at = items.add(option_levels::socket, control, sizeof value);
    if (at != nullptr) std::memcpy(at, &value, sizeof value);
    else m.flags |= message_flags::ctrunc;
  };
  if (stamp_ && got.any && !is_stream()) {
    const u64 time = got.time != 0 ? got.time : machine::real_time();
    const auto seconds = static_cast<i64>(time / 1'000'000'000), rest = static_cast<i64>(time % 1'000'000'000);
    if (stamp_in_nanoseconds_) add(control_types::timestampns, timespec{seconds, rest});
    else add(control_types::timestamp, timeval{seconds, rest / 1000});
  }
  if (pass_credentials_) add(control_types::credentials, got.credentials);
  m.control_size = items.size();
  if (!got.files) return;
  const u32 descriptor_flags = (flags & message_flags::cmsg_cloexec) != 0 ? fd_flags::cloexec : 0;
  if (!m.descriptors.make_room(got.files->count)) {
    m.flags |= message_flags::ctrunc;
    return;
  }
  for (usize i = 0; i < got.files->count; ++i)
    if (!m.descriptors.add(current_process(), got.files->files[i], descriptor_flags)) {
      m.flags |= message_flags::ctrunc;
      break;
    }
}

} // namespace polyabi::reference
