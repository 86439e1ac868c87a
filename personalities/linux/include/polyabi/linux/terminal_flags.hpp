// Terminal modes of Linux on x86 (include/uapi/asm-generic/termbits.h).
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/core/number_map.hpp>
#include <polyabi/core/perfect_hash.hpp>

namespace polyabi::linux_abi {

struct input_modes : flag_map<input_mode> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(input_mode::ignbrk, 1),
      bit(input_mode::brkint, 2),
      bit(input_mode::ignpar, 4),
      bit(input_mode::parmrk, 8),
      bit(input_mode::inpck, 0x10),
      bit(input_mode::istrip, 0x20),
      bit(input_mode::inlcr, 0x40),
      bit(input_mode::igncr, 0x80),
      bit(input_mode::icrnl, 0x100),
      bit(input_mode::iuclc, 0x200),
      bit(input_mode::ixon, 0x400),
      bit(input_mode::ixany, 0x800),
      bit(input_mode::ixoff, 0x1000),
      bit(input_mode::imaxbel, 0x2000),
      bit(input_mode::iutf8, 0x4000),
  });
};
static_assert(checked<input_modes>);

/// Delays of mechanical terminals are accepted and have no effect; only the one that means "expand tabs" does.
struct output_modes : flag_map<output_mode> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(output_mode::opost, 1),
      bit(output_mode::olcuc, 2),
      bit(output_mode::onlcr, 4),
      bit(output_mode::ocrnl, 8),
      bit(output_mode::onocr, 0x10),
      bit(output_mode::onlret, 0x20),
      bit(output_mode::ofill, 0x40),
      bit(output_mode::ofdel, 0x80),
      choice(output_mode::oxtabs, 0x1800, 0x1800),
      without(output_mode::onoeot),
      hint(0x100),
      hint(0x600),
      hint(0x2000),
      hint(0x4000),
      hint(0x8000),
  });
};
static_assert(checked<output_modes>);

/// Without the speeds: `termios` takes them out of CBAUD and CIBAUD.
struct control_modes : flag_map<control_mode> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      choice(character_size::cs5, 0x30, 0),
      choice(character_size::cs6, 0x30, 0x10),
      choice(character_size::cs7, 0x30, 0x20),
      choice(character_size::cs8, 0x30, 0x30),
      bit(control_mode::cstopb, 0x40),
      bit(control_mode::cread, 0x80),
      bit(control_mode::parenb, 0x100),
      bit(control_mode::parodd, 0x200),
      bit(control_mode::hupcl, 0x400),
      bit(control_mode::clocal, 0x800),
      bit(control_mode::addrb, 0x20000000),
      bit(control_mode::cmspar, 0x40000000),
      bit(control_mode::crtscts, 0x80000000),
      hint(0x100f),
      hint(0x100f0000),
  });
};
static_assert(checked<control_modes>);

struct local_modes : flag_map<local_mode> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(local_mode::isig, 1),
      bit(local_mode::icanon, 2),
      bit(local_mode::xcase, 4),
      bit(local_mode::echo, 8),
      bit(local_mode::echoe, 0x10),
      bit(local_mode::echok, 0x20),
      bit(local_mode::echonl, 0x40),
      bit(local_mode::noflsh, 0x80),
      bit(local_mode::tostop, 0x100),
      bit(local_mode::echoctl, 0x200),
      bit(local_mode::echoprt, 0x400),
      bit(local_mode::echoke, 0x800),
      bit(local_mode::flusho, 0x1000),
      bit(local_mode::pendin, 0x4000),
      bit(local_mode::iexten, 0x8000),
      bit(local_mode::extproc, 0x10000),
      without(local_mode::altwerase),
      without(local_mode::nokerninfo),
  });
};
static_assert(checked<local_modes>);

