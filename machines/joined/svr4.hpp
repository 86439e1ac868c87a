// What of the System V personality depends on the kernel alone: compiled once, by svr4.cpp, for all architectures.
#pragma once

#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>

namespace polyabi::svr4 {

extern template struct pseudo_files<reference::kernel>;

} // namespace polyabi::svr4
