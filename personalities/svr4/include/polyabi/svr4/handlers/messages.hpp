// getmsg(2), putmsg(2), getpmsg(2), putpmsg(2); pipe(2), which makes a stream pipe.
#pragma once

#include <polyabi/facilities/streams/control.hpp>
#include <polyabi/facilities/streams/open.hpp>
#include <polyabi/facilities/streams/options.hpp>
#include <polyabi/facilities/streams/terminal_line.hpp>
#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/streams.hpp>

namespace polyabi::svr4 {

/// What every call on a stream asks of a kernel.
using stream_services = operation_list<service::custom_files, service::readiness, service::timers, service::signals,
                                       op::get_status_flags, op::terminal_get_window, op::pseudo_terminal_number, op::read,
                                       op::write, op::bytes_readable, op::get_identity>;

/// The stream behind a descriptor: held, so that it is there until this goes.
template <class Env>
class held_stream {
public:
  using K = typename Env::kernel;

  held_stream() = default;
  held_stream(held_stream&&) noexcept = default;
  held_stream& operator=(held_stream&&) = delete;
  [[gnu::noinline]] ~held_stream() {
    if (!file_) return;
    const streams::inside<K> section;
    file_ = {};
  }

  /// `otherwise` if the descriptor is open, but no stream.
  static reply<Env, held_stream> of(context<Env>& c, i32 descriptor, errc otherwise) {
    auto flags = c.perform(op::get_status_flags{}, descriptor);
    if (!flags) return flags.error();
    held_stream made;
    made.nonblocking_ = streams::stream_file<K>::is_nonblocking(*flags);
    {
      const streams::inside<K> section;
      auto file = K::file_of(c.thread, descriptor);
      if (!file) return file.error();
      made.file_ = std::move(*file);
      made.stream_ = streams::stream_of<K>(*made.file_);
    }
    if (made.stream_ == nullptr && !made.adopt(c, descriptor)) return otherwise;
    return made;
  }

  streams::stream<K>& operator*() const { return *stream_; }
  /// Another reference to the open file.
  typename K::file_ref file() const {
    const streams::inside<K> section;
    return file_;
  }
  streams::stream<K>* operator->() const { return stream_; }
  /// A terminal of the kernel's: its bytes go by read and write.
  bool is_terminal() const { return terminal_; }
  bool nonblocking() const { return nonblocking_; }

private:
  /// A terminal is a stream as well.
  bool adopt(context<Env>& c, i32 descriptor) {
    native<K, shape::winsize> window{};
    const bool is_master = static_cast<bool>(c.perform(op::pseudo_terminal_number{}, descriptor));
    if (!is_master && !c.perform(op::terminal_get_window{}, descriptor, window)) return false;
    const streams::inside<K> section;
    stream_ = streams::adopted_stream<K>::of(*file_, is_master ? streams::terminal_side::master : streams::terminal_side::line);
    terminal_ = true;
    return stream_ != nullptr;
  }

  typename K::file_ref file_{};
  streams::stream<K>* stream_ = nullptr;
  bool terminal_ = false, nonblocking_ = false;
};

/// A null pointer stands for a part that nobody wants.
template <class Env>
errc read_part(context<Env>& c, user_ptr<strbuf<typename Env::model>> from, strbuf<typename Env::model>& to) {
  if (from) return c.read(from, to);
  to.maxlen = to.len = -1;
  to.buf = 0;
  return errc::none;
}
template <class M>
streams::part_out part_wanted(const strbuf<M>& from) {
  return {from.maxlen, from.buf, -1};
}
template <class M>
streams::part_in part_given(const strbuf<M>& from) {
  return {from.len, from.buf};
}
/// Only the length is written back.
template <class Env>
errc write_length(context<Env>& c, u64 at, const streams::part_out& from) {
  using part = strbuf<typename Env::model>;
  if (at == 0) return errc::none;
  const typename Env::model::i32 length{from.length};
  return c.write_bytes(at + offset_of<part, "len">, &length, sizeof length);
}

namespace handlers {

/// The message calls in their four forms.
struct message_calls {
  using needs = stream_services;
  static constexpr support level = support::emulated;

  /// A terminal has no messages but bytes: one data part of what a read gives. pckt puts their type before it.
  template <class Env>
  static reply<Env, i32> read_terminal(context<Env>& c, i32 descriptor, held_stream<Env>& s, streams::part_out& control,
                                       streams::part_out& data, streams::selection& which) {
    if (which.which == streams::message_flag::hipri) return errc::again;
    const user_bytes part{data.address, data.room > 0 ? static_cast<u64>(data.room) : 0};
    auto got = c.perform(op::read{}, descriptor, user_vector{&part, 1});
    if (!got) return got.error();
    data.length = static_cast<i32>(*got);
    control.length = -1;
    if (s->has_module("pckt"sv) && control.room > 0) {
      const auto type = static_cast<u8>(streams::message_type::data);
      if (errc e = c.write_bytes(control.address, &type, 1); e != errc::none) return e;
      control.length = 1;
    }
    which = {streams::message_flag::band, 0};
    return 0;
  }

