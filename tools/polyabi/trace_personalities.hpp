// The personalities that the tracer and the support table know, each derived in a source file of its own.
#pragma once

#include "trace_description.hpp"

namespace polyabi::tool {

const abi_description& linux_x86_64();
const abi_description& linux_i386();
const abi_description& svr4_i386();
const abi_description& svr4_amd64();
std::span<const abi_description> svr4_variants();
const abi_description& native_x86_64();

} // namespace polyabi::tool
