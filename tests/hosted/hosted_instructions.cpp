// The lengths of instructions, against Zydis': of all that this process has mapped to execute, libc first, of a 32-bit program
// with its C library inside, and of random bytes.
#include "../reference/catch.hpp"

#include <gaps.hpp>
#include <instructions.hpp>

#include <Zydis/Zydis.h>

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace polyabi;
using namespace polyabi::hosted;

namespace {

/// The texts of the libraries and the program.
std::vector<std::span<const u8>> texts() {
  std::vector<std::span<const u8>> found;
  std::ifstream maps{"/proc/self/maps"};
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields{line};
    u64 start = 0, end = 0;
    char dash = 0;
    std::string protection, rest;
    fields >> std::hex >> start >> dash >> end >> protection;
    std::getline(fields, rest);
    if (protection == "r-xp" && rest.find('/') != std::string::npos)
      found.push_back({reinterpret_cast<const u8*>(start), end - start});
  }
  return found;
}

/// The executable segments of a 32-bit program; none if the compiler makes no such programs.
std::vector<std::vector<u8>> texts_of_32_bits() {
#ifndef COMPAT_PROGRAM_PATH
  WARN("no 32-bit programs can be made here");
  return {};
#else
  std::ifstream file{COMPAT_PROGRAM_PATH, std::ios::binary};
  const std::vector<u8> image{std::istreambuf_iterator<char>{file}, {}};
  std::vector<std::vector<u8>> found;
  Elf32_Ehdr header{};
  REQUIRE(image.size() > sizeof header);
  std::memcpy(&header, image.data(), sizeof header);
  for (u32 i = 0; i < header.e_phnum; ++i) {
    Elf32_Phdr segment{};
    std::memcpy(&segment, image.data() + header.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0)
      found.emplace_back(image.begin() + segment.p_offset, image.begin() + segment.p_offset + segment.p_filesz);
  }
  return found;
#endif
}

class reference_decoder {
public:
  explicit reference_decoder(code_kind of) {
    if (of == code_kind::bits64)
      ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    else
      ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32);
  }
  /// 0: no instruction.
  u32 length(std::span<const u8> code) {
    ZydisDecodedInstruction decoded;
    if (ZYAN_FAILED(ZydisDecoderDecodeInstruction(&decoder_, nullptr, code.data(), code.size(), &decoded))) return 0;
    relative = (decoded.attributes & ZYDIS_ATTRIB_IS_RELATIVE) != 0;
    is_branch = decoded.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE;
    does_nothing = decoded.mnemonic == ZYDIS_MNEMONIC_NOP || decoded.mnemonic == ZYDIS_MNEMONIC_INT3;
    ends = decoded.mnemonic == ZYDIS_MNEMONIC_RET || decoded.mnemonic == ZYDIS_MNEMONIC_JMP;
    leads_by = is_branch && relative ? decoded.raw.imm[0].value.s : 0;
    // 32-bit programs call the kernel's library by a pointer of their thread.
    constexpr u8 call_through_gs[] = {0x65, 0xff, 0x15, 0x10, 0, 0, 0};
    is_call =
        decoded.mnemonic == ZYDIS_MNEMONIC_SYSCALL ||
        (decoded.mnemonic == ZYDIS_MNEMONIC_INT && decoded.machine_mode == ZYDIS_MACHINE_MODE_LEGACY_32 && code[1] == 0x80) ||
        (decoded.length == sizeof call_through_gs &&
         std::equal(std::begin(call_through_gs), std::end(call_through_gs), code.begin()));
    return decoded.length;
  }
  bool relative = false, is_branch = false, is_call = false, does_nothing = false;
  bool ends = false; ///< the next instruction is not run after it
  i64 leads_by = 0;  ///< a branch: where to, from its end

private:
  ZydisDecoder decoder_;
};

