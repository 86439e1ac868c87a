// Structure to structure, field by field, matched by name. Both sides name their fields once (fields.hpp); the foreign side's
// member types say how each is converted (member_types.hpp). Fields of the foreign structure must all be accounted for; fields that
// only the kernel has keep their value on the way in and are not shown on the way out.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/member_types.hpp>

#include <type_traits>
#include <utility>

namespace polyabi {

namespace detail {

template <class T>
inline constexpr bool is_zero = false;
template <class T>
inline constexpr bool is_zero<zero<T>> = true;
template <class T>
inline constexpr bool is_ignored = false;
template <class T>
inline constexpr bool is_ignored<ignored<T>> = true;
template <class T>
inline constexpr bool is_in_only = false;
template <class T>
inline constexpr bool is_in_only<in_only<T>> = true;
template <class T>
inline constexpr bool is_out_only = false;
template <class T>
inline constexpr bool is_out_only<out_only<T>> = true;

/// Whether a foreign integer lies in memory as the kernel's does.
template <class F, class N>
consteval bool same_integer() {
  if constexpr (!std::is_integral_v<N> || sizeof(F) != sizeof(N))
    return false;
  else if constexpr (is_scalar<F>)
    return std::is_same_v<F, scalar<typename F::value_type, std::endian::native, alignof(F)>> &&
           std::is_signed_v<typename F::value_type> == std::is_signed_v<N>;
  else
    return std::is_integral_v<F> && std::is_signed_v<F> == std::is_signed_v<N>;
}

/// Copies what two arrays of such integers share, at once: compilers do not always merge the loop over them.
template <usize Count, class To, class From>
[[gnu::always_inline]] constexpr void copy_integers(To& to, const From& from) {
  if (std::is_constant_evaluated())
    for (usize i = 0; i < Count; ++i) to[i] = from[i];
  else
    __builtin_memcpy(&to, &from, Count * sizeof from[0]);
}

template <class K, class F, class N>
concept codec = requires(const F f, F& m, N& n) { m.template from_native<K>(n); };

} // namespace detail

template <class K, class F, class N>
constexpr errc to_native(const F& from, N& to);
template <class K, class N, class F>
constexpr errc to_foreign(const N& from, F& to);

namespace detail {

template <class K, class F, class N>
[[gnu::always_inline]] constexpr errc field_in(const F& from, N& to) {
  if constexpr (is_zero<F> || is_ignored<F> || is_out_only<F>) {
    return errc::none;
  } else if constexpr (is_in_only<F>) {
    return field_in<K>(from.raw, to);
  } else if constexpr (codec<K, F, N>) {
    return from.template to_native<K>(to);
  } else if constexpr (is_scalar<F>) {
    const auto value = static_cast<typename F::value_type>(from);
    if (!std::in_range<N>(value)) return errc::overflow;
    to = static_cast<N>(value);
    return errc::none;
  } else if constexpr (std::is_array_v<F>) {
    constexpr usize count = std::extent_v<F> < std::extent_v<N> ? std::extent_v<F> : std::extent_v<N>;
    if constexpr (same_integer<std::remove_extent_t<F>, std::remove_extent_t<N>>()) {
      copy_integers<count>(to, from);
    } else {
      for (usize i = 0; i < count; ++i)
        if (errc e = field_in<K>(from[i], to[i]); e != errc::none) return e;
    }
    return errc::none;
  } else if constexpr (std::is_integral_v<F>) {
    if (!std::in_range<N>(from)) return errc::overflow;
    to = static_cast<N>(from);
    return errc::none;
  } else {
    return to_native<K>(from, to);
  }
}

template <class K, class N, class F>
[[gnu::always_inline]] constexpr errc field_out(const N& from, F& to) {
  if constexpr (is_zero<F> || is_ignored<F>) {
    to = F{};
    return errc::none;
  } else if constexpr (is_in_only<F>) {
    return errc::none;
  } else if constexpr (is_out_only<F>) {
    return field_out<K>(from, to.raw);
  } else if constexpr (codec<K, F, N>) {
    return to.template from_native<K>(from);
  } else if constexpr (is_scalar<F>) {
    using value_type = typename F::value_type;
    if (!std::in_range<value_type>(from)) return errc::overflow;
    to = static_cast<value_type>(from);
    return errc::none;
  } else if constexpr (std::is_array_v<F>) {
    constexpr usize count = std::extent_v<F> < std::extent_v<N> ? std::extent_v<F> : std::extent_v<N>;
    if constexpr (same_integer<std::remove_extent_t<F>, std::remove_extent_t<N>>()) {
      copy_integers<count>(to, from);
    } else {
      for (usize i = 0; i < count; ++i)
        if (errc e = field_out<K>(from[i], to[i]); e != errc::none) return e;
    }
    return errc::none;
  } else if constexpr (std::is_integral_v<F>) {
    if (!std::in_range<F>(from)) return errc::overflow;
    to = static_cast<F>(from);
    return errc::none;
  } else {
    return to_foreign<K>(from, to);
  }
}

template <class F>
inline constexpr bool needs_no_source = is_zero<F> || is_ignored<F>;

/// The kernel's field of the same name. One that is not translated in this direction has none: any other stands in its place.
template <class N, class Field, bool Translated>
struct counterpart {
  static constexpr auto member = field_at<fields_of<N>, 0>::type::member;
};
template <class N, class Field>
concept has_counterpart = requires { typename find_field<fields_of<N>, Field::key>; };
template <class N, class Field>
struct counterpart<N, Field, true> {
  static_assert(has_counterpart<N, Field>, "the kernel's structure has no field of this name: fill it in the kernel, or make the "
                                           "member zero<> or ignored<>");
  static constexpr auto member = find_field<fields_of<N>, Field::key>::member;
};
template <class Member>
inline constexpr bool comes_in = !needs_no_source<Member> && !is_out_only<Member>;
template <class Member>
inline constexpr bool goes_out = !needs_no_source<Member> && !is_in_only<Member>;

// All fields in one function: compilers would do the same work again for each that is inlined into another.
template <class K, class F, class N, class... Fields>
[[gnu::always_inline]] constexpr errc fields_in(const F& from, N& to, field_list<Fields...>) {
  errc failed = errc::none, one = errc::none;
  ((one = field_in<K>(from.*Fields::member, to.*counterpart<N, Fields, comes_in<field_type<Fields>>>::member),
    failed = failed == errc::none ? one : failed),
   ...);
  return failed;
}
template <class K, class N, class F, class... Fields>
[[gnu::always_inline]] constexpr errc fields_out(const N& from, F& to, field_list<Fields...>) {
  errc failed = errc::none, one = errc::none;
  ((one = field_out<K>(from.*counterpart<N, Fields, goes_out<field_type<Fields>>>::member, to.*Fields::member),
    failed = failed == errc::none ? one : failed),
   ...);
  return failed;
}

/// A member that is the same bytes on both sides.
template <class FF, class NF, class F, class N>
consteval bool same_bytes() {
  using f = field_type<FF>;
  using n = field_type<NF>;
  if constexpr (is_scalar<f> && same_integer<f, n>())
    return constant_offset<F, FF::member>() == constant_offset<N, NF::member>();
  else
    return false;
}

template <class F, class N, class List>
struct identity_of;
template <class F, class N, class... Fields>
struct identity_of<F, N, field_list<Fields...>> {
  template <class Field>
  static consteval bool one() {
    if constexpr (has_counterpart<N, Field>)
      return same_bytes<Field, find_field<fields_of<N>, Field::key>, F, N>();
    else
      return false;
  }
  static constexpr bool value = sizeof(F) == sizeof(N) && sizeof...(Fields) == fields_of<N>::size &&
                                (sizeof(field_type<Fields>) + ... + 0) == sizeof(F) && (one<Fields>() && ...);
};

} // namespace detail

namespace detail {
template <class F>
consteval bool reads_only_a_field() {
  if constexpr (is_in_only<F>)
    return true;
  else if constexpr (std::is_array_v<F>)
    return reads_only_a_field<std::remove_all_extents_t<F>>();
  else if constexpr (has_fields<F>) {
    bool any = false;
    for_each_field<F>([&]<class Field>(Field) { any = any || reads_only_a_field<field_type<Field>>(); });
    return any;
  } else
    return false;
}
} // namespace detail

/// Whether a structure has fields that the ABI only reads, so that it must not be written back as a whole.
template <class F>
inline constexpr bool has_read_only_fields = detail::reads_only_a_field<F>();

/// A kernel's structure under a personality's name: derived from it without adding a byte.
template <class F, class N>
concept renamed = std::is_base_of_v<N, F> && sizeof(F) == sizeof(N) && plain_bytes<F>;

/// Proven at compile time: both structures are the same bytes, so translation is a copy.
template <class F, class N>
inline constexpr bool identical = [] {
  if constexpr (renamed<F, N>) return true;
  else return detail::identity_of<F, N, fields_of<F>>::value;
}();

/// Foreign to kernel. EOVERFLOW where a value does not fit, or what a member's map answers.
template <class K, class F, class N>
constexpr errc to_native(const F& from, N& to) {
  if constexpr (renamed<F, N>) {
    to = static_cast<const N&>(from);
    return errc::none;
  } else if constexpr (detail::codec<K, F, N>) {
    return from.template to_native<K>(to);
  } else {
    return detail::fields_in<K>(from, to, fields_of<F>{});
  }
}

/// Kernel to foreign. Bytes of the foreign structure that are no field stay as they are: start from a zeroed one.
template <class K, class N, class F>
constexpr errc to_foreign(const N& from, F& to) {
  if constexpr (renamed<F, N>) {
    static_cast<N&>(to) = from;
    return errc::none;
  } else if constexpr (detail::codec<K, F, N>) {
    return to.template from_native<K>(from);
  } else {
    return detail::fields_out<K>(from, to, fields_of<F>{});
  }
}

} // namespace polyabi
