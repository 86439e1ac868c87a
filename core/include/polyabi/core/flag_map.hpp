// Maps between sets of flags. Each bit of a foreign word is in exactly one class: mapped to a name, a hint without effect,
// rejected with an error, or faked (accepted without its effect, and listed as such). Composition with a kernel's map groups all
// bits that move by the same distance, so that converting is a mask and a rotation for each distance, not a branch for each bit;
// several distances are one multiplication where their bits do not meet on the way.
//
//   struct open_flags : flag_map<open_flag> {
//     static constexpr auto unknown = unknown_bits::ignore;
//     static constexpr auto rows = std::to_array<flag_row>({
//         choice(access_mode::rdonly, 3, 0), choice(access_mode::wronly, 3, 1), choice(access_mode::rdwr, 3, 2),
//         bit(open_flag::creat, 0x40), bit(open_flag::excl, 0x80), hint(0x8000), reject(0x2000, errc::inval)});
//   };
#pragma once

#include <polyabi/core/number_map.hpp>
#include <polyabi/core/result.hpp>

#include <array>
#include <bit>
#include <span>
#include <type_traits>
#include <utility>

namespace polyabi {

/// What becomes of bits that no row mentions.
enum class unknown_bits : u8 { reject, ignore };

/// A vocabulary name of any enumeration.
struct any_name {
  u64 family = 0; ///< which enumeration; 0 for no name
  u8 value = 0;
  constexpr bool operator==(const any_name&) const = default;
};

namespace detail {
/// A number for each enumeration, from its name: an address would not be constant under every sanitizer.
template <class Name>
consteval u64 family_of() {
  u64 hash = 0xcbf29ce484222325; // FNV-1a
  for (const char* c = __PRETTY_FUNCTION__; *c != 0; ++c) hash = (hash ^ static_cast<unsigned char>(*c)) * 0x100000001b3;
  return hash;
}
} // namespace detail

template <class Name>
constexpr any_name as_any(Name name) {
  return {detail::family_of<Name>(), static_cast<u8>(name)};
}

enum class flag_class : u8 { bit, choice, hint, reject, fake, name_hint, name_reject };

/// One row: see the makers below.
struct flag_row {
  flag_class kind;
  any_name name{};
  u64 mask = 0;
  u64 value = 0;
  errc error = errc::none;
};

/// A flag: all bits of `mask` set. Several bits are allowed; wider flags are tested first (O_SYNC contains O_DSYNC).
template <class Name>
constexpr flag_row bit(Name name, u64 mask) {
  return {flag_class::bit, as_any(name), mask, mask};
}
/// One value of a field of several bits.
template <class Name>
constexpr flag_row choice(Name name, u64 mask, u64 value) {
  return {flag_class::choice, as_any(name), mask, value};
}
/// A value of a field, not 0, that is refused with this error.
constexpr flag_row reject_choice(u64 mask, u64 value, errc error) { return {flag_class::reject, {}, mask, value, error}; }
/// Accepted; has no effect that a program could notice.
constexpr flag_row hint(u64 mask) { return {flag_class::hint, {}, mask}; }
/// Refused with this error.
constexpr flag_row reject(u64 mask, errc error) { return {flag_class::reject, {}, mask, 0, error}; }
/// Accepted although its effect is missing: reported once through `unsupported`, and shown in the support table.
constexpr flag_row fake(u64 mask) { return {flag_class::fake, {}, mask}; }
/// A name that this side does not have: a kernel ignores it, a program is not shown it.
template <class Name>
constexpr flag_row without(Name name) {
  return {flag_class::name_hint, as_any(name)};
}
/// In a kernel's map: a name this kernel does not have, whose use is refused.
template <class Name>
constexpr flag_row refuses(Name name, errc error) {
  return {flag_class::name_reject, as_any(name), 0, 0, error};
}

/// Base of every flag map.
template <class Name>
struct flag_map {
  using name_type = Name;
  static constexpr auto unknown = unknown_bits::reject;
};

namespace detail {

template <class Map>
consteval u64 bit_in_two_rows() {
  u64 seen = 0, fields = 0;
  for (const auto& r : Map::rows) {
    if (r.kind == flag_class::choice) {
      fields |= r.mask;
    } else if (std::popcount(r.mask) == 1) {
      if ((seen & r.mask) != 0) return seen & r.mask;
      seen |= r.mask;
    }
  }
  return seen & fields;
}

template <u64 Bits>
consteval bool no_bits() {
  static_assert(Bits == 0, "this bit is in two rows of the flag map: every bit is in exactly one class");
  return true;
}

template <auto Name>
consteval bool kernel_classes_flag() {
  static_assert(Name == decltype(Name){}, "the kernel's flag map has no row for this name: add bit(), without() or refuses()");
  return true;
}

/// A row of a map, if it has one: `if (const auto row = find_row<map>(name)) use(row->mask);`
struct found_row {
  bool present = false;
  flag_row row{};
  constexpr explicit operator bool() const { return present; }
  constexpr const flag_row* operator->() const { return &row; }
};

/// The row that stands for `name`.
constexpr found_row find_row(std::span<const flag_row> rows, any_name name) {
  for (const auto& r : rows)
    if (r.name == name && name.family != 0) return {true, r};
  return {};
}
template <class Map>
constexpr std::span<const flag_row> rows_of() {
  return {Map::rows.data(), Map::rows.size()};
}
template <class Map>
constexpr found_row find_row(any_name name) {
  return find_row(rows_of<Map>(), name);
}

} // namespace detail

/// The bits that a map has for a name; none if it does not have it.
template <class Map, auto Name>
inline constexpr u64 bits_of = detail::find_row<Map>(as_any(Name))->value;

template <class Map>
  requires requires { Map::rows[0].mask; }
inline constexpr bool checked<Map> = detail::no_bits<detail::bit_in_two_rows<Map>()>();

namespace detail {

struct flag_group { u64 mask; int rotate; };
struct flag_product { u64 mask, factor, to; int right; }; ///< several groups by one multiplication
struct wide_flag { u64 mask, value; };                    ///< several bits to several bits
struct flag_field { u64 mask; u64 from, to; };            ///< one value of a choice that moves
struct flag_refusal { u64 mask; u64 value; errc error; };

/// A shift if it loses nothing: compilers make better use of one.
[[gnu::always_inline]] constexpr u64 moved(u64 from, const flag_group& g) {
  const u64 bits = from & g.mask;
  if (g.rotate == 0) return bits;
  if (g.mask >> (64 - g.rotate) == 0) return bits << g.rotate;
  if (g.mask << g.rotate == 0) return bits >> (64 - g.rotate);
  return std::rotl(bits, g.rotate);
}
[[gnu::always_inline]] constexpr u64 multiplied(u64 from, const flag_product& p) {
  return ((from & p.mask) * p.factor >> p.right) & p.to;
}

/// What becomes of the bits of a flag word, found by the compiler. It is the same type for all maps of about one length, so that
/// what finds it is compiled once for these, not for each two maps that are composed.
template <usize Capacity>
struct flag_composition {
  flag_group groups[Capacity]{};
  static constexpr usize most_products = 4;
  flag_product products[most_products]{};
  wide_flag wides[Capacity]{};
  flag_field fields[Capacity]{};
  flag_refusal refusals[Capacity]{};
  usize group_count = 0, product_count = 0, wide_count = 0, field_count = 0, refusal_count = 0;
  u64 known = 0, faked = 0, field_mask = 0;
  bool groups_overlap = false; ///< two bits become the same one
  any_name unclassed{};        ///< a name the other side does not class

