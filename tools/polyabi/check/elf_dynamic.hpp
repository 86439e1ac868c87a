// Fills an image from its dynamic section and its tables.
#pragma once

#include "elf_image.hpp"

#include <functional>

namespace polyabi::check {

struct dynamic_reader {
  elf_image& image;

  void read(u64 address, u64 size);
  void read_relocations(std::span<const u8> table, bool with_addend);
  void read_static_symbols(std::span<const u8> table, const std::function<std::string_view(u64)>& text);

private:
  void read_symbols(u64 table, u64 strings, u64 count);
  void read_versions(u64 table, u64 needed, u64 needed_count, u64 defined, u64 defined_count, u64 strings);
  void read_packed_relocations(std::span<const u8> table);
  u64 symbol_count(u64 hash, u64 gnu_hash) const;
};

} // namespace polyabi::check
