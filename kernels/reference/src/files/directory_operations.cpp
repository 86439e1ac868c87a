// Current and root directories, listings, and the file creation mask.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include "paths.hpp"

namespace polyabi::reference {

using paths::process_of;

namespace {

result<> enter(process& p, location where) {
  if (front(where)->type != file_modes::dir) return error::notdir;
  if (auto may = front(where)->permitted(p.identity, access_modes::exec); !may) return may;
  p.paths->current = std::move(where);
  return {};
}

} // namespace

result<> file_operations::perform(op::chdir, thread& t, std::string_view path) {
  auto found = paths::find_location(t, at::current_directory, path);
  if (!found) return found.error();
  return enter(process_of(t), std::move(*found));
}

result<> file_operations::perform(op::fchdir, thread& t, i32 descriptor) {
  if (descriptor == at::current_directory) return error::badf;
  auto found = namei::directory_of(process_of(t), descriptor);
  if (!found) return found.error();
  return enter(process_of(t), std::move(*found));
}

result<> file_operations::perform(op::chroot, thread& t, std::string_view path) {
  process& p = process_of(t);
  auto found = paths::find_location(t, at::current_directory, path);
  if (!found) return found.error();
  if (front(*found)->type != file_modes::dir) return error::notdir;
  if (!p.identity.may(privileges::change_root)) return error::perm;
  // The native side of a root is never none: a directory of the emulation root alone becomes all there is.
  if (!found->native) found->native = std::move(found->emulation);
  p.paths->root = std::move(*found);
  return {};
}

result<i64> file_operations::perform(op::getcwd, thread& t, user_bytes into) {
  const process& p = process_of(t);
  auto* text = static_cast<char*>(heap::allocate(path_limit));
  if (text == nullptr) return error::nomem;
  auto size = namei::path_of(*p.paths, *front(p.paths->current), text, path_limit - 1);
  result<i64> answer = error::range;
  if (!size) {
    answer = size.error();
  } else if (*size < into.size) {
    text[*size] = '\0';
    answer = static_cast<i64>(*size + 1);
    const kernel_lock::unlocked while_copying;
    if (!user_memory::copy_out(into.address, text, *size + 1)) answer = error::fault;
  }
  heap::deallocate(text, path_limit);
  return answer;
}

result<u32> file_operations::perform(op::umask, thread& t, u32 mask) {
  return std::exchange(process_of(t).paths->umask, mask & 0777);
}

/// The host syncs its own files in its own time; files in memory have nowhere to go.
result<> file_operations::perform(op::sync, thread&) {
  return {};
}

result<> file_operations::perform(op::fsync, thread& t, i32 descriptor) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  if (((*open)->flags & open_flags::path) != 0) return error::badf;
  return (*open)->sync();
}

result<> file_operations::perform(op::read_directory, thread& t, i32 descriptor, directory_visitor visitor) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  if (((*open)->flags & open_flags::path) != 0) return error::badf;
  auto read = (*open)->read_entries(visitor);
  if (read) vnode_events::happened(**open, vnode_events::bits<vnode_event::accessed>);
  return read;
}

} // namespace polyabi::reference
