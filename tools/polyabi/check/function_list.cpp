#include "function_list.hpp"

#include "instruction.hpp"

#include <algorithm>
#include <cstring>

namespace polyabi::check {

using activators::elf::load;

namespace {

/// A position in bytes that answers zeros beyond their end.
struct cursor {
  std::span<const u8> bytes;
  u64 address = 0; ///< of bytes.front()
  usize at = 0;
  bool good = true;

  u64 take(usize width) {
    if (at > bytes.size() || bytes.size() - at < width) {
      good = false;
      return 0;
    }
    at += width;
    return load(bytes.data() + at - width, width);
  }
  u64 take_leb() {
    u64 value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const u64 byte = take(1);
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) break;
    }
    return value;
  }
  /// A pointer in one of DWARF's encodings (LSB Core 10.5.1); `base` is what the data-relative ones are relative to.
  u64 take_encoded(u8 encoding, u64 base, usize word) {
    if (encoding == 0xff) return 0;
    const u64 here = address + at;
    u64 value = 0;
    switch (encoding & 0x0f) {
    case 0x00: value = take(word); break;
    case 0x02: value = take(2); break;
    case 0x03: value = take(4); break;
    case 0x0a: value = static_cast<u64>(static_cast<i64>(static_cast<i16>(take(2)))); break;
    case 0x0b: value = static_cast<u64>(static_cast<i64>(static_cast<i32>(take(4)))); break;
    case 0x04:
    case 0x0c: value = take(8); break;
    default: good = false; return 0;
    }
    if ((encoding & 0x70) == 0x10) value += here;
    if ((encoding & 0x70) == 0x30) value += base;
    return word == 4 ? static_cast<u32>(value) : value;
  }
};

/// What a common information entry says of its frame descriptions.
struct frame_kind {
  u8 encoding = 0;        ///< of addresses: the letter R of the augmentation
  bool is_signal = false; ///< S: return from a signal handler; the description begins a byte before the function
};

frame_kind kind_of_frames(const elf_image& image, u64 entry) {
  cursor c{image.bytes_at(entry), entry};
  c.take(8); // length, id
  const u64 version = c.take(1);
  std::string augmentation;
  for (u64 letter; (letter = c.take(1)) != 0 && augmentation.size() < 16;) augmentation += static_cast<char>(letter);
  frame_kind kind;
  if (augmentation.empty() || augmentation.front() != 'z') return kind;
  c.take_leb();
  c.take_leb();
  version == 1 ? c.take(1) : c.take_leb(); // return address register
  c.take_leb();
  for (const char letter : augmentation.substr(1)) {
    if (letter == 'R') kind.encoding = static_cast<u8>(c.take(1));
    if (letter == 'S') kind.is_signal = true;
    if (letter == 'L') c.take(1);
    if (letter == 'P') {
      const u8 encoding = static_cast<u8>(c.take(1));
      c.take_encoded(encoding, 0, image.word_size());
    }
  }
  return kind;
}

} // namespace

std::vector<function_range> unwind_ranges(const elf_image& image) {
  std::vector<function_range> all;
  const memory_range& header = image.unwind_header;
  const usize word = image.word_size();
  cursor c{header.bytes, header.address};
  if (c.take(1) != 1) return all;
  const u8 frame_encoding = static_cast<u8>(c.take(1)), count_encoding = static_cast<u8>(c.take(1)),
           table_encoding = static_cast<u8>(c.take(1));
  c.take_encoded(frame_encoding, header.address, word);
  const u64 count = std::min<u64>(c.take_encoded(count_encoding, header.address, word), header.bytes.size());
  u64 known_entry = 0;
  frame_kind kind;
  for (u64 i = 0; i < count && c.good; ++i) {
    const u64 start = c.take_encoded(table_encoding, header.address, word);
    const u64 description = c.take_encoded(table_encoding, header.address, word);
    cursor d{image.bytes_at(description), description};
    d.take(4);
    const u64 entry = description + 4 - d.take(4); // the common information entry, relative to this field
    if (entry != known_entry) {
      kind = kind_of_frames(image, entry);
      known_entry = entry;
    }
    d.take_encoded(kind.encoding, 0, word);
    const u64 size = d.take_encoded(kind.encoding & 0x0f, 0, word);
    if (c.good && d.good && image.is_code(start) && size != 0)
      all.push_back({start + (kind.is_signal ? 1 : 0), start + size, {}, true});
  }
  return all;
}

