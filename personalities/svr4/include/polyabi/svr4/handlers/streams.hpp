// ioctl(2) of a stream: streamio(7I).
#pragma once

#include <polyabi/facilities/streams/modules/timod.hpp>
#include <polyabi/svr4/handlers/messages.hpp>

namespace polyabi::svr4::handlers {

/// What they have in common: the descriptor is a stream, or the request is none of its.
struct stream_request {
  using needs = stream_services;
  static constexpr support level = support::emulated;
};

/// A request whose meaning is a function of the stream and a number: I_SRDOPT, I_CANPUT, ... Answers what the function does.
template <auto Function>
struct number_request : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, i32 argument) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    auto answered = Function.template operator()<typename Env::kernel>(**s, argument);
    if (!answered) return answered.error();
    if constexpr (std::is_void_v<typename decltype(answered)::value_type>)
      return i64{0};
    else
      return static_cast<i64>(*answered);
  }
};
/// One that writes a number: I_GRDOPT, I_GETBAND, ...
template <auto Function>
struct number_answer : stream_request {
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    const streams::outcome<typename Env::kernel, i32> answered = Function.template operator()<typename Env::kernel>(**s);
    if (!answered) return answered.error();
    return *answered;
  }
};

inline constexpr auto set_read_options = []<class K>(auto& s, i32 n) { return streams::set_read_options<K>(s, n); };
inline constexpr auto get_read_options = []<class K>(auto& s) { return streams::get_read_options<K>(s); };
inline constexpr auto set_write_options = []<class K>(auto& s, i32 n) { return streams::set_write_options<K>(s, n); };
inline constexpr auto get_write_options = []<class K>(auto& s) { return streams::get_write_options<K>(s); };
inline constexpr auto set_error_options = []<class K>(auto& s, i32 n) { return streams::set_error_options<K>(s, n); };
inline constexpr auto get_error_options = []<class K>(auto& s) { return streams::get_error_options<K>(s); };
inline constexpr auto set_close_time = []<class K>(auto& s, i32 n) { return streams::set_close_time<K>(s, n); };
inline constexpr auto get_close_time = []<class K>(auto& s) { return streams::get_close_time<K>(s); };
inline constexpr auto first_band = []<class K>(auto& s) { return streams::first_band<K>(s); };
inline constexpr auto has_band = []<class K>(auto& s, i32 n) { return streams::has_band<K>(s, n); };
inline constexpr auto can_put = []<class K>(auto& s, i32 n) { return streams::can_put<K>(s, n); };
inline constexpr auto at_mark = []<class K>(auto& s, i32 n) { return streams::at_mark<K>(s, static_cast<u32>(n)); };
inline constexpr auto flush = []<class K>(auto& s, i32 n) { return streams::flush<K>(s, static_cast<u32>(n)); };
inline constexpr auto anchor = []<class K>(auto& s, i32) -> streams::outcome<K> {
  const streams::inside<K> section;
  s.anchor = s.module_count();
  return {};
};

/// I_FLUSH of a terminal is the terminal's.
struct stream_flush : stream_request {
  using needs = stream_services::with<op::terminal_flush>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 what) {
    using K = typename Env::kernel;
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    if (auto r = streams::flush<K>(**s, static_cast<u32>(what)); !r) return r.error();
    if (s->is_terminal()) {
      const i32 which = what == streams::flush_option::read    ? native_number<K, flush_queue::iflush>
                        : what == streams::flush_option::write ? native_number<K, flush_queue::oflush>
                                                               : native_number<K, flush_queue::ioflush>;
      if (auto r = c.perform(op::terminal_flush{}, descriptor, which); !r) return r.error();
    }
    return done{};
  }
};

struct stream_flush_band : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<bandinfo<typename Env::model>> from) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    bandinfo<typename Env::model> given;
    if (errc e = c.read(from, given); e != errc::none) return e;
    if (auto r = streams::flush<typename Env::kernel>(**s, static_cast<u32>(i32{given.flag}), u8{given.pri}); !r)
      return r.error();
    return done{};
  }
};

