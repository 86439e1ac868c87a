// Maps between names and numbers: errno, signals, and every other enumeration. One row states both directions; two maps, a
// personality's and a kernel's, are composed by the compiler into one dense table from number to number.
//
//   struct errnos : number_map<errc> {
//     static constexpr auto rows = std::to_array<row>({{errc::perm, 1}, {errc::again, 11}, nearest(errc::notsup, 95)});
//   };
#pragma once

#include <polyabi/core/vocabulary.hpp>

#include <array>
#include <limits>

namespace polyabi {

/// One name and its number. A `one_way` row is used from name to number only: several names may share a number, and exactly one
/// of them, the preferred one, is what the number means on the way back.
template <class Name>
struct number_row {
  Name name;
  i32 number;
  bool one_way = false;
};

/// Rows that several maps share, and those of one.
template <class Row, usize Shared, usize Own>
constexpr std::array<Row, Shared + Own> with_shared_rows(const std::array<Row, Shared>& shared, const std::array<Row, Own>& own) {
  std::array<Row, Shared + Own> all{};
  for (usize i = 0; i < Shared; ++i) all[i] = shared[i];
  for (usize i = 0; i < Own; ++i) all[Shared + i] = own[i];
  return all;
}

/// Stands where a name has no number, or a number no counterpart. Not -1: some enumerations use that (RUSAGE_CHILDREN).
inline constexpr i32 no_number = -32768;

/// Base of every number map.
template <class Name>
struct number_map {
  using name_type = Name;
  using row = number_row<Name>;
  /// A name this side has no number of its own for, and the number that comes nearest.
  static constexpr row nearest(Name name, i32 number) { return {name, number, true}; }
  /// A name this side does not have at all (a signal): said, so that it is not forgotten.
  static constexpr row absent(Name name) { return {name, no_number, true}; }
  /// Whether that is so of all names without a row: for small systems.
  static constexpr bool others_are_absent = false;
};

/// For an error name that a side has no number for: the name that comes nearest in meaning, step by step down to a handful that
/// every system has (perm, noent, io, badf, again, nomem, fault, inval). So a new name in the vocabulary breaks no port.
constexpr errc nearest_error(errc name) {
  switch (name) {
  // sockets and networks
  case errc::notsup: return errc::opnotsupp;
  case errc::opnotsupp: case errc::pfnosupport: case errc::socktnosupport: return errc::protonosupport;
  case errc::protonosupport: case errc::afnosupport: case errc::prototype: case errc::noprotoopt: return errc::inval;
  case errc::nobufs: case errc::nosr: case errc::nolck: return errc::nomem;
  case errc::netdown: case errc::netunreach: case errc::netreset: case errc::hostdown: case errc::hostunreach:
  case errc::connrefused: case errc::connaborted: case errc::nonet: return errc::io;
  case errc::connreset: case errc::strpipe: case errc::shutdown: return errc::pipe;
  case errc::addrinuse: return errc::busy;
  case errc::addrnotavail: case errc::isconn: case errc::notconn: case errc::destaddrreq: case errc::msgsize: return errc::inval;
  case errc::notsock: return errc::badf;
  case errc::inprogress: case errc::already: case errc::timedout: case errc::time: return errc::again;
  case errc::badrpc: case errc::rpcmismatch: case errc::progunavail: case errc::progmismatch: case errc::procunavail:
  case errc::proto: case errc::comm: case errc::remoteio: case errc::uclean: case errc::stale: case errc::hwpoison: return errc::io;
  // files
  case errc::loop: case errc::toomanyrefs: case errc::multihop: return errc::mlink;
  case errc::notempty: return errc::exist;
  case errc::nametoolong: case errc::exist: case errc::isdir: case errc::xdev: case errc::mlink: case errc::spipe:
  case errc::notblk: case errc::notty: return errc::inval;
  case errc::notdir: case errc::nodev: case errc::nosymlinks: return errc::noent;
  case errc::nxio: case errc::nomedium: case errc::mediumtype: case errc::nolink: case errc::remote: case errc::notactive:
  case errc::lockunmapped: case errc::nostr: return errc::nodev;
  case errc::dquot: case errc::fbig: return errc::nospc;
  case errc::nospc: case errc::pipe: return errc::io;
  case errc::rofs: case errc::acces: return errc::perm;
  case errc::auth: case errc::needauth: case errc::keyrejected: case errc::rfkill: case errc::nokey: case errc::keyexpired:
  case errc::keyrevoked: return errc::acces;
  case errc::mfile: return errc::nfile;
  case errc::nfile: return errc::nomem;
  case errc::noattr: return errc::nodata;
  case errc::nodata: case errc::nomsg: case errc::idrm: return errc::noent;
  // processes and values
  case errc::child: return errc::srch;
  case errc::srch: return errc::noent;
  case errc::proclim: case errc::users: return errc::again;
  case errc::deadlock: return errc::deadlk;
  case errc::deadlk: case errc::txtbsy: return errc::busy;
  case errc::busy: return errc::again;
  case errc::canceled: case errc::restart: return errc::intr;
  case errc::intr: return errc::again;
  case errc::overflow: return errc::range;
  case errc::range: case errc::dom: case errc::toobig: case errc::noexec: case errc::ilseq: case errc::badmsg: case errc::ftype:
  case errc::init: case errc::ownerdead: case errc::notrecoverable: case errc::nosys: return errc::inval;
  default: return errc::none;
  }
}

namespace detail {

template <class Map>
concept has_realtime = requires { Map::realtime_first; };

/// The number of a name in a map's rows, `no_number` if it has none.
template <class Map>
constexpr i32 number_of(typename Map::name_type name) {
  for (const auto& r : Map::rows)
    if (r.name == name) return r.number;
  return no_number;
}

/// As `number_of`, going on to nearest errors.
template <class Map>
constexpr i32 number_or_nearest(typename Map::name_type name) {
  i32 number = number_of<Map>(name);
  if constexpr (std::is_same_v<typename Map::name_type, errc>) {
    while (number == no_number && name != errc::none) {
      name = nearest_error(name);
      number = name == errc::none ? no_number : number_of<Map>(name);
    }
  }
  return number;
}

template <class Map>
constexpr typename Map::name_type name_of(i32 number) {
  for (const auto& r : Map::rows)
    if (r.number == number && !r.one_way) return r.name;
  return typename Map::name_type{};
}

// --- checks of one map, run where it is defined

template <class Map>
consteval typename Map::name_type name_listed_twice() {
  std::array<bool, static_cast<usize>(Map::name_type::count_)> seen{};
  for (const auto& r : Map::rows) {
    if (seen[static_cast<usize>(r.name)]) return r.name;
    seen[static_cast<usize>(r.name)] = true;
  }
  return {};
}

template <class Map>
consteval i32 number_with_two_names() {
  // sorted by number, then neighbours: linear enough for four hundred rows
  auto sorted = Map::rows;
  for (usize i = 1; i < sorted.size(); ++i)
    for (usize j = i; j > 0 && sorted[j].number < sorted[j - 1].number; --j) {
      auto t = sorted[j];
      sorted[j] = sorted[j - 1];
      sorted[j - 1] = t;
    }
  i32 last = no_number;
  for (const auto& r : sorted) {
    if (r.one_way) continue;
    if (r.number == last) return r.number;
    last = r.number;
  }
  return no_number;
}

template <class Map>
consteval bool error_with_number_zero() {
  if constexpr (std::is_same_v<typename Map::name_type, errc>)
    for (const auto& r : Map::rows)
      if (r.number <= 0 && r.number != no_number) return true;
  return false;
}

template <auto Name>
consteval bool no_name() {
  static_assert(Name == decltype(Name){}, "this name stands in two rows of the map: one row states both directions");
  return true;
}
template <i32 Number>
consteval bool no_shared_number() {
  static_assert(Number == no_number, "two names share this number: mark all but the preferred one with nearest(name, number)");
  return true;
}

} // namespace detail

/// True if the map is well formed; otherwise does not compile, and says which row is wrong. Put it after each map:
/// `static_assert(checked<errnos>);`
template <class Map>
inline constexpr bool checked = [] {
  static_assert(!detail::error_with_number_zero<Map>(), "an errno of 0 would mean success: every row needs a positive number");
  return detail::no_name<detail::name_listed_twice<Map>()>() && detail::no_shared_number<detail::number_with_two_names<Map>()>();
}();

/// A composed map from the numbers of `From` to those of `To`: dense, read-only, one bounds check.
/// `absent` stands where a number of `From` has no counterpart.
template <class From, class To>
struct number_table {
  static constexpr i32 absent = no_number;
  static constexpr i32 smallest = [] {
    i32 n = 0;
    for (const auto& r : From::rows) n = r.number < n && r.number != no_number ? r.number : n;
    return n;
  }();
  static constexpr i32 size = [] {
    i32 n = 0;
    for (const auto& r : From::rows) n = r.number > n ? r.number : n;
    return n - smallest + 1;
  }();
  static_assert(size <= 4096, "numbers too far apart for a dense table: give this map a smaller range");

