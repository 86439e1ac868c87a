#include "identify.hpp"

#include <polyabi/activators/executable.hpp>
#include <polyabi/activators/script.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace polyabi::tool {

using namespace activators;

namespace {

/// A regular file of the host, read where asked.
class host_file {
public:
  explicit host_file(const std::string& path)
      : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)} {
    struct stat status {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
      problem_ = std::strerror(errno);
    } else if (!S_ISREG(status.st_mode)) {
      problem_ = S_ISDIR(status.st_mode) ? "a directory" : "not a regular file";
    }
  }
  host_file(const host_file&) = delete;
  host_file& operator=(const host_file&) = delete;
  ~host_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  const std::string& problem() const { return problem_; }

  bool read(u64 offset, void* to, usize size) {
    if (offset > static_cast<u64>(std::numeric_limits<off_t>::max())) return false;
    return read_up_to(offset, to, size) == size;
  }

  std::string beginning(usize size) {
    std::string text(size, '\0');
    text.resize(read_up_to(0, text.data(), size));
    return text;
  }

private:
  usize read_up_to(u64 offset, void* to, usize size) {
    usize done = 0;
    while (done < size) {
      const ssize_t count = ::pread(descriptor_, static_cast<char*>(to) + done, size - done,
                                    static_cast<off_t>(offset) + static_cast<off_t>(done));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      done += static_cast<usize>(count);
    }
    return done;
  }

  int descriptor_;
  std::string problem_;
};

std::string_view machine_name(architecture arch) {
  return arch == architecture::x86_64 ? "x86-64" : "i386";
}

std::string_view kind_of(const image_plan& plan) {
  if (plan.format == file_format::coff) {
    switch (plan.coff.magic) {
    case coff::impure: return "impure executable";
    case coff::pure: return "pure executable";
    default: return "executable";
    }
  }
  if (!plan.position_independent) return "executable";
  return plan.interpreter.empty() ? "shared object" : "position-independent executable";
}

void identify_image(host_file& file, identification& found, std::span<const named_brand> brands, const brand_options& options) {
  const auto plan = std::make_unique<image_plan>();
  const auto facts = std::make_unique<image_facts>();
  if (verdict parsed = parse_executable(file, *plan); !parsed) {
    found.problem = parsed.reason;
    return;
  }
  found.machine = machine_name(plan->arch);
  found.kind = kind_of(*plan);
  found.linkage = plan->interpreter.empty() && plan->coff.library_count == 0 ? "static" : "dynamic";
  found.interpreter = plan->interpreter.view();

  gather_facts(file, *plan, *facts);
  const std::string_view marked = marked_system(*facts);
  if (!marked.empty()) found.marked_system = marked;
  const brand_decision decision = decide_brand(*facts, brands, options);
  if (decision) {
    found.brand = brands[decision.index].name;
    found.rule = rule_name(decision.rule);
    found.reason = decision.reason;
    found.evidence = decision.evidence;
    found.variant_rule = decision.variant.rule == brand_rule::none ? "" : rule_name(decision.variant.rule);
    found.variant_reason = decision.variant.reason;
    found.variant_evidence = decision.variant.rule == brand_rule::text_start ? fmt::format("{:#x}", decision.variant.number)
                                                                             : std::string{decision.variant.evidence};
  } else if (!options.choice.empty()) {
    found.problem = fmt::format("no personality {} for {} {}", options.choice, found.format, found.machine);
  } else if (!marked.empty()) {
    found.problem = fmt::format("marked for {}, which no personality claims", marked);
  } else {
    found.problem = "nothing marks it for a system";
  }
}

identification identify_at_depth(const std::string& path, std::span<const named_brand> brands, const brand_options& options,
                                 u32 depth);

void identify_script(const std::string& beginning, identification& found, std::span<const named_brand> brands,
                     const brand_options& options, u32 depth) {
  script_line line;
  if (verdict parsed = parse_script(beginning, line, depth); !parsed) {
    found.problem = parsed.reason;
    return;
  }
  found.interpreter = line.interpreter;
  found.argument = line.argument;
  const identification interpreter = identify_at_depth(found.interpreter, brands, options, depth + 1);
  found.brand = interpreter.brand;
  found.rule = interpreter.rule;
  found.reason = interpreter.reason;
  found.evidence = interpreter.evidence;
  found.variant_rule = interpreter.variant_rule;
  found.variant_reason = interpreter.variant_reason;
  found.variant_evidence = interpreter.variant_evidence;
  if (!interpreter.recognised()) found.problem = fmt::format("interpreter {}: {}", found.interpreter, interpreter.problem);
}

