// COFF: plans of well-formed files, what is refused and why, and where everything lands in memory.
#include "coff_builder.hpp"
#include "recorded_memory.hpp"

#include <polyabi/activators/executable.hpp>
#include <polyabi/activators/facts.hpp>

#include <memory>

using namespace polyabi;
using namespace polyabi::activators;
using polyabi::test::built_section;
using polyabi::test::bytes;
using polyabi::test::coff_builder;
using polyabi::test::recorded_memory;

namespace {

bytes numbered(usize size, unsigned seed) {
  bytes made(size);
  for (usize i = 0; i < size; ++i) made[i] = static_cast<u8>(i * seed + 1);
  return made;
}

coff_builder usual(u16 kind = coff::paged) {
  return coff_builder::usual(kind, numbered(0x1234, 7), numbered(0x321, 11), 0x2345);
}

struct parsed_file {
  bytes file;
  std::unique_ptr<image_plan> plan = std::make_unique<image_plan>();
  verdict answer{};
};

parsed_file parse(const coff_builder& coff, coff_role role = coff_role::program) {
  parsed_file parsed{coff.build()};
  memory_reader reader{parsed.file};
  parsed.answer = parse_coff(reader, *parsed.plan, role);
  return parsed;
}

errc refusal(const coff_builder& coff, coff_role role = coff_role::program) {
  const parsed_file parsed = parse(coff, role);
  CHECK(parsed.answer.reason.empty() == (parsed.answer.error == errc::none));
  return parsed.answer.error;
}

std::vector<std::string> libraries_of(const image_plan& plan) {
  std::vector<std::string> paths;
  each_library(plan, [&](std::string_view path) {
    paths.emplace_back(path);
    return true;
  });
  return paths;
}

} // namespace

TEST_CASE("a paged program as linkers of the time made them") {
  const coff_builder coff = usual();
  const parsed_file parsed = parse(coff);
  REQUIRE(parsed.answer);
  const image_plan& plan = *parsed.plan;
  CHECK(plan.format == file_format::coff);
  CHECK(plan.arch == architecture::i386);
  CHECK(plan.pointer_size() == 4);
  CHECK(plan.coff.magic == 0413);
  CHECK(plan.coff.text_start == 0xa8); // behind the headers of three sections
  CHECK(plan.entry == 0xa8);
  CHECK(plan.stack_top == 0x80000000);
  CHECK_FALSE(plan.auxiliary_vector);
  CHECK_FALSE(plan.position_independent);
  REQUIRE(plan.segments().size() == 2); // .bss is the data's
  CHECK(plan.segments()[0].access == segment_access{true, false, true});
  CHECK(plan.segments()[1].access == segment_access{true, true, true});
  CHECK(plan.load_start == 0xa8);
  CHECK(plan.load_end == coff.sections[2].address + 0x2345);
  CHECK(plan.exact_break);
  for (const segment& part : plan.segments()) CHECK_FALSE(part.copied);
}

TEST_CASE("every kind lands in memory as its sections say, and what the break gives is zero") {
  const u16 kind = GENERATE(u16{coff::impure}, u16{coff::pure}, u16{coff::paged});
  coff_builder coff = usual(kind);
  SECTION("congruent with its pages") {}
  SECTION("data behind the text in the file and in memory") {
    coff.sections[1].address = coff.sections[0].address + coff.sections[0].contents.size();
    coff.sections[2].address = coff.sections[1].address + coff.sections[1].contents.size();
  }
  SECTION("text at 0, its contents behind the headers") {
    coff.sections[0].address = 0;
  }
  SECTION("data in the page of the text, but not so in the file") {
    coff.sections[1].address = 0x1800;
    coff.sections[2].address = 0x1800 + coff.sections[1].contents.size();
  }
  SECTION("a .bss that begins in the page where the text ends") {
    coff.sections[2].address = coff.sections[0].address + coff.sections[0].contents.size() + 8;
    coff.sections[2].memory_size = 0x100;
  }
  SECTION("two sections of text") {
    built_section first{".init", coff::text, 0xd0, numbered(0x20, 3)};
    coff.sections.insert(coff.sections.begin(), first);
    coff.sections[1].address = 0xf0;
    coff.sections[2].address = 0x400000 + (0xf0 + coff.sections[1].contents.size()) % 0x1000;
    coff.sections[3].address = coff.sections[2].address + coff.sections[2].contents.size();
    coff.entry = 0xd0;
  }
  SECTION("no .bss") {
    coff.sections.pop_back();
  }
  const parsed_file parsed = parse(coff);
  REQUIRE(parsed.answer);
  recorded_memory memory{parsed.file};
  REQUIRE(map_image(*parsed.plan, 0, memory));
  for (const built_section& section : coff.sections) {
    for (usize i = 0; i < section.contents.size(); ++i)
      if (memory.byte(section.address + i) != section.contents[i]) FAIL(section.name << " at " << i);
    for (u64 i = 0; section.contents.empty() && i < section.memory_size; ++i)
      if (memory.byte(section.address + i) != 0) FAIL(section.name << " is not zero at " << i);
  }
  for (u64 at = parsed.plan->load_end; at % page_size != 0; ++at)
    if (memory.byte(at) != 0) FAIL("the break's first page is not zero at " << at);
  const bool writable = memory.pages.begin()->second.second.write;
  CHECK((kind != coff::impure || writable));
  CHECK(memory.pages.begin()->second.second.execute);
}

