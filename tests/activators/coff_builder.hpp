// Builds COFF files of the 386 in memory, well-formed unless told otherwise.
#pragma once

#include "elf_builder.hpp"

#include <polyabi/activators/coff_format.hpp>

namespace polyabi::test {

struct built_section {
  std::string name;
  u32 flags = 0;
  u64 address = 0;
  bytes contents;      ///< in the file
  u64 memory_size = 0; ///< 0: as many as there are contents
  u64 offset = 0;      ///< 0: behind the section before
};

struct coff_builder {
  u16 machine = activators::coff::magic_386;
  u16 flags = 0x10f; ///< stripped, for little-endian machines, executable
  u16 optional_magic = activators::coff::paged;
  u16 optional_size = activators::coff::optional_header_size;
  u64 entry = 0;
  std::vector<built_section> sections;

  usize headers_size() const {
    return activators::coff::file_header_size + optional_size + sections.size() * activators::coff::section_header_size;
  }

  /// As the linkers of the time left it: text behind the headers at the same address, data in the next 4 MiB, .bss behind them.
  static coff_builder usual(u16 kind, bytes text, bytes data, u64 bss, std::string_view comment = {}) {
    coff_builder coff;
    coff.optional_magic = kind;
    const usize own = bss != 0 ? 3 : 2;
    coff.sections.resize(own + (comment.empty() ? 0 : 1));
    const u64 text_at = coff.headers_size(), data_at = 0x400000 + (text_at + text.size()) % 0x1000;
    coff.entry = text_at;
    const u64 bss_at = data_at + data.size();
    coff.sections[0] = {".text", activators::coff::text, text_at, std::move(text)};
    coff.sections[1] = {".data", activators::coff::data, data_at, std::move(data)};
    if (bss != 0) coff.sections[2] = {".bss", activators::coff::bss, bss_at, {}, bss};
    if (!comment.empty()) coff.sections[own] = comment_section(comment);
    return coff;
  }

  /// Strings with a NUL behind each.
  void add_comment(std::string_view text) { sections.push_back(comment_section(text)); }
  static built_section comment_section(std::string_view text) {
    return {".comment", activators::coff::information, 0, bytes(text.begin(), text.end())};
  }

  void add_library(std::string_view path) {
    bytes entry_bytes;
    const usize words = 2 + (path.size() + 4) / 4;
    store(entry_bytes, 0, words, 4);
    store(entry_bytes, 4, 2, 4);
    store_text(entry_bytes, 8, path);
    entry_bytes.resize(words * 4);
    for (built_section& section : sections) {
      if (section.flags != activators::coff::library) continue;
      section.contents.insert(section.contents.end(), entry_bytes.begin(), entry_bytes.end());
      return;
    }
    sections.push_back({".lib", activators::coff::library, 0, entry_bytes});
  }

  bytes build() const {
    using namespace activators;
    bytes file(headers_size());
    store(file, coff::file_header::magic, machine, 2);
    store(file, coff::file_header::section_count, sections.size(), 2);
    store(file, coff::file_header::optional_size, optional_size, 2);
    store(file, coff::file_header::flags, flags, 2);
    const usize optional_at = coff::file_header_size;
    if (optional_size >= coff::optional_header_size) {
      store(file, optional_at + coff::optional_header::magic, optional_magic, 2);
      store(file, optional_at + coff::optional_header::entry, entry, 4);
    }
    usize header_at = optional_at + optional_size;
    for (const built_section& section : sections) {
      const usize offset = section.contents.empty() ? 0 : section.offset != 0 ? section.offset : file.size();
      store_text(file, header_at + coff::section_header::name, section.name);
      store(file, header_at + 8, section.address, 4);
      store(file, header_at + coff::section_header::virtual_address, section.address, 4);
      store(file, header_at + coff::section_header::size,
            section.memory_size != 0 ? section.memory_size : section.contents.size(), 4);
      store(file, header_at + coff::section_header::file_offset, offset, 4);
      store(file, header_at + coff::section_header::flags, section.flags, 4);
      if (file.size() < offset + section.contents.size()) file.resize(offset + section.contents.size());
      for (usize i = 0; i < section.contents.size(); ++i) file[offset + i] = section.contents[i];
      header_at += coff::section_header_size;
    }
    return file;
  }
};

} // namespace polyabi::test
