#include "reach.hpp"

namespace polyabi::check {

reach::reach(const program_images& images, follow how, const further_references& further, const barrier& closed)
    : images_{images}, follow_{how}, closed_{closed} {
  for (const program_image& one : images.all) state_.emplace_back(one.what->graph->node_count());
  resolved_.resize(images.all.size());
  add_roots();
  // Breadth first, so that the ways are short.
  for (usize next = 0; next < work_.size(); ++next) {
    const place here = work_[next];
    const code_graph& graph = *images.all[static_cast<usize>(here.image)].what->graph;
    for (const edge& e : graph.edges_of(here.node)) {
      if (follow_ == follow::calls_only && e.kind != edge_kind::call) continue;
      if (e.is_import)
        add_symbol_of(here.image, e.to, e.kind, here);
      else
        add({here.image, e.to}, here);
    }
    if (const auto found = further.find(here); found != further.end())
      for (const place to : found->second) add(to, here);
  }
  work_.clear();
}

void reach::add_roots() {
  const place nowhere;
  const auto& all = images_.all;
  const code_graph& program = *all.front().what->graph;
  if (const auto entry = program.function_at(program.image.plan.entry)) {
    add({0, *entry}, nowhere);
    // main, which the entry gives to the C library's start.
    if (follow_ == follow::calls_only)
      for (const edge& e : program.edges_of(*entry))
        if (e.kind == edge_kind::taken && !e.is_import) add({0, e.to}, nowhere);
  }
  // Go's own linker has left out what cannot be reached, and its methods are found by more than addresses.
  for (usize i = 0; i < all.size(); ++i) {
    const code_graph& graph = *all[i].what->graph;
    const int image = static_cast<int>(i);
    if (image == images_.linker)
      if (const auto entry = graph.function_at(graph.image.plan.entry)) add({image, *entry}, nowhere);
    if (image != images_.linker)
      for (const u64 address : graph.image.initialisers)
        if (const auto f = graph.function_at(address)) add({image, *f}, nowhere);
    if (graph.image.is_go())
      for (u32 f = 0; f < graph.functions.size(); ++f) add({image, f}, nowhere);
    // Of a library that is asked for at run time any function may be.
    if (all[i].is_optional && follow_ == follow::everything)
      for (const symbol& s : graph.image.symbols)
        if (s.defined && s.kind != symbol_kind::object)
          if (const auto f = graph.node_at(s.address)) add({image, *f}, nowhere);
  }
}

void reach::add(place p, place from) {
  node_state& state = state_[static_cast<usize>(p.image)][p.node];
  if (state.reached) return;
  state = {true, from};
  work_.push_back(p);
}

/// Symbol lookup: the images in order of their loading, the first definition counts.
place reach::resolve(int image, u32 index) {
  const auto [known, is_new] = resolved_[static_cast<usize>(image)].try_emplace(index);
  if (!is_new) return known->second;
  const symbol& wanted = images_.all[static_cast<usize>(image)].what->image->symbols[index];
  for (usize i = 0; i < images_.all.size(); ++i) {
    const analysed_image& candidate = *images_.all[i].what;
    const symbol* found = candidate.find(wanted.name, wanted.version);
    if (found == nullptr) continue;
    if (const auto node = candidate.graph->node_at(found->address)) known->second = {static_cast<int>(i), *node};
    return known->second;
  }
  if (!wanted.weak && !wanted.name.empty()) undefined_.emplace(wanted.name);
  return known->second;
}

void reach::add_symbol_of(int image, u32 index, edge_kind, place from) {
  const place to = resolve(image, index);
  if (to.image < 0) return;
  if (closed_ && to.image != image) {
    const symbol& s = images_.all[static_cast<usize>(image)].what->image->symbols[index];
    if (closed_(images_.all[static_cast<usize>(to.image)], s.name)) return;
  }
  add(to, from);
}

std::vector<u32> reach::functions(int image) const {
  std::vector<u32> all;
  const auto& states = state_[static_cast<usize>(image)];
  const usize count = images_.all[static_cast<usize>(image)].what->graph->functions.size();
  for (u32 f = 0; f < count; ++f)
    if (states[f].reached) all.push_back(f);
  return all;
}

std::string reach::name_of(place p) const {
  const code_graph& graph = *images_.all[static_cast<usize>(p.image)].what->graph;
  if (p.node >= graph.functions.size()) return {};
  return std::string{graph.functions[p.node].name};
}

std::vector<reach::step> reach::way_to(place p) const {
  std::vector<step> way;
  for (place here = p; here.image >= 0;) {
    const place from = state_[static_cast<usize>(here.image)][here.node].from;
    const bool enters = from.image != here.image;
    if (enters || way.empty()) {
      if (way.empty() || way.back().image != here.image || !name_of(here).empty()) {
        if (!way.empty() && way.back().image == here.image) way.pop_back();
        way.push_back({here.image, name_of(here)});
      }
    }
    here = from;
  }
  std::reverse(way.begin(), way.end());
  return way;
}

} // namespace polyabi::check
