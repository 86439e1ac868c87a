// The order of the brand rules, each rule, and what real and crafted files are taken for.
#include "catch.hpp"
#include "elf_builder.hpp"
#include "files.hpp"

#include <polyabi/activators/brand.hpp>
#include <polyabi/activators/executable.hpp>

#include <memory>

using namespace polyabi;
using namespace polyabi::activators;
using polyabi::test::bytes;
using polyabi::test::elf_builder;

namespace {

constexpr u8 linux_os_abi[] = {3};
constexpr std::string_view linux_owners[] = {"GNU"};
constexpr std::string_view linux_interpreters[] = {"/lib/ld-linux.so.2", "/lib64/ld-linux-x86-64.so.2"};
constexpr gate linux_gates[] = {gate::syscall64, gate::int80};
constexpr brand_rules linux_rules{.os_abi = linux_os_abi,
                                  .note_owners = linux_owners,
                                  .interpreters = linux_interpreters,
                                  .old_brand = "Linux",
                                  .comments = {},
                                  .gates = linux_gates};

constexpr std::string_view svr4_owners[] = {"GNU"};
constexpr std::string_view svr4_interpreters[] = {"/usr/lib/libc.so.1", "/usr/lib/ld.so.1"};
constexpr std::string_view svr4_comments[] = {"UNIX System V.4", "SunOS 5."};
constexpr gate svr4_gates[] = {gate::lcall7, gate::lcall27, gate::int91};
constexpr brand_rules svr4_rules{.os_abi = {},
                                 .note_owners = svr4_owners,
                                 .interpreters = svr4_interpreters,
                                 .old_brand = "SVR4",
                                 .comments = svr4_comments,
                                 .gates = svr4_gates,
                                 .gnu_note_system = 2};

constexpr named_brand brands[] = {
    {"linux", architecture::x86_64, &linux_rules},
    {"linux", architecture::i386, &linux_rules},
    {"svr4", architecture::i386, &svr4_rules},
};

constexpr std::string_view int80{"\xb8\x04\x00\x00\x00\xcd\x80", 7};
constexpr std::string_view lcall7{"\x9a\x00\x00\x00\x00\x07\x00", 7};
constexpr std::string_view lcall27{"\x9a\x00\x00\x00\x00\x27\x00", 7};
constexpr std::string_view int91{"\xcd\x91", 2};
constexpr std::string_view syscall64{"\x0f\x05", 2};

/// Owns what the views of facts and decision look into.
struct decided {
  std::unique_ptr<image_plan> plan = std::make_unique<image_plan>();
  std::unique_ptr<image_facts> facts = std::make_unique<image_facts>();
  brand_decision decision;

  std::string_view name() const { return decision ? brands[decision.index].name : std::string_view{"-"}; }
};

decided decide(const bytes& file, const brand_options& options = {}) {
  decided answer;
  memory_reader reader{file};
  REQUIRE(parse_elf(reader, *answer.plan));
  gather_facts(reader, *answer.plan, *answer.facts);
  answer.decision = decide_brand(*answer.facts, brands, options);
  if (answer.decision) {
    CHECK(brands[answer.decision.index].arch == answer.plan->arch);
    CHECK_FALSE(answer.decision.reason.empty());
    CHECK_FALSE(answer.decision.evidence.empty());
  }
  return answer;
}

void check(const elf_builder& elf, std::string_view name, brand_rule rule, std::string_view evidence) {
  const decided answer = decide(elf.build());
  CHECK(answer.name() == name);
  CHECK(rule_name(answer.decision.rule) == rule_name(rule));
  CHECK(answer.decision.evidence == evidence);
}

constexpr u32 linux_tag[] = {0, 3, 2, 0};
constexpr u32 solaris_tag[] = {2, 2, 6, 0};
constexpr u32 hurd_tag[] = {1, 0, 3, 0};
constexpr u32 bsd_version[] = {1400097};

} // namespace

