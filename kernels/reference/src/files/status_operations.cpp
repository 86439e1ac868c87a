// stat, statfs, access, and changes of attributes.
#include "known_paths.hpp"
#include "paths.hpp"

#include <polyabi/reference/vnode_events.hpp>

#include <base/lock_turn.hpp>
#include <descriptors/unlocked_use.hpp>

namespace polyabi::reference {

using paths::process_of;

namespace {

/// Whether a host tells of the file at the end of a path without that it is looked up. If not, everything else is still open.
/// Inline: after a host call each return is one that the processor has forgotten.
[[gnu::always_inline]] inline bool host_tells(const known_paths::question& asked, u32 at_flags, stat& out, result<>& told) {
  const kernel_lock::lending others_may_have_the_lock;
  host_vnode* const from = known_paths::find_place(asked).from;
  return from != nullptr &&
         from->tells_of({*from, asked.path}, asked.follow_last, (at_flags & at::birth_time) != 0, out, told);
}

/// The same without the kernel lock: nobody waits for others, and others do not wait.
[[gnu::always_inline]] inline bool host_tells_unlocked(const process& p, i32 directory, const credentials& who, std::string_view path,
                                                       u32 at_flags, stat& out, result<>& told) {
  const location* const start = paths::start_unlocked(p, directory, path);
  if (start == nullptr) return false;
  const bool follow_last = (at_flags & at::symlink_nofollow) == 0;
  const known_paths::question wanted{*p.paths, *start, who, path, follow_last};
  const known_paths::sight seen{wanted};
  if (!seen) {
    told = error::noent;
    return known_paths::leads_nowhere(wanted);
  }
  const host_path asked{path};
  if (!asked) return false;
  const bool with_birth = (at_flags & at::birth_time) != 0;
  const i64 answer = host_vnode::ask_along(seen.from(), asked.view(), machine::host::links::on_the_way, with_birth, out);
  return seen.stands() && host_vnode::is_told(answer, follow_last, out, told);
}

/// Of an open file; if that is the host's alone, without the kernel lock.
result<> status_of(const process& p, i32 descriptor, bool with_birth, stat& out) {
  if (const unlocked_use use{p, descriptor, file_use::attributes}; use) {
    namespace host = machine::host;
    const i64 answer = with_birth ? host::attributes_of(use.descriptor(), out) : host::attributes_of_but_birth(use.descriptor(), out);
    if (answer >= 0 && (out.mode & file_modes::type_mask) == file_modes::reg) {
      use->told_regular();
      return {};
    }
  }
  const kernel_lock::locked lock;
  auto open = p.descriptors->get(descriptor);
  if (!open) return open.error();
  const kernel_lock::lending others_may_have_the_lock;
  return (*open)->attributes(out);
}

} // namespace

result<> file_operations::perform(op::stat, thread& t, i32 directory, std::string_view path, u32 at_flags, stat& out) {
  const process& p = process_of(t);
  const bool is_of_descriptor = path.empty() && (at_flags & at::empty_path) != 0;
  if (is_of_descriptor && directory != at::current_directory) return status_of(p, directory, (at_flags & at::birth_time) != 0, out);
  if (result<> told; host_tells_unlocked(p, directory, p.identity, path, at_flags, out, told)) return told;
  const kernel_lock::locked lock;
  if (is_of_descriptor) return front(p.paths->current)->attributes(out);
  auto from = paths::start(p, directory, path);
  if (!from) return from.error();
  const bool follow_last = (at_flags & at::symlink_nofollow) == 0;
  if (result<> told; host_tells({*p.paths, *from, p.identity, path, follow_last}, at_flags, out, told)) return told;
  auto found = namei::find_front(*p.paths, *from, p.identity, path, follow_last);
  return found ? (*found)->attributes(out) : found.error();
}

result<> file_operations::perform(op::fstat, thread& t, i32 descriptor, stat& out) {
  return status_of(process_of(t), descriptor, false, out);
}

result<> file_operations::perform(op::statfs, thread& t, std::string_view path, statfs& out) {
  auto node = paths::find(t, at::current_directory, path, 0);
  if (!node) return node.error();
  return (*node)->statistics(out);
}

result<> file_operations::perform(op::fstatfs, thread& t, i32 descriptor, statfs& out) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  return (*open)->statistics(out);
}

result<> file_operations::perform(op::access, thread& t, i32 directory, std::string_view path, u32 checks, u32 at_flags) {
  if ((checks & ~(access_modes::read | access_modes::write | access_modes::exec)) != 0) return error::inval;
  const process& p = process_of(t);
  credentials who = p.identity;
  if ((at_flags & at::eaccess) == 0) {
    who.euid = who.ruid;
    who.egid = who.rgid;
    who.are_given = false;
  }
  stat status;
  const auto judge = [&](const result<>& told) { return told && checks != 0 ? permits(status, who, checks) : told; };
  if (result<> told; host_tells_unlocked(p, directory, who, path, at_flags, status, told)) return judge(told);
  const kernel_lock::locked lock;
  if (path.empty() && (at_flags & at::empty_path) != 0) {
    auto node = paths::find(t, directory, path, at_flags);
    if (!node) return node.error();
    return (*node)->permitted(who, checks);
  }
  auto from = paths::start(p, directory, path);
  if (!from) return from.error();
  const bool follow_last = (at_flags & at::symlink_nofollow) == 0;
  if (result<> told; host_tells({*p.paths, *from, who, path, follow_last}, 0, status, told)) return judge(told);
  auto found = namei::find(*p.paths, *from, who, path, follow_last);
  if (!found) return found.error();
  if (checks == 0) return {};
  return front(*found)->permitted(who, checks);
}

