// Version 7's terminal modes, which System V's ttcompat keeps alive (sys/ttold.h): the terminal has System V's modes, and these
// requests show them in the old words and change them.
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/terminal.hpp>

namespace polyabi::svr4 {

/// Bits of sg_flags: systems agree on most of them.
struct old_terminal_bits {
  u32 tandem, cbreak, tabs;
  static constexpr u32 lcase = 4, echo = 8, crmod = 0x10, raw = 0x20, oddp = 0x40, evenp = 0x80;
};
/// System V Release 4's.
inline constexpr old_terminal_bits ttold_bits{.tandem = 1, .cbreak = 2, .tabs = 0xc00};
/// MWC Coherent's (sgtty.h).
inline constexpr old_terminal_bits coherent_bits{.tandem = 0x20000, .cbreak = 0x10000, .tabs = 2};

template <class M>
struct sgttyb {
  u8 ispeed, ospeed, erase, kill;
  typename M::u32 flags;
  POLYABI_FIELDS(sgttyb, ispeed, ospeed, erase, kill, flags)
};
static_assert(layout<sgttyb<ilp32_i386>, 8>);

/// Special characters: interrupt, quit, start, stop, end of file, and one more end of line.
template <class M>
struct tchars {
  u8 intr, quit, start, stop, eof, brk;
  POLYABI_FIELDS(tchars, intr, quit, start, stop, eof, brk)
};
static_assert(layout<tchars<ilp32_i386>, 6>);

/// The local ones: suspend, delayed suspend, reprint, flush, erase word, literal next.
template <class M>
struct ltchars {
  u8 susp, dsusp, reprint, flush, werase, lnext;
  POLYABI_FIELDS(ltchars, susp, dsusp, reprint, flush, werase, lnext)
};
static_assert(layout<ltchars<ilp32_i386>, 6>);

namespace old_terminal {

/// The bits that System V has for a mode.
template <class Map, class Name>
constexpr u32 mask_of(Name name) {
  return static_cast<u32>(polyabi::detail::find_row<Map>(as_any(name))->mask);
}
constexpr u32 bits(input_mode m) {
  return mask_of<input_modes>(m);
}
constexpr u32 bits(output_mode m) {
  return mask_of<output_modes>(m);
}
constexpr u32 bits(control_mode m) {
  return mask_of<control_modes>(m);
}
constexpr u32 bits(local_mode m) {
  return mask_of<local_modes>(m);
}

constexpr usize place(control_character c) {
  return static_cast<usize>(polyabi::detail::number_of<control_characters>(c));
}

template <class Word>
constexpr void put(Word& word, u32 mask, bool on) {
  word = on ? word | mask : word & ~mask;
}

template <class M>
constexpr u32 flags_of(const termios<M>& t, const old_terminal_bits& b) {
  u32 flags = 0;
  const bool canonical = (t.lflag & bits(local_mode::icanon)) != 0, signals = (t.lflag & bits(local_mode::isig)) != 0;
  if (!canonical) flags |= signals ? b.cbreak : b.raw;
  if ((t.lflag & bits(local_mode::echo)) != 0) flags |= b.echo;
  if ((t.iflag & bits(input_mode::icrnl)) != 0) flags |= b.crmod;
  if ((t.iflag & bits(input_mode::iuclc)) != 0) flags |= b.lcase;
  if ((t.iflag & bits(input_mode::ixoff)) != 0) flags |= b.tandem;
  if ((t.oflag & bits(output_mode::oxtabs)) == bits(output_mode::oxtabs)) flags |= b.tabs;
  const bool parity = (t.cflag & bits(control_mode::parenb)) != 0, odd = (t.cflag & bits(control_mode::parodd)) != 0;
  return flags | (!parity ? b.oddp | b.evenp : odd ? b.oddp : b.evenp);
}

template <class M>
constexpr void set_flags(termios<M>& t, u32 flags, const old_terminal_bits& b) {
  const bool raw = (flags & b.raw) != 0, cbreak = (flags & b.cbreak) != 0, crmod = (flags & b.crmod) != 0;
  put(t.lflag, bits(local_mode::isig), !raw);
  put(t.lflag, bits(local_mode::icanon), !raw && !cbreak);
  put(t.lflag, bits(local_mode::echo) | bits(local_mode::echoe) | bits(local_mode::echok), (flags & b.echo) != 0);
  put(t.lflag, bits(local_mode::xcase), (flags & b.lcase) != 0 && !raw);
  put(t.iflag, bits(input_mode::icrnl), crmod && !raw);
  put(t.iflag, bits(input_mode::iuclc), (flags & b.lcase) != 0 && !raw);
  put(t.iflag, bits(input_mode::ixoff), (flags & b.tandem) != 0);
  put(t.iflag, bits(input_mode::ixon) | bits(input_mode::brkint), !raw);
  put(t.oflag, bits(output_mode::opost), !raw);
  put(t.oflag, bits(output_mode::onlcr), crmod && !raw);
  put(t.oflag, bits(output_mode::olcuc), (flags & b.lcase) != 0 && !raw);
  put(t.oflag, bits(output_mode::oxtabs), (flags & b.tabs) == b.tabs);
  const u32 parity = flags & (b.oddp | b.evenp);
  put(t.cflag, bits(control_mode::parenb), parity == b.oddp || parity == b.evenp);
  put(t.cflag, bits(control_mode::parodd), parity == b.oddp);
  if (raw || cbreak) {
    t.cc[place(control_character::vmin)] = 1;
    t.cc[place(control_character::vtime)] = 0;
  } else {
    // Where VMIN and VTIME were, there are characters again.
    t.cc[place(control_character::veof)] = 4;
    t.cc[place(control_character::veol)] = control_characters::disabled;
  }
}

/// In the old words a character that is switched off is all ones.
constexpr u8 old_character(u8 c) {
  return c == control_characters::disabled ? 0xff : c;
}
constexpr u8 new_character(u8 c) {
  return c == 0xff ? control_characters::disabled : c;
}

/// A terminal's modes as System V shows them.
template <class Env>
reply<Env> read_modes(context<Env>& c, i32 descriptor, termios<typename Env::model>& to) {
  using K = typename Env::kernel;
  native<K, shape::termios> own{};
  if (auto r = c.perform(op::terminal_get_attributes{}, descriptor, own); !r) return r.error();
  if (errc e = to_foreign<K>(own, to); e != errc::none) return e;
  return done{};
}

/// Changes them as `change(modes)` does.
template <class Env, class Change>
reply<Env> change_modes(context<Env>& c, i32 descriptor, i32 when, Change change) {
  using K = typename Env::kernel;
  native<K, shape::termios> own{};
  if (auto r = c.perform(op::terminal_get_attributes{}, descriptor, own); !r) return r.error();
  termios<typename Env::model> modes{};
  if (errc e = to_foreign<K>(own, modes); e != errc::none) return e;
  change(modes);
  if (errc e = modes.template to_native<K>(own); e != errc::none) return e;
  if (auto r = c.perform(op::terminal_set_attributes{}, descriptor, when, own); !r) return r.error();
  return done{};
}

} // namespace old_terminal

namespace handlers {

using terminal_needs = operation_list<op::terminal_get_attributes, op::terminal_set_attributes>;

/// TIOCGETP, gtty(2).
template <const old_terminal_bits& Bits>
struct get_old_modes {
  using needs = operation_list<op::terminal_get_attributes>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<sgttyb<typename Env::model>> to) {
    termios<typename Env::model> modes{};
    if (auto r = old_terminal::read_modes(c, descriptor, modes); !r) return r;
    sgttyb<typename Env::model> out{};
    out.ispeed = static_cast<u8>(speed_index(input_speed_of(modes.cflag)) & 15);
    out.ospeed = static_cast<u8>(speed_index(speed_of(modes.cflag)) & 15);
    out.erase = old_terminal::old_character(modes.cc[old_terminal::place(control_character::verase)]);
    out.kill = old_terminal::old_character(modes.cc[old_terminal::place(control_character::vkill)]);
    out.flags = old_terminal::flags_of(modes, Bits);
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};

/// TIOCSETP, TIOCSETN, stty(2).
template <const old_terminal_bits& Bits, set_attributes_when When>
struct set_old_modes {
  using needs = terminal_needs;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<const sgttyb<typename Env::model>> from) {
    sgttyb<typename Env::model> in;
    if (errc e = c.read(from, in); e != errc::none) return e;
    return old_terminal::change_modes(c, descriptor, native_number<typename Env::kernel, When>, [&](auto& modes) {
      const u32 rest = modes.cflag & ~(output_speed_bits | output_speed_extension | input_speed_bits | input_speed_extension);
      modes.cflag = rest | speed_bits(speeds[in.ospeed & 15], speeds[in.ispeed & 15]);
      modes.cc[old_terminal::place(control_character::verase)] = old_terminal::new_character(in.erase);
      modes.cc[old_terminal::place(control_character::vkill)] = old_terminal::new_character(in.kill);
      old_terminal::set_flags(modes, in.flags, Bits);
    });
  }
};

/// Places of the characters of a structure, in its order.
template <template <class> class S>
inline constexpr control_character old_characters[6] = {control_character::vintr,  control_character::vquit,
                                                        control_character::vstart, control_character::vstop,
                                                        control_character::veof,   control_character::veol};
template <>
inline constexpr control_character old_characters<ltchars>[6] = {control_character::vsusp,    control_character::vdsusp,
                                                                 control_character::vreprint, control_character::vdiscard,
                                                                 control_character::vwerase,  control_character::vlnext};

/// TIOCGETC, TIOCGLTC.
template <template <class> class S>
struct get_old_characters {
  using needs = operation_list<op::terminal_get_attributes>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<S<typename Env::model>> to) {
    termios<typename Env::model> modes{};
    if (auto r = old_terminal::read_modes(c, descriptor, modes); !r) return r;
    u8 out[6];
    for (usize i = 0; i < 6; ++i) out[i] = old_terminal::old_character(modes.cc[old_terminal::place(old_characters<S>[i])]);
    if (errc e = c.write_bytes(to.address, out, sizeof out); e != errc::none) return e;
    return done{};
  }
};
/// TIOCSETC, TIOCSLTC. Without canonical input the places of two of them mean something else, and stay.
template <template <class> class S>
struct set_old_characters {
  using needs = terminal_needs;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<const S<typename Env::model>> from) {
    u8 in[6];
    if (errc e = c.read_bytes(from.address, in, sizeof in); e != errc::none) return e;
    const i32 now = native_number<typename Env::kernel, set_attributes_when::now>;
    return old_terminal::change_modes(c, descriptor, now, [&](auto& modes) {
      const bool canonical = (modes.lflag & old_terminal::bits(local_mode::icanon)) != 0;
      for (usize i = 0; i < 6; ++i) {
        const control_character which = old_characters<S>[i];
        const bool shares = which == control_character::veof || which == control_character::veol;
        if (!shares || canonical) modes.cc[old_terminal::place(which)] = old_terminal::new_character(in[i]);
      }
    });
  }
};

/// TIOCFLUSH: 1 input, 2 output, 0 or 3 both, behind a pointer; a null pointer is both.
struct flush_old {
  using needs = operation_list<op::terminal_flush>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<const typename Env::model::i32> from) {
    using K = typename Env::kernel;
    typename Env::model::i32 which{0};
    if (from)
      if (errc e = c.read(from, which); e != errc::none) return e;
    const i32 queue = which == 1   ? native_number<K, flush_queue::iflush>
                      : which == 2 ? native_number<K, flush_queue::oflush>
                                   : native_number<K, flush_queue::ioflush>;
    if (auto r = c.perform(op::terminal_flush{}, descriptor, queue); !r) return r.error();
    return done{};
  }
};

} // namespace handlers
} // namespace polyabi::svr4
