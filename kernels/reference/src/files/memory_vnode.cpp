// Files, links and names in memory.
#include "memory_vnode.hpp"

#include "known_paths.hpp"

#include <polyabi/reference/kept_attributes.hpp>
#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/file_systems.hpp>
#include <polyabi/reference/pipe.hpp>
#include <polyabi/reference/settings.hpp>

#include <cstring>

namespace polyabi::reference {

namespace {

/// `stat::dev` of the mounts, in order; the numbers below belong to devices.hpp's file systems.
u64 last_mount_id = 0x100;

u32 hash_of(std::string_view name) {
  u32 hash = 2166136261; // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<u8>(c)) * 16777619;
  return hash;
}

/// `statfs::flags`, in the host's numbers as its own file systems have them (include/linux/statfs.h): ST_VALID, ST_RDONLY.
constexpr u64 flags_are_told = 0x20, is_read_only = 1;

} // namespace

memory_mount* memory_vnode::make_mount(std::string_view size_setting) {
  auto* mount = heap::create<memory_mount>();
  if (mount == nullptr) return nullptr;
  mount->id = ++last_mount_id;
  mount->own_limit = settings::size(size_setting) / page_size;
  return mount;
}

result<ref<vnode>> make_memory_file_system(u32 mode, bool frozen, std::string_view size) {
  memory_mount* mount = memory_vnode::make_mount(size.empty() ? settings::find("tmpfs.size") : size);
  if (mount == nullptr) return error::nomem;
  mount->frozen = frozen;
  auto* root = heap::create<memory_vnode>(*mount, file_modes::dir | mode, 0u, 0u);
  if (root == nullptr) {
    heap::destroy(mount);
    return error::nomem;
  }
  return ref<vnode>{root};
}

result<> set_read_only(vnode& root, bool read_only) {
  if (!root.is_in_memory()) return error::inval;
  return static_cast<memory_vnode&>(root).set_read_only(read_only);
}

result<> memory_vnode::set_read_only(bool read_only) {
  if (read_only && mount_.writers != 0) return error::busy;
  mount_.read_only = read_only;
  return {};
}

memory_vnode::memory_vnode(memory_mount& mount, u32 mode, u32 user, u32 group)
    : vnode{mode & file_modes::type_mask}, bytes{mount}, mount_{mount} {
  ++mount_.vnodes;
  stat_.dev = mount_.id;
  stat_.ino = ++mount_.last_inode;
  stat_.mode = mode;
  stat_.nlink = type == file_modes::dir ? 2 : 0;
  stat_.uid = user;
  stat_.gid = group;
  stat_.blksize = page_size;
  stat_.atime = stat_.mtime = stat_.ctime = stat_.birthtime = file_time();
}

memory_vnode::~memory_vnode() {
  known_paths::forget();
  while (memory_entry* e = entries_.front()) drop(*e);
  if (target_ != nullptr) heap::deallocate(target_, type == file_modes::lnk ? static_cast<usize>(stat_.size) : label_size_);
}

void memory_vnode::release() {
  memory_mount& mount = mount_;
  heap::destroy(this);
  if (--mount.vnodes == 0) heap::destroy(&mount);
}

void memory_vnode::accessed() {
  if (!mount_.read_only) stat_.atime = file_time();
}
void memory_vnode::modified() { stat_.mtime = stat_.ctime = file_time(); }

result<> memory_vnode::attributes(stat& out) {
  out = stat_;
  out.size = size();
  out.blocks = static_cast<i64>(type == file_modes::reg ? bytes.stored() / 512 : 0);
  return {};
}

bool memory_vnode::set_label(std::string_view text) {
  target_ = static_cast<char*>(heap::allocate(text.size()));
  if (target_ == nullptr) return false;
  std::memcpy(target_, text.data(), text.size());
  label_size_ = text.size();
  return true;
}

result<> memory_vnode::permitted(const credentials& who, u32 access) {
  const bool is_kept_here = type == file_modes::reg || type == file_modes::dir || type == file_modes::lnk;
  if (mount_.read_only && (access & access_modes::write) != 0 && is_kept_here) return error::rofs;
  return vnode::permitted(who, access);
}

result<> memory_vnode::change(const attribute_change& c) {
  using change = attribute_change;
  if (mount_.read_only) return error::rofs;
  const bool changes_execution = (c.which & change::mode_bit) != 0 && ((c.mode ^ stat_.mode) & 0111) != 0;
  if (changes_execution && has_seal(file_seals<file_seal::exec>)) return error::perm;
  if ((c.which & change::size_bit) != 0) {
    if (type != file_modes::reg) return type == file_modes::dir ? error::isdir : error::inval;
    if (c.size < size() && has_seal(file_seals<file_seal::shrink>)) return error::perm;
    if (c.size > size() && has_seal(file_seals<file_seal::grow>)) return error::perm;
    if (auto resized = bytes.resize(static_cast<u64>(c.size)); !resized) return resized;
    modified();
  }
  apply_to(stat_, c);
  return {};
}

memory_entry* memory_vnode::find(std::string_view name) const {
  const u32 hash = hash_of(name);
  for (memory_entry* e = entries_.front(); e != nullptr; e = entries_.next(*e)) {
    if (e->hash == hash && e->name() == name) return e;
  }
  return nullptr;
}

result<ref<vnode>> memory_vnode::lookup(std::string_view name) {
  if (type != file_modes::dir) return error::notdir;
  memory_entry* e = find(name);
  if (e == nullptr) return error::noent;
  return ref<vnode>{e->node.get()};
}

result<ref<vnode>> memory_vnode::parent() {
  if (place_ == nullptr) return error::noent;
  return ref<vnode>{place_->directory};
}

result<usize> memory_vnode::name_in_parent(char* to, usize limit) {
  if (place_ == nullptr) return error::noent;
  if (place_->size > limit) return error::range;
  std::memcpy(to, place_->text(), place_->size);
  return place_->size;
}

/// Gives a node a name here. The name is free.
result<> memory_vnode::enter(std::string_view name, memory_vnode& node) {
  const bool removed = place_ == nullptr && stat_.nlink == 0;
  if (removed) return error::noent;
  auto* e = static_cast<memory_entry*>(heap::allocate(sizeof(memory_entry) + name.size()));
  if (e == nullptr) return error::nospc;
  ::new (e) memory_entry;
  e->node = ref<memory_vnode>{&node};
  e->cookie = ++last_cookie_;
  e->hash = hash_of(name);
  e->size = name.size();
  e->directory = this;
  std::memcpy(e->text(), name.data(), name.size());
  known_paths::forget();
  entries_.push_back(*e);
  node.place_ = e;
  if (node.type == file_modes::dir) ++stat_.nlink;
  else ++node.stat_.nlink;
  node.stat_.ctime = file_time();
  modified();
  return {};
}

/// Takes a name away.
void memory_vnode::drop(memory_entry& e) {
  known_paths::forget();
  ref<memory_vnode> node = std::move(e.node);
  if (node->place_ == &e) node->place_ = nullptr;
  if (node->type == file_modes::dir) {
    --stat_.nlink;
    node->stat_.nlink = 0;
  } else {
    --node->stat_.nlink;
  }
  node->stat_.ctime = file_time();
  modified();
  entries_.remove(e);
  const usize size = sizeof(memory_entry) + e.size;
  e.~memory_entry();
  heap::deallocate(&e, size);
}

/// A file that belongs into this directory, without a name so far.
result<ref<memory_vnode>> memory_vnode::make_here(u32 mode, const credentials& who) {
  // A directory with the set-group bit gives its group to what is made in it (4.4BSD does so always, POSIX allows both).
  const bool inherits = (stat_.mode & file_modes::setgid) != 0;
  if (inherits && (mode & file_modes::type_mask) == file_modes::dir) mode |= file_modes::setgid;
  auto* made = heap::create<memory_vnode>(mount_, mode, who.euid, inherits ? stat_.gid : who.egid);
  if (made == nullptr) return error::nospc;
  return ref<memory_vnode>{made};
}

result<ref<vnode>> memory_vnode::add(std::string_view name, u32 mode, const credentials& who) {
  if (type != file_modes::dir) return error::notdir;
  if (find(name) != nullptr) return error::exist;
  auto made = make_here(mode, who);
  if (!made) return made.error();
  if (auto entered = enter(name, **made); !entered) return entered.error();
  return ref<vnode>{made->get()};
}

result<ref<vnode>> memory_vnode::add_mount_point(std::string_view name) {
  if (!mount_.frozen) return error::rofs;
  if (auto found = lookup(name)) return found;
  return add(name, file_modes::dir | 0755, credentials{});
}

result<ref<vnode>> memory_vnode::create(std::string_view name, u32 mode, const credentials& who) {
  if (mount_.is_fixed()) return error::rofs;
  return add(name, file_modes::reg | (mode & 07777), who);
}

result<ref<file>> memory_vnode::create_unnamed(u32 mode, u32 flags, bool linkable, const credentials& who) {
  if (type != file_modes::dir) return error::notdir;
  if (mount_.is_fixed()) return error::rofs;
  auto made = make_here(file_modes::reg | mode, who);
  if (!made) return made.error();
  (*made)->awaits_name_ = linkable;
  return (*made)->open(flags);
}

result<ref<vnode>> memory_vnode::make_directory(std::string_view name, u32 mode, const credentials& who) {
  if (mount_.is_fixed()) return error::rofs;
  return add(name, file_modes::dir | (mode & 07777), who);
}

result<ref<vnode>> memory_vnode::make_node(std::string_view name, u32 mode, u64 device, const credentials& who) {
  if (mount_.is_fixed()) return error::rofs;
  auto made = add(name, mode, who);
  if (made) static_cast<memory_vnode&>(**made).stat_.rdev = device;
  return made;
}

result<> memory_vnode::make_symbolic_link(std::string_view name, std::string_view target, const credentials& who) {
  if (mount_.is_fixed()) return error::rofs;
  auto* text = static_cast<char*>(heap::allocate(target.size()));
  if (text == nullptr) return error::nospc;
  auto made = add(name, file_modes::lnk | 0777, who);
  if (!made) {
    heap::deallocate(text, target.size());
    return made.error();
  }
  std::memcpy(text, target.data(), target.size());
  auto& link = static_cast<memory_vnode&>(**made);
  link.target_ = text;
  link.stat_.size = static_cast<i64>(target.size());
  return {};
}

result<> memory_vnode::link(std::string_view name, vnode& existing) {
  if (existing.file_system() != file_system()) return error::xdev;
  if (mount_.is_fixed()) return error::rofs;
  if (find(name) != nullptr) return error::exist;
  auto& node = static_cast<memory_vnode&>(existing);
  if (node.type == file_modes::dir) return error::perm;
  if (node.stat_.nlink == 0 && !node.awaits_name_) return error::noent;
  auto entered = enter(name, node);
  if (entered) node.awaits_name_ = false;
  return entered;
}

result<> memory_vnode::remove(std::string_view name, bool directory) {
  memory_entry* e = find(name);
  if (e == nullptr) return error::noent;
  if (mount_.is_fixed()) return error::rofs;
  const bool is_directory = e->node->type == file_modes::dir;
  if (directory && !is_directory) return error::notdir;
  if (!directory && is_directory) return error::isdir;
  if (directory && !e->node->entries_.empty()) return error::notempty;
  drop(*e);
  return {};
}

/// Whether this stands somewhere below `other`, or is it.
bool memory_vnode::is_below(const memory_vnode& other) const {
  const memory_vnode* here = this;
  while (here != &other && here->place_ != nullptr) here = here->place_->directory;
  return here == &other;
}

/// Names stay where they are and change their files.
result<> memory_vnode::exchange(memory_entry& mine, memory_vnode& other_directory, memory_entry& other) {
  if (mine.node == other.node) return {};
  if (other_directory.is_below(*mine.node) || is_below(*other.node)) return error::inval;
  const bool mine_placed = mine.node->place_ == &mine, other_placed = other.node->place_ == &other;
  std::swap(mine.node, other.node);
  if (mine_placed) other.node->place_ = &other;
  if (other_placed) mine.node->place_ = &mine;
  for (memory_vnode* directory : {this, &other_directory}) {
    directory->stat_.nlink = 2 + directory->directories();
    directory->modified();
  }
  mine.node->stat_.ctime = other.node->stat_.ctime = file_time();
  return {};
}

result<> memory_vnode::rename(std::string_view name, vnode& new_directory, std::string_view new_name, renaming how) {
  if (new_directory.file_system() != file_system()) return error::xdev;
  if (mount_.is_fixed()) return error::rofs;
  auto& target = static_cast<memory_vnode&>(new_directory);
  memory_entry* from = find(name);
  if (from == nullptr) return error::noent;
  const ref<memory_vnode> node = from->node;
  const bool is_directory = node->type == file_modes::dir;
  if (is_directory && target.is_below(*node)) return error::inval;
  memory_entry* replaced = target.find(new_name);
  if (how == renaming::to_free && replaced != nullptr) return error::exist;
  if (how == renaming::exchange) return replaced == nullptr ? result<>{error::noent} : exchange(*from, target, *replaced);
  if (replaced != nullptr) {
    if (replaced->node == node) return {}; // two names of one file: rename(2) does nothing
    const bool replaces_directory = replaced->node->type == file_modes::dir;
    if (is_directory && !replaces_directory) return error::notdir;
    if (!is_directory && replaces_directory) return error::isdir;
    if (replaces_directory && !replaced->node->entries_.empty()) return error::notempty;
  }
  // The new name first: it is the step that can fail.
  if (auto entered = target.enter(new_name, *node); !entered) return entered;
  memory_entry* const place = node->place_;
  if (replaced != nullptr) target.drop(*replaced);
  drop(*from);
  node->place_ = place;
  if (is_directory) node->stat_.nlink = 2 + node->directories();
  return {};
}

u64 memory_vnode::directories() const {
  u64 count = 0;
  for (memory_entry* e = entries_.front(); e != nullptr; e = entries_.next(*e)) count += e->node->type == file_modes::dir;
  return count;
}

result<> memory_vnode::read_entries(i64 position, directory_visitor visitor) {
  if (type != file_modes::dir) return error::notdir;
  for (memory_entry* e = entries_.front(); e != nullptr; e = entries_.next(*e)) {
    if (e->cookie <= position) continue;
    if (!visitor.visit(visitor.state, {e->node->stat_.ino, e->cookie, static_cast<u8>(e->node->type >> 12), e->name()})) break;
  }
  accessed();
  return {};
}

result<usize> memory_vnode::read_link(char* to, usize limit) {
  if (type != file_modes::lnk) return error::inval;
  const usize size = static_cast<usize>(stat_.size) < limit ? static_cast<usize>(stat_.size) : limit;
  std::memcpy(to, target_, size);
  return size;
}

result<ref<file>> memory_vnode::open(u32 flags) {
  switch (type) {
  case file_modes::dir: return vnode::open(flags);
  case file_modes::fifo: return open_fifo(ref<vnode>{this}, flags);
  case file_modes::lnk: return error::loop;
  case file_modes::reg: break;
  case file_modes::chr: {
    auto opened = open_device(stat_.rdev, flags);
    return opened || opened.error() != error::nodev ? std::move(opened) : error::nxio;
  }
  default: return error::nxio;
  }
  auto* made = heap::create<memory_file>(ref<vnode>{this}, flags);
  if (made == nullptr) return error::nomem;
  ref<file> answer{made};
  if ((flags & open_flags::trunc) != 0 && (flags & open_flags::accmode) != open_flags::rdonly) {
    attribute_change cut;
    cut.which = attribute_change::size_bit;
    if (auto done = change(cut); !done) return done.error();
  }
  return answer;
}

result<usize> memory_vnode::get_attribute(std::string_view name, std::span<char> to) { return attributes_.get(name, to); }

result<> memory_vnode::set_attribute(std::string_view name, std::span<const char> value, attribute_rule rule) {
  if (mount_.read_only) return error::rofs;
  auto set = attributes_.set(name, value, rule);
  if (set) stat_.ctime = file_time();
  return set;
}

result<usize> memory_vnode::list_attributes(const credentials& who, std::span<char> to) { return attributes_.list(who, to); }

result<> memory_vnode::remove_attribute(std::string_view name) {
  if (mount_.read_only) return error::rofs;
  auto removed = attributes_.remove(name);
  if (removed) stat_.ctime = file_time();
  return removed;
}

result<> memory_vnode::statistics(statfs& out) {
  out = {};
  out.type = file_system_types::memory;
  out.bsize = out.frsize = page_size;
  const u64 limit = mount_.page_limit();
  out.blocks = limit;
  out.bfree = out.bavail = mount_.pages < limit ? limit - mount_.pages : 0;
  out.files = limit;
  out.ffree = out.favail = limit - mount_.vnodes;
  out.fsid = mount_.id;
  out.namelen = name_limit;
  out.flags = flags_are_told | (mount_.read_only ? is_read_only : 0);
  return {};
}

} // namespace polyabi::reference
