// stat, statfs, access, and changes of attributes.
#include "paths.hpp"

namespace polyabi::reference {

using paths::process_of;

result<> file_operations::perform(op::stat, thread& t, i32 directory, std::string_view path, u32 at_flags, stat& out) {
  if (path.empty() && (at_flags & at::empty_path) != 0 && directory != at::current_directory)
    return perform(op::fstat{}, t, directory, out);
  auto node = paths::find(t, directory, path, at_flags);
  if (!node) return node.error();
  return (*node)->attributes(out);
}

result<> file_operations::perform(op::fstat, thread& t, i32 descriptor, stat& out) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  return (*open)->attributes(out);
}

result<> file_operations::perform(op::statfs, thread& t, std::string_view path, statfs& out) {
  auto node = paths::find(t, at::current_directory, path, 0);
  if (!node) return node.error();
  return (*node)->statistics(out);
}

result<> file_operations::perform(op::fstatfs, thread& t, i32 descriptor, statfs& out) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  if (!(*open)->node) return error::nosys;
  return (*open)->node->statistics(out);
}

result<> file_operations::perform(op::access, thread& t, i32 directory, std::string_view path, u32 checks, u32 at_flags) {
  if ((checks & ~(access_modes::read | access_modes::write | access_modes::exec)) != 0) return error::inval;
  const process& p = process_of(t);
  credentials who = p.identity;
  if ((at_flags & at::eaccess) == 0) {
    who.euid = who.ruid;
    who.egid = who.rgid;
  }
  if (path.empty() && (at_flags & at::empty_path) != 0) {
    auto node = paths::find(t, directory, path, at_flags);
    if (!node) return node.error();
    return (*node)->permitted(who, checks);
  }
  auto from = paths::start(p, directory, path);
  if (!from) return from.error();
  auto found = namei::find(p.paths, *from, who, path, (at_flags & at::symlink_nofollow) == 0);
  if (!found) return found.error();
  if (checks == 0) return {};
  return front(*found)->permitted(who, checks);
}

result<> file_operations::perform(op::chmod, thread& t, i32 directory, std::string_view path, u32 mode, u32 at_flags) {
  auto node = paths::find(t, directory, path, at_flags);
  if (!node) return node.error();
  return paths::change_mode(process_of(t), **node, mode);
}

result<> file_operations::perform(op::chown, thread& t, i32 directory, std::string_view path, u32 user, u32 group,
                                  u32 at_flags) {
  auto node = paths::find(t, directory, path, at_flags);
  if (!node) return node.error();
  return paths::change_owner(process_of(t), **node, user, group);
}

result<> file_operations::perform(op::set_times, thread& t, i32 directory, std::string_view path, const time_pair* times,
                                  u32 at_flags) {
  auto node = paths::find(t, directory, path, at_flags);
  if (!node) return node.error();
  return paths::change_times(process_of(t), **node, times);
}

result<> file_operations::perform(op::truncate, thread& t, std::string_view path, i64 size) {
  auto node = paths::find(t, at::current_directory, path, 0);
  if (!node) return node.error();
  if (auto may = (*node)->permitted(process_of(t).identity, access_modes::write); !may) return may;
  auto change = paths::new_size(process_of(t), **node, size);
  if (!change) return change.error();
  return (*node)->change(*change);
}

namespace {

/// The vnode behind a descriptor that was opened for more than its path.
result<ref<vnode>> node_of(thread& t, i32 descriptor) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  if (((*open)->flags & open_flags::path) != 0) return error::badf;
  if (!(*open)->node) return error::inval;
  return (*open)->node;
}

} // namespace

result<> file_operations::perform(op::fchmod, thread& t, i32 descriptor, u32 mode) {
  auto node = node_of(t, descriptor);
  if (!node) return node.error();
  return paths::change_mode(process_of(t), **node, mode);
}

result<> file_operations::perform(op::fchown, thread& t, i32 descriptor, u32 user, u32 group) {
  auto node = node_of(t, descriptor);
  if (!node) return node.error();
  return paths::change_owner(process_of(t), **node, user, group);
}

result<> file_operations::perform(op::fset_times, thread& t, i32 descriptor, const time_pair* times) {
  auto node = node_of(t, descriptor);
  if (!node) return node.error();
  return paths::change_times(process_of(t), **node, times);
}

result<> file_operations::perform(op::ftruncate, thread& t, i32 descriptor, i64 size) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  if (((*open)->flags & open_flags::path) != 0) return error::badf;
  if (!(*open)->node || ((*open)->flags & open_flags::accmode) == open_flags::rdonly) return error::inval;
  auto change = paths::new_size(process_of(t), *(*open)->node, size);
  if (!change) return change.error();
  return (*open)->change(*change);
}

} // namespace polyabi::reference
