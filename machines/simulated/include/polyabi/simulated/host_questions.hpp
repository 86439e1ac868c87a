// How often a test's kernel has asked its host about names and attributes.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::simulated {

/// Host files opened, and files whose attributes were asked for, since the beginning.
u64 host_questions();

} // namespace polyabi::simulated
