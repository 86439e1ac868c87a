// The derived system-call vector: for each row a small function that decodes, performs and answers; a constexpr array of them
// in read-only data; one bounds check and one indirect call.
#pragma once

#include <polyabi/core/syscall_table.hpp>

#include <utility>

namespace polyabi {

using namespace std::string_view_literals; // lengths known without strlen

namespace detail {

/// A decoder as an object of its own, so that one whose address is taken does not keep the others in memory. What it does not
/// initialise is left as it is.
template <class T>
struct slot {
  T decoder;
  slot() {}
};

/// What a decoder lends, beside it.
template <class T>
struct lent_object {
  static constexpr void to(T&) {}
};
template <class T>
requires requires {
  typename T::lent_type;
}
struct lent_object<T> {
  typename T::lent_type object;
  lent_object() {}
  void to(T& decoder) { decoder.lent = &object; }
};

template <usize I, class T>
struct slot_of {
  T& decoder;
};
template <class Indices, class... Decoders>
struct slots;
template <usize... I, class... Decoders>
struct slots<std::index_sequence<I...>, Decoders...> : slot_of<I, Decoders>... {};

template <usize I, class T>
constexpr T& get(const slot_of<I, T>& s) {
  return s.decoder;
}

template <class Env, class Signature>
struct signature_traits;
template <class Env, class R, class... Tags>
struct signature_traits<Env, R(Tags...)> {
  using result = R;
  static constexpr usize words = (usize{0} + ... + Tags::template words<Env>);
  /// The first word of each argument.
  static constexpr std::array<usize, sizeof...(Tags) + 1> positions = [] {
    std::array<usize, sizeof...(Tags) + 1> p{};
    usize at = 0, i = 0;
    ((p[i++] = at, at += Tags::template words<Env>), ...);
    return p;
  }();
};

template <class Env>
constexpr void succeed(registers& frame, const arguments::completed& c) {
  constexpr auto& convention = Env::arch::convention;
  frame.*convention.result = Env::model::word_size == 4 ? static_cast<u32>(c.value) : c.value;
  if constexpr (convention.errors == error_style::carry) {
    frame.*convention.second = Env::model::word_size == 4 ? static_cast<u32>(c.second) : c.second;
    frame.rflags &= ~carry_flag;
  }
}

/// The call answers an error of the personality's. An architecture may show another number to the calling program
/// (`error_shown`): vendors' variants of one system differ in some.
template <class Env>
constexpr void fail([[maybe_unused]] typename Env::kernel::thread& thread, registers& frame, i32 error_number) {
  constexpr auto& convention = Env::arch::convention;
  if constexpr (requires { Env::arch::template error_shown<Env>(thread, error_number); })
    error_number = Env::arch::template error_shown<Env>(thread, error_number);
  if constexpr (convention.errors == error_style::negative) {
    frame.*convention.result =
        Env::model::word_size == 4 ? static_cast<u32>(-error_number) : static_cast<u64>(static_cast<i64>(-error_number));
  } else {
    frame.*convention.result = static_cast<u32>(error_number);
    frame.rflags |= carry_flag;
  }
}

/// A vocabulary name becomes the personality's number.
template <class Env>
i32 foreign_error(typename Env::kernel::thread&, errc name) {
  return number_for<typename Env::personality::errors>(name);
}
/// The kernel's number becomes the personality's. An interrupted call that may restart is noted in the thread.
template <class Env>
i32 foreign_error(typename Env::kernel::thread& thread, typename Env::kernel::error number) {
  using K = typename Env::kernel;
  using errors = typename Env::personality::errors;
  if (number == K::restart_call) {
    K::request_restart(thread);
    return number_for<errors>(errc::intr);
  }
  return total_number_table<kernel_map<K, errc>, errors>::convert(static_cast<i32>(number));
}
template <class Env>
i32 foreign_error(typename Env::kernel::thread& thread, either_error<typename Env::kernel> error) {
  return error.is_name() ? foreign_error<Env>(thread, error.name()) : foreign_error<Env>(thread, error.number());
}

/// Calls the operation or the handler with the values of all arguments that have one.
template <class Env, class Target, usize I, usize N, class Slots, class... Values>
[[gnu::always_inline]] constexpr decltype(auto) gather(context<Env>& c, const Slots& s, Values&&... values) {
  if constexpr (I == N) {
    if constexpr (handler_target<Target>)
      return Target::template call<Env>(c, static_cast<Values&&>(values)...);
    else
      return polyabi::perform<typename Env::kernel>(Target{}, c.thread, static_cast<Values&&>(values)...);
  } else if constexpr (requires { get<I>(s).value(); }) {
    return gather<Env, Target, I + 1, N>(c, s, static_cast<Values&&>(values)..., get<I>(s).value());
  } else {
    return gather<Env, Target, I + 1, N>(c, s, static_cast<Values&&>(values)...);
  }
}

/// The types of the values that a row's arguments give, in order.
template <class... T>
struct value_list {
  template <class U>
  using append = value_list<T..., U>;
};
template <class Env, class List, class... Tags>
struct values_of {
  using type = List;
};
template <class Env, class List, class Tag, class... Rest>
struct values_of<Env, List, Tag, Rest...> {
  using decoder = typename Tag::template decoder<Env>;
  static auto next() {
    if constexpr (requires(decoder & d) { d.value(); })
      return values_of<Env, typename List::template append<std::remove_cvref_t<decltype(std::declval<decoder&>().value())>>,
                       Rest...>{};
    else
      return values_of<Env, List, Rest...>{};
  }
  using type = typename decltype(next())::type;
};

/// A value fits a parameter if it is of the same type, or a pointer or span that only adds const: nothing is narrowed on the
/// way.
template <class Value, class Parameter>
inline constexpr bool fits = std::is_same_v<Value, std::remove_cvref_t<Parameter>> ||
                             (!std::is_arithmetic_v<Value> && std::is_convertible_v<Value, Parameter>);
template <class Values, class Signature>
inline constexpr bool values_fit = false;
template <class... Values, class R, class Thread, class... Parameters>
requires(sizeof...(Values) ==
         sizeof...(Parameters)) inline constexpr bool values_fit<value_list<Values...>, R(Thread, Parameters...)> =
    (fits<Values, Parameters> && ...);

template <class Env, class Row, class Signature>
struct perform_row;
template <class Env, class Row, class R, class... Tags>
struct perform_row<Env, Row, R(Tags...)> {
  using K = typename Env::kernel;
  using target = typename Row::target;
  using traits = signature_traits<Env, R(Tags...)>;

