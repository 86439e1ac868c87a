#include "verdict.hpp"

#include <fmt/format.h>

namespace polyabi::check {

std::string_view verdict_name(verdict v) {
  constexpr std::string_view names[] = {"works", "limited", "fails", "not judged"};
  return names[static_cast<u8>(v)];
}
std::string_view verdict_sentence(verdict v) {
  constexpr std::string_view sentences[] = {"works", "works with limits", "will not work", "cannot be judged"};
  return sentences[static_cast<u8>(v)];
}
std::string_view certainty_name(certainty c) {
  constexpr std::string_view names[] = {"high", "medium", "low"};
  return names[static_cast<u8>(c)];
}

void gravest_first(std::vector<finding>& all) {
  std::stable_sort(all.begin(), all.end(), [](const finding& a, const finding& b) { return a.then > b.then; });
}

namespace {

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// One unsupported thing while its places are collected.
struct collected {
  const supported_call* row = nullptr; ///< null: judged by an argument
  std::string name;
  support level{};
  std::string reason;
  std::set<place> places;
  bool is_guess = true; ///< until a place is found that is none
};

class collector {
public:
  collector(const program_calls& calls, const supported_system& system, judgement& to)
      : calls_{calls}, system_{system}, to_{to} {}

  void run() {
    calls_.each([&](place where, const system_call& call) { look_at(where, call); });
    std::set<std::string> names;
    for (const auto& [row, name] : seen_) {
      ++to_.levels[row->level];
      names.insert(name);
    }
    to_.calls.assign(names.begin(), names.end());
  }

  std::map<std::string, collected> unsupported;
  std::map<int, usize> unknown_numbers; ///< by image
  usize unknown_selectors = 0;

private:
  void look_at(place where, const system_call& call) {
    const supported_call* row = call.is_known ? system_.find(call.number) : nullptr;
    if (row == nullptr) {
      if (!call.is_guess) ++unknown_numbers[where.image];
      return;
    }
    note(where, call, *row, row->name);
    if (row->selector < 0) return;
    const value& selector = call.arguments[static_cast<usize>(row->selector)];
    if (selector.is_unknown()) ++unknown_selectors;
    for (const u64 n : selector.numbers())
      if (const supported_call* inner = row->find_selected(n)) note(where, call, *inner, row->name + "." + inner->name);
  }

  void note(place where, const system_call& call, const supported_call& row, const std::string& name) {
    seen_.emplace(&row, name);
    if (!is_supported(row.level)) add(where, call.is_guess, name, row.level, row.reason);
    for (const judged_argument& a : row.arguments)
      for (const u64 n : call.arguments[a.word].numbers())
        if (const auto bits = a.unsupported(n))
          add(where, call.is_guess, fmt::format("{} {:#x}", name, *bits), support::refused, std::string{unknown_value});
  }

  void add(place where, bool is_guess, const std::string& name, support level, const std::string& reason) {
    collected& one = unsupported.try_emplace(name, collected{nullptr, name, level, reason, {}, true}).first->second;
    one.places.insert(where);
    one.is_guess = one.is_guess && is_guess;
  }

  const program_calls& calls_;
  const supported_system& system_;
  judgement& to_;
  std::map<const supported_call*, std::string> seen_;
};

/// Exemptions by the calls that they are about: one search for all that have the same ways.
class exempted {
public:
  explicit exempted(const program_calls& calls) : calls_{calls} {}

