// Making sockets of the Internet's families.
#pragma once

#include <sockets/families.hpp>

namespace polyabi::reference::network {

/// One that own interfaces can carry where there is such a kind, otherwise one of the host's alone.
result<ref<socket>> make_socket(i32 family, i32 type, i32 protocol);

} // namespace polyabi::reference::network
