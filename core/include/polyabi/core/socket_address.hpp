// Socket addresses: a union of structures with the family as its tag. A kernel has one structure for each family that it knows, a
// personality has another; they are translated field by field.
//
//   template <class M> using addresses = address_union<M, sockaddr,
//       address_case<address_family::inet, sockaddr_in>, address_case<address_family::unix_, sockaddr_un>>;
//
// A structure with a field `path` is of variable length: it ends where the path does.
#pragma once

#include <polyabi/core/clear.hpp>
#include <polyabi/core/kernel.hpp>
#include <polyabi/core/socket_vocabulary.hpp>
#include <polyabi/core/translate.hpp>

namespace polyabi {

/// The shape of a family's address; families that are no kernel's have none.
template <address_family Family>
struct address_shape {};
template <> struct address_shape<address_family::unspec> { using type = shape::socket_address; };
template <> struct address_shape<address_family::inet> { using type = shape::internet_address; };
template <> struct address_shape<address_family::inet6> { using type = shape::internet6_address; };
template <> struct address_shape<address_family::unix_> { using type = shape::local_address; };
template <> struct address_shape<address_family::netlink> { using type = shape::netlink_address; };

namespace detail {

/// Where the variable part of an address structure begins; its size if it has none.
template <class S>
consteval usize fixed_size() {
  if constexpr (has_field<S>("path")) return offset_of<S, "path">;
  else return sizeof(S);
}

/// The length of a path in `room` bytes: to its NUL, or all of it if it begins with one (an abstract name).
constexpr usize path_length(const unsigned char* path, usize room) {
  if (room == 0 || path[0] == 0) return room;
  usize length = 0;
  while (length < room && path[length] != 0) ++length;
  return length;
}

} // namespace detail

/// An address as kernel `K` has it: one of its structures, of which each begins with what `shape::socket_address` has.
template <class K>
struct socket_address {
  using header = native<K, shape::socket_address>;
  static constexpr usize capacity = 128;

  alignas(8) unsigned char bytes[capacity];
  usize size = 0; ///< 0: no address

  constexpr socket_address() { clear(bytes); }

  /// The kernel's number of the family; 0 of no address.
  i32 family() const { return size < sizeof(header) ? 0 : static_cast<i32>(reinterpret_cast<const header*>(bytes)->family); }

  /// The address as the structure of its family. The caller has looked at the family and the size.
  template <class Shape>
  native<K, Shape>& as() {
    return *reinterpret_cast<native<K, Shape>*>(bytes);
  }
  template <class Shape>
  const native<K, Shape>& as() const {
    return *reinterpret_cast<const native<K, Shape>*>(bytes);
  }
  /// Whether it is an address of this family, and all of it is there.
  template <address_family Family>
  bool is() const {
    using structure = native<K, typename address_shape<Family>::type>;
    return family() == native_number<K, Family> && size >= detail::fixed_size<structure>();
  }

  /// Makes it an empty address of a family, with `variable` bytes of path.
  template <address_family Family>
  auto& become(usize variable = 0) {
    using structure = native<K, typename address_shape<Family>::type>;
    static_assert(sizeof(structure) <= capacity && offset_of<structure, "family"> == offset_of<header, "family">,
                  "every address of a kernel begins with what its shape::socket_address has");
    auto& made = *::new (bytes) structure{};
    made.family = static_cast<field_type<field_named<structure, "family">>>(native_number<K, Family>);
    set_size<structure>(detail::fixed_size<structure>() + variable);
    return made;
  }

  // The path of a local address: bytes without a NUL at the end; one that begins with NUL is an abstract name.
  std::string_view path() const {
    using structure = native<K, shape::local_address>;
    constexpr usize at = detail::fixed_size<structure>();
    return size <= at ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(bytes) + at, size - at};
  }

private:
  template <class Structure>
  void set_size(usize total) {
    size = total;
    if constexpr (has_field<Structure>("len"))
      reinterpret_cast<Structure*>(bytes)->len = static_cast<field_type<field_named<Structure, "len">>>(total);
  }
};

/// One family of a personality: its structure, a template over the data model. Programs may give as few as `Minimum` bytes of it
/// (structures grow); the rest is zero.
template <address_family Family, template <class> class S, usize Minimum = 0>
struct address_case {
  static constexpr address_family family = Family;
  template <class M>
  using structure = S<M>;
  static constexpr usize minimum = Minimum;
};