/// Indices into c_cc; `disabled` switches a character off (_POSIX_VDISABLE).
struct control_characters : number_map<control_character> {
  static constexpr u8 disabled = 0;
  static constexpr auto rows = std::to_array<row>({
      {control_character::vintr, 0},
      {control_character::vquit, 1},
      {control_character::verase, 2},
      {control_character::vkill, 3},
      {control_character::veof, 4},
      {control_character::vtime, 5},
      {control_character::vmin, 6},
      {control_character::vswtch, 7},
      {control_character::vstart, 8},
      {control_character::vstop, 9},
      {control_character::vsusp, 10},
      {control_character::veol, 11},
      {control_character::vreprint, 12},
      {control_character::vdiscard, 13},
      {control_character::vwerase, 14},
      {control_character::vlnext, 15},
      {control_character::veol2, 16},
  });
};
static_assert(checked<control_characters>);

struct flush_queues : number_map<flush_queue> {
  static constexpr auto rows =
      std::to_array<row>({{flush_queue::iflush, 0}, {flush_queue::oflush, 1}, {flush_queue::ioflush, 2}});
};
static_assert(checked<flush_queues>);

struct flow_actions : number_map<flow_action> {
  static constexpr auto rows =
      std::to_array<row>({{flow_action::ooff, 0}, {flow_action::oon, 1}, {flow_action::ioff, 2}, {flow_action::ion, 3}});
};
static_assert(checked<flow_actions>);

/// A speed's code in CBAUD and its bits a second.
struct speed_code {
  u32 code, speed;
};
inline constexpr u32 speed_mask = 0x100f, other_speed = 0x1000, input_speed_shift = 16;
inline constexpr auto speed_codes = std::to_array<speed_code>({
    {0, 0},
    {1, 50},
    {2, 75},
    {3, 110},
    {4, 134},
    {5, 150},
    {6, 200},
    {7, 300},
    {8, 600},
    {9, 1200},
    {10, 1800},
    {11, 2400},
    {12, 4800},
    {13, 9600},
    {14, 19200},
    {15, 38400},
    {0x1001, 57600},
    {0x1002, 115200},
    {0x1003, 230400},
    {0x1004, 460800},
    {0x1005, 500000},
    {0x1006, 576000},
    {0x1007, 921600},
    {0x1008, 1000000},
    {0x1009, 1152000},
    {0x100a, 1500000},
    {0x100b, 2000000},
    {0x100c, 2500000},
    {0x100d, 3000000},
    {0x100e, 3500000},
    {0x100f, 4000000},
});

namespace detail {

/// A code without its gap: what stands above `low_speeds` of them follows on.
inline constexpr u32 low_speeds = 16;
constexpr u32 place_of_code(u32 code) {
  return (code & (low_speeds - 1)) + ((code & other_speed) != 0 ? low_speeds : 0);
}
inline constexpr auto speeds_by_code = [] {
  std::array<u32, 2 * low_speeds> all{};
  for (const speed_code& s : speed_codes) all[place_of_code(s.code)] = s.speed;
  return all;
}();

inline constexpr polyabi::detail::perfect_hash<speed_codes.size()> speed_hash{[] {
  std::array<u32, speed_codes.size()> all{};
  for (usize i = 0; i < all.size(); ++i) all[i] = speed_codes[i].speed;
  return all;
}()};
inline constexpr auto codes_by_speed = [] {
  std::array<speed_code, usize{1} << decltype(speed_hash)::bits> all{};
  for (const speed_code& s : speed_codes) all[speed_hash(s.speed)] = s;
  return all;
}();

} // namespace detail

/// Bits a second of a code; `if_other` for BOTHER, whose speed stands in the termios2.
constexpr u32 speed_of(u32 code, u32 if_other) {
  return code == other_speed ? if_other : detail::speeds_by_code[detail::place_of_code(code)];
}
constexpr u32 code_of(u32 speed) {
  const speed_code& found = detail::codes_by_speed[detail::speed_hash(speed)];
  return found.speed == speed ? found.code : other_speed;
}
static_assert(
    [] {
      for (const speed_code& s : speed_codes)
        if (speed_of(s.code, ~0u) != s.speed || code_of(s.speed) != s.code) return false;
      return true;
    }(),
    "each code of a speed has a place of its own");

} // namespace polyabi::linux_abi
