// Judgements as one page for a browser. Whatever comes out of a file or its name goes through `escaped`.
#include "page_parts.hpp"
#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace polyabi::check {

namespace {

/// The length of the UTF-8 sequence that a text begins with; 0 if it begins with none (RFC 3629, section 4).
usize sequence_length(std::string_view text) {
  const auto byte = [&](usize i) { return static_cast<unsigned char>(text[i]); };
  const u8 first = byte(0);
  const usize length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (usize i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const u8 second = length > 1 ? byte(1) : u8{0};
  const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_no_character = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return is_overlong || is_no_character ? 0 : length;
}

/// Text as HTML: nothing in it is markup, everything in it is UTF-8.
std::string escaped(std::string_view text) {
  std::string to;
  while (!text.empty()) {
    const usize length = sequence_length(text);
    if (length == 0) {
      to += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (length > 1) {
      to += text.substr(0, length);
    } else {
      switch (const char c = text.front()) {
      case '&': to += "&amp;"; break;
      case '<': to += "&lt;"; break;
      case '>': to += "&gt;"; break;
      case '"': to += "&quot;"; break;
      case '\'': to += "&#39;"; break;
      default: to += printable({&c, 1});
      }
    }
    text.remove_prefix(std::max<usize>(length, 1));
  }
  return to;
}

/// How a verdict is shown: its class, a sign that needs no colour, and its place among the others where the gravest come first.
struct verdict_look {
  verdict what;
  std::string_view style, sign;
  int rank;
};
constexpr verdict_look looks[] = {{verdict::works, "works", "✓", 0},
                                  {verdict::limited, "limited", "◐", 2},
                                  {verdict::fails, "fails", "✕", 3},
                                  {verdict::not_judged, "unknown", "?", 1}};

const verdict_look& look_of(verdict v) {
  return looks[static_cast<usize>(v)];
}

using counts = std::array<usize, std::size(looks)>;

std::string share(usize part, usize whole) {
  return whole == 0 ? "0 %"
                    : fmt::format("{:.{}f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole),
                                  part == 0 || part == whole ? 0 : 1);
}

std::string summary(const counts& count, usize all) {
  std::string bar, buttons;
  for (const verdict_look& look : looks) {
    const usize n = count[static_cast<usize>(look.what)];
    if (n != 0) bar += fmt::format("<span class=\"{}\" style=\"flex:{}\"></span>", look.style, n);
    buttons += fmt::format("<button type=\"button\" class=\"{}\" value=\"{}\" aria-pressed=\"false\" disabled><b>{}</b>{} {} "
                           "<span class=\"faint\">{}</span></button>\n",
                           look.style, verdict_name(look.what), n, look.sign, verdict_sentence(look.what), share(n, all));
  }
  return fmt::format("<div class=\"share\" aria-hidden=\"true\">{}</div>\n<div class=\"verdicts\" role=\"group\" "
                     "aria-label=\"Programs by verdict\">\n{}</div>\n",
                     bar, buttons);
}

/// The call's own name, without the value of an argument behind it.
std::string_view call_name(const finding& f) {
  return std::string_view{f.call}.substr(0, f.call.find(' '));
}

/// The calls that a program would miss, each once.
std::set<std::string_view> missed_calls(const judgement& j) {
  std::set<std::string_view> missed;
  for (const finding& f : j.findings)
    if (f.then != consequence::none) missed.insert(call_name(f));
  return missed;
}

/// What stands in the way of most programs.
std::string obstacles(const std::vector<judgement>& all) {
  struct obstacle {
    usize programs = 0;
    bool stops = false;
    std::string reason;
  };
  std::map<std::string_view, obstacle> by_call;
  for (const judgement& j : all) {
    for (const std::string_view call : missed_calls(j)) ++by_call[call].programs;
    for (const finding& f : j.findings) {
      if (f.then == consequence::none) continue;
      obstacle& one = by_call[call_name(f)];
      one.stops = one.stops || f.then == consequence::stops;
      one.reason = fmt::format("{}{}{}", support_name(f.level), f.reason.empty() ? "" : ", ", f.reason);
    }
  }
  if (by_call.empty()) return {};
  std::vector<std::pair<std::string_view, obstacle>> most{by_call.begin(), by_call.end()};
  std::stable_sort(most.begin(), most.end(),
                   [](const auto& a, const auto& b) { return a.second.programs > b.second.programs; });
  constexpr usize shown = 12;
  std::string rows;
  for (usize i = 0; i < std::min(most.size(), shown); ++i) {
    const auto& [call, one] = most[i];
    rows += fmt::format("<li><button type=\"button\" value=\"call:{}\"><code>{}</code></button><span class=\"length{}\" "
                        "style=\"width:{:.1f}%\"></span>"
                        "<span class=\"count\"><b>{}</b> <span class=\"faint\">{}</span></span></li>\n",
                        escaped(call), escaped(call), one.stops ? " stops" : "",
                        100.0 * static_cast<double>(one.programs) / static_cast<double>(most[0].second.programs), one.programs,
                        escaped(one.reason));
  }
  return fmt::format(
      "<h2>What most programs would miss{}</h2>\n<ul class=\"ways\">\n{}</ul>\n",
      most.size() > shown ? fmt::format(" <span class=\"faint\">(the first {} of {})</span>", shown, most.size()) : "", rows);
}

std::string finding_item(const finding& f) {
  const std::string_view style = f.then == consequence::stops ? "stops" : f.then == consequence::limits ? "limits" : "";
  std::string text = fmt::format("<li class=\"{}\"><code>{}</code> {}{}{}", style, escaped(f.call), support_name(f.level),
                                 f.reason.empty() ? "" : ": ", escaped(f.reason));
  if (!f.why.empty()) text += fmt::format("<small>{}</small>", escaped(f.why));
  if (!f.way.empty()) text += fmt::format("<small>asked for by {}</small>", escaped(fmt::format("{}", fmt::join(f.way, ", "))));
  return text + "</li>";
}

std::string note(std::string_view head, const std::vector<std::string>& words) {
  if (words.empty()) return {};
  return fmt::format("<span class=\"note\">{}: {}</span>", head, escaped(fmt::format("{}", fmt::join(words, ", "))));
}

/// What matters for a program: the gravest in a line, the rest behind it.
std::string matters(const judgement& j) {
  if (!j.problem.empty()) return escaped(j.problem);
  std::string items, head;
  std::vector<std::string> harmless;
  usize grave = 0;
  for (const finding& f : j.findings) {
    if (f.then == consequence::none) {
      harmless.push_back(f.call);
      continue;
    }
    items += finding_item(f);
    if (grave++ == 0) head = fmt::format("<code>{}</code> {}", escaped(f.call), support_name(f.level));
  }
  if (grave > 1) head += fmt::format(", and {} more", grave - 1);
  if (grave == 0) head = "nothing that matters is missing";
  const std::string rest = (items.empty() ? "" : "<ul class=\"findings\">" + items + "</ul>") + note("Does without", harmless) +
                           note("Not known", j.doubts);
  return rest.empty() ? head : fmt::format("<details><summary>{}</summary>{}</details>", head, rest);
}

std::string row(const judgement& j) {
  const verdict_look& look = look_of(j.what);
  const auto slash = j.path.rfind('/');
  const std::string_view path = j.path, name = path.substr(slash == path.npos ? 0 : slash + 1),
                         folder = path.substr(0, slash == path.npos ? 0 : slash + 1);
  const std::string system = j.personality.empty() ? j.format : fmt::format("{} {}", j.personality, j.arch);
  std::string small = escaped(folder);
  if (!j.interpreter.empty()) small += fmt::format(" script of {}", escaped(j.interpreter));
  const std::string calls = fmt::format("{}|", fmt::join(missed_calls(j), "|"));
  return fmt::format(
      "<tr data-name=\"{}\" data-missed=\"|{}\" data-program=\"{}\" data-verdict=\"{}\" data-certainty=\"{}\" "
      "data-system=\"{}\" data-calls=\"{}\" data-matters=\"{}\">"
      "<th scope=\"row\"><bdi class=\"path\">{}</bdi><small><bdi class=\"path\">{}</bdi></small></th>"
      "<td><span class=\"badge {}\">{} {}</span></td><td data-label=\"Certainty\">{}</td><td class=\"system\" "
      "data-label=\"System\">{}</td>"
      "<td class=\"number\" data-label=\"Calls\">{}</td><td class=\"what\">{}</td></tr>\n",
      verdict_name(j.what), escaped(calls), escaped(name), look.rank, static_cast<int>(j.sure), escaped(system), j.calls.size(),
      std::count_if(j.findings.begin(), j.findings.end(), [](const finding& f) { return f.then != consequence::none; }),
      escaped(name), small, look.style, look.sign, verdict_sentence(j.what),
      j.what == verdict::not_judged || !j.problem.empty() ? "" : certainty_name(j.sure), escaped(system), j.calls.size(),
      matters(j));
}

/// `down`: the way in which a first choice sorts.
struct column {
  std::string_view name, title;
  bool down;
};
constexpr column columns[] = {{"program", "Program", false}, {"verdict", "Verdict", true}, {"certainty", "Certainty", true},
                              {"system", "System", false},   {"calls", "Calls", true},     {"matters", "What matters", true}};

std::string tools() {
  std::string orders;
  for (const column& c : columns)
    for (const bool down : {c.down, !c.down})
      orders +=
          fmt::format("<option value=\"{} {:d}\">{}, {}</option>", c.name, down, c.title, down ? "descending" : "ascending");
  return fmt::format(
      "<div class=\"tools needs-script\" hidden>\n<label>Search: a program, a call, a reason <input id=\"search\" "
      "type=\"search\" autocomplete=\"off\" spellcheck=\"false\" "
      "aria-keyshortcuts=\"/\"></label>\n<label class=\"sorting\">Sorted by <select id=\"order\">{}</select></label>\n"
      "<button type=\"button\" id=\"clear\">Show all</button>\n<span class=\"shown\" id=\"shown\" "
      "role=\"status\"></span>\n</div>\n",
      orders);
}

std::string table(const std::vector<judgement>& all) {
  std::string heads, rows;
  for (const column& c : columns)
    heads += fmt::format("<th scope=\"col\" data-column=\"{}\" data-down=\"{:d}\"><button type=\"button\">{}</button></th>",
                         c.name, c.down, c.title);
  for (const judgement& j : all) rows += row(j);
  return fmt::format(
      "<table>\n<caption>Programs and verdicts</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n"
      "<p class=\"none\" id=\"nothing\" hidden>No program fits.</p>\n",
      heads, rows);
}

} // namespace

std::string to_page(const std::vector<judgement>& all, const page_facts& facts) {
  counts count{};
  for (const judgement& j : all) ++count[static_cast<usize>(j.what)];
  const std::string others = facts.others == 0 ? ""
                                               : fmt::format("; {} other file{} in the folders {} no program", facts.others,
                                                             facts.others == 1 ? "" : "s", facts.others == 1 ? "is" : "are");
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
      "'unsafe-inline'\">\n"
      "<title>polyabi check: {0}</title>\n<style>\n{1}</style>\n</head>\n<body>\n<header>\n<h1>Will these programs work?</h1>\n"
      "<p><bdi class=\"path\">{0}</bdi></p>\n<p class=\"faint\">{2} program{3} judged for the {4} kernel by polyabi {5}, "
      "before any of them ran{6}.</p>\n</header>\n"
      "<main>\n{7}{8}{9}{10}</main>\n<script>\n{11}</script>\n</body>\n</html>\n",
      escaped(facts.title), page_style, all.size(), all.size() == 1 ? "" : "s", escaped(facts.kernel), escaped(facts.version),
      others, summary(count, all.size()), obstacles(all), tools(), table(all), page_script);
}

} // namespace polyabi::check
