// The dynamic section: System V gABI chapter 5; GNU's additions (DT_GNU_HASH, symbol versions) as the Linux Standard Base has
// them; DT_RELR as the gABI's proposal has it.
#include "elf_dynamic.hpp"

#include <polyabi/activators/elf_symbols.hpp>

#include <algorithm>
#include <elf.h>
#include <map>

namespace polyabi::check {

using activators::elf::load;

namespace {

#ifndef DT_RELR
constexpr u64 DT_RELR = 36, DT_RELRSZ = 35;
#endif

/// The fields of a symbol: their order differs between the classes.
struct raw_symbol {
  u32 name;
  u8 information, other;
  u16 section;
  u64 value, size;
};

constexpr usize symbol_size(usize word) {
  return word == 8 ? 24 : 16;
}

raw_symbol read_symbol(const u8* at, usize word) {
  if (word == 8)
    return {static_cast<u32>(load(at, 4)), at[4], at[5], static_cast<u16>(load(at + 6, 2)), load(at + 8, 8), load(at + 16, 8)};
  return {static_cast<u32>(load(at, 4)), at[12], at[13], static_cast<u16>(load(at + 14, 2)), load(at + 4, 4), load(at + 8, 4)};
}

symbol_kind kind_of(const raw_symbol& raw) {
  switch (raw.information & 0xf) {
  case STT_FUNC: return symbol_kind::function;
  case STT_OBJECT: return symbol_kind::object;
  case STT_GNU_IFUNC: return symbol_kind::indirect_function;
  default: return symbol_kind::other;
  }
}

} // namespace

u64 dynamic_reader::symbol_count(u64 hash, u64 gnu_hash) const {
  const auto words_from = [this](u64 table) { return [this, table](u64 offset) { return image.half_word_at(table + offset); }; };
  if (hash != 0) return activators::elf::symbol_count_by_hash(words_from(hash));
  return gnu_hash == 0 ? 0 : activators::elf::symbol_count_by_gnu_hash(words_from(gnu_hash), image.word_size());
}

void dynamic_reader::read_symbols(u64 table, u64 strings, u64 count) {
  const usize size = symbol_size(image.word_size());
  const auto bytes = image.bytes_at(table);
  count = std::min<u64>(count, bytes.size() / size);
  for (u64 i = 0; i < count; ++i) {
    const raw_symbol raw = read_symbol(bytes.data() + i * size, image.word_size());
    symbol one;
    one.name = image.text_at(strings + raw.name);
    one.address = raw.value;
    one.size = raw.size;
    one.kind = kind_of(raw);
    one.defined = raw.section != SHN_UNDEF && (raw.information & 0xf) != STT_TLS;
    one.weak = raw.information >> 4 == STB_WEAK;
    image.symbols.push_back(one);
  }
}

void dynamic_reader::read_versions(u64 table, u64 needed, u64 needed_count, u64 defined, u64 defined_count, u64 strings) {
  if (table == 0) return;
  std::map<u16, std::string_view> names;
  const auto half = [&](u64 at) { return static_cast<u16>(image.half_word_at(at).value_or(0) & 0xffff); };
  const auto word = [&](u64 at) { return image.half_word_at(at).value_or(0); };
  for (u64 i = 0, at = defined; defined != 0 && i < std::min<u64>(defined_count, 4096); ++i) { // Verdef
    names[half(at + 4) & 0x7fff] = image.text_at(strings + word(at + word(at + 12)));
    if (word(at + 16) == 0) break;
    at += word(at + 16);
  }
  for (u64 i = 0, at = needed; needed != 0 && i < std::min<u64>(needed_count, 4096); ++i) { // Verneed and its Vernauxes
    u64 one = at + word(at + 8);
    for (u32 j = 0; j < half(at + 2); ++j) {
      names[half(one + 6) & 0x7fff] = image.text_at(strings + word(one + 8));
      if (word(one + 12) == 0) break;
      one += word(one + 12);
    }
    if (word(at + 12) == 0) break;
    at += word(at + 12);
  }
  const auto bytes = image.bytes_at(table);
  for (usize i = 0; i < image.symbols.size() && 2 * i + 2 <= bytes.size(); ++i) {
    const auto index = static_cast<u16>(load(bytes.data() + 2 * i, 2));
    image.symbols[i].is_default = (index & 0x8000) == 0;
    if ((index & 0x7fff) > 1)
      if (const auto found = names.find(index & 0x7fff); found != names.end()) image.symbols[i].version = found->second;
  }
}

void dynamic_reader::read_static_symbols(std::span<const u8> table, const std::function<std::string_view(u64)>& text) {
  const usize size = symbol_size(image.word_size());
  for (usize at = 0; at + size <= table.size(); at += size) {
    const raw_symbol raw = read_symbol(table.data() + at, image.word_size());
    if (raw.section == SHN_UNDEF || (raw.information & 0xf) == STT_TLS) continue;
    const std::string_view name = text(raw.name);
    if (!name.empty()) image.static_symbols.push_back({name, raw.value, raw.size, kind_of(raw)});
  }
}

void dynamic_reader::read_relocations(std::span<const u8> table, bool with_addend) {
  const usize word = image.word_size(), size = word * (with_addend ? 3 : 2);
  const bool wide = word == 8;
  for (usize at = 0; at + size <= table.size(); at += size) {
    relocation one;
    one.place = load(table.data() + at, word);
    const u64 information = load(table.data() + at + word, word);
    const u64 type = wide ? information & 0xffffffff : information & 0xff;
    one.symbol = static_cast<u32>(wide ? information >> 32 : information >> 8);
    const u64 addend = with_addend ? load(table.data() + at + 2 * word, word) : image.word_at(one.place).value_or(0);
    one.target = addend;
    if (type == (wide ? u64{R_X86_64_RELATIVE} : u64{R_386_RELATIVE})) {
      one.kind = relocation::what::address;
    } else if (type == (wide ? u64{R_X86_64_IRELATIVE} : u64{R_386_IRELATIVE})) {
      one.kind = relocation::what::call;
    } else if (type == (wide ? u64{R_X86_64_64} : u64{R_386_32}) ||
               type == (wide ? u64{R_X86_64_GLOB_DAT} : u64{R_386_GLOB_DAT}) ||
               type == (wide ? u64{R_X86_64_JUMP_SLOT} : u64{R_386_JMP_SLOT})) {
      if (one.symbol >= image.symbols.size()) continue;
      one.kind = relocation::what::symbol;
    } else {
      continue;
    }
    image.relocations.push_back(one);
  }
}

/// DT_RELR: an even word is the address of a word to relocate; an odd one a bitmap of the words that follow the last one.
void dynamic_reader::read_packed_relocations(std::span<const u8> table) {
  const usize word = image.word_size();
  u64 next = 0;
  const auto add = [&](u64 place) {
    image.relocations.push_back({place, relocation::what::address, image.word_at(place).value_or(0), 0});
  };
  for (usize at = 0; at + word <= table.size(); at += word) {
    const u64 entry = load(table.data() + at, word);
    if ((entry & 1) == 0) {
      add(entry);
      next = entry + word;
      continue;
    }
    for (usize bit = 1; bit < word * 8; ++bit)
      if ((entry >> bit & 1) != 0) add(next + (bit - 1) * word);
    next += (word * 8 - 1) * word;
  }
}

void dynamic_reader::read(u64 address, u64 size) {
  const usize word = image.word_size();
  std::map<u64, u64> tags;
  std::vector<u64> needed;
  for (u64 at = address; at + 2 * word <= address + size; at += 2 * word) {
    const auto tag = image.word_at(at), value = image.word_at(at + word);
    if (!tag || !value || *tag == DT_NULL) break;
    if (*tag == DT_NEEDED)
      needed.push_back(*value);
    else
      tags.emplace(*tag, *value);
  }
  const auto tag = [&](u64 name) {
    const auto found = tags.find(name);
    return found == tags.end() ? u64{0} : found->second;
  };
  const auto table = [&](u64 at, u64 bytes) {
    const auto all = image.bytes_at(at);
    return all.first(std::min<u64>(all.size(), bytes));
  };
  const u64 strings = tag(DT_STRTAB);
  for (const u64 name : needed) image.needed.push_back(image.text_at(strings + name));
  if (tags.contains(DT_SONAME)) image.soname = image.text_at(strings + tag(DT_SONAME));
  if (tags.contains(DT_RPATH)) image.rpath = image.text_at(strings + tag(DT_RPATH));
  if (tags.contains(DT_RUNPATH)) image.runpath = image.text_at(strings + tag(DT_RUNPATH));
  image.global_offset_table = tag(DT_PLTGOT);
  read_symbols(tag(DT_SYMTAB), strings, symbol_count(tag(DT_HASH), tag(DT_GNU_HASH)));
  read_versions(tag(DT_VERSYM), tag(DT_VERNEED), tag(DT_VERNEEDNUM), tag(DT_VERDEF), tag(DT_VERDEFNUM), strings);
  read_relocations(table(tag(DT_RELA), tag(DT_RELASZ)), true);
  read_relocations(table(tag(DT_REL), tag(DT_RELSZ)), false);
  read_relocations(table(tag(DT_JMPREL), tag(DT_PLTRELSZ)), tag(DT_PLTREL) == DT_RELA);
  read_packed_relocations(table(tag(DT_RELR), tag(DT_RELRSZ)));
  for (const u64 name : {DT_INIT, DT_FINI})
    if (image.is_code(tag(name))) image.initialisers.push_back(tag(name));
  for (const auto& [array, bytes] : {std::pair{DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ}, std::pair{DT_INIT_ARRAY, DT_INIT_ARRAYSZ},
                                     std::pair{DT_FINI_ARRAY, DT_FINI_ARRAYSZ}})
    if (tags.contains(array)) image.function_arrays.push_back({tag(array), {}, tag(bytes), false, false});
}

} // namespace polyabi::check
