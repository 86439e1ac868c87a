// The pseudo files of System V on the reference kernel, with the transports behind its devices.
#include "svr4.hpp"

namespace polyabi::svr4 {

template struct pseudo_files<reference::kernel>;

} // namespace polyabi::svr4
