// What System V's tables do not say about arguments and results: the messages of streams by the names of their primitives,
// options of streams by name.
#pragma once

#include "trace_description.hpp"

namespace polyabi::tool::svr4_formats {

std::span<const refinement> stream_arguments(); ///< format_svr4_streams.cpp
std::span<const result_refinement> stream_results();

/// A control part that is a primitive of TPI; other bytes as they are (format_svr4_tpi.cpp):
/// {T_CONN_REQ, dest={AF_INET, 127.0.0.1:80}, opt=""}, {T_ERROR_ACK, error_prim=T_BIND_REQ, tli_error=TOUTSTATE, unix_error=0}.
std::string control_text(std::string_view bytes, u64 whole);

/// Bits by name, the rest as a number; `none` if there are none.
struct named_bit {
  u32 bit;
  std::string_view name;
};
std::string bits_text(u32 bits, std::span<const named_bit> names, std::string_view none = "0");

/// All of them.
refinements all();

} // namespace polyabi::tool::svr4_formats
