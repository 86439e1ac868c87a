// Tables of pseudo files as directories, files and links.
#include "pseudo_vnode.hpp"

#include <polyabi/reference/file_systems.hpp>

#include <cstring>

namespace polyabi::reference {

namespace {

/// `stat::dev` of the mounts, in order; file systems in memory have those above.
u64 last_mount_id = 0x10;

/// A decimal number without sign and leading zeros; -1 otherwise.
i32 number_of(std::string_view text) {
  if (text.empty() || text.size() > 9 || (text.size() > 1 && text[0] == '0')) return -1;
  i32 value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

u32 type_of(pseudo_kind kind) {
  switch (kind) {
  case pseudo_kind::file:
  case pseudo_kind::memory: return file_modes::reg;
  case pseudo_kind::link:
  case pseudo_kind::object: return file_modes::lnk;
  case pseudo_kind::device: return file_modes::chr;
  default: return file_modes::dir;
  }
}

constexpr bool is_each(pseudo_kind kind) {
  return kind == pseudo_kind::each_process || kind == pseudo_kind::each_thread || kind == pseudo_kind::each_descriptor ||
         kind == pseudo_kind::each_number;
}

/// How many directories a row of `each_number` stands for.
i32 count_of(const pseudo_entry<kernel>& row) {
  if (row.count != nullptr) return static_cast<i32>(row.count());
  machine::host::memory_status status{};
  machine::host::status(status);
  return status.processors != 0 ? static_cast<i32>(status.processors) : 1;
}

/// The row that gives one of the `each` its form: a descriptor's is the single row of its table.
const pseudo_entry<kernel>& form_of(const pseudo_entry<kernel>& row) {
  return row.kind == pseudo_kind::each_descriptor ? row.entries.front() : row;
}

} // namespace

result<ref<vnode>> make_pseudo_file_system(const pseudo_tree<kernel>& tree) {
  auto* mount = heap::create<pseudo_mount_state>();
  if (mount == nullptr) return error::nomem;
  mount->id = ++last_mount_id;
  mount->merges = tree.merges;
  if (tree.type == "sysfs") mount->type = file_system_types::system;
  auto* root = heap::create<pseudo_vnode>(*mount, nullptr, tree.entries, pseudo_vnode::subject{}, nullptr, file_modes::dir);
  if (root == nullptr) {
    heap::destroy(mount);
    return error::nomem;
  }
  return ref<vnode>{root};
}

pseudo_vnode::pseudo_vnode(pseudo_mount_state& mount, const entry* row, std::span<const entry> rows, subject about,
                           pseudo_vnode* parent, u32 file_type)
    : vnode{file_type}, mount_{mount}, row_{row}, rows_{rows}, about_{about}, parent_{parent} {
  ++mount_.vnodes;
}

pseudo_vnode::~pseudo_vnode() = default;

void pseudo_vnode::release() {
  pseudo_mount_state& mount = mount_;
  heap::destroy(this);
  if (--mount.vnodes == 0) heap::destroy(&mount);
}

u64 pseudo_vnode::inode_of(const entry* row, const subject& about) const {
  if (row == nullptr) return 1;
  u64 hash = reinterpret_cast<std::uintptr_t>(row);
  for (const i32 part : {about.process, about.thread, about.descriptor, about.number, about.outer})
    hash = (hash ^ static_cast<u32>(part)) * 0x9e3779b97f4a7c15u;
  return (hash >> 32) | 2; // 32 bits, and never the root's
}

result<> pseudo_vnode::attributes(stat& out) {
  out = {};
  out.dev = mount_.id;
  out.ino = inode();
  out.mode = type | (row_ != nullptr ? row_->mode : 0555u);
  out.nlink = type == file_modes::dir ? 2 + directories() : 1;
  if (type == file_modes::chr) out.rdev = row_->number;
  for (const pseudo_vnode* v = this; v != nullptr; v = v->parent_.get()) {
    if (v->row_ == nullptr || !v->row_->owned_by_process) continue;
    const process* p = process_table::find(about_.process);
    if (p == nullptr) return error::noent;
    // What cannot be looked into is the superuser's, but for the directory itself.
    if (p->inspectable || out.mode == (file_modes::dir | 0555)) {
      out.uid = p->identity.euid;
      out.gid = p->identity.egid;
    }
    break;
  }
  out.blksize = 1024;
  const u64 time = machine::real_time();
  out.atime = out.mtime = out.ctime =
      out.birthtime = {static_cast<i64>(time / 1'000'000'000), static_cast<i64>(time % 1'000'000'000)};
  return {};
}

bool pseudo_vnode::has_subject(const entry& row, i32 number, subject& about) const {
  about = about_;
  switch (row.kind) {
  case pseudo_kind::each_process: about.process = number; return number > 0 && process_table::find(number) != nullptr;
  case pseudo_kind::each_thread: {
    about.thread = number;
    const thread* t = number > 0 ? process_table::find_thread(number) : nullptr;
    return t != nullptr && t->owner != nullptr && t->owner->id == about.process;
  }
  case pseudo_kind::each_number:
    about.outer = about_.number;
    about.number = number;
    return number >= 0 && number < count_of(row);
  case pseudo_kind::each_descriptor: {
    about.descriptor = number;
    const process* p = process_table::find(about.process);
    return number >= 0 && p != nullptr && p->descriptors && p->descriptors->get(number);
  }
  default: return false;
  }
}

i32 pseudo_vnode::next_subject(const entry& row, i32 after) const {
  thread& reader = current_thread();
  result<i32> next = error::inval;
  switch (row.kind) {
  case pseudo_kind::each_process: next = kernel::perform(op::next_process{}, reader, after < 0 ? 0 : after); break;
  case pseudo_kind::each_thread:
    next = kernel::perform(op::next_thread{}, reader, about_.process, after < 0 ? 0 : after);
    break;
  case pseudo_kind::each_number: return after + 1 < count_of(row) ? after + 1 : -1;
  default: return (next = kernel::perform(op::next_descriptor{}, reader, about_.process, after)) ? *next : -1;
  }
  return next && *next != 0 ? *next : -1;
}

u32 pseudo_vnode::directories() const {
  u32 count = 0;
  for (const entry& row : rows_) {
    if (type_of(form_of(row).kind) != file_modes::dir) continue;
    if (!is_each(row.kind)) ++count;
    else
      for (i32 number = next_subject(row, -1); number >= 0; number = next_subject(row, number)) ++count;
  }
  return count;
}

result<ref<vnode>> pseudo_vnode::make_child(const entry& row, subject about) {
  const entry& form = form_of(row);
  auto* made = heap::create<pseudo_vnode>(mount_, &form, form.entries, about, this, type_of(form.kind));
  if (made == nullptr) return error::nomem;
  return ref<vnode>{made};
}

pseudo_context<kernel> pseudo_vnode::context() const {
  return {current_thread(), about_.process, about_.thread, about_.descriptor, about_.number, about_.outer};
}

void pseudo_vnode::write_name(vfs::text_sink& to, const entry& row, const subject& about) {
  to << row.name;
  if (row.kind == pseudo_kind::each_process) to << about.process;
  if (row.kind == pseudo_kind::each_thread) to << about.thread;
  if (row.kind == pseudo_kind::each_number) to << about.number;
}

result<ref<vnode>> pseudo_vnode::lookup(std::string_view name) {
  if (type != file_modes::dir) return error::notdir;
  for (const entry& row : rows_) {
    subject about;
    // The name of one of the `each` is a prefix, mostly an empty one.
    const i32 number = is_each(row.kind) && name.starts_with(row.name) ? number_of(name.substr(row.name.size())) : -1;
    if (is_each(row.kind) ? number >= 0 && has_subject(row, number, about) : row.name == name)
      return make_child(row, is_each(row.kind) ? about : about_);
  }
  return error::noent;
}

result<ref<vnode>> pseudo_vnode::parent() {
  if (!parent_) return error::noent;
  return ref<vnode>{parent_.get()};
}

result<usize> pseudo_vnode::name_in_parent(char* to, usize limit) {
  if (row_ == nullptr) return error::noent;
  vfs::text_sink sink{{to, limit}};
  if (about_.descriptor != parent_->about_.descriptor)
    sink << about_.descriptor;
  else
    write_name(sink, *row_, about_);
  if (!sink.complete()) return error::range;
  return sink.needed();
}

result<> pseudo_vnode::read_entries(i64 position, directory_visitor visitor) {
  if (type != file_modes::dir) return error::notdir;
  i64 index = 0;
  for (const entry& row : rows_) {
    const u8 entry_type = static_cast<u8>(type_of(form_of(row).kind) >> 12);
    if (!is_each(row.kind)) {
      if (index++ < position) continue;
      if (!visitor.visit(visitor.state, {inode_of(&row, about_), index, entry_type, row.name})) return {};
      continue;
    }
    for (i32 number = next_subject(row, -1); number >= 0; number = next_subject(row, number)) {
      if (index++ < position) continue;
      subject about;
      if (!has_subject(row, number, about)) continue;
      char text[32];
      vfs::text_sink sink{text};
      sink << row.name << number;
      if (!visitor.visit(visitor.state, {inode_of(&form_of(row), about), index, entry_type, sink.text()})) return {};
    }
  }
  return {};
}

result<> pseudo_vnode::statistics(statfs& out) {
  out = {};
  out.type = mount_.type;
  out.bsize = out.frsize = page_size;
  out.namelen = name_limit;
  out.fsid = mount_.id;
  return {};
}

result<> pseudo_vnode::render(vfs::text_sink& sink) {
  if (row_ == nullptr || row_->format == nullptr) return {};
  const ref<vnode> stays{this};
  const kernel_lock::unlocked while_it_asks_the_kernel;
  if (!row_->format(context(), sink)) return error::srch;
  return {};
}

result<> pseudo_vnode::store(std::string_view text) {
  if (row_ == nullptr || row_->store == nullptr) return error::acces;
  const ref<vnode> stays{this};
  const kernel_lock::unlocked while_it_asks_the_kernel;
  switch (row_->store(context(), text)) {
  case errc::none: return {};
  case errc::perm: return error::perm;
  case errc::acces: return error::acces;
  case errc::srch: return error::srch;
  default: return error::inval;
  }
}

result<ref<file>> pseudo_vnode::open(u32 flags) {
  if (type == file_modes::dir) return vnode::open(flags);
  if (type == file_modes::lnk) return error::loop;
  if (type == file_modes::chr) return open_device(flags);
  if (row_->kind == pseudo_kind::memory) return open_process_memory(ref<vnode>{this}, about_.process, flags);
  auto* made = heap::create<pseudo_file>(ref<vnode>{this}, flags);
  if (made == nullptr) return error::nomem;
  ref<file> answer{made};
  if (open_flags::reads(flags)) {
    if (auto filled = made->fill(); !filled) return filled.error();
  }
  return answer;
}

result<ref<file>> pseudo_vnode::open_device(u32 flags) {
  const ref<vnode> self{this};
  result<ref<file>> opened = error::nxio;
  {
    const kernel_lock::unlocked in_the_facility;
    opened = row_->open(current_thread(), flags);
  }
  if (opened && !(*opened)->node) (*opened)->node = self;
  return opened;
}

} // namespace polyabi::reference
