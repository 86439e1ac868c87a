#include "matrix_levels.hpp"
#include "matrix_personalities.hpp"
#include "trace_derive.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/variants/all.hpp>

namespace polyabi::tool {

namespace {

template <class K>
std::vector<row_support> on_kernel(usize index, const std::vector<row_support>& personality) {
  std::vector<row_support> found;
  svr4::each_variant([&, at = usize{0}]<class V>(V) mutable {
    if (at++ == index) found = supports_of_variant<svr4::personality, svr4::i386, K, typename V::rows>(personality);
  });
  return found;
}

} // namespace

std::vector<row_support> svr4_i386_on_reference() {
  return supports<svr4::personality, svr4::i386, reference::kernel>();
}
std::vector<row_support> svr4_i386_on_none() {
  return supports<svr4::personality, svr4::i386, no_kernel>();
}
std::vector<row_support> svr4_variant_on_reference(usize index) {
  return on_kernel<reference::kernel>(index, svr4_i386_on_reference());
}
std::vector<row_support> svr4_variant_on_none(usize index) {
  return on_kernel<no_kernel>(index, svr4_i386_on_none());
}

} // namespace polyabi::tool
