// How a kernel supports each row of a table, as `vector_of<Env>::support_rows` says it, and each row of the tables behind
// single rows.
#pragma once

#include "trace_description.hpp"

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/ioctl_table.hpp>

namespace polyabi::tool {

/// An argument whose values a map classes.
struct argument_support {
  u8 word = 0;
  /// The part of a value that the kernel refuses, or accepts without its effect; nothing if all is well.
  std::optional<u64> (*unsupported)(u64 value) = nullptr;
};

/// In the order of the description's rows.
struct row_support {
  support level{};
  std::string_view reason;
  errc error = errc::none; ///< of a row that is refused or missing
  std::vector<row_support> selected;
  std::vector<argument_support> arguments;
};

namespace detail {

using support_function = row_support (*)();

template <class Env, class Table>
struct supports_of;

template <class Table>
std::optional<u64> unsupported_flags(u64 value) {
  const u64 bits = static_cast<u32>(value);
  u64 found = Table::remarkable(bits);
  if (Table::refused(bits) != errc::none) {
    u64 alone = 0; // some are refused together only
    for (u64 left = bits; left != 0; left &= left - 1)
      if (Table::refused(left & ~(left - 1)) != errc::none) alone |= left & ~(left - 1);
    found |= alone == 0 ? bits : alone;
  }
  if (found == 0) return {};
  return found;
}
template <class Map, class Table>
std::optional<u64> unsupported_value(u64 value) {
  const i32 number = static_cast<i32>(value);
  const bool is_known = polyabi::detail::name_of<Map>(number) != typename Map::name_type{};
  if (!is_known || Table::convert(number) != Table::absent) return {};
  return static_cast<u32>(number);
}

/// What judges the values of an argument; null if nothing does.
template <class Env, class Tag>
inline constexpr auto judge_of = [] {
  if constexpr (requires { typename Tag::traced_as; })
    return judge_of<Env, typename Tag::traced_as>;
  else
    return static_cast<std::optional<u64> (*)(u64)>(nullptr);
}();
template <class Env, class Map>
requires requires {
  typename kernel_map<typename Env::kernel, typename Map::name_type>;
}
inline constexpr auto judge_of<Env, arguments::flags<Map>> =
    &unsupported_flags<total_flag_table<Map, kernel_map<typename Env::kernel, typename Map::name_type>>>;
template <class Env, class Map>
requires requires {
  typename kernel_map<typename Env::kernel, typename Map::name_type>;
}
inline constexpr auto judge_of<Env, arguments::one_of<Map>> =
    &unsupported_value<Map, number_table<Map, kernel_map<typename Env::kernel, typename Map::name_type>>>;

template <class Env, class R, class... Tags>
std::vector<argument_support> arguments_of(R (*)(Tags...)) {
  std::vector<argument_support> all;
  usize word = 0;
  [[maybe_unused]] const auto add = [&](std::optional<u64> (*judge)(u64), usize words) {
    if (judge != nullptr) all.push_back({static_cast<u8>(word), judge});
    word += words;
  };
  (add(judge_of<Env, Tags>, Tags::template words<Env>), ...);
  return all;
}

template <class Env, class Row>
row_support support_of_row() {
  using K = typename Env::kernel;
  using target = typename Row::target;
  constexpr support level = polyabi::detail::level_of<K, target>();
  row_support row{level, polyabi::detail::reason_of<K, target>(), {}, {}, {}};
  if constexpr (level == support::refused)
    row.error = target::error;
  else if constexpr (level == support::missing)
    row.error = errc::nosys;
  if constexpr (level == support::native || level == support::emulated)
    row.arguments = arguments_of<Env>(static_cast<typename Row::signature*>(nullptr));
  const auto add = [&](auto supports) {
    for (const auto one : supports)
      if (one != nullptr) row.selected.push_back(one());
  };
  if constexpr (ioctl_target<target>) {
    if constexpr (has_next_ioctls<target>) {
      // As `lay_over` has them: the next table's that are not replaced, then the own ones.
      constexpr auto& supports = supports_of<Env, typename target::next>::all;
      for (usize i = 0; i < supports.size(); ++i) {
        bool replaced = false;
        for (const u32 own : target::ioctls::numbers) replaced = replaced || own == target::next::numbers[i];
        if (!replaced) row.selected.push_back(supports[i]());
      }
    }
    add(supports_of<Env, typename target::ioctls>::all);
  }
  if constexpr (multiplexed_target<target>) add(supports_of<Env, typename target::table>::all);
  return row;
}
template <class Env, class Row>
consteval support_function support_function_of() {
  if constexpr (is_in_column<Row, Env::arch::column>) return &support_of_row<Env, Row>;
  else return nullptr;
}
template <class Env, class Table>
struct supports_of {
  static constexpr std::array all = []<class... Rows>(row_list<Rows...>) {
    return std::array<support_function, sizeof...(Rows)>{support_function_of<Env, Rows>()...};
  }(typename Table::rows{});
};

} // namespace detail

template <class P, class A, class K, class Table = typename P::syscalls>
std::vector<row_support> supports() {
  using env = environment<P, A, K>;
  std::vector<row_support> all;
  for (const auto one : detail::supports_of<env, Table>::all)
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
