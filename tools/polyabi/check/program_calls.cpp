#include "program_calls.hpp"

namespace polyabi::check {

namespace {

/// Numbers beyond every table, for lookups by name.
constexpr u64 library_lookup = 0xffffff01, function_lookup = 0xffffff02;

/// Functions that look something up by a name: which argument is the name.
struct lookup_function {
  std::string_view name;
  u64 number;
  usize argument;
};
constexpr lookup_function lookup_functions[] = {
    {"dlopen", library_lookup, 0},
    {"dlmopen", library_lookup, 1},
    {"dlsym", function_lookup, 1},
    {"dlvsym", function_lookup, 1},
};

/// How such a function gets its arguments: the C calling convention of each architecture (System V psABI).
wrapper_list lookup_wrapper(const lookup_function& f, architecture arch) {
  constexpr u8 registers[] = {7, 6}; // rdi, rsi
  call_wrapper w;
  w.number = value::constant(f.number);
  for (value& a : w.arguments) a = value::unknown();
  w.arguments[0] = arch == architecture::x86_64 ? value::in_register(registers[f.argument])
                                                : value::on_stack(4 * static_cast<i64>(f.argument + 1));
  return {w};
}

} // namespace

bool program_calls::is_lookup(const system_call& call) {
  return call.is_known && (call.number == library_lookup || call.number == function_lookup);
}

program_calls::program_calls(program_images& images, const supported_system& system) : images_{images} {
  // Libraries that are looked up may look up others.
  for (int round = 0; round < 4; ++round) {
    read_images(system);
    search();
    if (!follow_lookups()) break;
  }
  search();
}

void program_calls::read_images(const supported_system& system) {
  call_interest interest = system.interest();
  interest.arguments = [of_system = interest.arguments](u64 number) {
    return number == library_lookup || number == function_lookup ? 1u : of_system(number);
  };
  std::map<std::string_view, wrapper_list> lookups;
  for (const lookup_function& f : lookup_functions) lookups.emplace(f.name, lookup_wrapper(f, images_.program().arch()));
  const auto imported = [&](const symbol& s) -> const wrapper_list* {
    if (const auto lookup = lookups.find(s.name); lookup != lookups.end()) return &lookup->second;
    const auto known = exported_wrappers_.find(s.name);
    return known == exported_wrappers_.end() ? nullptr : known->second;
  };
  for (const int i : images_.by_need()) {
    analysed_image& one = *images_.all[static_cast<usize>(i)].what;
    if (one.calls == nullptr) one.calls = std::make_unique<system_calls>(*one.graph, interest, imported);
    for (const symbol& s : one.image->symbols) {
      if (!s.defined) continue;
      const auto f = one.graph->function_at(s.address);
      if (!f || one.graph->functions[*f].start != s.address) continue;
      if (const auto found = one.calls->wrappers.find(*f); found != one.calls->wrappers.end())
        exported_wrappers_.emplace(s.name, &found->second);
    }
  }
}

void program_calls::search() {
  everything_ = std::make_unique<reach>(images_, reach::follow::everything, looked_up_);
  direct_ = std::make_unique<reach>(images_, reach::follow::calls_only);
}

bool program_calls::follow_lookups() {
  bool found = false;
  const int searched = static_cast<int>(images_.all.size()); // what is found now is searched in the next round
  for (int i = 0; i < searched; ++i) {
    const analysed_image& one = *images_.all[static_cast<usize>(i)].what;
    for (const u32 f : everything_->functions(i))
      for (const system_call& call : one.calls->of(f)) {
        if (!is_lookup(call)) continue;
        const value& name = call.arguments[0];
        if (!name.is_constant() && !name.is_argument()) computed_lookups.insert(i);
        for (const u64 address : name.numbers()) {
          const std::string_view text = one.image->text_at(address);
          if (text.empty()) continue;
          if (call.number == library_lookup ? follow_library(i, text) : follow_function({i, f}, text)) found = true;
        }
      }
  }
  return found;
}

bool program_calls::follow_library(int image, std::string_view name) {
  if (!followed_.emplace(name).second) return false;
  const usize before = images_.all.size();
  if (!images_.add_at_run_time(name, image)) return false;
  if (images_.all.size() > before) libraries_at_run_time.emplace_back(name);
  return images_.all.size() > before;
}

bool program_calls::follow_function(place from, std::string_view name) {
  bool found = false;
  for (int i = 0; i < static_cast<int>(images_.all.size()); ++i) {
    const analysed_image& one = *images_.all[static_cast<usize>(i)].what;
    if (const symbol* s = one.find(name, {}))
      if (const auto node = one.graph->node_at(s->address)) found = looked_up_[from].insert({i, *node}).second || found;
  }
  return found;
}

} // namespace polyabi::check
