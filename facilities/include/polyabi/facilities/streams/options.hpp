// What a stream head is told and asked without its modules: I_FLUSH, I_SRDOPT, I_SETSIG, I_CANPUT and their like.
#pragma once

#include <polyabi/facilities/streams/waiting.hpp>

namespace polyabi::streams {

/// I_NREAD: the bytes of the first message's data, and how many messages there are.
struct read_count {
  i32 first_bytes = 0, messages = 0;
};
template <class K>
outcome<K, read_count> count_messages(stream<K>& s) {
  const inside<K> section;
  if (const errc e = s.take_read_error(); e != errc::none) return e;
  read_count count;
  if (message<K>* m = s.reading.first(); m != nullptr) count.first_bytes = static_cast<i32>(m->data().size());
  count.messages = static_cast<i32>(s.reading.length());
  return count;
}

/// I_FLUSH, and I_FLUSHBAND with a band. What is to be read is flushed by the message on its way back up.
template <class K>
outcome<K> flush(stream<K>& s, u32 what, i32 band = -1) {
  if (what < flush_option::read || what > flush_option::both || band > 255) return errc::inval;
  message_ptr<K> m = message<K>::make_bare(message_type::flush);
  if (!m) return errc::nosr;
  const inside<K> section;
  if (s.hung_up) return errc::nxio;
  if (s.write_error != errc::none) return s.take_write_error();
  m->flush_flags = what | (band >= 0 ? flush_option::band : 0);
  m->band = band >= 0 ? static_cast<u8>(band) : u8{0};
  if ((what & flush_option::read) != 0) s.flush_reading(band >= 0, m->band);
  s.send_down(std::move(m));
  return {};
}

/// I_SRDOPT. Two ways of taking messages at once, or unknown bits, are EINVAL.
template <class K>
outcome<K> set_read_options(stream<K>& s, i32 options) {
  using namespace read_option;
  constexpr i32 modes = message_discard | message_keep, protocols = protocol_data | protocol_discard | protocol_normal;
  if ((options & ~(modes | protocols)) != 0 || (options & modes) == modes) return errc::inval;
  const i32 protocol = options & protocols;
  if (protocol != 0 && protocol != protocol_data && protocol != protocol_discard && protocol != protocol_normal)
    return errc::inval;
  const inside<K> section;
  // What is not said about control parts stays as it is.
  s.read_options = (options & modes) | (protocol != 0 ? protocol : s.read_options & protocols);
  return {};
}
template <class K>
i32 get_read_options(stream<K>& s) {
  const inside<K> section;
  return s.read_options;
}

template <class K>
outcome<K> set_write_options(stream<K>& s, i32 options) {
  if ((options & ~(write_option::send_zero | write_option::send_pipe)) != 0) return errc::inval;
  const inside<K> section;
  s.write_options = options;
  return {};
}
template <class K>
i32 get_write_options(stream<K>& s) {
  const inside<K> section;
  return s.write_options;
}

/// I_SERROPT: one of the two for each side; what is not said stays.
template <class K>
outcome<K> set_error_options(stream<K>& s, i32 options) {
  using namespace error_option;
  constexpr i32 reads = read_persistent | read_once, writes = write_persistent | write_once;
  if ((options & ~(reads | writes)) != 0 || (options & reads) == reads || (options & writes) == writes) return errc::inval;
  const inside<K> section;
  if ((options & reads) != 0) s.error_options = (s.error_options & ~reads) | (options & reads);
  if ((options & writes) != 0) s.error_options = (s.error_options & ~writes) | (options & writes);
  return {};
}
template <class K>
i32 get_error_options(stream<K>& s) {
  const inside<K> section;
  return s.error_options;
}

template <class K>
outcome<K> set_close_time(stream<K>& s, i32 milliseconds) {
  if (milliseconds < 0) return errc::inval;
  const inside<K> section;
  s.close_time = milliseconds;
  return {};
}
template <class K>
i32 get_close_time(stream<K>& s) {
  const inside<K> section;
  return s.close_time;
}

/// I_CKBAND: whether there is a message of this band.
template <class K>
outcome<K, i32> has_band(stream<K>& s, i32 band) {
  if (band < 0 || band > 255) return errc::inval;
  const inside<K> section;
  for (message<K>* m = s.reading.first(); m != nullptr; m = s.reading.after(*m))
    if (!has_high_priority(m->type) && m->band == band) return 1;
  return 0;
}
/// I_GETBAND: the band of the first message. ENODATA without one.
template <class K>
outcome<K, i32> first_band(stream<K>& s) {
  const inside<K> section;
  message<K>* m = s.reading.first();
  if (m == nullptr) return errc::nodata;
  return i32{m->band};
}
/// I_CANPUT: whether a message of this band would be sent at once.
template <class K>
outcome<K, i32> can_put(stream<K>& s, i32 band) {
  if (band < 0 || band > 255) return errc::inval;
  const inside<K> section;
  return s.writing.room_beyond(static_cast<u8>(band)) ? 1 : 0;
}
/// I_ATMARK: whether the first message is marked, or the last that is.
template <class K>
outcome<K, i32> at_mark(stream<K>& s, u32 which) {
  if (which != mark_option::any && which != mark_option::last && which != (mark_option::any | mark_option::last))
    return errc::inval;
  const inside<K> section;
  message<K>* m = s.reading.first();
  if (m == nullptr || !m->marked) return 0;
  if ((which & mark_option::any) != 0) return 1;
  for (message<K>* other = s.reading.after(*m); other != nullptr; other = s.reading.after(*other))
    if (other->marked) return 0;
  return 1;
}

/// I_SETSIG and I_ESETSIG: `target` is told about these events; about none: no more (EINVAL if it was not).
template <class K>
outcome<K> set_signals(stream<K>& s, typename K::signal_target target, u32 events) {
  if ((events & ~event::all) != 0 || ((events & event::bandurg) != 0 && (events & event::rdband) == 0)) return errc::inval;
  const inside<K> section;
  for (signal_request<K>** at = &s.signal_requests; *at != nullptr; at = &(*at)->next) {
    if (!((*at)->target == target)) continue;
    if (events != 0) {
      (*at)->events = events;
    } else {
      signal_request<K>* gone = *at;
      *at = gone->next;
      destroy<K>(gone);
    }
    return {};
  }
  if (events == 0) return errc::inval;
  auto* made = create<K, signal_request<K>>();
  if (made == nullptr) return errc::again;
  made->target = target;
  made->events = events;
  made->next = s.signal_requests;
  s.signal_requests = made;
  return {};
}
/// I_GETSIG and I_EGETSIG. EINVAL if there are none.
template <class K>
outcome<K, u32> get_signals(stream<K>& s, typename K::signal_target target) {
  const inside<K> section;
  for (const signal_request<K>* r = s.signal_requests; r != nullptr; r = r->next)
    if (r->target == target) return r->events;
  return errc::inval;
}

} // namespace polyabi::streams
