// Round trips: foreign to native to foreign gives the same bytes back, for values that both sides can hold.
#pragma once

#include <polyabi/core/translate.hpp>

#include <cstring>

namespace polyabi::testing {

/// A kernel type for translators that need no maps.
struct no_kernel {};

/// A small generator of reproducible values: the same seed, the same run.
class random_source {
public:
  explicit random_source(u64 seed) : state_{seed * 2 + 1} {}
  u64 next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  /// Small numbers, powers of two and extremes are as likely as noise.
  u64 interesting() {
    switch (next() % 5) {
    case 0: return next() % 16;
    case 1: return u64{1} << (next() % 64);
    case 2: return ~u64{0} >> (next() % 64);
    case 3: return ~(next() % 16);
    default: return next();
    }
  }

private:
  u64 state_;
};

/// Fills a native structure with such values, field by field.
template <class N>
void fill(N& value, random_source& random) {
  if constexpr (std::is_integral_v<N>) {
    value = static_cast<N>(random.interesting());
  } else if constexpr (std::is_array_v<N>) {
    for (auto& element : value) fill(element, random);
  } else if constexpr (has_fields<N>) {
    for_each_field<N>([&]<class Field>(Field) { fill(value.*Field::member, random); });
  } else {
    auto* bytes = reinterpret_cast<unsigned char*>(&value);
    for (usize i = 0; i < sizeof value; ++i) bytes[i] = static_cast<unsigned char>(random.next());
  }
}

/// Native to foreign `F` and back: what the foreign side could hold comes back as the same foreign bytes. Values that do not fit
/// must be refused, not changed. Answers false at the first difference; `failed_at` then holds the turn.
template <class K, class F, class N>
bool round_trips(u64 turns, u64 seed = 1, u64* failed_at = nullptr) {
  random_source random{seed};
  u64 translated = 0;
  for (u64 turn = 0; turn < turns; ++turn) {
    N native{};
    fill(native, random);
    F first{}, second{};
    if (to_foreign<K>(native, first) != errc::none) continue;
    N back{};
    const bool same = to_native<K>(first, back) == errc::none && to_foreign<K>(back, second) == errc::none &&
                      std::memcmp(&first, &second, sizeof(F)) == 0;
    if (!same) {
      if (failed_at != nullptr) *failed_at = turn;
      return false;
    }
    ++translated;
  }
  return translated > 0;
}

} // namespace polyabi::testing
