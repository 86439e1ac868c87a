#include "report.hpp"

#include <fmt/format.h>

namespace polyabi::check {

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f)
      shown += fmt::format("\\x{:02x}", code);
    else
      shown += c;
  }
  return shown;
}

namespace {

std::string list_text(std::string_view head, const std::vector<std::string>& words) {
  constexpr usize width = 100;
  std::string text, line = fmt::format("  {}:", head);
  for (usize i = 0; i < words.size(); ++i) {
    const std::string word = printable(words[i]) + (i + 1 < words.size() ? "," : "");
    if (line.size() + word.size() + 1 > width) {
      text += line + "\n";
      line = "   ";
    }
    line += " " + word;
  }
  return text + line + "\n";
}

std::string_view consequence_name(consequence c) {
  switch (c) {
  case consequence::none: return "no harm";
  case consequence::limits: return "limits";
  case consequence::stops: return "stops";
  }
  return "";
}

std::string finding_text(const finding& f) {
  std::string text = fmt::format("  {:<8} {}: {}{}\n", consequence_name(f.then), printable(f.call), support_name(f.level),
                                 f.reason.empty() ? "" : ", " + f.reason);
  if (!f.why.empty()) text += fmt::format("           {}\n", f.why);
  const std::string times = f.times == 0 ? "" : f.times == 1 ? " once" : fmt::format(" {} times", f.times);
  const std::string by = f.way.empty() ? "" : fmt::format(" by {}", fmt::join(f.way, ", "));
  if (!times.empty() || !by.empty()) text += printable(fmt::format("           asked for{}{}", times, by)) + "\n";
  return text;
}

/// What was called, the worst level first.
std::string calls_text(const observed_run& run) {
  std::string text;
  for (const support level : {support::missing, support::refused, support::faked, support::emulated, support::native}) {
    std::vector<std::string> words;
    for (const observed_call& call : run.calls)
      if (call.level == level)
        words.push_back(
            fmt::format("{} {}{}", call.name, call.count, call.errors == 0 ? "" : fmt::format(" ({} in vain)", call.errors)));
    if (!words.empty()) text += list_text(fmt::format("{} calls", support_name(level)), words);
  }
  return text;
}

} // namespace

std::string to_text(const judgement& j, bool all) {
  std::string text = printable(j.path) + ": " + std::string{verdict_sentence(j.what)};
  if (!j.problem.empty()) text += ": " + printable(j.problem);
  if (j.what != verdict::not_judged && j.problem.empty())
    text += fmt::format(" (certainty: {}{}{})", certainty_name(j.sure),
                        j.interpreter.empty() ? "" : "; of " + printable(j.interpreter),
                        j.run ? "; of a run that " + (j.run->is_whole ? j.run->ending : "was " + j.run->ending) : "");
  text += "\n";
  std::vector<std::string> harmless;
  for (const finding& f : j.findings) {
    if (f.then != consequence::none || all)
      text += finding_text(f);
    else
      harmless.push_back(f.call);
  }
  if (!harmless.empty()) text += list_text("does without", harmless);
  if (!j.doubts.empty()) text += list_text("not known", j.doubts);
  if (j.run)
    text += calls_text(*j.run);
  else if (all && !j.calls.empty())
    text += list_text(fmt::format("all {} calls", j.calls.size()), j.calls);
  if (all && !j.libraries.empty()) text += list_text("libraries", j.libraries);
  return text;
}

} // namespace polyabi::check
