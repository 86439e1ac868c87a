// Reading ELF files into plans: what is accepted, and what each refusal is for.
#include "catch.hpp"
#include "elf_builder.hpp"
#include "files.hpp"

#include <polyabi/activators/elf.hpp>

#include <memory>

using namespace polyabi;
using namespace polyabi::activators;
using polyabi::test::bytes;
using polyabi::test::elf_builder;

namespace {

struct parsed {
  verdict result;
  std::unique_ptr<image_plan> plan = std::make_unique<image_plan>();
};

parsed parse(const bytes& file, const address_limits* limits = nullptr) {
  parsed answer;
  memory_reader reader{file};
  answer.result = parse_elf(reader, *answer.plan, limits);
  return answer;
}

std::string_view refusal(const elf_builder& elf) {
  return parse(elf.build()).result.reason;
}

} // namespace

TEST_CASE("a usual executable of either class becomes a plan") {
  const bool wide = GENERATE(false, true);
  elf_builder elf = elf_builder::usual(wide);
  elf.flags = 0x80000000;
  const parsed answer = parse(elf.build());
  REQUIRE(answer.result);
  const image_plan& plan = *answer.plan;
  CHECK(plan.arch == (wide ? architecture::x86_64 : architecture::i386));
  CHECK(plan.pointer_size() == (wide ? 8 : 4));
  CHECK(plan.entry == elf.base() + 0x200);
  CHECK(plan.flags == 0x80000000);
  CHECK_FALSE(plan.position_independent);
  CHECK(plan.interpreter.empty());
  CHECK(plan.load_start == elf.base());
  CHECK(plan.load_end == elf.base() + 0x4c00);
  CHECK(plan.program_headers == elf.base() + elf.layout().header_size);
  CHECK(plan.program_header_count == 2);
  CHECK(plan.executable_stack);
  REQUIRE(plan.segments().size() == 2);
  CHECK(plan.segments()[0].access == segment_access{true, false, true});
  CHECK(plan.segments()[1].access == segment_access{true, true, false});
  CHECK(plan.segments()[1].offset == 0x1800);
  CHECK(plan.segments()[1].file_size == 0x400);
  CHECK(plan.segments()[1].memory_size == 0x2400);
}

TEST_CASE("an SVR4 interpreter without an address and an unaligned first segment are fine") {
  elf_builder elf = elf_builder::usual(false);
  elf.headers[0].offset = 0x34;
  elf.headers[0].address += 0x34;
  elf.headers[0].file_size = elf.headers[0].memory_size = 0xf00;
  elf.headers[1].flags = 7;
  elf.add_interpreter("/usr/lib/libc.so.1");
  const parsed answer = parse(elf.build());
  REQUIRE(answer.result);
  CHECK(answer.plan->interpreter.view() == "/usr/lib/libc.so.1");
  CHECK(answer.plan->load_start == 0x08048034);
  CHECK(answer.plan->program_headers == 0x08048034);
  CHECK(answer.plan->segments()[1].access == segment_access{true, true, true});
}

TEST_CASE("PT_GNU_STACK decides about the stack, and large alignments are kept") {
  elf_builder elf = elf_builder::usual(true);
  elf.type = activators::elf::et_dyn;
  elf.headers[0].alignment = 0x200000;
  elf.headers.push_back({.type = activators::elf::pt_gnu_stack, .flags = 6, .alignment = 16});
  const parsed answer = parse(elf.build());
  REQUIRE(answer.result);
  CHECK_FALSE(answer.plan->executable_stack);
  CHECK(answer.plan->position_independent);
  CHECK(answer.plan->alignment == 0x200000);
}

TEST_CASE("headers that are none are refused") {
  const auto with = [](usize at, u64 value, usize width) {
    bytes file = elf_builder::usual(true).build();
    test::store(file, at, value, width);
    const parsed answer = parse(file);
    CHECK(answer.result.error == errc::noexec);
    return answer.result.reason;
  };
  CHECK(with(0, 0x7e, 1) == "not an ELF file");
  CHECK(with(4, 3, 1) == "unknown ELF class");
  CHECK(with(5, 2, 1) == "not little-endian");
  CHECK(with(6, 0, 1) == "unknown ELF version");
  CHECK(with(20, 2, 4) == "unknown ELF version");
  CHECK(with(18, 40, 2) == "made for another processor");
  CHECK(with(18, 3, 2) == "made for another processor"); // ELF64 for i386
  CHECK(with(16, 1, 2) == "neither an executable nor a shared object");
  CHECK(with(16, 4, 2) == "neither an executable nor a shared object");
  CHECK(with(54, 55, 2) == "program headers of an unknown size");
  CHECK(with(56, 0, 2) == "no program headers");
  CHECK(with(56, 129, 2) == "too many program headers");
  CHECK(with(56, 0xffff, 2) == "too many program headers");
  CHECK(with(32, ~u64{0} - 10, 8) == "program headers beyond the end of the file");
  CHECK(with(32, 0x10000, 8) == "program headers beyond the end of the file");

  bytes x32 = elf_builder::usual(false).build(); // ELF32 for x86-64
  test::store(x32, 18, 62, 2);
  CHECK(parse(x32).result.reason == "made for another processor");
  CHECK(parse({}).result.reason == "the file is shorter than an ELF identification");
}