namespace {

using vnode_events::bits;

/// An open file without a name, as what is changed.
struct nameless final : vnode {
  file& of;
  nameless(file& opened, u32 file_type) : vnode{file_type}, of{opened} {}
  void release() override { heap::destroy(this); }
  result<> attributes(stat& out) override { return of.attributes(out); }
  result<> change(const attribute_change& c) override { return of.change(c); }
  u64 device() const override { return 0; }
  u64 inode() const override { return 0; }
};

/// A file found to be changed, by a name or by an open file, and how its watches are told.
struct changed_file {
  ref<file> opened;
  ref<vnode> node; ///< goes before the open file
  namei::name_in_directory name;

  result<> tell(result<> done, u32 what) const {
    if (!done || what == 0) return done;
    if (opened && !opened->node) return done;
    if (opened)
      vnode_events::happened(*opened, what);
    else if (name.is_name && name.side)
      vnode_events::happened(*node, name.side.get(), name.name(), what);
    else
      vnode_events::happened(*node, what);
    return done;
  }
};

result<> find_file(thread& t, i32 directory, std::string_view path, u32 at_flags, changed_file& out) {
  if (path.empty() && (at_flags & at::empty_path) != 0) {
    auto found = paths::find(t, directory, path, at_flags);
    if (!found) return found.error();
    out.node = std::move(*found);
    return {};
  }
  const bool follow = (at_flags & at::symlink_nofollow) == 0;
  if (auto found = paths::find_name(t, directory, path, out.name, follow); !found) return found;
  if (!out.name.where) return error::noent;
  out.node = front(out.name.where);
  return {};
}

/// The file behind a descriptor that was opened for more than its path.
result<> find_file(thread& t, i32 descriptor, changed_file& out) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  if (((*open)->flags & open_flags::path) != 0) return error::badf;
  out.opened = std::move(*open);
  out.node = out.opened->node;
  if (out.node) return {};
  stat s{};
  if (auto got = out.opened->attributes(s); !got) return got;
  out.node = ref<vnode>{heap::create<nameless>(*out.opened, s.mode & file_modes::type_mask)};
  return out.node ? error::none : error::nomem;
}

u32 told_of_owner(u32 user, u32 group) {
  return user != ~0u || group != ~0u ? bits<vnode_event::attributes> : 0;
}

/// One time alone is changed by what else changes it.
u32 told_of_times(const time_pair* times) {
  const bool access = times == nullptr || times->access.nsec != utime::omit;
  const bool modification = times == nullptr || times->modification.nsec != utime::omit;
  if (access && modification) return bits<vnode_event::attributes>;
  return access ? bits<vnode_event::accessed> : modification ? bits<vnode_event::modified> : 0;
}

} // namespace

result<> file_operations::perform(op::chmod, thread& t, i32 directory, std::string_view path, u32 mode, u32 at_flags) {
  changed_file f;
  if (auto found = find_file(t, directory, path, at_flags, f); !found) return found;
  return f.tell(paths::change_mode(process_of(t), *f.node, mode), bits<vnode_event::attributes>);
}

result<> file_operations::perform(op::chown, thread& t, i32 directory, std::string_view path, u32 user, u32 group,
                                  u32 at_flags) {
  changed_file f;
  if (auto found = find_file(t, directory, path, at_flags, f); !found) return found;
  return f.tell(paths::change_owner(process_of(t), *f.node, user, group), told_of_owner(user, group));
}

result<> file_operations::perform(op::set_times, thread& t, i32 directory, std::string_view path, const time_pair* times,
                                  u32 at_flags) {
  changed_file f;
  if (auto found = find_file(t, directory, path, at_flags, f); !found) return found;
  return f.tell(paths::change_times(process_of(t), *f.node, times), told_of_times(times));
}

result<> file_operations::perform(op::truncate, thread& t, std::string_view path, i64 size) {
  changed_file f;
  if (auto found = find_file(t, at::current_directory, path, 0, f); !found) return found;
  if (auto may = f.node->permitted(process_of(t).identity, access_modes::write); !may) return may;
  auto change = paths::new_size(process_of(t), *f.node, size);
  if (!change) return change.error();
  return f.tell(f.node->change(*change), bits<vnode_event::modified>);
}

result<> file_operations::perform(op::fchmod, thread& t, i32 descriptor, u32 mode) {
  changed_file f;
  if (auto found = find_file(t, descriptor, f); !found) return found;
  return f.tell(paths::change_mode(process_of(t), *f.node, mode), bits<vnode_event::attributes>);
}

result<> file_operations::perform(op::fchown, thread& t, i32 descriptor, u32 user, u32 group) {
  changed_file f;
  if (auto found = find_file(t, descriptor, f); !found) return found;
  return f.tell(paths::change_owner(process_of(t), *f.node, user, group), told_of_owner(user, group));
}

result<> file_operations::perform(op::fset_times, thread& t, i32 descriptor, const time_pair* times) {
  changed_file f;
  if (auto found = find_file(t, descriptor, f); !found) return found;
  return f.tell(paths::change_times(process_of(t), *f.node, times), told_of_times(times));
}

result<> file_operations::perform(op::ftruncate, thread& t, i32 descriptor, i64 size) {
  auto open = process_of(t).descriptors->get(descriptor);
  if (!open) return open.error();
  if (((*open)->flags & open_flags::path) != 0) return error::badf;
  if (!(*open)->node || !open_flags::writes((*open)->flags)) return error::inval;
  auto change = paths::new_size(process_of(t), *(*open)->node, size);
  if (!change) return change.error();
  auto changed = (*open)->change(*change);
  if (changed) vnode_events::happened(**open, bits<vnode_event::modified>);
  return changed;
}

} // namespace polyabi::reference
