#include "elf_image.hpp"

#include "elf_dynamic.hpp"

#include <algorithm>
#include <cstring>
#include <elf.h>

namespace polyabi::check {

using activators::elf::load;
using activators::elf::load_word;

const memory_range* elf_image::range_of(u64 address) const {
  auto after =
      std::upper_bound(ranges.begin(), ranges.end(), address, [](u64 a, const memory_range& r) { return a < r.address; });
  if (after == ranges.begin()) return nullptr;
  --after;
  return after->contains(address) ? &*after : nullptr;
}

std::span<const u8> elf_image::bytes_at(u64 address) const {
  const memory_range* range = range_of(address);
  if (range == nullptr || address - range->address >= range->bytes.size()) return {};
  return range->bytes.subspan(address - range->address);
}

std::optional<u64> elf_image::word_at(u64 address) const {
  const auto bytes = bytes_at(address);
  if (bytes.size() < word_size()) return {};
  return load(bytes.data(), word_size());
}

std::optional<u32> elf_image::half_word_at(u64 address) const {
  const auto bytes = bytes_at(address);
  if (bytes.size() < 4) return {};
  return static_cast<u32>(load(bytes.data(), 4));
}

std::string_view elf_image::text_at(u64 address, usize limit) const {
  const auto bytes = bytes_at(address);
  const usize most = std::min(bytes.size(), limit);
  const void* end = most == 0 ? nullptr : std::memchr(bytes.data(), 0, most);
  if (end == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<usize>(static_cast<const u8*>(end) - bytes.data())};
}

const relocation* elf_image::relocation_at(u64 place) const {
  const auto found = relocations_in(place, place + 1);
  return found.empty() ? nullptr : &found.front();
}

std::span<const relocation> elf_image::relocations_in(u64 from, u64 to) const {
  const auto before = [](const relocation& r, u64 place) { return r.place < place; };
  const auto first = std::lower_bound(relocations.begin(), relocations.end(), from, before);
  const auto last = std::lower_bound(first, relocations.end(), std::max(from, to), before);
  return {first, last};
}

void elf_image::read_segments() {
  for (const activators::segment& s : plan.segments()) {
    memory_range range{s.address, {}, s.memory_size, s.access.execute, s.access.write};
    if (s.offset <= file_.bytes().size())
      range.bytes = file_.bytes().subspan(s.offset, std::min<u64>(s.file_size, file_.bytes().size() - s.offset));
    ranges.push_back(range);
  }
  std::sort(ranges.begin(), ranges.end(), [](const memory_range& a, const memory_range& b) { return a.address < b.address; });
}

void elf_image::read_program_headers() {
  const auto& at = plan.layout();
  std::vector<u8> header(plan.program_header_size);
  for (u32 i = 0; i < plan.program_header_count; ++i) {
    if (!file_.read(plan.program_headers_offset + u64{i} * header.size(), header.data(), header.size())) return;
    const auto type = static_cast<u32>(load(header.data(), 4));
    const u64 address = load_word(at, header.data() + at.p_vaddr), size = load_word(at, header.data() + at.p_memsz);
    if (type == PT_GNU_EH_FRAME) {
      const auto bytes = bytes_at(address);
      unwind_header = {address, bytes.first(std::min<u64>(bytes.size(), size)), size, false, false};
    } else if (type == PT_DYNAMIC) {
      is_dynamic = true;
      dynamic_reader{*this}.read(address, size);
    }
  }
}

/// One section header.
struct section {
  std::string_view name;
  u32 type = 0, link = 0;
  u64 flags = 0, address = 0, offset = 0, size = 0, entry_size = 0;

