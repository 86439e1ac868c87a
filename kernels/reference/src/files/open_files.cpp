// Files opened for their path alone, and what all open files of vnodes share.
#include <polyabi/reference/open_files.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/text_writer.hpp>

namespace polyabi::reference {

vnode_file::vnode_file(ref<vnode> of, u32 open_flags) {
  node = std::move(of);
  flags = open_flags;
}

usize vnode_file::describe(char* to, usize limit) {
  const path_context& view = *current_process().paths;
  if (!name || !name->directory || (node->type == file_modes::dir && !name->removed)) {
    const auto size = namei::path_of(view, *node, to, limit);
    return size ? *size : 0;
  }
  // By the name that it was opened by, wherever that has gone.
  const auto directory = namei::path_of(view, *name->directory, to, limit);
  if (!directory) return 0;
  text_writer text{to + *directory, limit - *directory};
  if (*directory != 1) text.add("/");
  text.add(name->view());
  if (name->removed) text.add(" (deleted)");
  return *directory + text.size();
}

result<ref<file>> path_file::make(ref<vnode> node, u32 open_flags) {
  (void)node->host_descriptor(); // held from now on
  auto* made = heap::create<path_file>(std::move(node), open_flags);
  if (made == nullptr) return error::nomem;
  return ref<file>{made};
}

} // namespace polyabi::reference
