// Options in transport primitives: one after the other in a buffer, in XTI's form or in SVR4's older one.
#pragma once

#include <polyabi/facilities/streams/tpi/primitives.hpp>

namespace polyabi::streams::tpi {

/// Why a request was not granted; `unix` goes with `tli_error::syserr`.
struct failure {
  tli_error tli = tli_error::none;
  errc unix = errc::none;
  constexpr failure() = default;
  constexpr failure(tli_error t) : tli{t} {}
  constexpr failure(errc e) : tli{e == errc::none ? tli_error::none : tli_error::syserr}, unix{e} {}
  constexpr bool any() const { return tli != tli_error::none; }
};

/// What an option is asked for.
enum class option_action : u8 { set, check, initial, current };
struct option_request {
  u32 level, name;
  std::span<u8> value; ///< room for it; what was given stands in it
  usize& size;         ///< how much was given, and is answered
  option_action what;
};

/// struct T_opthdr (XTI) and struct opthdr (SVR4): the value follows, and the next one begins at a multiple of four.
struct xti_option {
  u32 length, level, name, status; ///< the length counts this, too
  POLYABI_FIELDS(xti_option, length, level, name, status)
};
struct svr4_option {
  u32 level, name, length; ///< of the value
  POLYABI_FIELDS(svr4_option, level, name, length)
};
static_assert(layout<xti_option, 16> && layout<svr4_option, 12>);

inline constexpr usize option_value_limit = 64;
struct option_answer {
  u8 bytes[512];
  usize size = 0;
  u32 flags = 0;
};

namespace detail {

constexpr usize rounded(usize size) {
  return (size + 3) / 4 * 4;
}

/// One option out of a buffer. False if it does not hold together.
struct option_head {
  u32 level = 0, name = 0;
  std::span<const u8> value;
  usize whole = 0;
};
inline bool next_option(std::span<const u8> from, bool svr4, option_head& to) {
  if (svr4) {
    svr4_option h;
    if (from.size() < sizeof h) return false;
    __builtin_memcpy(&h, from.data(), sizeof h);
    if (h.length > from.size() - sizeof h) return false;
    to = {h.level, h.name, from.subspan(sizeof h, h.length), rounded(sizeof h + h.length)};
  } else {
    xti_option h;
    if (from.size() < sizeof h) return false;
    __builtin_memcpy(&h, from.data(), sizeof h);
    if (h.length < sizeof h || h.length > from.size()) return false;
    to = {h.level, h.name, from.subspan(sizeof h, h.length - sizeof h), rounded(h.length)};
  }
  return to.value.size() <= option_value_limit;
}

inline bool put_option(option_answer& to, bool svr4, u32 level, u32 name, u32 status, std::span<const u8> value) {
  const usize head = svr4 ? sizeof(svr4_option) : sizeof(xti_option);
  const usize whole = rounded(head + value.size());
  if (whole > sizeof to.bytes - to.size) return false;
  u8* at = to.bytes + to.size;
  __builtin_memset(at, 0, whole);
  if (svr4) {
    const svr4_option h{level, name, static_cast<u32>(value.size())};
    __builtin_memcpy(at, &h, sizeof h);
  } else {
    const xti_option h{static_cast<u32>(head + value.size()), level, name, status};
    __builtin_memcpy(at, &h, sizeof h);
  }
  if (!value.empty()) __builtin_memcpy(at + head, value.data(), value.size());
  to.size += whole;
  return true;
}

} // namespace detail

/// T_OPTMGMT_REQ: `ask` is called for each option and answers a failure. In SVR4's form one failure fails the request; in XTI's
/// every option has a status of its own, and the worst is the request's.
template <class Ask>
failure manage_options(std::span<const u8> given, u32 flags, bool svr4, option_answer& answer, Ask ask) {
  using namespace option_management;
  option_action what;
  switch (flags) {
  case negotiate: what = option_action::set; break;
  case check: what = option_action::check; break;
  case fallback: what = option_action::initial; break;
  case current: what = option_action::current; break;
  default: return tli_error::badflag;
  }
  u32 worst = success;
  while (!given.empty()) {
    detail::option_head option;
    if (!detail::next_option(given, svr4, option)) return tli_error::badopt;
    given = given.subspan(option.whole < given.size() ? option.whole : given.size());
    u8 value[option_value_limit];
    usize size = option.value.size();
    if (size != 0) __builtin_memcpy(value, option.value.data(), size);
    const failure f = ask(option_request{option.level, option.name, value, size, what});
    u32 status = success;
    if (f.any()) {
      if (svr4) return f;
      status = f.tli == tli_error::badopt ? not_supported : f.tli == tli_error::acces ? read_only : failed;
      size = option.value.size();
    }
    worst = status > worst ? status : worst;
    if (!detail::put_option(answer, svr4, option.level, option.name, status, {value, size})) return tli_error::bufovflw;
  }
  answer.flags = svr4 ? flags : worst;
  return {};
}

/// The options of a connection request: all of them have to be granted.
template <class Ask>
failure set_options(std::span<const u8> given, Ask ask) {
  while (!given.empty()) {
    detail::option_head option;
    if (!detail::next_option(given, false, option)) return tli_error::badopt;
    given = given.subspan(option.whole < given.size() ? option.whole : given.size());
    u8 value[option_value_limit];
    usize size = option.value.size();
    if (size != 0) __builtin_memcpy(value, option.value.data(), size);
    if (const failure f = ask(option_request{option.level, option.name, value, size, option_action::set}); f.any()) return f;
  }
  return {};
}

} // namespace polyabi::streams::tpi
