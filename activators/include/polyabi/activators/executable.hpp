// Reads an executable of any format that has an activator.
#pragma once

#include <polyabi/activators/coff.hpp>
#include <polyabi/activators/elf.hpp>
#include <polyabi/activators/format.hpp>

namespace polyabi::activators {

/// By the file's first bytes. `errc::noexec` if its format has no activator.
template <byte_reader Reader>
verdict parse_executable(Reader& reader, image_plan& plan) {
  char beginning[16]{};
  usize size = sizeof beginning;
  while (size != 0 && !reader.read(0, beginning, size)) --size;
  switch (const file_format format = recognise_format({beginning, size})) {
  case file_format::elf: return parse_elf(reader, plan);
  case file_format::coff: return parse_coff(reader, plan);
  case file_format::script:
  case file_format::colon_script: return {errc::noexec, "a script: its interpreter is what can be loaded"sv};
  default: return {errc::noexec, why_not_activated(format)};
  }
}

} // namespace polyabi::activators
