// Paths to vnodes: the generic walk of vfs/ over this kernel's tree.
#include <polyabi/reference/open_files.hpp>
#include <polyabi/reference/process.hpp>

#include "known_paths.hpp"
#include "namei_tree.hpp"

#include <base/lock_turn.hpp>

#include <cstring>

namespace polyabi::reference::namei {

static_assert(vfs::name_limit == name_limit && vfs::path_limit == path_limit);

error tree::number(errc name) {
  switch (name) {
  case errc::noent: return error::noent;
  case errc::notdir: return error::notdir;
  case errc::nametoolong: return error::nametoolong;
  case errc::loop: return error::loop;
  case errc::xdev: return error::xdev;
  default: return error::io;
  }
}

result<tree::node> tree::lookup(const node& directory, std::string_view name) {
  presumption* const walk = presumption::here();
  if (vnode* mounted = mounts::covering(*directory, name)) {
    if (walk != nullptr) walk->saw_name();
    if (one_file_system) return error::xdev;
    return node{mounted};
  }
  auto named = directory->lookup(name);
  if (one_file_system && named && !same_file_system(directory, *named)) return error::xdev;
  // What is absent from a directory in memory is not missed again without notice.
  if (walk != nullptr && (named || !directory->is_in_memory())) walk->saw_name();
  return named;
}

result<tree::node> tree::parent(const node& directory) {
  ref<vnode> covered;
  std::string_view name;
  if (mounts::position(*directory, covered, name)) {
    if (one_file_system) return error::xdev;
    return covered;
  }
  if (directory == mounts::root()) return directory;
  auto above = directory->parent();
  // One that was removed is still known to have stood somewhere, if it is open.
  for (const open_name* n = directory->open_names; n != nullptr && !above; n = n->next)
    if (n->directory) above = n->directory;
  if (one_file_system && above && !same_file_system(directory, *above)) return error::xdev;
  return above;
}

result<usize> tree::name_in_parent(const node& n, char* to, usize limit) {
  ref<vnode> covered;
  std::string_view name;
  if (!mounts::position(*n, covered, name)) return n->name_in_parent(to, limit);
  if (name.size() > limit) return error::range;
  std::memcpy(to, name.data(), name.size());
  return name.size();
}

namespace {

/// The file that a path is known to lead to, if it still does.
ref<vnode> find_known(const known_paths::question& asked) {
  const kernel_lock::lending others_may_have_the_lock;
  return known_paths::ask(asked);
}

/// Where a walk begins: at the directory of its last name, if the way to that is known.
struct beginning {
  location directory;
  std::string_view path;
  beginning(const known_paths::question& asked, presumption* walk) : path{asked.path} {
    if (host_vnode* known = walk != nullptr ? known_paths::find_directory(asked, *walk, path) : nullptr)
      directory.native = ref<vnode>{known};
    else
      directory = asked.start;
  }
};

result<location> walk(const known_paths::question& asked) {
  tree t{asked.who};
  for (walk_attempt how;;) {
    const kernel_lock::lending others_may_have_the_lock{how.lends()};
    presumption walk{how.presumes()};
    const beginning begin{asked, how.presumes() ? &walk : nullptr};
    vfs::found<tree::node> found;
    auto done = vfs::lookup<reroot>(t, asked.context.root, begin.directory, begin.path, {asked.follow_last, false, {}}, found);
    if (!walk.holds()) {
      how.next(walk);
      continue;
    }
    if (!done) return done.error();
    if (how.presumes()) known_paths::keep(asked, walk, found.where);
    return std::move(found.where);
  }
}

} // namespace

result<location> find(const path_context& context, const location& start, const credentials& who, std::string_view path,
                      bool follow_last) {
  const known_paths::question asked{context, start, who, path, follow_last};
  if (auto known = find_known(asked)) return location{{}, std::move(known)};
  return walk(asked);
}

result<ref<vnode>> find_front(const path_context& context, const location& start, const credentials& who, std::string_view path,
                              bool follow_last) {
  auto found = find(context, start, who, path, follow_last);
  if (!found) return found.error();
  return front(*found);
}

result<location> find(const process& p, std::string_view path, bool follow_last) {
  return find(*p.paths, p.paths->current, p.identity, path, follow_last);
}

result<> find_name(const path_context& context, const location& start, const credentials& who, std::string_view path,
                   bool follow_last, name_in_directory& out, const lookup_rules& rules) {
  for (bool presuming = true;; presuming = false) {
    presumption walk{presuming};
    out = {};
    auto done = walk_to_name(context, start, who, path, follow_last, out, rules);
    if (done ? walk.holds_exactly() : walk.holds()) return done;
  }
}

result<> walk_to_name(const path_context& context, const location& start, const credentials& who, std::string_view path,
                      bool follow_last, name_in_directory& out, const lookup_rules& rules) {
  presumption* const walk = presumption::here();
  const known_paths::question asked{context, start, who, path, follow_last};
  // Of a path that is known nobody knows what was on the way.
  if (host_vnode* known = walk != nullptr && !rules.any() ? known_paths::find_named(asked, *walk) : nullptr) {
    out.where = {{}, ref<vnode>{known}};
    out.side = ref<vnode>{known->directory()};
    out.directory = {{}, out.side};
    out.size = known->name().size();
    std::memcpy(out.text, known->name().data(), out.size);
    return {};
  }
  tree t{who, rules.one_file_system};
  vfs::found<tree::node> found;
  const location& root = rules.scoped() ? start : context.root;
  const beginning begin{asked, rules.any() ? nullptr : walk};
  if (auto done = vfs::lookup<reroot>(t, root, begin.directory, begin.path, {follow_last, true, rules}, found); !done) return done;
  if (walk != nullptr && !rules.any() && found.last == vfs::ending::name) known_paths::keep(asked, *walk, found.where);
  out.where = std::move(found.where);
  out.directory = std::move(found.directory);
  out.trailing_slash = found.trailing_slash;
  out.is_name = found.last == vfs::ending::name && out.directory;
  out.ends_in_dot = found.last == vfs::ending::dot;
  out.ends_in_dot_dot = found.last == vfs::ending::dot_dot;
  if (!out.is_name) return {};
  out.size = found.name_size;
  std::memcpy(out.text, found.name_text, found.name_size);
  if (!out.where) out.side = vfs::side_for_new_names<reroot>(t, out.directory);
  else if (out.where.emulation && out.directory.emulation) out.side = front(out.where) == out.where.emulation
                                                                          ? out.directory.emulation
                                                                          : out.directory.native;
  else out.side = out.where.native && out.directory.native ? out.directory.native : front(out.directory);
  return {};
}

result<location> directory_of(const process& p, i32 descriptor) {
  if (descriptor == at::current_directory) return p.paths->current;
  auto open = p.descriptors->get(descriptor);
  if (!open) return open.error();
  file& f = **open;
  if (!f.node || f.node->type != file_modes::dir) return error::notdir;
  return static_cast<const directory_file&>(f).where;
}

result<usize> path_of(const path_context& context, const vnode& of, char* to, usize limit) {
  tree t{superuser};
  ref<vnode> here{const_cast<vnode*>(&of)};
  usize begin = limit; // built from the end
  while (!(here == context.root.native) && !(here == context.root.emulation)) {
    if (here == mounts::root()) return error::noent;
    char name[name_limit + 1];
    const auto size = t.name_in_parent(here, name, sizeof name);
    if (!size) return size.error();
    if (*size + 1 > begin) return error::range;
    begin -= *size + 1;
    to[begin] = '/';
    std::memcpy(to + begin + 1, name, *size);
    auto up = t.parent(here);
    if (!up) return up.error();
    here = std::move(*up);
  }
  if (begin == limit) {
    if (limit == 0) return error::range;
    to[--begin] = '/';
  }
  std::memmove(to, to + begin, limit - begin);
  return limit - begin;
}

void enter_emulation(path_context& context, std::string_view emulation_root) {
  const ref<vnode> native = context.root.native ? context.root.native : context.root.emulation;
  const ref<vnode> current = context.current.native ? context.current.native : context.current.emulation;
  ref<vnode> emulation;
  if (!emulation_root.empty()) {
    const path_context plain{{{}, native}, {{}, native}};
    if (auto found = find(plain, plain.root, superuser, emulation_root); found && found->native->type == file_modes::dir)
      emulation = found->native;
  }
  if (emulation == context.root.emulation) return;
  context.root = {std::move(emulation), native};
  tree t{superuser};
  context.current = vfs::complete(t, context.root, {{}, current});
}

} // namespace polyabi::reference::namei
