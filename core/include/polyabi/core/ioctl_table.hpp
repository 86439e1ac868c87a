// ioctl tables: each request's number, name, argument type and meaning in one row, found in constant time.
//
//   using ioctls = ioctl_table<errc::notty,
//       request<0x5401, "TCGETS", status(fd, out<termios>), op::terminal_get_attributes>,
//       request<0x5413, "TIOCGWINSZ", status(fd, out<winsize>), op::terminal_get_window>>;
//   call<at{16, 54}, "ioctl", count(fd, ioctl_request, address), ioctl_of<ioctls>>
//
// A row's signature decodes two words: the descriptor and the argument. Numbers that encode a size and a direction (_IOR, _IOW)
// are checked against the argument's type.
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/perfect_hash.hpp>

namespace polyabi {

/// The request word of an ioctl call.
struct ioctl_request : arguments::number<u32> {};

/// One row; the target may be anything that a call's row may name.
template <u32 Number, fixed_string Name, class Signature, class Target = not_written>
struct request {
  static constexpr u32 number = Number;
  static constexpr std::string_view name = Name.view();
  using signature = Signature;
  using target = Target;
};

/// Which way an ioctl's argument travels.
enum class ioctl_direction : u8 { none = 0, in = 1, out = 2, both = 3 };

/// How a personality encodes size and direction in a request number: Linux and SVR4 differ in bits.
/// `size_of(number)` answers the encoded size, or 0 if the number encodes none; `direction_of(number)` the encoded direction.
struct no_ioctl_encoding {
  static constexpr usize size_of(u32) { return 0; }
  static constexpr ioctl_direction direction_of(u32) { return ioctl_direction::none; }
};

/// What is derived from a table's requests. `Self` is the table.
template <class Self, errc Unknown, usize Size>
struct request_facts {
  static constexpr errc unknown = Unknown;
  static constexpr usize size = Size;
  static constexpr std::array<u32, size> numbers = []<class... Requests>(row_list<Requests...>) {
    return std::array<u32, size>{Requests::number...};
  }(typename Self::rows{});
  static constexpr std::array<std::string_view, size> names = []<class... Requests>(row_list<Requests...>) {
    return std::array<std::string_view, size>{Requests::name...};
  }(typename Self::rows{});