identification identify_at_depth(const std::string& path, std::span<const named_brand> brands, const brand_options& options,
                                 u32 depth) {
  identification found;
  found.file = path;
  host_file file{path};
  if (!file.problem().empty()) {
    found.problem = file.problem();
    return found;
  }
  const std::string beginning = file.beginning(script_line_limit);
  const file_format format = recognise_format(beginning);
  found.format = format_name(format);
  switch (format) {
  case file_format::elf:
  case file_format::coff: identify_image(file, found, brands, options); break;
  case file_format::script: identify_script(beginning, found, brands, options, depth); break;
  case file_format::colon_script:
    found.problem = "begins with a colon: for the shell, where the calling program's system knows that";
    break;
  default: found.problem = why_not_activated(format); break;
  }
  return found;
}

/// File names and strings of files may hold anything: control characters are shown as \xNN.
std::string printable(std::string_view text) {
  std::string shown;
  for (char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f) {
      shown += fmt::format("\\x{:02x}", code);
    } else {
      shown += c;
    }
  }
  return shown;
}

std::string description(const identification& found) {
  std::string text = found.format == "unknown" ? "" : found.format;
  for (const std::string& part : {found.machine, found.kind}) {
    if (!part.empty()) text += " " + part;
  }
  if (!found.linkage.empty()) text += ", " + found.linkage;
  if (found.format == "script" && !found.interpreter.empty()) {
    text += " for " + found.interpreter + (found.argument.empty() ? "" : " " + found.argument);
  }
  return text;
}

} // namespace

identification identify_file(const std::string& path, std::span<const named_brand> brands, const brand_options& options) {
  return identify_at_depth(path, brands, options, 0);
}

std::string to_text(const identification& found) {
  const std::string what = description(found);
  std::string whose = found.recognised()
                          ? fmt::format("{}, by {}: {} ({})", found.brand, found.rule, found.reason, found.evidence)
                          : fmt::format("not recognised: {}", found.problem);
  if (!found.variant_rule.empty())
    whose += fmt::format("; of its variants by {}: {} ({})", found.variant_rule, found.variant_reason, found.variant_evidence);
  return printable(fmt::format("{}: {}{}{}", found.file, what, what.empty() ? "" : "; ", whose));
}

nlohmann::json to_json(const identification& found) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? nlohmann::json{} : nlohmann::json(text); };
  return {{"file", found.file},
          {"format", found.format},
          {"machine", text_or_null(found.machine)},
          {"kind", text_or_null(found.kind)},
          {"linkage", text_or_null(found.linkage)},
          {"interpreter", text_or_null(found.interpreter)},
          {"argument", text_or_null(found.argument)},
          {"brand", text_or_null(found.brand)},
          {"rule", text_or_null(found.rule)},
          {"reason", text_or_null(found.reason)},
          {"evidence", text_or_null(found.evidence)},
          {"variant_rule", text_or_null(found.variant_rule)},
          {"variant_reason", text_or_null(found.variant_reason)},
          {"variant_evidence", text_or_null(found.variant_evidence)},
          {"marked_system", text_or_null(found.marked_system.value_or(""))},
          {"problem", text_or_null(found.problem)}};
}

void add_identify(CLI::App& app, int& status) {
  struct arguments {
    std::vector<std::string> files;
    std::string personality, fallback;
    bool json = false;
  };
  const auto given = std::make_shared<arguments>();
  CLI::App* command =
      app.add_subcommand("identify", "Tell the format, machine and brand of executables, and how it was decided");
  command->add_option("FILE", given->files, "Files to look at")->required();
  command->add_option("--personality", given->personality, "Pretend that this personality was chosen");
  command->add_option("--fallback", given->fallback, "Personality of files without any mark, as `run` has it; '' for none")
      ->default_val("linux");
  command->add_flag("--json", given->json, "Print a JSON array with an object for each file");
  command->footer("Exit status: 0 if every file was recognised, 1 otherwise.\n\n"
                  "Examples:\n"
                  "  polyabi identify /bin/busybox\n"
                  "  polyabi identify --json /opt/svr4/bin/* | jq -r '.[] | [.file, .brand, .reason] | @tsv'");
  command->callback([given, &status] {
    nlohmann::json all = nlohmann::json::array();
    status = 0;
    for (const std::string& path : given->files) {
      const identification found = identify_file(path, known_brands(), {given->personality, given->fallback});
      if (!found.recognised()) status = 1;
      if (given->json) {
        all.push_back(to_json(found));
      } else {
        fmt::print("{}\n", to_text(found));
      }
    }
    // Names of files need not be UTF-8.
    if (given->json) fmt::print("{}\n", all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  });
}

} // namespace polyabi::tool