/// I_NREAD: the size of the first message's data is written, and how many there are is the answer.
struct stream_count : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_ptr<typename Env::model::i32> to) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    streams::read_count count;
    if (s->is_terminal()) {
      auto bytes = c.perform(op::bytes_readable{}, descriptor);
      if (!bytes) return bytes.error();
      count = {*bytes, *bytes != 0 ? 1 : 0};
    } else {
      auto r = streams::count_messages<typename Env::kernel>(**s);
      if (!r) return r.error();
      count = *r;
    }
    if (errc e = c.write(to, typename Env::model::i32{count.first_bytes}); e != errc::none) return e;
    return i64{count.messages};
  }
};

// --- modules

/// The name of a module, with its NUL.
using module_name = arguments::string<streams::name_limit + 1, errc::inval>;

struct module_push : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, std::string_view name) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    auto r = streams::push_module<typename Env::kernel>(**s, name);
    if (!r && r.error() == either_error<typename Env::kernel>{errc::inval}) c.unsupported("module"sv, 0);
    if (!r) return r.error();
    return done{};
  }
};
struct module_pop : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    native<typename Env::kernel, shape::identity> who{};
    if (auto r = c.perform(op::get_identity{}, who); !r) return r.error();
    if (auto r = streams::pop_module<typename Env::kernel>(**s, who.euid == 0); !r) return r.error();
    return done{};
  }
};
struct module_look : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<str_mlist<typename Env::model>> to) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    auto name = streams::look_at_module<typename Env::kernel>(**s);
    if (!name) return name.error();
    str_mlist<typename Env::model> out{};
    __builtin_memcpy(out.name, name->data(), name->size() < streams::name_limit ? name->size() : streams::name_limit);
    // Only the name is written, as far as its NUL.
    if (errc e = c.write_bytes(to.address, out.name, name->size() + 1); e != errc::none) return e;
    return done{};
  }
};
struct module_find : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, std::string_view name) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    auto r = streams::find_in_stream<typename Env::kernel>(**s, name);
    if (!r) return r.error();
    return i64{*r};
  }
};
/// I_LIST: how many there are, or as many names as there is room for.
struct module_list : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_ptr<str_list<typename Env::model>> at) {
    using M = typename Env::model;
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    std::string_view names[streams::module_limit + 1];
    const u32 count = streams::list_modules<typename Env::kernel>(**s, names);
    if (!at) return i64{count};
    str_list<M> list;
    if (errc e = c.read(at, list); e != errc::none) return e;
    if (list.nmods <= 0) return errc::inval;
    const u32 room = static_cast<u32>(i32{list.nmods}), written = count < room ? count : room;
    for (u32 i = 0; i < written; ++i) {
      str_mlist<M> out{};
      __builtin_memcpy(out.name, names[i].data(),
                       names[i].size() < streams::name_limit ? names[i].size() : streams::name_limit);
      if (errc e = c.write(user_ptr<str_mlist<M>>{u64{list.modlist}}.at(i), out); e != errc::none) return e;
    }
    list.nmods = static_cast<i32>(written);
    if (errc e = c.write(at, list); e != errc::none) return e;
    return i64{0};
  }
};

// --- I_STR

/// I_STR: the modules' own requests. What a transport refuses is the answer: its error, and the system's eight bits above.
struct stream_ioctl : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_ptr<strioctl<typename Env::model>> at) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    constexpr usize limit = 4096;
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    strioctl<M> given;
    if (errc e = c.read(at, given); e != errc::none) return e;
    if (given.len < 0 || given.timout < streams::endless_ioctl) return errc::inval;
    if (static_cast<usize>(i32{given.len}) > limit) {
      c.unsupported("size"sv, static_cast<u32>(i32{given.len}));
      return errc::inval;
    }
    u8 data[limit];
    const auto size = static_cast<usize>(i32{given.len});
    if (errc e = c.read_bytes(given.dp, data, size); e != errc::none) return e;
    if (s->is_terminal()) return pseudo_terminal_request(c, descriptor, static_cast<u32>(i32{given.cmd}));
    auto answered = streams::stream_ioctl<K>(c.thread, **s, static_cast<u32>(i32{given.cmd}), {data, size}, given.timout);
    if (!answered) return answered.error();
    streams::message<K>& m = **answered;
    if (errc e = c.write_bytes(given.dp, m.data().data(), m.data().size()); e != errc::none) return e;
    given.len = static_cast<i32>(m.data().size());
    if (errc e = c.write(at, given); e != errc::none) return e;
    const errc above = m.ioctl.value_above;
    return i64{m.ioctl.value} | (above != errc::none ? i64{message_calls::error_number<Env>(above)} << 8 : 0);
  }

