// Where the functions of an image begin and end: from unwind tables (stripped programs have them), Go's function table,
// symbols, and the targets of calls.
#pragma once

#include "elf_image.hpp"

#include <string>

namespace polyabi::check {

struct function_range {
  u64 start = 0, end = 0;
  std::string_view name;     ///< empty: not known
  bool is_described = false; ///< by a table; otherwise its ends are guessed
};

/// [start, end) of every frame description behind .eh_frame_hdr (Linux Standard Base, Core, chapter 10.6).
std::vector<function_range> unwind_ranges(const elf_image&);

/// What .gopclntab of Go 1.2 to 1.22 lists (the layout stands in the Go sources' debug/gosym).
std::vector<function_range> go_ranges(const elf_image&);

/// Where functions begin as far as the code and the data tell that no table describes: the targets of direct calls, and code
/// whose address is taken or stands in data. By address, each once.
std::vector<u64> likely_starts(const elf_image&, const std::vector<function_range>& described);

/// The functions of an image by address, without overlaps. `starts` divide what no table describes. All executable memory
/// belongs to some function.
std::vector<function_range> divide_into_functions(const elf_image&, const std::vector<u64>& starts);

} // namespace polyabi::check
