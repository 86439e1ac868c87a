// What a mapper was asked for, checked against what a program would see in memory.
#pragma once

#include "catch.hpp"
#include "elf_builder.hpp"

#include <polyabi/activators/elf.hpp>
#include <polyabi/activators/map.hpp>

#include <map>

namespace polyabi::test {

using namespace activators;

/// Memory as pages by address, filled from the file as mmap would.
struct recorded_memory {
  const bytes& file;
  std::map<u64, std::pair<bytes, segment_access>> pages{};
  std::vector<std::string> requests{};

  using answer = basic_result<void, errc>;

  answer map_file(u64 address, u64 size, segment_access access, u64 offset) {
    REQUIRE(offset % page_size == 0);
    map(address, size, access);
    for (u64 i = 0; i < size && offset + i < file.size(); ++i) byte(address + i) = file[offset + i];
    requests.push_back("file");
    return {};
  }
  answer map_anonymous(u64 address, u64 size, segment_access access) {
    map(address, size, access);
    requests.push_back("anonymous");
    return {};
  }
  answer zero(u64 address, u64 size) {
    for (u64 i = 0; i < size; ++i) {
      REQUIRE(pages.at((address + i) / page_size).second.write);
      byte(address + i) = 0;
    }
    requests.push_back("zero");
    return {};
  }
  answer copy_file(u64 address, u64 size, u64 offset) {
    for (u64 i = 0; i < size; ++i) {
      REQUIRE(pages.at((address + i) / page_size).second.write);
      byte(address + i) = file.at(offset + i);
    }
    requests.push_back("copy");
    return {};
  }
  answer protect(u64 address, u64 size, segment_access access) {
    REQUIRE(address % page_size == 0);
    REQUIRE(size % page_size == 0);
    for (u64 page = address / page_size; page < (address + size) / page_size; ++page) pages.at(page).second = access;
    requests.push_back("protect");
    return {};
  }
  void map(u64 address, u64 size, segment_access access) {
    REQUIRE(address % page_size == 0);
    REQUIRE(size % page_size == 0);
    for (u64 page = address / page_size; page < (address + size) / page_size; ++page) pages[page] = {bytes(page_size), access};
  }
  u8& byte(u64 address) { return pages.at(address / page_size).first.at(address % page_size); }
};

/// Every byte of every segment is as the gABI says: the file's, then zeros.
inline void check_contents(const image_plan& plan, u64 bias, const bytes& file, recorded_memory& memory) {
  for (const segment& part : plan.segments()) {
    for (u64 i = 0; i < part.memory_size; ++i) {
      const u8 expected = i < part.file_size ? file[part.offset + i] : u8{0};
      if (memory.byte(part.address + bias + i) != expected) FAIL("byte " << i << " of the segment at " << part.address);
    }
  }
}

} // namespace polyabi::test
