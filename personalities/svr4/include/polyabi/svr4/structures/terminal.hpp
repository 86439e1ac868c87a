// struct termios, struct termio, struct winsize (sys/termios.h, sys/termio.h).
//
// The speeds stand in c_cflag; VMIN and VTIME share their places with VEOF and VEOL; and a control character of 0 is switched off.
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/core/translate.hpp>
#include <polyabi/svr4/terminal_flags.hpp>

#include <bit>
#include <utility>

namespace polyabi::svr4 {

/// B0 to B460800.
inline constexpr u32 speeds[] = {0,    50,   75,   110,   134,   150,   200,   300,    600,    1200,   1800,  2400,
                                 4800, 9600, 19200, 38400, 57600, 76800, 115200, 153600, 230400, 307200, 460800};
inline constexpr u32 output_speed_bits = 017, output_speed_extension = 010000000;
inline constexpr u32 input_speed_bits = 03600000, input_speed_extension = 020000000;

/// Speeds above B38400 have the extension bit and the rest of their number in the low four bits.
constexpr u32 speed_of(u32 cflag) {
  const u32 index = (cflag & output_speed_bits) + ((cflag & output_speed_extension) != 0 ? 16 : 0);
  return index < std::size(speeds) ? speeds[index] : 0;
}
constexpr u32 input_speed_of(u32 cflag) {
  const u32 index = ((cflag & input_speed_bits) >> 16) + ((cflag & input_speed_extension) != 0 ? 16 : 0);
  return index == 0 ? speed_of(cflag) : index < std::size(speeds) ? speeds[index] : 0;
}
static_assert([] {
  for (usize i = 1; i < std::size(speeds); ++i)
    if (speeds[i] <= speeds[i - 1]) return false;
  return true;
}());
/// The fastest one that is not faster.
constexpr u32 speed_index(u32 speed) {
  u32 index = 0;
  for (u32 step = std::bit_floor(std::size(speeds)); step != 0; step /= 2)
    if (index + step < std::size(speeds) && speeds[index + step] <= speed) index += step;
  return index;
}
constexpr u32 speed_bits(u32 output, u32 input) {
  const u32 o = speed_index(output), i = speed_index(input);
  u32 bits = (o & 15) | (o >= 16 ? output_speed_extension : 0);
  if (i != o) bits |= (i & 15) << 16 | (i >= 16 ? input_speed_extension : 0);
  return bits;
}

namespace detail {

/// How many of the kernel's places there are: all indices of a map's rows.
template <class Map>
inline constexpr usize places = [] {
  i32 most = 0;
  for (const auto& r : Map::rows) most = r.number > most ? r.number : most;
  return static_cast<usize>(most) + 1;
}();

/// One control character, if both sides know it: its places on both are constants.
template <class K, usize Count, bool In, usize Row, class Foreign, class Native>
[[gnu::always_inline]] constexpr void control_character_between(Foreign& foreign, Native& native, bool canonical) {
  using own = kernel_map<K, control_character>;
  constexpr auto& r = control_characters::rows[Row];
  constexpr i32 place = polyabi::detail::number_of<own>(r.name);
  if constexpr (static_cast<usize>(r.number) < Count && place >= 0) {
    constexpr bool counts = r.name == control_character::vmin || r.name == control_character::vtime;
    constexpr bool shares = counts || r.name == control_character::veof || r.name == control_character::veol;
    if (shares && counts == canonical) return;
    auto& theirs = foreign[r.number];
    auto& ours = native[place];
    if constexpr (In) ours = !counts && theirs == control_characters::disabled ? own::disabled : static_cast<u8>(theirs);
    else theirs = static_cast<u8>(!counts && ours == own::disabled ? control_characters::disabled : ours);
  }
}
/// Copies the control characters that both sides know, into the first `Count` places of the program's array.
template <class K, usize Count, bool In, class Foreign, class Native>
constexpr void control_characters_between(Foreign& foreign, Native& native, bool canonical) {
  [&]<usize... Row>(std::index_sequence<Row...>) __attribute__((always_inline)) {
    (control_character_between<K, Count, In, Row>(foreign, native, canonical), ...);
  }
  (std::make_index_sequence<control_characters::rows.size()>{});
}

template <class Map, class K>
constexpr u32 modes_in(u32 bits) {
  return static_cast<u32>(total_flag_table<Map, kernel_map<K, typename Map::name_type>>::convert(bits));
}
template <class Map, class K>
constexpr u32 modes_out(u32 bits) {
  return static_cast<u32>(shown_flag_table<kernel_map<K, typename Map::name_type>, Map>::convert(bits));
}

} // namespace detail

/// Both forms: `Word` of 32 bits and 16 characters (TCGETS), or of 16 bits and 8 characters (TCGETA). What a form has no room for
/// keeps its value: callers read the terminal's attributes before they translate onto them.
template <class Self, class Word, usize Characters>
struct terminal_attributes {
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    const auto& self = static_cast<const Self&>(*this);
    out.iflag = (out.iflag & ~known<input_modes, K>) | detail::modes_in<input_modes, K>(self.iflag);
    out.oflag = (out.oflag & ~known<output_modes, K>) | detail::modes_in<output_modes, K>(self.oflag);
    out.lflag = (out.lflag & ~known<local_modes, K>) | detail::modes_in<local_modes, K>(self.lflag);
    out.cflag = (out.cflag & ~known<control_modes, K>) | detail::modes_in<control_modes, K>(self.cflag);
    out.ospeed = speed_of(self.cflag);
    out.ispeed = input_speed_of(self.cflag);
    detail::control_characters_between<K, Characters, true>(self.cc, out.cc, (self.lflag & icanon) != 0);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    auto& self = static_cast<Self&>(*this);
    using value_type = typename Word::value_type;
    self.iflag = static_cast<value_type>(detail::modes_out<input_modes, K>(in.iflag));
    self.oflag = static_cast<value_type>(detail::modes_out<output_modes, K>(in.oflag));
    self.lflag = static_cast<value_type>(detail::modes_out<local_modes, K>(in.lflag));
    self.cflag = static_cast<value_type>(detail::modes_out<control_modes, K>(in.cflag) | speed_bits(in.ospeed, in.ispeed));
    detail::control_characters_between<K, Characters, false>(self.cc, in.cc, (self.lflag & icanon) != 0);
    return errc::none;
  }

private:
  static constexpr u32 icanon = 02;
  /// The kernel's bits that the form can say something about.
  template <class Map, class K>
  static constexpr u32 known = [] {
    constexpr u32 room = sizeof(Word) == 2 ? 0xffff : 0xffffffff;
    u32 bits = 0;
    for (const auto& r : Map::rows)
      if (r.kind == flag_class::bit || r.kind == flag_class::choice)
        if (const auto own = polyabi::detail::find_row<kernel_map<K, typename Map::name_type>>(r.name);
                own.present && (r.mask & ~u64{room}) == 0)
          bits |= static_cast<u32>(own->mask);
    return bits;
  }();
};

template <class M>
struct termios : terminal_attributes<termios<M>, typename M::u32, 16> {
  using shape = polyabi::shape::termios;
  typename M::u32 iflag, oflag, cflag, lflag;
  u8 cc[19];
  POLYABI_FIELDS(termios, iflag, oflag, cflag, lflag, cc)
};
static_assert(layout<termios<ilp32_i386>, 36>);

template <class M>
struct termio : terminal_attributes<termio<M>, typename M::u16, 8> {
  using shape = polyabi::shape::termios;
  typename M::u16 iflag, oflag, cflag, lflag;
  u8 line;
  u8 cc[8];
  POLYABI_FIELDS(termio, iflag, oflag, cflag, lflag, line, cc)
};
static_assert(layout<termio<ilp32_i386>, 18>);

template <class M>
struct winsize {
  using shape = polyabi::shape::winsize;
  typename M::u16 row, col, xpixel, ypixel;
  POLYABI_FIELDS(winsize, row, col, xpixel, ypixel)
};
static_assert(layout<winsize<ilp32_i386>, 8>);

} // namespace polyabi::svr4