std::vector<function_range> go_ranges(const elf_image& image) {
  std::vector<function_range> all;
  const auto bytes = image.go_functions.bytes;
  cursor c{bytes, image.go_functions.address};
  const u64 magic = c.take(4);
  c.take(3);
  const usize pointer = c.take(1);
  const bool since_1_18 = magic == 0xfffffff0 || magic == 0xfffffff1, since_1_16 = magic == 0xfffffffa;
  if ((pointer != 4 && pointer != 8) || (!since_1_18 && !since_1_16 && magic != 0xfffffffb)) return all;
  const u64 count = std::min<u64>(c.take(pointer), bytes.size() / 8);
  u64 text = 0, names = 0, table = c.at;
  if (since_1_18 || since_1_16) {
    c.take(pointer); // number of files
    if (since_1_18) text = c.take(pointer);
    names = c.take(pointer);
    c.at += 3 * pointer; // compilation units, files, line numbers
    table = c.take(pointer);
  }
  const usize field = since_1_18 ? 4 : pointer;
  const auto text_at = [&](u64 offset) -> std::string_view {
    if (offset >= bytes.size()) return {};
    const auto* begin = reinterpret_cast<const char*>(bytes.data() + offset);
    return {begin, strnlen(begin, bytes.size() - offset)};
  };
  c.at = table;
  u64 start = c.take(field);
  for (u64 i = 0; i < count && c.good; ++i) {
    const u64 description = c.take(field), next = c.take(field);
    if (!c.good) break;
    cursor d{bytes, 0, (since_1_18 || since_1_16 ? table : 0) + description};
    d.take(field); // entry
    const u64 name = d.take(4);
    if (next > start && image.is_code(text + start)) all.push_back({text + start, text + next, text_at(names + name), true});
    start = next;
  }
  return all;
}

namespace {

/// Reads all executable memory of an image without tables.
struct start_search {
  const elf_image& image;
  std::vector<u64> starts;
  std::vector<u64> jump_tables;

  bool fixed() const { return !image.plan.position_independent; }
  void add(u64 address) {
    if (image.is_code(address)) starts.push_back(address);
  }

  void look_at(const instruction& i, ZydisMnemonic mnemonic) {
    if (i.kind == instruction_kind::call && i.has_target) add(i.target);
    if (i.kind == instruction_kind::jump && i.has_memory && i.memory_is_relative && fixed()) jump_tables.push_back(i.memory);
    if (i.has_memory && mnemonic == ZYDIS_MNEMONIC_LEA) {
      if (!i.memory_is_relative)
        add(i.memory);
      else if (image.global_offset_table != 0 && image.arch() == architecture::i386)
        add((image.global_offset_table + i.memory) & 0xffffffff);
    }
    if (i.has_immediate && fixed() && i.kind == instruction_kind::other) add(i.immediate);
  }

  /// Each described function from its own beginning; what lies between them one after the other.
  void read_code(const std::vector<function_range>& described) {
    decoder decode{image};
    for (const memory_range& range : image.ranges) {
      if (!range.executable) continue;
      const u64 end = range.address + range.bytes.size();
      auto next =
          std::lower_bound(described.begin(), described.end(), range.address, [](const auto& f, u64 a) { return f.start < a; });
      for (u64 at = range.address; at < end;) {
        while (next != described.end() && next->start <= at) ++next;
        const u64 stop = next == described.end() ? end : std::min(end, next->start);
        for (instruction i; at < stop && decode(at, i); at = i.end()) look_at(i, decode.raw().mnemonic);
        at = at < stop ? at + 1 : stop;
      }
    }
  }

  void read_data() {
    for (const relocation& r : image.relocations)
      if (r.kind != relocation::what::symbol) add(r.target);
    if (!fixed()) return;
    const usize word = image.word_size();
    std::sort(jump_tables.begin(), jump_tables.end());
    for (const memory_range& range : image.ranges) {
      if (range.executable) continue;
      bool in_table = false;
      for (u64 at = (range.address + word - 1) & ~u64{word - 1}; at + word <= range.address + range.bytes.size(); at += word) {
        const u64 value = image.word_at(at).value_or(0);
        in_table = image.is_code(value) && (in_table || std::binary_search(jump_tables.begin(), jump_tables.end(), at));
        if (!in_table) add(value);
      }
    }
  }
};

} // namespace

