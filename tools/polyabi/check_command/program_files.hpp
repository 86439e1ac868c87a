// Paths on the command line, of programs and of folders of them, as a list of files.
#pragma once

#include "examine.hpp"

#include <string>
#include <vector>

namespace polyabi::tool {

struct program_file {
  std::string path;
  bool is_of_folder = false; ///< found there, not named
};
struct program_files {
  std::vector<program_file> all;
  usize others = 0; ///< files in the folders that are no programs
};

/// Folders are walked with all folders in them, in order of names; links to folders are not followed, and a file that has
/// several names counts under the first.
program_files files_of(const std::vector<std::string>& paths, const examiner&);

} // namespace polyabi::tool
