// The derived system-call vector: for each row a small function that decodes, performs and answers; a constexpr array of them
// in read-only data; one bounds check and one indirect call.
#pragma once

#include <polyabi/core/syscall_table.hpp>

#include <bit>
#include <concepts>
#include <initializer_list>
#include <utility>

namespace polyabi {

using namespace std::string_view_literals; // lengths known without strlen

namespace detail {

/// A decoder that keeps something while its call runs. It is not initialised: `decode` does that.
template <class T>
struct slot {
  T decoder;
  slot() {}
};
template <class T>
requires std::is_empty_v<T>
struct slot<T> {
  T decoder;
};

/// What a decoder lends, beside it.
template <class T>
struct lent_object {};
template <class T>
requires requires {
  typename T::lent_type;
}
struct lent_object<T> {
  typename T::lent_type object;
  lent_object() {}
};

/// The decoder at one place. It and what it lends are objects of their own, so that one whose address is taken does not keep the
/// others in memory.
template <usize I, class T>
struct slot_of {
  lent_object<T>&& lent;
  slot<T>&& own;
};
template <class... Slots>
struct slots : Slots... {};
template <class Indices, class... Decoders>
struct slots_at;
template <usize... I, class... Decoders>
struct slots_at<std::index_sequence<I...>, Decoders...> {
  using type = slots<slot_of<I, Decoders>...>;
};

template <usize I, class T, class Env>
[[gnu::always_inline]] inline auto decode(const slot_of<I, T>& s, context<Env>& c, const u64* words) {
  if constexpr (requires { typename T::lent_type; }) s.own.decoder.lent = &s.lent.object;
  return s.own.decoder.decode(c, words);
}
template <usize I, class T>
[[gnu::always_inline]] inline decltype(auto) value_of(const slot_of<I, T>& s, [[maybe_unused]] const u64* words) {
  if constexpr (requires { s.own.decoder.value(words); })
    return s.own.decoder.value(words);
  else
    return s.own.decoder.value();
}
template <usize I, class T>
[[gnu::always_inline]] inline T& get(const slot_of<I, T>& s) {
  return s.own.decoder;
}

/// The places of what is so. Signatures are many, but such sets few: they are found by their bits.
template <u32 Set, usize... Found>
consteval auto places_in() {
  if constexpr (Set == 0)
    return std::index_sequence<Found...>{};
  else
    return places_in<(Set & (Set - 1)), Found..., static_cast<usize>(std::countr_zero(Set))>();
}
consteval u32 set_of(std::initializer_list<bool> is_so) {
  u32 set = 0, bit = 1;
  for (const bool one : is_so) {
    if (one) set |= bit;
    bit <<= 1;
  }
  return set;
}
template <u32 Set>
using places = decltype(places_in<Set>());

// What decoders do: plain words and constants need no decoding, some cannot fail and answer void, few have something to do when
// the call is over.
template <class Env, class Decoder>
inline constexpr bool decodes = requires(Decoder& d, context<Env>& c, const u64* w) { d.decode(c, w); };
template <class Env, class Decoder>
inline constexpr bool can_fail = requires(Decoder& d, context<Env>& c, const u64* w) {
  { d.decode(c, w) } -> std::same_as<errc>;
};
template <class Decoder>
inline constexpr bool gives_value = requires(Decoder& d) { d.value(); } || requires(Decoder& d, const u64* w) { d.value(w); };
template <class Env, class Decoder>
inline constexpr bool finishes = requires(Decoder& d, context<Env>& c) { d.finish(c); } ||
                                 requires(Decoder& d, context<Env>& c, i32& answered) { d.store(c, answered); };

template <class Env, class Signature>
struct signature_traits;
template <class Env, class R, class... Tags>
struct signature_traits<Env, R(Tags...)> {
  using result = R;
  static constexpr usize words = (usize{0} + ... + Tags::template words<Env>);
  /// The first word of an argument.
  static consteval usize position(usize argument) {
    const usize taken[] = {Tags::template words<Env>..., 0};
    usize at = 0;
    for (usize i = 0; i < argument; ++i) at += taken[i];
    return at;
  }
};

/// Only of rows that are performed: others may name structures that the kernel has not.
template <class Env, class Signature>
struct signature_decoders;
template <class Env, class R, class... Tags>
struct signature_decoders<Env, R(Tags...)> {
  using all = typename slots_at<std::index_sequence_for<Tags...>, typename Tags::template decoder<Env>...>::type;
  static constexpr u32 unsure = set_of({can_fail<Env, typename Tags::template decoder<Env>>...});
  using decoded_first = places<(set_of({decodes<Env, typename Tags::template decoder<Env>>...}) & ~unsure)>;
  using decoded = places<unsure>;
  using valued = places<set_of({gives_value<typename Tags::template decoder<Env>>...})>;
  using finished = places<set_of({finishes<Env, typename Tags::template decoder<Env>>...})>;
};

template <class Env>
[[gnu::always_inline]] inline void succeed(registers& frame, const arguments::completed& c) {
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
inline void fail([[maybe_unused]] typename Env::kernel::thread& thread, registers& frame, i32 error_number) {
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

/// The call fails. Rows share these, out of the way of what they do when nothing fails.
template <class Env>
[[gnu::noinline]] void refuse(typename Env::kernel::thread& thread, registers& frame, errc error) {
  fail<Env>(thread, frame, foreign_error<Env>(thread, error));
}
template <class Env>
[[gnu::noinline]] void refuse(typename Env::kernel::thread& thread, registers& frame, typename Env::kernel::error error) {
  fail<Env>(thread, frame, foreign_error<Env>(thread, error));
}
template <class Env>
[[gnu::noinline]] void refuse(typename Env::kernel::thread& thread, registers& frame,
                              either_error<typename Env::kernel> error) {
  fail<Env>(thread, frame, foreign_error<Env>(thread, error));
}

/// The call is one that the kernel or this library has not.
template <class Env>
[[gnu::noinline]] void miss(typename Env::kernel::thread& thread, registers& frame, std::string_view call) {
  context<Env>{thread, frame, call}.unsupported("call"sv, 0);
  refuse<Env>(thread, frame, errc::nosys);
}

/// What a call answered becomes registers, as the result tag `R` says.
template <class Env, class R>
[[gnu::always_inline]] inline void complete(context<Env>& c, const arguments::completed& done_with) {
  if (done_with.leave_registers) return;
  if constexpr (std::is_same_v<R, arguments::count> && Env::model::word_size == 4) {
    const auto value = static_cast<i64>(done_with.value);
    if (value != static_cast<i32>(value)) [[unlikely]]
      return refuse<Env>(c.thread, c.frame, errc::overflow);
  }
  succeed<Env>(c.frame, done_with);
}

template <class Env, class Decoder, class Answer>
[[gnu::always_inline]] inline errc finish(Decoder& d, context<Env>& c, [[maybe_unused]] Answer& answered) {
  if constexpr (requires { d.finish(c); })
    return d.finish(c);
  else if constexpr (requires { d.store(c, *answered); })
    return d.store(c, *answered);
  else
    return errc::none;
}

/// The end of a call, which rows share that answer the same and have the same decoders with something left to do.
template <class Env, class R, class Answer, class... Decoders>
[[gnu::always_inline]] inline void conclude(context<Env>& c, Answer answered, Decoders&... decoders) {
  if (!answered) [[unlikely]]
    return refuse<Env>(c.thread, c.frame, answered.error());
  if constexpr (sizeof...(Decoders) > 0) {
    errc bad;
    (void)(((bad = finish<Env>(decoders, c, answered)) == errc::none) && ...);
    if (bad != errc::none) [[unlikely]]
      return refuse<Env>(c.thread, c.frame, bad);
  }
  if constexpr (std::is_void_v<typename Answer::value_type>)
    complete<Env, R>(c, R::template complete<Env>(c));
  else
    complete<Env, R>(c, R::template complete<Env>(c, *answered));
}

/// The types of the values that a row's arguments give, in order.
template <class... T>
struct value_list {};

/// A value fits a parameter if it is of the same type, or a pointer or span that only adds const: nothing is narrowed on the
/// way.
template <class Value, class Parameter>
concept fits = std::is_same_v<Value, std::remove_cvref_t<Parameter>> ||
               (!std::is_arithmetic_v<Value> && std::is_convertible_v<Value, Parameter>);
template <class Values, class Signature>
inline constexpr bool values_fit = false;
template <class... Values, class R, class Thread, class... Parameters>
requires(sizeof...(Values) ==
         sizeof...(Parameters)) inline constexpr bool values_fit<value_list<Values...>, R(Thread, Parameters...)> =
    (fits<Values, Parameters> && ...);

/// Loads the argument words of a call from where the convention has them.
template <class Env, usize N>
[[gnu::always_inline]] inline bool load_words([[maybe_unused]] typename Env::kernel::thread& thread, const registers& frame,
                                              u64* words) {
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
/// The words of a sub-call of a multiplexed number, loaded already.
template <class Env, usize N>
[[gnu::always_inline]] inline bool load_words(typename Env::kernel::thread&, const registers&, u64* words, const u64* given) {
  for (usize i = 0; i < N; ++i) words[i] = given[i];
  return true;
}
/// The two words of a request: its descriptor and its argument.
template <class Env, usize N>
[[gnu::always_inline]] inline bool load_words(typename Env::kernel::thread&, const registers&, u64* words, u64 descriptor,
                                              u64 argument) {
  const u64 given[2] = {descriptor, argument};
  for (usize i = 0; i < N; ++i) words[i] = given[i];
  return true;
}

/// What a row does, in one function: compilers do the same work again for each that is inlined into another. The argument words
/// are where the convention has them, or `Given`. Of the arguments, the places `First` are decoded without a chance to fail, then
/// `Decoded`; `Valued` have values for the call, and `Finished` something to do after it.
template <class Env, class Row, class Slots, class First, class Decoded, class Valued, class Finished>
struct row_steps;
template <class Env, class Row, usize... I, class... Decoders, usize... First, usize... Decoded, usize... Valued,
          usize... Finished>
struct row_steps<Env, Row, slots<slot_of<I, Decoders>...>, std::index_sequence<First...>, std::index_sequence<Decoded...>,
                 std::index_sequence<Valued...>, std::index_sequence<Finished...>> {
  using K = typename Env::kernel;
  using target = typename Row::target;
  using traits = signature_traits<Env, typename Row::signature>;

  template <class... Given>
  static void run(typename K::thread& thread, registers& frame, Given... given) {
    [[maybe_unused]] u64 words[traits::words + 1]; // one more: there is no array of none
    if constexpr (traits::words > 0)
      if (!load_words<Env, traits::words>(thread, frame, words, given...)) [[unlikely]]
        return refuse<Env>(thread, frame, errc::fault);
    context<Env> c{thread, frame, Row::name};
    [[maybe_unused]] const slots<slot_of<I, Decoders>...> s{{lent_object<Decoders>(), slot<Decoders>()}...};
    (decode<First>(s, c, words + traits::position(First)), ...);
    if constexpr (sizeof...(Decoded) > 0) {
      errc bad;
      (void)(((bad = decode<Decoded>(s, c, words + traits::position(Decoded))) == errc::none) && ...);
      if (bad != errc::none) [[unlikely]]
        return refuse<Env>(thread, frame, bad);
    }
    if constexpr (handler_target<target>) {
      conclude<Env, typename traits::result>(
          c, target::template call<Env>(c, value_of<Valued>(s, words + traits::position(Valued))...), get<Finished>(s)...);
    } else {
      static_assert(
          values_fit<value_list<std::remove_cvref_t<decltype(value_of<Valued>(s, words))>...>,
                     typename target::template signature<K>>,
          "the arguments of this row are not what its operation takes: number, order, width and sign are in operations.hpp");
      conclude<Env, typename traits::result>(
          c, polyabi::perform<K>(target{}, thread, value_of<Valued>(s, words + traits::position(Valued))...),
          get<Finished>(s)...);
    }
  }
};
template <class Env, class Row, class Decoders = signature_decoders<Env, typename Row::signature>>
using perform_row = row_steps<Env, Row, typename Decoders::all, typename Decoders::decoded_first, typename Decoders::decoded,
                              typename Decoders::valued, typename Decoders::finished>;

/// A row of what is not done: refused, said to be done, or missing.
template <class Env, class Row>
struct answer_row {
  using target = typename Row::target;
  static constexpr support level = level_of<typename Env::kernel, target>();

  template <class... Given>
  static void run(typename Env::kernel::thread& thread, registers& frame, Given...) {
    if constexpr (level == support::refused) {
      refuse<Env>(thread, frame, target::error);
    } else if constexpr (level == support::faked) {
      context<Env>{thread, frame, Row::name}.unsupported("faked"sv, 0);
      succeed<Env>(frame, {static_cast<u64>(target::value)});
    } else {
      miss<Env>(thread, frame, Row::name);
    }
  }
};

template <class Env, class Target>
struct sub_vector;
template <class Env, ioctl_target Target>
struct ioctl_dispatch; // ioctl_table.hpp

/// A row whose words say which other row to run.
template <class Env, class Vector, usize N>
struct lookup_row {
  template <class... Given>
  static void run(typename Env::kernel::thread& thread, registers& frame, Given... given) {
    u64 words[N];
    if (!load_words<Env, N>(thread, frame, words, given...)) [[unlikely]]
      return refuse<Env>(thread, frame, errc::fault);
    Vector::run(thread, frame, words);
  }
};

template <class Env, class Row, class Target, bool Performed>
struct choose_entry {
  using type = answer_row<Env, Row>;
};
template <class Env, class Row, class Target>
struct choose_entry<Env, Row, Target, true> {
  using type = perform_row<Env, Row>;
};
template <class Env, class Row, multiplexed_target Target>
struct choose_entry<Env, Row, Target, true> {
  using type = lookup_row<Env, sub_vector<Env, Target>, sub_vector<Env, Target>::words>;
};
template <class Env, class Row, ioctl_target Target>
struct choose_entry<Env, Row, Target, true> {
  using type = lookup_row<Env, ioctl_dispatch<Env, Target>, signature_traits<Env, typename Row::signature>::words>;
};
/// What the vector of an environment points to: `run<>(thread, frame)`, or with argument words `run<const u64*>` and
/// `run<u64, u64>`.
template <class Env, class Row, class Target = typename Row::target>
using entry_of = typename choose_entry<Env, Row, Target, is_performed(level_of<typename Env::kernel, Target>())>::type;

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
    return &entry_of<Env, Row>::template run<const u64*>;
}
template <class Env, class Row>
consteval entry_function<typename Env::kernel> entry_function_of() {
  if constexpr (Row::numbers.column[Env::arch::column] == absent)
    return nullptr;
  else
    return &entry_of<Env, Row>::template run<>;
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
      return refuse<Env>(thread, frame, Target::unknown);
    }
    if constexpr (Target::style == multiplex_style::shifted) {
      entry(thread, frame, loaded + 1);
    } else {
      typename Env::model::ulong raw[entries::words];
      u64 words_in_memory[entries::words];
      const usize count = entries::words_of[selector];
      if (!Env::kernel::copy_in(thread, raw, loaded[1], count * sizeof raw[0])) [[unlikely]]
        return refuse<Env>(thread, frame, errc::fault);
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

  [[gnu::noinline]] static void unknown(typename K::thread& thread, registers& frame) {
    context<Env> c{thread, frame, "unknown call"sv};
    c.unsupported("number"sv, frame.*Env::arch::convention.number);
    detail::refuse<Env>(thread, frame, errc::nosys);
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
