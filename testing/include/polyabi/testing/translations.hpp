// Every map and every structure of a personality's tables there and back over one kernel: what the kernel says reaches the
// program and comes back unchanged, and the other way round.
//
//   const auto report = testing::check_translations<environment<P, A, K>>();
//   for (auto& sentence : report.failures) std::puts(sentence.c_str());
//
// What handlers use without a row's mentioning it is shown to the same visitor:
//   check_translations<E>([](auto& visitor) { visitor.template map<lock_kinds>("fcntl"); });
#pragma once

#include <polyabi/testing/round_trip.hpp>
#include <polyabi/testing/tables.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace polyabi::testing {

/// What random values of a kernel's structure have to obey so that foreign programs can be shown them: to be specialised where
/// a structure's fields belong together.
template <class N>
struct plausible {
  static void make(N&, random_source&) {}
};

struct translation_report {
  usize maps = 0, structures = 0;
  /// Structures that travel one way, or that handlers read and write themselves.
  usize one_way = 0;
  std::set<std::string> names; ///< of all of them, as `type_name` prints them
  std::vector<std::string> failures;
};

namespace detail {

/// Whether a structure or member is converted in both directions.
template <class K, class F, class N>
constexpr bool two_way() {
  using polyabi::detail::is_ignored;
  using polyabi::detail::is_zero;
  if constexpr (is_zero<F> || is_ignored<F>)
    return true;
  else if constexpr (polyabi::detail::is_in_only<F> || polyabi::detail::is_out_only<F>)
    return false;
  else if constexpr (requires(F & f, const N& n) { f.template from_native<K>(n); })
    return requires(const F& f, N& n) {
      f.template to_native<K>(n);
    };
  else if constexpr (requires(const F& f, N& n) { f.template to_native<K>(n); })
    return false;
  else if constexpr (polyabi::is_scalar<F> || std::is_integral_v<F>)
    return std::is_integral_v<N>;
  else if constexpr (std::is_array_v<F> && std::is_array_v<N>)
    return two_way<K, std::remove_extent_t<F>, std::remove_extent_t<N>>();
  else if constexpr (polyabi::has_fields<F> && polyabi::has_fields<N>) {
    bool all = true;
    for_each_field<F>([&]<class Field>(Field) {
      if constexpr (polyabi::detail::needs_no_source<field_type<Field>>)
        return;
      else if constexpr (!polyabi::has_field<N>(Field::name))
        all = false;
      else {
        constexpr usize index = polyabi::detail::field_tools<fields_of<N>>::index(Field::name);
        using other = typename polyabi::detail::field_at<fields_of<N>, index>::type;
        all = all && two_way<K, field_type<Field>, field_type<other>>();
      }
    });
    return all;
  } else
    return false;
}

/// A random value that the foreign side can hold, found field by field.
template <class K, class F, class N>
void fill_shown(N& to, random_source& random) {
  using polyabi::detail::field_in;
  using polyabi::detail::field_out;
  constexpr bool by_fields = polyabi::has_fields<F> && polyabi::has_fields<N> && !polyabi::detail::codec<K, F, N>;
  if constexpr (by_fields) {
    for_each_field<F>([&]<class Field>(Field) {
      if constexpr (!polyabi::detail::needs_no_source<field_type<Field>>) {
        constexpr usize index = polyabi::detail::field_tools<fields_of<N>>::index(Field::name);
        using other = typename polyabi::detail::field_at<fields_of<N>, index>::type;
        fill_shown<K, field_type<Field>>(to.*other::member, random);
      }
    });
    plausible<N>::make(to, random);
  } else {
    for (int tries = 0; tries < 200; ++tries) {
      fill(to, random);
      plausible<N>::make(to, random);
      F shown{};
      N back{};
      if (field_out<K>(to, shown) == errc::none && field_in<K>(shown, back) == errc::none) return;
    }
    if constexpr (std::is_array_v<N>)
      for (auto& element : to) element = {};
    else
      to = N{};
  }
}

template <class Map>
concept is_flag_map = requires {
  Map::rows[0].mask;
};

template <class Env>
class translations {
  using K = typename Env::kernel;

public:
  explicit translations(u64 seed) : random_{seed} {}
  translation_report take() { return std::move(report_); }

  template <class Map>
  void map(std::string_view call) {
    if (!report_.names.insert(type_name<Map>()).second) return;
    ++report_.maps;
    subject_ = type_name<Map>() + " of " + std::string{call};
    if constexpr (is_flag_map<Map>)
      check_flags<Map>();
    else
      check_numbers<Map>();
  }

  template <class S>
  void structure(std::string_view call) {
    if (!report_.names.insert(type_name<S>()).second) return;
    if constexpr (requires { typename native<K, typename S::shape>; }) {
      using own = native<K, typename S::shape>;
      if constexpr (two_way<K, S, own>()) {
        ++report_.structures;
        subject_ = type_name<S>() + " of " + std::string{call};
        return check_structure<S, own>();
      }
    }
    ++report_.one_way;
  }

private:
  void expect(bool holds, const std::string& sentence) {
    if (!holds) report_.failures.push_back(subject_ + ": " + sentence);
  }

