// The fields of a structure by name, stated once inside it, and the checks of its layout.
//
//   template <class M> struct timespec {
//     typename M::slong sec; typename M::slong nsec;
//     POLYABI_FIELDS(timespec, sec, nsec)
//   };
//   static_assert(layout<timespec<lp64>, 16>);
//   static_assert(at_offset<timespec<lp64>, "nsec", 8>);
#pragma once

#include <polyabi/core/fixed_string.hpp>
#include <polyabi/core/scalar.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

namespace polyabi {

/// One field: its vocabulary name and the member.
template <fixed_string Name, auto Member>
struct field {
  static constexpr auto key = Name;
  static constexpr std::string_view name = Name.view();
  static constexpr auto member = Member;
};

template <class... Fields>
struct field_list {
  static constexpr usize size = sizeof...(Fields);
};

namespace detail {

template <class List>
struct field_tools;
template <class... Fields>
struct field_tools<field_list<Fields...>> {
  template <class Function>
  [[gnu::always_inline]] static constexpr void each(Function&& function) {
    (function(Fields{}), ...);
  }
  static constexpr usize index(std::string_view name) {
    usize i = 0, found = sizeof...(Fields);
    ((found = Fields::name == name ? i : found, ++i), ...);
    return found;
  }
};

/// The field of this name in a list, found by the compiler among the bases of a class: no text is compared.
template <class List>
struct field_set;
template <class... Fields>
struct field_set<field_list<Fields...>> : Fields... {};
template <fixed_string Name, auto Member>
field<Name, Member> field_in_set(const field<Name, Member>&);
template <class List, auto Name>
using find_field = decltype(field_in_set<Name>(std::declval<const field_set<List>&>()));

template <class List, usize I>
struct field_at;
template <class First, class... Rest>
struct field_at<field_list<First, Rest...>, 0> { using type = First; };
template <class First, class... Rest, usize I>
struct field_at<field_list<First, Rest...>, I> : field_at<field_list<Rest...>, I - 1> {};

} // namespace detail

/// The fields of `T`, in the order in which they are stated.
template <class T>
using fields_of = decltype(T::polyabi_fields());

template <class T>
concept has_fields = requires { T::polyabi_fields(); };

/// Calls `function(field{})` for each field.
template <class T, class Function>
[[gnu::always_inline]] constexpr void for_each_field(Function&& function) {
  detail::field_tools<fields_of<T>>::each(static_cast<Function&&>(function));
}

/// Whether `T` has a field of this name.
template <class T>
constexpr bool has_field(std::string_view name) {
  return detail::field_tools<fields_of<T>>::index(name) < fields_of<T>::size;
}

/// The field of `T` with this name.
template <class T, fixed_string Name>
using field_named = typename detail::field_at<fields_of<T>, detail::field_tools<fields_of<T>>::index(Name.view())>::type;

template <class Member>
struct member_traits;
template <class T, class C>
struct member_traits<T C::*> {
  using type = T;
  using owner = C;
};
/// The type of a field's member.
template <class Field>
using field_type = typename member_traits<std::remove_const_t<decltype(Field::member)>>::type;

namespace detail {
// The compiler compares addresses inside one constant object, so a search finds the member without offsetof's restrictions.
template <class T, auto Member>
consteval usize constant_offset() {
  union holder {
    unsigned char bytes[sizeof(T) + 1];
    T object;
    constexpr holder() : bytes{} {}
    constexpr ~holder() {}
  };
  constexpr holder h;
  const auto* member = &(h.object.*Member);
  using member_type = std::remove_cvref_t<decltype(*member)>;
  for (usize at = 0; at + sizeof(member_type) <= sizeof(T); ++at) {
    if (static_cast<const void*>(h.bytes + at) == static_cast<const void*>(member)) return at;
  }
  return sizeof(T);
}
} // namespace detail

/// The offset of a field in bytes.
template <class T, fixed_string Name>
inline constexpr usize offset_of = detail::constant_offset<T, field_named<T, Name>::member>();

namespace detail {
template <class T, usize Actual, usize Stated>
consteval bool size_is_as_stated() {
  static_assert(Actual == Stated, "the structure does not have the size that its document gives: look for padding or a wrong width");
  return true;
}
template <class T, fixed_string Name, usize Actual, usize Stated>
consteval bool offset_is_as_stated() {
  static_assert(Actual == Stated, "the field does not have the offset that its document gives: look at the members before it");
  return true;
}
} // namespace detail

/// True if `T` has the size that the ABI document gives; otherwise does not compile and shows both numbers.
template <class T, usize Size>
inline constexpr bool layout = detail::size_is_as_stated<T, sizeof(T), Size>() && plain_bytes<T>;

/// True if the field has the offset that the ABI document gives; otherwise does not compile and shows both numbers.
template <class T, fixed_string Name, usize Offset>
inline constexpr bool at_offset = detail::offset_is_as_stated<T, Name, offset_of<T, Name>, Offset>();

} // namespace polyabi

// The only macros of the framework: a member's name as text and as a pointer, stated once.
#define POLYABI_PARENS ()
#define POLYABI_EXPAND(...) POLYABI_EXPAND3(POLYABI_EXPAND3(POLYABI_EXPAND3(POLYABI_EXPAND3(__VA_ARGS__))))
#define POLYABI_EXPAND3(...) POLYABI_EXPAND2(POLYABI_EXPAND2(POLYABI_EXPAND2(POLYABI_EXPAND2(__VA_ARGS__))))
#define POLYABI_EXPAND2(...) POLYABI_EXPAND1(POLYABI_EXPAND1(POLYABI_EXPAND1(POLYABI_EXPAND1(__VA_ARGS__))))
#define POLYABI_EXPAND1(...) __VA_ARGS__
#define POLYABI_FIELD_NEXT(self, head, ...)                                                                                   \
  ::polyabi::field<#head, &self::head> __VA_OPT__(, POLYABI_FIELD_AGAIN POLYABI_PARENS(self, __VA_ARGS__))
#define POLYABI_FIELD_AGAIN() POLYABI_FIELD_NEXT
/// Inside a structure: names its fields, so that translators, layout tests and the tracer know them.
#define POLYABI_FIELDS(self, ...)                                                                                             \
  static constexpr auto polyabi_fields() {                                                                                    \
    return ::polyabi::field_list<POLYABI_EXPAND(POLYABI_FIELD_NEXT(self, __VA_ARGS__))>{};                                    \
  }
