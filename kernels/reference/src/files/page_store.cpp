// Where the bytes of files in memory are.
#include "memory_vnode.hpp"

#include <cstring>

namespace polyabi::reference {

u64 page_store::stored() const {
  u64 pages = 0;
  for (usize i = 0; i < run_count_; ++i) pages += runs_[i].count;
  return pages * page_size;
}

char* page_store::at(u64 offset, u64& size) const {
  for (usize i = 0; i < run_count_; ++i) {
    const u64 length = runs_[i].count * page_size;
    if (offset < length) {
      if (size > length - offset) size = length - offset;
      return runs_[i].pages + offset;
    }
    offset -= length;
  }
  return nullptr;
}

result<> page_store::reserve(u64 end) {
  const u64 have = stored();
  if (end <= have) return {};
  if (run_count_ == run_limit || end > u64{1} << 40) return error::nospc;
  u64 pages = (end - have + page_size - 1) / page_size;
  constexpr u64 doubling_limit = 4096;
  const u64 generous = have / page_size < doubling_limit ? have / page_size : doubling_limit;
  if (pages < generous) pages = generous;
  auto* memory = static_cast<char*>(machine::allocate_pages(pages));
  if (memory == nullptr) return error::nospc;
  std::memset(memory, 0, pages * page_size);
  runs_[run_count_++] = {memory, pages};
  mount_.pages += pages;
  return {};
}

void page_store::wait_for_transfers() {
  while (transfers_ != 0) idle_.sleep_to_the_end();
}

void page_store::cut(u64 size) {
  wait_for_transfers();
  if (size == 0 && !pinned_) return free_all();
  const u64 end = stored();
  while (size < end) {
    u64 piece = end - size;
    char* memory = at(size, piece);
    std::memset(memory, 0, piece);
    size += piece;
  }
}

result<const char*> page_store::pin(u64 end) {
  if (auto reserved = reserve(end); !reserved) return reserved.error();
  if (run_count_ > 1 && runs_[0].count * page_size < end) {
    wait_for_transfers();
    if (pinned_) return error::nodev;
    const usize pages = stored() / page_size;
    auto* memory = static_cast<char*>(machine::allocate_pages(pages));
    if (memory == nullptr) return error::nomem;
    usize done = 0;
    for (usize i = 0; i < run_count_; ++i) {
      std::memcpy(memory + done, runs_[i].pages, runs_[i].count * page_size);
      done += runs_[i].count * page_size;
    }
    free_all();
    runs_[run_count_++] = {memory, pages};
    mount_.pages += pages;
  }
  pinned_ = true;
  return runs_[0].pages;
}

void page_store::free_all() {
  while (run_count_ > 0) {
    const run& gone = runs_[--run_count_];
    machine::free_pages(gone.pages, gone.count);
    mount_.pages -= gone.count;
  }
}

} // namespace polyabi::reference
