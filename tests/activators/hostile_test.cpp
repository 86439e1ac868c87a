// Broken files against the activators' promises; built with ASan and UBSan.
#include "broken_files.hpp"
#include "catch.hpp"
#include "exercise.hpp"
#include "files.hpp"

using namespace polyabi::test;
using polyabi::u8;
using polyabi::usize;

namespace {

/// A file of its own size on the heap, so that ASan sees a byte read beyond it.
bool exercise_exactly(std::span<const u8> file) {
  const bytes copy(file.begin(), file.end());
  return exercise(copy);
}

std::vector<bytes> samples() {
  std::vector<bytes> files = well_formed_files();
  for (const char* path : {"/bin/ls", "/bin/busybox", POLYABI_STATIC_I386}) {
    bytes file = read_file(path);
    // The headers and what they point at nearby; a file that ends there is broken in itself, which is what we want as well.
    if (file.size() > 0x4000) file.resize(0x4000);
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

} // namespace

TEST_CASE("the well-formed files are accepted") {
  for (const bytes& file : well_formed_files()) CHECK(exercise(file));
  for (const char* path : {"/bin/ls", "/bin/busybox", POLYABI_STATIC_I386}) {
    const bytes file = read_file(path);
    if (!file.empty()) CHECK(exercise(file));
  }
}

TEST_CASE("truncated at every offset of the first 4 KiB") {
  usize accepted = 0;
  for (const bytes& file : samples())
    truncated(file, 4096, [&](std::span<const u8> cut) { accepted += exercise_exactly(cut); });
  CHECK(accepted == 0); // all of them need more
}

TEST_CASE("random bits flipped") {
  usize accepted = 0, seen = 0;
  for (const bytes& file : samples()) {
    const auto use = [&](std::span<const u8> broken) {
      accepted += exercise(broken);
      ++seen;
    };
    flipped(file, 0x200, 2000, 1, use);
    flipped(file, 0x800, 1000, 2, use);
    flipped(file, file.size(), 200, 3, use);
  }
  CHECK(seen >= 20000);
  CHECK(accepted > 0); // some bits are harmless
  CHECK(accepted < seen);
}

TEST_CASE("extreme values in every field") {
  usize seen = 0;
  for (const bytes& file : well_formed_files()) {
    extreme(file, 0x200, [&](std::span<const u8> broken) {
      (void)exercise(broken);
      ++seen;
    });
  }
  CHECK(seen > 10000);
}

TEST_CASE("extreme values in sections and notes") {
  for (const bytes& file : well_formed_files()) {
    const usize tail = 0x3000; // behind the segments: .comment, names, section headers
    for (usize at = 0x700; at + 4 <= file.size(); at = at + 4 == 0x780 ? tail : at + 4) {
      if (at >= 0x780 && at < tail) continue;
      for (polyabi::u64 value : {0u, 1u, 0x7fffffffu, 0xffffffffu, 0xfffffffcu}) {
        bytes copy = file;
        store(copy, at, value, 4);
        (void)exercise(copy);
      }
    }
  }
}
