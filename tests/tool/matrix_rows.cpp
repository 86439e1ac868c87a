// The support table: complete, and the same in every form.
#include "catch.hpp"

#include <matrix.hpp>
#include <trace_description.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace {

using namespace polyabi;
using namespace polyabi::tool;

TEST_CASE("every number of a table stands in the matrix once") {
  for (const abi_description* abi : all_descriptions()) {
    const auto rows = matrix(std::string{abi->personality}, std::string{abi->arch}, "reference");
    std::set<i64> numbers;
    usize calls = 0;
    for (const matrix_row& row : rows) {
      if (row.is_selected) continue;
      ++calls;
      CHECK(numbers.insert(row.number).second);
    }
    CHECK(calls == abi->calls.size());
    CHECK(rows.size() >= calls);
  }
}

TEST_CASE("Linux' tables are complete up to mseal") {
  for (const auto& [arch, holes] : {std::pair{"x86_64", 335}, std::pair{"i386", 387}}) {
    std::set<i64> numbers;
    for (const matrix_row& row : matrix("linux", arch, "reference")) numbers.insert(row.number);
    CHECK(numbers.count(0) + numbers.count(1) == 2);
    CHECK(*numbers.rbegin() == 462);
    for (i64 n = 0; n < holes; ++n) // what follows was left empty by Linux
      if (std::string_view{arch} == "x86_64") CHECK(numbers.contains(n));
  }
}

TEST_CASE("JSON has a row for each call, and only known levels") {
  const auto rows = matrix("", "", "reference");
  const auto json = nlohmann::json::parse(matrix_json(rows));
  REQUIRE(json.is_array());
  CHECK(json.size() == rows.size());
  const std::set<std::string> levels{"native", "emulated", "faked", "refused", "missing"};
  for (const auto& row : json) {
    for (const char* key : {"personality", "arch", "name", "signature", "level", "reason"}) CHECK(row.at(key).is_string());
    CHECK(row.at("number").is_number_integer());
    CHECK(levels.contains(row.at("level").get<std::string>()));
    const std::string level = row.at("level");
    if (level != "native" && level != "emulated") CHECK_FALSE(row.at("reason").get<std::string>().empty());
  }
}

TEST_CASE("the levels of the summary sum up") {
  const auto rows = matrix("linux", "", "reference");
  const std::string text = matrix_text(rows);
  std::istringstream last{text.substr(text.rfind("\n", text.size() - 2) + 1)};
  usize total = 0, sum = 0, one = 0;
  std::string word;
  last >> total >> word;
  CHECK(word == "calls:");
  while (last >> one >> word) sum += one;
  CHECK(total == rows.size());
  CHECK(sum == total);
}

TEST_CASE("a kernel that provides nothing leaves what the library does alone") {
  for (const matrix_row& row : matrix("linux", "x86_64", "none"))
    if (row.name == "read" || row.name == "openat") CHECK(row.level == support::missing);
}

TEST_CASE("signatures are read off the tags") {
  for (const matrix_row& row : matrix("linux", "x86_64", "reference")) {
    if (row.name == "openat") CHECK(row.signature == "new_fd openat(directory, path, open_flags, file_mode)");
    if (row.name == "ioctl.TIOCGWINSZ") CHECK(row.signature == "status TIOCGWINSZ(fd, out<winsize>)");
    CHECK(row.signature.find("::") == std::string::npos);
  }
}

TEST_CASE("calls behind one number are listed with it") {
  const auto rows = matrix("linux", "i386", "reference");
  CHECK(std::any_of(rows.begin(), rows.end(),
                    [](const matrix_row& r) { return r.name == "socketcall.bind" && r.number == 102; }));
}

TEST_CASE("Markdown has as many lines") {
  const auto rows = matrix("svr4", "", "reference");
  const std::string text = matrix_markdown(rows);
  CHECK(static_cast<usize>(std::count(text.begin(), text.end(), '\n')) == rows.size() + 4);
}

} // namespace
