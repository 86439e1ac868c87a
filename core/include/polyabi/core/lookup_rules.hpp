// What the lookup of a path is kept from, beside what permissions say.
#pragma once

namespace polyabi {

struct lookup_rules {
  bool one_file_system = false; ///< EXDEV where a mount begins or ends
  bool no_links = false;        ///< ELOOP; one at the end of the path that is not followed is none
  bool no_jumps = false;        ///< ELOOP for links that are no text (/proc/PID/exe)
  bool beneath = false;         ///< EXDEV for what leads out of the directory where the lookup starts
  bool in_root = false;         ///< that directory is the root

  constexpr bool any() const { return one_file_system || no_links || no_jumps || beneath || in_root; }
  /// Nothing outside of the directory where it starts is come to.
  constexpr bool scoped() const { return beneath || in_root; }
};

} // namespace polyabi
