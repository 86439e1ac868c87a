#include "library_search.hpp"

#include <cstdlib>
#include <fstream>

namespace polyabi::check {

namespace {

using enum search_step;

/// ld.so(8) for the GNU C library; musl's ldso/dynlink.c as its manual describes it; SVR4: System V gABI, chapter 5, "Shared
/// Object Dependencies".
constexpr linker_rules all_rules[] = {
    {"glibc",
     "ld-linux-x86-64.so",
     architecture::x86_64,
     {old_path, environment, new_path, cache, usual},
     5,
     {},
     {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"},
     {}},
    {"glibc",
     "ld-linux.so",
     architecture::i386,
     {old_path, environment, new_path, cache, usual},
     5,
     {},
     {"/lib/i386-linux-gnu", "/usr/lib/i386-linux-gnu", "/lib32", "/usr/lib32", "/lib", "/usr/lib"},
     {}},
    {"musl",
     "ld-musl-x86_64.so",
     architecture::x86_64,
     {environment, any_path, listed},
     3,
     "/etc/ld-musl-x86_64.path",
     {"/lib", "/usr/local/lib", "/usr/lib"},
     {"libc.so", "libc.musl-x86_64.so.1"}},
    {"musl",
     "ld-musl-i386.so",
     architecture::i386,
     {environment, any_path, listed},
     3,
     "/etc/ld-musl-i386.path",
     {"/lib", "/usr/local/lib", "/usr/lib"},
     {"libc.so", "libc.musl-x86.so.1"}},
    {"SVR4",
     "libc.so.1",
     architecture::i386,
     {old_path, environment, new_path, usual},
     4,
     {},
     {"/usr/lib", "/usr/ccs/lib"},
     {}},
    {"Solaris", "ld.so.1", architecture::i386, {old_path, environment, new_path, usual}, 4, {}, {"/usr/lib", "/lib"}, {}},
};

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? "." : slash == 0 ? "/" : std::string{path.substr(0, slash)};
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (usize at = 0; (at = text.find(what, at)) != text.npos; at += by.size()) text.replace(at, what.size(), by);
}

/// The tokens of ld.so(8), "Dynamic string tokens".
std::string expanded(std::string_view text, const requester& by, architecture arch) {
  std::string result{text};
  const bool wide = arch == architecture::x86_64;
  const std::pair<std::string_view, std::string> tokens[] = {{"ORIGIN", directory_of(by.guest_path)},
                                                             {"LIB", wide ? "lib/x86_64-linux-gnu" : "lib/i386-linux-gnu"},
                                                             {"PLATFORM", wide ? "x86_64" : "i686"}};
  for (const auto& [token, meaning] : tokens) {
    replace_all(result, "${" + std::string{token} + "}", meaning);
    replace_all(result, "$" + std::string{token}, meaning);
  }
  return result;
}

template <class Visit>
void for_each_word(std::string_view text, std::string_view separators, Visit&& visit) {
  while (!text.empty()) {
    const auto end = text.find_first_of(separators);
    if (const auto word = text.substr(0, end); !word.empty()) visit(word);
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string whole_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

const linker_rules& rules_for(std::string_view interpreter, architecture arch) {
  for (const linker_rules& r : all_rules)
    if (r.arch == arch && file_name(interpreter).starts_with(r.interpreter)) return r;
  return all_rules[arch == architecture::x86_64 ? 0 : 1];
}

library_search::library_search(const host_view& view, const linker_rules& rules, std::string library_path)
    : view_{view}, rules_{rules}, library_path_{std::move(library_path)} {
  for (usize i = 0; i < rules.steps; ++i)
    if (rules.order[i] == search_step::cache)
      if (const auto path = view.find("/etc/ld.so.cache")) cache_ = read_loader_cache(mapped_file{*path}.bytes(), rules.arch);
}

std::optional<found_library> library_search::accept(const std::string& guest_path) const {
  const auto host_path = view_.find(guest_path);
  if (!host_path) return {};
  // Linkers pass over libraries of another class or machine.
  const mapped_file file{*host_path};
  const auto bytes = file.bytes();
  const bool wide = rules_.arch == architecture::x86_64;
  if (bytes.size() < 20 || bytes[4] != (wide ? 2 : 1) || activators::elf::load16(bytes.data() + 18) != (wide ? 62 : 3))
    return {};
  return found_library{guest_path, *host_path};
}

std::optional<found_library> library_search::in_directory(std::string_view directory, std::string_view name) const {
  return accept(std::string{directory} + "/" + std::string{name});
}

std::optional<found_library> library_search::in_list(std::string_view directories, std::string_view name,
                                                     const requester& by) const {
  std::optional<found_library> found;
  for_each_word(directories, ":;", [&](std::string_view one) {
    if (!found) found = in_directory(expanded(one, by, rules_.arch), name);
  });
  return found;
}

std::optional<found_library> library_search::in_step(search_step step, std::string_view name, const requester& by) const {
  switch (step) {
  case search_step::old_path:
    if (!by.image->runpath.empty()) return {};
    for (const requester* r = &by; r != nullptr; r = r->asked_by)
      if (r->image->runpath.empty())
        if (auto found = in_list(r->image->rpath, name, *r)) return found;
    return {};
  case search_step::any_path:
    for (const requester* r = &by; r != nullptr; r = r->asked_by)
      if (auto found = in_list(r->image->runpath.empty() ? r->image->rpath : r->image->runpath, name, *r)) return found;
    return {};
  case search_step::environment: return in_list(library_path_, name, by);
  case search_step::new_path: return in_list(by.image->runpath, name, by);
  case search_step::cache: {
    const auto entry = cache_.find(name);
    return entry == cache_.end() ? std::nullopt : accept(entry->second);
  }
  case search_step::listed:
    if (const auto list = view_.find(rules_.list)) {
      std::optional<found_library> found;
      for_each_word(whole_file(*list), ":\n", [&](std::string_view one) {
        if (!found) found = in_directory(one, name);
      });
      return found;
    }
    [[fallthrough]];
  case search_step::usual:
    for (const std::string_view directory : rules_.usual)
      if (!directory.empty())
        if (auto found = in_directory(directory, name)) return found;
    return {};
  }
  return {};
}

std::optional<found_library> library_search::find(std::string_view name, const requester& by) const {
  if (name.find('/') != name.npos) return accept(expanded(name, by, rules_.arch));
  for (usize i = 0; i < rules_.steps; ++i)
    if (auto found = in_step(rules_.order[i], name, by)) return found;
  return {};
}

std::vector<std::string> library_search::preloaded(std::string_view variable) const {
  std::vector<std::string> names;
  const auto add = [&](std::string_view one) { names.emplace_back(one); };
  for_each_word(variable, ": ", add);
  if (rules_.name == "glibc")
    if (const auto list = view_.find("/etc/ld.so.preload")) for_each_word(whole_file(*list), ": \n\t", add);
  return names;
}

} // namespace polyabi::check