TEST_CASE("segments that cannot be are refused") {
  const bool wide = GENERATE(false, true);
  elf_builder elf = elf_builder::usual(wide);
  auto& text = elf.headers[0];
  auto& data = elf.headers[1];

  SECTION("larger in the file") {
    data.memory_size = data.file_size - 1;
    CHECK(refusal(elf) == "a segment is larger in the file than in memory");
  }
  SECTION("overlapping") {
    data.address = text.address + 0x800;
    CHECK(refusal(elf) == "segments overlap or are not in order");
  }
  SECTION("out of order") {
    std::swap(text, data);
    CHECK(refusal(elf) == "segments overlap or are not in order");
  }
  SECTION("beyond the file") {
    data.offset = 0x7800;
    CHECK(refusal(elf) == "a segment lies beyond the end of the file");
    data.offset = 0x2c00, data.address += 0x400, data.file_size = 0x401;
    CHECK(refusal(elf) == "a segment lies beyond the end of the file");
    data.file_size = 0x400;
    CHECK(refusal(elf).empty());
  }
  SECTION("not congruent within a page") {
    data.offset += 4;
    CHECK(refusal(elf) == "a segment's address and file offset differ within a page");
  }
  SECTION("outside of user space") {
    data.address = wide ? 0x7fffffffe800 : 0xffffd800; // ends where user space does
    data.memory_size = 0x800;
    CHECK(refusal(elf).empty());
    data.memory_size += 1;
    CHECK(refusal(elf) == "a segment lies outside of user space");
    data.memory_size -= 1, data.address += 0x1000;
    CHECK(refusal(elf) == "a segment lies outside of user space");
    const address_limits three_gigabytes{0x1000, 0xc0000000};
    CHECK(parse(elf.build(), &three_gigabytes).result.error == errc::inval);
  }
  SECTION("below the first address of user space") {
    text.address = 0;
    const address_limits limits{0x10000, 0xc0000000};
    CHECK(parse(elf.build(), &limits).result.reason == "a segment lies outside of user space");
    elf.type = activators::elf::et_dyn;
    CHECK(parse(elf.build(), &limits).result);
  }
  SECTION("absurd sizes") {
    data.memory_size = wide ? ~u64{0} : 0xffffffff;
    CHECK_FALSE(parse(elf.build()).result);
    data.memory_size = ~u64{0} - data.address + 1;
    if (wide) CHECK(refusal(elf) == "a segment wraps around");
  }
  SECTION("none at all") {
    for (auto& header : elf.headers) header.type = 0;
    CHECK(refusal(elf) == "nothing to load");
  }
  SECTION("too many") {
    for (u64 i = 0; i < 70; ++i) {
      elf.headers.push_back({.offset = 0, .address = elf.base() + 0x10000 + i * 0x1000, .file_size = 1, .memory_size = 1});
    }
    CHECK(refusal(elf) == "too many segments");
  }
}

TEST_CASE("interpreters that cannot be are refused") {
  elf_builder elf = elf_builder::usual(false);
  elf.add_interpreter("/lib/ld-linux.so.2");
  auto& header = elf.headers[0];
  SECTION("no NUL") {
    header.file_size -= 1;
    CHECK(refusal(elf) == "the interpreter's path is not ended by a NUL");
  }
  SECTION("empty") {
    header.file_size = 0;
    CHECK(refusal(elf) == "the interpreter's path is empty or too long");
    header.file_size = 1;
    CHECK(refusal(elf) == "the interpreter's path is empty or too long");
    header.offset = 0x500, header.file_size = 2; // NULs only
    CHECK(refusal(elf) == "the interpreter's path is empty or too long");
  }
  SECTION("too long") {
    header.file_size = 4097;
    CHECK(refusal(elf) == "the interpreter's path is empty or too long");
  }
  SECTION("beyond the file") {
    header.offset = 0xfffffff0;
    CHECK(refusal(elf) == "the interpreter's path lies beyond the end of the file");
  }
  SECTION("twice") {
    elf.add_interpreter("/lib/ld-linux.so.2");
    CHECK(refusal(elf) == "more than one interpreter");
  }
}

TEST_CASE("real programs of the machine") {
  for (const char* path : {"/bin/busybox", "/bin/ls", "/bin/sh", "/lib64/ld-linux-x86-64.so.2", POLYABI_STATIC_I386}) {
    const bytes file = test::read_file(path);
    if (file.empty()) continue;
    INFO(path);
    const parsed answer = parse(file);
    CAPTURE(answer.result.reason);
    REQUIRE(answer.result);
    CHECK(answer.plan->program_headers != 0);
    CHECK(answer.plan->entry >= answer.plan->load_start);
    CHECK(answer.plan->entry < answer.plan->load_end);
    CHECK_FALSE(answer.plan->executable_stack);
  }
}