TEST_CASE("text is read-only, but in impure programs, also where it has to be copied") {
  coff_builder coff = usual(coff::pure);
  coff.sections[0].address = 0;
  const parsed_file parsed = parse(coff);
  REQUIRE(parsed.answer);
  CHECK(parsed.plan->segments()[0].copied);
  recorded_memory memory{parsed.file};
  REQUIRE(map_image(*parsed.plan, 0, memory));
  CHECK(memory.pages.at(0).second == segment_access{true, false, true});
  CHECK(memory.pages.at(0x400).second == segment_access{true, true, true});
}

TEST_CASE("what is no program is refused, and why") {
  coff_builder coff = usual();
  SECTION("not linked") {
    coff.flags = 0x10d;
    CHECK(refusal(coff) == errc::noexec);
  }
  SECTION("of another machine") {
    coff.machine = 0x14d;
    CHECK(refusal(coff) == errc::noexec);
  }
  SECTION("without an optional header") {
    coff.optional_size = 0;
    CHECK(refusal(coff) == errc::noexec);
  }
  SECTION("with a longer optional header it is well") {
    coff.optional_size = 56;
    for (built_section& section : coff.sections) section.address += 28;
    CHECK(refusal(coff) == errc::none);
  }
  SECTION("of an unknown kind") {
    coff.optional_magic = 0411;
    CHECK(refusal(coff) == errc::noexec);
  }
  SECTION("a shared library") {
    coff.optional_magic = coff::shared_library;
    CHECK(refusal(coff) == errc::libexec);
    CHECK(refusal(coff, coff_role::library) == errc::none);
  }
  SECTION("a program where a library is wanted") {
    CHECK(refusal(coff, coff_role::library) == errc::libbad);
  }
  SECTION("sections that overlap") {
    coff.sections[1].address = coff.sections[0].address + 0x100;
    CHECK(refusal(coff) == errc::noexec);
  }
  SECTION("beyond user space") {
    coff.sections[2].memory_size = 0xbfc00000;
    CHECK(refusal(coff) == errc::inval);
    coff.sections[2].memory_size = 0xffffffff;
    CHECK(refusal(coff) == errc::inval);
    coff.sections[1].address = 0xc0000000;
    CHECK(refusal(coff) == errc::inval);
  }
  SECTION("contents beyond the end of the file") {
    coff.sections[1].memory_size = 0x10000;
    CHECK(refusal(coff) == errc::noexec);
    coff.sections[1].memory_size = 0xffffffff;
    CHECK(refusal(coff) == errc::inval);
  }
  SECTION("contents without a place in the file") {
    coff.sections[1].contents.clear();
    coff.sections[1].memory_size = 0x10;
    CHECK(refusal(coff) == errc::noexec);
  }
  SECTION("no sections that are loaded") {
    for (built_section& section : coff.sections) section.flags = coff::information;
    CHECK(refusal(coff) == errc::noexec);
    coff.sections.clear();
    CHECK(refusal(coff) == errc::noexec);
  }
  SECTION("too many sections") {
    while (coff.sections.size() <= coff::max_sections) coff.sections.push_back({".x", coff::information, 0, {1}});
    CHECK(refusal(coff) == errc::noexec);
  }
}

TEST_CASE("sections that say not to load them are not loaded") {
  coff_builder coff = usual();
  coff.sections.push_back({".skip", coff::data | coff::no_load, 0x10000, numbered(16, 1)});
  coff.sections.push_back({".debug", coff::information, 0x10000, numbered(16, 1)});
  const parsed_file parsed = parse(coff);
  REQUIRE(parsed.answer);
  CHECK(parsed.plan->segments().size() == 2);
}

