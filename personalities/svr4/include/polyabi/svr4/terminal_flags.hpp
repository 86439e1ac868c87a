// Terminal modes: sys/termios.h, sys/termio.h.
#pragma once

#include <polyabi/core/flag_map.hpp>

namespace polyabi::svr4 {

struct input_modes : flag_map<input_mode> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(input_mode::ignbrk, 01), bit(input_mode::brkint, 02), bit(input_mode::ignpar, 04), bit(input_mode::parmrk, 010),
      bit(input_mode::inpck, 020), bit(input_mode::istrip, 040), bit(input_mode::inlcr, 0100), bit(input_mode::igncr, 0200),
      bit(input_mode::icrnl, 0400), bit(input_mode::iuclc, 01000), bit(input_mode::ixon, 02000), bit(input_mode::ixany, 04000),
      bit(input_mode::ixoff, 010000), bit(input_mode::imaxbel, 020000), without(input_mode::iutf8),
      fake(0100000), // DOSMODE
  });
};
static_assert(checked<input_modes>);

/// Delays are for printers that need time for their carriage: accepted. TAB3 (XTABS) expands tabs.
struct output_modes : flag_map<output_mode> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(output_mode::opost, 01), bit(output_mode::olcuc, 02), bit(output_mode::onlcr, 04), bit(output_mode::ocrnl, 010),
      bit(output_mode::onocr, 020), bit(output_mode::onlret, 040), bit(output_mode::ofill, 0100), bit(output_mode::ofdel, 0200),
      bit(output_mode::oxtabs, 014000), without(output_mode::onoeot),
      hint(0400),    // NLDLY
      hint(03000),   // CRDLY
      hint(020000),  // BSDLY
      hint(040000),  // VTDLY
      hint(0100000), // FFDLY
      fake(0200000), // PAGEOUT
      fake(0400000), // WRAP
  });
};
static_assert(checked<output_modes>);

/// Speeds stand in the same word: see `structures/terminal.hpp`.
struct control_modes : flag_map<control_mode> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      choice(character_size::cs5, 060, 0), choice(character_size::cs6, 060, 020), choice(character_size::cs7, 060, 040),
      choice(character_size::cs8, 060, 060),
      bit(control_mode::cstopb, 0100), bit(control_mode::cread, 0200), bit(control_mode::parenb, 0400),
      bit(control_mode::parodd, 01000), bit(control_mode::hupcl, 02000), bit(control_mode::clocal, 04000),
      bit(control_mode::crtscts, 020000000000),
      hint(017), hint(03600000), hint(010000000), hint(020000000), // CBAUD, CIBAUD, CBAUDEXT, CIBAUDEXT
      without(control_mode::cmspar),
      fake(010000),        // RCV1EN
      fake(020000),        // XMT1EN
      fake(040000),        // LOBLK
      fake(0100000),       // XCLUDE
      fake(04000000),      // PAREXT
      fake(010000000000),  // CRTSXOFF
  });
};
static_assert(checked<control_modes>);

struct local_modes : flag_map<local_mode> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(local_mode::isig, 01),
      bit(local_mode::icanon, 02),
      bit(local_mode::xcase, 04),
      bit(local_mode::echo, 010),
      bit(local_mode::echoe, 020),
      bit(local_mode::echok, 040),
      bit(local_mode::echonl, 0100),
      bit(local_mode::noflsh, 0200),
      bit(local_mode::tostop, 0400),
      bit(local_mode::echoctl, 01000),
      bit(local_mode::echoprt, 02000),
      bit(local_mode::echoke, 04000),
      bit(local_mode::flusho, 020000),
      bit(local_mode::pendin, 040000),
      bit(local_mode::iexten, 0100000),
      without(local_mode::extproc),
      without(local_mode::altwerase),
      without(local_mode::nokerninfo),
      fake(010000), // DEFECHO
  });
};
static_assert(checked<local_modes>);

/// Indices into c_cc. VMIN is where VEOF is, VTIME where VEOL is, without ICANON.
struct control_characters : number_map<control_character> {
  static constexpr u8 disabled = 0; ///< a character that is switched off (_POSIX_VDISABLE)
  static constexpr auto rows = std::to_array<row>({
      {control_character::vintr, 0}, {control_character::vquit, 1}, {control_character::verase, 2},
      {control_character::vkill, 3}, {control_character::veof, 4}, {control_character::veol, 5},
      nearest(control_character::vmin, 4), nearest(control_character::vtime, 5), {control_character::veol2, 6},
      {control_character::vswtch, 7}, {control_character::vstart, 8}, {control_character::vstop, 9},
      {control_character::vsusp, 10}, {control_character::vdsusp, 11}, {control_character::vreprint, 12},
      {control_character::vdiscard, 13}, {control_character::vwerase, 14}, {control_character::vlnext, 15},
  });
};
static_assert(checked<control_characters>);

/// TCFLSH's argument.
struct flush_queues : number_map<flush_queue> {
  static constexpr auto rows =
      std::to_array<row>({{flush_queue::iflush, 0}, {flush_queue::oflush, 1}, {flush_queue::ioflush, 2}});
};
static_assert(checked<flush_queues>);

/// TCXONC's argument.
struct flow_actions : number_map<flow_action> {
  static constexpr auto rows = std::to_array<row>(
      {{flow_action::ooff, 0}, {flow_action::oon, 1}, {flow_action::ioff, 2}, {flow_action::ion, 3}});
};
static_assert(checked<flow_actions>);

} // namespace polyabi::svr4