  /// Why none of these places matters for this call; empty if one does.
  std::string why(std::string_view call, const std::set<place>& places) {
    std::vector<const exemption*> about;
    for (const exemption& e : exemptions())
      if (names(e.calls, call)) about.push_back(&e);
    if (about.empty()) return {};
    auto& search = searches_[about];
    if (!search)
      search = std::make_unique<reach>(calls_.without([about](const program_image& image, std::string_view function) {
        return std::any_of(about.begin(), about.end(), [&](const exemption* e) {
          return file_name(image.guest_path).starts_with(e->library) && names(e->functions, function);
        });
      }));
    for (const place p : places)
      if (search->contains(p)) return {};
    return std::string{about.front()->why};
  }

private:
  const program_calls& calls_;
  std::map<std::vector<const exemption*>, std::unique_ptr<reach>> searches_;
};

std::vector<std::string> way_text(const program_calls& calls, place to) {
  std::vector<std::string> way;
  for (const reach::step& step : calls.everything().way_to(to)) {
    const auto& image = calls.images().all[static_cast<usize>(step.image)];
    const std::string_view owner = file_name(image.guest_path);
    if (step.image == 0)
      way.push_back(step.function.empty() ? "the program" : fmt::format("the program's {}", step.function));
    else
      way.push_back(step.function.empty() ? std::string{owner} : fmt::format("{} ({})", step.function, owner));
  }
  return way;
}

/// Paths of missing files among the program's own constants.
void add_missing_files(const program_calls& calls, std::string_view personality, judgement& to) {
  constexpr std::string_view of_paths = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
  std::set<std::string> found;
  for (const missing_files_row& row : missing_files()) {
    if (row.personality != personality) continue;
    for (const memory_range& range : calls.images().program().ranges) {
      const std::string_view text{reinterpret_cast<const char*>(range.bytes.data()), range.bytes.size()};
      for (auto at = text.find(row.folder); at != text.npos; at = text.find(row.folder, at + 1)) {
        const std::string_view path = text.substr(at, text.find_first_not_of(of_paths, at) - at);
        const std::string_view name = path.substr(row.folder.size());
        if (name.empty() || names(row.there, name) || !found.emplace(path).second) continue;
        finding f;
        f.call = path;
        f.level = support::missing;
        f.reason = "no such file";
        f.then = row.then;
        f.why = row.why;
        f.way = {"the program"};
        if (f.then == consequence::limits) to.what = std::max(to.what, verdict::limited);
        to.findings.push_back(std::move(f));
      }
    }
  }
}

void add_doubts(const program_calls& calls, const collector& found, judgement& to) {
  const auto& images = calls.images();
  const auto doubt = [&](certainty at_most, std::string why) {
    to.sure = std::max(to.sure, at_most);
    to.doubts.push_back(std::move(why));
  };
  const auto name_of = [&](int image) {
    return image == 0 ? std::string{"the program"} : std::string{file_name(images.all[static_cast<usize>(image)].guest_path)};
  };
  const auto is_known = [&](int image) {
    return std::any_of(known_libraries().begin(), known_libraries().end(), [&](const known_library& l) {
      return file_name(images.all[static_cast<usize>(image)].guest_path).starts_with(l.library);
    });
  };
  for (const auto& [image, count] : found.unknown_numbers)
    if (!is_known(image))
      doubt(image == 0 ? certainty::low : certainty::medium,
            fmt::format("{} makes {} call{} whose number only the run knows", name_of(image), count, count == 1 ? "" : "s"));
  for (usize i = 0; i < images.all.size(); ++i)
    if (images.all[i].what->calls->has_taken_wrapper && !is_known(static_cast<int>(i)))
      doubt(certainty::medium, fmt::format("{} makes calls through pointers", name_of(static_cast<int>(i))));
  for (const int image : calls.computed_lookups)
    if (image != images.linker && !file_name(images.all[static_cast<usize>(image)].guest_path).starts_with("libc.so"))
      doubt(certainty::medium, fmt::format("{} loads modules whose names only the run knows", name_of(image)));
  if (!calls.libraries_at_run_time.empty())
    to.doubts.push_back(fmt::format("loads at run time: {}", fmt::join(calls.libraries_at_run_time, ", ")));
  if (const auto& symbols = calls.everything().undefined(); !symbols.empty())
    doubt(certainty::medium, fmt::format("no library defines {}{}", *symbols.begin(),
                                         symbols.size() == 1 ? "" : fmt::format(" and {} more", symbols.size() - 1)));
  for (const telling_function& f : telling_functions())
    for (usize i = 0; i < images.all.size(); ++i) {
      if (static_cast<int>(i) == images.linker) continue;
      const auto& symbols = images.all[i].what->image->symbols;
      const bool uses = i == 0 && std::any_of(symbols.begin(), symbols.end(),
                                              [&](const symbol& s) { return !s.defined && names(f.name, s.name); });
      if (!uses) continue;
      doubt(certainty::medium, std::string{f.what});
      break;
    }
  std::sort(to.doubts.begin(), to.doubts.end());
  to.doubts.erase(std::unique(to.doubts.begin(), to.doubts.end()), to.doubts.end());
}

} // namespace

void judge(const program_calls& calls, const supported_system& system, judgement& to) {
  collector found{calls, system, to};
  found.run();
  exempted ways{calls};
  to.what = verdict::works;
  for (const auto& [name, one] : found.unsupported) {
    finding f;
    f.call = name;
    f.level = one.level;
    f.reason = one.reason;
    f.is_guess = one.is_guess;
    f.places = one.places.size();
    const ruling usual = ruling_of(name, one.level);
    f.then = usual.then;
    f.why = usual.why;
    if (f.then != consequence::none)
      if (std::string why = ways.why(name, one.places); !why.empty()) {
        f.then = consequence::none;
        f.why = std::move(why);
      }
    place shown = *one.places.begin();
    for (const place p : one.places)
      if (calls.direct().contains(p)) {
        if (!f.is_direct) shown = p;
        f.is_direct = true;
      }
    f.way = way_text(calls, shown);
    if (f.then == consequence::stops && !f.is_direct) f.then = consequence::limits;
    if (f.then == consequence::stops)
      to.what = verdict::fails;
    else if (f.then == consequence::limits && to.what == verdict::works)
      to.what = verdict::limited;
    to.findings.push_back(std::move(f));
  }
  add_missing_files(calls, system.personality, to);
  gravest_first(to.findings);
  add_doubts(calls, found, to);
}

} // namespace polyabi::check
