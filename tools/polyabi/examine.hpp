// From a path to a judgement: what the file is, whose it is, and what it asks for.
#pragma once

#include <verdict.hpp>

namespace polyabi::tool {

struct examine_options {
  std::string personality; ///< chosen by the user; empty: by brand
  std::string root;        ///< host directory at the emulation root; empty: none
  std::string kernel = "reference";
};

/// Judges programs; what it has read of libraries serves the next program as well.
class examiner {
public:
  explicit examiner(const examine_options&);

  /// A path, or a name to be looked up in PATH, as `run` takes it.
  check::judgement examine(const std::string& program);

private:
  check::judgement examine_at_depth(const std::string& program, int depth);
  void examine_image(const std::string& guest_path, const std::string& host_path, check::judgement& to);
  std::optional<std::string> find(const std::string& program, std::string& guest_path) const;

  examine_options options_;
  check::host_view view_;
  check::image_store store_;
};

} // namespace polyabi::tool
