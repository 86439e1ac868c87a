// Broken executables, made at test time: truncated at every offset, bits flipped by a seeded generator, extreme values in every
// header field.
#pragma once

#include "coff_builder.hpp"

namespace polyabi::test {

/// splitmix64: small, and the same everywhere.
class seeded_random {
public:
  explicit seeded_random(u64 seed) : state_{seed} {}
  u64 next() {
    u64 z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  usize below(usize bound) { return static_cast<usize>(next() % bound); }

private:
  u64 state_;
};

/// Small well-formed files that use everything the activators read.
inline std::vector<bytes> well_formed_files() {
  constexpr u32 linux_tag[] = {0, 3, 2, 0};
  std::vector<bytes> files;
  for (bool wide : {false, true}) {
    elf_builder elf = elf_builder::usual(wide);
    elf.add_code({"\x9a\x00\x00\x00\x00\x07\x00\xcd\x80\x0f\x05", 11});
    files.push_back(elf.build());
    elf.comment = std::string{"GCC: (GNU)\0UNIX System V.4\0", 27};
    elf.add_interpreter(wide ? "/lib64/ld-linux-x86-64.so.2" : "/lib/ld-linux.so.2");
    elf.add_note("GNU", 1, linux_tag);
    elf.add_note("01.01", 1, {});
    elf.headers.push_back({.type = activators::elf::pt_gnu_stack, .flags = 6, .alignment = 16});
    files.push_back(elf.build());
    elf.type = activators::elf::et_dyn;
    files.push_back(elf.build());
  }
  for (u16 kind : {activators::coff::impure, activators::coff::pure, activators::coff::paged}) {
    coff_builder coff = coff_builder::usual(kind, bytes(0x1234, 0x90), bytes(0x321, 7), 0x2345);
    files.push_back(coff.build());
    coff.add_comment({"@(#)crt1.o: UNIX System\0another\0", 32});
    coff.add_library("/shlib/libc_s");
    coff.add_library("/shlib/libnsl_s");
    for (built_section& section : coff.sections)
      section.address += section.address != 0 ? 2 * activators::coff::section_header_size : 0;
    files.push_back(coff.build());
  }
  return files;
}

/// Calls `use` with each prefix of `file` up to `limit` bytes.
template <class Use>
void truncated(const bytes& file, usize limit, Use use) {
  for (usize size = 0; size <= file.size() && size <= limit; ++size) use(std::span{file}.first(size));
}

/// Calls `use` with `count` copies of `file`, each with one to eight bits flipped in its first `limit` bytes.
template <class Use>
void flipped(bytes file, usize limit, usize count, u64 seed, Use use) {
  seeded_random random{seed};
  limit = limit < file.size() ? limit : file.size();
  for (usize i = 0; i < count; ++i) {
    usize places[8];
    const usize flips = 1 + random.below(8);
    for (usize k = 0; k < flips; ++k) {
      places[k] = random.below(limit * 8);
      file[places[k] / 8] ^= static_cast<u8>(1u << places[k] % 8);
    }
    use(std::span<const u8>{file});
    for (usize k = 0; k < flips; ++k) file[places[k] / 8] ^= static_cast<u8>(1u << places[k] % 8);
  }
}

/// Calls `use` with each aligned field of 2, 4 and 8 bytes in the first `limit` bytes set to each extreme value.
template <class Use>
void extreme(const bytes& file, usize limit, Use use) {
  constexpr u64 values[] = {0,
                            1,
                            0x7f,
                            0x80,
                            0xff,
                            0xfff,
                            0x1000,
                            0x7fff,
                            0x8000,
                            0xffff,
                            0x7fffffff,
                            0x80000000,
                            0xfffff000,
                            0xffffffff,
                            0x7fffffffffffffff,
                            0x8000000000000000,
                            0xfffffffffffff000,
                            0xffffffffffffffff};
  for (usize width : {usize{2}, usize{4}, usize{8}}) {
    for (usize at = 0; at + width <= limit && at + width <= file.size(); at += width) {
      for (u64 value : values) {
        bytes copy = file;
        store(copy, at, value, width);
        use(std::span<const u8>{copy});
      }
    }
  }
}

} // namespace polyabi::test
