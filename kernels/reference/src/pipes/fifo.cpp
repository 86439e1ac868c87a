// FIFOs: pipes with a name. Opens of the same vnode meet in one channel, which lives while anybody has it open.
#include <pipes/channel.hpp>

#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

namespace {

constinit intrusive_list<channel, &channel::in_table> fifos;

ref<channel> channel_of(const vnode& node) {
  for (channel* c = fifos.front(); c != nullptr; c = fifos.next(*c))
    if (c->node_device == node.device() && c->node_inode == node.inode()) return ref<channel>{c};
  ref<channel> made = channel::make();
  if (!made) return nullptr;
  made->node_device = node.device();
  made->node_inode = node.inode();
  fifos.push_back(*made);
  return made;
}

/// Waits until the other end is open, or has been since.
result<> meet(channel& shared, const u32& others, const u64& other_opens) {
  const u64 before = other_opens;
  while (others == 0 && other_opens == before)
    if (shared.opened.sleep() == wakeup::interrupted) return error::restart_call;
  return {};
}

} // namespace

void channel::release() {
  fifos.remove(*this);
  if (ring_ != nullptr) machine::free_pages(ring_, capacity_ / page_size);
  if (parts_ != nullptr) heap::deallocate(parts_, most_parts * sizeof(part));
  heap::destroy(this);
}

result<ref<file>> open_fifo(ref<vnode> node, u32 flags) {
  const u32 mode = flags & open_flags::accmode;
  if (mode == open_flags::neither) return error::inval;
  const ref<channel> shared = channel_of(*node);
  if (!shared) return error::nomem;
  const bool nonblocking = (flags & open_flags::nonblock) != 0;
  if (mode == open_flags::wronly && nonblocking && shared->readers == 0) return error::nxio;
  ref<file> opened = open_end(shared, std::move(node), flags);
  if (!opened) return error::nomem;
  shared->opened.wake_all();
  if (nonblocking || mode == open_flags::rdwr) return opened;
  const auto met = mode == open_flags::rdonly ? meet(*shared, shared->writers, shared->writer_opens)
                                              : meet(*shared, shared->readers, shared->reader_opens);
  if (!met) return met.error();
  return opened;
}

} // namespace polyabi::reference
