#include "image_loader.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <span>
#include <string_view>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

extern "C" const unsigned char polyabi_image_start[], polyabi_image_end[];

namespace polyabi::hosted {

namespace {

std::span<const unsigned char> image() {
  return {polyabi_image_start, polyabi_image_end};
}

const Elf64_Ehdr& file_header() {
  return *reinterpret_cast<const Elf64_Ehdr*>(polyabi_image_start);
}

std::span<const Elf64_Phdr> program_headers() {
  return {reinterpret_cast<const Elf64_Phdr*>(polyabi_image_start + file_header().e_phoff), file_header().e_phnum};
}

[[noreturn]] void missing(std::string_view what) {
  throw unsupported_host(fmt::format("this machine cannot run it: {} ({})", what, std::strerror(errno)));
}

} // namespace

int memory_file(const char* name, u64 size) {
  const int descriptor = memfd_create(name, MFD_CLOEXEC);
  if (descriptor < 0) missing("no memory files (memfd_create)");
  // A limit on the size of files is meant for the user's files, and does not count the sparse ones that are memory.
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit highest{limit.rlim_max, limit.rlim_max};
  setrlimit(RLIMIT_FSIZE, &highest);
  const auto old = ::signal(SIGXFSZ, SIG_IGN);
  const int result = ftruncate(descriptor, static_cast<off_t>(size));
  ::signal(SIGXFSZ, old);
  setrlimit(RLIMIT_FSIZE, &limit);
  if (result != 0) missing("a memory file cannot be large enough (RLIMIT_FSIZE?)");
  return descriptor;
}

namespace {

/// Keeps the numbers of closed standard streams from being given to descriptors of the system's own. Answers which were open.
u32 occupy_standard_streams() {
  u32 open_ones = 0;
  for (const int number : {0, 1, 2}) {
    if (fcntl(number, F_GETFD) >= 0)
      open_ones |= 1u << number;
    else if (open("/", O_PATH | O_CLOEXEC) != number)
      missing("the standard streams cannot be set up");
  }
  return open_ones;
}

/// The descriptors above the standard streams that a program executed in the tool's place would have. To be called before the
/// system opens its own.
std::vector<i32> inherited_descriptors() {
  std::vector<i32> all;
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return all;
  while (const dirent* entry = readdir(folder)) {
    const int number = std::atoi(entry->d_name);
    const int flags = number > STDERR_FILENO ? fcntl(number, F_GETFD) : -1;
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) all.push_back(number);
  }
  closedir(folder); // its own is closed on exec
  return all;
}

void map_at(u64 address, u64 size, int protection, int flags, int descriptor) {
  void* wanted = reinterpret_cast<void*>(address);
  void* got = mmap(wanted, size, protection, flags | MAP_FIXED_NOREPLACE | MAP_NORESERVE, descriptor, 0);
  if (got != wanted) missing("the kernel's place in the address space is taken or too small (RLIMIT_AS?)");
}

constexpr u64 whole_pages(u64 size) {
  return (size + 4095) & ~u64{4095};
}

constexpr u64 mapped_size(const Elf64_Phdr& segment) {
  const bool is_data = (segment.p_flags & PF_W) != 0;
  return is_data ? whole_large_pages(segment.p_memsz) : whole_pages(segment.p_memsz);
}

/// Where this program's file has what it has at `address`; -1 if that cannot be said.
off_t place_in_file(const unsigned char* address) {
  struct search {
    u64 address;
    off_t found;
  } wanted{reinterpret_cast<u64>(address), -1};
  // The first object is the program itself.
  dl_iterate_phdr(
      [](dl_phdr_info* program, std::size_t, void* data) {
        auto& to = *static_cast<search*>(data);
        for (const Elf64_Phdr& segment : std::span{program->dlpi_phdr, program->dlpi_phnum}) {
          const u64 offset = to.address - (program->dlpi_addr + segment.p_vaddr);
          if (segment.p_type == PT_LOAD && offset < segment.p_filesz) to.found = static_cast<off_t>(segment.p_offset + offset);
        }
        return 1;
      },
      &wanted);
  return wanted.found;
}

/// This program's file, while the image is loaded from it.
class own_file {
public:
  own_file() : descriptor_{open("/proc/self/exe", O_RDONLY | O_CLOEXEC)} {}
  ~own_file() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  own_file(const own_file&) = delete;
  own_file& operator=(const own_file&) = delete;
  int descriptor() const { return descriptor_; }

private:
  int descriptor_;
};

/// Straight from the program's file: then a fork copies nothing of it, and nothing is read that is not used.
bool map_from_file(const Elf64_Phdr& segment, int protection, const own_file& self) {
  const off_t place = place_in_file(polyabi_image_start + segment.p_offset);
  if (place < 0 || place % 4096 != 0 || segment.p_vaddr % 4096 != 0 || segment.p_filesz != segment.p_memsz) return false;
  if (self.descriptor() < 0) return false;
  void* wanted = reinterpret_cast<void*>(segment.p_vaddr);
  void* got = mmap(wanted, segment.p_memsz, protection, MAP_PRIVATE | MAP_FIXED_NOREPLACE, self.descriptor(), place);
  if (got == wanted) return true;
  if (got != MAP_FAILED) munmap(got, segment.p_memsz);
  return false;
}

int protection_of(const Elf64_Phdr& segment) {
  return PROT_READ | ((segment.p_flags & PF_W) != 0 ? PROT_WRITE : 0) | ((segment.p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

void load_constant(const Elf64_Phdr& segment, const own_file& self) {
  const u64 size = mapped_size(segment);
  if (map_from_file(segment, protection_of(segment), self)) return;
  map_at(segment.p_vaddr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  void* memory = reinterpret_cast<void*>(segment.p_vaddr);
  std::memcpy(memory, polyabi_image_start + segment.p_offset, segment.p_filesz);
  if (mprotect(memory, size, protection_of(segment)) != 0) missing("memory cannot be made executable");
}

int load_data(const Elf64_Phdr& segment) {
  const u64 size = mapped_size(segment);
  const int descriptor = memory_file("polyabi-data", size);
  map_at(segment.p_vaddr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor);
  std::memcpy(reinterpret_cast<void*>(segment.p_vaddr), polyabi_image_start + segment.p_offset, segment.p_filesz);
  return descriptor;
}

} // namespace

namespace {

const image_header* load() {
  const u32 standard_streams = occupy_standard_streams();
  const std::vector<i32> inherited = inherited_descriptors();
  const own_file self;
  int data = -1;
  u64 first = ~u64{0};
  for (const Elf64_Phdr& segment : program_headers()) {
    if (segment.p_type != PT_LOAD) continue;
    if (segment.p_vaddr < first) first = segment.p_vaddr;
    if ((segment.p_flags & PF_W) != 0)
      data = load_data(segment);
    else
      load_constant(segment, self);
  }
  const int arena = memory_file("polyabi-arena", arena_size);
  map_at(arena_base, arena_size, PROT_READ | PROT_WRITE, MAP_SHARED, arena);
  const auto* header = reinterpret_cast<const image_header*>(first);
  if (header->magic != image_magic) throw std::logic_error("the kernel image has no header");
  header->shared->data_descriptor = data;
  header->shared->arena_descriptor = arena;
  header->shared->standard_streams = standard_streams;
  for (const i32 descriptor : inherited)
    if (header->shared->inherited_count < std::size(header->shared->inherited))
      header->shared->inherited[header->shared->inherited_count++] = descriptor;
  header->initialise();
  return header;
}

} // namespace

loaded_image load_image() {
  static const image_header* const header = load();
  return {header};
}

bool close_image(const loaded_image& image) {
  const int key = pkey_alloc(0, 0);
  if (key <= 0) return false;
  const auto close = [key](u64 address, u64 size, int protection) {
    if (pkey_mprotect(reinterpret_cast<void*>(address), size, protection, key) != 0) missing("no protection keys");
  };
  u32 rights = 0, zero = 0;
  asm volatile("rdpkru" : "=a"(rights), "=d"(zero) : "c"(0));
  shared_state& shared = image.shared();
  constexpr u32 no_access_no_write = 3;
  shared.protection_key = static_cast<u32>(key);
  shared.closed_rights = rights | no_access_no_write << 2 * key;
  for (const Elf64_Phdr& segment : program_headers())
    if (segment.p_type == PT_LOAD) close(segment.p_vaddr, mapped_size(segment), protection_of(segment));
  close(arena_base, arena_size, PROT_READ | PROT_WRITE);
  return true;
}

std::string describe_address(u64 address) {
  const auto sections =
      std::span{reinterpret_cast<const Elf64_Shdr*>(image().data() + file_header().e_shoff), file_header().e_shnum};
  for (const Elf64_Shdr& table : sections) {
    if (table.sh_type != SHT_SYMTAB) continue;
    const char* names = reinterpret_cast<const char*>(image().data() + sections[table.sh_link].sh_offset);
    const auto symbols =
        std::span{reinterpret_cast<const Elf64_Sym*>(image().data() + table.sh_offset), table.sh_size / sizeof(Elf64_Sym)};
    for (const Elf64_Sym& symbol : symbols) {
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || address < symbol.st_value || address >= symbol.st_value + symbol.st_size)
        continue;
      int status = 0;
      char* readable = abi::__cxa_demangle(names + symbol.st_name, nullptr, nullptr, &status);
      std::string text =
          fmt::format("{:#x} {}+{:#x}", address, status == 0 ? readable : names + symbol.st_name, address - symbol.st_value);
      std::free(readable);
      return text;
    }
  }
  return fmt::format("{:#x}", address);
}

} // namespace polyabi::hosted
