// Mapping requests, checked against what a program would see in memory.
#include "coff_builder.hpp"
#include "recorded_memory.hpp"

#include <polyabi/activators/executable.hpp>

#include <memory>

using namespace polyabi;
using namespace polyabi::activators;
using polyabi::test::bytes;
using polyabi::test::check_contents;
using polyabi::test::elf_builder;
using polyabi::test::recorded_memory;

namespace {

bytes numbered(const elf_builder& elf) {
  bytes file = elf.build();
  for (usize i = 0x800; i < file.size(); ++i) file[i] = static_cast<u8>(i * 7 + 1);
  return file;
}

} // namespace

TEST_CASE("segments arrive with their contents, tails zeroed") {
  const bool wide = GENERATE(false, true);
  const bool position_independent = GENERATE(false, true);
  elf_builder elf = elf_builder::usual(wide);
  if (position_independent) elf.type = activators::elf::et_dyn;
  SECTION("text, data and bss") {}
  SECTION("a bss that ends in the page of the data") {
    elf.headers[1].memory_size = 0x500;
  }
  SECTION("no bss") {
    elf.headers[1].memory_size = elf.headers[1].file_size;
  }
  SECTION("data that ends with its page") {
    elf.headers[1].file_size = 0x800;
    elf.headers[1].memory_size = 0x1800;
  }
  SECTION("a bss alone, beginning in the page of the data") {
    elf.headers[1].memory_size = elf.headers[1].file_size;
    elf.headers.push_back({.flags = 6, .address = elf.base() + 0x2c00, .memory_size = 0x3000});
  }
  SECTION("a bss alone, within the page of the data") {
    elf.headers[1].memory_size = elf.headers[1].file_size;
    elf.headers.push_back({.flags = 6, .address = elf.base() + 0x2c00, .memory_size = 0x100});
  }
  SECTION("a bss alone, in pages of its own") {
    elf.headers.push_back({.flags = 6, .address = elf.base() + 0x10000, .memory_size = 0x100});
  }
  SECTION("two segments of the file in one page") {
    elf.headers[0].file_size = elf.headers[0].memory_size = 0x900;
    elf.headers[1] = {.flags = 6, .offset = 0x900, .address = elf.base() + 0x900, .file_size = 0x100, .memory_size = 0x2000};
  }

  const bytes file = numbered(elf);
  memory_reader reader{file};
  const auto plan = std::make_unique<image_plan>();
  REQUIRE(parse_elf(reader, *plan));
  const u64 bias = bias_for(*plan, default_program_base(plan->arch));
  CHECK((bias != 0) == position_independent);
  REQUIRE(fits(*plan, bias, default_limits(plan->arch)));

  recorded_memory memory{file};
  REQUIRE(map_image(*plan, bias, memory));
  check_contents(*plan, bias, file, memory);
  const address_range range = pages_of(*plan, bias);
  CHECK(memory.pages.begin()->first == range.start / page_size);
  CHECK(memory.pages.rbegin()->first + 1 == range.end / page_size);
}

TEST_CASE("each segment has its own access") {
  const bytes file = numbered(elf_builder::usual(true));
  memory_reader reader{file};
  const auto plan = std::make_unique<image_plan>();
  REQUIRE(parse_elf(reader, *plan));
  recorded_memory memory{file};
  REQUIRE(map_image(*plan, 0, memory));
  CHECK(memory.requests == std::vector<std::string>{"file", "file", "zero", "anonymous"});
  CHECK(memory.pages.at(0x400).second == segment_access{true, false, true});
  CHECK(memory.pages.at(0x402).second == segment_access{true, true, false});
  CHECK(memory.pages.at(0x404).second == segment_access{true, true, false});
}

TEST_CASE("the bias honours alignment, the place of the first segment, and user space") {
  image_plan plan;
  plan.position_independent = true;
  plan.segment_count = 1;
  plan.load_start = 0x1234;
  plan.load_end = 0x5000;
  CHECK(bias_for(plan, 0x10000) == 0xf000);
  CHECK(pages_of(plan, 0xf000).start == 0x10000);
  CHECK(pages_of(plan, 0xf000).end == 0x14000);
  plan.alignment = 0x200000;
  CHECK(bias_for(plan, 0x10000) == 0x200000);
  CHECK(fits(plan, 0x200000, {0x1000, 0x205000}));
  CHECK_FALSE(fits(plan, 0x200000, {0x1000, 0x204000}));
  CHECK_FALSE(fits(plan, 0, {0x10000, 0x205000}));
  CHECK_FALSE(fits(plan, ~u64{0} - 0x4000, {0, 0x205000}));
  CHECK(address_range{0, 2}.overlaps({1, 3}));
  CHECK_FALSE(address_range{0, 2}.overlaps({2, 3}));
}

TEST_CASE("the first refusal of the mapper is the answer") {
  struct refusing {
    int left;
    using answer = basic_result<void, errc>;
    answer next() { return left-- == 0 ? answer{errc::nomem} : answer{}; }
    answer map_file(u64, u64, segment_access, u64) { return next(); }
    answer map_anonymous(u64, u64, segment_access) { return next(); }
    answer zero(u64, u64) { return next(); }
    answer copy_file(u64, u64, u64) { return next(); }
    answer protect(u64, u64, segment_access) { return next(); }
  };
  const bytes mapped_file = elf_builder::usual(true).build();
  // Its text is copied and then protected.
  auto impure = polyabi::test::coff_builder::usual(activators::coff::pure, bytes(0x100), bytes(0x100), 0x2000);
  impure.sections[0].address = 0;
  const bytes copied_file = impure.build();
  for (const bytes& file : {mapped_file, copied_file}) {
    memory_reader reader{file};
    const auto plan = std::make_unique<image_plan>();
    REQUIRE(parse_executable(reader, *plan));
    for (int refused = 0; refused < 4; ++refused) {
      refusing memory{refused};
      CHECK(map_image(*plan, 0, memory).error() == errc::nomem);
      CHECK(memory.left == -1);
    }
  }
}
