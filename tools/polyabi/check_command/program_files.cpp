#include "program_files.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sys/stat.h>

namespace polyabi::tool {

namespace fs = std::filesystem;

namespace {

class collector {
public:
  explicit collector(const examiner& examine) : examine_{examine} {}

  /// Deep trees are walked with a list of folders, not by recursion.
  void add_folder(const fs::path& first) {
    std::vector<fs::path> waiting{first};
    while (!waiting.empty()) {
      const fs::path folder = std::move(waiting.back());
      waiting.pop_back();
      std::vector<fs::path> entries;
      std::error_code error;
      for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error))
        entries.push_back(at->path());
      std::sort(entries.begin(), entries.end());
      std::vector<fs::path> folders;
      for (const fs::path& entry : entries) {
        if (fs::symlink_status(entry, error).type() == fs::file_type::directory)
          folders.push_back(entry);
        else
          add_file(entry);
      }
      waiting.insert(waiting.end(), folders.rbegin(), folders.rend());
    }
  }

  program_files found;

private:
  void add_file(const fs::path& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode) || !seen_.emplace(about.st_dev, about.st_ino).second)
      return;
    if (examine_.describe(path.string()).format == "unknown")
      ++found.others;
    else
      found.all.push_back({path.string(), true});
  }

  const examiner& examine_;
  std::set<std::pair<dev_t, ino_t>> seen_;
};

} // namespace

program_files files_of(const std::vector<std::string>& paths, const examiner& examine) {
  collector to{examine};
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error))
      to.add_folder(path);
    else
      to.found.all.push_back({path, false});
  }
  return std::move(to.found);
}

} // namespace polyabi::tool
