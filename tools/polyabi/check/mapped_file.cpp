#include "mapped_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace polyabi::check {

mapped_file::mapped_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
    problem_ = std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    problem_ = S_ISDIR(status.st_mode) ? "a directory" : "not a regular file";
  } else if (status.st_size > 0) {
    const auto size = static_cast<usize>(status.st_size);
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (at == MAP_FAILED)
      problem_ = std::strerror(errno);
    else
      bytes_ = {static_cast<const u8*>(at), size};
  }
  if (descriptor >= 0) ::close(descriptor);
}

mapped_file::~mapped_file() {
  if (!bytes_.empty()) ::munmap(const_cast<u8*>(bytes_.data()), bytes_.size());
}

bool mapped_file::read(u64 offset, void* to, usize size) const {
  if (offset > bytes_.size() || size > bytes_.size() - offset) return false;
  if (size != 0) std::memcpy(to, bytes_.data() + offset, size);
  return true;
}

} // namespace polyabi::check
