// The kernel's memory in large pages of the host's.
#pragma once

#include "image_loader.hpp"

namespace polyabi::hosted {

/// Each process touches some thirty pages of the kernel's soon after it is made, and each is a page fault. What is used most is
/// brought into large pages here, and the text and constants are copied into such, which processes change to before they fork
/// (image/processes.cpp). Takes about a millisecond, and a few MB: for systems that have had some processes. Where the host
/// cannot do it (madvise(2): MADV_COLLAPSE, Linux 6.1), all stays as it is.
void use_large_pages(const loaded_image&);

} // namespace polyabi::hosted
