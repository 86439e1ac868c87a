// The lengths of instructions, against Zydis': of all that this process has mapped to execute, libc first, of a 32-bit program
// with its C library inside, and of random bytes.
#include "../reference/catch.hpp"

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
    // 32-bit programs call the kernel's library by a pointer of their thread.
    constexpr u8 call_through_gs[] = {0x65, 0xff, 0x15, 0x10, 0, 0, 0};
    is_call =
        decoded.mnemonic == ZYDIS_MNEMONIC_SYSCALL ||
        (decoded.mnemonic == ZYDIS_MNEMONIC_INT && decoded.machine_mode == ZYDIS_MACHINE_MODE_LEGACY_32 && code[1] == 0x80) ||
        (decoded.length == sizeof call_through_gs &&
         std::equal(std::begin(call_through_gs), std::end(call_through_gs), code.begin()));
    return decoded.length;
  }
  bool relative = false, is_branch = false, is_call = false;

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
  constexpr usize window = 96;
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

} // namespace

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
