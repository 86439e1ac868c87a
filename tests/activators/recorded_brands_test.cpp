// Whose the programs of real systems are: the marks that their linkers leave, recorded here from what they produced.
#include "../../tools/polyabi/identify.hpp"
#include "catch.hpp"
#include "coff_builder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace polyabi;
using polyabi::test::bytes;
using polyabi::test::coff_builder;
using polyabi::test::elf_builder;
using polyabi::tool::identification;

namespace {

constexpr std::string_view int80{"\xcd\x80", 2};
constexpr std::string_view lcall7{"\x9a\x00\x00\x00\x00\x07\x00", 7};
constexpr std::string_view lcall27{"\x9a\x00\x00\x00\x00\x27\x00", 7};
constexpr std::string_view syscall64{"\x0f\x05", 2};

struct recorded_note {
  std::string_view owner;
  u32 type = 1;
  std::vector<u32> descriptor{0};
};

/// What a file has, and what is to be found out about it.
struct recorded {
  std::string_view origin;
  bool wide = false;
  u8 os_abi = 0;
  std::string_view interpreter{};
  std::vector<recorded_note> notes{};
  std::string_view comment{}; ///< several have NULs between them
  std::string_view code{};
  std::string_view brand{}; ///< empty: nobody's, for this reason:
  std::string_view problem{};
  std::string_view rule{};
  std::string_view variant_rule{};
  std::string_view evidence{}; ///< of the variant if it has a rule, of the personality otherwise
};

identification identify(const bytes& file, const activators::brand_options& options) {
  std::string name = (std::filesystem::temp_directory_path() / "polyabi-recorded-XXXXXX").string();
  const int descriptor = ::mkstemp(name.data());
  REQUIRE(descriptor >= 0);
  ::close(descriptor);
  std::ofstream{name, std::ios::binary}.write(reinterpret_cast<const char*>(file.data()),
                                              static_cast<std::streamsize>(file.size()));
  identification found = tool::identify_file(name, tool::known_brands(), options);
  std::filesystem::remove(name);
  return found;
}

void check(const recorded& file, const bytes& contents) {
  INFO(file.origin);
  // As `run` decides: what nothing marks is taken for Linux'.
  const identification found = identify(contents, {.choice = {}, .fallback = "linux"});
  CHECK(found.brand == file.brand);
  CHECK(found.problem == file.problem);
  CHECK(found.rule == file.rule);
  CHECK(found.variant_rule == file.variant_rule);
  CHECK((found.variant_rule.empty() ? found.evidence : found.variant_evidence) == file.evidence);
  if (!file.brand.empty()) CHECK_FALSE(found.reason.empty());
}

bytes build(const recorded& file) {
  elf_builder elf = elf_builder::usual(file.wide);
  elf.os_abi = file.os_abi;
  if (!file.interpreter.empty()) elf.add_interpreter(std::string{file.interpreter});
  for (const recorded_note& note : file.notes) elf.add_note(note.owner, note.type, note.descriptor);
  elf.comment = file.comment;
  if (!file.code.empty()) elf.add_code(file.code);
  return elf.build();
}

const std::string two_comments{"acomp: (CCS) 3.0  08/26/94 (uw1.1)\0UNIX System V.4", 51};

/// System V Release 4 and who had it from there. All of these have EI_OSABI 0.
const recorded release_4[] = {
    {.origin = "SVR4.0, dynamic",
     .interpreter = "/usr/lib/libc.so.1",
     .comment = "UNIX System V.4",
     .brand = "svr4",
     .rule = "interpreter",
     .evidence = "/usr/lib/libc.so.1"},
    {.origin = "Dell UNIX, dynamic",
     .interpreter = "/usr/lib/libc.so.1",
     .comment = "@(#)Dell UNIX System V.4",
     .brand = "svr4",
     .rule = "interpreter",
     .evidence = "/usr/lib/libc.so.1"},
    {.origin = "SVR4, static and stripped", .code = lcall7, .brand = "svr4", .rule = "gate", .evidence = "lcall $7,$0"},
    {.origin = "SVR4, static, assembled by an old gas: its note's owner is 01.01",
     .notes = {{"01.01", 1, {}}},
     .code = lcall7,
     .brand = "svr4",
     .rule = "gate",
     .evidence = "lcall $7,$0"},
    {.origin = "UnixWare 1, dynamic",
     .interpreter = "/usr/lib/libc.so.1",
     .comment = two_comments,
     .brand = "svr4:unixware",
     .rule = "interpreter",
     .variant_rule = "comment",
     .evidence = "acomp: (CCS) 3.0  08/26/94 (uw1.1)"},
    {.origin = "UnixWare 7, static",
     .comment = "UnixWare 7.1.4",
     .code = lcall7,
     .brand = "svr4:unixware",
     .rule = "comment",
     .variant_rule = "comment",
     .evidence = "UnixWare 7.1.4"},
    {.origin = "OpenServer 5, dynamic",
     .interpreter = "/usr/lib/libc.so.1",
     .notes = {{"SCO", 1, {1, 0, 0}}},
     .brand = "svr4:openserver",
     .rule = "note",
     .variant_rule = "note",
     .evidence = "SCO"},
    {.origin = "DG/UX, dynamic",
     .interpreter = "/usr/dglib/libc.so.1",
     .brand = "svr4",
     .rule = "interpreter",
     .evidence = "/usr/dglib/libc.so.1"},
    {.origin = "Solaris 2.6, dynamic",
     .interpreter = "/usr/lib/ld.so.1",
     .comment = "@(#)SunOS 5.6 Generic August 1997",
     .brand = "svr4:solaris",
     .rule = "interpreter",
     .variant_rule = "interpreter",
     .evidence = "/usr/lib/ld.so.1"},
    {.origin = "Solaris 8, dynamic, with the interpreter that SVR4 has too",
     .interpreter = "/usr/lib/libc.so.1",
     .comment = "@(#)SunOS 5.8 Generic February 2000",
     .brand = "svr4:solaris",
     .rule = "interpreter",
     .variant_rule = "comment",
     .evidence = "SunOS 5.8 Generic February 2000"},
    {.origin = "Solaris, static and stripped: nothing tells it from SVR4's",
     .code = lcall27,
     .brand = "svr4",
     .rule = "gate",
     .evidence = "lcall $0x27,$0"},
    {.origin = "marked by hand, as brandelf -t Solaris does",
     .os_abi = 6,
     .brand = "svr4:solaris",
     .rule = "EI_OSABI",
     .variant_rule = "EI_OSABI",
     .evidence = "Solaris"},
    {.origin = "illumos by Go, amd64, dynamic",
     .wide = true,
     .interpreter = "/lib/amd64/ld.so.1",
     .brand = "svr4",
     .rule = "interpreter",
     .evidence = "/lib/amd64/ld.so.1"},
    {.origin = "Solaris 10, amd64, dynamic",
     .wide = true,
     .interpreter = "/usr/lib/amd64/ld.so.1",
     .brand = "svr4",
     .rule = "interpreter",
     .evidence = "/usr/lib/amd64/ld.so.1"},
    {.origin = "amd64, static, marked by elfedit --output-osabi=Solaris",
     .wide = true,
     .os_abi = 6,
     .brand = "svr4",
     .rule = "EI_OSABI",
     .evidence = "Solaris"},
    {.origin = "amd64, static, with a comment of Sun's tools",
     .wide = true,
     .comment = "@(#)SunOS 5.10 Generic January 2005",
     .brand = "svr4",
     .rule = "comment",
     .evidence = "SunOS 5.10 Generic January 2005"},
};

const recorded linux_programs[] = {
    {.origin = "glibc, dynamic",
     .wide = true,
     .interpreter = "/lib64/ld-linux-x86-64.so.2",
     .notes = {{"GNU", 1, {0, 3, 2, 0}}},
     .brand = "linux",
     .rule = "note",
     .evidence = "GNU"},
    {.origin = "glibc, static with IFUNC",
     .os_abi = 3,
     .code = int80,
     .brand = "linux",
     .rule = "EI_OSABI",
     .evidence = "Linux"},
    {.origin = "musl, dynamic",
     .interpreter = "/lib/ld-musl-i386.so.1",
     .brand = "linux",
     .rule = "interpreter",
     .evidence = "/lib/ld-musl-i386.so.1"},
    {.origin = "libc5, dynamic",
     .interpreter = "/lib/ld-linux.so.1",
     .brand = "linux",
     .rule = "interpreter",
     .evidence = "/lib/ld-linux.so.1"},
    {.origin = "musl, dietlibc or klibc, static", .code = int80, .brand = "linux", .rule = "gate", .evidence = "int $0x80"},
    {.origin = "Go, amd64", .wide = true, .code = syscall64, .brand = "linux", .rule = "gate", .evidence = "syscall"},
    {.origin = "Go, 386", .code = int80, .brand = "linux", .rule = "gate", .evidence = "int $0x80"},
    {.origin = "nothing at all", .brand = "linux", .rule = "fallback", .evidence = "linux"},
};

constexpr u32 go_build_id = 4;

const recorded others[] = {
    {.origin = "FreeBSD",
     .wide = true,
     .os_abi = 9,
     .interpreter = "/libexec/ld-elf.so.1",
     .notes = {{"FreeBSD", 1, {1203000}}},
     .code = syscall64,
     .problem = "marked for FreeBSD, which no personality claims"},
    {.origin = "FreeBSD by Go 1.19, static, without FreeBSD's note",
     .os_abi = 9,
     .notes = {{"Go", go_build_id, {0}}},
     .code = int80,
     .problem = "marked for FreeBSD, which no personality claims"},
    {.origin = "esbuild for FreeBSD, static",
     .wide = true,
     .os_abi = 9,
     .notes = {{"FreeBSD", 1, {0x125b38}}, {"FreeBSD", 2, {0}}, {"FreeBSD", 4, {0}}},
     .code = syscall64,
     .problem = "marked for FreeBSD, which no personality claims"},
    {.origin = "FreeBSD, dynamic, stripped of its notes",
     .interpreter = "/libexec/ld-elf.so.1",
     .problem = "marked for FreeBSD, which no personality claims"},
    {.origin = "NetBSD",
     .wide = true,
     .interpreter = "/usr/libexec/ld.elf_so",
     .notes = {{"NetBSD", 1, {900000000}}, {"PaX", 3, {0}}},
     .problem = "marked for NetBSD, which no personality claims"},
    {.origin = "esbuild for NetBSD, static",
     .wide = true,
     .os_abi = 2,
     .notes = {{"NetBSD", 1, {700000000}}},
     .code = syscall64,
     .problem = "marked for NetBSD, which no personality claims"},
    {.origin = "OpenBSD",
     .wide = true,
     .interpreter = "/usr/libexec/ld.so",
     .notes = {{"OpenBSD", 1, {0}}},
     .problem = "marked for OpenBSD, which no personality claims"},
    {.origin = "OpenBSD, static",
     .notes = {{"OpenBSD", 1, {0}}},
     .code = int80,
     .problem = "marked for OpenBSD, which no personality claims"},
    {.origin = "esbuild for OpenBSD, dynamic",
     .wide = true,
     .os_abi = 12,
     .interpreter = "/usr/libexec/ld.so",
     .notes = {{"OpenBSD", 1, {0}}},
     .problem = "marked for OpenBSD, which no personality claims"},
    {.origin = "DragonFly, dynamic",
     .wide = true,
     .interpreter = "/usr/libexec/ld-elf.so.2",
     .notes = {{"DragonFly", 1, {600200}}},
     .problem = "marked for DragonFly, which no personality claims"},
    {.origin = "DragonFly by Go, static: has neither mark nor note, and its gate is Linux' too",
     .wide = true,
     .notes = {{"Go", go_build_id, {0}}},
     .code = syscall64,
     .brand = "linux",
     .rule = "gate",
     .evidence = "syscall"},
    {.origin = "the Hurd",
     .interpreter = "/lib/ld.so.1",
     .notes = {{"GNU", 1, {1, 0, 0, 0}}},
     .problem = "marked for Hurd, which no personality claims"},
    {.origin = "Cosmopolitan: FreeBSD's value, and notes of two others",
     .wide = true,
     .os_abi = 9,
     .notes = {{"OpenBSD", 1, {0}}, {"NetBSD", 1, {901000000}}, {"APE", 1, {106000000}}},
     .code = syscall64,
     .problem = "marked for FreeBSD, which no personality claims"},
};

/// COFF: who linked it stands in a comment, if anybody has left one.
struct recorded_coff {
  std::string_view origin, comment, brand, variant_rule, evidence;
};
const recorded_coff release_3[] = {
    {"Coherent: no comment, so that text begins at 0xa8", "", "svr4:coherent", "text start", "0xa8"},
    {"OpenServer", "@(#) crt1.s 1.8 89/05/30 ", "svr4:openserver", "comment", "crt1.s 1.8 89/05/30 "},
    {"Interactive UNIX", "@(#) INTERACTIVE UNIX System V/386 Release 3.2", "svr4:interactive", "comment",
     "INTERACTIVE UNIX System V/386 Release 3.2"},
    {"nobody says", "@(#)head.sys:param.h 1.4", "svr4:ibcs2", "format", "COFF"},
};

} // namespace

