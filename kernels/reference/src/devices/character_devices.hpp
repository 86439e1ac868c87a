// The devices without a terminal: what they give and take.
#pragma once

#include <polyabi/reference/file.hpp>

namespace polyabi::reference {

enum class memory_device : u8 { null, zero, full, random };

/// An open file of one of them.
result<ref<file>> open_memory_device(memory_device, ref<vnode> node, std::string_view name, u32 flags);

} // namespace polyabi::reference
