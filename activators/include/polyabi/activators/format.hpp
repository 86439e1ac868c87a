// Which kind of file exec was given, by its first bytes alone.
#pragma once

#include <polyabi/activators/coff_format.hpp>
#include <polyabi/activators/elf_format.hpp>
#include <polyabi/activators/script.hpp>

namespace polyabi::activators {

constexpr std::string_view format_name(file_format format) {
  switch (format) {
  case file_format::unknown: return "unknown"sv;
  case file_format::elf: return "ELF"sv;
  case file_format::script: return "script"sv;
  case file_format::colon_script: return "shell script"sv;
  case file_format::coff: return "COFF"sv;
  case file_format::a_out: return "a.out"sv;
  case file_format::x_out: return "x.out"sv;
  case file_format::l_out: return "l.out"sv;
  }
  return {};
}

/// Why a format has no activator, for people; empty if it has one.
constexpr std::string_view why_not_activated(file_format format) {
  switch (format) {
  case file_format::elf:
  case file_format::script:
  case file_format::colon_script:
  case file_format::coff: return {};
  case file_format::a_out: return "an a.out program of 386BSD or old Linux: no activator"sv;
  case file_format::x_out: return "an x.out program of Xenix, in segments of its own: no activator"sv;
  case file_format::l_out: return "an l.out program of Coherent for the 8086 or 286: 16-bit code is not run"sv;
  case file_format::unknown: return "not an executable format"sv;
  }
  return {};
}

/// Recognises a format from the beginning of a file (16 bytes are enough).
/// Magic numbers: COFF i386 0514 (SVR3, iBCS2), Xenix x.out 0x0206, a.out OMAGIC, NMAGIC, ZMAGIC and QMAGIC with machine id 0
/// or 100 (386), as 386BSD and Linux wrote them; Coherent's l.out has OMAGIC's number and its machine (6 is the 8086) at
/// byte 4.
constexpr file_format recognise_format(std::string_view beginning) {
  if (is_script(beginning)) return file_format::script;
  if (is_colon_script(beginning)) return file_format::colon_script;
  if (beginning.size() < 4) return file_format::unknown;
  const auto byte = [&](usize index) { return static_cast<u8>(beginning[index]); };
  bool is_elf = true;
  for (usize i = 0; i < sizeof elf::magic; ++i) is_elf = is_elf && byte(i) == elf::magic[i];
  if (is_elf) return file_format::elf;
  const unsigned magic = byte(0) | unsigned{byte(1)} << 8;
  if (magic == coff::magic_386) return file_format::coff;
  if (magic == 0x0206) return file_format::x_out;
  if (magic == 0407 && beginning.size() >= 6 && byte(4) == 6 && byte(5) == 0) return file_format::l_out;
  const bool a_out_magic = magic == 0407 || magic == 0410 || magic == 0413 || magic == 0314;
  const bool for_386 = byte(2) == 0 || byte(2) == 100;
  return a_out_magic && for_386 && byte(3) == 0 ? file_format::a_out : file_format::unknown;
}

} // namespace polyabi::activators
