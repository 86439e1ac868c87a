// A file of the host, mapped to be read.
#pragma once

#include <polyabi/core/types.hpp>

#include <span>
#include <string>

namespace polyabi::check {

/// A regular file's bytes. A file that another program cuts off while it is being read ends this program, as with every
/// mapping; `read` looks at it only as far as the file reached when it was opened.
class mapped_file {
public:
  explicit mapped_file(const std::string& path);
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  ~mapped_file();

  /// Why there are no bytes; empty if there are.
  const std::string& problem() const { return problem_; }
  std::span<const u8> bytes() const { return bytes_; }

  /// As the activators read.
  bool read(u64 offset, void* to, usize size) const;

private:
  std::span<const u8> bytes_;
  std::string problem_;
};

} // namespace polyabi::check