  template <class Env>
  static reply<Env, i32> get(context<Env>& c, i32 descriptor, user_ptr<strbuf<typename Env::model>> control_at,
                             user_ptr<strbuf<typename Env::model>> data_at, streams::selection& which) {
    using K = typename Env::kernel;
    auto s = held_stream<Env>::of(c, descriptor, errc::nostr);
    if (!s) return s.error();
    strbuf<typename Env::model> control_given, data_given;
    if (errc e = read_part(c, control_at, control_given); e != errc::none) return e;
    if (errc e = read_part(c, data_at, data_given); e != errc::none) return e;
    streams::part_out control = part_wanted(control_given), data = part_wanted(data_given);
    auto more = s->is_terminal() ? read_terminal(c, descriptor, *s, control, data, which)
                                 : reply<Env, i32>{streams::get_message<K>(c.thread, **s, control, data, which,
                                                                           s->nonblocking(), &error_number<Env>)};
    if (!more) return more.error();
    if (errc e = write_length(c, control_at.address, control); e != errc::none) return e;
    if (errc e = write_length(c, data_at.address, data); e != errc::none) return e;
    return more;
  }

  template <class Env>
  static reply<Env> put(context<Env>& c, i32 descriptor, user_ptr<strbuf<typename Env::model>> control_at,
                        user_ptr<strbuf<typename Env::model>> data_at, bool high, u8 band) {
    using K = typename Env::kernel;
    auto s = held_stream<Env>::of(c, descriptor, errc::nostr);
    if (!s) return s.error();
    strbuf<typename Env::model> control_given, data_given;
    if (errc e = read_part(c, control_at, control_given); e != errc::none) return e;
    if (errc e = read_part(c, data_at, data_given); e != errc::none) return e;
    const streams::part_in control = part_given(control_given), data = part_given(data_given);
    if (high && control.length < 0) return errc::inval;
    if (control.length < 0 && data.length < 0) return done{};
    if (s->is_terminal()) {
      if (control.length >= 0) return errc::inval;
      const user_bytes part{data.address, static_cast<u64>(data.length)};
      auto put = c.perform(op::write{}, descriptor, user_vector{&part, 1});
      if (!put) return put.error();
      return done{};
    }
    auto m = streams::message_from<K>(c.thread, control, data, high, band);
    if (!m) return m.error();
    if (auto sent = streams::put_message<K>(c.thread, **s, std::move(*m), s->nonblocking()); !sent) return sent.error();
    return done{};
  }

  /// What a program is told of an error that is in a message.
  template <class Env>
  static i32 error_number(errc name) {
    return number_for<typename Env::personality::errors>(name);
  }
};

struct getmsg : message_calls {
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor, user_ptr<strbuf<typename Env::model>> control,
                              user_ptr<strbuf<typename Env::model>> data, user_ptr<typename Env::model::i32> flags_at) {
    typename Env::model::i32 flags;
    if (errc e = c.read(flags_at, flags); e != errc::none) return e;
    if (flags != 0 && flags != streams::message_flag::hipri) return errc::inval;
    streams::selection which{flags == 0 ? streams::message_flag::any : streams::message_flag::hipri, 0};
    auto more = get(c, descriptor, control, data, which);
    if (!more) return more;
    const typename Env::model::i32 told{which.which == streams::message_flag::hipri ? streams::message_flag::hipri : 0};
    if (errc e = c.write(flags_at, told); e != errc::none) return e;
    return more;
  }
};
struct getpmsg : message_calls {
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor, user_ptr<strbuf<typename Env::model>> control,
                              user_ptr<strbuf<typename Env::model>> data, user_ptr<typename Env::model::i32> band_at,
                              user_ptr<typename Env::model::i32> flags_at) {
    using namespace streams::message_flag;
    typename Env::model::i32 band, flags;
    if (errc e = c.read(band_at, band); e != errc::none) return e;
    if (errc e = c.read(flags_at, flags); e != errc::none) return e;
    if (flags != hipri && flags != any && flags != streams::message_flag::band) return errc::inval;
    if (band < 0 || band > 255 || (flags == hipri && band != 0)) return errc::inval;
    streams::selection which{flags, band};
    auto more = get(c, descriptor, control, data, which);
    if (!more) return more;
    flags = which.which;
    band = which.band;
    if (errc e = c.write(band_at, band); e != errc::none) return e;
    if (errc e = c.write(flags_at, flags); e != errc::none) return e;
    return more;
  }
};
struct putmsg : message_calls {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<strbuf<typename Env::model>> control,
                         user_ptr<strbuf<typename Env::model>> data, i32 flags) {
    if (flags != 0 && flags != streams::message_flag::hipri) return errc::inval;
    return put(c, descriptor, control, data, flags != 0, 0);
  }
};
struct putpmsg : message_calls {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<strbuf<typename Env::model>> control,
                         user_ptr<strbuf<typename Env::model>> data, i32 band, i32 flags) {
    using namespace streams::message_flag;
    if (flags != hipri && flags != streams::message_flag::band) return errc::inval;
    if (band < 0 || band > 255 || (flags == hipri && band != 0)) return errc::inval;
    return put(c, descriptor, control, data, flags == hipri, static_cast<u8>(band));
  }
};

/// pipe(2): both ends are read and written.
struct stream_pipe {
  using needs = stream_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor_pair> call(context<Env>& c) {
    using K = typename Env::kernel;
    constexpr u32 flags = static_cast<u32>(native_number<K, access_mode::rdwr>);
    const streams::inside<K> section;
    auto made = streams::make_stream_pipe<K>();
    if (!made) return made.error();
    auto first = streams::make_stream_file<K>(std::move(made->first), flags);
    if (!first) return first.error();
    auto second = streams::make_stream_file<K>(std::move(made->second), flags);
    if (!second) return second.error();
    auto one = K::give_descriptor(c.thread, std::move(*first), 0);
    if (!one) return one.error();
    auto other = K::give_descriptor(c.thread, std::move(*second), 0);
    if (!other) return other.error();
    return typename K::new_descriptor_pair{std::move(*one), std::move(*other)};
  }
};

} // namespace handlers
} // namespace polyabi::svr4
