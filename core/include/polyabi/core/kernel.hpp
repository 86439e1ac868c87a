// What the framework asks of a kernel type, and how it finds out what a kernel provides.
#pragma once

#include <polyabi/core/operations.hpp>

#include <type_traits>

namespace polyabi {

namespace detail {
template <class T>
struct itself {
  using type = T;
};
/// The compiler itself searches the bases of a class: no instantiation for each pair of types.
template <class... Operations>
struct base_for_each : itself<Operations>... {};

/// The first of some groups that lists an operation.
template <class Operation, class... Groups>
struct group_that_lists {};
template <class Operation, class First, class... Others>
struct group_that_lists<Operation, First, Others...>
    : std::conditional_t<First::provides::template contains<Operation>, itself<First>, group_that_lists<Operation, Others...>> {
};
} // namespace detail

/// The operations a kernel, or one of its groups, says it provides.
template <class... Operations>
struct operation_list {
  static constexpr usize size = sizeof...(Operations);
  template <class Operation>
  static constexpr bool contains = std::is_base_of_v<detail::itself<Operation>, detail::base_for_each<Operations...>>;
  /// These and others.
  template <class... More>
  using with = operation_list<Operations..., More...>;
};

/// A kernel put together from groups of operations. Each group has static overloads `perform(op::name, thread&, ...)` and says
/// what it provides: `using provides = operation_list<op::read, op::write>`.
template <class... Groups>
struct kernel_of : Groups... {
  using Groups::perform...;
  template <class Operation>
  static constexpr bool provides = (Groups::provides::template contains<Operation> || ...);
  /// The group that lists the operation: its overloads are fewer than the kernel's to choose from.
  template <class Operation>
  using group_of = typename detail::group_that_lists<Operation, Groups...>::type;
};

namespace detail {

/// Who performs an operation for a kernel.
template <class K, class Operation>
struct performer_of {
  using type = K;
};
template <class K, class Operation>
requires requires {
  typename K::template group_of<Operation>;
}
struct performer_of<K, Operation> {
  using type = typename K::template group_of<Operation>;
};
template <class K, class Operation>
using performer = typename performer_of<K, Operation>::type;

template <class K, class Operation, class Signature>
struct matches;
template <class K, class Operation, class R, class... Arguments>
struct matches<K, Operation, R(Arguments...)> {
  // Exactly this signature: a conversion would narrow or extend in silence.
  static constexpr bool value = requires { static_cast<R (*)(Operation, Arguments...)>(&performer<K, Operation>::perform); };
};

} // namespace detail

/// Whether kernel `K` has `perform` for the operation with exactly the vocabulary's signature.
template <class K, class Operation>
inline constexpr bool implements = detail::matches<K, Operation, typename Operation::template signature<K>>::value;

/// Whether personalities may use the operation on `K`. A listed operation that does not match its signature does not compile.
template <class K, class Operation>
consteval bool provides() {
  if constexpr (K::template provides<Operation>) {
    if constexpr (requires { Operation::template present<K>; })
      static_assert(Operation::template present<K>, "the kernel lists a service of which services.hpp wants more than it has");
    else
      static_assert(implements<K, Operation>,
                    "the kernel lists an operation whose perform() is missing or has another signature than operations.hpp says");
    return true;
  } else {
    return false;
  }
}

namespace detail {
struct no_bracket {
  template <class Thread>
  explicit constexpr no_bracket(Thread&) {}
};
template <class K, class Operation>
struct bracket_of {
  using type = no_bracket;
};
template <class K, class Operation>
requires requires {
  typename K::template bracket<Operation>;
}
struct bracket_of<K, Operation> {
  using type = typename K::template bracket<Operation>;
};
} // namespace detail

/// What surrounds an operation that somebody outside the kernel performs. A kernel may have `bracket<Operation>`, made from the
/// thread, which lives for as long as the operation runs: a lock, a counter. Arguments are copied in before and results copied
/// out after it.
template <class K, class Operation>
using bracket = typename detail::bracket_of<K, Operation>::type;

/// Performs an operation for somebody outside the kernel.
template <class K, class Operation, class... Arguments>
[[gnu::always_inline]] inline decltype(auto) perform(Operation operation, typename K::thread& thread,
                                                     Arguments&&... arguments) {
  [[maybe_unused]] const bracket<K, Operation> around{thread};
  return detail::performer<K, Operation>::perform(operation, thread, static_cast<Arguments&&>(arguments)...);
}

} // namespace polyabi
