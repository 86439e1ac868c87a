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
  for (const auto& [number, original] : pages) {
    if (!original.in_children) continue;
    page& p = result->pages[number] = original;
    if (p.shared || !p.bytes) continue;
    p.bytes = nullptr;
    if (p.zero_in_children) continue;
    p.bytes = new_page();
    std::memcpy(p.bytes.get(), original.bytes.get(), reference::page_size);
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
  // At once, or two threads both have the word: a locked instruction on the page's own bytes.
  bool whole = true;
  const bool there = space() != nullptr && space()->walk(address, sizeof seen, protections::write, [&](u8* bytes, usize run) {
    whole &= run == sizeof seen;
    if (!whole) return;
    seen = expected;
    __atomic_compare_exchange_n(reinterpret_cast<u32*>(bytes), &seen, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  });
  return there && whole;
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

system_library map_system_library(address_space&, std::string_view, architecture) {
  return {};
}

u16 map(u64 address, u64 size, u32 protection, const mapping_source& source) {
  std::shared_ptr<simulated::mapped_file> file;
  u64 offset = 0;
  if (source.kind != backing::anonymous) {
    file = std::make_shared<simulated::mapped_file>(source.handle);
    offset = source.offset;
    if (file->descriptor < 0) return static_cast<u16>(error::badf);
  } else if (source.shared) {
    // Shared memory is a file without a name.
    const i32 object = object::create();
    if (object < 0 || object::resize(object, size) < 0) return static_cast<u16>(error::nomem);
    file = std::make_shared<simulated::mapped_file>(object);
    object::destroy(object);
  }
  const std::lock_guard lock{space()->mutex};
  for (u64 i = 0; i < size / page_size; ++i)
    space()->pages[address / page_size + i] = {{}, protection, source.shared, file, offset + i * page_size};
  return 0;
}

mapping_source text_source(process&, u64, u64, const file&, u64, const mapping_source& source) {
  return source;
}
void memory_to_be_copied(process&) {}

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

namespace {

/// The pages of a range that are there.
template <class Visit>
void each_page(u64 address, u64 size, Visit visit) {
  auto& pages = space()->pages;
  for (auto p = pages.lower_bound(address / page_size); p != pages.end() && p->first < (address + size) / page_size; ++p)
    visit(p->second);
}

} // namespace

u16 remap(u64 address, u64 size, u64 new_address, u64 new_size, remapping how) {
  const std::lock_guard lock{space()->mutex};
  auto& pages = space()->pages;
  std::map<u64, simulated::page> moved;
  simulated::page last{};
  const u64 taken = how == remapping::duplicate ? new_size : size;
  for (u64 i = 0; i < taken / page_size; ++i) {
    const auto found = pages.find(address / page_size + i);
    if (found == pages.end()) continue;
    last = found->second;
    if (i < new_size / page_size) moved[new_address / page_size + i] = last;
    if (how == remapping::move) pages.erase(found);
    if (how == remapping::keep && !found->second.shared) found->second.bytes = nullptr;
  }
  for (u64 i = taken / page_size; i < new_size / page_size; ++i) {
    last.bytes = nullptr;
    last.offset += page_size;
    moved[new_address / page_size + i] = last;
  }
  pages.merge(moved);
  return 0;
}

u16 show(u64 address, u64 size, u64 offset) {
  const std::lock_guard lock{space()->mutex};
  each_page(address, size, [&](simulated::page& p) {
    p.bytes = nullptr;
    p.offset = std::exchange(offset, offset + page_size);
  });
  return 0;
}

u16 advise(u64 address, u64 size, advice which) {
  const std::lock_guard lock{space()->mutex};
  error failure = error::none;
  each_page(address, size, [&](simulated::page& p) {
    switch (which) {
    case advice::discard:
    case advice::release:
      if (!p.shared) p.bytes = nullptr;
      break;
    case advice::remove:
      if (object::release(p.file->descriptor, p.offset, page_size) < 0) failure = error::inval;
      break;
    case advice::not_in_children: p.in_children = false; break;
    case advice::in_children: p.in_children = true; break;
    case advice::zero_in_children: p.zero_in_children = true; break;
    case advice::copied_in_children: p.zero_in_children = false; break;
    case advice::bring_in:
    case advice::bring_in_to_write:
      if (p.touch() == nullptr) failure = error::fault;
      break;
    }
  });
  return static_cast<u16>(failure);
}

u16 resident(u64 address, u64 size, u8* to) {
  const std::lock_guard lock{space()->mutex};
  each_page(address, size, [&](simulated::page& p) { *to++ = p.bytes ? 1 : 0; });
  return 0;
}

void leave_sequence(u64 area) {
  constexpr u64 none = 0;
  (void)copy_out(area + sequence_word_offset, &none, sizeof none);
}

u16 barrier(i32) {
  std::atomic_thread_fence(std::memory_order_seq_cst); // user memory is under a lock of its own
  return 0;
}

bool copy_from(const process& of, void* to, u64 from, usize size) {
  const thread* first = of.threads.front();
  if (first == nullptr || first->machine == nullptr) return false;
  auto* out = static_cast<u8*>(to);
  return first->machine->memory->walk(from, size, protections::read, [&](const u8* bytes, usize run) {
    std::memcpy(out, bytes, run);
    out += run;
  });
}

bool copy_to(const process& of, u64 to, const void* from, usize size) {
  const thread* first = of.threads.front();
  if (first == nullptr || first->machine == nullptr) return false;
  const auto* in = static_cast<const u8*>(from);
  return first->machine->memory->walk(to, size, protections::write, [&](u8* bytes, usize run) {
    std::memcpy(bytes, in, run);
    in += run;
  });
}

bool copy_to_text(const process& of, u64 to, const void* from, usize size) {
  const thread* first = of.threads.front();
  if (first == nullptr || first->machine == nullptr) return false;
  const auto* in = static_cast<const u8*>(from);
  return first->machine->memory->walk(to, size, protections::read, [&](u8* bytes, usize run) {
    std::memcpy(bytes, in, run);
    in += run;
  });
}

void restore_text() {}

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
