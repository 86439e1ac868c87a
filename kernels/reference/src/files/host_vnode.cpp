// The life of host vnodes: the table by device and inode, and where each stands.
#include "host_vnode.hpp"

#include "known_paths.hpp"
#include "text_hash.hpp"
#include "unseen_file.hpp"

#include <polyabi/reference/file_systems.hpp>

#include <base/lock_turn.hpp>

#include <cstring>
#include <utility>

namespace polyabi::reference {

namespace host = machine::host;

namespace {

u64 all_moves = 0;

} // namespace

u64 host_vnode::moves() { return all_moves; }
constinit u64 host_vnode::pipe_names = 1;

/// A number of an inode may have been given to another file since one that is not held was seen: then it is known by its type at best.
host_vnode* host_mount::find(const stat& a) {
  host_vnode* v = buckets[a.ino % bucket_count];
  while (v != nullptr && !v->is_this(a)) v = v->next_in_bucket_;
  return v;
}

ref<host_vnode>& host_mount::place_of(const host_vnode& v) {
  const u64 hash = v.inode_ ^ (v.inode_ >> 9);
  return v.descriptor_ >= 0 ? held[hash % held_count] : named[hash % named_count];
}

void host_mount::keep(host_vnode& v) { place_of(v) = ref<host_vnode>{&v}; }

void host_mount::keep_if_opened_before(host_vnode& v) {
  u16& last = opened_[v.inode_ % opened_count];
  const auto mark = static_cast<u16>(v.inode_ / opened_count + 1);
  if (std::exchange(last, mark) == mark) keep(v);
}

bool host_mount::keeps(const host_vnode& v) { return place_of(v).get() == &v; }

void host_mount::forget(host_vnode& v) {
  if (keeps(v)) place_of(v) = {};
}

void host_mount::forget_all() {
  for (auto& place : held) place = {};
  for (auto& place : named) place = {};
}

host_vnode*& host_mount::by_name(const host_vnode& directory, std::string_view name) {
  const u64 hash = hash_of(name, mix_word(0, directory.inode_)); // names count up, and inodes do
  host_vnode *&first = names[hash % name_count], *&second = names[(hash ^ 1) % name_count];
  if (first != nullptr && first->is_called(name, directory)) return first;
  if (second != nullptr && second->is_called(name, directory)) return second;
  return first == nullptr || second != nullptr ? first : second;
}

result<ref<vnode>> make_host_file_system(i32 descriptor) {
  stat a;
  i64 answer = host::attributes_of(descriptor, a);
  auto* mount = answer < 0 ? nullptr : heap::create<host_mount>();
  if (mount == nullptr) {
    host::close(descriptor);
    return answer < 0 ? host_error(answer) : error::nomem;
  }
  mount->is_top = host::is_top(descriptor);
  auto root = host_vnode::make(*mount, descriptor, a, nullptr, {});
  if (!root) heap::destroy(mount);
  else mount->root = static_cast<host_vnode*>(root->get());
  return root;
}

result<ref<vnode>> host_vnode::make(host_mount& mount, i32 descriptor, const stat& a, host_vnode* parent,
                                    std::string_view name) {
  auto* made = heap::create<host_vnode>(mount, descriptor, a);
  if (made == nullptr) {
    if (descriptor >= 0) host::close(descriptor);
    return error::nomem;
  }
  made->note(a);
  ref<vnode> answer{made};
  if (parent != nullptr) {
    if (auto placed = made->set_place(parent, name); !placed) return placed.error();
  }
  return answer;
}

host_vnode::host_vnode(host_mount& mount, i32 descriptor, const stat& a)
    : vnode{a.mode & file_modes::type_mask}, mount_{mount}, descriptor_{descriptor}, device_{a.dev},
      inode_{a.ino} {
  host_vnode*& bucket = mount_.buckets[inode_ % host_mount::bucket_count];
  next_in_bucket_ = bucket;
  bucket = this;
  ++mount_.vnodes;
}

host_vnode::~host_vnode() {
  host_vnode** at = &mount_.buckets[inode_ % host_mount::bucket_count];
  while (*at != this) at = &(*at)->next_in_bucket_;
  *at = next_in_bucket_;
  if (is_on_known_path) known_paths::forget();
  if (descriptor_ >= 0) host::close(descriptor_);
  close_unclosed();
  leave_place();
}

void host_vnode::release() {
  host_mount& mount = mount_;
  if (mount.root == this) mount.root = nullptr;
  heap::destroy(this);
  if (--mount.vnodes == 0) heap::destroy(&mount);
}

/// What the host has just said of this file: nobody here changes it in this turn without saying so.
void host_vnode::note(const stat& a) {
  noted_ = a;
  noted_in_turn_ = kernel_lock::turn();
}

bool host_vnode::is_this(const stat& a) const {
  return inode_ == a.ino && device_ == a.dev && type == (a.mode & file_modes::type_mask);
}

i64 host_vnode::ask(const host_way& way, stat& a) const {
  return way.is_name ? host::attributes_at(way.directory, way.text().data(), a)
                     : host::attributes_along(way.directory, way.text(), followed_on(way), a);
}

host::links host_vnode::followed_on(const host_way& way) const {
  return way.leads == host_way::over::links ? host::links::everywhere : mount_.is_top ? host::links::on_the_way : host::links::nowhere;
}

i64 host_vnode::know_attributes() {
  if (noted_in_turn_ == kernel_lock::turn()) return 0;
  noted_in_turn_ = 0;
  constexpr i64 absent = -i64{static_cast<u16>(error::noent)};
  const i32 held = descriptor_ >= 0 ? descriptor_ : lent_;
  if (held < 0 && !parent_) return absent;
  stat a;
  i64 answer;
  if (held < 0) answer = ask({*parent_, name(), true}, a);
  else if (presumption::here() != nullptr) answer = host::attributes_of(held, a);
  else if (!kernel_lock::lend_while([&] { answer = host::attributes_of(held, a); }) && (answer < 0 || !is_this(a)))
    return know_attributes(); // it was closed meanwhile
  if (answer < 0) return answer;
  if (held < 0) {
    if (!is_this(a)) return absent;
    presumed_in_turn_ = 0;
  }
  note(a);
  return 0;
}

bool host_vnode::is_presumed() const { return presumed_in_turn_ == kernel_lock::turn(); }

void host_vnode::presume() { presumed_in_turn_ = kernel_lock::turn(); }

bool host_vnode::confirm(presumption* lends) {
  if (!is_presumed()) return true;
  if (!parent_) return false;
  stat a;
  i64 answer;
  const host_way way{*parent_, name(), true};
  if (lends == nullptr) {
    answer = ask(way, a);
  } else {
    const u64 moves = all_moves;
    if (!kernel_lock::lend_while([&] { answer = ask(way, a); })) lends->others_had_the_lock(*this, moves);
  }
  if (answer < 0 || !is_this(a)) return false;
  note(a);
  presumed_in_turn_ = 0;
  return lends == nullptr || !lends->has_failed();
}

bool host_vnode::stands_at_end(const host_way& way) {
  stat a;
  i64 answer;
  if (!asking([&] { answer = ask(way, a); }) || answer < 0 || !is_this(a)) return false;
  note(a);
  return true;
}

i32 host_vnode::host_descriptor() const {
  if (descriptor_ >= 0 || lent_ >= 0) return descriptor_ >= 0 ? descriptor_ : lent_;
  if (!parent_) return -static_cast<i32>(error::noent);
  const i32 opened = host::open(parent_->descriptor_, host_name{name()}.text, host::open_how::path_only, 0);
  if (opened < 0) return opened;
  stat a;
  if (host::attributes_of(opened, a) < 0 || !is_this(a)) {
    host::close(opened);
    return -static_cast<i32>(error::noent);
  }
  auto* self = const_cast<host_vnode*>(this);
  const bool kept = mount_.keeps(*self);
  const ref<host_vnode> meanwhile{self};
  if (kept) mount_.forget(*self);
  descriptor_ = opened;
  if (kept) mount_.keep(*self);
  return opened;
}

void host_vnode::lend(i32 descriptor) {
  if (descriptor_ < 0 && lent_ < 0) lent_ = descriptor;
}

void host_vnode::give_back(i32 descriptor) {
  if (lent_ != descriptor) return;
  // Besides the open file that ends and what is kept there may be others, who do not know the file by its name.
  const u32 own = mount_.keeps(*this) ? 2 : 1;
  if (references > own) {
    const bool kept = own == 2;
    if (kept) mount_.forget(*this);
    descriptor_ = host::reopen(descriptor, host::open_how::path_only);
    if (kept) mount_.keep(*this);
  }
  lent_ = -1;
}

result<> host_vnode::set_place(host_vnode* parent, std::string_view name) {
  if (presumption* walk = is_presumed() ? presumption::here() : nullptr) walk->fail();
  if (parent_) ++all_moves;
  leave_place();
  placed_in_turn_ = 0;
  if (!name_.set(name)) return error::nomem;
  parent_ = ref<host_vnode>{parent};
  mount_.by_name(*parent, name) = this;
  return {};
}

void host_vnode::leave_place() {
  close_unclosed();
  if (parent_) {
    if (is_on_known_path) known_paths::forget();
    host_vnode*& entry = mount_.by_name(*parent_, name());
    if (entry == this) entry = nullptr;
  }
  parent_ = {};
}

/// Whether the host still has this file under the name it was found by. Others than this kernel rename files too.
bool host_vnode::stands_at_place() {
  if (!parent_) return false;
  const u64 turn = kernel_lock::turn();
  if (placed_in_turn_ == turn) return true;
  if (presumption::here() == nullptr) {
    // With one question for the whole way: who asks for a path asks for each of its names.
    for (host_vnode* v = this; v->parent_; v = v->parent_.get()) v->presume();
    const bool stands = confirm();
    for (host_vnode* v = this; v->parent_; v = v->parent_.get()) {
      v->presumed_in_turn_ = 0;
      if (stands) v->placed_in_turn_ = turn;
    }
    if (stands) return true;
  }
  stat a;
  return host::attributes_at(parent_->descriptor_, host_name{name()}.text, a) >= 0 && is_this(a);
}

bool host_vnode::is_called(std::string_view name, const host_vnode& in) const {
  return parent_.get() == &in && is_same_text(this->name(), name);
}

void host_way::put_in_front(std::string_view part) {
  begin_ -= part.size();
  std::memcpy(begin_, part.data(), part.size());
}

void host_way::begin_at(const host_vnode& sure) {
  from = ref<host_vnode>{const_cast<host_vnode*>(&sure)};
  if (is_name || !sure.is_top()) {
    directory = sure.descriptor_;
    return;
  }
  directory = host::top;
  *--begin_ = '/';
}

host_way::host_way(const host_vnode& in, std::string_view name, bool over_presumed) : begin_{space_ + limit} {
  *begin_ = '\0';
  put_in_front(name);
  const host_vnode* begin = &in;
  for (; over_presumed && begin->is_presumed() && begin->parent_; begin = begin->parent_.get()) {
    if (begin->name().size() + 2 > static_cast<usize>(begin_ - space_)) {
      if (presumption* walk = presumption::here()) walk->fail(); // too long: it is walked name by name
      break;
    }
    *--begin_ = '/';
    put_in_front(begin->name());
    is_name = false;
  }
  begin_at(*begin);
}

host_way::host_way(const host_vnode& above, std::string_view path, over what)
    : is_name{false}, leads{what}, begin_{space_ + limit} {
  while (path.starts_with('/')) path.remove_prefix(1);
  *begin_ = '\0';
  put_in_front(path);
  begin_at(above);
}

result<ref<vnode>> host_vnode::lookup(std::string_view name) {
  if (type != file_modes::dir) return error::notdir;
  presumption* const walk = presumption::here();
  host_vnode* known = mount_.by_name(*this, name);
  if (known != nullptr && !known->is_called(name, *this)) known = nullptr;
  if (walk != nullptr && known != nullptr && walk->takes(*this, *known)) return ref<vnode>{known};
  if (walk != nullptr) walk->asks(*this);
  const host_way way{*this, name, walk != nullptr};
  if (walk != nullptr && known == nullptr && walk->wants_opened(name)) {
    auto opened = lookup_opened(*walk, way, name);
    if (opened || opened.error() == error::noent) return opened;
  }
  stat a;
  i64 answer;
  const u64 moves = all_moves;
  if (!kernel_lock::lend_while([&] { answer = ask(way, a); }) && !goes_on(walk, moves)) return error::noent;
  if (walk != nullptr && (answer >= 0 || answer == -i64{static_cast<u16>(error::noent)})) walk->asked(*this);
  // Whatever else is wrong with a whole way is found out name by name, also that the host cannot be asked so.
  else if (walk != nullptr && !way.is_name) walk->fail();
  if (answer < 0) return host_error(answer);
  known = mount_.find(a);
  if (known == nullptr && (a.mode & file_modes::type_mask) == file_modes::reg) {
    auto made = make(mount_, -1, a, this, name);
    if (made) mount_.keep(static_cast<host_vnode&>(**made));
    return made;
  }
  if (known == nullptr) return is_sure(walk) ? lookup_held(name) : error::noent;
  return found(*known, a, name);
}

/// Others have had the lock since the host was asked for a name here: whether the walk goes on.
bool host_vnode::goes_on(presumption* walk, u64 moves) {
  if (walk == nullptr) return moves == all_moves;
  walk->others_had_the_lock(*this, moves);
  return !walk->has_failed();
}

/// Whether this is the file that the walk means: more is going to be done with it than to look further.
bool host_vnode::is_sure(presumption* walk) {
  if (walk == nullptr || confirm()) return true;
  walk->fail();
  return false;
}

/// What is no regular file, and was not in use.
result<ref<vnode>> host_vnode::lookup_held(std::string_view name) {
  const i32 opened = host::open(descriptor_, host_name{name}.text, host::open_how::path_only, 0);
  if (opened < 0) return host_error(opened);
  stat a;
  if (const i64 answer = host::attributes_of(opened, a); answer < 0) {
    host::close(opened);
    return host_error(answer);
  }
  if (host_vnode* known = mount_.find(a); known != nullptr) {
    host::close(opened);
    return found(*known, a, name);
  }
  auto made = make(mount_, opened, a, this, name);
  if (made && type == file_modes::dir) mount_.keep(static_cast<host_vnode&>(**made));
  return made;
}

/// What the walk wants to open and nobody knows yet: opened at once, instead of being asked for first. Files that do not just lie
/// there, and links, are left to others; a pipe or a device has been opened in vain then, without waiting.
result<ref<vnode>> host_vnode::lookup_opened(presumption& walk, const host_way& way, std::string_view name) {
  i32 opened;
  stat a;
  const u64 moves = all_moves;
  const bool same_turn = kernel_lock::lend_while([&] { opened = open_end(way, walk.opened_how(), a); });
  if (!same_turn && !goes_on(&walk, moves)) {
    if (opened >= 0) host::close(opened);
    return error::noent;
  }
  if (opened == -static_cast<i32>(error::noent)) walk.asked(*this);
  if (opened < 0) return host_error(opened);
  const u32 kind = a.mode & file_modes::type_mask;
  host_vnode* known = mount_.find(a);
  if (kind == file_modes::dir && known == nullptr && is_sure(&walk)) {
    auto made = make(mount_, opened, a, this, name);
    if (made) mount_.keep(static_cast<host_vnode&>(**made));
    if (made) static_cast<host_vnode&>(**made).readable_ = true;
    return made;
  }
  if (kind != file_modes::reg) {
    host::close(opened);
    return error::inval;
  }
  walk.asked(*this);
  auto node = known != nullptr ? found(*known, a, name) : make(mount_, -1, a, this, name);
  if (!node) {
    host::close(opened);
    return node;
  }
  auto& file = static_cast<host_vnode&>(**node);
  if (known == nullptr) mount_.keep(file);
  walk.make_ready(file, opened);
  return node;
}

/// One that is in use has been found by this name.
result<ref<vnode>> host_vnode::found(host_vnode& known, const stat& a, std::string_view name) {
  ref<vnode> answer{&known};
  known.note(a);
  if (&known == mount_.root) return answer;
  if (known.is_called(name, *this)) {
    mount_.by_name(*this, name) = &known;
    return answer;
  }
  if (!is_sure(presumption::here())) return error::noent;
  // A directory that the host shows at two places (a bind mount) keeps its first one, or parents could form a circle.
  if (known.type == file_modes::dir && known.stands_at_place()) return answer;
  if (auto placed = known.set_place(this, name); !placed) return placed.error();
  return answer;
}

result<ref<vnode>> host_vnode::parent() {
  if (!parent_) return error::noent;
  return ref<vnode>{parent_.get()};
}

result<usize> host_vnode::name_in_parent(char* to, usize limit) {
  if (!stands_at_place()) return error::noent;
  if (name().size() > limit) return error::range;
  std::memcpy(to, name().data(), name().size());
  return name().size();
}

/// The vnode in use of a name, or null. Looked up before the name goes away.
host_vnode* host_vnode::in_use(std::string_view name) {
  stat a;
  if (host::attributes_at(descriptor_, host_name{name}.text, a) < 0) return nullptr;
  return mount_.find(a);
}

result<> host_vnode::remove(std::string_view name, bool directory) {
  unseen_file::look_at_all();
  kernel_lock::next_turn();
  ref<host_vnode> gone{in_use(name)};
  if (const i64 answer = host::remove(descriptor_, host_name{name}.text, directory); answer < 0) return host_error(answer);
  ++all_moves;
  if (!gone) return {};
  mount_.forget(*gone);
  if (gone->is_called(name, *this)) gone->leave_place();
  return {};
}

result<> host_vnode::rename(std::string_view name, vnode& new_directory, std::string_view new_name, renaming how) {
  if (new_directory.file_system() != file_system()) return error::xdev;
  auto& target = static_cast<host_vnode&>(new_directory);
  unseen_file::look_at_all();
  kernel_lock::next_turn();
  ref<host_vnode> moved{in_use(name)}, replaced{target.in_use(new_name)};
  ++pipe_names;
  const i64 answer = host::rename(descriptor_, host_name{name}.text, target.descriptor_, host_name{new_name}.text, how);
  if (answer < 0) return host_error(answer);
  ++all_moves;
  if (moved == replaced) return {}; // two names of one file: nothing happened
  if (how == renaming::exchange) {
    if (replaced && replaced.get() != mount_.root) {
      if (auto placed = replaced->set_place(this, name); !placed) return placed;
    }
    replaced = {};
  }
  if (replaced) {
    mount_.forget(*replaced);
    if (replaced->is_called(new_name, target)) replaced->leave_place();
  }
  if (moved && moved.get() != mount_.root) return moved->set_place(&target, new_name);
  return {};
}

} // namespace polyabi::reference
