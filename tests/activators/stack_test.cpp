// The first stack of an image, read back as a program's start-up code reads it.
#include "catch.hpp"

#include <polyabi/activators/stack.hpp>

#include <cstring>
#include <string>
#include <vector>

using namespace polyabi;
using namespace polyabi::activators;

namespace {

constexpr u64 top = 0xc0000000;

/// The stack as memory that ends at `top`; bytes start out as garbage.
struct stack_memory {
  std::vector<u8> bytes = std::vector<u8>(1 << 20, u8{0xa5});
  bool broken = false;

  u64 bottom() const { return top - bytes.size(); }
  bool write(u64 address, const void* from, usize size) {
    if (broken) return false;
    REQUIRE(address >= bottom());
    REQUIRE(address + size <= top);
    std::memcpy(&bytes[address - bottom()], from, size);
    return true;
  }
  u64 word(u64 address, u8 width) const {
    u64 value = 0;
    for (u8 i = 0; i < width; ++i) value |= u64{bytes.at(address - bottom() + i)} << (8 * i);
    return value;
  }
  std::string text(u64 address) const { return reinterpret_cast<const char*>(&bytes.at(address - bottom())); }
};

struct strings {
  std::vector<char> memory = std::vector<char>(1 << 18);
  string_collector collector{memory};
  explicit strings(std::initializer_list<std::string> texts) {
    for (const std::string& text : texts) REQUIRE(collector.append(text) == errc::none);
  }
  string_block block() const { return collector.block(); }
};

usize four_entries(const image_start& start, std::span<auxiliary_entry> entries) {
  entries[0] = {25, start.random};
  entries[1] = {15, start.platform};
  entries[2] = {31, start.file_name};
  entries[3] = {9, start.entry};
  return 4;
}

} // namespace

TEST_CASE("a program finds everything from its stack pointer") {
  const u8 width = GENERATE(u8{4}, u8{8});
  const strings prefix{"/bin/sh", "-e"}, own{"./script", "", "last argument"}, environment{"PATH=/bin", "HOME=/"};
  const string_block arguments[] = {prefix.block(), own.block()};
  const string_block variables[] = {environment.block()};
  stack_request request{.top = top,
                        .size_limit = 1 << 20,
                        .pointer_size = width,
                        .arguments = arguments,
                        .environment = variables,
                        .file_name = "/home/script",
                        .platform = "i686",
                        .random = {}};
  for (usize i = 0; i < 16; ++i) request.random[i] = static_cast<u8>(i + 1);
  stack_memory memory;
  image_start start;
  start.entry = 0x8048123;
  const auto built = build_stack(request, start, four_entries, memory);
  REQUIRE(built);
  const stack_layout& layout = *built;

  u64 at = layout.stack_pointer;
  CHECK(at % 16 == 0);
  const auto next = [&] {
    const u64 value = memory.word(at, width);
    at += width;
    return value;
  };
  CHECK(next() == 5);
  for (const char* expected : {"/bin/sh", "-e", "./script", "", "last argument"}) CHECK(memory.text(next()) == expected);
  CHECK(next() == 0);
  for (const char* expected : {"PATH=/bin", "HOME=/"}) CHECK(memory.text(next()) == expected);
  CHECK(next() == 0);
  CHECK(next() == 25);
  const u64 random = next();
  for (u64 i = 0; i < 16; ++i) CHECK(memory.word(random + i, 1) == i + 1);
  CHECK(next() == 15);
  CHECK(memory.text(next()) == "i686");
  CHECK(next() == 31);
  CHECK(memory.text(next()) == "/home/script");
  CHECK(next() == 9);
  CHECK(next() == 0x8048123);
  CHECK(next() == 0);
  CHECK(next() == 0);
  CHECK(at == layout.vectors_end);
  CHECK(memory.word(top - width, width) == 0);

  // What /proc shows: strings without gaps between them.
  CHECK(layout.arguments_end - layout.arguments_start == prefix.block().size + own.block().size);
  CHECK(layout.environment_end - layout.environment_start == environment.block().size);
  CHECK(memory.text(layout.arguments_start) == "/bin/sh");
  CHECK(memory.text(layout.environment_start) == "PATH=/bin");
  CHECK(layout.arguments_end == layout.environment_start);
}

