// The support table in the form that `check` judges by.
#pragma once

#include <supported_system.hpp>

namespace polyabi::tool {

/// Every personality of this tool on `kernel`. The same for the whole run.
const std::vector<check::supported_system>& supported_systems(const std::string& kernel);
/// Null if there is none.
const check::supported_system* find_supported(std::string_view personality, std::string_view arch,
                                              const std::string& kernel = "reference");

} // namespace polyabi::tool