  consteval flag_composition(std::span<const flag_row> from, std::span<const flag_row> to_rows) {
    for (const auto& r : from) {
      if (r.kind != flag_class::name_hint && r.kind != flag_class::name_reject) known |= r.mask;
      switch (r.kind) {
      case flag_class::hint: break;
      case flag_class::fake: faked |= r.mask; break;
      case flag_class::reject: refusals[refusal_count++] = {r.mask, r.value != 0 ? r.value : ~u64{0}, r.error}; break;
      case flag_class::name_hint:
      case flag_class::name_reject: break;
      case flag_class::choice: {
        field_mask |= r.mask;
        const auto to = find_row(to_rows, r.name);
        if (!to) {
          if (unclassed == any_name{}) unclassed = r.name;
        } else if (to->kind == flag_class::name_reject) {
          refusals[refusal_count++] = {r.mask, r.value, to->error};
        } else if (to->kind == flag_class::bit || to->kind == flag_class::choice) {
          fields[field_count++] = {r.mask, r.value, to->value};
        }
        break;
      }
      case flag_class::bit: {
        const auto to = find_row(to_rows, r.name);
        if (!to) {
          if (unclassed == any_name{}) unclassed = r.name;
        } else if (to->kind == flag_class::name_reject) {
          refusals[refusal_count++] = {r.mask, ~u64{0}, to->error};
        } else if (to->kind == flag_class::bit && std::popcount(r.mask) == 1 && std::popcount(to->mask) == 1) {
          const int rotate = (std::countr_zero(to->mask) - std::countr_zero(r.mask) + 64) % 64;
          join_group(r.mask, rotate);
        } else if (to->kind == flag_class::bit || to->kind == flag_class::choice) {
          wides[wide_count++] = {r.mask, to->value};
        }
        break;
      }
      }
    }
    join_fields();
    u64 filled = 0;
    for (usize g = 0; g < group_count; ++g) {
      const u64 to = std::rotl(groups[g].mask, groups[g].rotate);
      groups_overlap = groups_overlap || (filled & to) != 0;
      filled |= to;
    }
    if (!groups_overlap && group_count > 1) join_products();
  }

private:
  constexpr void join_group(u64 mask, int rotate) {
    usize g = 0;
    while (g < group_count && groups[g].rotate != rotate) ++g;
    if (g == group_count) groups[group_count++] = {0, rotate};
    groups[g].mask |= mask;
  }
  /// A field whose values do not change is a group like any other bits.
  constexpr void join_fields() {
    bool same = field_count > 0;
    for (usize i = 0; i < field_count; ++i) same = same && fields[i].from == fields[i].to;
    if (same && wide_count == 0) {
      join_group(field_mask, 0);
      field_count = 0;
    }
    // So is a field with a row for each of its values, which all move by the same distance.
    for (usize i = 0; i < field_count;) {
      const u64 mask = fields[i].mask;
      if (const int distance = field_distance(mask); distance >= 0) {
        join_group(mask, distance);
        usize kept = 0;
        for (usize j = 0; j < field_count; ++j)
          if (fields[j].mask != mask) fields[kept++] = fields[j];
        field_count = kept;
      } else {
        ++i;
      }
    }
  }
  /// By how much all values of a field move; negative if they do not move alike, or if it has others.
  constexpr int field_distance(u64 mask) const {
    int distance = -1;
    u64 values = 0;
    for (usize i = 0; i < field_count; ++i) {
      const flag_field& f = fields[i];
      if (f.mask != mask) continue;
      ++values;
      if (f.from == 0 && f.to == 0) continue;
      if (f.from == 0 || f.to == 0) return -1;
      const int moved = (std::countr_zero(f.to) - std::countr_zero(f.from) + 64) % 64;
      if (std::rotl(f.from, moved) != f.to || (distance >= 0 && distance != moved)) return -1;
      distance = moved;
    }
    return std::popcount(mask) < 16 && values == u64{1} << std::popcount(mask) ? distance : -1;
  }
  /// How far a group moves to the left; negative to the right. 64: it does both.
  static constexpr int distance(const flag_group& g) {
    if (g.rotate == 0 || g.mask >> (64 - g.rotate) == 0) return g.rotate;
    return g.mask << g.rotate == 0 ? g.rotate - 64 : 64;
  }
  /// Moves several groups at once: a factor with a bit for each distance, if no two of the products' bits meet, whether they are
  /// wanted or not. All groups that move to the right are moved to the left first, and then to the right together.
  constexpr void join_products() {
    int most_right = 0;
    for (usize g = 0; g < group_count; ++g)
      if (const int d = distance(groups[g]); d < -most_right) most_right = -d;
    usize left = 0;
    for (usize g = 0; g < group_count; ++g)
      if (!join_product(groups[g], most_right)) groups[left++] = groups[g];
    group_count = left;
    // One group alone is quicker moved.
    usize kept = 0;
    for (usize p = 0; p < product_count; ++p) {
      if (const flag_product& one = products[p]; std::has_single_bit(one.factor))
        groups[group_count++] = {one.mask, (std::countr_zero(one.factor) - one.right + 64) % 64};
      else
        products[kept++] = one;
    }
    product_count = kept;
  }
  constexpr bool join_product(const flag_group& g, int most_right) {
    const int d = distance(g), right = d < 0 ? most_right : 0;
    if (d == 64 || g.mask << (d + right) >> (d + right) != g.mask) return false;
    const u64 factor = u64{1} << (d + right);
    usize p = 0;
    while (p < product_count &&
           (products[p].right != right || !bits_keep_apart(products[p].mask | g.mask, products[p].factor | factor)))
      ++p;
    if (p == most_products) return false;
    if (p == product_count) products[product_count++] = {0, 0, 0, right};
    products[p].mask |= g.mask;
    products[p].factor |= factor;
    products[p].to |= std::rotl(g.mask, g.rotate);
    return true;
  }
  static constexpr bool bits_keep_apart(u64 mask, u64 factor) {
    u64 taken = 0;
    for (u64 left = factor; left != 0; left &= left - 1) {
      const u64 bits = mask << std::countr_zero(left);
      if ((taken & bits) != 0) return false;
      taken |= bits;
    }
    return true;
  }
};

/// Few lengths, so that few of these are compiled.
constexpr usize flag_capacity(usize rows) { return (rows + 8) / 8 * 8; }

} // namespace detail

/// A composed conversion of flag words from the values of `From` to those of `To`.
template <class From, class To>
struct flag_table {
  static constexpr detail::flag_composition<detail::flag_capacity(From::rows.size())> data{detail::rows_of<From>(),
                                                                                           detail::rows_of<To>()};

