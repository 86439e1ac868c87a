// The support table in the form that `check` judges by.
#pragma once

#include <supported_system.hpp>

namespace polyabi::tool {

/// A personality of this tool on `kernel`, as its programs see it under these settings ("linux.osrelease=4.4"). Null if there
/// is none. It stays where it is.
const check::supported_system* find_supported(std::string_view personality, std::string_view arch, const std::string& kernel,
                                              const std::vector<std::string>& settings);

} // namespace polyabi::tool
