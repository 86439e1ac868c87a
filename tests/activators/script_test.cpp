// `#!` lines, rule by rule.
#include "catch.hpp"

#include <polyabi/activators/format.hpp>

#include <string>

using namespace polyabi;
using namespace polyabi::activators;

namespace {

script_line line_of(std::string_view text) {
  script_line line;
  CAPTURE(text);
  REQUIRE(parse_script(text, line));
  return line;
}

errc error_of(std::string_view text, u32 depth = 0) {
  script_line line;
  return parse_script(text, line, depth).error;
}

} // namespace

TEST_CASE("an interpreter, and at most one argument with its blanks") {
  CHECK(line_of("#!/bin/sh\necho").interpreter == "/bin/sh");
  CHECK(line_of("#!/bin/sh\necho").argument.empty());
  CHECK(line_of("#! \t/bin/sh \t \n").interpreter == "/bin/sh");
  CHECK(line_of("#!/usr/bin/env  -S  perl -w \t\n").interpreter == "/usr/bin/env");
  CHECK(line_of("#!/usr/bin/env  -S  perl -w \t\n").argument == "-S  perl -w");
  CHECK(line_of("#!/bin/sh\t-e\nrest").argument == "-e");
  CHECK(line_of("#!sh\n").interpreter == "sh");
}

TEST_CASE("the line may end with the file, or with a NUL") {
  CHECK(line_of("#!/bin/sh").interpreter == "/bin/sh");
  CHECK(line_of("#!/bin/sh -x").argument == "-x");
  CHECK(line_of(std::string_view{"#!/bin/sh -x\0y\n", 15}).argument == "-x");
  CHECK(line_of("#!/bin/sh\r\n").interpreter == "/bin/sh\r"); // as everywhere
}

TEST_CASE("what is no script, or has no interpreter") {
  CHECK(error_of("") == errc::noexec);
  CHECK(error_of("#") == errc::noexec);
  CHECK(error_of("# !/bin/sh\n") == errc::noexec);
  CHECK(error_of("#!") == errc::noexec);
  CHECK(error_of("#!\n/bin/sh\n") == errc::noexec);
  CHECK(error_of("#! \t \n") == errc::noexec);
  CHECK(error_of("#!" + std::string(300, ' ')) == errc::noexec);
}

TEST_CASE("a path that may be cut off is refused, an argument is cut") {
  const std::string path = "/" + std::string(252, 'a'); // with "#!" 255 bytes
  for (const std::string& text : {"#!" + path + "\nrest", "#!" + path + " rest", "#!" + path}) {
    CHECK(line_of(text).interpreter == path);
  }
  CHECK(error_of("#!" + path + "a\nrest") == errc::noexec);

  const std::string long_line = "#!/bin/sh " + std::string(400, 'b') + "\n";
  CHECK(line_of(long_line).argument == std::string(245, 'b'));
}

TEST_CASE("scripts of scripts end somewhere") {
  CHECK(error_of("#!/bin/sh\n", max_script_depth - 1) == errc::none);
  CHECK(error_of("#!/bin/sh\n", max_script_depth) == errc::loop);
}

TEST_CASE("formats by their first bytes") {
  CHECK(recognise_format("#!/bin/sh") == file_format::script);
  CHECK(recognise_format("\x7f"
                         "ELF") == file_format::elf);
  const auto format_of = [](u8 a, u8 b, u8 c, u8 d) {
    const char beginning[] = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(c), static_cast<char>(d)};
    return recognise_format({beginning, sizeof beginning});
  };
  CHECK(format_of(0x4c, 0x01, 3, 0) == file_format::coff);
  CHECK(format_of(0x06, 0x02, 0, 0) == file_format::x_out);
  CHECK(format_of(0x0b, 0x01, 0x64, 0) == file_format::a_out); // ZMAGIC, Linux
  CHECK(format_of(0xcc, 0x00, 0x64, 0) == file_format::a_out); // QMAGIC
  CHECK(format_of(0x0b, 0x01, 0x86, 0) == file_format::unknown);
  CHECK(recognise_format("") == file_format::unknown);
  CHECK(recognise_format("echo hello") == file_format::unknown);
}
