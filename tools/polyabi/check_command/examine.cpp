#include "examine.hpp"

#include "support.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace polyabi::tool {

using check::certainty;
using check::judgement;
using check::verdict;

examiner::examiner(const examine_options& options) : options_{options}, view_{options.root} {}

std::optional<std::string> examiner::find(const std::string& program, std::string& guest_path) const {
  guest_path = program;
  if (program.find('/') != program.npos) return view_.find(program);
  const char* path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "/bin:/usr/bin" : path;
  for (;;) {
    const auto colon = folders.find(':');
    const std::string_view folder = folders.substr(0, colon);
    guest_path = std::string{folder.empty() ? "." : folder} + "/" + program;
    if (auto found = view_.find(guest_path)) return found;
    if (colon == folders.npos) return {};
    folders.remove_prefix(colon + 1);
  }
}

judgement examiner::examine(const std::string& program) {
  return examine_at_depth(program, 0);
}

namespace {

/// What `env` is to start: the first word that is no option and no variable.
std::string program_of_env(std::string_view argument) {
  while (!argument.empty()) {
    const auto blank = argument.find(' ');
    const std::string_view word = argument.substr(0, blank);
    if (!word.empty() && word.front() != '-' && word.find('=') == word.npos) return std::string{word};
    if (blank == argument.npos) break;
    argument.remove_prefix(blank + 1);
  }
  return {};
}

void cannot_start(judgement& to, std::string why) {
  to.what = verdict::fails;
  to.problem = std::move(why);
}

} // namespace

/// Where the file is in the host, and what it is.
std::optional<std::string> examiner::identify(const std::string& program, judgement& to, identification& about) const {
  auto host_path = find(program, to.path);
  if (!host_path) {
    to.path = program;
    to.problem = "not found";
    return {};
  }
  about = identify_file(*host_path, known_brands(), {options_.personality, options_.fallback_brand});
  to.format = about.format;
  to.linkage = about.linkage;
  to.personality = about.brand;
  to.arch = about.machine == "x86-64" ? "x86_64" : about.machine;
  return host_path;
}

judgement examiner::describe(const std::string& program) const {
  judgement result;
  identification about;
  identify(program, result, about);
  return result;
}

judgement examiner::examine_at_depth(const std::string& program, int depth) {
  constexpr int most_interpreters = 5;
  judgement result;
  identification about;
  const auto host_path = identify(program, result, about);
  if (!host_path) return result;
  if (about.format == "unknown") {
    result.problem = about.problem;
    return result;
  }
  if (about.format == "script") {
    if (about.interpreter.empty() || depth == most_interpreters) {
      cannot_start(result, about.interpreter.empty() ? about.problem : "too many interpreters");
      return result;
    }
    std::string interpreter = about.interpreter;
    if (interpreter.ends_with("/env"))
      if (std::string by_name = program_of_env(about.argument); !by_name.empty()) interpreter = std::move(by_name);
    judgement inner = examine_at_depth(interpreter, depth + 1);
    inner.interpreter = inner.path;
    inner.path = result.path;
    inner.format = "script";
    if (inner.what == verdict::not_judged)
      cannot_start(inner, fmt::format("its interpreter {}: {}", interpreter, inner.problem));
    inner.sure = std::max(inner.sure, certainty::medium);
    inner.doubts.insert(inner.doubts.begin(), "a script: its interpreter is judged, not what the script does with it");
    return inner;
  }
  if (about.machine.empty()) {
    cannot_start(result, about.problem);
    return result;
  }
  if (!about.recognised()) {
    cannot_start(result, about.problem);
    return result;
  }
  examine_image(result.path, *host_path, result);
  return result;
}

void examiner::examine_image(const std::string& guest_path, const std::string& host_path, judgement& to) {
  const check::supported_system* system = find_supported(to.personality, to.arch, options_.kernel, options_.settings);
  if (system == nullptr) return cannot_start(to, fmt::format("{} is not known for {} programs", to.personality, to.arch));
  // A dynamic linker knows a program by its path without links.
  const std::string canonical = view_.find(host_path) == host_path ? host_path : guest_path;
  check::program_images images{store_, view_, canonical, host_path};
  if (!images.problem().empty()) {
    to.problem = images.problem();
    return;
  }
  const auto& program = images.program();
  // Those that can be run as well, as dynamic linkers can, have an entry.
  if (program.plan.position_independent && to.linkage == "static" && !program.soname.empty() && program.plan.entry == 0) {
    to.problem = "a shared library";
    return;
  }
  for (const check::program_image& image : images.all)
    if (image.what->image->path != host_path) to.libraries.push_back(image.what->image->path);
  if (!images.missing_interpreter.empty())
    return cannot_start(to, fmt::format("its dynamic linker {} is not there", images.missing_interpreter));
  if (!images.missing.empty()) {
    const check::missing_library& first = images.missing.front();
    return cannot_start(to, fmt::format("{}, which {} needs, is not there{}", first.name, first.needed_by,
                                        images.missing.size() == 1 ? "" : fmt::format("; {} more", images.missing.size() - 1)));
  }
  const check::program_calls calls{images, *system};
  check::judge(calls, *system, to);
}

} // namespace polyabi::tool