TEST_CASE("each rule decides") {
  elf_builder elf = elf_builder::usual(false);
  SECTION("EI_OSABI") {
    elf.os_abi = 3;
    check(elf, "linux", brand_rule::os_abi, "Linux");
  }
  SECTION("a GNU note of Linux") {
    elf.add_note("GNU", 1, linux_tag);
    check(elf, "linux", brand_rule::note, "GNU");
  }
  SECTION("a GNU note of Solaris") {
    elf.add_note("GNU", 1, solaris_tag);
    check(elf, "svr4", brand_rule::note, "GNU");
  }
  SECTION("interpreter") {
    elf.add_interpreter("/usr/lib/libc.so.1");
    check(elf, "svr4", brand_rule::interpreter, "/usr/lib/libc.so.1");
  }
  SECTION("old brand") {
    elf.old_brand = "SVR4";
    check(elf, "svr4", brand_rule::old_brand, "SVR4");
  }
  SECTION("comment, after others and with an SCCS mark") {
    elf.comment = std::string{"acomp: (CCS) 3.0\0@(#)UNIX System V.4\0", 38};
    check(elf, "svr4", brand_rule::comment, "UNIX System V.4");
  }
  SECTION("int $0x80") {
    elf.add_code(int80);
    check(elf, "linux", brand_rule::gate, "int $0x80");
    CHECK(decide(elf.build()).decision.number == elf.base() + 0x205);
  }
  SECTION("lcall $7,$0") {
    elf.add_code(lcall7);
    check(elf, "svr4", brand_rule::gate, "lcall $7,$0");
  }
  SECTION("lcall $0x27,$0") {
    elf.add_code(lcall27);
    check(elf, "svr4", brand_rule::gate, "lcall $0x27,$0");
  }
  SECTION("int $0x91") {
    elf.add_code(int91);
    check(elf, "svr4", brand_rule::gate, "int $0x91");
  }
  SECTION("syscall in 64-bit code only") {
    elf.add_code(syscall64);
    check(elf, "-", brand_rule::none, "");
    elf_builder wide = elf_builder::usual(true);
    wide.add_code(syscall64);
    check(wide, "linux", brand_rule::gate, "syscall");
  }
}

TEST_CASE("earlier rules go first") {
  elf_builder elf = elf_builder::usual(false);
  elf.add_code(lcall7);
  check(elf, "svr4", brand_rule::gate, "lcall $7,$0");
  elf.comment = "UNIX System V.4";
  check(elf, "svr4", brand_rule::comment, "UNIX System V.4");
  elf.old_brand = "Linux";
  check(elf, "linux", brand_rule::old_brand, "Linux");
  elf.add_interpreter("/usr/lib/libc.so.1");
  check(elf, "svr4", brand_rule::interpreter, "/usr/lib/libc.so.1");
  elf.add_note("GNU", 1, linux_tag);
  check(elf, "linux", brand_rule::note, "GNU");

  const decided chosen = decide(elf.build(), {.choice = "svr4"});
  CHECK(chosen.name() == "svr4");
  CHECK(chosen.decision.rule == brand_rule::explicit_choice);
}

TEST_CASE("lcall outweighs int $0x80 found beside it; frequency decides between short gates") {
  elf_builder elf = elf_builder::usual(false);
  elf.add_code(std::string{int80} + std::string{int80} + std::string{lcall7});
  check(elf, "svr4", brand_rule::gate, "lcall $7,$0");
  elf.contents.clear();
  elf.add_code(std::string{int91} + std::string{int80} + std::string{int91});
  check(elf, "svr4", brand_rule::gate, "int $0x91");
}

TEST_CASE("gates are found across the scanner's pieces, and only where code is") {
  for (usize at = 0x3f0; at < 0x410; ++at) {
    elf_builder elf = elf_builder::usual(false);
    elf.contents.emplace_back(at, lcall7);
    check(elf, "svr4", brand_rule::gate, "lcall $7,$0");
  }
  elf_builder elf = elf_builder::usual(false);
  elf.contents.emplace_back(0x1900, lcall7); // data
  check(elf, "-", brand_rule::none, "");
}

TEST_CASE("the scan ends after its limit") {
  elf_builder elf = elf_builder::usual(false);
  elf.size = gate_scan_limit + 0x4000;
  elf.headers = {{.address = elf.base(), .file_size = elf.size, .memory_size = elf.size}};
  elf.contents = {{gate_scan_limit - 1, std::string{lcall7}}};
  check(elf, "-", brand_rule::none, "");
  elf.contents = {{gate_scan_limit - lcall7.size(), std::string{lcall7}}};
  check(elf, "svr4", brand_rule::gate, "lcall $7,$0");

  elf.headers.push_back({.address = elf.base() + 0x1000000, .file_size = 0x1000, .memory_size = 0x1000});
  elf.contents = {{0x800, std::string{lcall7}}};
  elf.headers[0].offset = 0x1000, elf.headers[0].file_size -= 0x1000; // all of the limit, and the gate behind it
  check(elf, "-", brand_rule::none, "");
}

namespace {

/// As much of a kernel as a description of a personality names.
struct fake_kernel {
  using thread = int;
  template <class Shape>
  using native = int;
};

} // namespace

