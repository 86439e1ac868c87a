// Implementation of coff.hpp.
#pragma once

namespace polyabi::activators {

namespace detail {

/// One section header, decoded.
struct coff_section {
  std::string_view name; ///< in the raw header
  u64 address, size, offset;
  u32 flags;

  bool is(u32 flag) const { return (flags & flag) != 0; }
  bool is_loaded() const { return size != 0 && !is(coff::dummy | coff::no_load) && is(coff::text | coff::data | coff::bss); }
};

inline coff_section decode_section(const u8* raw) {
  namespace at = coff::section_header;
  return {until_nul({reinterpret_cast<const char*>(raw) + at::name, 8}), load32(raw + at::virtual_address),
          load32(raw + at::size), load32(raw + at::file_offset), load32(raw + at::flags)};
}

/// The file header and the optional one.
template <byte_reader Reader>
verdict parse_coff_headers(Reader& reader, image_plan& plan, coff_role role, u64& sections_at) {
  u8 file[coff::file_header_size], optional[coff::optional_header_size];
  if (!reader.read(0, file, sizeof file)) return not_executable("the file is shorter than a COFF file header"sv);
  plan.machine = load16(file + coff::file_header::magic);
  plan.flags = load16(file + coff::file_header::flags);
  plan.coff.sections = load16(file + coff::file_header::section_count);
  const u16 optional_size = load16(file + coff::file_header::optional_size);
  if (plan.machine != coff::magic_386) return not_executable("not a COFF file of the 386"sv);
  if ((plan.flags & coff::flag_executable) == 0) return not_executable("an object file, not linked"sv);
  if (optional_size < sizeof optional || optional_size > coff::max_optional_header_size)
    return not_executable("an optional header of an unknown size"sv);
  if (!reader.read(sizeof file, optional, sizeof optional)) return not_executable("the file ends within its headers"sv);
  if (plan.coff.sections == 0 || plan.coff.sections > coff::max_sections) return not_executable("no sections, or too many"sv);
  plan.coff.magic = load16(optional + coff::optional_header::magic);
  plan.entry = load32(optional + coff::optional_header::entry);
  sections_at = sizeof file + optional_size;

  const bool is_library = plan.coff.magic == coff::shared_library;
  if (role == coff_role::library) return is_library ? verdict{} : verdict{errc::libbad, "not a shared library"sv};
  if (is_library) return {errc::libexec, "a shared library cannot be executed"sv};
  if (plan.coff.magic != coff::impure && plan.coff.magic != coff::pure && plan.coff.magic != coff::paged)
    return not_executable("an unknown kind of COFF executable"sv);
  return {};
}

/// .lib names the shared libraries.
template <byte_reader Reader>
verdict parse_libraries(Reader& reader, const coff_section& section, image_plan& plan) {
  constexpr verdict broken{errc::libscn, "a broken .lib section"sv};
  auto& kept = plan.coff.libraries;
  for (u64 at = 0; at < section.size;) {
    u8 raw[coff::library_entry_size];
    if (section.size - at < sizeof raw || !reader.read(section.offset + at, raw, sizeof raw)) return broken;
    const u64 entry_size = u64{load32(raw)} * 4, path_at = u64{load32(raw + 4)} * 4;
    if (entry_size > section.size - at || path_at < sizeof raw || path_at >= entry_size) return broken;
    if (plan.coff.library_count == max_shared_libraries) return {errc::libmax, "too many shared libraries"sv};
    const u64 room = entry_size - path_at, left = sizeof kept.characters - kept.size;
    const usize size = static_cast<usize>(room < coff::max_library_path ? room : coff::max_library_path);
    if (size > left) return {errc::libmax, "the paths of shared libraries are too long"sv};
    char* const path = kept.characters + kept.size;
    if (!reader.read(section.offset + at + path_at, path, size)) return broken;
    const std::string_view text = until_nul({path, size});
    if (text.empty() || text.size() == size) return broken;
    kept.size += static_cast<u32>(text.size()) + 1;
    ++plan.coff.library_count;
    at += entry_size;
  }
  return {};
}

/// Puts a section that is loaded to its place among the segments, which are kept in order of address.
template <byte_reader Reader>
verdict add_coff_section(Reader& reader, const coff_section& section, image_plan& plan) {
  if (section.address >= coff::user_end || section.size > coff::user_end - section.address)
    return invalid("a section lies outside of user space"sv);
  segment part{.address = section.address,
               .memory_size = section.size,
               .offset = section.offset,
               .file_size = section.size,
               .access = {true, true, true},
               .copied = false};
  if (section.is(coff::bss)) {
    part.offset = part.file_size = 0;
  } else {
    if (section.offset == 0 || !reaches(reader, section.offset, section.size))
      return not_executable("a section lies beyond the end of the file"sv);
  }
  // Only an impure program's text may be written; the processors of the time ran whatever could be read.
  if (section.is(coff::text) && plan.coff.magic != coff::impure) part.access.write = false;
  if (plan.segment_count == max_segments) return not_executable("too many sections"sv);

  u32 place = plan.segment_count;
  for (; place > 0 && plan.segment_storage[place - 1].address > part.address; --place)
    plan.segment_storage[place] = plan.segment_storage[place - 1];
  plan.segment_storage[place] = part;
  ++plan.segment_count;
  return {};
}

/// A .bss right behind data is the data's own, so that the rest of their last page is zeroed as a whole.
inline void join_bss(image_plan& plan) {
  u32 kept = 0;
  for (u32 i = 1; i < plan.segment_count; ++i) {
    segment& before = plan.segment_storage[kept];
    const segment& part = plan.segment_storage[i];
    const bool is_bss = part.file_size == 0;
    if (is_bss && before.access.write && part.address - before.end() < page_size) {
      before.memory_size = part.end() - before.address;
    } else {
      plan.segment_storage[++kept] = part;
    }
  }
  plan.segment_count = kept + 1;
}

/// Whether all segments can be mapped: each lies in the file as in its page, and what shares a page comes from one page of the
/// file.
inline bool can_be_mapped(const image_plan& plan) {
  const std::span<const segment> parts = plan.segments();
  for (usize i = 0; i < parts.size(); ++i) {
    if (parts[i].file_size != 0 && parts[i].address % page_size != parts[i].offset % page_size) return false;
    if (i == 0 || page_floor(parts[i].address) >= page_ceiling(parts[i - 1].end())) continue;
    const segment& before = parts[i - 1];
    const bool from_one_page = parts[i].file_size != 0 && before.memory_size == before.file_size &&
                               parts[i].address - parts[i].offset == before.address - before.offset;
    if (!from_one_page) return false;
  }
  return true;
}

/// What follows from all sections together.
inline verdict finish_coff_plan(image_plan& plan) {
  if (plan.segment_count == 0) return not_executable("nothing to load"sv);
  for (u32 i = 1; i < plan.segment_count; ++i) {
    if (plan.segment_storage[i].address < plan.segment_storage[i - 1].end()) return not_executable("sections overlap"sv);
  }
  join_bss(plan);
  plan.load_start = plan.segment_storage[0].address;
  segment& last = plan.segment_storage[plan.segment_count - 1];
  plan.load_end = last.end();
  // The break begins here: what it gives the program in this page has to be zero.
  if (last.access.write && page_ceiling(plan.load_end) <= coff::user_end)
    last.memory_size = page_ceiling(plan.load_end) - last.address;
  if (!can_be_mapped(plan)) {
    for (u32 i = 0; i < plan.segment_count; ++i) plan.segment_storage[i].copied = true;
  }
  return {};
}

} // namespace detail

template <byte_reader Reader>
verdict parse_coff(Reader& reader, image_plan& plan, coff_role role) {
  ::new (static_cast<void*>(&plan)) image_plan{}; // in place: no copy on a kernel stack
  plan.format = file_format::coff;
  plan.arch = architecture::i386;
  plan.stack_top = coff::stack_top;
  plan.auxiliary_vector = false;
  plan.exact_break = true;
  u64 sections_at = 0;
  if (verdict headers = detail::parse_coff_headers(reader, plan, role, sections_at); !headers) return headers;

  bool has_text = false;
  for (u16 i = 0; i < plan.coff.sections; ++i) {
    u8 raw[coff::section_header_size];
    if (!reader.read(sections_at + usize{i} * sizeof raw, raw, sizeof raw))
      return detail::not_executable("section headers beyond the end of the file"sv);
    const detail::coff_section section = detail::decode_section(raw);
    verdict seen;
    if (section.is(coff::library)) {
      seen = detail::parse_libraries(reader, section, plan);
    } else if (section.is_loaded()) {
      if (section.is(coff::text) && !has_text) plan.coff.text_start = section.address;
      has_text = has_text || section.is(coff::text);
      seen = detail::add_coff_section(reader, section, plan);
    } else if (section.name == ".comment"sv) {
      plan.coff.comment = {section.offset, section.size};
    }
    if (!seen) return seen;
  }
  return detail::finish_coff_plan(plan);
}

template <class Visit>
constexpr void each_library(const image_plan& plan, Visit visit) {
  std::string_view rest = plan.coff.libraries.view();
  while (!rest.empty()) {
    const std::string_view path = detail::until_nul(rest);
    if (!visit(path)) return;
    rest = detail::after(rest, path.size() + 1);
  }
}

} // namespace polyabi::activators
