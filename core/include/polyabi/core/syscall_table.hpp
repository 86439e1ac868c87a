// Syscall tables: number, name, typed signature and meaning of each call, stated once for all architectures of a personality.
//
//   using syscalls = syscall_table<
//       call<at{0, 3}, "read", count(fd, buffer_out), op::read>,
//       call<at{2, 5}, "open", new_fd(here, path, flags<open_flags>, file_mode), op::open>,
//       call<at{217, 220}, "getdents64", count(fd, bytes_out), getdents64>,          // a handler: its meaning differs
//       call<at{134, absent}, "uselib", status(path), refused<errc::nosys, "no a.out libraries">>,
//       call<at{425, 425}, "io_uring_setup", count(uint_, address)>>;                // known, not written: missing
#pragma once

#include <polyabi/core/arguments.hpp>
#include <polyabi/core/fixed_string.hpp>
#include <polyabi/core/row_list.hpp>

#include <array>

namespace polyabi {

inline constexpr i32 absent = -1;

/// The number of a call in each architecture column of its personality; `absent` where it does not exist.
struct at {
  i32 column[3]{absent, absent, absent};
  consteval at(i32 first, i32 second = absent, i32 third = absent) : column{first, second, third} {}
};

/// How a call is supported on one kernel.
enum class support : u8 {
  native,   ///< the kernel has the operation
  emulated, ///< built from operations the kernel has
  faked,    ///< answers without doing it, and says so
  refused,  ///< refused on purpose, with an error
  missing,  ///< ENOSYS
};

/// Whether a call of that level does something.
constexpr bool is_performed(support level) { return level == support::native || level == support::emulated; }

constexpr std::string_view support_name(support level) {
  constexpr std::string_view names[] = {"native", "emulated", "faked", "refused", "missing"};
  return names[static_cast<u8>(level)];
}

// --- targets: what a row can name besides an operation or a handler ---------------------------------------------------------

/// Not written yet.
struct not_written {
  static constexpr std::string_view reason = "not written yet";
};
/// Cannot be had, and why.
template <fixed_string Reason>
struct missing {
  static constexpr std::string_view reason = Reason.view();
};
/// Refused on purpose, as a real system built without it does.
template <errc Error, fixed_string Reason>
struct refused {
  static constexpr errc error = Error;
  static constexpr std::string_view reason = Reason.view();
};
/// Answers `Value` and does nothing; reported once through `unsupported`.
template <i64 Value, fixed_string Reason>
struct faked {
  static constexpr i64 value = Value;
  static constexpr std::string_view reason = Reason.view();
};
/// One number for many calls: the selector is the first word.
enum class multiplex_style : u8 {
  shifted,  ///< the sub-call's arguments are the words after the selector (ipc, SVR4's sysfs, msgsys)
  in_memory ///< the second word points to an array of words (socketcall)
};
template <multiplex_style Style, class Table, errc Unknown = errc::inval, i32 SelectorMask = -1>
struct multiplexed {
  static constexpr multiplex_style style = Style;
  using table = Table;
  static constexpr errc unknown = Unknown;
  static constexpr i32 selector_mask = SelectorMask;
};

template <class T>
concept refused_target = requires {
  T::error;
  T::reason;
};
template <class T>
concept faked_target = requires {
  T::value;
  T::reason;
};
template <class T>
concept missing_target = requires {
  T::reason;
}
&&!refused_target<T> && !faked_target<T> && !requires {
  typename T::needs;
};
template <class T>
concept multiplexed_target = requires {
  typename T::table;
  T::style;
};
/// A handler: `using needs = operation_list<...>;` and `template <class Env> static reply<Env, T> call(context<Env>&, ...)`.
/// `static constexpr support level` says how it is listed where all it needs is there; native by default.
template <class T>
concept handler_target = requires {
  typename T::needs;
};
/// The target of a personality's ioctl row: words are descriptor, request, argument. What `Table` does not have is looked up in
/// `Next`: so a vendor's variant adds to its personality's requests, or replaces some.
template <class Table, class Next = void>
struct ioctl_of {
  using ioctls = Table;
  using next = Next;
};

template <class T>
concept ioctl_target = requires {
  typename T::ioctls;
};
template <class T>
concept has_next_ioctls = requires {
  typename T::next;
}
&&!std::is_void_v<typename T::next>;

template <class T>
concept operation_target = !requires {
  T::reason;
}
&&!handler_target<T> && !multiplexed_target<T> && !ioctl_target<T>;

/// One row.
template <at Numbers, fixed_string Name, class Signature, class Target = not_written>
struct call {
  static constexpr at numbers = Numbers;
  static constexpr std::string_view name = Name.view();
  using signature = Signature;
  using target = Target;
};

template <class... Rows>
struct syscall_table;

namespace detail {

template <class K, class List>
struct provides_all;
template <class K, class... Operations>
struct provides_all<K, operation_list<Operations...>> {
  static consteval bool value() { return (provides<K, Operations>() && ... && true); }
};

template <class Target>
consteval support handler_level() {
  if constexpr (requires { Target::level; })
    return Target::level;
  else
    return support::native;
}

/// Whether any call of a multiplexed number's table is there.
template <class K, class Table>
struct family;

template <class K, class Target>
consteval support level_of() {
  if constexpr (refused_target<Target>)
    return support::refused;
  else if constexpr (faked_target<Target>)
    return support::faked;
  else if constexpr (missing_target<Target>)
    return support::missing;
  else if constexpr (multiplexed_target<Target>)
    return family<K, typename Target::table>::has_calls() ? support::native : support::missing;
  else if constexpr (ioctl_target<Target>)
    return support::native;
  else if constexpr (handler_target<Target>)
    return provides_all<K, typename Target::needs>::value() ? handler_level<Target>() : support::missing;
  else
    return provides<K, Target>() ? support::native : support::missing;
}

template <class K, class Target>
consteval std::string_view reason_of() {
  if constexpr (requires { Target::reason; })
    return Target::reason;
  else if constexpr (multiplexed_target<Target>)
    return family<K, typename Target::table>::has_calls() ? "" : "none of its calls is there";
  else if constexpr (level_of<K, Target>() == support::missing)
    return "the kernel does not provide the operation";
  else
    return "";
}

template <class K, class Table>
struct family {
  static consteval bool has_calls() {
    return []<class... Rows>(row_list<Rows...>) {
      return ((level_of<K, typename Rows::target>() != support::missing) || ...);
    }(typename Table::rows{});
  }
};

/// Sorted copy of numbers, then neighbours: the first number that occurs twice, or -1.
template <usize N>
consteval i32 repeated(std::array<i32, N> numbers) {
  // shell sort: tables are nearly sorted, and the compilers' step limits are low
  for (usize gap = N / 2; gap > 0; gap /= 2)
    for (usize i = gap; i < N; ++i)
      for (usize j = i; j >= gap && numbers[j] < numbers[j - gap]; j -= gap) {
        const i32 t = numbers[j];
        numbers[j] = numbers[j - gap];
        numbers[j - gap] = t;
      }
  for (usize i = 1; i < N; ++i)
    if (numbers[i] != absent && numbers[i] == numbers[i - 1]) return numbers[i];
  return absent;
}

/// The beginning of a name as a number, in the same order: the compilers are slow at texts.
constexpr u64 beginning_of(std::string_view name) {
  u64 beginning = 0;
  for (usize at = 0; at < 8; ++at) beginning = beginning << 8 | (at < name.size() ? static_cast<unsigned char>(name[at]) : 0u);
  return beginning;
}

/// The rows in the order of their names.
template <usize N>
struct rows_by_name {
  std::array<u16, N> order{};
  std::array<u64, N> beginnings{}; ///< in that order

