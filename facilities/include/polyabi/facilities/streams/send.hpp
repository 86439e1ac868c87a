// Putting messages into a stream: putmsg(2), putpmsg(2), write(2), I_FDINSERT.
#pragma once

#include <polyabi/facilities/streams/waiting.hpp>

namespace polyabi::streams {

/// One part of a message that comes from the user's memory: a struct strbuf. A negative length: there is none.
struct part_in {
  i32 length = -1;
  u64 address = 0;
};

/// A message made from two parts. ERANGE for one that is longer than any may be. Outside the section.
template <class K>
outcome<K, message_ptr<K>> message_from(typename K::thread& caller, const part_in& control, const part_in& data, bool high,
                                        u8 band) {
  const bool has_control = control.length >= 0, has_data = data.length >= 0;
  const usize control_size = has_control ? static_cast<usize>(control.length) : 0;
  const usize data_size = has_data ? static_cast<usize>(data.length) : 0;
  if (control_size > control_limit || data_size > data_limit) return errc::range;
  const message_type type = !has_control ? message_type::data : high ? message_type::pcproto : message_type::proto;
  message_ptr<K> made = message<K>::make(type, control_size, data_size, has_control, has_data || !has_control);
  if (!made) return errc::nosr;
  if (control_size != 0 && !K::copy_in(caller, made->control().data(), control.address, control_size)) return errc::fault;
  if (data_size != 0 && !K::copy_in(caller, made->data().data(), data.address, data_size)) return errc::fault;
  made->band = band;
  return made;
}

/// Whether the module below takes a data part of this size.
template <class K>
bool fits(stream<K>& s, usize size) {
  const queue<K>& to = s.top()->writing;
  return size >= to.min_packet && size <= to.max_packet;
}

/// Sends a message as soon as there is room for its band; one of high priority at once. Takes the section itself.
template <class K>
outcome<K> put_message(typename K::thread& caller, stream<K>& s, message_ptr<K> m, bool nonblocking) {
  bool broken_pipe = false;
  const auto sent = [&]() -> outcome<K> {
    const inside<K> section;
    if (m->has_data && !fits(s, m->data().size())) {
      if (const errc e = may_write(s, broken_pipe); e != errc::none) return e;
      return errc::range;
    }
    if (has_high_priority(m->type)) {
      if (const errc e = may_write(s, broken_pipe); e != errc::none) return e;
    } else if (auto room = await_room(caller, s, m->band, nonblocking, broken_pipe); !room) {
      return room;
    }
    s.send_down(std::move(m));
    return {};
  }();
  if (broken_pipe) signal_broken_pipe<K>(caller);
  return sent;
}

/// write(2): as many messages as the module below wants. Takes the section itself.
template <class K>
outcome<K, i64> write(typename K::thread& caller, stream<K>& s, user_vector from, bool nonblocking) {
  transfer_cursor<K> source{caller, from};
  usize piece_limit = 0;
  {
    const inside<K> section;
    const queue<K>& to = s.top()->writing;
    // Only a module that takes any size has its bytes cut.
    if (to.min_packet > 0 && (source.remaining() < to.min_packet || source.remaining() > to.max_packet)) return errc::range;
    piece_limit = to.max_packet < data_limit ? to.max_packet : data_limit;
    if (piece_limit == 0) return errc::range;
  }
  if (source.remaining() == 0 && (s.write_options & write_option::send_zero) == 0) return i64{0};
  i64 written = 0;
  do {
    const usize size = source.remaining() < piece_limit ? static_cast<usize>(source.remaining()) : piece_limit;
    message_ptr<K> m = message<K>::make_data(size);
    either_error<K> failed{};
    if (!m)
      failed = errc::nosr;
    else if (size != 0 && !source.read(m->data().data(), size))
      failed = errc::fault;
    else if (auto sent = put_message(caller, s, std::move(m), nonblocking); !sent)
      failed = sent.error();
    if (failed == either_error<K>{}) {
      written += static_cast<i64>(size);
      continue;
    }
    if (written != 0) return written; // what went before has been written
    return failed;
  } while (source.remaining() != 0);
  return written;
}

} // namespace polyabi::streams
