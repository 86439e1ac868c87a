// The system calls that a program can make, with its libraries: the images, what each asks for, and what of it can be reached.
#pragma once

#include "reach.hpp"
#include "supported_system.hpp"

namespace polyabi::check {

/// Reads what the images ask for, follows libraries and functions that are looked up at run time under constant names, and
/// searches what can be reached.
class program_calls {
public:
  program_calls(program_images&, const supported_system&);

  const program_images& images() const { return images_; }
  const reach& everything() const { return *everything_; }
  /// Through calls alone: what the program does rather than what it could do.
  const reach& direct() const { return *direct_; }
  /// `everything` without what lies behind some functions.
  reach without(const reach::barrier& closed) const { return {images_, reach::follow::everything, looked_up_, closed}; }

  /// Calls `visit(place, const system_call&)` for every call of a function that can be reached.
  template <class Visit>
  void each(Visit&& visit) const {
    for (int i = 0; i < static_cast<int>(images_.all.size()); ++i)
      for (const u32 f : everything_->functions(i))
        for (const system_call& call : images_.all[static_cast<usize>(i)].what->calls->of(f))
          if (!is_lookup(call)) visit(place{i, f}, call);
  }

  /// Images that look up libraries or functions under names that only the run knows.
  std::set<int> computed_lookups;
  /// Libraries that are looked up under constant names and are there.
  std::vector<std::string> libraries_at_run_time;

private:
  static bool is_lookup(const system_call&);
  void read_images(const supported_system&);
  void search();
  bool follow_lookups();
  bool follow_library(int image, std::string_view name);
  bool follow_function(place from, std::string_view name);

  program_images& images_;
  std::map<std::string_view, const wrapper_list*> exported_wrappers_;
  std::set<std::string> followed_;
  further_references looked_up_;
  std::unique_ptr<reach> everything_, direct_;
};

} // namespace polyabi::check