TEST_CASE("a kernel's linked personalities are brands") {
  const auto personality = [](std::string_view name, architecture arch, const brand_rules& rules) {
    abi<fake_kernel> made{};
    made.name = name;
    made.arch = arch;
    made.brand = rules;
    return made;
  };
  const abi<fake_kernel> linux_64 = personality("linux", architecture::x86_64, linux_rules);
  const abi<fake_kernel> linux_32 = personality("linux", architecture::i386, linux_rules);
  const abi<fake_kernel> svr4 = personality("svr4", architecture::i386, svr4_rules);
  const abi<fake_kernel>* const linked[] = {&linux_64, &linux_32, &svr4};
  image_facts facts;
  facts.arch = architecture::i386;
  facts.old_brand.assign("SVR4");
  CHECK(decide_brand<fake_kernel>(facts, linked).index == 2);
  facts.os_abi = 3;
  CHECK(decide_brand<fake_kernel>(facts, linked).index == 1);
  CHECK(decide_brand<fake_kernel>(facts, linked, {.choice = "svr4", .fallback = {}}).index == 2);
}

TEST_CASE("notes that are no ABI tags do not count") {
  elf_builder elf = elf_builder::usual(false);
  SECTION("the decoy of old gas") {
    elf.add_note("01.01", 1, {});
  }
  SECTION("a build id") {
    elf.add_note("GNU", 3, linux_tag);
  }
  SECTION("no descriptor") {
    elf.add_note("GNU", 1, {});
  }
  SECTION("an unknown system") {
    elf.add_note("GNU", 1, hurd_tag);
  }
  check(elf, "-", brand_rule::none, "");
}

TEST_CASE("the fallback takes what nothing marks, and nothing else") {
  elf_builder elf = elf_builder::usual(false);
  CHECK(decide(elf.build(), {.fallback = "linux"}).decision.rule == brand_rule::fallback);
  CHECK(decide(elf.build(), {.fallback = "svr4"}).name() == "svr4");
  CHECK_FALSE(decide(elf.build(), {.fallback = "plan9"}).decision);

  elf_builder freebsd = elf;
  freebsd.os_abi = 9;
  freebsd.add_code(int80);
  const decided answer = decide(freebsd.build(), {.fallback = "linux"});
  CHECK_FALSE(answer.decision);
  CHECK(marked_system(*answer.facts) == "FreeBSD");
  CHECK(decide(freebsd.build(), {.choice = "linux"}).name() == "linux");

  elf_builder netbsd = elf;
  netbsd.add_note("NetBSD", 1, bsd_version);
  netbsd.add_code(int80);
  CHECK_FALSE(decide(netbsd.build(), {.fallback = "linux"}).decision);
}

TEST_CASE("a choice of a personality that has no such architecture decides for nobody") {
  elf_builder elf = elf_builder::usual(true);
  elf.os_abi = 3;
  CHECK_FALSE(decide(elf.build(), {.choice = "svr4"}).decision);
}

TEST_CASE("Cosmopolitan's many marks are decided by order") {
  elf_builder elf = elf_builder::usual(true);
  elf.os_abi = 9;
  elf.add_note("OpenBSD", 1, bsd_version);
  elf.add_note("NetBSD", 1, bsd_version);
  elf.add_note("APE", 1, bsd_version);
  elf.add_code(syscall64);
  const decided answer = decide(elf.build(), {.fallback = "linux"});
  CHECK_FALSE(answer.decision);
  CHECK(marked_system(*answer.facts) == "FreeBSD");
  CHECK(answer.facts->notes().size() == 3);
}

TEST_CASE("real programs") {
  const auto expect = [](const char* path, brand_rule rule) {
    const bytes file = test::read_file(path);
    if (file.empty()) return;
    INFO(path);
    const decided answer = decide(file);
    CHECK(answer.name() == "linux");
    CHECK(rule_name(answer.decision.rule) == rule_name(rule));
  };
  expect("/bin/busybox", brand_rule::os_abi); // glibc, static, with IFUNC
  expect("/bin/ls", brand_rule::note);
  expect(POLYABI_STATIC_I386, brand_rule::os_abi);

  // The same without its marks: only the instructions are left.
  for (const char* path : {"/bin/busybox", POLYABI_STATIC_I386}) {
    bytes file = test::read_file(path);
    if (file.empty()) continue;
    file[elf::ei_osabi] = 0;
    for (usize at = 64; at + 4 < 1024; at += 4) {
      if (elf::load32(&file[at]) == elf::pt_note) file[at] = 0; // PT_NULL
    }
    INFO(path);
    const decided answer = decide(file);
    CHECK(answer.name() == "linux");
    CHECK(answer.decision.rule == brand_rule::gate);
  }
}
