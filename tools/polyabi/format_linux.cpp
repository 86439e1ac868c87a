#include "format_linux.hpp"

namespace polyabi::tool::linux_formats {

refinements all() {
  static const std::vector<refinement> arguments = [] {
    std::vector<refinement> joined;
    for (const auto part : {file_arguments(), process_arguments(), waiting_arguments(), system_arguments(), socket_arguments()})
      joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  static const std::vector<result_refinement> results = [] {
    std::vector<result_refinement> joined;
    for (const auto part : {file_results(), waiting_results()}) joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  return {arguments, results};
}

} // namespace polyabi::tool::linux_formats
