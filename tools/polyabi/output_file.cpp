#include "output_file.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace polyabi::tool {

output_file::output_file(const std::string& path, int standard, std::string_view option)
    : name_{!path.empty()               ? path
            : standard == STDERR_FILENO ? "standard error"
                                        : "standard output"} {
  const int descriptor =
      path.empty() ? fcntl(standard, F_DUPFD_CLOEXEC, 3) : open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  stream_.reset(descriptor < 0 ? nullptr : fdopen(descriptor, "w"));
  if (stream_ == nullptr) throw CLI::ValidationError{fmt::format("{}: {}: {}", option, name_, std::strerror(errno))};
}

void output_file::close() {
  const bool had_error = std::ferror(stream_.get()) != 0;
  if (std::fclose(stream_.release()) != 0 || had_error) throw std::runtime_error{name_ + ": cannot be written"};
}

} // namespace polyabi::tool
