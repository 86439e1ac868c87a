// The pseudo files and netlink sockets of Linux on the reference kernel.
#include "linux.hpp"

namespace polyabi::linux_abi {

template struct pseudo_files<reference::kernel>;
template class netlink::netlink_socket<reference::kernel>;

} // namespace polyabi::linux_abi
