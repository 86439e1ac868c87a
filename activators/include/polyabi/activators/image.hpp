// What the activators make of an executable file: a plan of what to map where, whichever format it has.
#pragma once

#include <polyabi/activators/elf_format.hpp>
#include <polyabi/activators/reader.hpp>
#include <polyabi/core/personality.hpp>
#include <polyabi/core/vocabulary.hpp>

#include <array>
#include <new>

namespace polyabi::activators {

/// Kinds of files that exec may be given.
enum class file_format : u8 { unknown, elf, script, colon_script, coff, a_out, x_out, l_out };

using polyabi::page_size;
inline constexpr u64 max_alignment = 1 << 30;
inline constexpr u32 max_program_headers = 128;
inline constexpr u32 max_segments = 64;
inline constexpr u32 max_interpreter_path = 4096; ///< with its NUL
inline constexpr u32 max_shared_libraries = 6;    ///< of a COFF file: SHLBMAX of System V Release 3

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

/// One PT_LOAD of an ELF file, one section of a COFF file.
struct segment {
  u64 address = 0, memory_size = 0; ///< need not be page-aligned
  u64 offset = 0, file_size = 0;    ///< the same as `address` modulo the page size, unless `copied`
  segment_access access;
  bool copied = false; ///< lies in the file so that it cannot be mapped (an old impure COFF file)

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

/// What only COFF files have.
struct coff_part {
  u16 magic = 0;               ///< of the optional header: impure (0407), pure (0410), paged (0413) or shared library (0443)
  u16 sections = 0;            ///< all of them
  u64 text_start = 0;          ///< address of the first section of text
  file_range comment;          ///< .comment
  bounded_text<512> libraries; ///< paths of the shared libraries in .lib, each with its NUL
  u32 library_count = 0;
};

/// All that exec needs to know of an executable file. About 8 KiB: not for a small stack.
struct image_plan {
  file_format format = file_format::elf;
  architecture arch{};
  u16 machine = 0; ///< e_machine; f_magic of COFF
  u16 type = 0;    ///< e_type: ET_EXEC or ET_DYN
  u32 flags = 0;   ///< e_flags; f_flags of COFF
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

  coff_part coff;
  u64 stack_top = 0;            ///< where programs of this format have their stack; 0: wherever the kernel likes
  bool auxiliary_vector = true; ///< the format's first stack has one
  bool exact_break = false;     ///< brk(2) begins at `load_end`, not at the page behind it

  constexpr std::span<const segment> segments() const { return {segment_storage.data(), segment_count}; }
  constexpr const elf::layout& layout() const {
    return ident[elf::ei_class] == elf::class_64 ? elf::layout_64 : elf::layout_32;
  }
  constexpr u8 pointer_size() const { return arch == architecture::x86_64 ? 8 : 4; }
};

namespace detail {

constexpr bool sum_overflows(u64 a, u64 b) {
  return a + b < a;
}
constexpr verdict not_executable(std::string_view reason) {
  return {errc::noexec, reason};
}
constexpr verdict invalid(std::string_view reason) {
  return {errc::inval, reason};
}
constexpr u64 page_floor(u64 address) {
  return address & ~(page_size - 1);
}
constexpr u64 page_ceiling(u64 address) {
  return page_floor(address + page_size - 1);
}

} // namespace detail

} // namespace polyabi::activators
