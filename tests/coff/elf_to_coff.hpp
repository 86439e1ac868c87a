// Turns a static i386 ELF program into the COFF file that a linker of System V Release 3 would have made of it: the same bytes
// at the same addresses, under other headers.
#pragma once

#include "../activators/coff_builder.hpp"

#include <polyabi/activators/elf.hpp>

#include <memory>
#include <stdexcept>

namespace polyabi::test {

/// Sections .text, .data and .bss. The file's offsets are the addresses' within a page, unless `kind` is of the older, packed
/// ones.
inline coff_builder coff_of_elf(const bytes& elf, u16 kind = activators::coff::paged) {
  using namespace activators;
  const auto plan = std::make_unique<image_plan>();
  memory_reader reader{elf};
  if (!parse_elf(reader, *plan) || plan->segments().size() != 2)
    throw std::runtime_error{"not the ELF program that was expected"};
  const segment& text = plan->segments()[0];
  const segment& data = plan->segments()[1];
  const auto contents = [&](const segment& part) {
    const auto begin = elf.begin() + static_cast<std::ptrdiff_t>(part.offset);
    return bytes(begin, begin + static_cast<std::ptrdiff_t>(part.file_size));
  };
  coff_builder made;
  made.optional_magic = kind;
  made.entry = plan->entry;
  const bool paged = kind == coff::paged || kind == coff::shared_library;
  const u64 text_at = paged ? text.address % page_size : 0; // the headers are in the page of the text
  const u64 data_at = paged ? detail::page_ceiling(text_at + text.file_size) + data.address % page_size : 0;
  made.sections.push_back({".text", coff::text, text.address, contents(text), 0, text_at});
  made.sections.push_back({".data", coff::data, data.address, contents(data), 0, data_at});
  if (data.memory_size > data.file_size)
    made.sections.push_back({".bss", coff::bss, data.address + data.file_size, {}, data.memory_size - data.file_size});
  return made;
}

} // namespace polyabi::test
