// From a personality's table to its description for the tracer.
#pragma once

#include "trace_arguments.hpp"
#include "trace_signals.hpp"

namespace polyabi::tool {

/// A kernel that provides nothing: enough to read a table.
struct no_kernel {
  template <class>
  static constexpr bool provides = false;
};

namespace detail {

/// An argument, and what its neighbours have to know of it.
struct neighbour {
  argument_description description;
  bool is_mode = false, is_strings = false;
  argument_format mode_behind = nullptr; ///< of open flags: how a mode is shown behind them
};

template <class Tag>
inline constexpr argument_format mode_behind = nullptr;
template <class Map>
requires std::is_same_v<typename Map::name_type, open_flag>
inline constexpr argument_format mode_behind<arguments::flags<Map>> = &creation_mode<Map>;

template <class Env, class Tag>
neighbour describe_argument() {
  constexpr argument_choice choice = argument_traits<Env, Tag>;
  return {{raw_type_name<Tag>(), 0, static_cast<u8>(Tag::template words<Env>), choice.written, choice.format},
          std::is_base_of_v<arguments::file_mode, Tag>,
          std::is_base_of_v<arguments::strings, Tag>,
          mode_behind<Tag>};
}

/// Numbers the words and lets neighbours see each other.
void add_arguments(call_description&, std::span<neighbour>);

template <class Env, class R, class... Tags>
void describe_signature(call_description& to, R (*)(Tags...)) {
  to.result = raw_type_name<R>();
  if constexpr (sizeof...(Tags) > 0) {
    neighbour all[]{describe_argument<Env, Tags>()...};
    add_arguments(to, all);
  }
}

template <class Target>
consteval bool ends_process() {
  if constexpr (requires { Target::ends_caller; })
    return Target::ends_caller;
  else if constexpr (requires { typename Target::needs; })
    return std::is_same_v<typename Target::needs, operation_list<op::exit>> ||
           std::is_same_v<typename Target::needs, operation_list<op::exit_thread>>;
  else
    return std::is_same_v<Target, op::exit> || std::is_same_v<Target, op::exit_thread>;
}
template <class Target>
consteval bool replaces_image() {
  if constexpr (requires { typename Target::needs; })
    return Target::needs::template contains<op::exec>;
  else
    return std::is_same_v<Target, op::exec>;
}
template <class Target>
consteval bool answers_address() {
  return std::is_same_v<Target, op::map> || std::is_same_v<Target, op::set_break> || std::is_same_v<Target, op::remap>;
}

// One function for each row, and a loop over their addresses: the table's type stands in no other name, which keeps compiling
// cheap.
template <class Env, class Row>
void describe_row(call_description& to);
using row_describer = void (*)(call_description&);

template <class Env, class Row>
consteval row_describer describer_of() {
  if constexpr (is_in_column<Row, Env::arch::column>) return &describe_row<Env, Row>;
  else return nullptr;
}

template <class Env, class Table>
struct row_describers {
  static constexpr std::array all = []<class... Rows>(row_list<Rows...>) {
    return std::array<row_describer, sizeof...(Rows)>{describer_of<Env, Rows>()...};
  }(typename Table::rows{});
};

std::vector<call_description> describe_all(std::span<const row_describer>);

template <class Env, class Row>
void describe_row(call_description& to) {
  using target = typename Row::target;
  to.name = Row::name;
  if constexpr (requires { Row::numbers; })
    to.number = Row::numbers.column[Env::arch::column];
  else
    to.number = Row::number;
  describe_signature<Env>(to, static_cast<typename Row::signature*>(nullptr));
  if constexpr (ioctl_target<target>) {
    to.select = selection::request;
    to.selected = describe_all(row_describers<Env, typename target::ioctls>::all);
    if constexpr (has_next_ioctls<target>)
      to.selected = lay_over(describe_all(row_describers<Env, typename target::next>::all), to.selected);
  } else if constexpr (multiplexed_target<target>) {
    to.select = target::style == multiplex_style::shifted ? selection::shifted : selection::in_memory;
    to.selector_mask = static_cast<u32>(target::selector_mask);
    to.selected = describe_all(row_describers<Env, typename target::table>::all);
  } else {
    if constexpr (requires { target::reason; }) {
      to.unsupported = support_name(polyabi::detail::level_of<no_kernel, target>());
      to.reason = target::reason;
    } else {
      to.target = raw_type_name<target>();
    }
    if constexpr (ends_process<target>())
      to.style = result_style::nothing;
    else if constexpr (replaces_image<target>())
      to.style = result_style::new_image;
    else if constexpr (answers_address<target>())
      to.style = result_style::address;
    if constexpr (std::is_same_v<target, op::umask>) to.style = result_style::octal;
  }
}

template <class Map>
errc error_of(i32 number) {
  return polyabi::detail::name_of<Map>(number);
}

} // namespace detail

/// The description of personality `P` on architecture `A`.
template <class P, class A>
abi_description describe(const refinements& with) {
  using env = environment<P, A, no_kernel>;
  abi_description to;
  to.personality = P::name;
  to.arch = architecture_name(A::arch);
  to.word_size = A::model::word_size;
  to.errors = A::convention.errors;
  to.convention = A::convention;
  to.gates = A::brand.gates;
  if constexpr (requires { P::release_setting; }) to.release_setting = P::release_setting;
  to.appeared = appearances<P, A::column>();
  to.error_name = &detail::error_of<typename P::errors>;
  to.signal_name = &native_signal_name<P>;
  to.siginfo = &native_siginfo<P>;
  to.calls = detail::describe_all(detail::row_describers<env, typename P::syscalls>::all);
  refine(to, with);
  return to;
}

/// The same of a vendor's variant: its rows over the personality's, and its own names of errors and signals. `Names` has the
/// name, the rows, and the maps `errors` and `signals`.
template <class P, class A, class Names>
abi_description describe_variant(const abi_description& personality, const refinements& with) {
  using env = environment<P, A, no_kernel>;
  abi_description to = personality;
  to.personality = Names::name;
  to.error_name = &detail::error_of<typename Names::errors>;
  to.signal_name = &native_signal_name<Names>;
  to.siginfo = &native_siginfo<Names>;
  to.calls = lay_over(personality.calls, detail::describe_all(detail::row_describers<env, typename Names::rows>::all));
  refine(to, with);
  return to;
}

} // namespace polyabi::tool