  static constexpr auto table = [] {
    std::array<i16, static_cast<usize>(size)> t{};
    for (auto& e : t) e = absent;
    for (const auto& r : From::rows)
      if (!r.one_way) t[static_cast<usize>(r.number - smallest)] = static_cast<i16>(detail::number_or_nearest<To>(r.name));
    return t;
  }();

  static constexpr i32 convert(i32 number) {
    const auto index = static_cast<u32>(number - smallest);
    if (index < static_cast<u32>(size)) [[likely]] return table[index];
    if constexpr (detail::has_realtime<From> && detail::has_realtime<To>) {
      static_assert(From::realtime_first >= smallest + size, "real-time signals come after the named ones");
      if (number >= From::realtime_first && number <= From::realtime_last) {
        const i32 to = number - From::realtime_first + To::realtime_first;
        return to <= To::realtime_last ? to : absent;
      }
    }
    return absent;
  }

  /// The first name that `From` can produce and `To` has no number for.
  static consteval auto first_unmapped() {
    for (const auto& r : From::rows)
      if (!r.one_way && detail::number_or_nearest<To>(r.name) == no_number) return r.name;
    return typename From::name_type{};
  }
};

namespace detail {
template <class From, class To, auto Name>
consteval bool every_name_has_a_number() {
  static_assert(Name == decltype(Name){},
                "one side can produce this name and the other has no number for it: add a row, or nearest(name, number)");
  return true;
}
} // namespace detail

namespace detail {

/// The first name that `From` can produce and `To` says nothing of.
template <class From, class To>
consteval typename From::name_type first_unclassed() {
  if constexpr (!To::others_are_absent)
    for (const auto& r : From::rows) {
      bool said = r.one_way;
      for (const auto& t : To::rows) said = said || t.name == r.name;
      if (!said) return r.name;
    }
  return {};
}
template <auto Name>
consteval bool every_signal_is_classed() {
  static_assert(Name == decltype(Name){},
                "one side has this signal and the other's map says nothing of it: add a row, absent(name), or "
                "others_are_absent");
  return true;
}

} // namespace detail

/// True if each of two signal maps says of every signal of the other what it is here; otherwise does not compile.
template <class A, class B>
inline constexpr bool signals_are_classed = detail::every_signal_is_classed<detail::first_unclassed<A, B>()>() &&
                                            detail::every_signal_is_classed<detail::first_unclassed<B, A>()>();

/// A composition that must be total (errno: a hole would mean success).
template <class From, class To>
struct total_number_table : number_table<From, To> {
  static_assert(detail::every_name_has_a_number<From, To, number_table<From, To>::first_unmapped()>());
};

namespace detail {

// Read-only data, not locals: a constexpr local that is indexed at run time would be built on the stack anew.
template <class To>
inline constexpr auto numbers_by_name = [] {
  std::array<i16, static_cast<usize>(To::name_type::count_)> t{};
  for (usize i = 0; i < t.size(); ++i) t[i] = static_cast<i16>(number_or_nearest<To>(typename To::name_type(i)));
  return t;
}();

template <class From>
inline constexpr auto names_by_number = [] {
  using span = number_table<From, From>;
  std::array<typename From::name_type, static_cast<usize>(span::size)> t{};
  for (const auto& r : From::rows)
    if (!r.one_way) t[static_cast<usize>(r.number - span::smallest)] = r.name;
  return t;
}();

} // namespace detail

/// From a vocabulary name, as library code answers it, to a side's number.
template <class To>
constexpr i32 number_for(typename To::name_type name) {
  return detail::numbers_by_name<To>[static_cast<usize>(name)];
}

/// From a side's number to the name it means; the zero name for a number in no row.
template <class From>
constexpr auto name_for(i32 number) {
  const auto index = static_cast<u32>(number - number_table<From, From>::smallest);
  return index < detail::names_by_number<From>.size() ? detail::names_by_number<From>[index] : typename From::name_type{};
}

} // namespace polyabi
