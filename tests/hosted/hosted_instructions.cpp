// The lengths of instructions, against Zydis': of all that this process has mapped to execute, libc first, and of random bytes.
#include "../reference/catch.hpp"

#include <instructions.hpp>

#include <Zydis/Zydis.h>

#include <fstream>
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

class reference_decoder {
public:
  reference_decoder() { ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64); }
  /// 0: no instruction.
  u32 length(std::span<const u8> code) {
    ZydisDecodedInstruction decoded;
    if (ZYAN_FAILED(ZydisDecoderDecodeInstruction(&decoder_, nullptr, code.data(), code.size(), &decoded))) return 0;
    relative = (decoded.attributes & ZYDIS_ATTRIB_IS_RELATIVE) != 0;
    is_branch = decoded.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE;
    is_call = decoded.mnemonic == ZYDIS_MNEMONIC_SYSCALL;
    return decoded.length;
  }
  bool relative = false, is_branch = false, is_call = false;

private:
  ZydisDecoder decoder_;
};

} // namespace

TEST_CASE("instructions are as long as Zydis says, or not known") {
  reference_decoder reference;
  usize known = 0, all = 0, wrong = 0, wrongly_movable = 0;
  for (const auto text : texts()) {
    for (usize at = 0; at < text.size();) {
      const auto code = text.subspan(at, std::min<usize>(15, text.size() - at));
      const u32 length = reference.length(code);
      const instruction ours = decode_instruction(code);
      ++all;
      known += ours.length != 0;
      wrong += length != 0 && ours.length != 0 && ours.length != length;
      wrongly_movable += ours.movable && length != 0 && (reference.relative || reference.is_branch);
      at += length != 0 ? length : 1;
    }
  }
  CHECK(wrong == 0);
  CHECK(wrongly_movable == 0);
  CHECK(all > 100'000);
  CHECK(known > all / 100 * 98);
}

TEST_CASE("nothing that is moved is taken for anything else") {
  reference_decoder reference;
  std::mt19937 random{1};
  std::vector<u8> code(32);
  for (int round = 0; round < 2'000'000; ++round) {
    for (u8& byte : code) byte = static_cast<u8>(random());
    const instruction ours = decode_instruction({code.data(), 15});
    if (!ours.movable) continue;
    const u32 length = reference.length({code.data(), 15});
    if (length == 0) continue; // not one at all: it faults where it stands, and where it is moved to
    CAPTURE(round, ours.length, length);
    REQUIRE(ours.length == length);
    REQUIRE_FALSE(reference.relative);
    REQUIRE_FALSE(reference.is_branch);
  }
}

TEST_CASE("the instruction before a call is found from behind") {
  constexpr usize window = 96;
  reference_decoder reference;
  usize calls = 0, found = 0, wrong = 0;
  for (const auto text : texts()) {
    u32 before = 0;
    for (usize at = 0; at < text.size();) {
      const u32 length = reference.length(text.subspan(at, std::min<usize>(15, text.size() - at)));
      if (length != 0 && reference.is_call && before != 0 && at >= window) {
        const instruction last = last_instruction(text.subspan(at - window, window));
        ++calls;
        found += last.length == before;
        wrong += last.length != 0 && last.length != before;
      }
      before = length;
      at += length != 0 ? length : 1;
    }
  }
  CHECK(wrong == 0);
  CHECK(calls > 300);
  CHECK(found > calls * 9 / 10);
  INFO(found << " of " << calls);
}

TEST_CASE("incomplete code is no instruction") {
  constexpr u8 code[] = {0x48, 0xc7, 0xc0, 1, 0, 0, 0};
  for (usize size = 0; size < sizeof code; ++size) CHECK(decode_instruction({code, size}).length == 0);
  CHECK(decode_instruction(code).length == 7);
  CHECK(decode_instruction(code).movable);
  CHECK(last_instruction(code).length == 0);
}
