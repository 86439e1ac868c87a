#include "large_pages.hpp"

#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>

namespace polyabi::hosted {

namespace {

/// Somebody may be at one of the pages just then.
bool collapse(u64 address, u64 size = large_page_size) {
  constexpr int madvise_collapse = 25, tries = 4; // MADV_COLLAPSE of asm-generic/mman-common.h
  int answer = -1;
  for (int i = 0; i < tries && answer != 0 && (i == 0 || errno == EAGAIN); ++i)
    answer = madvise(reinterpret_cast<void*>(address), size, madvise_collapse);
  return answer == 0;
}

/// Whether all of the file is in large pages now.
bool collapse_file(int file, u64 size) {
  void* const room = mmap(nullptr, size + large_page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return false;
  const u64 start = whole_large_pages(reinterpret_cast<u64>(room));
  void* const wanted = reinterpret_cast<void*>(start);
  const bool done = mmap(wanted, size, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0) == wanted && collapse(start, size);
  munmap(room, size + large_page_size);
  return done;
}

/// A memory file with the image's text and constants, at the distances that they have from `kernel_base`; negative if that
/// failed.
int constants_in_large_pages(const image_header& header, u64 size) {
  int file = -1;
  try {
    file = memory_file("polyabi-text", size);
  } catch (const unsupported_host&) {
    return -1;
  }
  const auto copy = [file](u64 from, u64 end) {
    return pwrite(file, reinterpret_cast<const void*>(from), end - from, static_cast<off_t>(from - kernel_base)) ==
           static_cast<ssize_t>(end - from);
  };
  if (copy(kernel_base, header.constants_end) && copy(header.text_start, header.text_end) && collapse_file(file, size)) return file;
  close(file);
  return -1;
}

} // namespace

void use_large_pages(const loaded_image& image) {
  shared_state& shared = image.shared();
  const u64 data = reinterpret_cast<u64>(&shared) & ~(large_page_size - 1);
  for (const u64 much_used : {data, arena_base, pages_base})
    if (collapse(much_used)) shared.large_data += large_page_size;
  if (shared.protection_key != 0) return; // a new mapping would have none
  shared.large_text = whole_large_pages(image.header->text_end - kernel_base);
  if (const int text = constants_in_large_pages(*image.header, shared.large_text); text > 0)
    __atomic_store_n(&shared.text_descriptor, text, __ATOMIC_RELEASE);
}

} // namespace polyabi::hosted
