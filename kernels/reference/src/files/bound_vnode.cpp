// Directories seen at a second place.
#include "bound_vnode.hpp"

#include "known_paths.hpp"

namespace polyabi::reference {

struct bound_vnode::mount {
  bound_vnode* first = nullptr;
  vnode* root = nullptr; ///< of what is bound; its vnode holds it
  u32 vnodes = 0;
};

ref<bound_vnode> bound_vnode::make_root(ref<vnode> below) {
  auto* made = heap::create<mount>();
  if (made == nullptr) return {};
  made->root = below.get();
  auto* root = heap::create<bound_vnode>(*made, std::move(below));
  if (root == nullptr) heap::destroy(made);
  return ref<bound_vnode>{root};
}

result<ref<vnode>> bound_vnode::seen_in(mount& in, ref<vnode> below) {
  if (below->type != file_modes::dir) return below;
  for (bound_vnode* v = in.first; v != nullptr; v = v->next_)
    if (v->below_ == below) return ref<vnode>{v};
  auto* made = heap::create<bound_vnode>(in, std::move(below));
  if (made == nullptr) return error::nomem;
  return ref<vnode>{made};
}

bound_vnode::bound_vnode(mount& in, ref<vnode> of) : vnode{file_modes::dir}, mount_{in}, below_{std::move(of)} {
  next_ = mount_.first;
  mount_.first = this;
  ++mount_.vnodes;
}

bound_vnode::~bound_vnode() {
  known_paths::forget();
  bound_vnode** at = &mount_.first;
  while (*at != this) at = &(*at)->next_;
  *at = next_;
}

void bound_vnode::release() {
  mount& in = mount_;
  heap::destroy(this);
  if (--in.vnodes == 0) heap::destroy(&in);
}

result<ref<vnode>> bound_vnode::lookup(std::string_view name) {
  auto found = below_->lookup(name);
  if (!found) return found;
  return seen(std::move(*found));
}

result<ref<vnode>> bound_vnode::parent() {
  if (below_.get() == mount_.root) return error::noent;
  auto found = below_->parent();
  if (!found) return found;
  return seen(std::move(*found));
}

result<ref<vnode>> bound_vnode::make_directory(std::string_view name, u32 mode, const credentials& who) {
  auto made = below_->make_directory(name, mode, who);
  if (!made) return made;
  return seen(std::move(*made));
}

result<> bound_vnode::rename(std::string_view name, vnode& new_directory, std::string_view new_name, renaming how) {
  if (new_directory.file_system() != file_system()) return error::xdev;
  return below_->rename(name, *static_cast<bound_vnode&>(new_directory).below_, new_name, how);
}

} // namespace polyabi::reference
