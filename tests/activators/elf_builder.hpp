// Builds small ELF files in memory, well-formed unless told otherwise.
#pragma once

#include <polyabi/activators/elf_format.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace polyabi::test {

using bytes = std::vector<u8>;

inline void store(bytes& file, usize at, u64 value, usize width) {
  if (file.size() < at + width) file.resize(at + width);
  for (usize i = 0; i < width; ++i) file[at + i] = static_cast<u8>(value >> (8 * i));
}

inline void store_text(bytes& file, usize at, std::string_view text) {
  if (file.size() < at + text.size()) file.resize(at + text.size());
  for (usize i = 0; i < text.size(); ++i) file[at + i] = static_cast<u8>(text[i]);
}

struct built_header {
  u32 type = activators::elf::pt_load;
  u32 flags = activators::elf::pf_r | activators::elf::pf_x;
  u64 offset = 0, address = 0, file_size = 0, memory_size = 0, alignment = 0x1000;
};

struct elf_builder {
  bool wide = true;
  u16 type = activators::elf::et_exec;
  u64 entry = 0;
  u32 flags = 0;
  u8 os_abi = 0;
  std::string old_brand;
  std::vector<built_header> headers;
  std::vector<std::pair<usize, std::string>> contents; ///< file offset, bytes
  std::string comment;                                 ///< .comment, if not empty
  usize size = 0x3000;                                 ///< of the file, without sections

  const activators::elf::layout& layout() const { return wide ? activators::elf::layout_64 : activators::elf::layout_32; }
  usize word() const { return wide ? 8 : 4; }
  u64 base() const { return wide ? 0x400000 : 0x08048000; }

  /// A text segment of one page at the start of the file, and a data segment with a bss of two pages.
  static elf_builder usual(bool wide_file) {
    elf_builder elf;
    elf.wide = wide_file;
    elf.entry = elf.base() + 0x200;
    elf.headers.push_back({.address = elf.base(), .file_size = 0x1000, .memory_size = 0x1000});
    elf.headers.push_back(
        {.flags = 6, .offset = 0x1800, .address = elf.base() + 0x2800, .file_size = 0x400, .memory_size = 0x2400});
    return elf;
  }

  void add_interpreter(std::string path) {
    headers.insert(
        headers.begin(),
        {.type = activators::elf::pt_interp, .flags = 4, .offset = 0x600, .file_size = path.size() + 1, .alignment = 0});
    contents.emplace_back(0x600, path + '\0');
  }

  void add_note(std::string_view owner, u32 note_type, std::span<const u32> descriptor) {
    bytes note;
    store(note, 0, owner.size() + 1, 4);
    store(note, 4, descriptor.size() * 4, 4);
    store(note, 8, note_type, 4);
    store_text(note, 12, owner);
    note.resize((note.size() + 4) / 4 * 4);
    for (u32 value : descriptor) store(note, note.size(), value, 4);
    const usize at = 0x700 + notes_size_;
    notes_size_ += note.size();
    headers.push_back({.type = activators::elf::pt_note,
                       .flags = 4,
                       .offset = at,
                       .address = base() + at,
                       .file_size = note.size(),
                       .memory_size = note.size(),
                       .alignment = 4});
    contents.emplace_back(at, std::string(note.begin(), note.end()));
  }

  void add_code(std::string_view code) { contents.emplace_back(0x200, code); }

  bytes build() const {
    using namespace activators::elf;
    const auto& at = layout();
    bytes file(size);
    for (usize i = 0; i < sizeof magic; ++i) file[i] = magic[i];
    file[ei_class] = wide ? class_64 : class_32;
    file[ei_data] = data_little;
    file[ei_version] = version_current;
    file[ei_osabi] = os_abi;
    store_text(file, ei_abiversion, old_brand);
    store(file, 16, type, 2);
    store(file, 18, wide ? em_x86_64 : em_386, 2);
    store(file, 20, version_current, 4);
    store(file, at.entry, entry, word());
    store(file, at.phoff, at.header_size, word());
    store(file, at.flags, flags, 4);
    store(file, at.ehsize, at.header_size, 2);
    store(file, at.phentsize, at.program_header_size, 2);
    store(file, at.phnum, headers.size(), 2);
    usize header_at = at.header_size;
    for (const built_header& header : headers) {
      store(file, header_at, header.type, 4);
      store(file, header_at + at.p_flags, header.flags, 4);
      store(file, header_at + at.p_offset, header.offset, word());
      store(file, header_at + at.p_vaddr, header.address, word());
      store(file, header_at + at.p_filesz, header.file_size, word());
      store(file, header_at + at.p_memsz, header.memory_size, word());
      store(file, header_at + at.p_align, header.alignment, word());
      header_at += at.program_header_size;
    }
    for (const auto& [offset, text] : contents) store_text(file, offset, text);
    if (!comment.empty()) add_comment_section(file);
    return file;
  }

private:
  void add_comment_section(bytes& file) const {
    const auto& at = layout();
    const std::string names{"\0.comment\0.shstrtab\0", 20};
    const usize comment_at = file.size();
    store_text(file, comment_at, comment);
    const usize names_at = file.size();
    store_text(file, names_at, names);
    const usize sections_at = (file.size() + 7) / 8 * 8;
    const auto section = [&](usize index, u32 name, u32 section_type, u64 offset, u64 section_size) {
      const usize start = sections_at + index * at.section_header_size;
      file.resize(start + at.section_header_size);
      store(file, start, name, 4);
      store(file, start + 4, section_type, 4);
      store(file, start + at.sh_offset, offset, word());
      store(file, start + at.sh_size, section_size, word());
    };
    section(0, 0, 0, 0, 0);
    section(1, 1, 1, comment_at, comment.size());
    section(2, 10, 3, names_at, names.size());
    store(file, at.shoff, sections_at, word());
    store(file, at.shentsize, at.section_header_size, 2);
    store(file, at.shnum, 3, 2);
    store(file, at.shstrndx, 2, 2);
  }

  usize notes_size_ = 0;
};

} // namespace polyabi::test
