// Which kind of file exec was given, by its first bytes alone.
#pragma once

#include <polyabi/activators/elf_format.hpp>
#include <polyabi/activators/script.hpp>

namespace polyabi::activators {

enum class file_format : u8 { unknown, elf, script, coff, a_out, x_out };

constexpr std::string_view format_name(file_format format) {
  switch (format) {
  case file_format::unknown: return "unknown"sv;
  case file_format::elf: return "ELF"sv;
  case file_format::script: return "script"sv;
  case file_format::coff: return "COFF"sv;
  case file_format::a_out: return "a.out"sv;
  case file_format::x_out: return "x.out"sv;
  }
  return {};
}

/// Recognises a format from the beginning of a file (16 bytes are enough). Only ELF and scripts have an activator.
/// Magic numbers: COFF i386 0514 (SVR3, iBCS2), Xenix x.out 0x0206, a.out OMAGIC, NMAGIC, ZMAGIC and QMAGIC with machine id 0
/// or 100 (386), as 386BSD and Linux wrote them.
constexpr file_format recognise_format(std::string_view beginning) {
  if (is_script(beginning)) return file_format::script;
  if (beginning.size() < 4) return file_format::unknown;
  const auto byte = [&](usize index) { return static_cast<u8>(beginning[index]); };
  bool is_elf = true;
  for (usize i = 0; i < sizeof elf::magic; ++i) is_elf = is_elf && byte(i) == elf::magic[i];
  if (is_elf) return file_format::elf;
  const unsigned magic = byte(0) | unsigned{byte(1)} << 8;
  if (magic == 0x014c) return file_format::coff;
  if (magic == 0x0206) return file_format::x_out;
  const bool a_out_magic = magic == 0407 || magic == 0410 || magic == 0413 || magic == 0314;
  const bool for_386 = byte(2) == 0 || byte(2) == 100;
  return a_out_magic && for_386 && byte(3) == 0 ? file_format::a_out : file_format::unknown;
}

} // namespace polyabi::activators
