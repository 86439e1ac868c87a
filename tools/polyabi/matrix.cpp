#include "matrix.hpp"

#include "matrix_personalities.hpp"
#include "trace_personalities.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <memory>

namespace polyabi::tool {

std::span<const kernel_support> all_kernel_supports() {
  static const std::vector<kernel_support> all = [] {
    std::vector<kernel_support> known{
        {"reference", &linux_x86_64(), &linux_x86_64_on_reference},
        {"reference", &linux_i386(), &linux_i386_on_reference},
        {"reference", &svr4_i386(), &svr4_i386_on_reference},
        {"reference", &svr4_amd64(), &svr4_amd64_on_reference},
#ifdef POLYABI_HAS_NATIVE
        {"reference", &native_x86_64(), &native_x86_64_on_reference},
#endif
        {"none", &linux_x86_64(), &linux_x86_64_on_none},
        {"none", &linux_i386(), &linux_i386_on_none},
        {"none", &svr4_i386(), &svr4_i386_on_none},
        {"none", &svr4_amd64(), &svr4_amd64_on_none},
    };
    for (usize i = 0; i < svr4_variants().size(); ++i) {
      known.push_back({"reference", &svr4_variants()[i], [i] { return svr4_variant_on_reference(i); }});
      known.push_back({"none", &svr4_variants()[i], [i] { return svr4_variant_on_none(i); }});
    }
    return known;
  }();
  return all;
}

std::vector<std::string> kernel_names() {
  std::vector<std::string> names;
  for (const kernel_support& k : all_kernel_supports())
    if (std::find(names.begin(), names.end(), k.kernel) == names.end()) names.emplace_back(k.kernel);
  return names;
}

namespace {

/// The personality's number of an error; 0 for none.
i32 error_number(const abi_description& abi, errc error) {
  constexpr i32 limit = 256; // more than any personality has
  for (i32 number = 1; error != errc::none && number < limit; ++number)
    if (abi.error_name(number) == error) return number;
  return 0;
}

void add_rows(std::vector<matrix_row>& to, const abi_description& abi, const std::vector<call_description>& calls,
              const std::vector<row_support>& levels, const call_description* outer) {
  for (usize i = 0; i < calls.size() && i < levels.size(); ++i) {
    const call_description& call = calls[i];
    matrix_row& row = to.emplace_back();
    row.personality = abi.personality;
    row.arch = abi.arch;
    row.is_selected = outer != nullptr;
    row.number = outer == nullptr ? call.number : outer->number;
    row.selector = outer == nullptr ? 0 : static_cast<u64>(call.number);
    row.name = outer == nullptr ? std::string{call.name} : fmt::format("{}.{}", outer->name, call.name);
    row.signature = call.signature();
    row.level = levels[i].level;
    row.reason = levels[i].reason;
    if (outer == nullptr) row.since = release_text(abi.appeared_in(call.number));
    row.error = error_number(abi, levels[i].error);
    add_rows(to, abi, call.selected, levels[i].selected, &call);
  }
}

} // namespace

std::vector<matrix_row> matrix(const std::string& personality, const std::string& arch, const std::string& kernel) {
  std::vector<matrix_row> all;
  for (const kernel_support& k : all_kernel_supports()) {
    const bool is_variant = k.abi->personality.find(':') != std::string_view::npos;
    const bool is_meant = personality.empty() ? !is_variant : k.abi->personality == personality;
    if (k.kernel != kernel || !is_meant || (!arch.empty() && k.abi->arch != arch)) continue;
    const usize start = all.size();
    add_rows(all, *k.abi, k.abi->calls, k.rows(), nullptr);
    std::stable_sort(all.begin() + static_cast<std::ptrdiff_t>(start), all.end(), [](const matrix_row& a, const matrix_row& b) {
      return std::tuple{a.number, a.is_selected, a.selector} < std::tuple{b.number, b.is_selected, b.selector};
    });
  }
  return all;
}

namespace {

constexpr support levels[] = {support::native, support::emulated, support::faked, support::refused, support::missing};

std::string counts(const std::vector<matrix_row>& rows) {
  std::array<usize, std::size(levels)> count{};
  for (const matrix_row& row : rows) ++count[static_cast<usize>(row.level)];
  std::string text = fmt::format("{} calls:", rows.size());
  for (const support level : levels)
    text += fmt::format("{} {} {}", level == levels[0] ? "" : ",", count[static_cast<usize>(level)], support_name(level));
  return text;
}

std::string number_text(const matrix_row& row) {
  return row.is_selected ? fmt::format("{}.{}", row.number,
                                       row.selector < 256 ? std::to_string(row.selector) : fmt::format("{:#x}", row.selector))
                         : std::to_string(row.number);
}

} // namespace

std::string matrix_text(const std::vector<matrix_row>& rows) {
  usize number = 6, name = 4, signature = 9, personality = 11;
  for (const matrix_row& row : rows) {
    number = std::max(number, number_text(row).size());
    name = std::max(name, row.name.size());
    signature = std::max(signature, std::min<usize>(row.signature.size(), 72));
    personality = std::max(personality, row.personality.size());
  }
  std::string text;
  const auto line = [&](std::string_view p, std::string_view arch, std::string_view n, std::string_view called,
                        std::string_view level, std::string_view typed, std::string_view reason) {
    std::string one = fmt::format("{:<{}}  {:<6}  {:>{}}  {:<{}}  {:<8}  {:<{}}  {}", p, personality, arch, n, number, called,
                                  name, level, typed, signature, reason);
    one.erase(one.find_last_not_of(' ') + 1);
    text += one + "\n";
  };
  line("personality", "arch", "number", "name", "level", "signature", "reason");
  for (const matrix_row& row : rows)
    line(row.personality, row.arch, number_text(row), row.name, support_name(row.level), row.signature, row.reason);
  return text + "\n" + counts(rows) + "\n";
}

std::string matrix_markdown(const std::vector<matrix_row>& rows) {
  const auto plain = [](std::string s) { // a bar would end the cell
    for (usize at = 0; (at = s.find('|', at)) != s.npos; at += 2) s.insert(at, 1, '\\');
    return s;
  };
  std::string text = "| personality | arch | number | name | level | signature | reason |\n|---|---|--:|---|---|---|---|\n";
  for (const matrix_row& row : rows)
    text += fmt::format("| {} | {} | {} | {} | {} | `{}` | {} |\n", row.personality, row.arch, number_text(row), row.name,
                        support_name(row.level), plain(row.signature), plain(row.reason));
  return text + "\n" + counts(rows) + "\n";
}

std::string matrix_json(const std::vector<matrix_row>& rows) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const matrix_row& row : rows) {
    nlohmann::ordered_json one{{"personality", row.personality},
                               {"arch", row.arch},
                               {"number", row.number},
                               {"name", row.name},
                               {"signature", row.signature},
                               {"level", support_name(row.level)},
                               {"reason", row.reason}};
    if (!row.since.empty()) one["since"] = row.since;
    if (row.error != 0) one["error"] = row.error;
    if (row.is_selected) one["selector"] = row.selector;
    all.push_back(std::move(one));
  }
  return all.dump(2) + "\n";
}

