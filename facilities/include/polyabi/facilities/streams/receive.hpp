// Taking messages from a stream: getmsg(2), getpmsg(2), read(2), I_PEEK.
#pragma once

#include <polyabi/facilities/streams/waiting.hpp>

namespace polyabi::streams {

/// Where one part of a message goes: a struct strbuf in the user's memory. `length` is what there was, -1 for nothing.
struct part_out {
  i32 room = -1; ///< maxlen; -1: the part is not wanted, and stays
  u64 address = 0;
  i32 length = -1;
};

/// Which message is wanted (message_flag), and which it was.
struct selection {
  i32 which = message_flag::any;
  i32 band = 0;

  template <class K>
  bool accepts(const message<K>& m) const {
    if (which == message_flag::any) return true;
    if (has_high_priority(m.type)) return true;
    return which == message_flag::band && m.band >= band;
  }
};

namespace detail {

/// How much of a part is copied and taken.
struct taken_part {
  usize size = 0;
  bool whole = true; ///< nothing of it is left
};
inline taken_part plan_part(const part_out& to, bool present, usize size) {
  if (!present) return {};
  if (to.room < 0) return {0, false};
  const usize room = static_cast<usize>(to.room);
  return size <= room ? taken_part{size, true} : taken_part{room, false};
}

template <class K>
bool copy_part(typename K::thread& caller, part_out& to, bool present, std::span<u8> from, const taken_part& plan) {
  if (!present || to.room < 0) {
    to.length = -1;
    return true;
  }
  to.length = static_cast<i32>(plan.size);
  return plan.size == 0 || K::copy_out(caller, to.address, from.data(), plan.size);
}

} // namespace detail

/// getmsg(2) and getpmsg(2): answers more_flag bits. On a hang-up both parts have the length 0. An error in the message gets
/// the reader's number for it. Takes the section itself.
template <class K>
outcome<K, i32> get_message(typename K::thread& caller, stream<K>& s, part_out& control, part_out& data, selection& which,
                            bool nonblocking, i32 (*error_number)(errc) = nullptr) {
  const inside<K> section;
  auto waited = await_message(caller, s, nonblocking, [&](const message<K>& m) { return which.accepts(m); });
  if (!waited) return waited.error();
  message<K>* m = *waited;
  if (m == nullptr) {
    control.length = data.length = 0;
    which = {0, 0};
    return 0;
  }
  if (m->type == message_type::passfp) return errc::badmsg;

  const detail::taken_part from_control = detail::plan_part(control, m->has_control, m->control().size());
  const detail::taken_part from_data = detail::plan_part(data, m->has_data, m->data().size());
  const bool high = has_high_priority(m->type);
  const u8 band = m->band;
  if (error_number != nullptr) m->number_error(error_number);
  message_ptr<K> taken = s.reading.take(*m);
  const u32 flushes = s.flushes;
  bool copied = false;
  {
    const reading_turn<K> turn{s};
    const outside<K> copying;
    copied = detail::copy_part<K>(caller, control, taken->has_control, taken->control(), from_control) &&
             detail::copy_part<K>(caller, data, taken->has_data, taken->data(), from_data);
  }
  const bool was_flushed = flushes != s.flushes;
  if (!copied) {
    if (!was_flushed) s.reading.put_back(std::move(taken));
    return errc::fault;
  }
  which = {high ? message_flag::hipri : message_flag::band, band};
  const bool all = from_control.whole && from_data.whole;
  if (!all && !was_flushed) {
    if (from_control.whole)
      taken->become_data();
    else
      taken->consume_control(from_control.size);
    if (from_data.whole)
      taken->drop_data();
    else
      taken->consume_data(from_data.size);
    s.reading.put_back(std::move(taken));
  }
  return (from_control.whole ? 0 : more_flag::control) | (from_data.whole ? 0 : more_flag::data);
}

/// I_PEEK: as get_message, of what is there, and it stays. False if there is nothing, or nothing of high priority where that is
/// asked for.
template <class K>
outcome<K, bool> peek_message(typename K::thread& caller, stream<K>& s, part_out& control, part_out& data, bool high_only,
                              bool& was_high, i32 (*error_number)(errc) = nullptr) {
  const inside<K> section;
  s.look();
  if (const errc e = s.take_read_error(); e != errc::none) return e;
  while (s.being_read)
    if (sleep<K>(caller, s.turn_given_back) == wakeup::interrupted) return K::restart_call;
  message<K>* m = s.reading.first();
  if (m == nullptr || (high_only && !has_high_priority(m->type))) return false;
  if (m->type == message_type::passfp) return errc::badmsg;
  was_high = has_high_priority(m->type);
  if (error_number != nullptr) m->number_error(error_number);
  const detail::taken_part from_control = detail::plan_part(control, m->has_control, m->control().size());
  const detail::taken_part from_data = detail::plan_part(data, m->has_data, m->data().size());
  message_ptr<K> taken = s.reading.take(*m);
  const u32 flushes = s.flushes;
  bool copied = false;
  {
    const reading_turn<K> turn{s};
    const outside<K> copying;
    copied = detail::copy_part<K>(caller, control, taken->has_control, taken->control(), from_control) &&
             detail::copy_part<K>(caller, data, taken->has_data, taken->data(), from_data);
  }
  if (flushes == s.flushes) s.reading.put_back(std::move(taken));
  if (!copied) return errc::fault;
  return true;
}

namespace detail {

/// What read(2) makes of a message by the stream's options. EBADMSG if it cannot be read.
template <class K>
errc as_bytes(stream<K>& s, message<K>& m) {
  if (m.type == message_type::passfp) return errc::badmsg;
  if (m.type == message_type::data) return errc::none;
  if ((s.read_options & read_option::protocol_data) != 0)
    m.control_becomes_data();
  else if ((s.read_options & read_option::protocol_discard) != 0)
    m.become_data();
  else
    return errc::badmsg;
  return errc::none;
}

} // namespace detail

/// read(2). Takes the section itself.
template <class K>
outcome<K, i64> read(typename K::thread& caller, stream<K>& s, user_vector into, bool nonblocking) {
  transfer_cursor<K> to{caller, into};
  if (to.remaining() == 0) return i64{0};
  const inside<K> section;
  const i32 mode = s.read_options & (read_option::message_discard | read_option::message_keep);
  for (bool first = true;; first = false) {
    message<K>* m = nullptr;
    if (first) {
      auto waited = await_message(caller, s, nonblocking, [](const message<K>&) { return true; });
      if (!waited) return waited.error();
      m = *waited;
    } else {
      // Bytes go on into the next message of the same band, if it is there and can be read.
      m = s.reading.first();
      if (m != nullptr && (m->type != message_type::data || m->band != 0 || m->data().empty() || m->marked)) m = nullptr;
    }
    if (m == nullptr) break;
    if (const errc e = detail::as_bytes(s, *m); e != errc::none) return e;
    const usize size = m->data().size() < to.remaining() ? m->data().size() : static_cast<usize>(to.remaining());
    const bool empty = m->data().empty();
    message_ptr<K> taken = s.reading.take(*m);
    const u32 flushes = s.flushes;
    bool copied = true;
    if (size != 0) {
      const reading_turn<K> turn{s};
      const outside<K> copying;
      copied = to.write(taken->data().data(), size);
    }
    const bool was_flushed = flushes != s.flushes;
    if (!copied) {
      if (!was_flushed) s.reading.put_back(std::move(taken));
      if (first) return errc::fault;
      break;
    }
    taken->consume_data(size);
    const bool rest = !taken->data().empty();
    if (rest && mode != read_option::message_discard && !was_flushed) s.reading.put_back(std::move(taken));
    if (empty || rest || mode != read_option::normal || to.remaining() == 0) break;
  }
  return static_cast<i64>(to.transferred());
}

} // namespace polyabi::streams
