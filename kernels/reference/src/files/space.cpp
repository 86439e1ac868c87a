// Space in files: fallocate(2).
#include <polyabi/reference/file_services.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include "paths.hpp"

namespace polyabi::reference {

namespace {

/// Whether RLIMIT_FSIZE matters: where the file becomes longer, and for a file in memory where it could.
bool is_limited(space_change what, const vnode& node) {
  return what == space_change::allocate || what == space_change::zero || what == space_change::unshare ||
         (what == space_change::reserve && node.is_in_memory());
}

} // namespace

/// In the order in which Linux looks at these (fs/open.c, vfs_fallocate).
result<> file_services::change_space(thread& caller, i32 descriptor, space_change what, i64 offset, i64 size) {
  const kernel_lock::locked lock;
  auto open = caller.owner->descriptors->get(descriptor);
  if (!open) return open.error();
  file& f = **open;
  if (offset < 0 || size <= 0) return error::inval;
  if (!open_flags::writes(f.flags)) return error::badf;
  if (f.as_pipe() != nullptr) return error::spipe;
  if (!f.node) return error::nodev;
  if (f.node->type != file_modes::reg && f.node->type != file_modes::blk) return error::nodev;
  i64 end = 0;
  if (__builtin_add_overflow(offset, size, &end)) return error::fbig;
  if (is_limited(what, *f.node)) {
    stat s{};
    if (auto got = f.attributes(s); !got) return got;
    if (end > s.size)
      if (auto may = paths::new_size(*caller.owner, *f.node, end); !may) return may.error();
  }
  auto changed = f.change_space(what, offset, size);
  if (changed) vnode_events::happened(f, vnode_events::bits<vnode_event::modified>);
  return changed;
}

} // namespace polyabi::reference
