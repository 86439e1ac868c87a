// How a kernel supports each row of a table, as `vector_of<Env>::support_rows` says it, and each row of the tables behind
// single rows.
#pragma once

#include "trace_description.hpp"

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/ioctl_table.hpp>

namespace polyabi::tool {

/// In the order of the description's rows.
struct row_support {
  support level{};
  std::string_view reason;
  std::vector<row_support> selected;
};

namespace detail {

using support_function = row_support (*)();

template <class Env, class... Rows>
constexpr std::array<support_function, sizeof...(Rows)> supports_of(syscall_table<Rows...>*);
template <class Env, errc Unknown, class... Requests>
constexpr std::array<support_function, sizeof...(Requests)> supports_of(ioctl_table<Unknown, Requests...>*);

template <class Env, class Row>
row_support support_of_row() {
  using K = typename Env::kernel;
  using target = typename Row::target;
  row_support row{polyabi::detail::level_of<K, target>(), polyabi::detail::reason_of<K, target>(), {}};
  const auto add = [&](auto supports) {
    for (const auto one : supports)
      if (one != nullptr) row.selected.push_back(one());
  };
  if constexpr (ioctl_target<target>) {
    if constexpr (has_next_ioctls<target>) {
      // As `lay_over` has them: the next table's that are not replaced, then the own ones.
      constexpr auto supports = supports_of<Env>(static_cast<typename target::next*>(nullptr));
      for (usize i = 0; i < supports.size(); ++i) {
        bool replaced = false;
        for (const u32 own : target::ioctls::numbers) replaced = replaced || own == target::next::numbers[i];
        if (!replaced) row.selected.push_back(supports[i]());
      }
    }
    add(supports_of<Env>(static_cast<typename target::ioctls*>(nullptr)));
  }
  if constexpr (multiplexed_target<target>) add(supports_of<Env>(static_cast<typename target::table*>(nullptr)));
  return row;
}
template <class Env, class Row>
consteval support_function support_function_of() {
  if constexpr (Row::numbers.column[Env::arch::column] == absent)
    return nullptr;
  else
    return &support_of_row<Env, Row>;
}
template <class Env, class... Rows>
constexpr std::array<support_function, sizeof...(Rows)> supports_of(syscall_table<Rows...>*) {
  return {support_function_of<Env, Rows>()...};
}
template <class Env, errc Unknown, class... Requests>
constexpr std::array<support_function, sizeof...(Requests)> supports_of(ioctl_table<Unknown, Requests...>*) {
  return {&support_of_row<Env, Requests>...};
}

} // namespace detail

template <class P, class A, class K, class Table = typename P::syscalls>
std::vector<row_support> supports() {
  using env = environment<P, A, K>;
  std::vector<row_support> all;
  for (const auto one : detail::supports_of<env>(static_cast<Table*>(nullptr)))
    if (one != nullptr) all.push_back(one());
  return all;
}

/// The same of a variant's rows over those of its personality, in the order of `lay_over`.
template <class P, class A, class K, class Rows>
std::vector<row_support> supports_of_variant(const std::vector<row_support>& personality) {
  using base = typename P::syscalls;
  std::vector<row_support> all;
  usize at = 0;
  for (const i32 number : base::template numbers<A::column>) {
    if (number == absent) continue;
    bool replaced = false;
    for (const i32 own : Rows::template numbers<A::column>) replaced = replaced || own == number;
    if (!replaced) all.push_back(personality[at]);
    ++at;
  }
  for (row_support& row : supports<P, A, K, Rows>()) all.push_back(std::move(row));
  return all;
}

/// A kernel with the support of one personality's rows.
struct kernel_support {
  std::string_view kernel;
  const abi_description* abi;
  std::function<std::vector<row_support>()> rows;
};
std::span<const kernel_support> all_kernel_supports();

} // namespace polyabi::tool
