// The table of mounts.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include "known_paths.hpp"

#include <cstring>
#include <utility>

namespace polyabi::reference::mounts {

namespace {

struct text {
  char characters[128];
  usize size;
  explicit text(std::string_view from) : size{from.size() < sizeof characters ? from.size() : sizeof characters} {
    std::memcpy(characters, from.data(), size);
  }
  std::string_view view() const { return {characters, size}; }
};

struct mount {
  ref<vnode> directory; ///< null: the root of everything
  text name;
  ref<vnode> tree;
  text source, type, options;
  mount* next = nullptr;
};

// Plain pointers: kernel globals have no destructors.
mount* first;
mount* last;

/// A bit for each directory in which names are covered: most have none, whatever number of mounts there is.
u64 covered_in;

u64 bit_of(const vnode* directory) {
  return u64{1} << (reinterpret_cast<u64>(directory) * 0x9e37'79b9'7f4a'7c15 >> 58);
}

u64 change_count;
wait_queue* waiting; ///< made when somebody is to wait

void tell_of_change() {
  ++change_count;
  if (waiting != nullptr) waiting->wake_all(poll_events::err | poll_events::pri);
}

void note_directories() {
  known_paths::forget();
  tell_of_change();
  covered_in = 0;
  for (const mount* m = first; m != nullptr; m = m->next) covered_in |= bit_of(m->directory.get());
}

bool may_cover_in(const vnode& directory) { return (covered_in & bit_of(&directory)) != 0; }

mount* find(const vnode& directory, std::string_view name) {
  if (!may_cover_in(directory)) return nullptr;
  mount* m = first;
  while (m != nullptr && (m->directory.get() != &directory || m->name.view() != name)) m = m->next;
  return m;
}

result<> append(ref<vnode> directory, std::string_view name, ref<vnode> tree, const description& about) {
  (void)tree->host_descriptor(); // a file that is bound is held
  auto* made = heap::create<mount>(std::move(directory), text{name}, std::move(tree), text{about.source}, text{about.type},
                                   text{about.options});
  if (made == nullptr) return error::nomem;
  (last != nullptr ? last->next : first) = made;
  last = made;
  note_directories();
  return {};
}

} // namespace

u64 changes() { return change_count; }
wait_queue* changed() {
  if (waiting == nullptr) waiting = heap::create<wait_queue>();
  return waiting;
}

ref<vnode> root() { return first != nullptr ? first->tree : ref<vnode>{}; }

result<> set_root(ref<vnode> tree, const description& about) {
  if (first != nullptr) return error::busy;
  return append({}, "", std::move(tree), about);
}

result<> add(ref<vnode> directory, std::string_view name, ref<vnode> tree, const description& about) {
  if (covering(*directory, name) != nullptr) return error::busy;
  if (name.empty() || name.size() > sizeof text::characters) return error::inval;
  return append(std::move(directory), name, std::move(tree), about);
}

void set_options(const vnode& tree, std::string_view options) {
  for (mount* m = first; m != nullptr; m = m->next)
    if (m->tree.get() == &tree) m->options = text{options};
  tell_of_change();
}

result<> remove(const vnode& directory, std::string_view name) {
  mount* before = nullptr;
  for (mount* m = first; m != nullptr; before = m, m = m->next) {
    if (m->directory.get() != &directory || m->name.view() != name) continue;
    (before != nullptr ? before->next : first) = m->next;
    if (last == m) last = before;
    m->tree->unmounted();
    heap::destroy(m);
    note_directories();
    return {};
  }
  return error::inval;
}

result<> move(const vnode& directory, std::string_view name, ref<vnode> new_directory, std::string_view new_name) {
  mount* moved = find(directory, name);
  if (moved == nullptr || new_name.empty() || new_name.size() > sizeof text::characters) return error::inval;
  if (find(*new_directory, new_name) != nullptr) return error::busy;
  moved->directory = std::move(new_directory);
  moved->name = text{new_name};
  note_directories();
  return {};
}

result<> exchange_root(const vnode& directory, std::string_view name, ref<vnode> old_directory, std::string_view old_name) {
  mount* m = find(directory, name);
  if (m == nullptr || old_name.empty() || old_name.size() > sizeof text::characters) return error::inval;
  if (find(*old_directory, old_name) != nullptr) return error::busy;
  // The two entries change what they hold, so that the root's stays the first.
  std::swap(first->tree, m->tree);
  std::swap(first->source, m->source);
  std::swap(first->type, m->type);
  std::swap(first->options, m->options);
  m->directory = std::move(old_directory);
  m->name = text{old_name};
  note_directories();
  return {};
}

bool covers_in(const vnode& directory) {
  const mount* m = may_cover_in(directory) ? first : nullptr;
  while (m != nullptr && m->directory.get() != &directory) m = m->next;
  return m != nullptr;
}

vnode* covering(const vnode& directory, std::string_view name) {
  const mount* m = find(directory, name);
  return m != nullptr ? m->tree.get() : nullptr;
}

bool position(const vnode& tree, ref<vnode>& directory, std::string_view& name) {
  for (mount* m = first; m != nullptr; m = m->next) {
    if (m->tree.get() != &tree || !m->directory) continue;
    directory = m->directory;
    name = m->name.view();
    return true;
  }
  return false;
}

bool at(usize index, ref<vnode>& tree, description& out) {
  mount* m = first;
  while (m != nullptr && index-- > 0) m = m->next;
  if (m == nullptr) return false;
  tree = m->tree;
  out = {m->source.view(), m->type.view(), m->options.view()};
  return true;
}

void clear() {
  while (first != nullptr) {
    mount* gone = first;
    first = gone->next;
    vnode_events::unmounted(gone->tree->file_system());
    gone->tree->unmounted();
    heap::destroy(gone);
  }
  last = nullptr;
  note_directories();
  heap::destroy(std::exchange(waiting, nullptr));
}

} // namespace polyabi::reference::mounts
