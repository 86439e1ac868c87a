// Layouts against the real headers: a C program that prints sizes and offsets is made from the fields that the structures name,
// compiled with the foreign system's headers, run, and its answers are compared. Nothing is listed by hand but the C names.
//
//   layout_probe probe;
//   probe.ask<stat<lp64>>({"struct stat", "st_"});
//   for (const auto& sentence : probe.run({.compiler = "cc", .flags = "-m64", .includes = {"asm/stat.h"}})) ...
#pragma once

#include <polyabi/core/fields.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace polyabi::testing {

/// How a structure and its fields are called in C: the type, a prefix for all fields, and the ones that are called otherwise,
/// in the order of the fields. A structure that later releases made longer ends before their first field, `later`.
struct c_names {
  std::string type, prefix;
  std::vector<std::pair<std::string, std::string>> others{};
  std::string later{};
};

class layout_probe {
public:
  /// With what, and against which headers, the program is compiled. It runs here: the compiler must make programs for this
  /// machine.
  struct environment {
    std::string compiler = "cc", flags;
    std::vector<std::string> includes;
  };

  /// Size and offsets of `T`.
  template <class T>
  void ask(c_names names) {
    if (names.later.empty())
      ask_size(names.type, sizeof(T));
    else
      questions_.push_back({names.type + " before " + names.later, "offsetof(" + names.type + ", " + names.later + ")", sizeof(T)});
    for_each_field<T>([&]<class Field>(Field) {
      std::string name = names.prefix + std::string{Field::name};
      for (auto at = names.others.begin(); at != names.others.end(); ++at)
        if (at->first == Field::name) {
          name = at->second;
          names.others.erase(at);
          break;
        }
      questions_.push_back({names.type + "." + name, "offsetof(" + names.type + ", " + name + ")",
                            polyabi::detail::constant_offset<T, Field::member>()});
    });
  }
  /// The size alone: of unions and other structures without named fields.
  void ask_size(const std::string& c_type, usize size) {
    questions_.push_back({"sizeof " + c_type, "sizeof(" + c_type + ")", size});
  }

  usize size() const { return questions_.size(); }

  /// Answers what differs, a sentence each; one with the compiler's messages if the program could not be made.
  std::vector<std::string> run(const environment& with) const {
    namespace fs = std::filesystem;
    std::string pattern = (fs::temp_directory_path() / "polyabi-layout-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return {"no folder can be made for the probe"};
    const fs::path folder{pattern};
    auto differences = run_in(folder, with);
    fs::remove_all(folder);
    return differences;
  }

private:
  /// One value that the probe prints.
  struct question {
    std::string what, expression;
    usize answer;
  };

  std::string program(const environment& with) const {
    std::string text = "#include <stddef.h>\n";
    for (const auto& header : with.includes) text += "#include <" + header + ">\n";
    text += "int printf(const char*, ...);\nint main(void) {\n";
    for (const question& q : questions_) text += "  printf(\"%lu\\n\", (unsigned long)(" + q.expression + "));\n";
    return text + "  return 0;\n}\n";
  }

  std::vector<std::string> run_in(const std::filesystem::path& folder, const environment& with) const {
    const auto file = [&](const char* name) { return (folder / name).string(); };
    std::ofstream{file("probe.c")} << program(with);
    const std::string build = with.compiler + " -w " + with.flags + " -o " + file("probe") + " " + file("probe.c") + " > " +
                              file("messages") + " 2>&1";
    if (std::system(build.c_str()) != 0) {
      std::ifstream messages{file("messages")};
      return {"the probe does not compile:\n" + std::string{std::istreambuf_iterator<char>{messages}, {}}};
    }
    if (std::system((file("probe") + " > " + file("answers")).c_str()) != 0) return {"the probe does not run"};
    std::ifstream answers{file("answers")};
    std::vector<std::string> differences;
    for (const question& q : questions_) {
      usize answer = 0;
      if (!(answers >> answer)) return {"the probe gave too few answers"};
      if (answer != q.answer)
        differences.push_back(q.what + ": the headers say " + std::to_string(answer) + ", the structure has " +
                              std::to_string(q.answer));
    }
    return differences;
  }

  std::vector<question> questions_;
};

} // namespace polyabi::testing
