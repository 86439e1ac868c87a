// User memory and kernel pages.
#include "state.hpp"

#include <polyabi/reference/machine.hpp>
#include <polyabi/simulated/machine.hpp>

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace polyabi::simulated {

std::shared_ptr<u8> new_page() {
  return {static_cast<u8*>(std::calloc(1, reference::page_size)), [](u8* bytes) { std::free(bytes); }};
}

mapped_file::mapped_file(int of) : descriptor{::fcntl(of, F_DUPFD_CLOEXEC, 3)} {}
mapped_file::~mapped_file() {
  ::close(descriptor);
}

namespace {

/// The file's own page, for writing if it is open for that.
std::shared_ptr<u8> shared_page(int descriptor, u64 offset) {
  for (const int protection : {PROT_READ | PROT_WRITE, PROT_READ}) {
    void* mapped = ::mmap(nullptr, reference::page_size, protection, MAP_SHARED, descriptor, static_cast<off_t>(offset));
    if (mapped != MAP_FAILED) return {static_cast<u8*>(mapped), [](u8* bytes) { ::munmap(bytes, reference::page_size); }};
  }
  return {};
}

/// Whoever touches a shared page that has lost its file would end the test.
bool lies_in_file(const page& p) {
  struct ::stat file {};
  return ::fstat(p.file->descriptor, &file) == 0 && p.offset < static_cast<u64>(file.st_size);
}

} // namespace

u8* page::touch() {
  if (file != nullptr && (shared || !bytes) && !lies_in_file(*this)) return nullptr;
  if (bytes) return bytes.get();
  if (file == nullptr) {
    bytes = new_page();
  } else if (shared) {
    bytes = shared_page(file->descriptor, offset);
  } else {
    bytes = new_page();
    if (::pread(file->descriptor, bytes.get(), reference::page_size, static_cast<off_t>(offset)) < 0) bytes = nullptr;
  }
  return bytes.get();
}

std::shared_ptr<memory> memory::copy() const {
  auto result = std::make_shared<memory>();
  const std::lock_guard lock{mutex};
  result->pages = pages;
  for (auto& [number, p] : result->pages) {
    if (p.shared || !p.bytes) continue;
    auto bytes = new_page();
    std::memcpy(bytes.get(), p.bytes.get(), reference::page_size);
    p.bytes = std::move(bytes);
  }
  return result;
}

namespace {

memory* space() {
  return current_thread != nullptr ? current_thread->machine->memory.get() : nullptr;
}

thread_local std::function<void()> during_copy_out;

} // namespace

void during_next_copy_out(std::function<void()> work) {
  during_copy_out = std::move(work);
}

} // namespace polyabi::simulated

namespace polyabi::reference::machine {

using simulated::space;

bool copy_in(void* to, u64 from, usize size) {
  auto* out = static_cast<u8*>(to);
  return space() != nullptr && space()->walk(from, size, protections::read, [&](const u8* bytes, usize run) {
    std::memcpy(out, bytes, run);
    out += run;
  });
}

bool copy_out(u64 to, const void* from, usize size) {
  if (simulated::during_copy_out) std::exchange(simulated::during_copy_out, nullptr)();
  const auto* in = static_cast<const u8*>(from);
  return space() != nullptr && space()->walk(to, size, protections::write, [&](u8* bytes, usize run) {
    std::memcpy(bytes, in, run);
    in += run;
  });
}

bool fill_out(u64 to, u8 value, usize size) {
  return space() != nullptr &&
         space()->walk(to, size, protections::write, [&](u8* bytes, usize run) { std::memset(bytes, value, run); });
}

i64 copy_in_string(char* to, u64 from, usize limit) {
  for (usize i = 0; i < limit; ++i) {
    if (!copy_in(to + i, from + i, 1)) return -1;
    if (to[i] == '\0') return static_cast<i64>(i);
  }
  return -2;
}

bool exchange_user_word(u64 address, u32 expected, u32 desired, u32& seen) {
  if (!copy_in(&seen, address, sizeof seen)) return false;
  return seen != expected || copy_out(address, &desired, sizeof desired);
}

u64 user_limit(bool is_32_bit) {
  return is_32_bit ? 0xfffff000 : simulated::user_limit;
}

user_selectors selectors(bool is_32_bit) {
  return {is_32_bit ? u16{0x23} : u16{0x33}, 0x2b};
}

/// Users' pages are no pages of the host's here: zero is like any other.
bool start_at_zero(bool) {
  return true;
}

u16 map(u64 address, u64 size, u32 protection, const mapping_source& source) {
  std::shared_ptr<simulated::mapped_file> file;
  if (source.kind != backing::anonymous) {
    file = std::make_shared<simulated::mapped_file>(source.handle);
    if (file->descriptor < 0) return static_cast<u16>(error::badf);
  }
  const std::lock_guard lock{space()->mutex};
  for (u64 i = 0; i < size / page_size; ++i) {
    simulated::page p{{}, protection, source.shared, file, source.offset + i * page_size};
    // Children share what was never touched as well.
    if (file == nullptr && source.shared) p.bytes = simulated::new_page();
    space()->pages[address / page_size + i] = std::move(p);
  }
  return 0;
}

u16 unmap(u64 address, u64 size) {
  const std::lock_guard lock{space()->mutex};
  auto& pages = space()->pages;
  pages.erase(pages.lower_bound(address / page_size), pages.lower_bound((address + size) / page_size));
  return 0;
}

u16 protect(u64 address, u64 size, u32 protection) {
  const std::lock_guard lock{space()->mutex};
  auto& pages = space()->pages;
  for (auto p = pages.lower_bound(address / page_size); p != pages.end() && p->first < (address + size) / page_size; ++p)
    p->second.protection = protection;
  return 0;
}

u16 remap(u64 address, u64 size, u64 new_address, u64 new_size) {
  const std::lock_guard lock{space()->mutex};
  auto& pages = space()->pages;
  std::map<u64, simulated::page> moved;
  simulated::page last{};
  for (u64 i = 0; i < size / page_size; ++i) {
    auto node = pages.extract(address / page_size + i);
    if (node.empty()) continue;
    last = node.mapped();
    if (i < new_size / page_size) moved[new_address / page_size + i] = std::move(node.mapped());
  }
  for (u64 i = size / page_size; i < new_size / page_size; ++i) {
    last.bytes = nullptr;
    last.offset += page_size;
    moved[new_address / page_size + i] = last;
  }
  pages.merge(moved);
  return 0;
}

u16 discard(u64 address, u64 size) {
  const std::lock_guard lock{space()->mutex};
  auto& pages = space()->pages;
  for (auto p = pages.lower_bound(address / page_size); p != pages.end() && p->first < (address + size) / page_size; ++p)
    if (!p->second.shared) p->second.bytes = nullptr;
  return 0;
}

u16 sync(u64, u64) {
  return 0;
}

void unmap_all() {
  const std::lock_guard lock{space()->mutex};
  space()->pages.clear();
}

void* allocate_pages(usize count) {
  void* pages = std::aligned_alloc(page_size, count * page_size);
  if (pages != nullptr) std::memset(pages, 0xa5, count * page_size); // nobody may rely on zeroes
  return pages;
}

void free_pages(void* pages, usize) {
  std::free(pages);
}

} // namespace polyabi::reference::machine
