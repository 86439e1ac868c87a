// Implementation of facts.hpp.
#pragma once

namespace polyabi::activators {

namespace detail {

inline constexpr usize max_note_bytes = 4096; ///< looked at in one PT_NOTE
inline constexpr u32 max_sections = 512;      ///< looked at for .comment

constexpr bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

constexpr u64 round_up(u64 value, u64 alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

/// Notes lie one after the other: name size, descriptor size, type, name and descriptor, each padded. The padding is 4 in fact,
/// whatever ELF64 says, but 8 in segments aligned so (.note.gnu.property), whose notes are no brand: they parse as far as they
/// do.
template <byte_reader Reader>
void gather_notes(Reader& reader, file_range range, image_facts& facts) {
  const u64 size = range.size < max_note_bytes ? range.size : max_note_bytes;
  u64 at = 0;
  while (facts.note_count < facts.note_storage.size() && at + 12 <= size) {
    u8 header[12];
    if (!reader.read(range.offset + at, header, sizeof header)) return;
    const u64 name_size = elf::load32(header), descriptor_size = elf::load32(header + 4);
    const u64 name_at = at + 12, descriptor_at = name_at + round_up(name_size, 4);
    if (descriptor_at + descriptor_size > size) return;

    note_fact& note = facts.note_storage[facts.note_count];
    note = {};
    note.type = elf::load32(header + 8);
    note.descriptor_size = static_cast<u32>(descriptor_size);
    char owner[sizeof note.owner.characters]{};
    const usize owner_size = static_cast<usize>(name_size < sizeof owner ? name_size : sizeof owner);
    const usize kept = static_cast<usize>(descriptor_size < note.descriptor.size() ? descriptor_size : note.descriptor.size());
    if (!reader.read(range.offset + name_at, owner, owner_size)) return;
    if (!reader.read(range.offset + descriptor_at, note.descriptor.data(), kept)) return;
    note.owner.assign(until_nul({owner, owner_size}));
    ++facts.note_count;
    at = descriptor_at + round_up(descriptor_size, 4);
  }
}

template <byte_reader Reader>
void keep_comments(Reader& reader, file_range comment, image_facts& facts) {
  const u64 kept = comment.size < sizeof facts.comments.characters ? comment.size : sizeof facts.comments.characters;
  if (reader.read(comment.offset, facts.comments.characters, static_cast<usize>(kept)))
    facts.comments.size = static_cast<u32>(kept);
}

/// Finds the section .comment by name and keeps its beginning.
template <byte_reader Reader>
void gather_comments(Reader& reader, const image_plan& plan, image_facts& facts) {
  constexpr std::string_view wanted{".comment", 9}; // with its NUL
  constexpr u32 program_bits = 1;
  const elf::layout& at = plan.layout();
  if (plan.section_header_size != at.section_header_size || plan.section_names >= plan.section_header_count) return;
  u8 raw[64]{};
  const auto read_section = [&](u32 index) {
    const u64 offset = plan.section_headers_offset + u64{index} * at.section_header_size;
    return offset >= plan.section_headers_offset && reader.read(offset, raw, at.section_header_size);
  };
  if (!read_section(plan.section_names)) return;
  const u64 names = elf::load_word(at, raw + at.sh_offset), names_size = elf::load_word(at, raw + at.sh_size);
  const u32 count = plan.section_header_count < max_sections ? plan.section_header_count : max_sections;
  for (u32 i = 1; i < count; ++i) {
    if (!read_section(i)) return;
    const u64 name = elf::load32(raw);
    if (elf::load32(raw + 4) != program_bits || name >= names_size || sum_overflows(names, name)) continue;
    char text[wanted.size()]{};
    if (!reader.read(names + name, text, sizeof text) || std::string_view{text, sizeof text} != wanted) continue;
    keep_comments(reader, {elf::load_word(at, raw + at.sh_offset), elf::load_word(at, raw + at.sh_size)}, facts);
    return;
  }
}

/// A gate as linkers leave it: the offset of a call of another segment is zero.
constexpr std::optional<gate> linked_gate_at(std::span<const u8, longest_gate> code, architecture arch) {
  const std::optional<gate> found = gate_at(code, arch == architecture::i386);
  return found && instruction_length(*found) == longest_gate && elf::load32(code.data() + 1) != 0 ? std::nullopt : found;
}

/// Whether an ABI-tag note is among the facts: type 1 and room for a version.
constexpr bool is_abi_tag(const note_fact& note) {
  return note.type == 1 && note.descriptor_size >= 4 && !note.owner.empty();
}

} // namespace detail

template <byte_reader Reader>
void scan_gates(Reader& reader, const image_plan& plan, image_facts& facts) {
  constexpr usize chunk = 1024;
  facts.gates = {};
  facts.gates_scanned = true;
  u64 budget = gate_scan_limit;
  for (const segment& part : plan.segments()) {
    if (!part.access.execute) continue;
    const u64 size = part.file_size < budget ? part.file_size : budget;
    budget -= size;
    // Chunks overlap by all but one byte of the longest gate; zeros after the last chunk are no part of a gate's beginning.
    for (u64 done = 0; done < size; done += chunk) {
      u8 code[chunk + longest_gate - 1]{};
      const u64 left = size - done;
      const usize count = static_cast<usize>(left < sizeof code ? left : sizeof code);
      if (!reader.read(part.offset + done, code, count)) return;
      for (usize i = 0; i < chunk && i < count; ++i) {
        const auto found = detail::linked_gate_at(std::span<const u8, longest_gate>{code + i, longest_gate}, plan.arch);
        if (!found) continue;
        gate_fact& fact = facts.gates[static_cast<usize>(*found)];
        if (fact.count++ == 0) fact.first = part.address + done + i;
      }
    }
  }
}

template <byte_reader Reader>
void gather_facts(Reader& reader, const image_plan& plan, image_facts& facts) {
  ::new (static_cast<void*>(&facts)) image_facts{}; // in place: no copy on a kernel stack
  facts.format = plan.format;
  facts.arch = plan.arch;
  facts.flags = plan.flags;
  if (plan.format == file_format::coff) {
    facts.text_start = plan.coff.text_start;
    detail::keep_comments(reader, plan.coff.comment, facts);
    return;
  }
  facts.os_abi = plan.ident[elf::ei_osabi];
  facts.abi_version = plan.ident[elf::ei_abiversion];
  facts.dynamic = !plan.interpreter.empty();
  facts.interpreter = plan.interpreter.view();

  char brand[8]{};
  for (usize i = 0; i < sizeof brand; ++i) brand[i] = static_cast<char>(plan.ident[elf::ei_abiversion + i]);
  const std::string_view text = detail::until_nul({brand, sizeof brand});
  bool printable = text.size() >= 2;
  for (char c : text) printable = printable && detail::is_printable(c);
  if (printable) facts.old_brand.assign(text);

  for (u32 i = 0; i < plan.note_count; ++i) detail::gather_notes(reader, plan.notes[i], facts);
  detail::gather_comments(reader, plan, facts);

  bool marked = facts.dynamic || facts.os_abi != 0 || !facts.old_brand.empty();
  for (const note_fact& note : facts.notes()) marked = marked || detail::is_abi_tag(note);
  if (!marked) scan_gates(reader, plan, facts);
}

} // namespace polyabi::activators
