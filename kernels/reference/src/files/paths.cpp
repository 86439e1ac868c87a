// Looking up what operations work on, and whether they may.
#include "paths.hpp"

#include <polyabi/reference/open_files.hpp>
#include <polyabi/reference/signals.hpp>

#include <descriptors/unlocked_use.hpp>

namespace polyabi::reference::paths {

result<location> start(const process& p, i32 directory, std::string_view path) {
  if (path.empty()) return error::noent;
  if (path.starts_with('/')) return p.paths->current;
  return namei::directory_of(p, directory);
}

const location* start_unlocked(const process& p, i32 directory, std::string_view path) {
  if (path.empty() || !is_single(p)) return nullptr;
  if (path.starts_with('/') || directory == at::current_directory) return &p.paths->current;
  const file* const open = own_open_file(p, directory);
  return open != nullptr && open->node && open->node->type == file_modes::dir ? &static_cast<const directory_file*>(open)->where : nullptr;
}

result<location> find_location(thread& t, i32 directory, std::string_view path, bool follow_last) {
  const process& p = process_of(t);
  auto from = start(p, directory, path);
  if (!from) return from.error();
  return namei::find(*p.paths, *from, p.identity, path, follow_last);
}

result<ref<vnode>> find(thread& t, i32 directory, std::string_view path, u32 at_flags) {
  if (path.empty() && (at_flags & at::empty_path) != 0) {
    if (directory == at::current_directory) return front(process_of(t).paths->current);
    auto open = process_of(t).descriptors->get(directory);
    if (!open) return open.error();
    if (!(*open)->node) return error::inval;
    return (*open)->node;
  }
  const process& p = process_of(t);
  auto from = start(p, directory, path);
  if (!from) return from.error();
  return namei::find_front(*p.paths, *from, p.identity, path, (at_flags & at::symlink_nofollow) == 0);
}

result<> find_name(thread& t, i32 directory, std::string_view path, namei::name_in_directory& out, bool follow_last) {
  const process& p = process_of(t);
  auto from = start(p, directory, path);
  if (!from) return from.error();
  return namei::find_name(*p.paths, *from, p.identity, path, follow_last, out);
}

namespace {

result<> may_change_names(const process& p, vnode& directory) {
  return directory.permitted(p.identity, access_modes::write | access_modes::exec);
}

} // namespace

result<> may_make(const process& p, const namei::name_in_directory& n, bool directory) {
  if (n.where || !n.is_name) return error::exist;
  if (n.trailing_slash && !directory) return error::noent;
  return may_change_names(p, *n.side);
}

result<> may_take(const process& p, const namei::name_in_directory& n) {
  if (!n.where) return error::noent;
  vnode& gone = *front(n.where);
  ref<vnode> covered;
  std::string_view name;
  if (mounts::position(gone, covered, name) || mounts::covering(*n.side, n.name()) != nullptr) return error::busy;
  if (auto may = may_change_names(p, *n.side); !may) return may;
  stat d{}, f{};
  if (auto got = n.side->attributes(d); !got) return got;
  if ((d.mode & file_modes::sticky) == 0 || p.identity.may(privileges::act_as_owner) || p.identity.euid == d.uid) return {};
  if (auto got = gone.attributes(f); !got) return got;
  if (p.identity.euid != f.uid) return error::perm;
  return {};
}

result<> may_own(const process& p, vnode& v) {
  if (p.identity.may(privileges::act_as_owner)) return {};
  stat s{};
  if (auto got = v.attributes(s); !got) return got;
  if (s.uid != p.identity.euid) return error::perm;
  return {};
}

result<> change_mode(const process& p, vnode& v, u32 mode) {
  if (v.type == file_modes::lnk) return error::opnotsupp;
  if (auto may = may_own(p, v); !may) return may;
  attribute_change c;
  c.which = attribute_change::mode_bit;
  c.mode = mode & 07777;
  stat s{};
  if (!p.identity.may(privileges::keep_set_id) && v.attributes(s) && !p.identity.is_in(s.gid)) c.mode &= ~file_modes::setgid;
  return v.change(c);
}

result<> change_owner(const process& p, vnode& v, u32 user, u32 group) {
  stat s{};
  if (auto got = v.attributes(s); !got) return got;
  attribute_change c;
  if (user != ~0u) c.which |= attribute_change::owner_bit;
  if (group != ~0u) c.which |= attribute_change::group_bit;
  if (c.which == 0) return {};
  c.uid = user;
  c.gid = group;
  if (!p.identity.may(privileges::change_owner)) {
    // POSIX _POSIX_CHOWN_RESTRICTED: an owner may only give a file to another of his groups.
    if (s.uid != p.identity.euid || (user != ~0u && user != s.uid)) return error::perm;
    if (group != ~0u && group != s.gid && !p.identity.is_in(group)) return error::perm;
  }
  const u32 set_id = file_modes::setuid | ((s.mode & 010) != 0 ? file_modes::setgid : 0);
  if (v.type == file_modes::reg && (s.mode & set_id) != 0) {
    c.which |= attribute_change::mode_bit;
    c.mode = s.mode & 07777 & ~set_id;
  }
  return v.change(c);
}

result<> change_times(const process& p, vnode& v, const time_pair* times) {
  attribute_change c;
  c.which = attribute_change::access_time_bit | attribute_change::modify_time_bit;
  c.access = c.modification = {0, utime::now};
  if (times != nullptr) {
    c.access = times->access;
    c.modification = times->modification;
  }
  for (const timespec& t : {c.access, c.modification}) {
    if (t.nsec != utime::now && t.nsec != utime::omit && (t.nsec < 0 || t.nsec > 999'999'999)) return error::inval;
  }
  if (c.access.nsec == utime::omit && c.modification.nsec == utime::omit) return {};
  const bool both_now = c.access.nsec == utime::now && c.modification.nsec == utime::now;
  if (auto may = may_own(p, v); !may) {
    if (!both_now) return may;
    if (auto writable = v.permitted(p.identity, access_modes::write); !writable) return writable;
  }
  return v.change(c);
}

result<attribute_change> new_size(process& p, const vnode& v, i64 size) {
  if (size < 0) return error::inval;
  if (v.type == file_modes::dir) return error::isdir;
  if (v.type != file_modes::reg) return error::inval;
  if (static_cast<u64>(size) > p.limits[resources::fsize].cur) {
    signals::send(p, signals::from_kernel(signals::xfsz));
    return error::fbig;
  }
  attribute_change c;
  c.which = attribute_change::size_bit;
  c.size = size;
  return c;
}

} // namespace polyabi::reference::paths
