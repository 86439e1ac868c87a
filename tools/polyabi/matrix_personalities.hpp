// The support of each personality's rows, each instantiated in a source file of its own. "none" is a kernel that provides
// nothing: what is left is what the library does alone.
#pragma once

#include "matrix_levels.hpp"

namespace polyabi::tool {

std::vector<row_support> linux_x86_64_on_reference();
std::vector<row_support> linux_x86_64_on_none();
std::vector<row_support> linux_i386_on_reference();
std::vector<row_support> linux_i386_on_none();
std::vector<row_support> svr4_i386_on_reference();
std::vector<row_support> svr4_i386_on_none();
std::vector<row_support> svr4_amd64_on_reference();
std::vector<row_support> svr4_amd64_on_none();
/// In the order of `svr4_variants`.
std::vector<row_support> svr4_variant_on_reference(usize index);
std::vector<row_support> svr4_variant_on_none(usize index);
std::vector<row_support> native_x86_64_on_reference();

} // namespace polyabi::tool
