// The ELF file format as far as activation needs it: numbers and offsets of the System V gABI, chapters 4 and 5, and its
// Intel386 and AMD64 supplements. Fields are read one by one at their offsets: no host structure is laid over file bytes.
#pragma once

#include <polyabi/activators/reader.hpp>

namespace polyabi::activators::elf {

inline constexpr usize ident_size = 16;
inline constexpr u8 magic[4] = {0x7f, 'E', 'L', 'F'};

/// Indices into e_ident.
enum ident : usize { ei_class = 4, ei_data = 5, ei_version = 6, ei_osabi = 7, ei_abiversion = 8 };

inline constexpr u8 class_32 = 1, class_64 = 2, data_little = 1, version_current = 1;

enum object_type : u16 { et_rel = 1, et_exec = 2, et_dyn = 3, et_core = 4 };

/// EM_486 was never more than i386; old assemblers wrote it.
enum machine : u16 { em_386 = 3, em_486 = 6, em_x86_64 = 62 };

enum segment_type : u32 {
  pt_load = 1,
  pt_interp = 3,
  pt_note = 4,
  pt_phdr = 6,
  pt_gnu_stack = 0x6474e551,
  pt_sunw_stack = 0x6ffffffb,
};

enum segment_flag : u32 { pf_x = 1, pf_w = 2, pf_r = 4 };

/// Offsets of the fields of one class, and the sizes of its records.
struct layout {
  bool wide; ///< addresses, offsets and sizes have 64 bits
  u16 header_size, program_header_size, section_header_size;
  // file header; e_type and e_machine are at 16 and 18 in both classes, e_version at 20
  u8 entry, phoff, shoff, flags, ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
  // program header; p_type is at 0 in both
  u8 p_offset, p_vaddr, p_filesz, p_memsz, p_flags, p_align;
  // section header; sh_name is at 0, sh_type at 4 in both
  u8 sh_offset, sh_size;
};

inline constexpr layout layout_32{false, 52, 32, 40, 24, 28, 32, 36, 40, 42, 44, 46, 48, 50, 4, 8, 16, 20, 24, 28, 16, 20};
inline constexpr layout layout_64{true, 64, 56, 64, 24, 32, 40, 48, 52, 54, 56, 58, 60, 62, 8, 16, 32, 40, 4, 48, 24, 32};

using activators::load;
using activators::load16;
using activators::load32;
/// An address, offset or size: 4 or 8 bytes.
constexpr u64 load_word(const layout& of, const u8* from) {
  return load(from, of.wide ? 8 : 4);
}

} // namespace polyabi::activators::elf
