// close, dup, flags, pipe, and the small questions about an open file.
#include <polyabi/reference/descriptor_operations.hpp>
#include <polyabi/reference/file_services.hpp>
#include <polyabi/reference/pipe.hpp>
#include <polyabi/reference/record_locks.hpp>

namespace polyabi::reference {

namespace {

constexpr u32 changeable_flags = open_flags::append | open_flags::nonblock | open_flags::async | open_flags::direct;
/// What open(2) used up: not part of the status.
constexpr u32 creation_flags = open_flags::creat | open_flags::excl | open_flags::noctty | open_flags::trunc |
                               open_flags::cloexec | open_flags::shlock | open_flags::exlock;

result<> set_flags(file& f, u32 flags) {
  if (flags == f.flags) return {};
  if (auto accepted = f.flags_changed(flags); !accepted) return accepted;
  f.flags = flags;
  return {};
}

result<ref<file>> lockable(thread& caller, i32 descriptor) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (f && ((*f)->flags & open_flags::path) != 0) return error::badf;
  return f;
}

/// A lock to read is for those who may read, one to write for those who may write.
result<ref<file>> lockable(thread& caller, i32 descriptor, const flock& lock) {
  auto f = lockable(caller, descriptor);
  if (f && lock.type == lock_kinds::rdlck && !open_flags::reads((*f)->flags)) return error::badf;
  if (f && lock.type == lock_kinds::wrlck && !open_flags::writes((*f)->flags)) return error::badf;
  return f;
}

} // namespace

result<> descriptor_operations::perform(op::close, thread& caller, i32 descriptor) {
  return caller.owner->descriptors->close(descriptor);
}

result<new_descriptor> descriptor_operations::perform(op::dup, thread& caller, i32 descriptor, i32 minimum, u32 flags) {
  const ref<descriptor_table>& table = caller.owner->descriptors;
  auto f = table->get(descriptor);
  if (!f) return f.error();
  const i32 limit = descriptor_limit(*caller.owner);
  if (minimum < 0 || (minimum >= limit && minimum != 0)) return error::inval;
  const auto number = table->reserve(minimum, limit);
  if (!number) return number.error();
  return new_descriptor{table, *number, std::move(*f), flags};
}

result<new_descriptor> descriptor_operations::perform(op::dup_to, thread& caller, i32 descriptor, i32 target, u32 flags) {
  const ref<descriptor_table>& table = caller.owner->descriptors;
  const i32 limit = descriptor_limit(*caller.owner);
  auto f = table->get(descriptor);
  if (!f) return f.error();
  if (descriptor == target) return new_descriptor::existing(target);
  if (auto reserved = table->reserve_exactly(target, limit); !reserved) return reserved.error();
  return new_descriptor{table, target, std::move(*f), flags};
}

result<u32> descriptor_operations::perform(op::get_descriptor_flags, thread& caller, i32 descriptor) {
  const auto* d = caller.owner->descriptors->at(descriptor);
  if (d == nullptr) return error::badf;
  return d->flags;
}

result<> descriptor_operations::perform(op::set_descriptor_flags, thread& caller, i32 descriptor, u32 flags) {
  auto* d = caller.owner->descriptors->at(descriptor);
  if (d == nullptr) return error::badf;
  d->flags = flags & fd_flags::cloexec;
  return {};
}

result<u32> descriptor_operations::perform(op::get_status_flags, thread& caller, i32 descriptor) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  return (*f)->flags & ~creation_flags;
}

result<> descriptor_operations::perform(op::set_status_flags, thread& caller, i32 descriptor, u32 flags) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (((*f)->flags & open_flags::path) != 0) return error::badf;
  return set_flags(**f, ((*f)->flags & ~changeable_flags) | (flags & changeable_flags));
}

result<> descriptor_operations::perform(op::set_nonblocking, thread& caller, i32 descriptor, bool on) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (((*f)->flags & open_flags::path) != 0) return error::badf;
  return set_flags(**f, on ? (*f)->flags | open_flags::nonblock : (*f)->flags & ~open_flags::nonblock);
}

result<i32> descriptor_operations::perform(op::bytes_readable, thread& caller, i32 descriptor) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (((*f)->flags & open_flags::path) != 0) return error::badf;
  return (*f)->bytes_readable();
}

result<> descriptor_operations::perform(op::get_lock, thread& caller, i32 descriptor, flock& lock) {
  auto f = lockable(caller, descriptor);
  if (!f) return f.error();
  return record_locks::test({*caller.owner->descriptors, caller.owner->id}, **f, lock);
}

result<> descriptor_operations::perform(op::set_lock, thread& caller, i32 descriptor, const flock& lock, bool wait) {
  auto f = lockable(caller, descriptor, lock);
  if (!f) return f.error();
  return record_locks::set({*caller.owner->descriptors, caller.owner->id}, **f, lock, wait);
}

result<> file_services::get_file_lock(thread& caller, i32 descriptor, flock& lock) {
  const kernel_lock::locked inside;
  auto f = lockable(caller, descriptor);
  if (!f) return f.error();
  return record_locks::test({**f}, **f, lock);
}

result<> file_services::set_file_lock(thread& caller, i32 descriptor, const flock& lock, bool wait) {
  const kernel_lock::locked inside;
  auto f = lockable(caller, descriptor, lock);
  if (!f) return f.error();
  return record_locks::set({**f}, **f, lock, wait);
}

/// Locks on ranges stay with those who keep the old one.
result<> file_services::own_descriptors(thread& caller) {
  const kernel_lock::ensured lock;
  process& self = *caller.owner;
  if (self.descriptors->references == 1) return {};
  auto copied = self.descriptors->copy();
  if (!copied) return copied.error();
  self.descriptors = std::move(*copied);
  return {};
}

void file_services::own_paths(thread& caller) {
  const kernel_lock::ensured lock;
  caller.owner->paths.part();
}

result<> descriptor_operations::perform(op::lock_file, thread& caller, i32 descriptor, i32 kind, bool wait) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (((*f)->flags & open_flags::path) != 0) return error::badf;
  return record_locks::lock_whole(**f, kind, wait);
}

result<new_descriptor_pair> descriptor_operations::perform(op::pipe, thread& caller, u32 flags) {
  if ((flags & ~(open_flags::nonblock | open_flags::cloexec | open_flags::direct)) != 0) return error::inval;
  auto ends = make_pipe(flags & (open_flags::nonblock | open_flags::direct));
  if (!ends) return ends.error();
  const ref<descriptor_table>& table = caller.owner->descriptors;
  const u32 fd_flags = (flags & open_flags::cloexec) != 0 ? fd_flags::cloexec : 0;
  const i32 limit = descriptor_limit(*caller.owner);
  const auto first = table->reserve(0, limit);
  if (!first) return first.error();
  new_descriptor_pair pair;
  pair.first = new_descriptor{table, *first, std::move(ends->reader), fd_flags};
  const auto second = table->reserve(0, limit);
  if (!second) return second.error();
  pair.second = new_descriptor{table, *second, std::move(ends->writer), fd_flags};
  return pair;
}

} // namespace polyabi::reference