TEST_CASE("whose recorded programs are") {
  for (const auto& group :
       {std::span<const recorded>{release_4}, std::span<const recorded>{linux_programs}, std::span<const recorded>{others}})
    for (const recorded& file : group) check(file, build(file));
}

TEST_CASE("whose recorded COFF programs are") {
  for (const recorded_coff& file : release_3) {
    const coff_builder coff =
        coff_builder::usual(activators::coff::paged, bytes(0x200, 0x90), bytes(0x100), 0x40, file.comment);
    check({.origin = file.origin,
           .brand = file.brand,
           .rule = "format",
           .variant_rule = file.variant_rule,
           .evidence = file.evidence},
          coff.build());
  }
}

TEST_CASE("a fallback may be a vendor's variant, and does not take what is marked") {
  const bytes unmarked = build({.origin = "nothing at all"});
  const identification found = identify(unmarked, {.choice = {}, .fallback = "svr4:solaris"});
  CHECK(found.brand == "svr4:solaris");
  CHECK(found.rule == "fallback");
  CHECK(found.variant_rule.empty());
  CHECK(identify(build(linux_programs[0]), {.choice = {}, .fallback = "svr4:solaris"}).brand == "linux");
  CHECK(identify(build(others[0]), {.choice = {}, .fallback = "svr4:solaris"}).brand.empty());
  CHECK(identify(unmarked, {.choice = {}, .fallback = {}}).problem == "nothing marks it for a system");
}

TEST_CASE("a choice may be a vendor's variant, against every mark") {
  const identification found = identify(build(release_4[4]), {.choice = "svr4:openserver", .fallback = {}});
  CHECK(found.brand == "svr4:openserver");
  CHECK(found.rule == "explicit choice");
}
