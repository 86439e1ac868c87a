#include "known_paths.hpp"

#include <cstring>

namespace polyabi::reference::known_paths {

namespace {

struct entry {
  static constexpr usize longest = 95;
  u64 generation; ///< another one: it is void
  u64 hash;
  // Compared, and used only while the generation lasts.
  const vnode *root_emulation, *root_native, *start_emulation, *start_native;
  host_vnode *node, *from;
  bool follow_last;
  u8 size;
  char text[longest];
};

constexpr usize entry_count = 256;
constinit entry entries[entry_count]{};
u64 generation = 1;

u64 mix(u64 hash, const char* word_at) {
  u64 word;
  std::memcpy(&word, word_at, sizeof word);
  hash = (hash ^ word) * 0x9e37'79b9'7f4a'7c15;
  return hash ^ hash >> 32;
}

/// The last word overlaps the one before.
u64 hash_of(std::string_view path) {
  const char* const text = path.data();
  const usize size = path.size();
  u64 hash = size;
  if (size < 8) {
    char word[8]{};
    std::memcpy(word, text, size);
    return mix(hash, word);
  }
  for (usize at = 0; at + 8 < size; at += 8) hash = mix(hash, text + at);
  return mix(hash, text + size - 8);
}

bool is_same(const entry& e, u64 hash, const question& q) {
  return e.generation == generation && e.hash == hash && e.follow_last == q.follow_last &&
         std::string_view{e.text, e.size} == q.path && e.root_emulation == q.context.root.emulation.get() &&
         e.root_native == q.context.root.native.get() && e.start_emulation == q.start.emulation.get() &&
         e.start_native == q.start.native.get();
}

/// Others than these may not search all directories that the host searches for them.
bool may_use(const credentials& who) { return who.may(privileges::pass_permissions) || host_vnode::is_hosts_own(who); }

const entry* look_up(const question& q) {
  if (q.path.size() > entry::longest) return nullptr;
  const u64 hash = hash_of(q.path);
  const entry& e = entries[hash % entry_count];
  return is_same(e, hash, q) && may_use(q.who) ? &e : nullptr;
}

} // namespace

ref<vnode> ask(const question& q) {
  const entry* e = look_up(q);
  if (e == nullptr) return {};
  ref<host_vnode> node{e->node}; // others may have the lock, and the entry, while the host looks
  // Nothing but names is on the way (presumption::only_way): the host can be asked for the very path.
  return node->stands_at_end({*e->from, q.path}) ? ref<vnode>{node.get()} : nullptr;
}

host_vnode* find_named(const question& q, presumption& walk) {
  const entry* e = look_up(q);
  if (e == nullptr || !q.path.ends_with(e->node->name())) return nullptr;
  const bool begins_in_both = (q.path.starts_with('/') ? q.context.root : q.start).merged();
  if (begins_in_both && e->node->directory() == e->from) return nullptr;
  walk.resumes(*e->from, *e->node);
  return e->node;
}

void keep(const question& q, const presumption& walk, const location& found) {
  const presumption::whole_way way = walk.only_way();
  const ref<vnode>& from = q.path.starts_with('/') ? q.context.root.native : q.start.native;
  if (way.to == nullptr || found.emulation || found.native.get() != way.to || from.get() != way.from) return;
  if (q.path.size() > entry::longest || !may_use(q.who)) return;
  const u64 hash = hash_of(q.path);
  entry& e = entries[hash % entry_count];
  e = {generation, hash, q.context.root.emulation.get(), q.context.root.native.get(), q.start.emulation.get(), q.start.native.get(),
       way.to, way.from, q.follow_last, static_cast<u8>(q.path.size()), {}};
  std::memcpy(e.text, q.path.data(), q.path.size());
}

void forget() { ++generation; }

} // namespace polyabi::reference::known_paths
