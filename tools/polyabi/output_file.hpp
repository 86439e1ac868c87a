// Where a subcommand's answer goes: a file that was named, or one of the tool's own streams.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace polyabi::tool {

/// Opened before the work: a name that cannot be written is a mistake of the command line (CLI::ValidationError).
class output_file {
public:
  /// Without a path: a copy of the descriptor `standard`, which no program of a run inherits and no terminal mode changes.
  output_file(const std::string& path, int standard, std::string_view option);

  std::FILE* stream() const { return stream_.get(); }
  void write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stream_.get()); }
  void flush() { std::fflush(stream_.get()); }
  /// Throws if not all could be written.
  void close();

private:
  struct closer {
    void operator()(std::FILE* stream) const { std::fclose(stream); }
  };
  std::string name_;
  std::unique_ptr<std::FILE, closer> stream_;
};

} // namespace polyabi::tool
