// Shorthand for tests of streams: the calls of a guest on descriptors that are streams.
#pragma once

#include "guests.hpp"

#include <polyabi/facilities/streams/control.hpp>
#include <polyabi/facilities/streams/open.hpp>
#include <polyabi/facilities/streams/options.hpp>

#include <optional>
#include <utility>

namespace polyabi::tests {

namespace ss = polyabi::streams;
using kernel = reference::kernel;
using stream = ss::stream<kernel>;

/// What a call on a stream answered: a name, where it is one.
using stream_error = either_error<kernel>;
inline const stream_error success{};

/// Opens a stream with `make`, which answers a file.
template <class Make>
i32 open_stream(guest& g, Make make) {
  return g.call([&](reference::thread& t) {
    auto file = make(t);
    if (!file) return -1;
    const kernel::section inside;
    auto number = kernel::give_descriptor(t, std::move(*file), 0);
    return number ? polyabi::detail::derived_entry::commit(*number) : -1;
  });
}
inline i32 open_ticots(guest& g, u32 flags = reference::open_flags::rdwr) {
  return open_stream(g, [&](reference::thread& t) { return ss::open_loopback<kernel, ss::ticots>(t, flags); });
}
inline i32 open_ticotsord(guest& g, u32 flags = reference::open_flags::rdwr) {
  return open_stream(g, [&](reference::thread& t) { return ss::open_loopback<kernel, ss::ticotsord>(t, flags); });
}
inline i32 open_ticlts(guest& g, u32 flags = reference::open_flags::rdwr) {
  return open_stream(g, [&](reference::thread& t) { return ss::open_loopback<kernel, ss::ticlts>(t, flags); });
}

struct pipe_ends {
  i32 a, b;
};
inline pipe_ends open_pipe(guest& g, u32 flags = reference::open_flags::rdwr) {
  return g.call([&](reference::thread& t) {
    const ss::inside<kernel> section;
    auto made = ss::make_stream_pipe<kernel>();
    pipe_ends ends{-1, -1};
    if (!made) return ends;
    auto first = ss::make_stream_file<kernel>(std::move(made->first), flags);
    auto second = ss::make_stream_file<kernel>(std::move(made->second), flags);
    if (!first || !second) return ends;
    auto one = kernel::give_descriptor(t, std::move(*first), 0);
    if (one) ends.a = polyabi::detail::derived_entry::commit(*one);
    auto other = kernel::give_descriptor(t, std::move(*second), 0);
    if (other) ends.b = polyabi::detail::derived_entry::commit(*other);
    return ends;
  });
}

/// Calls `work(thread, stream, nonblocking)` with the stream of a descriptor.
template <class Work>
auto with_stream(guest& g, i32 descriptor, Work work) {
  return g.call([&](reference::thread& t) {
    reference::ref<reference::file> file;
    {
      const kernel::section inside;
      auto found = kernel::file_of(t, descriptor);
      if (found) file = std::move(*found);
    }
    stream* s = ss::stream_of<kernel>(*file);
    REQUIRE(s != nullptr);
    auto answer = work(t, *s, ss::stream_file<kernel>::is_nonblocking(file->flags));
    const kernel::section inside;
    file = nullptr;
    return answer;
  });
}

/// A message as a user sees it. A missing part is no text.
struct user_message {
  std::optional<std::string> control, data;
  i32 flags = 0; ///< message_flag
  i32 band = 0;
  i32 more = 0; ///< more_flag
  bool operator==(const user_message&) const = default;
};
struct received {
  stream_error failure;
  user_message message;
};

inline received get_message(guest& g, i32 d, i32 control_room = 1024, i32 data_room = 4096,
                            ss::selection which = {ss::message_flag::any, 0}) {
  const u64 control_at = g.allocate(4096), data_at = g.allocate(data_room > 0 ? static_cast<usize>(data_room) : 1);
  ss::part_out control{control_room, control_at, -2}, data{data_room, data_at, -2};
  const auto answer = with_stream(g, d, [&](reference::thread& t, stream& s, bool nonblocking) {
    return ss::get_message(t, s, control, data, which, nonblocking);
  });
  received r{answer.error(), {}};
  if (!answer) return r;
  if (control.length >= 0) r.message.control = g.get_text(control_at, static_cast<usize>(control.length));
  if (data.length >= 0) r.message.data = g.get_text(data_at, static_cast<usize>(data.length));
  r.message.flags = which.which;
  r.message.band = which.band;
  r.message.more = *answer;
  return r;
}

inline stream_error put_message(guest& g, i32 d, std::optional<std::string> control, std::optional<std::string> data,
                                bool high = false, u8 band = 0) {
  const ss::part_in c{control ? static_cast<i32>(control->size()) : -1, control ? g.put_text(*control) : 0};
  const ss::part_in dd{data ? static_cast<i32>(data->size()) : -1, data ? g.put_text(*data) : 0};
  return with_stream(g, d,
                     [&](reference::thread& t, stream& s, bool nonblocking) -> ss::outcome<kernel> {
                       auto m = ss::message_from<kernel>(t, c, dd, high, band);
                       if (!m) return m.error();
                       return ss::put_message(t, s, std::move(*m), nonblocking);
                     })
      .error();
}

struct bytes_read {
  reference::error failure = reference::error::none;
  std::string text;
  bool operator==(const bytes_read&) const = default;
};
inline bytes_read read_bytes(guest& g, i32 d, usize size = 4096) {
  const u64 at = g.allocate(size);
  const user_bytes part{at, size};
  const auto answer = perform(g, op::read{}, d, user_vector{&part, 1});
  if (!answer) return {answer.error(), {}};
  return {reference::error::none, g.get_text(at, static_cast<usize>(*answer))};
}
inline reference::error write_bytes(guest& g, i32 d, std::string_view text) {
  const user_bytes part{text.empty() ? 0 : g.put_text(text), text.size()};
  const auto answer = perform(g, op::write{}, d, user_vector{&part, 1});
  if (answer && *answer != static_cast<i64>(text.size())) return reference::error::nospc; // a short write
  return answer.error();
}
inline void close(guest& g, i32 d) {
  CHECK(perform(g, op::close{}, d));
}

inline u16 poll_now(guest& g, i32 d, u16 events = 0x1ff) {
  reference::poll_record record{d, events, 0};
  const reference::timespec at_once{};
  const reference::timespec* timeout = &at_once;
  const reference::sigset* mask = nullptr;
  std::span<reference::poll_record> records{&record, 1};
  REQUIRE(perform(g, op::poll{}, records, timeout, mask));
  return static_cast<u16>(record.revents);
}

inline stream_error push(guest& g, i32 d, std::string_view module) {
  return with_stream(g, d, [&](reference::thread&, stream& s, bool) { return ss::push_module(s, module); }).error();
}

} // namespace polyabi::tests