  /// That name as an enumerator, which compilers print; of another enumeration its number will do.
  static consteval auto unclassed() {
    using name_type = typename From::name_type;
    constexpr bool own = data.unclassed.family == detail::family_of<name_type>();
    if constexpr (own || data.unclassed == any_name{})
      return static_cast<name_type>(data.unclassed.value);
    else
      return int{data.unclassed.value + 1};
  }

  /// Converts the bits that have a counterpart and drops the others. For the way back to a program.
  static constexpr u64 convert(u64 from) {
    // What does not overlap is added, which some processors do in one step with a small shift.
    u64 to = move_groups(from, std::make_index_sequence<data.group_count>{});
    if constexpr (data.product_count > 0) to += multiply(from, std::make_index_sequence<data.product_count>{});
    if constexpr (data.wide_count > 0)
      for (usize i = 0; i < data.wide_count; ++i)
        if ((from & data.wides[i].mask) == data.wides[i].mask) to |= data.wides[i].value;
    if constexpr (data.field_count > 0)
      for (usize i = 0; i < data.field_count; ++i)
        if ((from & data.fields[i].mask) == data.fields[i].from) to |= data.fields[i].to;
    return to;
  }

  /// The checks of the way in: refused and unknown bits. `errc::none` if all is well.
  static constexpr errc refused(u64 from) {
    if constexpr (data.refusal_count > 0) {
      for (usize i = 0; i < data.refusal_count; ++i) {
        const auto& r = data.refusals[i];
        if (r.value == ~u64{0} ? (from & r.mask) != 0 : (from & r.mask) == r.value) return r.error;
      }
    }
    if constexpr (From::unknown == unknown_bits::reject) {
      if ((from & ~data.known) != 0) return errc::inval;
    }
    return errc::none;
  }