TEST_CASE("shared libraries are named in .lib") {
  coff_builder coff = usual();
  coff.add_library("/shlib/libc_s");
  CHECK(libraries_of(*parse(coff).plan) == std::vector<std::string>{"/shlib/libc_s"});
  coff.add_library("/shlib/protlib_s");
  CHECK(libraries_of(*parse(coff).plan) == std::vector<std::string>{"/shlib/libc_s", "/shlib/protlib_s"});
  for (int i = 0; i < 4; ++i) coff.add_library("/x");
  CHECK(refusal(coff) == errc::none);
  coff.add_library("/x");
  CHECK(refusal(coff) == errc::libmax);

  const auto broken = [](bytes contents) {
    coff_builder made = usual();
    made.sections.push_back({".lib", coff::library, 0, contents});
    return refusal(made);
  };
  CHECK(broken({1, 0, 0, 0}) == errc::libscn);                                       // cut off
  CHECK(broken({0, 0, 0, 0, 2, 0, 0, 0}) == errc::libscn);                           // an entry without end
  CHECK(broken({9, 0, 0, 0, 2, 0, 0, 0, 'x', 0, 0, 0}) == errc::libscn);             // longer than the section
  CHECK(broken({3, 0, 0, 0, 3, 0, 0, 0, 'x', 0, 0, 0}) == errc::libscn);             // the path behind the entry
  CHECK(broken({3, 0, 0, 0, 2, 0, 0, 0, 'x', 'y', 'z', 'w'}) == errc::libscn);       // no NUL
  CHECK(broken({3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0}) == errc::libscn);               // no path
  CHECK(broken({0xff, 0xff, 0xff, 0x7f, 2, 0, 0, 0}) == errc::libscn);               // a giant
  CHECK(broken({3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 'x', 0, 0, 0}) == errc::libscn); // a path before the entry
}

TEST_CASE("comments and the place of the text are facts") {
  coff_builder coff = usual();
  coff.add_comment({"@(#)crt1.s 1.8\0acomp\0", 21});
  for (built_section& section : coff.sections) section.address += section.address != 0 ? 40 : 0;
  const parsed_file parsed = parse(coff);
  REQUIRE(parsed.answer);
  memory_reader reader{parsed.file};
  const auto facts = std::make_unique<image_facts>();
  gather_facts(reader, *parsed.plan, *facts);
  CHECK(facts->format == file_format::coff);
  CHECK(facts->text_start == 0xd0); // behind the headers of four sections
  CHECK(facts->comments.view() == std::string_view{"@(#)crt1.s 1.8\0acomp\0", 21});
  CHECK(facts->os_abi == 0);
  CHECK_FALSE(facts->dynamic);
}

TEST_CASE("formats that have an activator, and why others have none") {
  const auto recognised = [](std::string_view beginning) { return recognise_format(beginning); };
  CHECK(recognised({"\x4c\x01\x03\x00", 4}) == file_format::coff);
  CHECK(recognised({"\x06\x02\x20\x00", 4}) == file_format::x_out);
  CHECK(recognised({"\x0b\x01\x64\x00", 4}) == file_format::a_out);
  CHECK(recognised({"\xcc\x00\x64\x00", 4}) == file_format::a_out);
  CHECK(recognised({"\x07\x01\x06\x00\x06\x00", 6}) == file_format::l_out);
  CHECK(recognised("#!/bin/sh") == file_format::script);
  CHECK(recognised(": a script of old\n\x01") == file_format::colon_script);
  CHECK(recognised(":") == file_format::colon_script);
  CHECK(recognised({":\x01 not text\n", 12}) == file_format::unknown);
  CHECK(recognised("") == file_format::unknown);
  for (file_format format : {file_format::unknown, file_format::a_out, file_format::x_out, file_format::l_out})
    CHECK_FALSE(why_not_activated(format).empty());
  for (file_format format : {file_format::elf, file_format::coff, file_format::script, file_format::colon_script})
    CHECK(why_not_activated(format).empty());

  image_plan plan;
  const auto refused = [&](std::string_view text) {
    memory_reader reader{{reinterpret_cast<const u8*>(text.data()), text.size()}};
    return parse_executable(reader, plan);
  };
  for (std::string_view text : {"\x06\x02"sv, ": text"sv, "#!/bin/sh"sv, "text"sv, "\x4c\x01"sv, "\x7f"sv}) {
    CHECK(refused(text).error == errc::noexec);
    CHECK_FALSE(refused(text).reason.empty());
  }
  CHECK(refused("").reason == why_not_activated(file_format::unknown));
}
