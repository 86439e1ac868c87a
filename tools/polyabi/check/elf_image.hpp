// An ELF file as the dynamic linker and a reader of its code see it: segments, dynamic section, symbols, relocations. Nothing
// of the file is believed: every count and address is bounded before it is used, and what is out of bounds is left out.
#pragma once

#include "mapped_file.hpp"

#include <polyabi/activators/executable.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace polyabi::check {

/// A run of memory that the file fills.
struct memory_range {
  u64 address = 0;
  std::span<const u8> bytes; ///< the part that comes from the file
  u64 size = 0;              ///< with the zeros behind it
  bool executable = false, writable = false;
  bool contains(u64 a) const { return a - address < size; }
};

enum class symbol_kind : u8 { other, function, object, indirect_function };

struct symbol {
  std::string_view name;
  std::string_view version; ///< empty: none
  u64 address = 0, size = 0;
  symbol_kind kind = symbol_kind::other;
  bool defined = false;
  bool weak = false;
  bool is_default = true; ///< what an unversioned or new reference means
};

/// A word of memory that the dynamic linker fills.
struct relocation {
  enum class what : u8 {
    address, ///< `target`, in this image
    symbol,  ///< a symbol's address
    call,    ///< what the function at `target` answers (IRELATIVE)
  };
  u64 place = 0;
  what kind{};
  u64 target = 0;
  u32 symbol = 0; ///< index into `elf_image::symbols`
};

/// A symbol that a static symbol table has: for names, and for the ends of functions.
struct static_symbol {
  std::string_view name;
  u64 address = 0, size = 0;
  symbol_kind kind = symbol_kind::other;
};

struct section;

class elf_image {
public:
  /// Null with a sentence in `problem` if the file is no ELF or COFF file of a processor that we know.
  static std::unique_ptr<elf_image> open(const std::string& path, std::string& problem);

  std::string path; ///< in the host's tree
  activators::image_plan plan;
  std::vector<memory_range> ranges; ///< by address

  std::string_view soname, rpath, runpath;
  std::vector<std::string_view> needed;
  bool is_dynamic = false; ///< has a dynamic section
  std::vector<symbol> symbols;
  std::vector<relocation> relocations; ///< by place
  std::vector<static_symbol> static_symbols;
  std::vector<memory_range> function_arrays; ///< DT_INIT_ARRAY and its like
  std::vector<u64> initialisers; ///< functions that the dynamic linker or the C library's start calls, at the end as well
  u64 global_offset_table = 0;   ///< DT_PLTGOT, 0 without
  memory_range unwind_header;    ///< .eh_frame_hdr; empty without
  memory_range go_functions;     ///< .gopclntab; empty if this is no Go program

  architecture arch() const { return plan.arch; }
  usize word_size() const { return plan.pointer_size(); }
  bool is_go() const { return !go_functions.bytes.empty(); }

  const memory_range* range_of(u64 address) const;
  bool is_code(u64 address) const {
    const memory_range* range = range_of(address);
    return range != nullptr && range->executable;
  }
  /// The file's bytes from an address to the end of its range.
  std::span<const u8> bytes_at(u64 address) const;
  /// A word as the file has it: before relocation.
  std::optional<u64> word_at(u64 address) const;
  std::optional<u32> half_word_at(u64 address) const;
  /// A string; empty if there is none.
  std::string_view text_at(u64 address, usize limit = 4096) const;
  const relocation* relocation_at(u64 place) const;
  /// The relocations in [from, to).
  std::span<const relocation> relocations_in(u64 from, u64 to) const;

private:
  explicit elf_image(const std::string& file) : path{file}, file_{file} {}
  void read_segments();
  void read_program_headers();
  void read_sections();
  void read_function_arrays();
  void divide_ranges(const std::vector<section>&);

  mapped_file file_;
};

} // namespace polyabi::check
