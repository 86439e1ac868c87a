// When the calls of a table appeared. A personality that has a history says so, and names the setting that chooses a release:
//
//   using history = release_history<
//       brought<release{5, 6}, "openat2", "pidfd_getfd">,
//       brought_to<1, release{4, 3}, "socket", "bind">>;        // architectures may have got one call at different times
//   static constexpr std::string_view release_setting = "linux.osrelease";
//
// Where a release was chosen, calls that it has not yet answer that there is no such call.
#pragma once

#include <polyabi/core/release.hpp>
#include <polyabi/core/syscall_table.hpp>

#include <array>
#include <span>

namespace polyabi {

/// Calls that a release brought, by their names in the table.
template <release In, fixed_string... Names>
struct brought {};
/// To one architecture column alone.
template <usize Column, release In, fixed_string... Names>
struct brought_to {};

namespace detail {

template <class Table, fixed_string Name>
consteval usize row_named() {
  usize at = 0;
  while (at < Table::size && Table::names[at] != Name.view()) ++at;
  return at;
}
template <fixed_string Name, bool IsThere>
consteval bool is_a_row() {
  static_assert(IsThere, "no row of the table has this name: a release cannot have brought it");
  return true;
}

template <class Table, usize Column, fixed_string... Names, class Appeared>
constexpr void note_appearance(Appeared& appeared, release in) {
  constexpr auto numbers = Table::template numbers<Column>;
  static_assert((is_a_row<Names, (row_named<Table, Names>() < Table::size)>() && ...));
  constexpr usize rows[]{row_named<Table, Names>()...};
  for (const usize row : rows)
    if (numbers[row] != absent) appeared[static_cast<usize>(numbers[row])] = in;
}
template <class Table, usize Column, release In, fixed_string... Names, class Appeared>
constexpr void note_group(Appeared& appeared, brought<In, Names...>) {
  note_appearance<Table, Column, Names...>(appeared, In);
}
template <class Table, usize Column, usize Only, release In, fixed_string... Names, class Appeared>
constexpr void note_group(Appeared& appeared, brought_to<Only, In, Names...>) {
  if constexpr (Only == Column) note_appearance<Table, Column, Names...>(appeared, In);
}

} // namespace detail

/// Of several groups that name a call the last counts.
template <class... Groups>
struct release_history {
  /// By number; none: the call was always there.
  template <class Table, usize Column>
  static constexpr auto appeared = [] {
    std::array<release, static_cast<usize>(Table::template end<Column>)> by_number{};
    (detail::note_group<Table, Column>(by_number, Groups{}), ...);
    return by_number;
  }();
};

/// By number, for an environment whose personality has a history; nothing otherwise.
template <class P, usize Column>
constexpr std::span<const release> appearances() {
  if constexpr (requires { typename P::history; })
    return P::history::template appeared<typename P::syscalls, Column>;
  else
    return {};
}

/// Whether the release that the thread's process sees has this call.
template <class Env>
bool has_appeared(typename Env::kernel::thread& thread, u32 number) {
  if constexpr (requires {
                  typename Env::personality::history;
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