  [[gnu::always_inline]] static void run(typename Env::kernel::thread& thread, registers& frame, const u64* words) {
    run_indexed(thread, frame, words, std::index_sequence_for<Tags...>{}, slot<typename Tags::template decoder<Env>>()...,
                lent_object<typename Tags::template decoder<Env>>()...);
  }

private:
  template <usize... I>
  [[gnu::always_inline]] static void run_indexed(typename Env::kernel::thread& thread, registers& frame,
                                                 [[maybe_unused]] const u64* words, std::index_sequence<I...> indices,
                                                 slot<typename Tags::template decoder<Env>>&&... decoders,
                                                 lent_object<typename Tags::template decoder<Env>>&&... lent) {
    if constexpr (operation_target<target>)
      static_assert(
          values_fit<typename values_of<Env, value_list<>, Tags...>::type, typename target::template signature<K>>,
          "the arguments of this row are not what its operation takes: number, order, width and sign are in operations.hpp");
    context<Env> c{thread, frame, Row::name};
    const slots<decltype(indices), typename Tags::template decoder<Env>...> s{{decoders.decoder}...};
    (lent.to(decoders.decoder), ...);
    errc bad = errc::none;
    (void)(((bad = get<I>(s).decode(c, words + traits::positions[I])) == errc::none) && ...);
    if (bad != errc::none) [[unlikely]]
      return fail<Env>(thread, frame, number_for<typename Env::personality::errors>(bad));
    auto answered = gather<Env, target, 0, sizeof...(Tags)>(c, s);
    if (!answered) [[unlikely]]
      return fail<Env>(thread, frame, foreign_error<Env>(thread, answered.error()));
    (void)((bad == errc::none && (bad = finish(get<I>(s), c, answered)) == errc::none) && ...);
    if (bad != errc::none) [[unlikely]]
      return fail<Env>(thread, frame, number_for<typename Env::personality::errors>(bad));
    arguments::completed done_with;
    if constexpr (std::is_void_v<typename decltype(answered)::value_type>)
      done_with = R::template complete<Env>(c);
    else
      done_with = R::template complete<Env>(c, *answered);
    if (done_with.leave_registers) return;
    if constexpr (std::is_same_v<R, arguments::count> && Env::model::word_size == 4) {
      const auto value = static_cast<i64>(done_with.value);
      if (value != static_cast<i32>(value)) [[unlikely]]
        return fail<Env>(thread, frame, number_for<typename Env::personality::errors>(errc::overflow));
    }
    succeed<Env>(frame, done_with);
  }

