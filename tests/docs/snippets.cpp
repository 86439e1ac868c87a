// Every C++ block in the documents is part of a file that is compiled: the comment line before the block names it.
//
//   <!-- examples/new_abi/tiny.hpp -->
//   ```cpp
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream in{path};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

int check(const std::filesystem::path& root, const std::filesystem::path& document) {
  std::ifstream in{document};
  std::string line, before;
  int number = 0, bad = 0;
  while (std::getline(in, line)) {
    ++number;
    if (line == "```cpp") {
      const int start = number;
      std::string block;
      while (std::getline(in, line) && ++number && line != "```") block += line + "\n";
      const auto from = before.find("<!-- "), to = before.find(" -->");
      if (from == std::string::npos || to == std::string::npos) {
        std::cout << document.string() << ":" << start << ": no <!-- file --> line before this block says where it is compiled\n";
        ++bad;
      } else {
        const auto file = root / before.substr(from + 5, to - from - 5);
        if (contents(file).find(block) == std::string::npos) {
          std::cout << document.string() << ":" << start << ": this block is not in " << file.string() << " as it stands here\n";
          ++bad;
        }
      }
    }
    if (!line.empty()) before = line;
  }
  return bad;
}

} // namespace

int main(int, char** arguments) {
  const std::filesystem::path root{arguments[1]};
  int bad = check(root, root / "README.md");
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root / "docs"})
    if (entry.path().extension() == ".md") bad += check(root, entry.path());
  return bad == 0 ? 0 : 1;
}
