// Links among pseudo files: to paths, and to the objects of processes themselves.
#include "pseudo_vnode.hpp"

namespace polyabi::reference {

result<usize> pseudo_vnode::read_link(char* to, usize limit) {
  if (type != file_modes::lnk) return error::inval;
  if (row_->kind == pseudo_kind::object) {
    auto size = kernel::perform(op::process_path{}, current_thread(), about_.process, row_->object, about_.descriptor,
                                std::span<char>{to, limit});
    if (!size) return size.error();
    return static_cast<usize>(*size);
  }
  vfs::text_sink sink{{to, limit}};
  if (auto rendered = render(sink); !rendered) return rendered.error();
  return sink.text().size();
}

namespace {

result<ref<vnode>> node_of(const ref<file>& open) {
  if (open->node) return open->node;
  stat s{};
  if (auto got = open->attributes(s); !got) return got.error();
  auto* made = heap::create<open_file_vnode>(open, s.mode & file_modes::type_mask);
  if (made == nullptr) return error::nomem;
  return ref<vnode>{made};
}

} // namespace

result<ref<vnode>> pseudo_vnode::jump(const credentials& who) {
  if (type != file_modes::lnk || row_->kind != pseudo_kind::object) return ref<vnode>{};
  const process* p = process_table::find(about_.process);
  if (p == nullptr) return error::noent;
  if (who.euid != p->identity.euid && !who.may(privileges::inspect)) return error::acces;
  ref<vnode> target;
  switch (row_->object) {
  case process_object::executable: target = p->executable; break;
  case process_object::current_directory: target = front(p->paths->current); break;
  case process_object::root_directory: target = p->paths->root.native ? p->paths->root.native : front(p->paths->root); break;
  case process_object::descriptor: {
    if (!p->descriptors) return error::noent;
    auto open = p->descriptors->get(about_.descriptor);
    if (!open) return error::noent;
    return node_of(*open);
  }
  }
  if (!target) return error::noent;
  return target;
}

result<ref<file>> open_file_vnode::open(u32 flags) {
  const u32 has = file_->flags & open_flags::accmode, wants = flags & open_flags::accmode;
  if (has != open_flags::rdwr && has != wants) return error::acces;
  return file_;
}

u64 open_file_vnode::device() const {
  stat s{};
  return file_->attributes(s) ? s.dev : 0;
}

u64 open_file_vnode::inode() const {
  stat s{};
  return file_->attributes(s) ? s.ino : 0;
}

} // namespace polyabi::reference
