// Tables of socket options and of control messages: number, name, type of the value and meaning of each in one row, in groups
// by level.
//
//   struct socket_options : option_group<1, option_level::socket,
//       option<7, "SO_SNDBUF", option_values::integer, socket_option::sndbuf>,
//       option<13, "SO_LINGER", option_values::structure<linger>, socket_option::linger>,
//       refused_option<26, "SO_ATTACH_FILTER", errc::noprotoopt, "no packet filters">> {};
//   struct options : option_table<socket_options, tcp_options, ...> {};
//
// The kernel's number of an option is asked of its map of the enumeration; the kernel's type of the value is said below.
#pragma once

#include <polyabi/core/fixed_string.hpp>
#include <polyabi/core/kernel.hpp>
#include <polyabi/core/row_list.hpp>
#include <polyabi/core/socket_vocabulary.hpp>
#include <polyabi/core/translate.hpp>

#include <array>
#include <span>

namespace polyabi {

/// The shape of an option's or a control message's value; an integer (i32) where nothing else is said.
template <auto Option>
struct option_shape {
  using type = shape::integer;
};
template <> struct option_shape<socket_option::linger> { using type = shape::linger; };
template <> struct option_shape<socket_option::sndtimeo> { using type = shape::timeval; };
template <> struct option_shape<socket_option::rcvtimeo> { using type = shape::timeval; };
template <> struct option_shape<socket_option::peercred> { using type = shape::socket_credentials; };
template <> struct option_shape<socket_option::peergroups> { using type = shape::bytes; };
template <> struct option_shape<socket_option::bindtodevice> { using type = shape::bytes; };
template <> struct option_shape<socket_option::cookie> { using type = shape::bytes; };
template <> struct option_shape<socket_option::max_pacing_rate> { using type = shape::bytes; };
template <> struct option_shape<socket_option::meminfo> { using type = shape::bytes; };
template <> struct option_shape<ip_option::add_membership> { using type = shape::multicast_membership; };
template <> struct option_shape<ip_option::drop_membership> { using type = shape::multicast_membership; };
template <> struct option_shape<ip_option::multicast_if> { using type = shape::multicast_membership; };
template <> struct option_shape<ip_option::block_source> { using type = shape::source_membership; };
template <> struct option_shape<ip_option::unblock_source> { using type = shape::source_membership; };
template <> struct option_shape<ip_option::add_source_membership> { using type = shape::source_membership; };
template <> struct option_shape<ip_option::drop_source_membership> { using type = shape::source_membership; };
template <> struct option_shape<ip_option::options> { using type = shape::bytes; };
template <> struct option_shape<ip_option::retopts> { using type = shape::bytes; };
template <> struct option_shape<ipv6_option::add_membership> { using type = shape::multicast6_membership; };
template <> struct option_shape<ipv6_option::drop_membership> { using type = shape::multicast6_membership; };
template <> struct option_shape<ipv6_option::pktinfo> { using type = shape::packet6_info; };
template <> struct option_shape<tcp_option::congestion> { using type = shape::bytes; };
template <> struct option_shape<tcp_option::ulp> { using type = shape::bytes; };
template <> struct option_shape<tcp_option::info> { using type = shape::tcp_info; };
template <> struct option_shape<tcp_option::cc_info> { using type = shape::bytes; };
template <> struct option_shape<tcp_option::saved_syn> { using type = shape::bytes; };
template <> struct option_shape<netlink_option::list_memberships> { using type = shape::bytes; };
template <> struct option_shape<socket_control::rights> { using type = shape::bytes; };
template <> struct option_shape<socket_control::credentials> { using type = shape::socket_credentials; };
template <> struct option_shape<socket_control::timestamp> { using type = shape::timeval; };
template <> struct option_shape<socket_control::timestampns> { using type = shape::timespec; };

/// Control messages that are named as an option of another type: IP_PKTINFO switches them on, and is what comes.
template <auto Option>
struct control_shape : option_shape<Option> {};
template <> struct control_shape<ip_option::pktinfo> { using type = shape::packet_info; };
template <> struct control_shape<ip_option::recverr> { using type = shape::socket_error; };
template <> struct control_shape<ip_option::retopts> { using type = shape::bytes; };
template <> struct control_shape<ip_option::recvorigdstaddr> { using type = shape::bytes; };
template <> struct control_shape<ipv6_option::recverr> { using type = shape::socket_error; };

/// The longest value, foreign or native.
inline constexpr usize option_value_limit = 1024;

/// A value being translated: from `size` bytes at `from` to at most `option_value_limit` bytes at `to`.
struct option_bytes {
  const unsigned char* from;
  usize size;
  unsigned char* to;
  usize written = 0;

