// `polyabi matrix`: every call of every personality, and how a kernel supports it.
#pragma once

#include <polyabi/core/syscall_table.hpp>

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace polyabi::tool {

/// One row of the support table.
struct matrix_row {
  std::string personality, arch;
  i64 number = 0;
  std::string name;         ///< of a call behind a number that stands for several: "socketcall.bind", "ioctl.TCGETS"
  bool is_selected = false; ///< such a one: `number` is the number of the call it stands behind
  u64 selector = 0;
  std::string signature;
  support level{};
  std::string reason;
  std::string since; ///< the release that brought it, as "5.9"; empty: it was always there
  i32 error = 0;     ///< the personality's number of what a refused or missing call answers
};

/// Empty for a kernel that is not known.
std::vector<std::string> kernel_names();
/// Rows by personality, architecture and number; empty filters let everything through.
std::vector<matrix_row> matrix(const std::string& personality, const std::string& arch, const std::string& kernel);

std::string matrix_text(const std::vector<matrix_row>&);
std::string matrix_markdown(const std::vector<matrix_row>&);
std::string matrix_json(const std::vector<matrix_row>&);

void add_matrix(CLI::App& app);

} // namespace polyabi::tool
