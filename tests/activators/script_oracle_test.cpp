// `#!` lines against the host: Linux' own execve is asked what it makes of each, and must agree with parse_script.
#include "broken_files.hpp"
#include "catch.hpp"

#include <polyabi/activators/script.hpp>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace polyabi;

namespace {

/// What execve of the script did: its error, or the arguments that the interpreter got, each ended by a NUL.
struct execution {
  int error = 0;
  std::string arguments;
};

execution execute(const std::string& path) {
  int output[2], report[2];
  REQUIRE(::pipe(output) == 0);
  REQUIRE(::pipe2(report, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(output[1], 1);
    char* arguments[] = {const_cast<char*>(path.c_str()), nullptr};
    ::execv(path.c_str(), arguments);
    const int error = errno;
    (void)!::write(report[1], &error, sizeof error);
    ::_exit(127);
  }
  ::close(output[1]);
  ::close(report[1]);
  execution done;
  (void)!::read(report[0], &done.error, sizeof done.error);
  std::array<char, 4096> buffer;
  for (ssize_t count; (count = ::read(output[0], buffer.data(), buffer.size())) > 0;) {
    done.arguments.append(buffer.data(), static_cast<usize>(count));
  }
  ::close(output[0]);
  ::close(report[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return done;
}

/// A folder with the interpreter under a short name: it goes into a line of 256 bytes.
struct scratch {
  std::filesystem::path folder;
  std::string printer;
  scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "polyabi-script-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    printer = folder / "p";
    std::filesystem::copy_file(POLYABI_ARGUMENT_PRINTER, printer);
  }
  ~scratch() { std::filesystem::remove_all(folder); }

  std::string script(const std::string& name, const std::string& contents) const {
    const std::string path = folder / name;
    {
      std::ofstream stream{path, std::ios::binary};
      stream << contents;
    }
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
};

} // namespace

TEST_CASE("parse_script agrees with Linux") {
  const scratch here;
  const std::string& printer = here.printer;
  const auto compare = [&](const std::string& contents) {
    const std::string script = here.script("s", contents);
    activators::script_line line;
    const activators::verdict parsed = activators::parse_script(contents, line);
    const execution done = execute(script);
    CAPTURE(contents);
    // Linux does not look for blanks before a NUL or the end of the file: it finds an empty path (the current directory:
    // EACCES) or argument there. parse_script takes every line as if a newline ended it.
    const std::string_view line_without_newline = activators::detail::until_nul(contents);
    const char last = line_without_newline.back();
    if (line_without_newline.find('\n') == contents.npos && (last == ' ' || last == '\t' || last == '!')) {
      if (!parsed) CHECK((done.error == EACCES || done.error == ENOEXEC));
    } else if (!parsed) {
      CHECK(done.error == ENOEXEC);
    } else if (line.interpreter == printer) {
      std::string expected{line.interpreter};
      expected += '\0';
      if (!line.argument.empty()) expected += std::string{line.argument} + '\0';
      CHECK(done.error == 0);
      CHECK(done.arguments == expected + script + '\0');
    } else {
      CHECK((done.error == ENOENT || done.error == EACCES || done.error == ENOTDIR || done.error == ENAMETOOLONG));
    }
  };

  constexpr std::string_view alphabet{" \t\0\nx", 5};
  test::seeded_random random{4};
  const auto some = [&](usize most) {
    std::string text;
    for (usize count = random.below(most + 1); count > 0; --count) text += alphabet[random.below(alphabet.size())];
    return text;
  };
  for (int i = 0; i < 300; ++i) compare("#!" + some(2) + (random.below(8) != 0 ? printer : "") + some(12));

  // Around the limit, with the argument and with the path growing.
  for (usize length = 240; length < 270; ++length) {
    compare("#!" + printer + " " + std::string(length - printer.size(), 'y') + "\nrest");
    compare("#!" + std::string(length, '/') + "\n");
    compare("#!" + std::string(length, '/'));
    compare("#!" + std::string(length, ' ') + printer + "\n");
    compare("#!" + std::string(length - printer.size(), ' ') + printer);
    compare("#!" + std::string(length - printer.size(), ' ') + printer + " z\n");
  }
}

TEST_CASE("so many scripts may have scripts for interpreters as on Linux") {
  const scratch here;
  std::string interpreter = here.printer;
  for (u32 scripts = 1; scripts < 9; ++scripts) {
    const std::string contents = "#!" + interpreter + "\n";
    interpreter = here.script(std::to_string(scripts), contents);
    activators::script_line line;
    const u32 depth_of_the_last = scripts - 1;
    CAPTURE(scripts);
    CHECK((execute(interpreter).error == ELOOP) ==
          (activators::parse_script(contents, line, depth_of_the_last).error == errc::loop));
  }
}
