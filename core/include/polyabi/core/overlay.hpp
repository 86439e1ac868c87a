// Overlays: how one personality serves several vendors' systems. A variant is an `abi` of its own that shares the personality's
// vector and lays a few rows over it: calls that only this vendor has, or that it means otherwise. The rows are compiled once
// for each environment, whichever variants name them; the vector is not compiled again.
//
//   using rows = syscall_table<
//       call<at{105}, "sysisc", count(int_, address), interactive::sysisc>,
//       call<at{0x0c28}, "nap", count(slong), xenix::nap>>;
//   constinit const abi<kernel> variant = ...; // abi_of<Env> with another name, brand, `.overlay = &overlay_of<Env, rows>`
//
// The personality says `has_variants`, and the kernel which abi a thread runs under (`K::personality_of(thread)`).
#pragma once

#include <polyabi/core/release_history.hpp>
#include <polyabi/core/trace.hpp>

namespace polyabi {

/// One row of an overlay, as a kernel uses it.
template <class K>
struct overlay_row {
  u32 number = 0;
  std::string_view name;
  detail::entry_function<K> enter = nullptr;
  detail::traced_lookup traced;
  support level{};
  std::string_view reason;
};

/// The rows of an overlay in order of number.
template <class K>
struct overlay_rows {
  std::span<const overlay_row<K>> rows;

  const overlay_row<K>* find(u32 number) const {
    usize low = 0, high = rows.size();
    while (low < high) {
      const usize middle = (low + high) / 2;
      if (rows[middle].number < number)
        low = middle + 1;
      else
        high = middle;
    }
    return low < rows.size() && rows[low].number == number ? &rows[low] : nullptr;
  }
};

namespace detail {

template <class Env, class Table>
struct overlay_storage {
  using K = typename Env::kernel;
  static constexpr usize column = Env::arch::column;
  using table = Table;
  static_assert(number_is_unique<repeated(table::template numbers<column>), column>());

  static constexpr auto rows = []<class... Rows>(row_list<Rows...>) {
    std::array<overlay_row<K>, sizeof...(Rows)> all{
        overlay_row<K>{static_cast<u32>(Rows::numbers.column[column]), Rows::name, &entry_of<Env, Rows>::template run<>,
                       traced_lookup{&traced_row<Env, Rows>, refiner_of<Env, Rows>()}, level_of<K, typename Rows::target>(),
                       reason_of<K, typename Rows::target>()}...};
    for (usize i = 1; i < all.size(); ++i)
      for (usize j = i; j > 0 && all[j].number < all[j - 1].number; --j) {
        const overlay_row<K> other = all[j];
        all[j] = all[j - 1];
        all[j - 1] = other;
      }
    return all;
  }(typename table::rows{});
};

/// The overlay that the calling thread's process runs under; null: none.
template <class Env>
const overlay_rows<typename Env::kernel>* overlay_in_force([[maybe_unused]] typename Env::kernel::thread& thread) {
  if constexpr (requires {
                  Env::personality::has_variants;
                  Env::kernel::personality_of(thread);
                })
    return Env::kernel::personality_of(thread).overlay;
  else
    return nullptr;
}

template <class Env>
traced_lookup find_traced_call(typename Env::kernel::thread& thread, u32 number) {
  if (const auto* over = overlay_in_force<Env>(thread); over != nullptr)
    if (const auto* row = over->find(number); row != nullptr) return row->traced;
  return find_traced<Env>(number);
}

} // namespace detail

/// A table as an overlay: `.overlay = &overlay_of<Env, rows>`.
template <class Env, class Table>
inline constexpr overlay_rows<typename Env::kernel> overlay_of{detail::overlay_storage<Env, Table>::rows};

/// Makes call `number` as the variant in force has it, or else as the personality has it in the release that is seen.
template <class Env>
void dispatch_call(typename Env::kernel::thread& thread, registers& frame, u32 number) {
  if (!has_appeared<Env>(thread, number)) [[unlikely]]
    return detail::fail<Env>(thread, frame, number_for<typename Env::personality::errors>(errc::nosys));
  if (const auto* over = detail::overlay_in_force<Env>(thread); over != nullptr)
    if (const auto* row = over->find(number); row != nullptr) return row->enter(thread, frame);
  vector_of<Env>::dispatch(thread, frame, number);
}

} // namespace polyabi
