// Files opened for their path alone, and what all open files of vnodes share.
#include <polyabi/reference/open_files.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

vnode_file::vnode_file(ref<vnode> of, u32 open_flags) {
  node = std::move(of);
  flags = open_flags;
}

usize vnode_file::describe(char* to, usize limit) {
  const auto size = namei::path_of(current_process().paths, *node, to, limit);
  return size ? *size : 0;
}

result<ref<file>> path_file::make(ref<vnode> node, u32 open_flags) {
  auto* made = heap::create<path_file>(std::move(node), open_flags);
  if (made == nullptr) return error::nomem;
  return ref<file>{made};
}

} // namespace polyabi::reference