  template <class Function>
  static constexpr void each(Function&& function) {
    [&]<class... Requests>(row_list<Requests...>) {
      const bool all[] = {(function(Requests{}), true)...};
      (void)all;
    }(typename Self::rows{});
  }
};

template <errc Unknown, class... Requests>
struct ioctl_table : request_facts<ioctl_table<Unknown, Requests...>, Unknown, sizeof...(Requests)> {
  static_assert(Unknown != errc::nosys, "an unknown request is an error of the device (ENOTTY, EINVAL): there is such a call");
  using rows = row_list<Requests...>;
  template <class Self>
  using facts = request_facts<Self, Unknown, sizeof...(Requests)>;
};

namespace detail {
template <errc Unknown>
struct answering {
  template <class... Requests>
  using table = ioctl_table<Unknown, Requests...>;
};
} // namespace detail

/// One table of several; what none has is answered as the first says.
template <class First, class... Others>
using concatenate_ioctls =
    typename detail::joined<typename First::rows,
                            typename Others::rows...>::template as<detail::answering<First::unknown>::template table>;

namespace detail {

template <usize N>
consteval u32 request_listed_twice(const std::array<u32, N>& numbers) {
  for (usize i = 0; i < N; ++i)
    for (usize j = i + 1; j < N; ++j)
      if (numbers[i] == numbers[j]) return numbers[i];
  return 0;
}
template <u32 Number>
consteval bool request_is_unique() {
  static_assert(Number == 0, "this ioctl number stands in two rows of the table");
  return true;
}

/// What a request's argument points to: its size, 0 if that is not known, and which way it travels.
struct pointed {
  usize size = 0;
  ioctl_direction direction = ioctl_direction::none;
};
template <class Model, class Tag>
inline constexpr pointed pointed_by{};
template <class Model, template <class> class S>
inline constexpr pointed pointed_by<Model, arguments::pointer<S>>{sizeof(S<Model>)};
template <class Model, template <class> class S>
inline constexpr pointed pointed_by<Model, arguments::out<S>>{sizeof(S<Model>), ioctl_direction::out};
template <class Model, template <class> class S>
inline constexpr pointed pointed_by<Model, arguments::in<S>>{sizeof(S<Model>), ioctl_direction::in};
template <class Model, template <class> class S>
inline constexpr pointed pointed_by<Model, arguments::inout<S>>{sizeof(S<Model>), ioctl_direction::both};
template <class Model, class T>
inline constexpr pointed pointed_by<Model, arguments::store_result<T>>{sizeof(T), ioctl_direction::out};
template <class Model, class T>
inline constexpr pointed pointed_by<Model, arguments::value_at<T>>{sizeof(T), ioctl_direction::in};

/// Of the signature's last argument.
template <class Model, class Signature>
inline constexpr pointed pointed_in{};
template <class Model, class R, class... Tags>
inline constexpr pointed pointed_in<Model, R(Tags...)> = [] {
  pointed last{};
  ((last = pointed_by<Model, Tags>), ...);
  return last;
}();

template <class Encoding, class Model, u32 Number, class Signature>
consteval bool encoding_agrees() {
  constexpr usize encoded = Encoding::size_of(Number);
  constexpr pointed argument = pointed_in<Model, Signature>;
  static_assert(encoded == 0 || argument.size == 0 || encoded == argument.size,
                "the size encoded in this ioctl number is not the size of its argument's type");
  constexpr ioctl_direction direction = Encoding::direction_of(Number);
  static_assert(direction == ioctl_direction::none || argument.direction == ioctl_direction::none ||
                    direction == argument.direction,
                "the direction encoded in this ioctl number is not the one in which its argument travels");
  return true;
}

template <class Arch>
struct ioctl_encoding_of {
  using type = no_ioctl_encoding;
};
template <class Arch>
requires requires {
  typename Arch::ioctl_encoding;
}
struct ioctl_encoding_of<Arch> {
  using type = typename Arch::ioctl_encoding;
};
template <class Env>
using ioctl_encoding = typename ioctl_encoding_of<typename Env::arch>::type;

template <class Env, class Table>
struct ioctl_vector {
  using K = typename Env::kernel;
  using table = Table;
  static_assert(request_is_unique<request_listed_twice(table::numbers)>());
  static constexpr bool encodings_agree = []<class... Requests>(row_list<Requests...>) {
    return (encoding_agrees<ioctl_encoding<Env>, typename Env::model, Requests::number, typename Requests::signature>() && ...);
  }(typename table::rows{});
  static_assert(encodings_agree);

  struct entry {
    u32 number = 0;
    request_function<K> run = nullptr;
  };
  static constexpr perfect_hash<table::size> hash{table::numbers};
  static constexpr auto entries = []<class... Requests>(row_list<Requests...>) {
    std::array<entry, usize{1} << perfect_hash<table::size>::bits> e{};
    for (const entry& one : {entry{Requests::number, &entry_of<Env, Requests>::template run<u64, u64>}...}) e[hash(one.number)] = one;
    return e;
  }(typename table::rows{});
};

} // namespace detail

namespace detail {
template <class Env, ioctl_target Target>
struct ioctl_dispatch {
  static void run(typename Env::kernel::thread& thread, registers& frame, const u64* words) {
    using vector = ioctl_vector<Env, typename Target::ioctls>;
    const auto number = static_cast<u32>(words[1]);
    const auto& entry = vector::entries[vector::hash(number)];
    if (entry.run == nullptr || entry.number != number) [[unlikely]] {
      if constexpr (has_next_ioctls<Target>)
        return ioctl_dispatch<Env, ioctl_of<typename Target::next>>::run(thread, frame, words);
      context<Env> c{thread, frame, "ioctl"sv};
      // The descriptor comes first: EBADF wins over ENOTTY, as in every system.
      if constexpr (provides<typename Env::kernel, op::get_descriptor_flags>())
        if (auto open = c.perform(op::get_descriptor_flags{}, static_cast<i32>(words[0])); !open)
          return refuse<Env>(thread, frame, open.error());
      c.unsupported("request"sv, number);
      return refuse<Env>(thread, frame, Target::ioctls::unknown);
    }
    entry.run(thread, frame, words[0], words[2]);
  }
};
} // namespace detail

} // namespace polyabi
