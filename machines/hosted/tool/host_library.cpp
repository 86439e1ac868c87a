#include "host_library.hpp"

#include <polyabi/activators/elf_symbols.hpp>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/auxv.h>

namespace polyabi::hosted {

namespace {

/// The vector registers and the rest of the floating-point state.
struct [[gnu::aligned(16)]] floating_point {
  unsigned char bytes[512];
  floating_point() { asm volatile("fxsave64 %0" : "=m"(*this)); }
};

/// The symbols of a library that the host has mapped whole, read from its own tables: a program without shared libraries has no
/// dlsym for it.
class mapped_library {
public:
  explicit mapped_library(const char* start) : start_{start} {
    const auto& header = at<Elf64_Ehdr>(0);
    const auto* segments = &at<Elf64_Phdr>(header.e_phoff);
    for (unsigned i = 0; i < header.e_phnum; ++i)
      if (segments[i].p_type == PT_DYNAMIC) read(&at<Elf64_Dyn>(segments[i].p_offset));
  }

  /// The address of a function; 0 if there is none of that name.
  u64 find(std::string_view name) const {
    for (usize i = 0; i < count_; ++i)
      if (symbols_[i].st_shndx != SHN_UNDEF && names_ + symbols_[i].st_name == name)
        return reinterpret_cast<u64>(start_) + symbols_[i].st_value;
    return 0;
  }

private:
  template <class T>
  const T& at(usize offset) const {
    return *reinterpret_cast<const T*>(start_ + offset);
  }

  void read(const Elf64_Dyn* entry) {
    for (; entry->d_tag != DT_NULL; ++entry) {
      const u64 offset = entry->d_un.d_ptr; // the library is linked to 0, and nobody relocates it
      if (entry->d_tag == DT_SYMTAB) symbols_ = &at<Elf64_Sym>(offset);
      if (entry->d_tag == DT_STRTAB) names_ = &at<char>(offset);
      const auto words = [this, offset](u64 in_table) { return std::optional<u32>{at<u32>(offset + in_table)}; };
      if (entry->d_tag == DT_HASH) count_ = activators::elf::symbol_count_by_hash(words);
      if (entry->d_tag == DT_GNU_HASH && count_ == 0)
        count_ = activators::elf::symbol_count_by_gnu_hash(words, sizeof(u64));
    }
    if (symbols_ == nullptr || names_ == nullptr) count_ = 0;
  }

  const char* start_;
  const Elf64_Sym* symbols_ = nullptr;
  const char* names_ = nullptr;
  usize count_ = 0;
};

} // namespace

void find_host_library(shared_state& to) {
  std::ifstream maps{"/proc/self/maps"};
  for (std::string line; std::getline(maps, line);) {
    if (line.find("[vvar") == std::string::npos && line.find("[vdso]") == std::string::npos) continue;
    u64 start = 0, end = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64, &start, &end) != 2) return;
    if (to.host_library_part_count == std::size(to.host_library_parts)) return;
    to.host_library_parts[to.host_library_part_count++] = {start, end};
  }
  const unsigned long start = getauxval(AT_SYSINFO_EHDR);
  if (to.host_library_part_count == 0 || start == 0) return;
  const mapped_library library{reinterpret_cast<const char*>(start)};
  const auto find = [&](host_function which, std::string_view name) {
    to.host_functions[static_cast<usize>(which)] = library.find(name);
  };
  find(host_function::clock_gettime, "__vdso_clock_gettime");
  find(host_function::gettimeofday, "__vdso_gettimeofday");
  find(host_function::time, "__vdso_time");
  find(host_function::getcpu, "__vdso_getcpu");
  timespec time{};
  u64& clock = to.host_functions[static_cast<usize>(host_function::clock_gettime)];
  if (clock == 0) return;
  const floating_point before;
  const int failed = reinterpret_cast<int (*)(clockid_t, timespec*)>(clock)(CLOCK_REALTIME, &time);
  const floating_point after;
  constexpr usize described = 416; // the rest is reserved, or software's
  if (failed != 0 || std::memcmp(before.bytes, after.bytes, described) != 0) clock = 0;
}

} // namespace polyabi::hosted