  /// Bits that are accepted without their effect, or that no row knows: for the `unsupported` funnel.
  static constexpr u64 remarkable(u64 from) { return from & (data.faked | ~data.known); }

  static constexpr bool identity = data.wide_count == 0 && data.field_count == 0 && data.refusal_count == 0 &&
                                   data.product_count == 0 && data.group_count == 1 && data.groups[0].rotate == 0;

private:
  template <usize... I>
  [[gnu::always_inline]] static constexpr u64 move_groups([[maybe_unused]] u64 from, std::index_sequence<I...>) {
    if constexpr (data.groups_overlap)
      return (u64{0} | ... | detail::moved(from, data.groups[I]));
    else
      return (u64{0} + ... + detail::moved(from, data.groups[I]));
  }
  template <usize... I>
  [[gnu::always_inline]] static constexpr u64 multiply(u64 from, std::index_sequence<I...>) {
    return (detail::multiplied(from, data.products[I]) + ...);
  }
};

namespace detail {
template <auto Name>
consteval bool personality_classes_flag() {
  static_assert(Name == decltype(Name){},
                "the kernel can show this flag and the personality's map has no row for its name: add bit(), choice() or "
                "without()");
  return true;
}
} // namespace detail

/// As `flag_table`, for the way back to a program: every name that the kernel can show must be classed by the personality's
/// map.
template <class From, class To>
struct shown_flag_table : flag_table<From, To> {
  static_assert(detail::personality_classes_flag<flag_table<From, To>::unclassed()>());
};

/// As `flag_table`, for the way into a kernel: every name must be classed by the kernel's map.
template <class From, class To>
struct total_flag_table : flag_table<From, To> {
  static_assert(detail::kernel_classes_flag<flag_table<From, To>::unclassed()>());
};

} // namespace polyabi
