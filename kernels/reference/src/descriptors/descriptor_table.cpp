// The descriptor table: grows in powers of two, the lowest free number first.
#include <polyabi/reference/file.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/record_locks.hpp>
#include <polyabi/reference/socket.hpp>

namespace polyabi::reference {

namespace {

constexpr i32 first_size = 32;

descriptor* make_entries(i32 count) {
  const usize n = static_cast<usize>(count);
  auto* entries = static_cast<descriptor*>(heap::allocate(n * sizeof(descriptor)));
  if (entries != nullptr)
    for (usize i = 0; i < n; ++i) ::new (entries + i) descriptor{};
  return entries;
}

void free_entries(descriptor* entries, i32 count) {
  if (entries == nullptr) return;
  const usize n = static_cast<usize>(count);
  for (usize i = 0; i < n; ++i) entries[i].~descriptor();
  heap::deallocate(entries, n * sizeof(descriptor));
}

} // namespace

ref<descriptor_table> descriptor_table::make() {
  return ref<descriptor_table>{heap::create<descriptor_table>()};
}

void descriptor_table::release() {
  close_all();
  free_entries(entries_, size_);
  heap::destroy(this);
}

result<> descriptor_table::grow(i32 number) {
  if (number < size_) return {};
  i32 wanted = size_ == 0 ? first_size : size_;
  while (wanted <= number) wanted *= 2;
  descriptor* entries = make_entries(wanted);
  if (entries == nullptr) return error::nomem;
  for (i32 i = 0; i < size_; ++i) entries[i] = std::move(entries_[i]);
  free_entries(entries_, size_);
  entries_ = entries;
  size_ = wanted;
  return {};
}

result<ref<descriptor_table>> descriptor_table::copy() const {
  ref<descriptor_table> to = make();
  if (!to) return error::nomem;
  i32 used = size_;
  while (used > 0 && !entries_[used - 1].open_file) --used;
  if (used == 0) return to;
  if (auto grown = to->grow(used - 1); !grown) return grown.error();
  for (i32 i = 0; i < used; ++i) {
    to->entries_[i].open_file = entries_[i].open_file;
    to->entries_[i].flags = entries_[i].flags;
  }
  return to;
}

descriptor* descriptor_table::at(i32 number) {
  return number >= 0 && number < size_ && entries_[number].open_file ? &entries_[number] : nullptr;
}

result<ref<file>> descriptor_table::get(i32 number) const {
  if (number < 0 || number >= size_ || !entries_[number].open_file) return error::badf;
  return entries_[number].open_file;
}

result<i32> descriptor_table::reserve(i32 minimum, i32 limit) {
  i32 number = minimum;
  while (number < size_ && (entries_[number].open_file || entries_[number].reserved)) ++number;
  if (number >= limit) return error::mfile;
  if (auto grown = grow(number); !grown) return grown.error();
  entries_[number].reserved = true;
  return number;
}

result<> descriptor_table::reserve_exactly(i32 number, i32 limit) {
  if (number < 0 || number >= limit) return error::badf;
  if (auto grown = grow(number); !grown) return grown.error();
  // Another thread is about to open this number: Linux answers EBUSY, too.
  if (entries_[number].reserved) return error::busy;
  entries_[number].reserved = true;
  return {};
}

void descriptor_table::cancel(i32 number) {
  if (number >= 0 && number < size_) entries_[number].reserved = false;
}

void descriptor_table::install(i32 number, ref<file> opened, u32 flags) {
  if (number < 0 || number >= size_) machine::panic("descriptor table: a number is committed that was not reserved");
  descriptor& d = entries_[number];
  ref<file> replaced = std::move(d.open_file);
  d.open_file = std::move(opened);
  d.flags = flags;
  d.reserved = false;
  if (replaced) let_go(std::move(replaced));
}

void descriptor_table::let_go(ref<file> closed) {
  record_locks::closed(*this, *closed);
  closed->descriptor_closed();
  const bool in_flight = is_in_flight(*closed);
  closed = nullptr;
  if (in_flight) collect_lost_rights();
}

result<> descriptor_table::close(i32 number) {
  descriptor* d = at(number);
  if (d == nullptr) return error::badf;
  ref<file> closed = std::move(d->open_file);
  d->flags = 0;
  let_go(std::move(closed));
  return {};
}

void descriptor_table::close_all() {
  for (i32 i = 0; i < size_; ++i) (void)close(i);
}

void descriptor_table::close_on_exec() {
  for (i32 i = 0; i < size_; ++i)
    if (entries_[i].open_file && (entries_[i].flags & fd_flags::cloexec) != 0) (void)close(i);
}

} // namespace polyabi::reference
