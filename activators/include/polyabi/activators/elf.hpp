// Reads an ELF executable into a plan of what to map where. Nothing of a file is believed: every size, offset and count is
// bounded and every sum is checked before it is used.
#pragma once

#include <polyabi/activators/elf_format.hpp>
#include <polyabi/activators/reader.hpp>
#include <polyabi/core/personality.hpp>
#include <polyabi/core/vocabulary.hpp>

#include <array>
#include <new>

namespace polyabi::activators {

inline constexpr u64 page_size = 4096;
inline constexpr u64 max_alignment = 1 << 30;
inline constexpr u32 max_program_headers = 128;
inline constexpr u32 max_segments = 64;
inline constexpr u32 max_interpreter_path = 4096; ///< with its NUL

/// What a parser answers: `errc::none` if all is well, else the error for the caller of exec and a sentence for people.
struct [[nodiscard]] verdict {
  errc error = errc::none;
  std::string_view reason;

  constexpr explicit operator bool() const { return error == errc::none; }
};

/// What the processor lets a program do with a mapping.
struct segment_access {
  bool read = false, write = false, execute = false;
  friend constexpr bool operator==(segment_access, segment_access) = default;
};

/// One PT_LOAD.
struct segment {
  u64 address = 0, memory_size = 0; ///< p_vaddr, p_memsz: need not be page-aligned
  u64 offset = 0, file_size = 0;    ///< p_offset, p_filesz; the same as `address` modulo the page size
  segment_access access;

  constexpr u64 end() const { return address + memory_size; }
};

/// A run of the file.
struct file_range {
  u64 offset = 0, size = 0;
};

/// How addresses of user space are bounded: [lowest, end).
struct address_limits {
  u64 lowest = 0, end = 0;
};

/// User space as Linux has it; a kernel that has less gives its own.
constexpr address_limits default_limits(architecture arch) {
  return arch == architecture::x86_64 ? address_limits{0, 0x7ffffffff000} : address_limits{0, 0xffffe000};
}

/// All that exec needs to know of an ELF file. About 7 KiB: not for a small stack.
struct image_plan {
  architecture arch{};
  u16 machine = 0; ///< e_machine
  u16 type = 0;    ///< e_type: ET_EXEC or ET_DYN
  u32 flags = 0;   ///< e_flags
  std::array<u8, elf::ident_size> ident{};
  u64 entry = 0;                     ///< not biased
  bool position_independent = false; ///< ET_DYN: may be loaded anywhere
  bool executable_stack = true;      ///< no PT_GNU_STACK, or one that asks for it

  std::array<segment, max_segments> segment_storage{};
  u32 segment_count = 0;
  u64 load_start = 0, load_end = 0; ///< first byte of the first segment; byte after the last one (the program's `_end`)
  u64 alignment = page_size;        ///< the largest alignment a segment asks for

  u64 program_headers_offset = 0;
  u64 program_headers = 0; ///< their address in memory, 0 if no segment holds them
  u16 program_header_size = 0, program_header_count = 0;
  u64 section_headers_offset = 0;
  u16 section_header_size = 0, section_header_count = 0, section_names = 0;

  bounded_text<max_interpreter_path> interpreter; ///< empty: none
  std::array<file_range, 8> notes{};              ///< PT_NOTE segments
  u32 note_count = 0;

  constexpr std::span<const segment> segments() const { return {segment_storage.data(), segment_count}; }
  constexpr const elf::layout& layout() const {
    return ident[elf::ei_class] == elf::class_64 ? elf::layout_64 : elf::layout_32;
  }
  constexpr u8 pointer_size() const { return layout().wide ? 8 : 4; }
};

/// Reads a little-endian ELF32 i386 or ELF64 x86-64 executable or shared object into `plan`.
/// `errc::noexec`: not such a file, or a broken one. `errc::inval`: it asks for what cannot be (interpreter, addresses).
/// A file that ends too early is `errc::noexec` as well. `plan` is unspecified after an error.
template <byte_reader Reader>
verdict parse_elf(Reader& reader, image_plan& plan);

/// The same with a kernel's own user space in place of `default_limits`. A null `limits` means those.
template <byte_reader Reader>
verdict parse_elf(Reader& reader, image_plan& plan, const address_limits* limits);

} // namespace polyabi::activators

#include <polyabi/activators/detail/parse_elf.hpp>
