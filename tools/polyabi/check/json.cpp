#include "report.hpp"

#include <nlohmann/json.hpp>

namespace polyabi::check {

nlohmann::ordered_json to_json(const judgement& j) {
  using json = nlohmann::ordered_json;
  constexpr std::string_view consequences[] = {"none", "limits", "stops"};
  json findings = json::array();
  for (const finding& f : j.findings) {
    findings.push_back({{"call", f.call},
                        {"number", f.number},
                        {"level", support_name(f.level)},
                        {"reason", f.reason},
                        {"consequence", consequences[static_cast<u8>(f.then)]},
                        {"why", f.why},
                        {"asked_for_by", f.way},
                        {"direct", f.is_direct},
                        {"guess", f.is_guess},
                        {"places", f.places}});
    if (j.run) findings.back()["count"] = f.times;
  }
  json levels = json::object();
  for (const auto& [level, count] : j.levels) levels[std::string{support_name(level)}] = count;
  json all{{"file", j.path},
           {"verdict", verdict_name(j.what)},
           {"certainty", certainty_name(j.sure)},
           {"problem", j.problem},
           {"format", j.format},
           {"personality", j.personality},
           {"arch", j.arch},
           {"linkage", j.linkage},
           {"interpreter", j.interpreter},
           {"doubts", j.doubts},
           {"findings", findings},
           {"levels", levels},
           {"calls", j.calls},
           {"libraries", j.libraries}};
  if (j.run) {
    json made = json::array();
    for (const observed_call& call : j.run->calls)
      made.push_back({{"call", call.name},
                      {"number", call.number},
                      {"level", support_name(call.level)},
                      {"reason", call.reason},
                      {"count", call.count},
                      {"errors", call.errors}});
    all["run"] = {{"ending", j.run->ending}, {"calls", made}};
  }
  return all;
}

} // namespace polyabi::check
