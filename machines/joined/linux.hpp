// What of the Linux personality depends on the kernel alone: compiled once, by linux.cpp, for all architectures.
#pragma once

#include <polyabi/linux/personality.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::linux_abi {

extern template struct pseudo_files<reference::kernel>;
extern template class netlink::netlink_socket<reference::kernel>;

} // namespace polyabi::linux_abi
