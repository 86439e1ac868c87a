// What System V's tables do not say about arguments and results: the messages of streams by the names of their primitives,
// options of streams by name.
#pragma once

#include "trace_description.hpp"

namespace polyabi::tool::svr4_formats {

std::span<const refinement> stream_arguments(); ///< format_svr4_streams.cpp
std::span<const result_refinement> stream_results();

/// "{T_CONN_REQ, dest_length=16, dest_offset=20, opt_length=0, opt_offset=0, "\2\0..."}": a control part that is a primitive of
/// TPI; other bytes as they are.
std::string control_text(std::string_view bytes, u64 whole);

/// All of them.
refinements all();

} // namespace polyabi::tool::svr4_formats
