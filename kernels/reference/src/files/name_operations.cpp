// Names made, moved and taken away.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include "paths.hpp"

#include <cstring>

namespace polyabi::reference {

using paths::process_of;
using vnode_events::bits;

namespace {

/// Tells of a new name, if it could be made.
template <class Made>
result<> told_as_created(Made&& made, const namei::name_in_directory& name, bool is_directory) {
  if (!made) return made.error();
  vnode_events::happened_in(*name.side, name.name(), is_directory, bits<vnode_event::created>);
  return {};
}

} // namespace

result<> file_operations::perform(op::link, thread& t, i32 directory, std::string_view path, i32 new_directory,
                                  std::string_view new_path, u32 at_flags) {
  const process& p = process_of(t);
  ref<vnode> node;
  location stands_in;
  if (path.empty() && (at_flags & at::empty_path) != 0) {
    auto found = paths::find(t, directory, path, at_flags);
    if (!found) return found.error();
    node = std::move(*found);
  } else {
    auto found = paths::find_location(t, directory, path, (at_flags & at::symlink_follow) != 0);
    if (!found) return found.error();
    node = front(*found);
  }
  if (node->type == file_modes::dir) return error::perm;
  namei::name_in_directory name;
  if (auto found = paths::find_name(t, new_directory, new_path, name); !found) return found;
  if (name.where || !name.is_name) return error::exist;
  // A link stays in its file system: where both roots have the directory, on the side that the file is on.
  if (name.directory.merged() && name.side->file_system() != node->file_system()) {
    const ref<vnode>& other = name.side == name.directory.native ? name.directory.emulation : name.directory.native;
    if (other->file_system() == node->file_system()) name.side = other;
  }
  if (auto may = paths::may_make(p, name, false); !may) return may;
  auto linked = name.side->link(name.name(), *node);
  if (linked) vnode_events::happened_to_itself(*node, bits<vnode_event::attributes>);
  return told_as_created(linked, name, false);
}

result<> file_operations::perform(op::symlink, thread& t, std::string_view target, i32 directory, std::string_view path) {
  if (target.empty()) return error::noent;
  if (target.size() >= path_limit) return error::nametoolong;
  namei::name_in_directory name;
  if (auto found = paths::find_name(t, directory, path, name); !found) return found;
  if (auto may = paths::may_make(process_of(t), name, false); !may) return may;
  return told_as_created(name.side->make_symbolic_link(name.name(), target, process_of(t).identity), name, false);
}

result<i64> file_operations::perform(op::readlink, thread& t, i32 directory, std::string_view path, user_bytes into) {
  auto node = paths::find(t, directory, path, at::symlink_nofollow | (path.empty() ? at::empty_path : 0));
  if (!node) return path.empty() && node.error() == error::inval ? error::noent : node.error();
  if ((*node)->type != file_modes::lnk) return path.empty() ? error::noent : error::inval;
  auto* text = static_cast<char*>(heap::allocate(path_limit));
  if (text == nullptr) return error::nomem;
  auto size = (*node)->read_link(text, path_limit);
  result<i64> answer = size ? static_cast<i64>(*size < into.size ? *size : into.size) : result<i64>{size.error()};
  if (answer) {
    const kernel_lock::unlocked while_copying;
    if (!user_memory::copy_out(into.address, text, static_cast<usize>(*answer))) answer = error::fault;
  }
  heap::deallocate(text, path_limit);
  return answer;
}

result<> file_operations::perform(op::unlink, thread& t, i32 directory, std::string_view path, u32 at_flags) {
  const bool remove_directory = (at_flags & at::removedir) != 0;
  namei::name_in_directory name;
  if (auto found = paths::find_name(t, directory, path, name); !found) return found;
  if (!name.is_name) {
    if (!remove_directory) return error::isdir;
    return name.ends_in_dot ? error::inval : name.ends_in_dot_dot ? error::notempty : error::busy;
  }
  if (!name.where) return error::noent;
  const bool is_directory = front(name.where)->type == file_modes::dir;
  if (name.trailing_slash && !is_directory) return error::notdir;
  if (auto may = paths::may_take(process_of(t), name); !may) return may;
  if (remove_directory && !is_directory) return error::notdir;
  if (!remove_directory && is_directory) return error::isdir;
  if (auto removed = name.side->remove(name.name(), remove_directory); !removed) return removed;
  if (!is_directory) vnode_events::happened_to_itself(*front(name.where), bits<vnode_event::attributes>);
  vnode_events::name_removed(*name.side, name.name(), *front(name.where));
  name.where = {}; // what nobody uses has gone when its directory hears of it
  vnode_events::happened_in(*name.side, name.name(), is_directory, bits<vnode_event::deleted>);
  return {};
}

namespace {

/// Where a name is moved to: the file's own side of the directory if a file can be moved there, so that it need not be copied.
void stay_on_side(namei::name_in_directory& to, const vnode& from) {
  if (!to.directory.merged() || to.side->file_system() == from.file_system()) return;
  const ref<vnode>& other = to.side == to.directory.native ? to.directory.emulation : to.directory.native;
  // On the second side it would be hidden by a file of that name on the first.
  if (other->file_system() == from.file_system() && (!to.where || front(to.where)->file_system() == from.file_system()))
    to.side = other;
}

result<> move_name(thread& t, i32 directory, std::string_view path, i32 new_directory, std::string_view new_path, renaming how) {
  const process& p = process_of(t);
  namei::name_in_directory from, to;
  if (auto found = paths::find_name(t, directory, path, from); !found) return found;
  if (auto found = paths::find_name(t, new_directory, new_path, to); !found) return found;
  if (!from.is_name || !to.is_name) return error::busy;
  if (!from.where) return error::noent;
  if (how == renaming::to_free && to.where) return error::exist;
  if (how == renaming::exchange && !to.where) return error::noent;
  vnode& moved = *front(from.where);
  const bool is_directory = moved.type == file_modes::dir;
  const bool exchanges_directory = how == renaming::exchange && front(to.where)->type == file_modes::dir;
  if (!is_directory && (from.trailing_slash || (to.trailing_slash && !exchanges_directory))) return error::notdir;
  if (auto may = paths::may_take(p, from); !may) return may;
  stay_on_side(to, moved);
  vnode* gone = nullptr;
  if (to.where) {
    vnode& replaced = *front(to.where);
    if (&replaced == &moved) return {};
    if (auto may = paths::may_take(p, to); !may) return may;
    const bool replaces_directory = replaced.type == file_modes::dir;
    if (how == renaming::replace && is_directory && !replaces_directory) return error::notdir;
    if (how == renaming::replace && !is_directory && replaces_directory) return error::isdir;
    gone = &replaced;
  } else if (auto may = paths::may_make(p, to, is_directory); !may) {
    return may;
  }
  if (from.side->file_system() == nullptr || from.side->file_system() != to.side->file_system()) return error::xdev;
  if (auto renamed = from.side->rename(from.name(), *to.side, to.name(), how); !renamed) return renamed;
  if (how == renaming::exchange) {
    vnode_events::moved(*from.side, from.name(), *to.side, to.name(), moved, nullptr);
    vnode_events::moved(*to.side, to.name(), *from.side, from.name(), *gone, nullptr);
    return {};
  }
  vnode_events::moved(*from.side, from.name(), *to.side, to.name(), moved, gone);
  return {};
}

} // namespace

result<> file_operations::perform(op::rename, thread& t, i32 directory, std::string_view path, i32 new_directory,
                                  std::string_view new_path) {
  return move_name(t, directory, path, new_directory, new_path, renaming::replace);
}

result<> file_operations::perform(op::rename_to_free, thread& t, i32 directory, std::string_view path, i32 new_directory,
                                  std::string_view new_path) {
  return move_name(t, directory, path, new_directory, new_path, renaming::to_free);
}

result<> file_operations::perform(op::exchange_names, thread& t, i32 directory, std::string_view path, i32 new_directory,
                                  std::string_view new_path) {
  return move_name(t, directory, path, new_directory, new_path, renaming::exchange);
}

result<> file_operations::perform(op::mkdir, thread& t, i32 directory, std::string_view path, u32 mode) {
  process& p = process_of(t);
  namei::name_in_directory name;
  if (auto found = paths::find_name(t, directory, path, name); !found) return found;
  if (auto may = paths::may_make(p, name, true); !may) return may;
  return told_as_created(name.side->make_directory(name.name(), mode & 01777 & ~p.paths->umask, p.identity), name, true);
}

result<> file_operations::perform(op::mknod, thread& t, i32 directory, std::string_view path, u32 mode, u64 device) {
  process& p = process_of(t);
  if ((mode & file_modes::type_mask) == 0) mode |= file_modes::reg;
  const u32 type = mode & file_modes::type_mask;
  switch (type) {
  case file_modes::reg:
  case file_modes::fifo:
  case file_modes::sock:
  case file_modes::chr:
  case file_modes::blk: break;
  case file_modes::dir: return error::perm;
  default: return error::inval;
  }
  namei::name_in_directory name;
  if (auto found = paths::find_name(t, directory, path, name); !found) return found;
  if (auto may = paths::may_make(p, name, false); !may) return may;
  if ((type == file_modes::chr || type == file_modes::blk) && !p.identity.may(privileges::make_devices)) return error::perm;
  mode = type | (mode & 07777 & ~p.paths->umask);
  auto made = type == file_modes::reg ? name.side->create(name.name(), mode, p.identity)
                                      : name.side->make_node(name.name(), mode, device, p.identity);
  return told_as_created(made, name, false);
}

} // namespace polyabi::reference