  template <class T>
  T get() const {
    T value{};
    __builtin_memcpy(&value, from, size < sizeof value ? size : sizeof value);
    return value;
  }
  template <class T>
  errc put(const T& value) {
    __builtin_memcpy(to, &value, sizeof value);
    written = sizeof value;
    return errc::none;
  }
};

/// Types of values: what a program gives (`in`) and gets (`out`). `Shape` is the kernel's.
namespace option_values {

/// A C int.
struct integer {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    static_assert(std::is_same_v<Shape, shape::integer>, "the kernel's value of this option is no integer: see option_shape");
    if (b.size < sizeof(i32)) return errc::inval;
    return b.put(static_cast<i32>(b.get<typename M::i32>()));
  }
  template <class K, class M, class Shape>
  static errc out(option_bytes& b) {
    return b.put(typename M::i32{b.get<i32>()});
  }
};

/// A C int that is one of an enumeration's numbers: `one_of<socket_types>`. 0 is none of them, and stands for what the other side
/// has no number for.
template <class Map>
struct one_of {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    if (b.size < sizeof(i32)) return errc::inval;
    return translate<number_table<Map, kernel_map<K, typename Map::name_type>>>(b, b.get<typename M::i32>(), errc::inval);
  }
  template <class K, class M, class Shape>
  static errc out(option_bytes& b) {
    return translate<number_table<kernel_map<K, typename Map::name_type>, Map>>(b, b.get<i32>(), errc::none);
  }

private:
  template <class Table>
  static errc translate(option_bytes& b, i32 number, errc otherwise) {
    const i32 to = Table::convert(number);
    (void)b.put(to == Table::absent ? i32{0} : to);
    return to == Table::absent && number != 0 ? otherwise : errc::none;
  }
};

/// A C int, of which programs may give one byte, and are given one if they have no room for more.
struct integer_or_byte : integer {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    if (b.size == 0) return b.put(i32{0});
    if (b.size < sizeof(i32)) return b.put(i32{b.from[0]});
    return integer::in<K, M, Shape>(b);
  }
};

/// A number that is one byte in what programs get, and a byte or an int in what they give.
struct one_byte : integer_or_byte {
  template <class K, class M, class Shape>
  static errc out(option_bytes& b) {
    return b.put(static_cast<u8>(b.get<i32>()));
  }
};

/// Bytes that are the same on both sides: names, opaque structures.
struct bytes {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    static_assert(std::is_same_v<Shape, shape::bytes>, "the kernel's value of this option is a structure: see option_shape");
    if (b.size > option_value_limit) return errc::inval;
    __builtin_memcpy(b.to, b.from, b.size);
    b.written = b.size;
    return errc::none;
  }
  template <class K, class M, class Shape>
  static errc out(option_bytes& b) {
    return in<K, M, Shape>(b);
  }
};

/// A structure; if there are several, the first one that the program has given whole. Programs get the first.
template <template <class> class S, template <class> class... Shorter>
struct structure {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    static_assert(std::is_same_v<typename S<M>::shape, Shape>, "this structure is not of the shape that the option has: see option_shape");
    if (b.size < sizeof(S<M>)) {
      if constexpr (sizeof...(Shorter) == 0) return errc::inval;
      else return structure<Shorter...>::template in<K, M, Shape>(b);
    }
    native<K, Shape> value{};
    if (errc e = to_native<K>(b.get<S<M>>(), value); e != errc::none) return e;
    return b.put(value);
  }
  template <class K, class M, class Shape>
  static errc out(option_bytes& b) {
    S<M> value{};
    if (errc e = to_foreign<K>(b.get<native<K, Shape>>(), value); e != errc::none) return e;
    return b.put(value);
  }
};

} // namespace option_values

/// An option that the kernel has, if its map of the enumeration says so. `Option` is an enumerator of the level's enumeration.
template <i32 Number, fixed_string Name, class Value, auto Option>
struct option {
  static constexpr i32 number = Number;
  static constexpr std::string_view name = Name.view();
  static constexpr auto meaning = Option;
  using value = Value;
};
/// Known, and refused.
template <i32 Number, fixed_string Name, errc Error, fixed_string Reason>
struct refused_option {
  static constexpr i32 number = Number;
  static constexpr std::string_view name = Name.view();
  static constexpr errc error = Error;
  static constexpr std::string_view reason = Reason.view();
};
/// Accepted, without an effect that a program could notice. Reads as zero.
template <i32 Number, fixed_string Name, fixed_string Reason>
struct hint_option {
  static constexpr i32 number = Number;
  static constexpr std::string_view name = Name.view();
  static constexpr std::string_view reason = Reason.view();
};

namespace detail {
template <class Row, auto Option>
inline constexpr bool means = false;
template <i32 Number, fixed_string Name, class Value, auto Option>
inline constexpr bool means<option<Number, Name, Value, Option>, Option> = true;
} // namespace detail

/// The options of one level.
template <i32 Number, option_level Level, class... Options>
struct option_group {
  using rows = row_list<Options...>;
  static constexpr i32 number = Number;
  static constexpr option_level level = Level;
  static constexpr std::array<i32, sizeof...(Options)> numbers{Options::number...};
  static constexpr std::array<std::string_view, sizeof...(Options)> names{Options::name...};

