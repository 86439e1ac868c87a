#include "program_images.hpp"

#include <cstdlib>
#include <functional>

namespace polyabi::check {

const symbol* analysed_image::find(std::string_view name, std::string_view version) const {
  const symbol* best = nullptr;
  const auto [first, last] = exports.equal_range(name);
  for (auto at = first; at != last; ++at) {
    const symbol& s = image->symbols[at->second];
    if (!version.empty() && s.version == version) return &s;
    if (best == nullptr || (s.is_default && !best->is_default)) best = &s;
  }
  return best;
}

analysed_image* image_store::open(const std::string& host_path, std::string& problem) {
  entry& known = images_[host_path];
  if (known.image == nullptr && known.problem.empty()) {
    auto made = std::make_unique<analysed_image>();
    made->image = elf_image::open(host_path, known.problem);
    if (made->image != nullptr) {
      made->graph = std::make_unique<code_graph>(*made->image);
      const auto& symbols = made->image->symbols;
      for (u32 i = 0; i < symbols.size(); ++i)
        if (symbols[i].defined && !symbols[i].name.empty()) made->exports.emplace(symbols[i].name, i);
      known.image = std::move(made);
    }
  }
  if (known.image == nullptr) problem = known.problem;
  return known.image.get();
}

program_images::program_images(image_store& store, const host_view& view, const std::string& guest_path,
                               const std::string& host_path)
    : store_{store}, view_{view} {
  analysed_image* program = store.open(host_path, problem_);
  if (program == nullptr) return;
  all.push_back({program, guest_path, guest_path, -1, false});
  const std::string interpreter{program->image->plan.interpreter.view()};
  if (interpreter.empty()) return;
  const char* path = std::getenv("LD_LIBRARY_PATH");
  search_ = std::make_unique<library_search>(view, rules_for(interpreter, program->image->arch()), path == nullptr ? "" : path);
  const auto linker_path = view.find(interpreter);
  std::string why;
  analysed_image* dynamic_linker = linker_path ? store.open(*linker_path, why) : nullptr;
  if (dynamic_linker == nullptr) {
    missing_interpreter = interpreter;
    return;
  }
  const char* preload = std::getenv("LD_PRELOAD");
  for (const std::string& name : search_->preloaded(preload == nullptr ? "" : preload))
    add(name, 0, false); // no error if not there
  missing.clear();
  // The linker stands in the scope where the first library needs it, as a rule at the end.
  for (usize i = 0; i < all.size(); ++i) {
    for (const std::string_view name : all[i].what->image->needed) {
      const bool is_linker =
          name == dynamic_linker->image->soname || name == search_->rules().itself[0] || name == search_->rules().itself[1];
      if (is_linker && linker < 0) {
        linker = static_cast<int>(all.size());
        all.push_back({dynamic_linker, interpreter, std::string{name}, 0, false});
      } else if (!is_linker) {
        add(name, static_cast<int>(i), false);
      }
    }
  }
  if (linker < 0) {
    linker = static_cast<int>(all.size());
    all.push_back({dynamic_linker, interpreter, interpreter, 0, false});
  }
}

int program_images::known(std::string_view name) const {
  for (usize i = 0; i < all.size(); ++i)
    if (all[i].name == name || (i > 0 && all[i].what->image->soname == name)) return static_cast<int>(i);
  return -1;
}

bool program_images::add(std::string_view name, int asked_by, bool is_optional) {
  if (known(name) >= 0) return true;
  std::vector<requester> chain; // from the program to who asks
  for (int i = asked_by; i >= 0; i = all[static_cast<usize>(i)].asked_by)
    chain.push_back({all[static_cast<usize>(i)].what->image.get(), all[static_cast<usize>(i)].guest_path, nullptr});
  for (usize i = 0; i + 1 < chain.size(); ++i) chain[i].asked_by = &chain[i + 1];
  const auto found = search_ == nullptr ? std::nullopt : search_->find(name, chain.front());
  std::string why;
  analysed_image* image = found ? store_.open(found->host_path, why) : nullptr;
  if (image == nullptr) {
    if (!is_optional) missing.push_back({std::string{name}, all[static_cast<usize>(asked_by)].guest_path});
    return false;
  }
  for (const program_image& one : all)
    if (one.what == image) return true; // under another name
  all.push_back({image, found->guest_path, std::string{name}, asked_by, is_optional});
  return true;
}

bool program_images::add_at_run_time(std::string_view name, int asked_by) {
  usize from = all.size();
  if (!add(name, asked_by, true)) return false;
  for (; from < all.size(); ++from)
    for (const std::string_view needed : all[from].what->image->needed) add(needed, static_cast<int>(from), true);
  return true;
}

std::vector<int> program_images::by_need() const {
  std::vector<int> order;
  std::vector<bool> seen(all.size());
  const std::function<void(int)> visit = [&](int i) {
    if (i < 0 || seen[static_cast<usize>(i)]) return;
    seen[static_cast<usize>(i)] = true;
    for (const std::string_view name : all[static_cast<usize>(i)].what->image->needed) visit(known(name));
    order.push_back(i);
  };
  visit(linker);
  for (usize i = 0; i < all.size(); ++i) visit(static_cast<int>(i));
  return order;
}

} // namespace polyabi::check