  consteval explicit rows_by_name(const std::array<std::string_view, N>& names) {
    for (usize i = 0; i < N; ++i) {
      order[i] = static_cast<u16>(i);
      beginnings[i] = beginning_of(names[i]);
    }
    for (usize gap = N / 2; gap > 0; gap /= 2)
      for (usize i = gap; i < N; ++i) {
        const u16 row = order[i];
        const u64 beginning = beginnings[i];
        usize j = i;
        for (; j >= gap; j -= gap) {
          const u64 other = beginnings[j - gap];
          if (beginning != other ? beginning > other : names[row] >= names[order[j - gap]]) break;
          order[j] = order[j - gap];
          beginnings[j] = other;
        }
        order[j] = row;
        beginnings[j] = beginning;
      }
  }
};
/// The number of a row whose name stands in another row of the same column, or -1.
template <usize N>
consteval i32 repeated_name(const std::array<std::string_view, N>& names, const std::array<u16, N>& by_name,
                            const std::array<i32, N>& numbers) {
  usize last = N;
  for (const u16 row : by_name) {
    if (numbers[row] == absent) continue;
    if (last != N && names[row] == names[last]) return numbers[row];
    last = row;
  }
  return absent;
}
template <i32 Number, usize Column>
consteval bool name_is_unique() {
  static_assert(Number == absent,
                "the name of this system call number stands in two rows of one architecture: give one its own name");
  return true;
}

template <i32 Number, usize Column>
consteval bool number_is_unique() {
  static_assert(Number == absent, "this system call number stands in two rows of the table");
  return true;
}
template <i32 Number, i32 Limit>
consteval bool number_is_in_range() {
  static_assert(Number < Limit, "this system call number is out of range for a dense table");
  return true;
}

} // namespace detail

/// Whether an architecture has a row: a call by its number, a request of an ioctl table always.
template <class Row, usize Column>
inline constexpr bool is_in_column = true;
template <class Row, usize Column>
  requires requires { Row::numbers; }
inline constexpr bool is_in_column<Row, Column> = Row::numbers.column[Column] != absent;

/// The largest number a table may hold.
inline constexpr i32 syscall_limit = 4096;

/// What is derived from a table's rows. `Self` is the table.
template <class Self, usize Size>
struct call_facts {
  static constexpr usize size = Size;
  static constexpr std::array<std::string_view, size> names = []<class... Rows>(row_list<Rows...>) {
    return std::array<std::string_view, size>{Rows::name...};
  }(typename Self::rows{});

