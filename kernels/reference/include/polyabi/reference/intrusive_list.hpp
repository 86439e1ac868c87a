// The kernel's lists are core's.
#pragma once

#include <polyabi/core/intrusive_list.hpp>

namespace polyabi::reference {

using polyabi::intrusive_list;
using polyabi::list_link;

} // namespace polyabi::reference