  template <class Decoder, class Answer>
  static constexpr errc finish(Decoder& d, context<Env>& c, [[maybe_unused]] Answer& answered) {
    if constexpr (requires { d.finish(c); })
      return d.finish(c);
    else if constexpr (requires { d.store(c, *answered); })
      return d.store(c, *answered);
    else
      return errc::none;
  }
};

/// Loads the argument words of a call from where the convention has them.
template <class Env, usize N>
constexpr bool load_words([[maybe_unused]] typename Env::kernel::thread& thread, const registers& frame, u64 (&words)[N]) {
  constexpr auto& convention = Env::arch::convention;
  if constexpr (convention.stack_arguments) {
    u32 raw[N];
    if (!Env::kernel::copy_in(thread, raw, static_cast<u32>(frame.rsp) + 4u, sizeof raw)) return false;
    for (usize i = 0; i < N; ++i) words[i] = raw[i];
  } else {
    static_assert(N <= 6 && convention.arguments[N - 1] != nullptr, "more argument words than the convention has registers");
    // Each register is a constant; in a loop it would be looked up.
    [&]<usize... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      ((words[I] = frame.*convention.arguments[I]), ...);
    }
    (std::make_index_sequence<N>{});
  }
  return true;
}

template <class Env, class Target>
struct sub_vector;
template <class Env, ioctl_target Target>
struct ioctl_dispatch; // ioctl_table.hpp

/// Argument words that an entry loads before it runs.
template <class Env, class Row, class Target = typename Row::target>
inline constexpr usize words_to_load = signature_traits<Env, typename Row::signature>::words;
template <class Env, class Row, multiplexed_target Target>
inline constexpr usize words_to_load<Env, Row, Target> = sub_vector<Env, Target>::words;

template <class Env, class Row>
struct entry_of {
  using K = typename Env::kernel;
  using target = typename Row::target;
  static constexpr support level = level_of<K, target>();
  static constexpr bool performs = level == support::native || level == support::emulated;

  /// With the words already loaded: for sub-calls of a multiplexed number.
  [[gnu::always_inline]] static void with_words(typename K::thread& thread, registers& frame,
                                                [[maybe_unused]] const u64* words) {
    if constexpr (multiplexed_target<target>) {
      sub_vector<Env, target>::run(thread, frame, words);
    } else if constexpr (ioctl_target<target>) {
      ioctl_dispatch<Env, target>::run(thread, frame, words);
    } else if constexpr (performs) {
      perform_row<Env, Row, typename Row::signature>::run(thread, frame, words);
    } else {
      answer_unsupported(thread, frame);
    }
  }

  /// With the two words of a request: its descriptor and its argument.
  static void with_argument(typename K::thread& thread, registers& frame, u64 descriptor, u64 argument) {
    const u64 words[2] = {descriptor, argument};
    with_words(thread, frame, words);
  }

  static void enter(typename K::thread& thread, registers& frame) {
    if constexpr (performs) {
      if constexpr (words_to_load<Env, Row> == 0) {
        with_words(thread, frame, nullptr);
      } else {
        u64 words[words_to_load<Env, Row>];
        if (!load_words<Env>(thread, frame, words)) [[unlikely]]
          return fail<Env>(thread, frame, number_for<typename Env::personality::errors>(errc::fault));
        with_words(thread, frame, words);
      }
    } else {
      answer_unsupported(thread, frame);
    }
  }

private:
  static void answer_unsupported(typename K::thread& thread, registers& frame) {
    context<Env> c{thread, frame, Row::name};
    using errors = typename Env::personality::errors;
    if constexpr (level == support::refused) {
      fail<Env>(thread, frame, number_for<errors>(target::error));
    } else if constexpr (level == support::faked) {
      c.unsupported("faked"sv, 0);
      succeed<Env>(frame, {static_cast<u64>(target::value)});
    } else {
      c.unsupported("call"sv, 0);
      fail<Env>(thread, frame, number_for<errors>(errc::nosys));
    }
  }
};

template <class K>
using words_function = void (*)(typename K::thread&, registers&, const u64*);

template <class K>
using request_function = void (*)(typename K::thread&, registers&, u64 descriptor, u64 argument);

template <class K>
using entry_function = void (*)(typename K::thread&, registers&);

// Rows that an architecture does not have are not instantiated for it.
template <class Env, class Row>
consteval words_function<typename Env::kernel> words_function_of() {
  if constexpr (Row::numbers.column[Env::arch::column] == absent)
    return nullptr;
  else
    return &entry_of<Env, Row>::with_words;
}
template <class Env, class Row>
consteval entry_function<typename Env::kernel> entry_function_of() {
  if constexpr (Row::numbers.column[Env::arch::column] == absent)
    return nullptr;
  else
    return &entry_of<Env, Row>::enter;
}

/// The sub-calls of one multiplexed number, dense by selector.
template <class Env, class Table>
struct sub_entries {
  using K = typename Env::kernel;
  static constexpr usize column = Env::arch::column;
  using table = Table;
  static constexpr i32 end = table::template end<column>;
  static constexpr auto entries = [] {
    static_assert(table::template well_formed<column>);
    std::array<words_function<K>, static_cast<usize>(end)> e{};
    constexpr std::array functions = []<class... Rows>(row_list<Rows...>) {
      return std::array<words_function<K>, sizeof...(Rows)>{words_function_of<Env, Rows>()...};
    }(typename table::rows{});
    constexpr auto numbers = table::template numbers<column>;
    for (usize i = 0; i < table::size; ++i)
      if (numbers[i] != absent) e[static_cast<usize>(numbers[i])] = functions[i];
    return e;
  }();
  static constexpr std::array row_words = []<class... Rows>(row_list<Rows...>) {
    return std::array<usize, sizeof...(Rows)>{signature_traits<Env, typename Rows::signature>::words...};
  }(typename table::rows{});
  /// Argument words of each sub-call, by selector.
  static constexpr auto words_of = [] {
    std::array<u8, static_cast<usize>(end)> w{};
    constexpr auto numbers = table::template numbers<column>;
    for (usize i = 0; i < table::size; ++i)
      if (numbers[i] != absent) w[static_cast<usize>(numbers[i])] = static_cast<u8>(row_words[i]);
    return w;
  }();
  static constexpr usize words = [] {
    usize most = 0;
    for (usize n : row_words) most = n > most ? n : most;
    return most;
  }();
};

template <class Env, class Target>
struct sub_vector {
  using K = typename Env::kernel;
  using entries = sub_entries<Env, typename Target::table>;
  /// Words to load before the sub-call is known.
  static constexpr usize words = Target::style == multiplex_style::in_memory ? 2 : entries::words + 1;

