// `polyabi brand`: shows and changes the EI_OSABI byte of ELF files, as brandelf(1) does.
#pragma once

#include <CLI/App.hpp>

#include <polyabi/core/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace polyabi::tool {

/// A value of EI_OSABI with its name, and the personality of this tool that claims it.
struct known_brand {
  u8 value = 0;
  std::string name, personality; ///< personality: empty if none does
};
std::vector<known_brand> known_brand_names();

/// The value of a name, whatever its case; of "SVR4" and "System V", 0.
std::optional<u8> brand_value(const std::string& name);

/// What a file says, or what is wrong with it.
struct file_brand {
  std::optional<u8> value;
  std::string problem;
};
file_brand read_brand(const std::string& path);
/// Changes the one byte in place: at no moment is the file anything but the old or the new one, and its owner, mode, links and
/// all else stay. Answers what is wrong, or nothing.
std::string write_brand(const std::string& path, u8 value);

/// Adds the subcommand. When it was given, `status` is 0 if every file could be shown or changed, 1 otherwise.
void add_brand(CLI::App& app, int& status);

} // namespace polyabi::tool