void compare_lengths(code_kind of, std::span<const std::span<const u8>> texts) {
  reference_decoder reference{of};
  usize known = 0, all = 0, wrong = 0, wrongly_movable = 0;
  for (const auto text : texts) {
    for (usize at = 0; at < text.size();) {
      const auto code = text.subspan(at, std::min<usize>(15, text.size() - at));
      const u32 length = reference.length(code);
      const instruction ours = decode_instruction(code, of);
      ++all;
      known += ours.length != 0;
      if (length != 0 && ours.length != 0 && ours.length != length) {
        ++wrong;
        UNSCOPED_INFO("at " << at << ": " << ours.length << " for " << length << ", opcode " << int{code[0]});
      }
      wrongly_movable += ours.movable && length != 0 && (reference.relative || reference.is_branch);
      at += length != 0 ? length : 1;
    }
  }
  CHECK(wrong == 0);
  CHECK(wrongly_movable == 0);
  CHECK(all > 100'000);
  CHECK(known > all / 100 * 98);
}

void compare_random(code_kind of) {
  reference_decoder reference{of};
  std::mt19937 random{1};
  std::vector<u8> code(32);
  for (int round = 0; round < 2'000'000; ++round) {
    for (u8& byte : code) byte = static_cast<u8>(random());
    const instruction ours = decode_instruction({code.data(), 15}, of);
    if (!ours.movable) continue;
    const u32 length = reference.length({code.data(), 15});
    if (length == 0) continue; // not one at all: it faults where it stands, and where it is moved to
    CAPTURE(round, ours.length, length, int{code[0]}, int{code[1]});
    REQUIRE(ours.length == length);
    REQUIRE_FALSE(reference.relative);
    REQUIRE_FALSE(reference.is_branch);
  }
}

void find_from_behind(code_kind of, std::span<const std::span<const u8>> texts) {
  constexpr usize window = code_window;
  reference_decoder reference{of};
  usize calls = 0, found = 0, wrong = 0;
  for (const auto text : texts) {
    u32 before = 0;
    for (usize at = 0; at < text.size();) {
      const u32 length = reference.length(text.subspan(at, std::min<usize>(15, text.size() - at)));
      if (length != 0 && reference.is_call && before != 0 && at >= window) {
        const instruction last = last_instruction(text.subspan(at - window, window), of);
        ++calls;
        found += last.length == before;
        wrong += last.length != 0 && last.length != before;
      }
      before = length;
      at += length != 0 ? length : 1;
    }
  }
  INFO(found << " of " << calls);
  CHECK(wrong == 0);
  CHECK(calls > 100);
  CHECK(found > calls * 9 / 10);
}

/// What Zydis finds in a text: where instructions begin, which of them do nothing, and where branches lead.
struct known_text {
  enum : u8 { begins = 1, does_nothing = 2, is_target = 4, follows_an_end = 8 };
  std::vector<u8> marks;
  explicit known_text(std::span<const u8> text) : marks(text.size() + 1) {
    reference_decoder reference{code_kind::bits64};
    bool ended = false;
    for (usize at = 0; at < text.size();) {
      const u32 length = reference.length(text.subspan(at, std::min<usize>(15, text.size() - at)));
      const u64 target = at + length + static_cast<u64>(reference.leads_by);
      if (length != 0 && reference.leads_by != 0 && target < text.size()) marks[target] |= is_target;
      if (length != 0) marks[at] |= static_cast<u8>(begins | (reference.does_nothing ? does_nothing : 0) | (ended ? follows_an_end : 0));
      ended = length != 0 && (reference.ends || (ended && reference.does_nothing));
      at += length != 0 ? length : 1;
    }
  }
};

/// A jump of five bytes may stand in every gap that is found in reach of anywhere.
void look_for_gaps(std::span<const u8> text) {
  constexpr usize size = 5, around = 256, alignment = 16;
  if (text.size() < 4 * around) return;
  const known_text known{text};
  usize asked = 0, found = 0;
  for (usize from = 2 * around; from + around < text.size(); from += 97) {
    const usize first = from / alignment * alignment - around;
    const usize gap = find_gap(text.subspan(first, 2 * around), from - first, size);
    ++asked;
    if (gap == 2 * around) continue;
    ++found;
    const usize begin = first + gap;
    CAPTURE(from, begin);
    const i64 distance = static_cast<i64>(begin) - static_cast<i64>(from) - short_jump_size;
    REQUIRE((distance >= -128 && distance <= 127));
    REQUIRE((known.marks[begin] & (known_text::begins | known_text::follows_an_end)) == (known_text::begins | known_text::follows_an_end));
    for (usize at = begin; at < begin + size; ++at) {
      REQUIRE((known.marks[at] & known_text::is_target) == 0);
      REQUIRE((known.marks[at] & (known_text::begins | known_text::does_nothing)) != known_text::begins);
    }
  }
  INFO(found << " of " << asked);
  CHECK(found > asked / 8);
}

} // namespace