  bool lies_in(const memory_range& range) const {
    return (flags & SHF_ALLOC) != 0 && size != 0 && range.contains(address) && size <= range.size - (address - range.address);
  }
  bool is_code() const { return (flags & SHF_EXECINSTR) != 0; }
};

namespace {

/// The part [from, to) of a range.
memory_range part_of(const memory_range& range, u64 from, u64 to, bool executable) {
  const u64 start = std::min<u64>(from - range.address, range.bytes.size());
  const u64 end = std::min<u64>(to - range.address, range.bytes.size());
  return {from, range.bytes.subspan(start, end - start), to - from, executable, range.writable};
}

/// Linkers may lay code and data into one executable segment; the sections tell which is which. What no section tells of is like
/// what stands before it. `inside`: those of the range, by address.
std::vector<memory_range> divided(const memory_range& range, const std::vector<section>& inside) {
  std::vector<memory_range> parts;
  const u64 end = range.address + range.size;
  bool executable = false; // the file's own head
  u64 from = range.address;
  for (const section& s : inside) {
    if (s.is_code() == executable) continue;
    if (s.address > from) parts.push_back(part_of(range, from, s.address, executable));
    from = s.address;
    executable = s.is_code();
  }
  parts.push_back(part_of(range, from, end, executable));
  return parts;
}

} // namespace

void elf_image::divide_ranges(const std::vector<section>& sections) {
  std::vector<memory_range> all;
  for (const memory_range& range : ranges) {
    std::vector<section> inside;
    for (const section& s : sections)
      if (range.executable && s.lies_in(range)) inside.push_back(s);
    std::sort(inside.begin(), inside.end(), [](const section& a, const section& b) { return a.address < b.address; });
    if (std::none_of(inside.begin(), inside.end(), [](const section& s) { return s.is_code(); }))
      all.push_back(range);
    else
      for (const memory_range& part : divided(range, inside)) all.push_back(part);
  }
  ranges = std::move(all);
}

/// What no segment leads to: static symbols, and the relocations of static programs. Files may have no sections at all.
void elf_image::read_sections() {
  const auto& at = plan.layout();
  const usize word = word_size();
  const auto bytes = file_.bytes();
  if (plan.section_header_size != at.section_header_size || plan.section_headers_offset == 0) return;
  std::vector<section> sections;
  std::vector<u32> names;
  for (u32 i = 0; i < plan.section_header_count; ++i) {
    const u64 offset = plan.section_headers_offset + u64{i} * plan.section_header_size;
    if (offset > bytes.size() || bytes.size() - offset < plan.section_header_size) return;
    const u8* h = bytes.data() + offset;
    names.push_back(static_cast<u32>(load(h, 4)));
    section one{{},
                static_cast<u32>(load(h + 4, 4)),
                0,
                load(h + 8, word),
                load(h + 8 + word, word),
                load(h + 8 + 2 * word, word),
                load(h + 8 + 3 * word, word),
                load(h + (word == 8 ? 56 : 36), word)};
    one.link = static_cast<u32>(load(h + (word == 8 ? 40 : 24), 4));
    sections.push_back(one);
  }
  const auto content = [&](const section& s) -> std::span<const u8> {
    if (s.type == SHT_NOBITS || s.offset > bytes.size() || s.size > bytes.size() - s.offset) return {};
    return bytes.subspan(s.offset, s.size);
  };
  const auto text = [&](std::span<const u8> table, u64 offset) -> std::string_view {
    if (offset >= table.size()) return {};
    const void* end = std::memchr(table.data() + offset, 0, table.size() - offset);
    if (end == nullptr) return {};
    const auto* begin = reinterpret_cast<const char*>(table.data() + offset);
    return {begin, static_cast<usize>(static_cast<const char*>(end) - begin)};
  };
  if (plan.section_names < sections.size())
    for (usize i = 0; i < sections.size(); ++i) sections[i].name = text(content(sections[plan.section_names]), names[i]);

  for (const section& s : sections) {
    if (s.name == ".gopclntab" && !content(s).empty()) go_functions = {s.address, content(s), s.size, false, false};
    if (s.type == SHT_SYMTAB && s.link < sections.size())
      dynamic_reader{*this}.read_static_symbols(content(s),
                                                [&, table = content(sections[s.link])](u64 o) { return text(table, o); });
    if (!is_dynamic && (s.type == SHT_RELA || s.type == SHT_REL) && (s.flags & SHF_ALLOC) != 0)
      dynamic_reader{*this}.read_relocations(content(s), s.type == SHT_RELA);
    if (!is_dynamic && (s.type == SHT_INIT_ARRAY || s.type == SHT_FINI_ARRAY || s.type == SHT_PREINIT_ARRAY))
      function_arrays.push_back({s.address, {}, s.size, false, false});
  }
  divide_ranges(sections);
}

/// After the relocations, to which the words of a position-independent image belong.
void elf_image::read_function_arrays() {
  constexpr u64 most = 1 << 20;
  for (const memory_range& array : function_arrays)
    for (u64 at = array.address; at - array.address < std::min(array.size, most); at += word_size()) {
      const relocation* r = relocation_at(at);
      u64 target = word_at(at).value_or(0);
      if (r != nullptr) target = r->kind == relocation::what::symbol ? symbols[r->symbol].address : r->target;
      if (is_code(target)) initialisers.push_back(target);
    }
}

std::unique_ptr<elf_image> elf_image::open(const std::string& path, std::string& problem) {
  std::unique_ptr<elf_image> image{new elf_image{path}};
  if (!image->file_.problem().empty()) {
    problem = image->file_.problem();
    return nullptr;
  }
  if (const auto parsed = activators::parse_executable(image->file_, image->plan); !parsed) {
    problem = parsed.reason;
    return nullptr;
  }
  image->read_segments();
  if (image->plan.format == activators::file_format::elf) {
    image->read_program_headers();
    image->read_sections();
  }
  auto& places = image->relocations;
  std::stable_sort(places.begin(), places.end(), [](const relocation& a, const relocation& b) { return a.place < b.place; });
  image->read_function_arrays();
  return image;
}

} // namespace polyabi::check
