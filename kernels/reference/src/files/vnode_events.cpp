// Who watches which file, and the names that open files go by.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include "unseen_file.hpp"

#include <cstring>

namespace polyabi::reference {

namespace {

constinit intrusive_list<vnode_watch, &vnode_watch::in_all> all_watches;
constinit u32 last_cookie = 0;

void tell(vnode& node, const vnode_report& report) {
  for (vnode_watch* w = node.watches.front(); w != nullptr;) {
    vnode_watch* following = node.watches.next(*w);
    w->happened(*w, report);
    w = following;
  }
}

/// The watches leave a file for good; each may be freed.
void tell_gone(vnode& node) {
  while (vnode_watch* w = node.watches.front()) {
    w->leave();
    w->gone(*w);
  }
}

bool has_names(vnode& node) {
  stat s{};
  return !node.attributes(s) || s.nlink != 0;
}

/// Told in its directory and, without the name, to the file itself.
void tell_both(vnode* directory, std::string_view name, vnode& node, u32 what, bool nameless) {
  vnode_report report{what, name, node.type == file_modes::dir, nameless};
  if (directory != nullptr) tell(*directory, report);
  report.name = {};
  tell(node, report);
}

open_name* find_open_name(const vnode& node, const vnode& directory, std::string_view name) {
  for (open_name* n = node.open_names; n != nullptr; n = n->next)
    if (!n->removed && n->directory.get() == &directory && n->view() == name) return n;
  return nullptr;
}

} // namespace

void vnode_watch::leave() {
  if (node == nullptr) return;
  vnode& left = *std::exchange(node, nullptr);
  left.watches.remove(*this);
  all_watches.remove(*this);
  if (left.references == 0 && left.watches.empty()) left.release();
}

bool vnode::ending() {
  if (watches.empty()) return true;
  if (has_names(*this)) return false;
  ++references; // nobody releases it meanwhile
  vnode_events::happened_to_itself(*this, vnode_events::bits<vnode_event::self_deleted>);
  tell_gone(*this);
  --references;
  return true;
}

void open_name::release() {
  open_name** at = &node->open_names;
  while (*at != this) at = &(*at)->next;
  *at = next;
  heap::destroy(this);
}

namespace vnode_events {

bool nobody_watches() {
  return all_watches.empty();
}

void watch(vnode& node, vnode_watch& by) {
  unseen_file::look_at_all();
  (void)node.host_descriptor(); // what is watched is held
  by.node = &node;
  node.watches.push_back(by);
  all_watches.push_back(by);
}

void happened(file& f, u32 what) {
  if (nobody_watches() || !f.node || (f.flags & open_flags::path) != 0) return;
  if (!f.name) return happened(*f.node, what);
  tell_both(f.name->directory.get(), f.name->view(), *f.node, what, f.name->removed);
}

void happened(vnode& node, vnode* directory, std::string_view name, u32 what) {
  if (!nobody_watches()) tell_both(directory, name, node, what, false);
}

void happened(vnode& node, u32 what) {
  if (nobody_watches()) return;
  const auto above = node.parent();
  char name[name_limit + 1];
  if (above && !(*above)->watches.empty())
    if (const auto size = node.name_in_parent(name, sizeof name)) return tell_both(above->get(), {name, *size}, node, what, false);
  tell_both(nullptr, {}, node, what, false);
}

void happened_to_itself(vnode& node, u32 what) {
  // A directory that goes or moves does not say that it is one (inotify(7) has it so since its beginning).
  const bool plain = (what & bits<event::self_deleted, event::self_moved>) != 0;
  tell(node, {what, {}, node.type == file_modes::dir && !plain});
}

void happened_in(vnode& directory, std::string_view name, bool is_directory, u32 what, u32 cookie) {
  tell(directory, {what, name, is_directory, false, cookie});
}

void moved(vnode& from, std::string_view name, vnode& to, std::string_view new_name, vnode& node, vnode* replaced) {
  open_name* const covered = replaced != nullptr ? find_open_name(*replaced, to, new_name) : nullptr;
  if (covered != nullptr) covered->removed = true;
  if (open_name* known = find_open_name(node, from, name); known != nullptr && known->text.set(new_name))
    known->directory = ref<vnode>{&to};
  if (nobody_watches()) return;
  if (++last_cookie == 0) ++last_cookie; // 0 is no cookie
  const bool is_directory = node.type == file_modes::dir;
  happened_in(from, name, is_directory, bits<event::moved_from>, last_cookie);
  happened_in(to, new_name, is_directory, bits<event::moved_to>, last_cookie);
  if (replaced != nullptr) happened_to_itself(*replaced, bits<event::attributes>);
  happened_to_itself(node, bits<event::self_moved>);
}

void name_removed(vnode& directory, std::string_view name, vnode& node) {
  if (open_name* known = find_open_name(node, directory, name)) {
    known->removed = true;
    return;
  }
  // Those who have it open by other names, removed before, do not count: Linux tells of the end of a name that is nobody's.
  if (node.type == file_modes::dir || node.watches.empty() || has_names(node)) return;
  happened_to_itself(node, bits<event::self_deleted>);
  tell_gone(node);
}

void unmounted(const void* file_system) {
  for (bool again = true; again;) {
    again = false;
    for (vnode_watch* w = all_watches.front(); w != nullptr; w = all_watches.next(*w)) {
      if (w->node->file_system() != file_system) continue;
      const ref<vnode> node{w->node};
      happened_to_itself(*node, bits<event::unmounted>);
      tell_gone(*node);
      again = true;
      break; // any watch may have gone with it, this one as well
    }
  }
}

ref<open_name> name_of(ref<vnode> directory, std::string_view name, vnode& node) {
  if (open_name* known = find_open_name(node, *directory, name)) return ref<open_name>{known};
  ref<open_name> made{heap::create<open_name>()};
  if (!made) return {};
  made->node = &node;
  made->next = std::exchange(node.open_names, made.get());
  if (!made->text.set(name)) return {};
  made->directory = std::move(directory);
  return made;
}

} // namespace vnode_events

} // namespace polyabi::reference