  /// Whether a name has a number that it does not share.
  template <class Map>
  static bool has_own_number(typename Map::name_type name) {
    return std::any_of(Map::rows.begin(), Map::rows.end(), [&](const auto& row) { return row.name == name && !row.one_way; });
  }

  /// Each number, from either side, comes back as itself.
  template <class Map>
  void check_numbers() {
    using own = kernel_map<K, typename Map::name_type>;
    for (const auto& row : Map::rows) {
      if (row.one_way || !has_own_number<own>(row.name)) continue;
      const i32 native = number_table<Map, own>::convert(row.number);
      expect(number_table<own, Map>::convert(native) == row.number, std::to_string(row.number) + " does not come back");
    }
    for (const auto& row : own::rows) {
      if (row.one_way || !has_own_number<Map>(row.name)) continue;
      const i32 foreign = number_table<own, Map>::convert(row.number);
      expect(number_table<Map, own>::convert(foreign) == row.number,
             "the kernel's " + std::to_string(row.number) + " does not come back");
    }
  }

  /// Each flag that both sides have comes back as itself, or as the first row of its name; flags that only the program has
  /// leave no trace; and what the kernel has of them in any combination loses nothing.
  template <class Map>
  void check_flags() {
    using own = kernel_map<K, typename Map::name_type>;
    for (const auto& row : Map::rows) {
      const u64 native = flag_table<Map, own>::convert(row.value);
      if (!carries(row.kind)) {
        expect(native == flag_table<Map, own>::convert(0), "bit " + std::to_string(row.mask) + " means nothing, and arrives");
        continue;
      }
      const auto theirs = polyabi::detail::find_row<own>(row.name);
      if (!theirs.present || !carries(theirs->kind)) continue;
      expect((flag_table<own, Map>::convert(native) & row.mask) == (polyabi::detail::find_row<Map>(row.name)->value & row.mask),
             "flag " + std::to_string(row.value) + " does not come back");
    }
    for (int turn = 0; turn < 500; ++turn) {
      const u64 native = some_flags<Map>(), foreign = flag_table<own, Map>::convert(native);
      const u64 back = flag_table<Map, own>::convert(foreign);
      expect(flag_table<Map, own>::refused(foreign) == errc::none, std::to_string(foreign) + " is shown and refused");
      // A wider flag holds others (O_SYNC holds O_DSYNC): nothing is lost, and what it shows stays the same.
      expect((back & native) == native && flag_table<own, Map>::convert(back) == foreign,
             "the kernel's " + std::to_string(native) + " comes back as " + std::to_string(back));
    }
  }
  static bool carries(flag_class kind) { return kind == flag_class::bit || kind == flag_class::choice; }

  /// Native flags that the foreign map has too; of each field one value.
  template <class Map>
  u64 some_flags() {
    u64 bits = 0, chosen = 0;
    for (const auto& row : kernel_map<K, typename Map::name_type>::rows) {
      const auto other = polyabi::detail::find_row<Map>(row.name);
      if (!carries(row.kind) || !other.present || !carries(other->kind) || random_.next() % 2 == 0) continue;
      if ((chosen & row.mask) != 0) continue;
      if (row.kind == flag_class::choice) chosen |= row.mask;
      bits |= row.value;
    }
    return bits;
  }

  /// The shown forms are compared, byte for byte: the kernel's structure may hold more than is ever shown.
  template <class S, class N>
  void check_structure() {
    usize translated = 0;
    for (int turn = 0; turn < 300; ++turn) {
      N value{};
      fill_shown<K, S>(value, random_);
      S shown{}, again{};
      if (to_foreign<K>(value, shown) != errc::none) continue;
      N back = value; // what is not shown keeps its value
      if (to_native<K>(shown, back) != errc::none) continue;
      ++translated;
      const bool same = to_foreign<K>(back, again) == errc::none && std::memcmp(&shown, &again, sizeof shown) == 0;
      expect(same, "value " + std::to_string(turn) + " comes back otherwise");
      if (!same) return;
    }
    expect(translated > 100,
           "only " + std::to_string(translated) + " of 300 values could be translated: say in plausible<> how they look");
  }

  random_source random_;
  std::string subject_;
  translation_report report_;
};

} // namespace detail

template <class Env, class Others>
translation_report check_translations(Others others, u64 seed = 1) {
  detail::translations<Env> all{seed};
  visit_tables<Env>(all);
  others(all);
  return all.take();
}
template <class Env>
translation_report check_translations(u64 seed = 1) {
  return check_translations<Env>([](auto&) {}, seed);
}

} // namespace polyabi::testing
