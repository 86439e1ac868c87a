// When the calls of a table appeared. A personality that has a history says so, and names the setting that chooses a release:
//
//   static constexpr brought history[]{
//       brought(release{5, 6}, "openat2", "pidfd_getfd"),
//       brought_to(1, release{4, 3}, "socket", "bind")};        // architectures may have got one call at different times
//   static constexpr std::string_view release_setting = "linux.osrelease";
//
// Where a release was chosen, calls that it has not yet answer that there is no such call.
#pragma once

#include <polyabi/core/release.hpp>
#include <polyabi/core/syscall_table.hpp>

#include <array>
#include <span>

namespace polyabi {

/// Calls that a release brought, by their names in the table. Of several that name a call the last counts. Data and no list of
/// types: the names of everything derived from such a list would hold all of it.
struct brought {
  static constexpr usize limit = 24; ///< calls in one of these
  static constexpr usize every_column = ~usize{0};

  release in;
  usize column = every_column; ///< of the architecture that got them
  std::array<std::string_view, limit> names{};
  usize count = 0;

  template <class... Names>
  constexpr explicit brought(release when, Names... calls) : in{when}, names{calls...}, count{sizeof...(Names)} {}
};
/// To one architecture column alone.
template <class... Names>
consteval brought brought_to(usize column, release in, Names... calls) {
  brought group(in, calls...);
  group.column = column;
  return group;
}

namespace detail {

/// A name that no row of the table has, as an error message shows it; empty if all are there.
struct strange_name {
  char text[48]{};
};
template <class Table>
consteval strange_name first_strange_name(std::span<const brought> groups) {
  strange_name strange{};
  for (const brought& group : groups)
    for (usize i = 0; i < group.count; ++i) {
      const std::string_view name = group.names[i];
      const usize first = Table::first_of_name(name);
      if (first < Table::size && Table::names[Table::by_name[first]] == name) continue;
      for (usize at = 0; at < name.size() && at + 1 < sizeof strange.text; ++at) strange.text[at] = name[at];
      return strange;
    }
  return strange;
}
template <strange_name Name>
consteval bool is_a_row() {
  static_assert(Name.text[0] == 0, "no row of the table has this name: a release cannot have brought it");
  return true;
}

/// By number; none: the call was always there.
template <class P, usize Column>
inline constexpr auto appeared = [] {
  using table = typename P::syscalls;
  static_assert(is_a_row<first_strange_name<table>(P::history)>());
  std::array<release, static_cast<usize>(table::template end<Column>)> by_number{};
  for (const brought& group : P::history) {
    if (group.column != brought::every_column && group.column != Column) continue;
    for (usize i = 0; i < group.count; ++i)
      if (const i32 number = table::template number_of<Column>(group.names[i]); number != absent)
        by_number[static_cast<usize>(number)] = group.in;
  }
  return by_number;
}();

} // namespace detail

/// By number, for an environment whose personality has a history; nothing otherwise.
template <class P, usize Column>
constexpr std::span<const release> appearances() {
  if constexpr (requires { P::history; })
    return detail::appeared<P, Column>;
  else
    return {};
}

/// Whether the release that the thread's process sees has this call.
template <class Env>
bool has_appeared(typename Env::kernel::thread& thread, u32 number) {
  if constexpr (requires {
                  Env::personality::history;
                  Env::kernel::release_of(thread);
                }) {
    const release seen = Env::kernel::release_of(thread);
    if (seen.is_none()) [[likely]]
      return true;
    constexpr auto all = appearances<typename Env::personality, Env::arch::column>();
    return number >= all.size() || !(seen < all[number]);
  } else {
    return true;
  }
}

} // namespace polyabi
