#include <sockets/options.hpp>

namespace polyabi::reference {

namespace {

/// EDOM for microseconds that are none; negative seconds mean not at all, which is the shortest wait there is.
result<u64> to_nanoseconds(std::span<const unsigned char> value) {
  const auto time = option_as<timeval>(value);
  if (!time) return time.error();
  if (time->usec < 0 || time->usec >= 1'000'000) return error::dom;
  if (time->sec < 0) return u64{1};
  constexpr i64 limit = 1'000'000'000; // thirty years are for ever
  if (time->sec >= limit) return u64{0};
  return static_cast<u64>(time->sec) * 1'000'000'000 + static_cast<u64>(time->usec) * 1000;
}

timeval to_time(u64 nanoseconds) {
  return {static_cast<i64>(nanoseconds / 1'000'000'000), static_cast<i64>(nanoseconds % 1'000'000'000 / 1000)};
}

} // namespace

result<> set_socket_option(socket& s, i32 level, i32 option, std::span<const unsigned char> value) {
  if (level != option_levels::socket) return s.set_option(level, option, value);
  switch (option) {
  case socket_options::type:
  case socket_options::domain:
  case socket_options::protocol:
  case socket_options::error:
  case socket_options::acceptconn: return error::noprotoopt; // only to be asked for
  case socket_options::rcvtimeo:
  case socket_options::sndtimeo: {
    const auto time = to_nanoseconds(value);
    if (!time) return time.error();
    (option == socket_options::rcvtimeo ? s.receive_timeout : s.send_timeout) = *time;
    return {};
  }
  default: return s.set_option(level, option, value);
  }
}

result<usize> get_socket_option(socket& s, i32 level, i32 option, std::span<unsigned char> value) {
  if (level != option_levels::socket) return s.get_option(level, option, value);
  switch (option) {
  case socket_options::type: return option_is(value, s.type);
  case socket_options::domain: return option_is(value, s.family);
  case socket_options::protocol: return option_is(value, s.protocol);
  case socket_options::rcvtimeo: return option_is(value, to_time(s.receive_timeout));
  case socket_options::sndtimeo: return option_is(value, to_time(s.send_timeout));
  default: return s.get_option(level, option, value);
  }
}

} // namespace polyabi::reference
