// Terminals (include/uapi/asm-generic/termbits.h, termios.h).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/operations.hpp>
#include <polyabi/core/translate.hpp>
#include <polyabi/linux/terminal_flags.hpp>

#include <utility>

namespace polyabi::linux_abi {

/// The control characters: indices differ, and so does the value that means "off".
template <usize Count>
struct character_array {
  u8 raw[Count];

  template <class K, class N>
  constexpr errc to_native(N& out) const {
    each<K>([&]<i32 Here, i32 There, bool IsCount>() {
      const u8 c = raw[Here];
      out[There] = c == control_characters::disabled && !IsCount ? kernel_map<K, control_character>::disabled : c;
    });
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    for (u8& c : raw) c = 0;
    each<K>([&]<i32 Here, i32 There, bool IsCount>() {
      const u8 c = in[There];
      raw[Here] = c == kernel_map<K, control_character>::disabled && !IsCount ? control_characters::disabled : c;
    });
    return errc::none;
  }

private:
  /// Each character that both have: its index here and in the kernel, and whether it is a number. All three are constants.
  template <class K, class Work>
  [[gnu::always_inline]] static constexpr void each(Work work) {
    [&]<usize... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      (one<K, I>(work), ...);
    }
    (std::make_index_sequence<control_characters::rows.size()>{});
  }
  template <class K, usize I, class Work>
  [[gnu::always_inline]] static constexpr void one(Work& work) {
    constexpr auto& r = control_characters::rows[I];
    constexpr i32 to = polyabi::detail::number_of<kernel_map<K, control_character>>(r.name);
    if constexpr (to != no_number && static_cast<usize>(r.number) < Count)
      work.template operator()<r.number, to, is_count(r.name)>();
  }
  static constexpr bool is_count(control_character name) {
    return name == control_character::vmin || name == control_character::vtime;
  }
};

/// The mode words of every variant: 32 bits each, 16 in termio.
template <class Word, usize Characters>
struct terminal_modes {
  flag_word<Word, input_modes> iflag;
  flag_word<Word, output_modes> oflag;
  flag_word<Word, control_modes> cflag;
  flag_word<Word, local_modes> lflag;
  u8 line;
  character_array<Characters> cc;

  template <class K, class N>
  constexpr errc modes_to_native(N& out) const {
    if (errc e = iflag.template to_native<K>(out.iflag); e != errc::none) return e;
    if (errc e = oflag.template to_native<K>(out.oflag); e != errc::none) return e;
    if (errc e = cflag.template to_native<K>(out.cflag); e != errc::none) return e;
    if (errc e = lflag.template to_native<K>(out.lflag); e != errc::none) return e;
    return cc.template to_native<K>(out.cc);
  }
  template <class K, class N>
  constexpr void modes_from_native(const N& in) {
    (void)iflag.template from_native<K>(in.iflag);
    (void)oflag.template from_native<K>(in.oflag);
    (void)cflag.template from_native<K>(in.cflag);
    (void)lflag.template from_native<K>(in.lflag);
    (void)cc.template from_native<K>(in.cc);
    line = 0; // N_TTY
  }
  constexpr u32 output_code() const { return static_cast<u32>(cflag.raw) & speed_mask; }
  constexpr u32 input_code() const { return static_cast<u32>(cflag.raw) >> input_speed_shift & speed_mask; }
};

/// The kernel's struct termios (TCGETS): the speeds are codes in c_cflag, an input speed of 0 is the output speed.
template <class M>
struct termios : terminal_modes<typename M::u32, 19> {
  using shape = polyabi::shape::termios;
  POLYABI_FIELDS(termios, iflag, oflag, cflag, lflag, line, cc)

  template <class K, class N>
  constexpr errc to_native(N& out) const {
    if (errc e = this->template modes_to_native<K>(out); e != errc::none) return e;
    out.ospeed = speed_of(this->output_code(), out.ospeed);
    out.ispeed = this->input_code() == 0 ? out.ospeed : speed_of(this->input_code(), out.ispeed);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    this->template modes_from_native<K>(in);
    const u32 input = in.ispeed == in.ospeed ? 0 : code_of(in.ispeed) << input_speed_shift;
    this->cflag.raw = static_cast<u32>(this->cflag.raw) | code_of(in.ospeed) | input;
    return errc::none;
  }
};
static_assert(layout<termios<lp64>, 36> && layout<termios<ilp32_i386>, 36>);

/// struct termios2 (TCGETS2): any speed.
template <class M>
struct termios2 : terminal_modes<typename M::u32, 19> {
  using shape = polyabi::shape::termios;
  typename M::u32 ispeed, ospeed;
  POLYABI_FIELDS(termios2, iflag, oflag, cflag, lflag, line, cc, ispeed, ospeed)

  template <class K, class N>
  constexpr errc to_native(N& out) const {
    if (errc e = this->template modes_to_native<K>(out); e != errc::none) return e;
    out.ospeed = speed_of(this->output_code(), ospeed);
    const u32 input = this->input_code();
    out.ispeed = input == 0 ? out.ospeed : speed_of(input, ispeed);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    this->template modes_from_native<K>(in);
    const u32 input = in.ispeed == in.ospeed ? 0 : code_of(in.ispeed) << input_speed_shift;
    this->cflag.raw = static_cast<u32>(this->cflag.raw) | code_of(in.ospeed) | input;
    ispeed = in.ispeed;
    ospeed = in.ospeed;
    return errc::none;
  }
};
static_assert(layout<termios2<lp64>, 44> && layout<termios2<ilp32_i386>, 44>);

/// System V's struct termio (TCGETA): the low halves of the modes and eight characters. Setting keeps the upper halves.
template <class M>
struct termio : terminal_modes<typename M::u16, 8> {
  using shape = polyabi::shape::termios;
  POLYABI_FIELDS(termio, iflag, oflag, cflag, lflag, line, cc)

  template <class K, class N>
  constexpr errc to_native(N& out) const {
    termios<M> all{};
    if (errc e = all.template from_native<K>(out); e != errc::none) return e;
    const auto merge = [](auto& to, u16 low) { to.raw = (static_cast<u32>(to.raw) & 0xffff0000) | low; };
    merge(all.iflag, this->iflag.raw);
    merge(all.oflag, this->oflag.raw);
    merge(all.cflag, this->cflag.raw);
    merge(all.lflag, this->lflag.raw);
    for (usize i = 0; i < 8; ++i) all.cc.raw[i] = this->cc.raw[i];
    return all.template to_native<K>(out);
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    termios<M> all{};
    if (errc e = all.template from_native<K>(in); e != errc::none) return e;
    this->iflag.raw = static_cast<u16>(all.iflag.raw);
    this->oflag.raw = static_cast<u16>(all.oflag.raw);
    this->cflag.raw = static_cast<u16>(all.cflag.raw);
    this->lflag.raw = static_cast<u16>(all.lflag.raw);
    for (usize i = 0; i < 8; ++i) this->cc.raw[i] = all.cc.raw[i];
    return errc::none;
  }
};
static_assert(layout<termio<lp64>, 18> && layout<termio<ilp32_i386>, 18>);

template <class M>
struct winsize {
  using shape = polyabi::shape::winsize;
  typename M::u16 row, col, xpixel, ypixel;
  POLYABI_FIELDS(winsize, row, col, xpixel, ypixel)
};
static_assert(layout<winsize<lp64>, 8>);

} // namespace polyabi::linux_abi
