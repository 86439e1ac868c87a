// open(2).
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/open_files.hpp>
#include <polyabi/reference/text_writer.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include "known_paths.hpp"
#include "namei_tree.hpp"
#include "paths.hpp"
#include "presumption.hpp"
#include "unseen_file.hpp"

#include <base/lock_turn.hpp>

namespace polyabi::reference {

namespace {

u32 access_wanted(u32 flags) {
  u32 wanted = 0;
  switch (flags & open_flags::accmode) {
  case open_flags::rdonly: wanted = access_modes::read; break;
  case open_flags::wronly: wanted = access_modes::write; break;
  default: wanted = access_modes::read | access_modes::write; break;
  }
  if ((flags & open_flags::trunc) != 0) wanted |= access_modes::write;
  return wanted;
}

/// The file keeps the name that it was opened by. Directories know their only one, until they are removed.
void keep_name(file& opened, const namei::name_in_directory& name) {
  if (name.is_name && opened.node)
    opened.name = vnode_events::name_of(name.side, name.name(), *opened.node);
}

result<ref<file>> open_file_of(process& p, const location& where, u32 flags) {
  const ref<vnode>& node = front(where);
  const bool is_directory = node->type == file_modes::dir;
  if ((flags & open_flags::directory) != 0 && !is_directory) return error::notdir;
  if ((flags & open_flags::path) != 0) {
    return is_directory ? directory_file::make(where, flags) : path_file::make(node, flags);
  }
  if (node->type == file_modes::lnk) return error::loop;
  const u32 wanted = access_wanted(flags);
  if (is_directory && (wanted & access_modes::write) != 0) return error::isdir;
  if (auto may = node->permitted(p.identity, wanted); !may) return may.error();
  if ((flags & open_flags::noatime) != 0) {
    if (auto may = paths::may_own(p, *node); !may) return may.error();
  }
  return is_directory ? directory_file::make(where, flags) : node->open(flags);
}

result<ref<file>> open_existing(process& p, const namei::name_in_directory& name, u32 flags) {
  if (!name.where) return error::noent;
  auto opened = open_file_of(p, name.where, flags);
  if (opened) keep_name(**opened, name);
  return opened;
}

/// What is to be opened, and how.
struct request {
  location start;
  std::string_view path;
  u32 flags, mode;
  const lookup_rules& rules;
};

result<ref<file>> create_file(thread& t, const request& r, const namei::name_in_directory& name) {
  process& p = *t.owner;
  const auto& [start, path, flags, mode, rules] = r;
  if (name.trailing_slash) return error::isdir;
  if (auto may = paths::may_make(p, name, false); !may) return may.error();
  auto made = name.side->create_and_open(name.name(), mode & 07777 & ~p.paths->umask, flags & ~open_flags::trunc, p.identity);
  if (made) {
    keep_name(**made, name);
    vnode_events::happened_in(*name.side, name.name(), false, vnode_events::bits<vnode_event::created>);
  }
  if (made || made.error() != error::exist || (flags & open_flags::excl) != 0) return made;
  // Somebody outside this kernel was faster.
  namei::name_in_directory again;
  const bool follow = (flags & open_flags::nofollow) == 0;
  if (auto found = namei::find_name(*p.paths, start, p.identity, path, follow, again, rules); !found) return found.error();
  return open_existing(p, again, flags);
}

/// What is told to a walk that is made to open the file: how, if nothing but reading is wanted.
u32 opened_how(u32 flags) {
  constexpr u32 more = open_flags::path | open_flags::creat | open_flags::trunc | open_flags::append | open_flags::sync | open_flags::dsync;
  return (flags & (open_flags::accmode | more)) == open_flags::rdonly ? machine::host::open_how::read : 0;
}

/// One walk and what is made of it; nothing if the walk does not hold. A regular file that it ends at is asked for by opening it.
result<ref<file>> open_once(thread& t, const request& r, presumption& walk, bool& holds) {
  process& p = *t.owner;
  const u32 flags = r.flags;
  const bool create = (flags & open_flags::creat) != 0, exclusive = create && (flags & open_flags::excl) != 0;
  const bool follow = !exclusive && (flags & open_flags::nofollow) == 0;
  namei::name_in_directory name;
  auto found = namei::walk_to_name(*p.paths, r.start, p.identity, r.path, follow, name, r.rules);
  const bool makes = found && create && !name.where;
  const bool opens = found && name.where && !exclusive && front(name.where)->type == file_modes::reg && (flags & open_flags::path) == 0;
  holds = makes ? walk.holds_exactly() : walk.holds(opens ? front(name.where).get() : nullptr);
  if (!holds) return error::again;
  if (!found) return found.error();
  if (makes) return create_file(t, r, name);
  if (name.where && exclusive) return error::exist;
  if (name.where && create && front(name.where)->type == file_modes::dir) return error::isdir;
  auto opened = open_existing(p, name, flags);
  if (opens && !opened) holds = walk.holds();
  return opened;
}

/// Whether a file of the host's is opened without a walk: one that is known, or one of a known directory which nobody has in use. If not,
/// everything else is still open.
/// Inline: after a host call each return is one that the processor has forgotten.
[[gnu::always_inline]] inline bool host_opens(thread& t, const request& r, result<ref<file>>& opened) {
  constexpr u32 more = open_flags::directory | open_flags::noatime;
  if (opened_how(r.flags) == 0 || (r.flags & more) != 0 || r.rules.any()) return false;
  const process& p = *t.owner;
  const kernel_lock::lending others_may_have_the_lock;
  const known_paths::question asked{*p.paths, r.start, p.identity, r.path, (r.flags & open_flags::nofollow) == 0};
  if (const auto [from, known, over] = known_paths::find_file(asked); known != nullptr) {
    const ref<host_vnode> node{known};
    if (!node->reopens({*from, r.path, over}, r.flags, opened)) return false;
    if (opened && node->directory() != nullptr)
      (*opened)->name = vnode_events::name_of(ref<vnode>{node->directory()}, node->name(), *node);
    return true;
  }
  const auto [from, directory, name] = known_paths::find_place(asked);
  if (from == nullptr) return false;
  return directory->opens({*from, r.path}, name, r.flags, opened);
}

/// Flags that speak of the opening itself and not of the open file.
constexpr u32 opening_only = open_flags::creat | open_flags::excl | open_flags::trunc | open_flags::noctty | open_flags::cloexec |
                             open_flags::nofollow | open_flags::directory;

/// A file in a directory, but under no name of it.
result<ref<file>> open_unnamed(thread& t, const request& r) {
  process& p = *t.owner;
  const u32 flags = r.flags;
  if ((flags & open_flags::accmode) == open_flags::rdonly || (flags & open_flags::creat) != 0) return error::inval;
  namei::name_in_directory found;
  const bool follow = (flags & open_flags::nofollow) == 0;
  if (auto done = namei::find_name(*p.paths, r.start, p.identity, r.path, follow, found, r.rules); !done) return done.error();
  if (!found.where) return error::noent;
  const ref<vnode>& directory = front(found.where);
  if (directory->type != file_modes::dir) return error::notdir;
  if (auto may = directory->permitted(p.identity, access_modes::write | access_modes::exec); !may) return may.error();
  const bool linkable = (flags & open_flags::excl) == 0;
  auto made = directory->create_unnamed(r.mode & 07777 & ~p.paths->umask, flags & ~opening_only, linkable, p.identity);
  if (!made) return made;
  // Listings show a name that it might have had.
  char text[24];
  text_writer name{text, sizeof text};
  name.add("#").add_number((*made)->node->inode());
  (*made)->name = vnode_events::name_of(directory, {text, name.size()}, *(*made)->node);
  if ((*made)->name) (*made)->name->removed = true;
  return made;
}

result<ref<file>> open_file(thread& t, i32 directory, std::string_view path, u32 flags, u32 mode,
                            const lookup_rules& rules = {}) {
  process& p = *t.owner;
  if ((flags & open_flags::path) != 0) flags &= open_flags::path | open_flags::directory | open_flags::nofollow;
  auto start = rules.scoped() ? namei::directory_of(p, directory) : paths::start(p, directory, path);
  if (!start) return start.error();
  const request asked{std::move(*start), path, flags, mode, rules};
  if ((flags & (open_flags::tmpfile | open_flags::path)) == open_flags::tmpfile) return open_unnamed(t, asked);
  if ((flags & open_flags::creat) != 0 && (flags & open_flags::directory) != 0) return error::inval;
  result<ref<file>> first = error::again;
  if (host_opens(t, asked, first)) return first;
  const u32 how_opened = first.error() == error::loop ? 0 : opened_how(flags); // what is a link is not opened once more
  for (walk_attempt how;;) {
    const kernel_lock::lending others_may_have_the_lock{how.lends()};
    presumption walk{how.presumes(), path, how_opened};
    bool holds = true;
    if (auto opened = open_once(t, asked, walk, holds); holds) return opened;
    how.next(walk);
  }
}

/// What an open of this file means to others.
void tell_of_open(file& opened) {
  const bool cut = (opened.flags & open_flags::trunc) != 0 && opened.node && opened.node->type == file_modes::reg;
  opened.flags &= ~opening_only;
  // A pipe under its number in /proc was not made by this open.
  if ((opened.flags & open_flags::path) == 0 && (opened.node || opened.as_pipe() == nullptr)) opened.flags |= open_flags::largefile;
  vnode_events::happened(opened, vnode_events::bits<vnode_event::opened>);
  if (cut) vnode_events::happened(opened, vnode_events::bits<vnode_event::modified>);
}

} // namespace

result<ref<file>> service_functions::open_file(thread& t, std::string_view path, u32 flags, u32 mode) {
  auto opened = polyabi::reference::open_file(t, at::current_directory, path, flags, mode);
  if (opened) tell_of_open(**opened);
  return opened;
}

namespace {

/// What has been opened, or not, at the number that is reserved for it: there from now on, since nothing can fail any more before the
/// caller is told, and the lock is held just now.
result<new_descriptor> at_number(descriptor_table& table, i32 number, result<ref<file>> opened, u32 flags) {
  if (!opened) {
    table.cancel(number);
    return opened.error();
  }
  tell_of_open(**opened);
  table.install(number, std::move(*opened), (flags & open_flags::cloexec) != 0 ? fd_flags::cloexec : 0);
  return new_descriptor::existing(number);
}

result<new_descriptor> open_descriptor(thread& t, i32 directory, std::string_view path, u32 flags, u32 mode,
                                       const lookup_rules& rules) {
  process& p = *t.owner;
  const ref<descriptor_table> table = p.descriptors;
  // The number first: a file must not be made that then cannot be opened.
  auto number = table->reserve(0, descriptor_limit(p));
  if (!number) return number.error();
  return at_number(*table, *number, open_file(t, directory, path, flags, mode, rules), flags);
}

/// A file of the host's that is opened for the first time, without the kernel lock until it is open, and without asking which file it is
/// (unseen_file.hpp). If it is not one, everything else is still to be done.
bool opens_unlocked(thread& t, i32 directory, std::string_view path, u32 flags, result<new_descriptor>& opened) {
  constexpr u32 more = open_flags::directory | open_flags::noatime | open_flags::tmpfile;
  const u32 how = opened_how(flags);
  process& p = *t.owner;
  const location* const start = how == 0 || (flags & more) != 0 ? nullptr : paths::start_unlocked(p, directory, path);
  if (start == nullptr) return false;
  const known_paths::question wanted{*p.paths, *start, p.identity, path, (flags & open_flags::nofollow) == 0};
  const known_paths::sight seen{wanted};
  if (!seen) {
    opened = error::noent;
    return known_paths::leads_nowhere(wanted);
  }
  const host_path asked{path};
  if (!asked || !seen.is_opened_first()) return false;
  const i32 descriptor = machine::host::open_along(seen.from(), asked.view(), how | machine::host::open_how::nonblock);
  // Who does not wait for another end of a pipe need not know yet whether it is one, and most programs ask for the attributes first.
  const bool may_be_pipe = (flags & open_flags::nonblock) != 0 || seen.is_without_pipes();
  const bool is_right = may_be_pipe || (descriptor >= 0 && machine::host::is_bytes(descriptor));
  const kernel_lock::locked lock;
  if (descriptor < 0) {
    opened = host_error(descriptor);
    return seen.stands() && opened.error() == error::noent; // what else is wrong is found out name by name
  }
  const auto number = is_right && seen.stands() && vnode_events::nobody_watches() ? p.descriptors->reserve(0, descriptor_limit(p)) : error::again;
  if (!number) {
    machine::host::close(descriptor);
    opened = number.error();
    return opened.error() != error::again;
  }
  opened = at_number(*p.descriptors, *number, unseen_file::make(*seen.directory(), seen.name(), flags, descriptor, !may_be_pipe), flags);
  return true;
}

} // namespace

result<new_descriptor> file_operations::perform(op::open, thread& t, i32 directory, std::string_view path, u32 flags, u32 mode) {
  if (result<new_descriptor> opened = error::again; opens_unlocked(t, directory, path, flags, opened)) return opened;
  const kernel_lock::locked lock;
  return open_descriptor(t, directory, path, flags, mode, {});
}

result<new_descriptor> file_services::open_under(thread& t, i32 directory, std::string_view path, u32 flags, u32 mode,
                                                 const lookup_rules& rules) {
  const kernel_lock::locked lock;
  return open_descriptor(t, directory, path, flags, mode, rules);
}

} // namespace polyabi::reference