  /// Where the row of an enumerator stands; of several (a time in two generations) the first.
  template <auto Option>
  static consteval usize index_of() {
    const bool meant[] = {detail::means<Options, Option>...};
    usize index = 0;
    while (index < sizeof...(Options) && !meant[index]) ++index;
    return index;
  }
};

/// The control message that goes with an option, and has its number and name. `Control` is what it means where that is an
/// enumerator of its own.
template <class Group, auto Option, class Value, auto Control = Option>
struct control_of {
  static_assert(Group::template index_of<Option>() < Group::numbers.size(), "the level has no option of this name");
  static constexpr i32 number = Group::numbers[Group::template index_of<Option>()];
  static constexpr std::string_view name = Group::names[Group::template index_of<Option>()];
  static constexpr auto meaning = Control;
  using value = Value;
};

namespace detail {

template <usize N>
consteval i32 option_listed_twice(const std::array<i32, N>& numbers) {
  for (usize i = 0; i < N; ++i)
    for (usize j = i + 1; j < N; ++j)
      if (numbers[i] == numbers[j]) return numbers[i];
  return no_number;
}
template <i32 Level, i32 Number>
consteval bool option_is_unique() {
  static_assert(Number == no_number, "this option's number stands in two rows of its level");
  return true;
}

/// What becomes of an option.
enum class option_class : u8 { mapped, refused, hint, absent };

/// A row, composed with a kernel: what is looked up when a program names an option.
struct option_entry {
  i32 number = 0;
  option_class kind{};
  errc error{};
  i32 native = 0; ///< the kernel's number
  errc (*in)(option_bytes&) = nullptr;
  errc (*out)(option_bytes&) = nullptr;
};

template <class K, class M, template <auto> class ShapeOf, class Row>
consteval option_entry option_entry_of() {
  if constexpr (requires { Row::meaning; }) {
    constexpr i32 to = number_of<kernel_map<K, std::remove_const_t<decltype(Row::meaning)>>>(Row::meaning);
    if constexpr (to == no_number) {
      return {Row::number, option_class::absent, errc::noprotoopt};
    } else {
      using shape = typename ShapeOf<Row::meaning>::type;
      return {Row::number, option_class::mapped, errc::none, to, &Row::value::template in<K, M, shape>,
              &Row::value::template out<K, M, shape>};
    }
  } else if constexpr (requires { Row::error; }) {
    return {Row::number, option_class::refused, Row::error};
  } else {
    return {Row::number, option_class::hint};
  }
}

template <class K, class M, template <auto> class ShapeOf, class Group>
struct option_entries {
  static_assert(option_is_unique<Group::number, option_listed_twice(Group::numbers)>());
  static constexpr std::array entries = []<class... Options>(row_list<Options...>) {
    return std::array<option_entry, sizeof...(Options)>{option_entry_of<K, M, ShapeOf, Options>()...};
  }(typename Group::rows{});
};

struct option_level_entry {
  i32 number = 0;
  i32 native = 0;
  const option_entry* first = nullptr;
  usize count = 0;
};

} // namespace detail

/// A table of all levels.
template <class... Groups>
struct option_table {
  using groups = row_list<Groups...>;
};

/// A table of options composed with a kernel and a data model: `found` tells of an option by the program's numbers or by the
/// kernel's. `ShapeOf` is `option_shape` for options, `control_shape` for control messages.
template <class Table, class K, class M, template <auto> class ShapeOf>
struct composed_options {
  static constexpr std::array levels = []<class... Groups>(row_list<Groups...>) {
    return std::array<detail::option_level_entry, sizeof...(Groups)>{
        detail::option_level_entry{Groups::number, static_cast<i32>(native_number<K, Groups::level>),
                                   detail::option_entries<K, M, ShapeOf, Groups>::entries.data(), Groups::numbers.size()}...};
  }(typename Table::groups{});

  struct found {
    const detail::option_level_entry* level = nullptr;
    const detail::option_entry* option = nullptr;
  };
  static found find(i32 level, i32 number) {
    found f;
    for (const auto& l : levels)
      if (l.number == level) f.level = &l;
    for (usize i = 0; f.level != nullptr && i < f.level->count; ++i)
      if (f.level->first[i].number == number) f.option = &f.level->first[i];
    return f;
  }
  /// Of several options that are one in the kernel, the first.
  static found find_native(i32 level, i32 number) {
    found f;
    for (const auto& l : levels)
      if (l.native == level) f.level = &l;
    for (usize i = 0; f.level != nullptr && f.option == nullptr && i < f.level->count; ++i)
      if (f.level->first[i].kind == detail::option_class::mapped && f.level->first[i].native == number)
        f.option = &f.level->first[i];
    return f;
  }
};

} // namespace polyabi
