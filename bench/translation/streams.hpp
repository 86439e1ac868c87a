// Streams of the measured kernel: what is asked of them is answered in operations.cpp.
#pragma once

#include "kernel.hpp"

#include <polyabi/facilities/streams/file.hpp>
#include <polyabi/facilities/streams/receive.hpp>
#include <polyabi/facilities/streams/terminal_line.hpp>

namespace polyabi::streams {

template <>
class stream<bench::kernel> {
public:
  bool has_module(std::string_view) const { return false; }
};
template <>
struct inside<bench::kernel> {
  inside() {}
};
template <>
class stream_file<bench::kernel> {
public:
  static bool is_nonblocking(u32 flags) { return (flags & reference::open_flags::nonblock) != 0; }
};
template <>
class adopted_stream<bench::kernel> {
public:
  static stream<bench::kernel>* of(bench::file&, terminal_side) { return nullptr; }
};
template <>
stream<bench::kernel>* stream_of<bench::kernel>(bench::file&);
template <>
outcome<bench::kernel, i32> get_message<bench::kernel>(bench::thread&, stream<bench::kernel>&, part_out&, part_out&, selection&,
                                                       bool, i32 (*)(errc));

} // namespace polyabi::streams