/// All families of a personality; they are asked for in this order, so the commonest come first. `Header` is the structure with
/// which each of its addresses begins.
template <class M, template <class> class Header, class... Cases>
struct address_union {
  using header = Header<M>;
  using families = typename field_type<field_named<header, "family">>::map;
  /// The longest address that a program can give, or is given.
  static constexpr usize limit = 128;
  /// Where an address is said to be longer than what fits: with a NUL behind a path that fills its structure.
  using buffer = unsigned char[limit];

  /// EINVAL if there is too little of it, EAFNOSUPPORT for a family that has no case here or no structure in the kernel.
  template <class K>
  static errc to_native(const unsigned char* from, usize size, socket_address<K>& to) {
    i32 number = 0;
    return to_native(from, size, to, number);
  }
  /// As above; `number` becomes the number by which the program has named the family, if there are so many bytes.
  template <class K>
  static errc to_native(const unsigned char* from, usize size, socket_address<K>& to, i32& number) {
    errc failed = errc::inval;
    if (size >= header_size && size <= limit) {
      header h;
      __builtin_memcpy(&h, from, header_size);
      const auto family = static_cast<i32>(h.family.raw);
      number = family;
      failed = errc::afnosupport;
      (void)((family == detail::number_of<families>(Cases::family) && (failed = case_in<K, Cases>(from, size, to), true)) ||
             ...);
    }
    if (failed != errc::none) to.size = 0;
    return failed;
  }

  /// Answers how many bytes the address has, which may be more than what is of use to the program. No address has none.
  template <class K>
  static usize to_foreign(const socket_address<K>& from, buffer& to) {
    usize size = 0;
    (void)((from.size != 0 && is_case<K, Cases>(from) && (size = case_out<K, Cases>(from, to), true)) || ...);
    return size;
  }

private:
  static constexpr usize header_size =
      offset_of<header, "family"> + sizeof(field_type<field_named<header, "family">>);

  template <class K, class Case>
  static consteval bool kernel_has() {
    return detail::number_of<kernel_map<K, address_family>>(Case::family) != no_number;
  }

  template <class K, class Case>
  static errc case_in(const unsigned char* from, usize size, socket_address<K>& to) {
    if constexpr (!kernel_has<K, Case>()) {
      return errc::afnosupport;
    } else {
      using structure = typename Case::template structure<M>;
      constexpr usize fixed = detail::fixed_size<structure>();
      if (size < (Case::minimum != 0 ? Case::minimum : fixed)) return errc::inval;
      structure foreign{};
      __builtin_memcpy(&foreign, from, size < sizeof foreign ? size : sizeof foreign);
      if constexpr (fixed == sizeof(structure)) {
        // Known already, and so its number in the kernel: a constant, not a number to be looked up.
        foreign.family.raw =
            static_cast<typename decltype(foreign.family.raw)::value_type>(detail::number_of<families>(Case::family));
        return polyabi::to_native<K>(foreign, to.template become<Case::family>());
      } else {
        if (size > sizeof(structure)) return errc::inval;
        const usize length = detail::path_length(from + fixed, size - fixed);
        auto& made = to.template become<Case::family>(length);
        if (length > sizeof made.path) return errc::inval;
        __builtin_memcpy(made.path, from + fixed, length);
        return errc::none;
      }
    }
  }

  template <class K, class Case>
  static bool is_case(const socket_address<K>& from) {
    if constexpr (kernel_has<K, Case>()) return from.template is<Case::family>();
    else return false;
  }

  template <class K, class Case>
  static usize case_out(const socket_address<K>& from, buffer& to) {
    using structure = typename Case::template structure<M>;
    constexpr usize fixed = detail::fixed_size<structure>();
    structure foreign{};
    if constexpr (!kernel_has<K, Case>()) {
      return 0;
    } else if constexpr (fixed == sizeof(structure)) {
      (void)polyabi::to_foreign<K>(from.template as<typename address_shape<Case::family>::type>(), foreign);
      __builtin_memcpy(to, &foreign, sizeof foreign);
      return sizeof foreign;
    } else {
      const std::string_view path = from.path();
      foreign.family.raw = static_cast<u16>(detail::number_of<families>(Case::family));
      __builtin_memcpy(to, &foreign, fixed);
      const usize length = path.size() < limit - fixed ? path.size() : limit - fixed - 1;
      __builtin_memcpy(to + fixed, path.data(), length);
      if (length == 0 || path[0] == '\0') return fixed + length;
      to[fixed + length] = 0;
      return fixed + length + 1;
    }
  }
};

} // namespace polyabi
