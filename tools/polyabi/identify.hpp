// `polyabi identify FILE...`: what a file is, whose it is, and how that was decided.
#pragma once

#include <polyabi/activators/brand.hpp>

#include <CLI/App.hpp>
#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace polyabi::tool {

/// What `identify` found out about one file.
struct identification {
  std::string file;
  std::string format = "unknown";     ///< "ELF", "script", "COFF", ...
  std::string machine;                ///< "x86-64", "i386"; empty if not known
  std::string kind;                   ///< "executable", "position-independent executable", "shared object"
  std::string linkage;                ///< "static", "dynamic"
  std::string interpreter, argument;  ///< of a dynamic image or a script
  std::string brand;                  ///< the personality; empty: not recognised
  std::string rule, reason, evidence; ///< how the brand was decided, as in activators/brand.hpp
  std::string variant_rule, variant_reason, variant_evidence; ///< how the variant of a personality was; empty: not by a mark
  std::optional<std::string> marked_system;                   ///< a system that the image is marked for, known here or not
  std::string problem;                                        ///< why it was not recognised

  bool recognised() const { return !brand.empty(); }
};

/// The personalities of this tool.
std::span<const activators::named_brand> known_brands();

/// Looks at a file of the host. A script has the brand of its interpreter.
identification identify_file(const std::string& path, std::span<const activators::named_brand> brands,
                             const activators::brand_options& options);

/// One line: "FILE: ELF x86-64 executable, static; linux (EI_OSABI has a value of this system: Linux)".
std::string to_text(const identification&);
nlohmann::json to_json(const identification&);

/// Adds the subcommand. When it was given, `status` is 0 if every file was recognised, 1 otherwise.
void add_identify(CLI::App& app, int& status);

} // namespace polyabi::tool
