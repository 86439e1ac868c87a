// Reserving descriptors for open files that came with a message.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/socket.hpp>

#include <new>

namespace polyabi::reference {

new_descriptors& new_descriptors::operator=(new_descriptors&& other) noexcept {
  keep(0);
  table_ = std::move(other.table_);
  files_ = std::exchange(other.files_, nullptr);
  numbers_ = std::exchange(other.numbers_, nullptr);
  count_ = std::exchange(other.count_, 0);
  room_ = std::exchange(other.room_, 0);
  flags_ = other.flags_;
  return *this;
}

void new_descriptors::keep(usize count) {
  if (room_ == 0 || (count_ <= count && count != 0)) return;
  const kernel_lock::ensured lock;
  while (count_ > count) {
    --count_;
    if (table_) table_->cancel(numbers_[count_]);
    files_[count_].~ref();
  }
  if (count == 0) free();
}

void new_descriptors::commit(commit_right) {
  if (room_ == 0) return;
  const kernel_lock::ensured lock;
  for (usize i = 0; i < count_; ++i) {
    table_->install(numbers_[i], std::move(files_[i]), flags_);
    files_[i].~ref();
  }
  count_ = 0;
  free();
}

void new_descriptors::free() {
  heap::deallocate(files_, room_ * sizeof(ref<file>));
  heap::deallocate(numbers_, room_ * sizeof(i32));
  files_ = nullptr;
  numbers_ = nullptr;
  room_ = 0;
  table_ = nullptr;
}

bool new_descriptors::make_room(usize count) {
  auto* files = static_cast<ref<file>*>(heap::allocate(count * sizeof(ref<file>)));
  auto* numbers = static_cast<i32*>(heap::allocate(count * sizeof(i32)));
  if (files == nullptr || numbers == nullptr) {
    if (files != nullptr) heap::deallocate(files, count * sizeof(ref<file>));
    if (numbers != nullptr) heap::deallocate(numbers, count * sizeof(i32));
    return false;
  }
  files_ = files;
  numbers_ = numbers;
  room_ = count;
  return true;
}

result<> new_descriptors::add(process& owner, ref<file> f, u32 descriptor_flags) {
  if (count_ == room_) return error::nobufs;
  const auto number = owner.descriptors->reserve(0, descriptor_limit(owner));
  if (!number) return number.error();
  table_ = owner.descriptors;
  flags_ = descriptor_flags;
  numbers_[count_] = *number;
  ::new (files_ + count_) ref<file>{std::move(f)};
  ++count_;
  return {};
}

} // namespace polyabi::reference
