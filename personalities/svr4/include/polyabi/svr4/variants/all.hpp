// Every variant, and how it becomes an `abi` of a kernel's.
#pragma once

#include <polyabi/svr4/personality.hpp>
#include <polyabi/svr4/variants/coherent.hpp>
#include <polyabi/svr4/variants/ibcs2.hpp>
#include <polyabi/svr4/variants/interactive.hpp>
#include <polyabi/svr4/variants/openserver.hpp>
#include <polyabi/svr4/variants/solaris.hpp>
#include <polyabi/svr4/variants/unixware.hpp>

namespace polyabi::svr4 {

/// Calls `visit(V{})` for each variant.
template <class Visit>
constexpr void each_variant(Visit visit) {
  visit(variants::solaris{});
  visit(variants::unixware{});
  visit(variants::openserver{});
  visit(variants::interactive{});
  visit(variants::coherent{});
  visit(variants::ibcs2{});
}

/// The description of variant `V` for kernel `K`: the personality's own, with its rows over the vector. To be instantiated
/// where `abi_of<on<K>>` is, so that nothing is compiled twice.
template <class K, class V>
inline constexpr abi<K> variant_abi = [] {
  abi<K> made = abi_of<on<K>>;
  made.name = V::name;
  made.brand = V::brand;
  made.overlay = &overlay_of<on<K>, typename V::rows>;
  made.variant = &V::facts;
  if constexpr (V::old_frames) made.deliver_signal = &build_old_signal_frame<on<K>, typename V::signals>;
  return made;
}();

/// The description of 64-bit programs' personality. It says that it is Solaris.
template <class K>
inline constexpr abi<K> amd64_abi = [] {
  abi<K> made = abi_of<on_amd64<K>>;
  made.variant = &variants::solaris::facts;
  return made;
}();

} // namespace polyabi::svr4