TEST_CASE("nothing at all is a stack too, at every alignment of its strings") {
  for (usize length = 0; length < 40; ++length) {
    const std::string name(length, 'n');
    stack_request request{.top = top,
                          .size_limit = 4096,
                          .pointer_size = 4,
                          .arguments = {},
                          .environment = {},
                          .file_name = name,
                          .platform = "",
                          .random = {}};
    stack_memory memory;
    const auto built = build_stack(
        request, {}, [](const image_start&, std::span<auxiliary_entry>) { return usize{0}; }, memory);
    REQUIRE(built);
    CHECK(built->stack_pointer % 16 == 0);
    for (u64 i = 0; i < 5; ++i) CHECK(memory.word(built->stack_pointer + 4 * i, 4) == 0); // argc, argv, envp, AT_NULL
    CHECK(memory.text(built->file_name) == name);
    CHECK(built->vectors_end <= built->random);
  }
}

TEST_CASE("a quarter of the stack is for arguments, within bounds") {
  CHECK(argument_limit(8 << 20) == 2 << 20);
  CHECK(argument_limit(0) == 128 << 10);
  CHECK(argument_limit(~u64{0}) == 6 << 20);
}

TEST_CASE("limits answer E2BIG") {
  const strings some{std::string(1000, 'x'), std::string(1000, 'y')};
  const string_block blocks[] = {some.block()};
  stack_request request{.top = top,
                        .size_limit = 0,
                        .pointer_size = 8,
                        .arguments = blocks,
                        .environment = blocks,
                        .file_name = "/bin/x",
                        .platform = "x86_64",
                        .random = {}};
  stack_memory memory;
  u64 smallest = 0;
  for (u64 limit = 0; limit < 8192; ++limit) {
    request.size_limit = limit;
    const auto built = build_stack(request, {}, four_entries, memory);
    if (built) {
      if (smallest == 0) smallest = limit;
      CHECK(top - built->stack_pointer <= limit);
    } else {
      CHECK(built.error() == errc::toobig);
      CHECK(smallest == 0);
    }
  }
  CHECK(smallest > 4004);
  CHECK(smallest < 4400);
}

TEST_CASE("a single string has its own limit") {
  std::vector<char> room(max_argument_string + 100);
  string_collector collector{room};
  CHECK(collector.append(std::string(max_argument_string, 'x')) == errc::toobig);
  CHECK(collector.append(std::string(max_argument_string - 1, 'x')) == errc::none);
  CHECK(collector.remaining() == 100);
  CHECK(collector.append(std::string(100, 'x')) == errc::toobig);
  CHECK(collector.append(std::string(99, 'x')) == errc::none);
  CHECK(collector.append("") == errc::toobig);
  CHECK(collector.block().count == 2);
}

TEST_CASE("blocks that are not what they say are refused") {
  stack_request request{.top = top,
                        .size_limit = 1 << 20,
                        .pointer_size = 8,
                        .arguments = {},
                        .environment = {},
                        .file_name = "x",
                        .platform = "",
                        .random = {}};
  const string_block wrong_count[] = {{"a\0b", 4, 1}};
  const string_block no_end[] = {{"ab", 2, 1}};
  request.arguments = wrong_count;
  CHECK_FALSE(place_strings(request));
  request.arguments = no_end;
  CHECK_FALSE(place_strings(request));
  request.arguments = {};
  CHECK(place_strings(request));
  request.pointer_size = 2;
  CHECK(place_strings(request).error() == errc::inval);
}

TEST_CASE("a stack that cannot be written is EFAULT") {
  stack_request request{.top = top,
                        .size_limit = 1 << 20,
                        .pointer_size = 8,
                        .arguments = {},
                        .environment = {},
                        .file_name = "x",
                        .platform = "",
                        .random = {}};
  stack_memory memory;
  memory.broken = true;
  CHECK(build_stack(request, {}, four_entries, memory).error() == errc::fault);
}
