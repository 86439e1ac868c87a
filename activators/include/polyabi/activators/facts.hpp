// What an executable file says about the system it is made for, gathered without judging it.
#pragma once

#include <polyabi/activators/image.hpp>
#include <polyabi/core/gate_code.hpp>

namespace polyabi::activators {

inline constexpr usize gate_count = 7; ///< enumerators of polyabi::gate
inline constexpr u64 gate_scan_limit = 1 << 20;

/// One note: owner without its NUL, type, and the beginning of its descriptor.
struct note_fact {
  bounded_text<16> owner;
  u32 type = 0;
  u32 descriptor_size = 0;
  std::array<u8, 16> descriptor{};
};

/// Kernel-entry instructions of one kind in executable segments.
struct gate_fact {
  u32 count = 0;
  u64 first = 0; ///< address of the first one
};

/// The marks of an image. About 3 KiB.
struct image_facts {
  file_format format = file_format::elf;
  architecture arch{};
  u8 os_abi = 0, abi_version = 0; ///< EI_OSABI, EI_ABIVERSION
  bounded_text<8> old_brand;      ///< printable text at e_ident[8] ("FreeBSD", "Linux", "SVR4"), or empty
  u32 flags = 0;                  ///< e_flags
  bool dynamic = false;           ///< has an interpreter
  std::string_view interpreter;   ///< lives in the plan the facts were gathered from
  std::array<note_fact, 16> note_storage{};
  u32 note_count = 0;
  bounded_text<2048> comments; ///< the beginning of .comment: strings with a NUL between them
  u64 text_start = 0;          ///< of a COFF file: where its text begins
  bool gates_scanned = false;
  std::array<gate_fact, gate_count> gates{}; ///< by polyabi::gate; only where nothing else marks a static image

  constexpr std::span<const note_fact> notes() const { return {note_storage.data(), note_count}; }
  constexpr const gate_fact& of(gate which) const { return gates[static_cast<usize>(which)]; }
};

/// Gathers the marks of a parsed image. Broken notes, sections or comments are no marks; they are never an error.
template <byte_reader Reader>
void gather_facts(Reader& reader, const image_plan& plan, image_facts& facts);

/// Counts gates in up to `gate_scan_limit` bytes of executable segments. `gather_facts` does it for an unmarked static image.
template <byte_reader Reader>
void scan_gates(Reader& reader, const image_plan& plan, image_facts& facts);

} // namespace polyabi::activators

#include <polyabi/activators/detail/gather_facts.hpp>
