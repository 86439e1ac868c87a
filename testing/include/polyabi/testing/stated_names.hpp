// The structures and maps that the headers of a personality state, by name: what a test that iterates over tables is compared
// with, so that nothing which a handler reads by itself is forgotten.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>

namespace polyabi::testing {

/// Names, and the file of each.
using stated_names = std::map<std::string, std::string>;

namespace detail {

inline stated_names find_stated(const std::filesystem::path& folder, const std::regex& statement) {
  stated_names found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in{entry.path()};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (std::sregex_iterator at{text.begin(), text.end(), statement}, end; at != end; ++at)
      found.emplace((*at)[1], entry.path().string());
  }
  return found;
}

} // namespace detail

/// Structures that name their fields.
inline stated_names structures_stated_in(const std::filesystem::path& folder) {
  return detail::find_stated(folder, std::regex{R"(POLYABI_FIELDS\((\w+))"});
}

/// Maps of flags and of numbers.
inline stated_names maps_stated_in(const std::filesystem::path& folder) {
  return detail::find_stated(folder, std::regex{R"(struct (\w+) : (?:polyabi::)?(?:flag|number)_map<)"});
}

/// A type's name as it is stated: without namespaces and template arguments.
inline std::string stated_name(const std::string& type) {
  const std::string plain = type.substr(0, type.find('<'));
  const auto colons = plain.rfind("::");
  return colons == std::string::npos ? plain : plain.substr(colons + 2);
}

} // namespace polyabi::testing
