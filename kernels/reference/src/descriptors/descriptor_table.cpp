// The descriptor table: grows in powers of two, the lowest free number first.
#include <polyabi/reference/file.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/record_locks.hpp>
#include <polyabi/reference/socket.hpp>

#include <algorithm>
#include <bit>
#include <memory>

namespace polyabi::reference {

namespace {

constexpr i32 word_bits = 64, first_size = word_bits;

template <class T>
T* make_array(i32 count) {
  const usize n = static_cast<usize>(count);
  auto* array = static_cast<T*>(heap::allocate(n * sizeof(T)));
  if (array != nullptr)
    for (usize i = 0; i < n; ++i) ::new (array + i) T{};
  return array;
}

template <class T>
void free_array(T* array, i32 count) {
  if (array == nullptr) return;
  const usize n = static_cast<usize>(count);
  std::destroy_n(array, n);
  heap::deallocate(array, n * sizeof(T));
}

constexpr u64 bit(i32 number) {
  return u64{1} << (number % word_bits);
}

/// Each number that is open or reserved, in order. `what` may give numbers back.
template <class F>
void each_taken(const u64* taken, i32 size, const F& what) {
  for (i32 word = 0; word < size / word_bits; ++word)
    for (u64 rest = taken[word]; rest != 0; rest &= rest - 1) what(word * word_bits + std::countr_zero(rest));
}

} // namespace

ref<descriptor_table> descriptor_table::make() {
  return ref<descriptor_table>{heap::create<descriptor_table>()};
}

void descriptor_table::release() {
  close_all();
  heap::deallocate(entries_, static_cast<usize>(size_) * sizeof(descriptor)); // nothing is open: there is nothing to destroy
  free_array(taken_, size_ / word_bits);
  heap::destroy(this);
}

result<> descriptor_table::grow(i32 number) {
  if (number < size_) return {};
  i32 wanted = size_ == 0 ? first_size : size_;
  while (wanted <= number) wanted *= 2;
  auto* entries = make_array<descriptor>(wanted);
  auto* taken = make_array<u64>(wanted / word_bits);
  if (entries == nullptr || taken == nullptr) {
    free_array(entries, wanted);
    free_array(taken, wanted / word_bits);
    return error::nomem;
  }
  std::move(entries_, entries_ + size_, entries);
  std::copy_n(taken_, size_ / word_bits, taken);
  free_array(entries_, size_);
  free_array(taken_, size_ / word_bits);
  entries_ = entries;
  taken_ = taken;
  size_ = wanted;
  return {};
}

/// Beyond the table all numbers are free.
i32 descriptor_table::first_free(i32 from) const {
  i32 number = std::max(from, lowest_free_);
  while (number < size_) {
    const u64 free_ones = ~taken_[number / word_bits] >> (number % word_bits);
    if (free_ones != 0) return number + std::countr_zero(free_ones);
    number = (number / word_bits + 1) * word_bits;
  }
  return number;
}

void descriptor_table::take(i32 number) {
  taken_[number / word_bits] |= bit(number);
}

void descriptor_table::give_back(i32 number) {
  if (entries_[number].open_file || entries_[number].reserved) return;
  taken_[number / word_bits] &= ~bit(number);
  lowest_free_ = std::min(lowest_free_, number);
}

result<ref<descriptor_table>> descriptor_table::copy() const {
  ref<descriptor_table> to = make();
  if (!to) return error::nomem;
  i32 last = -1;
  each_taken(taken_, size_, [&](i32 i) { last = entries_[i].open_file ? i : last; });
  if (last < 0) return to;
  if (auto grown = to->grow(last); !grown) return grown.error();
  each_taken(taken_, size_, [&](i32 i) {
    if (!entries_[i].open_file) return;
    to->entries_[i].open_file = entries_[i].open_file;
    to->entries_[i].flags = entries_[i].flags;
    to->take(i);
  });
  return to;
}

descriptor* descriptor_table::at(i32 number) {
  return number >= 0 && number < size_ && entries_[number].open_file ? &entries_[number] : nullptr;
}

result<ref<file>> descriptor_table::get(i32 number) const {
  if (number < 0 || number >= size_ || !entries_[number].open_file) return error::badf;
  ref<file>& open = entries_[number].open_file;
  if (!open->is_unseen) [[likely]] return open;
  auto itself = open->itself();
  // Whose table it is may be using the file without the lock: nobody else takes it away.
  const thread* caller = machine::current();
  if (itself && caller != nullptr && caller->owner != nullptr && caller->owner->descriptors.get() == this) open = *itself;
  return itself;
}

result<i32> descriptor_table::reserve(i32 minimum, i32 limit) {
  const i32 number = first_free(minimum);
  if (number >= limit) return error::mfile;
  if (auto grown = grow(number); !grown) return grown.error();
  entries_[number].reserved = true;
  take(number);
  if (minimum <= lowest_free_) lowest_free_ = number + 1;
  return number;
}

result<> descriptor_table::reserve_exactly(i32 number, i32 limit) {
  if (number < 0 || number >= limit) return error::badf;
  if (auto grown = grow(number); !grown) return grown.error();
  // Another thread is about to open this number: Linux answers EBUSY, too.
  if (entries_[number].reserved) return error::busy;
  entries_[number].reserved = true;
  take(number);
  return {};
}

void descriptor_table::cancel(i32 number) {
  if (number < 0 || number >= size_) return;
  entries_[number].reserved = false;
  give_back(number);
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
  give_back(number);
  let_go(std::move(closed));
  return {};
}

void descriptor_table::close_all() {
  each_taken(taken_, size_, [&](i32 i) { (void)close(i); });
}

void descriptor_table::close_on_exec() {
  each_taken(taken_, size_, [&](i32 i) {
    if (entries_[i].open_file && (entries_[i].flags & fd_flags::cloexec) != 0) (void)close(i);
  });
}

void new_descriptor::install() {
  const kernel_lock::ensured lock;
  table_->install(number_, ref<file>::adopt(file_), flags_);
  (void)ref<descriptor_table>::adopt(std::exchange(table_, nullptr));
}

void new_descriptor::cancel() {
  const kernel_lock::ensured lock;
  table_->cancel(number_);
  (void)ref<file>::adopt(file_);
  (void)ref<descriptor_table>::adopt(std::exchange(table_, nullptr));
}

} // namespace polyabi::reference
