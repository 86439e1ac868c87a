// From a path to a judgement: what the file is, whose it is, and what it asks for.
#pragma once

#include "identify.hpp"

#include <verdict.hpp>

namespace polyabi::tool {

struct examine_options {
  std::string personality;              ///< chosen by the user; empty: by brand
  std::string fallback_brand = "linux"; ///< of files without any mark
  std::string root;                     ///< host directory at the emulation root; empty: none
  std::string kernel = "reference";
  std::vector<std::string> settings{}; ///< KEY=VALUE, as `run` has them
};

/// Judges programs; what it has read of libraries serves the next program as well.
class examiner {
public:
  explicit examiner(const examine_options&);

  /// A path, or a name to be looked up in PATH, as `run` takes it.
  check::judgement examine(const std::string& program);
  /// What its file says at first sight, without a verdict.
  check::judgement describe(const std::string& program) const;

private:
  std::optional<std::string> identify(const std::string& program, check::judgement& to, identification& about) const;
  check::judgement examine_at_depth(const std::string& program, int depth);
  void examine_image(const std::string& guest_path, const std::string& host_path, check::judgement& to);
  std::optional<std::string> find(const std::string& program, std::string& guest_path) const;

  examine_options options_;
  check::host_view view_;
  check::image_store store_;
};

} // namespace polyabi::tool
