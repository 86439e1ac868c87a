// Loads the kernel image, which is embedded in the executable, to its fixed addresses.
#pragma once

#include <polyabi/hosted/image.hpp>

#include <stdexcept>
#include <string>

namespace polyabi::hosted {

/// This host cannot carry the system: the text says what is missing, in one line.
struct unsupported_host : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The image in this process' memory. One a process.
struct loaded_image {
  const image_header* header;
  shared_state& shared() const { return *header->shared; }
};

/// Throws `unsupported_host`.
loaded_image load_image();

/// Closes the image and the arena to code that has not opened their protection key, as the calling thread has. False, and
/// nothing changes, if the host has none to give.
bool close_image(const loaded_image&);

/// A sparse memory file. Throws `unsupported_host`.
int memory_file(const char* name, u64 size);

/// "symbol+0x12 (demangled)" of an address in the image, or its number.
std::string describe_address(u64 address);

} // namespace polyabi::hosted
