// What can be done to the space that a range of a file's bytes takes (fallocate(2)).
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi {

/// What is done to a range of a file's bytes. Those that are to fit in it make the file longer if need be.
enum class space_change : u8 {
  allocate,     ///< later writes there do not fail for want of space; the file becomes so long
  reserve,      ///< the same, and its size stays
  release,      ///< reads as zeros and costs nothing; its size stays
  zero,         ///< reads as zeros; the file becomes so long
  zero_keeping, ///< the same, and its size stays
  collapse,     ///< what is behind it moves down
  insert,       ///< what is behind it moves up
  unshare       ///< becomes the file's own, where files share their bytes
};

} // namespace polyabi
