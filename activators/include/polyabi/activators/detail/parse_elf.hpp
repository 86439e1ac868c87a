// Implementation of elf.hpp.
#pragma once

namespace polyabi::activators {

namespace detail {

/// The file header, without the program headers.
template <byte_reader Reader>
verdict parse_file_header(Reader& reader, image_plan& plan) {
  if (!reader.read(0, plan.ident.data(), elf::ident_size))
    return not_executable("the file is shorter than an ELF identification"sv);
  for (usize i = 0; i < sizeof elf::magic; ++i) {
    if (plan.ident[i] != elf::magic[i]) return not_executable("not an ELF file"sv);
  }
  const u8 file_class = plan.ident[elf::ei_class];
  if (file_class != elf::class_32 && file_class != elf::class_64) return not_executable("unknown ELF class"sv);
  if (plan.ident[elf::ei_data] != elf::data_little) return not_executable("not little-endian"sv);
  if (plan.ident[elf::ei_version] != elf::version_current) return not_executable("unknown ELF version"sv);

  const elf::layout& at = plan.layout();
  u8 header[64]{};
  if (!reader.read(0, header, at.header_size)) return not_executable("the file ends within the ELF header"sv);
  plan.type = elf::load16(header + 16);
  plan.machine = elf::load16(header + 18);
  plan.flags = elf::load32(header + at.flags);
  plan.entry = elf::load_word(at, header + at.entry);
  plan.program_headers_offset = elf::load_word(at, header + at.phoff);
  plan.program_header_size = elf::load16(header + at.phentsize);
  plan.program_header_count = elf::load16(header + at.phnum);
  plan.section_headers_offset = elf::load_word(at, header + at.shoff);
  plan.section_header_size = elf::load16(header + at.shentsize);
  plan.section_header_count = elf::load16(header + at.shnum);
  plan.section_names = elf::load16(header + at.shstrndx);

  if (at.wide && plan.machine == elf::em_x86_64) {
    plan.arch = architecture::x86_64;
  } else if (!at.wide && (plan.machine == elf::em_386 || plan.machine == elf::em_486)) {
    plan.arch = architecture::i386;
  } else {
    return not_executable("made for another processor"sv);
  }
  if (elf::load32(header + 20) != elf::version_current) return not_executable("unknown ELF version"sv);
  if (plan.type != elf::et_exec && plan.type != elf::et_dyn)
    return not_executable("neither an executable nor a shared object"sv);
  plan.position_independent = plan.type == elf::et_dyn;

  if (plan.program_header_size != at.program_header_size) return not_executable("program headers of an unknown size"sv);
  if (plan.program_header_count == 0) return not_executable("no program headers"sv);
  if (plan.program_header_count > max_program_headers) return not_executable("too many program headers"sv);
  if (sum_overflows(plan.program_headers_offset, u64{plan.program_header_count} * at.program_header_size)) {
    return not_executable("program headers beyond the end of the file"sv);
  }
  return {};
}

/// One program header, decoded.
struct program_header {
  u32 type, flags;
  u64 offset, address, file_size, memory_size, alignment;
};

constexpr program_header decode_program_header(const elf::layout& at, const u8* raw) {
  return {elf::load32(raw),
          elf::load32(raw + at.p_flags),
          elf::load_word(at, raw + at.p_offset),
          elf::load_word(at, raw + at.p_vaddr),
          elf::load_word(at, raw + at.p_filesz),
          elf::load_word(at, raw + at.p_memsz),
          elf::load_word(at, raw + at.p_align)};
}

/// SVR4 files have p_vaddr and p_memsz 0 here: only the place in the file counts.
template <byte_reader Reader>
verdict parse_interpreter(Reader& reader, const program_header& header, image_plan& plan) {
  if (!plan.interpreter.empty()) return not_executable("more than one interpreter"sv);
  if (header.file_size < 2 || header.file_size > max_interpreter_path) {
    return not_executable("the interpreter's path is empty or too long"sv);
  }
  const usize size = static_cast<usize>(header.file_size);
  char* path = plan.interpreter.characters;
  if (!reader.read(header.offset, path, size))
    return not_executable("the interpreter's path lies beyond the end of the file"sv);
  if (path[size - 1] != '\0') return not_executable("the interpreter's path is not ended by a NUL"sv);
  u32 length = 0;
  while (path[length] != '\0') ++length;
  if (length == 0) return not_executable("the interpreter's path is empty or too long"sv);
  plan.interpreter.size = length;
  return {};
}

template <byte_reader Reader>
verdict parse_segment(Reader& reader, const program_header& header, image_plan& plan, const address_limits& limits) {
  if (header.file_size > header.memory_size) return not_executable("a segment is larger in the file than in memory"sv);
  if (header.memory_size == 0) return {};
  if (sum_overflows(header.address, header.memory_size) || sum_overflows(header.offset, header.file_size)) {
    return not_executable("a segment wraps around"sv);
  }
  // Room for the page that the end lies in, so that rounding up cannot leave user space or wrap.
  if (header.memory_size > limits.end - limits.lowest || header.address > limits.end - header.memory_size) {
    return invalid("a segment lies outside of user space"sv);
  }
  if (!plan.position_independent && header.address < limits.lowest) return invalid("a segment lies outside of user space"sv);
  if (header.file_size != 0) {
    if (header.address % page_size != header.offset % page_size) {
      return not_executable("a segment's address and file offset differ within a page"sv);
    }
    if (!reaches(reader, header.offset, header.file_size))
      return not_executable("a segment lies beyond the end of the file"sv);
  }
  // The gABI: "Loadable segment entries in the program header table appear in ascending order, sorted on the p_vaddr member."
  if (plan.segment_count != 0 && header.address < plan.load_end)
    return not_executable("segments overlap or are not in order"sv);
  if (plan.segment_count == max_segments) return not_executable("too many segments"sv);

  // Linux passes over an alignment that is none; one beyond a huge page is no more of use.
  const bool power_of_two = (header.alignment & (header.alignment - 1)) == 0;
  if (power_of_two && header.alignment > plan.alignment && header.alignment <= max_alignment) plan.alignment = header.alignment;

  if (plan.segment_count == 0) plan.load_start = header.address;
  plan.load_end = header.address + header.memory_size;
  plan.segment_storage[plan.segment_count++] = {
      header.address,
      header.memory_size,
      header.offset,
      header.file_size,
      {(header.flags & elf::pf_r) != 0, (header.flags & elf::pf_w) != 0, (header.flags & elf::pf_x) != 0}};
  return {};
}

/// Linux (binfmt_elf.c) finds the headers' address as their offset within the segment that holds them; PT_PHDR is a promise
/// that need not be kept.
constexpr u64 find_program_headers(const image_plan& plan) {
  const u64 start = plan.program_headers_offset;
  const u64 size = u64{plan.program_header_count} * plan.program_header_size;
  for (const segment& part : plan.segments()) {
    if (start >= part.offset && size <= part.file_size && start - part.offset <= part.file_size - size) {
      return part.address + (start - part.offset);
    }
  }
  return 0;
}

} // namespace detail

template <byte_reader Reader>
verdict parse_elf(Reader& reader, image_plan& plan, const address_limits* given_limits) {
  ::new (static_cast<void*>(&plan)) image_plan{}; // in place: no copy on a kernel stack
  if (verdict header = detail::parse_file_header(reader, plan); !header) return header;
  const address_limits limits = given_limits != nullptr ? *given_limits : default_limits(plan.arch);
  const elf::layout& at = plan.layout();

  for (u32 i = 0; i < plan.program_header_count; ++i) {
    u8 raw[sizeof(u64) * 7]{};
    if (!reader.read(plan.program_headers_offset + u64{i} * at.program_header_size, raw, at.program_header_size)) {
      return detail::not_executable("program headers beyond the end of the file"sv);
    }
    const detail::program_header header = detail::decode_program_header(at, raw);
    verdict seen;
    switch (header.type) {
    case elf::pt_load: seen = detail::parse_segment(reader, header, plan, limits); break;
    case elf::pt_interp: seen = detail::parse_interpreter(reader, header, plan); break;
    case elf::pt_note:
      if (plan.note_count < plan.notes.size()) plan.notes[plan.note_count++] = {header.offset, header.file_size};
      break;
    case elf::pt_gnu_stack:
    case elf::pt_sunw_stack: plan.executable_stack = (header.flags & elf::pf_x) != 0; break;
    default: break;
    }
    if (!seen) return seen;
  }
  if (plan.segment_count == 0) return detail::not_executable("nothing to load"sv);
  // A shared object may have no entry (0); an executable that starts outside of its own segments only crashes.
  plan.program_headers = detail::find_program_headers(plan);
  return {};
}

template <byte_reader Reader>
verdict parse_elf(Reader& reader, image_plan& plan) {
  return parse_elf(reader, plan, nullptr);
}

} // namespace polyabi::activators
