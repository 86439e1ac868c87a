// The life of host vnodes: the table by device and inode, and where each stands.
#include "host_vnode.hpp"

#include <polyabi/reference/file_systems.hpp>

#include <base/lock_turn.hpp>

#include <cstring>

namespace polyabi::reference {

namespace host = machine::host;

host_vnode* host_mount::find(u64 device, u64 inode) {
  host_vnode* v = buckets[inode % bucket_count];
  while (v != nullptr && (v->inode_ != inode || v->device_ != device)) v = v->next_in_bucket_;
  return v;
}

void host_mount::keep(host_vnode& v) { recent[(v.inode_ ^ (v.inode_ >> 6)) % recent_count] = ref<host_vnode>{&v}; }

void host_mount::forget(host_vnode& v) {
  ref<host_vnode>& place = recent[(v.inode_ ^ (v.inode_ >> 6)) % recent_count];
  if (place.get() == &v) place = {};
}

void host_mount::forget_all() {
  for (auto& place : recent) place = {};
}

host_vnode*& host_mount::by_name(const host_vnode& directory, std::string_view name) {
  u64 hash = directory.inode_ * 0x9e37'79b9'7f4a'7c15;
  for (const char c : name) hash = (hash ^ static_cast<u8>(c)) * 0x100'0000'01b3; // FNV-1a
  return names[(hash ^ hash >> 32) % name_count];
}

result<ref<vnode>> make_host_file_system(i32 descriptor) {
  host::attributes a{};
  i64 answer = host::attributes_of(descriptor, a);
  auto* mount = answer < 0 ? nullptr : heap::create<host_mount>();
  if (mount == nullptr) {
    host::close(descriptor);
    return answer < 0 ? host_error(answer) : error::nomem;
  }
  auto root = host_vnode::make(*mount, descriptor, a, nullptr, {});
  if (!root) heap::destroy(mount);
  else mount->root = static_cast<host_vnode*>(root->get());
  return root;
}

result<ref<vnode>> host_vnode::make(host_mount& mount, i32 descriptor, const host::attributes& a, host_vnode* parent,
                                    std::string_view name) {
  auto* made = heap::create<host_vnode>(mount, descriptor, a);
  if (made == nullptr) {
    host::close(descriptor);
    return error::nomem;
  }
  made->note(a);
  ref<vnode> answer{made};
  if (parent != nullptr) {
    if (auto placed = made->set_place(parent, name); !placed) return placed.error();
  }
  return answer;
}

host_vnode::host_vnode(host_mount& mount, i32 descriptor, const host::attributes& a)
    : vnode{a.mode & file_modes::type_mask}, mount_{mount}, descriptor_{descriptor}, device_{a.device},
      inode_{a.inode} {
  host_vnode*& bucket = mount_.buckets[inode_ % host_mount::bucket_count];
  next_in_bucket_ = bucket;
  bucket = this;
  ++mount_.vnodes;
}

host_vnode::~host_vnode() {
  host_vnode** at = &mount_.buckets[inode_ % host_mount::bucket_count];
  while (*at != this) at = &(*at)->next_in_bucket_;
  *at = next_in_bucket_;
  machine::host::close(descriptor_);
  leave_place();
}

void host_vnode::release() {
  host_mount& mount = mount_;
  if (mount.root == this) mount.root = nullptr;
  heap::destroy(this);
  if (--mount.vnodes == 0) heap::destroy(&mount);
}

/// What the host has just said of this file: nobody here changes it in this turn without saying so.
void host_vnode::note(const host::attributes& a) {
  noted_ = a;
  noted_in_turn_ = kernel_lock::turn();
}

i64 host_vnode::known_attributes(host::attributes& a) {
  if (noted_in_turn_ != kernel_lock::turn()) {
    if (const i64 answer = host::attributes_of(descriptor_, noted_); answer < 0) return answer;
    noted_in_turn_ = kernel_lock::turn();
  }
  a = noted_;
  return 0;
}

/// By the name it was found by, if that still leads here: for the host quicker than by the descriptor. Negative: it does not.
i32 host_vnode::open_by_name(u32 how) {
  if (!parent_ || (how & host::open_how::truncate) != 0) return -1;
  // Should the name lead to something else, nothing comes of it: neither waiting nor another file's end.
  const i32 opened = host::open(parent_->descriptor_, host_name{{name_, name_size_}}.text, how | host::open_how::nonblock, 0);
  if (opened < 0) return opened;
  host::attributes a{};
  if (host::attributes_of(opened, a) >= 0 && a.inode == inode_ && a.device == device_) {
    note(a);
    return opened;
  }
  host::close(opened);
  return -1;
}

result<> host_vnode::set_place(host_vnode* parent, std::string_view name) {
  auto* copy = static_cast<char*>(heap::allocate(name.size()));
  if (copy == nullptr) return error::nomem;
  std::memcpy(copy, name.data(), name.size());
  leave_place();
  parent_ = ref<host_vnode>{parent};
  name_ = copy;
  name_size_ = name.size();
  found_at_ = {};
  mount_.by_name(*parent, name) = this;
  return {};
}

void host_vnode::leave_place() {
  if (parent_) {
    host_vnode*& entry = mount_.by_name(*parent_, {name_, name_size_});
    if (entry == this) entry = nullptr;
  }
  if (name_ != nullptr) heap::deallocate(name_, name_size_);
  name_ = nullptr;
  name_size_ = 0;
  parent_ = {};
}

/// Whether the host still has this file under the name it was found by. Others than this kernel rename files too.
bool host_vnode::stands_at_place() const {
  if (!parent_) return false;
  host::attributes a{};
  return host::attributes_at(parent_->descriptor_, host_name{{name_, name_size_}}.text, a) >= 0 && a.inode == inode_ &&
         a.device == device_;
}

bool host_vnode::is_called(std::string_view name, const host_vnode& in) const {
  return parent_.get() == &in && std::string_view{name_, name_size_} == name;
}

/// Whether nothing has happened to the directory for so long that a further change will show in its times: a file system that
/// counts whole seconds only may count in twos, and a host's tick is 10 ms at most.
bool host_vnode::is_quiet(directory_change& last) {
  host::attributes a{};
  const u64 now = machine::real_time();
  if (now < not_quiet_until_ || known_attributes(a) < 0) return false;
  last = {a.modify_seconds, a.change_seconds, a.modify_nanoseconds, a.change_nanoseconds};
  const u64 margin = a.modify_nanoseconds != 0 || a.change_nanoseconds != 0 ? 50'000'000 : 3'000'000'000;
  const auto time = [](i64 seconds, u32 nanoseconds) { return static_cast<u64>(seconds) * 1'000'000'000 + nanoseconds; };
  const u64 modified = time(a.modify_seconds, a.modify_nanoseconds), changed = time(a.change_seconds, a.change_nanoseconds);
  not_quiet_until_ = (modified > changed ? modified : changed) + margin;
  return now >= not_quiet_until_;
}

/// The vnode in use that had this name when the directory changed last, which the host has told with one short call: that it is
/// there still. Null: the name has to be asked for.
host_vnode* host_vnode::still_there(std::string_view name) {
  host_vnode* known = mount_.by_name(*this, name);
  host::attributes a{};
  if (known == nullptr || known->found_at_ == directory_change{} || !known->is_called(name, *this)) return nullptr;
  if (known_attributes(a) < 0) return nullptr;
  const directory_change now{a.modify_seconds, a.change_seconds, a.modify_nanoseconds, a.change_nanoseconds};
  return known->found_at_ == now ? known : nullptr;
}

result<ref<vnode>> host_vnode::lookup(std::string_view name) {
  if (type != file_modes::dir) return error::notdir;
  if (host_vnode* known = still_there(name)) return ref<vnode>{known};
  const host_name text{name};
  // Before the name is asked for, so that a change in between shows. Of names that are asked for again only.
  directory_change last{};
  const host_vnode* before = mount_.by_name(*this, name);
  const bool is_known = before != nullptr && before->is_called(name, *this);
  const bool asked_again = is_known && is_quiet(last);
  host::attributes a{};
  host_vnode* known = nullptr;
  if (is_known) {
    if (const i64 answer = host::attributes_at(descriptor_, text.text, a); answer < 0) return host_error(answer);
    known = mount_.find(a.device, a.inode);
  }
  if (known == nullptr) {
    const i32 opened = host::open(descriptor_, text.text, host::open_how::path_only, 0);
    if (opened < 0) return host_error(opened);
    if (const i64 answer = host::attributes_of(opened, a); answer < 0) {
      host::close(opened);
      return host_error(answer);
    }
    known = mount_.find(a.device, a.inode);
    if (known == nullptr) {
      auto made = make(mount_, opened, a, this, name);
      if (made && (type == file_modes::dir || type == file_modes::reg)) mount_.keep(static_cast<host_vnode&>(**made));
      return made;
    }
    host::close(opened);
  }
  known->note(a);
  ref<vnode> answer{known};
  if (known == mount_.root) return answer;
  if (known->is_called(name, *this)) {
    known->found_at_ = asked_again ? last : directory_change{};
    mount_.by_name(*this, name) = known;
    return answer;
  }
  // A directory that the host shows at two places (a bind mount) keeps its first one, or parents could form a circle.
  if (known->type == file_modes::dir && known->stands_at_place()) return answer;
  if (auto placed = known->set_place(this, name); !placed) return placed.error();
  return answer;
}

result<ref<vnode>> host_vnode::parent() {
  if (!parent_) return error::noent;
  return ref<vnode>{parent_.get()};
}

result<usize> host_vnode::name_in_parent(char* to, usize limit) {
  if (!stands_at_place()) return error::noent;
  if (name_size_ > limit) return error::range;
  std::memcpy(to, name_, name_size_);
  return name_size_;
}

/// The vnode in use of a name, or null. Looked up before the name goes away.
host_vnode* host_vnode::in_use(std::string_view name) {
  host::attributes a{};
  if (host::attributes_at(descriptor_, host_name{name}.text, a) < 0) return nullptr;
  return mount_.find(a.device, a.inode);
}

result<> host_vnode::remove(std::string_view name, bool directory) {
  kernel_lock::next_turn();
  ref<host_vnode> gone{in_use(name)};
  if (const i64 answer = host::remove(descriptor_, host_name{name}.text, directory); answer < 0) return host_error(answer);
  if (!gone) return {};
  mount_.forget(*gone);
  if (gone->is_called(name, *this)) gone->leave_place();
  return {};
}

result<> host_vnode::rename(std::string_view name, vnode& new_directory, std::string_view new_name, renaming how) {
  if (new_directory.file_system() != file_system()) return error::xdev;
  auto& target = static_cast<host_vnode&>(new_directory);
  kernel_lock::next_turn();
  ref<host_vnode> moved{in_use(name)}, replaced{target.in_use(new_name)};
  const i64 answer = host::rename(descriptor_, host_name{name}.text, target.descriptor_, host_name{new_name}.text, how);
  if (answer < 0) return host_error(answer);
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
