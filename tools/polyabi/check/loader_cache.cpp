// The cache that ldconfig writes: the format of glibc 2.2 and later ("glibc-ld.so.cache1.1", sysdeps/generic/dl-cache.h), alone
// or behind the old one.
#include "library_search.hpp"

#include <cstring>

namespace polyabi::check {

std::map<std::string, std::string, std::less<>> read_loader_cache(std::span<const u8> file, architecture arch) {
  using activators::elf::load;
  using activators::elf::load32;
  constexpr std::string_view magic = "glibc-ld.so.cache1.1";
  constexpr usize header_size = 48, entry_size = 24;
  // FLAG_ELF_LIBC6, and FLAG_X8664_LIB64 for the wide one.
  const u32 wanted = arch == architecture::x86_64 ? 0x0303 : 0x0003;

  std::map<std::string, std::string, std::less<>> libraries;
  const std::string_view text{reinterpret_cast<const char*>(file.data()), file.size()};
  const auto begin = text.find(magic);
  if (begin == text.npos || file.size() - begin < header_size) return libraries;
  const auto cache = file.subspan(begin);
  const u64 count = load32(cache.data() + 20);
  const auto string_at = [&](u64 offset) -> std::string {
    if (offset >= cache.size()) return {};
    const auto* start = reinterpret_cast<const char*>(cache.data() + offset);
    return {start, strnlen(start, cache.size() - offset)};
  };
  for (u64 i = 0; i < count && header_size + (i + 1) * entry_size <= cache.size(); ++i) {
    const u8* entry = cache.data() + header_size + i * entry_size;
    if ((load32(entry) & 0xff0f) != wanted || load(entry + 16, 8) != 0) continue; // another ABI, or for some processors only
    libraries.emplace(string_at(load32(entry + 4)), string_at(load32(entry + 8)));
  }
  return libraries;
}

} // namespace polyabi::check