private:
  /// What grantpt(3C), unlockpt(3C) and ptsname(3C) ask of the master (sys/ptms.h).
  template <class Env>
  static reply<Env, i64> pseudo_terminal_request(context<Env>& c, i32 descriptor, u32 command) {
    constexpr u32 group = 'P' << 8, is_master = group | 1, unlock = group | 2, owner = group | 5, old_owner = group | 4;
    auto number = c.perform(op::pseudo_terminal_number{}, descriptor);
    switch (command) {
    case is_master:
      if (!number) return errc::inval;
      return i64{*number};
    case unlock:
      if (!number) return errc::inval;
      if constexpr (provides<typename Env::kernel, op::pseudo_terminal_unlock>())
        if (auto r = c.perform(op::pseudo_terminal_unlock{}, descriptor, false); !r) return r.error();
      return i64{0};
    case owner: // the slave belongs to whoever opened the master
    case old_owner:
      if (!number) return errc::inval;
      return i64{0};
    default: c.unsupported("request"sv, command); return errc::inval;
    }
  }
};

// --- signals

struct signals_set : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, u32 events) {
    using K = typename Env::kernel;
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    if (auto r = streams::set_signals<K>(**s, K::signal_target_of(c.thread), events); !r) return r.error();
    return done{};
  }
};
struct signals_get : stream_request {
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor) {
    using K = typename Env::kernel;
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    auto r = streams::get_signals<K>(**s, K::signal_target_of(c.thread));
    if (!r) return r.error();
    return static_cast<i32>(*r);
  }
};
/// I_ESETSIG and I_EGETSIG name a process, or a group by a negative number.
template <bool Set>
struct signals_of_others : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<strsigset<typename Env::model>> at) {
    using K = typename Env::kernel;
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    strsigset<typename Env::model> given;
    if (errc e = c.read(at, given); e != errc::none) return e;
    auto target = [&] {
      const streams::inside<K> section;
      return K::find_signal_target(c.thread, given.pid);
    }();
    if (!target) return target.error();
    if constexpr (Set) {
      if (auto r = streams::set_signals<K>(**s, *target, static_cast<u32>(i32{given.events})); !r) return r.error();
    } else {
      auto r = streams::get_signals<K>(**s, *target);
      if (!r) return r.error();
      given.events = static_cast<i32>(*r);
      if (errc e = c.write(at, given); e != errc::none) return e;
    }
    return done{};
  }
};

// --- messages

/// I_PEEK.
struct stream_peek : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_ptr<strpeek<typename Env::model>> at) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    strpeek<typename Env::model> given;
    if (errc e = c.read(at, given); e != errc::none) return e;
    if (given.flags != 0 && given.flags != streams::message_flag::hipri) return errc::inval;
    streams::part_out control = part_wanted(given.ctlbuf), data = part_wanted(given.databuf);
    bool was_high = false;
    auto there = streams::peek_message<typename Env::kernel>(c.thread, **s, control, data, given.flags != 0, was_high,
                                                             &message_calls::error_number<Env>);
    if (!there) return there.error();
    if (!*there) return i64{0};
    given.ctlbuf.len = control.length;
    given.databuf.len = data.length;
    given.flags = was_high ? streams::message_flag::hipri : 0;
    if (errc e = c.write(at, given); e != errc::none) return e;
    return i64{1};
  }
};

