// The modules that can be pushed, by name.
#pragma once

#include <polyabi/facilities/streams/modules/connld.hpp>
#include <polyabi/facilities/streams/modules/packet.hpp>
#include <polyabi/facilities/streams/modules/pipemod.hpp>
#include <polyabi/facilities/streams/modules/terminal.hpp>
#include <polyabi/facilities/streams/modules/timod.hpp>
#include <polyabi/facilities/streams/modules/tirdwr.hpp>

namespace polyabi::streams {

/// So many modules a stream may have (NSTRPUSH).
inline constexpr u32 module_limit = 9;

template <class K>
struct module_row {
  std::string_view name;
  stream_module<K>* (*make)(); ///< null: out of memory
};

namespace detail {
template <class K, class Module>
stream_module<K>* make_module() {
  return create<K, Module>();
}
} // namespace detail

template <class K>
inline constexpr module_row<K> module_rows[] = {
    {"timod", &detail::make_module<K, timod<K>>},     {"tirdwr", &detail::make_module<K, tirdwr<K>>},
    {"connld", &detail::make_module<K, connld<K>>},   {"pckt", &detail::make_module<K, packet_module<K>>},
    {"pipemod", &detail::make_module<K, pipemod<K>>}, {"ptem", &detail::make_module<K, ptem<K>>},
    {"ldterm", &detail::make_module<K, ldterm<K>>},   {"ttcompat", &detail::make_module<K, ttcompat<K>>},
};

template <class K>
const module_row<K>* find_module(std::string_view name) {
  for (const module_row<K>& row : module_rows<K>)
    if (row.name == name) return &row;
  return nullptr;
}

} // namespace polyabi::streams
