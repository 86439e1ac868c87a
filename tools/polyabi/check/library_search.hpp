// Where a program's own dynamic linker would find a library. The rules of each linker are one row of data.
#pragma once

#include "elf_image.hpp"
#include "host_view.hpp"

#include <map>

namespace polyabi::check {

/// One step of a search.
enum class search_step : u8 {
  old_path,    ///< DT_RPATH of the image and of those that led to it, unless it has DT_RUNPATH
  environment, ///< LD_LIBRARY_PATH
  new_path,    ///< DT_RUNPATH of the image
  any_path,    ///< DT_RUNPATH, or DT_RPATH, of the image and of those that led to it
  cache,       ///< /etc/ld.so.cache
  listed,      ///< the directories in the linker's own file, or the usual ones without it
  usual,       ///< the usual directories
};

/// How a dynamic linker searches.
struct linker_rules {
  std::string_view name;
  std::string_view interpreter; ///< the beginning of its file's name
  architecture arch{};
  std::array<search_step, 5> order{};
  usize steps = 0;
  std::string_view list;                    ///< of `listed`: the file
  std::array<std::string_view, 6> usual{};  ///< directories; empty ones count for nothing
  std::array<std::string_view, 2> itself{}; ///< names of libraries that are the linker
};

/// The rules of an interpreter; the GNU C library's if nobody knows it.
const linker_rules& rules_for(std::string_view interpreter, architecture);

/// An image and who asked for it: DT_RPATH is inherited.
struct requester {
  const elf_image* image = nullptr;
  std::string guest_path; ///< as the program sees it
  const requester* asked_by = nullptr;
};

struct found_library {
  std::string guest_path, host_path;
};

class library_search {
public:
  library_search(const host_view&, const linker_rules&, std::string library_path);

  /// A file of the right kind, or nothing.
  std::optional<found_library> find(std::string_view name, const requester& by) const;
  /// Libraries that are loaded before all others: LD_PRELOAD's value is given, /etc/ld.so.preload is read.
  std::vector<std::string> preloaded(std::string_view variable) const;

  const linker_rules& rules() const { return rules_; }

private:
  std::optional<found_library> in_directory(std::string_view directory, std::string_view name) const;
  std::optional<found_library> in_list(std::string_view directories, std::string_view name, const requester& by) const;
  std::optional<found_library> in_step(search_step, std::string_view name, const requester& by) const;
  std::optional<found_library> accept(const std::string& guest_path) const;

  const host_view& view_;
  const linker_rules& rules_;
  std::string library_path_;
  std::map<std::string, std::string, std::less<>> cache_;
};

/// The libraries of one architecture in the cache of the GNU C library's ldconfig: name, and path.
std::map<std::string, std::string, std::less<>> read_loader_cache(std::span<const u8> file, architecture);

} // namespace polyabi::check