  static void run(typename K::thread& thread, registers& frame, const u64* loaded) {
    const auto selector = static_cast<u32>(loaded[0]) & static_cast<u32>(Target::selector_mask);
    const auto entry = selector < static_cast<u32>(entries::end) ? entries::entries[selector] : nullptr;
    if (entry == nullptr) [[unlikely]] {
      context<Env> c{thread, frame, "multiplexed call"sv};
      c.unsupported("selector"sv, selector);
      return fail<Env>(thread, frame, number_for<typename Env::personality::errors>(Target::unknown));
    }
    if constexpr (Target::style == multiplex_style::shifted) {
      entry(thread, frame, loaded + 1);
    } else {
      typename Env::model::ulong raw[entries::words];
      u64 words_in_memory[entries::words];
      const usize count = entries::words_of[selector];
      if (!Env::kernel::copy_in(thread, raw, loaded[1], count * sizeof raw[0])) [[unlikely]]
        return fail<Env>(thread, frame, number_for<typename Env::personality::errors>(errc::fault));
      for (usize i = 0; i < count; ++i) words_in_memory[i] = static_cast<u64>(raw[i]);
      entry(thread, frame, words_in_memory);
    }
  }
};

} // namespace detail

using detail::entry_function;

/// The vector of one environment: `vector_of<Env>::dispatch` is what a trap handler calls.
template <class Env>
struct vector_of {
  using K = typename Env::kernel;
  using table = typename Env::personality::syscalls;
  static constexpr usize column = Env::arch::column;
  static constexpr u32 end = static_cast<u32>(table::template end<column>);
  static_assert(table::template well_formed<column>);

  static void unknown(typename K::thread& thread, registers& frame) {
    context<Env> c{thread, frame, "unknown call"sv};
    c.unsupported("number"sv, frame.*Env::arch::convention.number);
    detail::fail<Env>(thread, frame, number_for<typename Env::personality::errors>(errc::nosys));
  }

  static constexpr auto entries = [] {
    std::array<entry_function<K>, end> e{};
    for (auto& f : e) f = &unknown;
    constexpr std::array functions = []<class... Rows>(row_list<Rows...>) {
      return std::array<entry_function<K>, sizeof...(Rows)>{detail::entry_function_of<Env, Rows>()...};
    }(typename table::rows{});
    constexpr auto numbers = table::template numbers<column>;
    for (usize i = 0; i < table::size; ++i)
      if (numbers[i] != absent) e[static_cast<usize>(numbers[i])] = functions[i];
    return e;
  }();

  static void dispatch(typename K::thread& thread, registers& frame, u32 number) {
    if (number < end) [[likely]]
      entries[number](thread, frame);
    else
      unknown(thread, frame);
  }

  /// The support table of this environment, one row for each call that the architecture has.
  static constexpr std::array support_rows = []<class... Rows>(row_list<Rows...>) {
    return std::array<support_row, sizeof...(Rows)>{support_row{Rows::numbers.column[column], Rows::name,
                                                                detail::level_of<K, typename Rows::target>(),
                                                                detail::reason_of<K, typename Rows::target>()}...};
  }(typename table::rows{});
};

} // namespace polyabi
