#include "report.hpp"
namespace polyabi::check {
std::string to_page(const std::vector<judgement>&, const page_facts&) {
  return {};
}
} // namespace polyabi::check