std::vector<u64> likely_starts(const elf_image& image, const std::vector<function_range>& described) {
  start_search search{image, {}, {}};
  search.read_code(described);
  search.read_data();
  std::sort(search.starts.begin(), search.starts.end());
  search.starts.erase(std::unique(search.starts.begin(), search.starts.end()), search.starts.end());
  return search.starts;
}

namespace {

/// A description may end before its function does (clone's, where the child has no frame): what is not described behind it
/// belongs to it if the code goes on there.
void join_open_ends(const elf_image& image, std::vector<function_range>& all) {
  decoder decode{image};
  std::vector<function_range> joined;
  for (const function_range& f : all) {
    if (!joined.empty() && !f.is_described && joined.back().is_described && joined.back().end == f.start) {
      instruction i;
      for (u64 at = joined.back().start; at < f.start && decode(at, i);) at = i.end();
      if (i.end() == f.start && (i.kind == instruction_kind::other || i.kind == instruction_kind::conditional ||
                                 i.kind == instruction_kind::kernel_entry)) {
        u64 at = f.start;
        while (at < f.end && decode(at, i)) {
          at = i.end();
          if (i.kind == instruction_kind::back || i.kind == instruction_kind::jump || i.kind == instruction_kind::trap) break;
        }
        joined.back().end = std::min(at, f.end);
        if (joined.back().end == f.end) continue;
        function_range rest = f;
        rest.start = joined.back().end;
        joined.push_back(rest);
        continue;
      }
    }
    joined.push_back(f);
  }
  all = std::move(joined);
}

} // namespace

std::vector<function_range> divide_into_functions(const elf_image& image, const std::vector<u64>& starts) {
  std::vector<function_range> described = image.is_go() ? go_ranges(image) : unwind_ranges(image);
  if (image.is_go()) { // with C code in it
    const auto of_c = unwind_ranges(image);
    described.insert(described.end(), of_c.begin(), of_c.end());
  }
  std::vector<function_range> hints; // starts that no table describes
  for (const symbol& s : image.symbols)
    if (s.defined && s.kind != symbol_kind::object && image.is_code(s.address))
      hints.push_back({s.address, s.address + s.size, s.name});
  for (const static_symbol& s : image.static_symbols)
    if ((s.kind == symbol_kind::function || s.kind == symbol_kind::indirect_function) && image.is_code(s.address))
      hints.push_back({s.address, s.address + s.size, s.name}); // others may be labels
  for (const u64 address : starts) hints.push_back({address, address, {}});
  if (image.is_code(image.plan.entry)) hints.push_back({image.plan.entry, image.plan.entry, {}});
  for (const u64 address : image.initialisers) hints.push_back({address, address, {}});

  const auto by_start = [](const function_range& a, const function_range& b) {
    return a.start != b.start ? a.start < b.start : a.end > b.end;
  };
  std::stable_sort(described.begin(), described.end(), by_start);
  std::stable_sort(hints.begin(), hints.end(), by_start);

  // Walk the executable ranges: described functions as they are, the gaps between them divided at the hints.
  std::vector<function_range> all;
  auto next = described.begin();
  auto hint = hints.begin();
  for (const memory_range& range : image.ranges) {
    if (!range.executable || range.bytes.empty()) continue;
    const u64 end = range.address + range.bytes.size();
    u64 at = range.address;
    while (at < end) {
      while (next != described.end() && next->start < at) ++next;
      const u64 stop = next == described.end() ? end : std::min(end, next->start);
      while (hint != hints.end() && hint->start < at) ++hint;
      if (at < stop) { // a gap
        u64 from = at;
        for (; hint != hints.end() && hint->start < stop; ++hint) {
          if (hint->start > from) all.push_back({from, hint->start, {}});
          from = hint->start;
        }
        if (from < stop) all.push_back({from, stop, {}});
        at = stop;
        continue;
      }
      function_range whole = *next;
      whole.end = std::min(whole.end, end);
      auto after = next + 1;
      while (after != described.end() && after->start == whole.start) ++after;
      if (after != described.end()) whole.end = std::min(whole.end, after->start);
      all.push_back(whole);
      at = whole.end;
    }
  }
  join_open_ends(image, all);
  // Names, where a symbol begins a function.
  for (const function_range& h : hints) {
    if (h.name.empty()) continue;
    const auto f = std::lower_bound(all.begin(), all.end(), h.start, [](const auto& r, u64 a) { return r.start < a; });
    if (f != all.end() && f->start == h.start && (f->name.empty() || h.name.size() < f->name.size())) f->name = h.name;
  }
  return all;
}

} // namespace polyabi::check
