// A program and all that its dynamic linker would load with it, in the order of symbol lookup, each read and analysed once.
#pragma once

#include "library_search.hpp"
#include "system_calls.hpp"

#include <unordered_map>

namespace polyabi::check {

/// An image with all that depends on its file alone, and on what it imports.
struct analysed_image {
  std::unique_ptr<elf_image> image;
  std::unique_ptr<code_graph> graph;
  std::unique_ptr<system_calls> calls;
  std::unordered_multimap<std::string_view, u32> exports; ///< defined symbols by name

  /// What an import of this name and version means here; null if it is not defined.
  const symbol* find(std::string_view name, std::string_view version) const;
};

/// Images by their path in the host: libraries are shared by many programs.
class image_store {
public:
  /// Null, and why.
  analysed_image* open(const std::string& host_path, std::string& problem);

private:
  struct entry {
    std::unique_ptr<analysed_image> image;
    std::string problem;
  };
  std::map<std::string, entry> images_;
};

struct program_image {
  analysed_image* what = nullptr;
  std::string guest_path, name; ///< `name`: as it was asked for
  int asked_by = -1;            ///< index of an image; -1: nobody
  bool is_optional = false;     ///< the program asks for it while it runs
};

struct missing_library {
  std::string name, needed_by;
};

class program_images {
public:
  /// Loads `host_path`, an executable. `problem()` says why there is none.
  program_images(image_store&, const host_view&, const std::string& guest_path, const std::string& host_path);

  const std::string& problem() const { return problem_; }
  std::vector<program_image> all; ///< the program first
  int linker = -1;                ///< the dynamic linker's index, -1 without
  std::vector<missing_library> missing;
  std::string missing_interpreter;

  const elf_image& program() const { return *all.front().what->image; }
  /// Adds a library that is asked for at run time, and what it needs. False if there is none.
  bool add_at_run_time(std::string_view name, int asked_by);
  /// From images that others need to those that need them.
  std::vector<int> by_need() const;

private:
  int known(std::string_view name) const;
  bool add(std::string_view name, int asked_by, bool is_optional);

  image_store& store_;
  const host_view& view_;
  std::unique_ptr<library_search> search_;
  std::string problem_;
};

} // namespace polyabi::check
