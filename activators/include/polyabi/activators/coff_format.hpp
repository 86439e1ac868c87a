// The common object file format of the 386 as far as activation needs it: numbers and offsets of System V Release 3 and iBCS2
// (filehdr.h, aouthdr.h, scnhdr.h; "Common Object File Format" of the Programmer's Guide). All numbers are little-endian.
#pragma once

#include <polyabi/activators/reader.hpp>

namespace polyabi::activators::coff {

inline constexpr u16 magic_386 = 0514; ///< f_magic: I386MAGIC

/// The file header; the optional header and the section headers follow it.
inline constexpr usize file_header_size = 20;
namespace file_header {
enum offset : usize { magic = 0, section_count = 2, time = 4, optional_size = 16, flags = 18 };
}
inline constexpr u16 flag_executable = 2; ///< F_EXEC: no unresolved references

/// The optional header of executables; a longer one begins so as well.
inline constexpr usize optional_header_size = 28, max_optional_header_size = 512;
namespace optional_header {
enum offset : usize { magic = 0, entry = 16, text_start = 20, data_start = 24 };
}
/// Kinds of executables by the optional header's magic number.
enum kind : u16 {
  impure = 0407,         ///< OMAGIC: text may be written, data follow it
  pure = 0410,           ///< NMAGIC: text is read-only, data begin in a segment of their own
  paged = 0413,          ///< ZMAGIC: the same, and can be mapped
  shared_library = 0443, ///< a target shared library, loaded with programs whose .lib names it
};

inline constexpr usize section_header_size = 40;
namespace section_header {
enum offset : usize { name = 0, virtual_address = 12, size = 16, file_offset = 20, flags = 36 };
}
inline constexpr u16 max_sections = 64;
/// s_flags: what a section is for.
enum section_flag : u32 {
  dummy = 1,
  no_load = 2,
  text = 0x20,
  data = 0x40,
  bss = 0x80,
  information = 0x200,
  overlay = 0x400,
  library = 0x800,
};

/// .lib: for each library the entry's size and the path's place in it, both in words of four bytes, then the path with its NUL.
inline constexpr usize library_entry_size = 8;
inline constexpr u32 max_library_path = 256;

/// The 386's System V has the kernel at the upper quarter, and the stack of such programs below the middle (iBCS2, "Process
/// address space").
inline constexpr u64 user_end = 0xc0000000, stack_top = 0x80000000;

} // namespace polyabi::activators::coff
