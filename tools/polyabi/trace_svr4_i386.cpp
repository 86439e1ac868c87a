// System V Release 4's calls on i386, derived from the personality's table, and its variants', from their rows.
#include "format_svr4.hpp"
#include "trace_derive.hpp"
#include "trace_personalities.hpp"

#include <polyabi/svr4/variants/all.hpp>

namespace polyabi::tool {

namespace {

/// What a variant calls its errors and signals.
template <class V>
struct names_of : V {
  using errors = svr4::errors;
};
template <>
struct names_of<svr4::variants::openserver> : svr4::variants::openserver {
  using errors = svr4::variants::openserver_errors;
};

} // namespace

const abi_description& svr4_i386() {
  static const abi_description description = describe<svr4::personality, svr4::i386>(svr4_formats::all());
  return description;
}

std::span<const abi_description> svr4_variants() {
  static const std::vector<abi_description> all = [] {
    std::vector<abi_description> made;
    svr4::each_variant(
        [&]<class V>(V) { made.push_back(describe_variant<svr4::personality, svr4::i386, names_of<V>>(svr4_i386(), {})); });
    return made;
  }();
  return all;
}

} // namespace polyabi::tool