namespace {

/// What the descriptions have in this member, each once.
std::vector<std::string> names_of(std::string_view abi_description::*member) {
  std::vector<std::string> names;
  for (const abi_description* abi : all_descriptions())
    if (std::find(names.begin(), names.end(), abi->*member) == names.end()) names.emplace_back(abi->*member);
  return names;
}

/// As CLI::IsMember, but the descriptions are made only if somebody asks: every other command is quicker without them.
struct described_name : CLI::Validator {
  explicit described_name(std::function<std::vector<std::string>()> names) {
    func_ = [names](std::string& value) { return CLI::IsMember{names()}(value); };
    desc_function_ = [names] { return CLI::IsMember{names()}.get_description(); };
  }
  explicit described_name(std::string_view abi_description::*member) : described_name{[member] { return names_of(member); }} {}
};

} // namespace

void add_matrix(CLI::App& app) {
  struct options {
    std::string personality, arch, kernel = "reference", format = "text";
  };
  auto chosen = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("matrix", "Show how each system call of each personality is supported");
  command
      ->add_option("-p,--personality", chosen->personality,
                   "Only this personality, or a vendor's variant of one (svr4:coherent)")
      ->check(described_name{&abi_description::personality});
  command->add_option("-a,--arch", chosen->arch, "Only this architecture")->check(described_name{&abi_description::arch});
  command->add_option("-k,--kernel", chosen->kernel, "On this kernel; `none` provides nothing")
      ->capture_default_str()
      ->check(described_name{&kernel_names});
  command->add_option("-f,--format", chosen->format, "Form of the table")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "markdown", "json"}));
  command->footer("Examples:\n"
                  "  polyabi matrix --personality linux --arch x86_64\n"
                  "  polyabi matrix --personality svr4:coherent\n"
                  "  polyabi matrix --format json | jq '.[] | select(.level == \"missing\") | .name'\n"
                  "\n"
                  "Levels: native (the kernel has it), emulated (built from what the kernel has), faked (answers\n"
                  "without doing it), refused (an error, on purpose), missing (ENOSYS). The table is derived from\n"
                  "the same rows that dispatch the calls. Calls behind one number have the number's name before\n"
                  "theirs, as ioctl.TCGETS.");
  command->callback([chosen] {
    const std::vector<matrix_row> rows = matrix(chosen->personality, chosen->arch, chosen->kernel);
    fmt::print("{}", chosen->format == "json"       ? matrix_json(rows)
                     : chosen->format == "markdown" ? matrix_markdown(rows)
                                                    : matrix_text(rows));
  });
}

} // namespace polyabi::tool