TEST_CASE("a gap in code is nothing but filler, which nothing leads to") {
  for (const auto text : texts()) look_for_gaps(text);
}

TEST_CASE("gaps are found where a short jump reaches, behind what does not go on") {
  std::vector<u8> code(512, 0x50); // push %rax
  const auto put = [&](usize at, std::initializer_list<u8> bytes) { std::copy(bytes.begin(), bytes.end(), code.begin() + static_cast<std::ptrdiff_t>(at)); };
  const auto gap_from = [&](usize from) { return find_gap(code, from, 5); };
  CHECK(gap_from(256) == code.size());
  put(299, {0xc3, 0x0f, 0x1f, 0x00}); // four bytes, with the ret: too few
  CHECK(gap_from(256) == code.size());
  put(298, {0xc3, 0x0f, 0x1f, 0x44, 0x00, 0x00}); // up to 304
  CHECK(gap_from(256) == 299);
  CHECK(gap_from(299 - 129) == 299);
  CHECK(gap_from(299 - 130) == code.size());
  CHECK(gap_from(299 + 126) == 299);
  CHECK(gap_from(299 + 127) == code.size());
  put(298, {0x50}); // goes on into it
  CHECK(gap_from(256) == code.size());
  put(297, {0xeb, 0x10});
  CHECK(gap_from(256) == 299);
  put(294, {0xe9, 1, 2, 3, 4});
  CHECK(gap_from(256) == 299);
  put(297, {0xff, 0xe0}); // jmp *%rax
  put(294, {0x50, 0x50, 0x50});
  CHECK(gap_from(256) == 299);
  put(297, {0xff, 0xd0}); // call *%rax
  CHECK(gap_from(256) == code.size());
  put(297, {0x50, 0xc3, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc});
  CHECK(gap_from(256) == 299);
  put(303, {0x50}); // ends before something begins
  CHECK(gap_from(256) == code.size());
}

TEST_CASE("instructions are as long as Zydis says, or not known") {
  compare_lengths(code_kind::bits64, texts());
  const auto of_32_bits = texts_of_32_bits();
  if (!of_32_bits.empty())
    compare_lengths(code_kind::bits32, std::vector<std::span<const u8>>{of_32_bits.begin(), of_32_bits.end()});
}

TEST_CASE("nothing that is moved is taken for anything else") {
  compare_random(code_kind::bits64);
  compare_random(code_kind::bits32);
}

TEST_CASE("the instruction before a call is found from behind") {
  find_from_behind(code_kind::bits64, texts());
  const auto of_32_bits = texts_of_32_bits();
  if (!of_32_bits.empty())
    find_from_behind(code_kind::bits32, std::vector<std::span<const u8>>{of_32_bits.begin(), of_32_bits.end()});
}

TEST_CASE("incomplete code is no instruction") {
  constexpr u8 code[] = {0x48, 0xc7, 0xc0, 1, 0, 0, 0};
  for (usize size = 0; size < sizeof code; ++size) CHECK(decode_instruction({code, size}).length == 0);
  CHECK(decode_instruction(code).length == 7);
  CHECK(decode_instruction(code).movable);
  CHECK(last_instruction(code).length == 0);
}
