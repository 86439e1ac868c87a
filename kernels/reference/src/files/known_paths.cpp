#include "known_paths.hpp"

#include "text_hash.hpp"

#include <polyabi/reference/mount.hpp>

#include <base/host_answers.hpp>
#include <base/lock_turn.hpp>

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
  i32 asked_from; ///< where the host is asked for names in it without a look at a vnode; `nowhere`: they are not
  bool follow_last;
  host_way::over over;
  u8 size;
  char text[longest];
};

constexpr i32 nowhere = host_vnode::nowhere;
/// Each path has two places.
constexpr usize entry_count = 512;
constinit entry entries[entry_count]{};
entry& place_of(u64 hash, usize which) { return entries[(hash ^ which) % entry_count]; }
u64 generation = 1;
u32 places_written_over = 0;
u64 entries_written = 0; ///< odd: one is being written

/// Without the lock an entry may be another by and by: then what this says does not count.
[[gnu::always_inline]] inline bool is_same(const entry& e, u64 hash, const question& q, u64 valid) {
  return e.generation == valid && e.hash == hash && e.follow_last == q.follow_last &&
         is_same_text({e.text, e.size}, q.path) && e.root_emulation == q.context.root.emulation.get() &&
         e.root_native == q.context.root.native.get() && e.start_emulation == q.start.emulation.get() &&
         e.start_native == q.start.native.get();
}

/// The entry of a path in one of its places, or null.
[[gnu::always_inline]] inline const entry* find(const question& q, u64 hash, u64 valid) {
  const entry* e = &place_of(hash, 0);
  for (usize tries = 2; !is_same(*e, hash, q, valid); e = &place_of(hash, 1))
    if (--tries == 0) return nullptr;
  return e;
}

/// Where a path is kept already, or a place that is void, or one of its two by turns.
entry& place_for(const question& q, u64 hash) {
  if (const entry* known = find(q, hash, generation)) return const_cast<entry&>(*known);
  entry &first = place_of(hash, 0), &second = place_of(hash, 1);
  for (entry* e : {&first, &second})
    if (e->generation != generation) return *e;
  return ++places_written_over % 2 == 0 ? first : second;
}

/// Others than these may not search all directories that the host searches for them.
bool may_use(const credentials& who) { return who.may(privileges::pass_permissions) || host_vnode::is_hosts_own(who); }

const entry* look_up(const question& q) {
  if (q.path.size() > entry::longest) return nullptr;
  const entry* e = find(q, hash_of(q.path), generation);
  return e != nullptr && may_use(q.who) ? e : nullptr;
}

/// A path, and the last name of it: "." and ".." are none.
struct split_path {
  std::string_view directory, name; ///< no name: this is not to be split
  explicit split_path(std::string_view path) {
    usize begin = path.size();
    while (begin != 0 && path[begin - 1] != '/') --begin;
    const usize size = path.size() - begin;
    // What leads out of the emulation has a view of its own (vfs/lookup.hpp).
    const bool leads_out = path.size() > 2 && path[0] == '/' && path[1] == '.' && path[2] == '.';
    const bool is_of_dots = size <= 2 && path.find_first_not_of('.', begin) == path.npos;
    directory = {path.data(), begin < 2 ? begin : begin - 1};
    if (!leads_out && !is_of_dots && size <= name_limit) name = {path.data() + begin, size};
  }
};

const entry* look_up_directory(const question& q, const split_path& split) {
  if (split.name.empty()) return nullptr;
  const entry* e = look_up({q.context, q.start, q.who, split.directory, true});
  return e != nullptr && e->over == host_way::over::names && e->node->type == file_modes::dir ? e : nullptr;
}

void keep(const question& q, host_vnode& from, host_vnode& to, host_way::over over = host_way::over::names) {
  if (q.path.size() > entry::longest || !may_use(q.who)) return;
  const u64 hash = hash_of(q.path);
  entry& e = place_for(q, hash);
  const bool is_plain = to.type == file_modes::dir && over == host_way::over::names && !mounts::covers_in(to);
  __atomic_store_n(&entries_written, entries_written + 1, __ATOMIC_RELAXED);
  __atomic_thread_fence(__ATOMIC_RELEASE);
  e = {generation, hash, q.context.root.emulation.get(), q.context.root.native.get(), q.start.emulation.get(), q.start.native.get(),
       &to, &from, is_plain ? from.asked_from(q.path) : nowhere, q.follow_last, over, static_cast<u8>(q.path.size()), {}};
  std::memcpy(e.text, q.path.data(), q.path.size());
  __atomic_store_n(&entries_written, entries_written + 1, __ATOMIC_RELEASE);
  for (host_vnode* on_the_way = &to; on_the_way != nullptr; on_the_way = on_the_way->directory()) on_the_way->is_on_known_path = true;
}

const location& beginning(const question& q) { return q.path.starts_with('/') ? q.context.root : q.start; }

