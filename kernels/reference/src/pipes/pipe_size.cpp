// How much a pipe holds.
#include <polyabi/reference/descriptor_operations.hpp>

#include <pipes/channel.hpp>

#include <bit>

namespace polyabi::reference {

namespace {

/// More than that is no size.
constexpr u64 largest_size = u64{1} << 31;

result<ref<file>> find_pipe(thread& t, i32 descriptor) {
  auto open = t.owner->descriptors->get(descriptor);
  if (!open) return open.error();
  if ((*open)->as_pipe() == nullptr || ((*open)->flags & open_flags::path) != 0) return error::badf;
  return open;
}

} // namespace

result<i64> descriptor_operations::perform(op::get_pipe_size, thread& t, i32 descriptor) {
  auto open = find_pipe(t, descriptor);
  if (!open) return open.error();
  return static_cast<i64>((*open)->as_pipe()->capacity());
}

result<i64> descriptor_operations::perform(op::set_pipe_size, thread& t, i32 descriptor, u64 size) {
  auto open = find_pipe(t, descriptor);
  if (!open) return open.error();
  if (size > largest_size) return error::inval;
  const u64 capacity = size <= page_size ? page_size : std::bit_ceil(size);
  channel& pipe = *(*open)->as_pipe();
  if (capacity > largest_pipe && capacity > pipe.capacity() && !t.owner->identity.may(privileges::exceed_limits)) return error::perm;
  if (auto resized = pipe.resize(capacity); !resized) return resized.error();
  return static_cast<i64>(capacity);
}

} // namespace polyabi::reference