  template <usize Column>
  static constexpr std::array<i32, size> numbers = []<class... Rows>(row_list<Rows...>) {
    return std::array<i32, size>{Rows::numbers.column[Column]...};
  }(typename Self::rows{});

  /// One more than the highest number of a column.
  template <usize Column>
  static constexpr i32 end = [] {
    i32 highest = -1;
    for (i32 n : numbers<Column>) highest = n > highest ? n : highest;
    return highest + 1;
  }();

  /// The rows in the order of their names, which may stand in several of different columns.
  static constexpr detail::rows_by_name<size> sorted{names};
  static constexpr std::array<u16, size> by_name = sorted.order;

  /// Where in that order the rows of this name begin, if there are any.
  static constexpr usize first_of_name(std::string_view name) {
    const u64 beginning = detail::beginning_of(name);
    usize low = 0, high = size;
    while (low < high) {
      const usize middle = (low + high) / 2;
      const u64 other = sorted.beginnings[middle];
      if (other != beginning ? other < beginning : names[by_name[middle]] < name)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
  /// The number of a name in a column; `absent` if it has none.
  template <usize Column>
  static constexpr i32 number_of(std::string_view name) {
    for (usize i = first_of_name(name); i < size && names[by_name[i]] == name; ++i)
      if (numbers<Column>[by_name[i]] != absent) return numbers<Column>[by_name[i]];
    return absent;
  }

  template <usize Column>
  static constexpr bool
      well_formed = detail::number_is_unique<detail::repeated(numbers<Column>), Column>() &&
                    detail::name_is_unique<detail::repeated_name(names, by_name, numbers<Column>), Column>() &&
                    detail::number_is_in_range<end<Column> - 1, syscall_limit>();

  /// `function(Row{})` for each row.
  template <class Function>
  static constexpr void each(Function&& function) {
    [&]<class... Rows>(row_list<Rows...>) {
      const bool all[] = {(function(Rows{}), true)...}; // an array, not a fold: clang limits folds to 256 operands
      (void)all;
    }(typename Self::rows{});
  }
};

/// A table: rows in any order. Checked where it is used first.
template <class... Rows>
struct syscall_table : call_facts<syscall_table<Rows...>, sizeof...(Rows)> {
  using rows = row_list<Rows...>;
  template <class Self>
  using facts = call_facts<Self, sizeof...(Rows)>;
};

/// A large table under a name of its own, which is short: `struct syscalls : named<syscalls, concatenate<...>> {};`
template <class Self, class Table>
struct named : Table::template facts<Self> {
  using rows = typename Table::rows;
};

namespace detail {
template <class... Lists>
struct joined;
template <class... Rows>
struct joined<row_list<Rows...>> {
  template <template <class...> class Table>
  using as = Table<Rows...>;
};
template <class... First, class... Second, class... Lists>
struct joined<row_list<First...>, row_list<Second...>, Lists...> : joined<row_list<First..., Second...>, Lists...> {};
} // namespace detail

/// One table of several, each about one subject.
template <class... Tables>
using concatenate = typename detail::joined<typename Tables::rows...>::template as<syscall_table>;

/// What the support table says of a row.
struct support_row {
  i32 number;
  std::string_view name;
  support level;
  std::string_view reason;
};

} // namespace polyabi