void keep_directory(const question& q, host_vnode& from, host_vnode& directory) {
  const split_path split{q.path};
  if (split.name.empty() || (&from == &directory && beginning(q).merged())) return; // both: there is more in it
  keep({q.context, q.start, q.who, split.directory, true}, from, directory);
}

} // namespace

known_file find_file(const question& q) {
  const entry* e = look_up(q);
  return e != nullptr ? known_file{e->from, e->node, e->over} : known_file{};
}

ref<vnode> ask(const question& q) {
  const auto [from, known, over] = find_file(q);
  if (known == nullptr) return {};
  ref<host_vnode> node{known}; // others may have the lock, and the entry, while the host looks
  // Nothing but names is on the way (presumption::only_way), or links: the host can be asked for the very path.
  return node->stands_at_end({*from, q.path, over}) ? ref<vnode>{node.get()} : nullptr;
}

place find_place(const question& q) {
  const split_path split{q.path};
  const entry* e = look_up_directory(q, split);
  if (e == nullptr || mounts::covering(*e->node, split.name) != nullptr) return {};
  return {e->from, e->node, split.name};
}

[[gnu::no_sanitize("thread")]] sight::sight(const question& q) : generation_{__atomic_load_n(&generation, __ATOMIC_ACQUIRE)}, is_seen_{false} {
  const split_path split{q.path};
  if (split.name.empty() || split.directory.size() > entry::longest || !may_use(q.who)) return;
  const u64 written = __atomic_load_n(&entries_written, __ATOMIC_ACQUIRE);
  const entry* e = find({q.context, q.start, q.who, split.directory, true}, hash_of(split.directory), generation_);
  if (e == nullptr) return;
  from_ = e->asked_from;
  directory_ = e->node;
  name_ = split.name;
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  is_seen_ = from_ != nowhere && written % 2 == 0 && __atomic_load_n(&entries_written, __ATOMIC_RELAXED) == written;
}

namespace {

/// Paths that have been opened: of the last one that has its place here, more of its hash.
constexpr usize opened_count = 4096;
constinit u32 opened[opened_count]{};

} // namespace

bool sight::is_opened_first() const {
  const u64 hash = hash_of(name_, mix_word(generation_, reinterpret_cast<u64>(directory_)));
  const auto mark = static_cast<u32>(hash >> 32) | 1;
  return __atomic_exchange_n(&opened[hash % opened_count], mark, __ATOMIC_RELAXED) != mark;
}

bool sight::stands() const { return __atomic_load_n(&generation, __ATOMIC_ACQUIRE) == generation_; }

bool leads_nowhere(const question& q) {
  constexpr u32 levels = 3;
  std::string_view above = split_path{q.path}.directory;
  for (u32 i = 0; i < levels && above.size() > 1; ++i, above = split_path{above}.directory) {
    const sight seen{{q.context, q.start, q.who, above, true}};
    if (!seen) continue;
    const host_path asked{above};
    stat there;
    const i64 answer = asked ? machine::host::attributes_along(seen.from(), asked.view(), machine::host::links::on_the_way, there) : 0;
    return answer < 0 && host_error(answer) == error::noent && seen.stands();
  }
  return false;
}

host_vnode* find_named(const question& q, presumption& walk) {
  const entry* e = look_up(q);
  if (e == nullptr || e->over != host_way::over::names || e->node == e->from || !q.path.ends_with(e->node->name())) return nullptr;
  if (beginning(q).merged() && e->node->directory() == e->from) return nullptr;
  walk.resumes(*e->from, *e->node);
  return e->node;
}

host_vnode* find_directory(const question& q, presumption& walk, std::string_view& path) {
  const split_path split{q.path};
  const entry* e = look_up_directory(q, split);
  if (e == nullptr) return nullptr;
  walk.resumes(*e->from, *e->node);
  path = split.name;
  return e->node;
}

void keep(const question& q, const presumption& walk, const location& found) {
  const presumption::whole_way to_file = walk.only_way(), to_question = walk.way_to_question();
  const vnode* const begin = beginning(q).native.get();
  if (to_file.to != nullptr && to_file.from == begin && !found.emulation && found.native.get() == to_file.to) {
    keep(q, *to_file.from, *to_file.to);
    keep_directory(q, *to_file.from, *to_file.to->directory());
    return;
  }
  if (to_question.to != nullptr && to_question.from == begin) keep_directory(q, *to_question.from, *to_question.to);
  const presumption::whole_way over_links = walk.way_over_links(found.native.get());
  if (over_links.to == nullptr || over_links.from != begin || found.emulation || !q.follow_last) return;
  if (over_links.to->is_in_view_of(q.context.root.native.get())) keep(q, *over_links.from, *over_links.to, host_way::over::links);
}

void forget() { __atomic_store_n(&generation, generation + 1, __ATOMIC_RELEASE); }

} // namespace polyabi::reference::known_paths
