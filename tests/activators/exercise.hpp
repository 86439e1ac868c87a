// Runs everything that reads a file over some bytes, and aborts if a promise of the activators is broken. For fuzzers and for
// replaying broken files; built without any test framework.
#pragma once

#include <polyabi/activators/brand.hpp>
#include <polyabi/activators/executable.hpp>
#include <polyabi/activators/map.hpp>
#include <polyabi/activators/script.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace polyabi::test {

inline void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "promise broken: %s\n", what);
  std::abort();
}

/// A mapper that checks every request against user space and the size of the file.
struct checking_mapper {
  u64 file_size;
  activators::address_limits limits;
  activators::address_range pages;
  u64 mapped_end = 0;

  bool map_file(u64 address, u64 size, activators::segment_access, u64 offset) {
    check_pages(address, size);
    promise(offset % activators::page_size == 0, "file offsets are whole pages");
    promise(offset < file_size && size <= file_size - offset + activators::page_size,
            "file mappings begin and end in the file");
    return true;
  }
  bool map_anonymous(u64 address, u64 size, activators::segment_access) {
    check_pages(address, size);
    return true;
  }
  bool zero(u64 address, u64 size) const {
    promise(size <= activators::page_size, "at most a page is zeroed by hand");
    promise(address >= pages.start && address <= pages.end && size <= pages.end - address, "zeros stay within the image");
    return true;
  }
  bool copy_file(u64 address, u64 size, u64 offset) const {
    promise(offset < file_size && size <= file_size - offset, "what is copied lies in the file");
    promise(address >= pages.start && address <= pages.end && size <= pages.end - address, "copies stay within the image");
    return true;
  }
  bool protect(u64 address, u64 size, activators::segment_access) const {
    check_pages(address, size);
    return true;
  }
  void check_pages(u64 address, u64 size) const {
    promise(address % activators::page_size == 0 && size % activators::page_size == 0, "mappings are whole pages");
    promise(address >= pages.start && address <= pages.end && size <= pages.end - address, "mappings stay within the image");
    promise(pages.start >= limits.lowest && pages.end <= limits.end, "the image stays within user space");
  }
};

/// Whether the bytes are an executable that would be mapped.
inline bool exercise(std::span<const u8> file) {
  using namespace activators;
  static const auto plan = std::make_unique<image_plan>();
  static const auto facts = std::make_unique<image_facts>();
  static constexpr u8 os_abi[] = {3};
  static constexpr std::string_view owners[] = {"GNU"}, interpreters[] = {"/lib/ld-linux.so.2"}, comments[] = {"UNIX"};
  static constexpr gate gates[] = {gate::int80, gate::syscall64};
  static constexpr brand_rules rules{.os_abi = os_abi,
                                     .note_owners = owners,
                                     .interpreters = interpreters,
                                     .old_brand = "Linux",
                                     .comments = comments,
                                     .gates = gates,
                                     .coff = image_claim::all};
  static constexpr named_brand brands[] = {{"linux", architecture::x86_64, &rules}, {"linux", architecture::i386, &rules}};

  const std::string_view beginning{reinterpret_cast<const char*>(file.data()), file.size() < 256 ? file.size() : 256};
  promise(!format_name(recognise_format(beginning)).empty(), "a format has a name");
  script_line line;
  if (parse_script(beginning, line)) promise(!line.interpreter.empty(), "a script has an interpreter");

  memory_reader reader{file};
  const verdict parsed = parse_executable(reader, *plan);
  promise(static_cast<bool>(parsed) == parsed.reason.empty(), "a refusal has a reason");
  if (!parsed) return false;
  promise(!plan->segments().empty(), "a plan has segments");
  promise(plan->interpreter.view().find('\0') == std::string_view::npos, "an interpreter's path holds no NUL");
  u32 libraries = 0;
  each_library(*plan, [&](std::string_view path) {
    promise(!path.empty(), "a shared library has a path");
    return ++libraries != 0;
  });
  promise(libraries == plan->coff.library_count, "shared libraries are counted");

  gather_facts(reader, *plan, *facts);
  scan_gates(reader, *plan, *facts);
  const brand_decision decision = decide_brand(*facts, brands, {.choice = {}, .fallback = "linux"});
  promise(!decision || brands[decision.index].arch == plan->arch, "a brand fits the processor");

  const address_limits limits = default_limits(plan->arch);
  for (u64 base : {u64{0}, default_program_base(plan->arch), ~u64{0} - 0x1000}) {
    const u64 bias = bias_for(*plan, base);
    if (!fits(*plan, bias, limits)) continue;
    checking_mapper memory{file.size(), limits, pages_of(*plan, bias)};
    promise(map_image(*plan, bias, memory), "an accepting mapper is enough");
  }
  return true;
}

} // namespace polyabi::test