/// I_FDINSERT: a message with the id of another stream in its control part.
struct descriptor_insert : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<strfdinsert<typename Env::model>> at) {
    using K = typename Env::kernel;
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    strfdinsert<typename Env::model> given;
    if (errc e = c.read(at, given); e != errc::none) return e;
    if (given.flags != 0 && given.flags != streams::message_flag::hipri) return errc::inval;
    auto other = held_stream<Env>::of(c, given.fildes, errc::inval);
    if (!other) return other.error();
    const auto control = part_given(given.ctlbuf), data = part_given(given.databuf);
    const i32 offset = given.offset;
    if (offset < 0 || offset % 4 != 0 || control.length < 0 || offset > control.length - 4) return errc::inval;
    if ((*other)->hung_up) return errc::nxio;
    auto m = streams::message_from<K>(c.thread, control, data, given.flags != 0, 0);
    if (!m) return m.error();
    const u32 id = (*other)->id;
    __builtin_memcpy((*m)->control().data() + offset, &id, sizeof id);
    if (auto sent = streams::put_message<K>(c.thread, **s, std::move(*m), s->nonblocking()); !sent) return sent.error();
    return done{};
  }
};

/// I_SENDFD.
struct descriptor_send : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 sent) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    native<typename Env::kernel, shape::identity> who{};
    if (auto r = c.perform(op::get_identity{}, who); !r) return r.error();
    if (auto r = streams::send_file<typename Env::kernel>(c.thread, **s, sent, who.euid, who.egid); !r) return r.error();
    return done{};
  }
};
/// I_RECVFD: the structure is written before the descriptor is installed.
template <template <class> class Received>
struct descriptor_receive : stream_request {
  template <class Env>
  static reply<Env, streams::received_file<typename Env::kernel>> call(context<Env>& c, i32 descriptor,
                                                                       user_ptr<Received<typename Env::model>> to) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    auto got = streams::receive_file<typename Env::kernel>(c.thread, **s, s->nonblocking());
    if (!got) return got.error();
    Received<typename Env::model> out{};
    using id = typename decltype(out.uid)::value_type;
    if (static_cast<id>(got->user) != got->user || static_cast<id>(got->group) != got->group) return errc::overflow;
    out.fd = got->number();
    out.uid = static_cast<id>(got->user);
    out.gid = static_cast<id>(got->group);
    if (errc e = c.write(to, out); e != errc::none) return e;
    return std::move(*got);
  }
};

/// No driver here leads to several streams: there is nothing to link (EINVAL, as such drivers answer).
struct stream_link : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, i32 other) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    if (auto open = c.perform(op::get_status_flags{}, other); !open) return open.error();
    return errc::inval;
  }
};
struct stream_unlink : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, i32) {
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    return errc::inval;
  }
};

/// TI_GETMYNAME, TI_GETPEERNAME: the addresses of a transport endpoint with timod on it.
template <bool Peer>
struct transport_name : stream_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<netbuf<typename Env::model>> at) {
    using K = typename Env::kernel;
    auto s = held_stream<Env>::of(c, descriptor, errc::notty);
    if (!s) return s.error();
    netbuf<typename Env::model> given;
    if (errc e = c.read(at, given); e != errc::none) return e;
    streams::tpi::transport_address address;
    {
      const streams::inside<K> section;
      auto* endpoint = streams::tpi::endpoint<K>::of(&**s);
      if (endpoint == nullptr || !(*s)->has_module("timod"sv)) return errc::inval;
      address = Peer ? endpoint->remote() : endpoint->local();
    }
    if (address.size == 0) return Peer ? errc::notconn : errc::inval;
    const u32 size = address.size < given.maxlen ? address.size : u32{given.maxlen};
    if (errc e = c.write_bytes(given.buf, address.bytes, size); e != errc::none) return e;
    given.len = size;
    if (errc e = c.write(at, given); e != errc::none) return e;
    return done{};
  }
};

/// F_ISSTREAM.
struct is_stream : stream_request {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor) {
    auto s = held_stream<Env>::of(c, descriptor, errc::nostr);
    if (s) return i64{1};
    if (s.error() == either_error<typename Env::kernel>{errc::nostr}) return i64{0};
    return s.error();
  }
};

} // namespace polyabi::svr4::handlers
