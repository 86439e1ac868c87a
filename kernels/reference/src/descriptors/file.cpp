// What an open file does if its kind says nothing else: refuse.
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/record_locks.hpp>
#include <polyabi/reference/vnode_events.hpp>

namespace polyabi::reference {

file::~file() {
  if (whole_lock != 0 || has_range_locks) record_locks::released(*this);
}

bool file::ending() {
  const bool writes = open_flags::writes(flags);
  vnode_events::happened(*this, writes ? vnode_events::bits<vnode_event::closed_written>
                                       : vnode_events::bits<vnode_event::closed_unwritten>);
  while (file_observer* observer = observers.pop_front()) observer->gone(*observer);
  return true;
}

result<ref<file>> file::itself() {
  return ref<file>{this};
}

result<i64> file::read(user_vector, const i64*) {
  return error::inval;
}
result<i64> file::write(user_vector, const i64*) {
  return error::inval;
}
/// Where there are no positions, all that is written comes last.
result<i64> file::append(user_vector from, bool) {
  return write(from, nullptr);
}
result<i64> file::seek(i64, i32) {
  return error::spipe;
}
result<> file::attributes(stat& out) {
  if (!node) return error::inval;
  return node->attributes(out);
}
result<> file::change(const attribute_change& changes) {
  if (!node) return error::inval;
  return node->change(changes);
}
result<> file::change_space(space_change, i64, i64) {
  return error::nodev;
}
result<> file::statistics(statfs& out) {
  if (node) return node->statistics(out);
  out = {};
  out.type = file_system_type();
  out.bsize = out.frsize = page_size;
  out.namelen = name_limit;
  return {};
}
result<> file::sync() {
  return error::inval;
}
result<> file::read_entries(directory_visitor) {
  return error::notdir;
}
/// Files that never block are always ready, as poll(2) says of regular files.
u16 file::poll(u16 events, waiter*) {
  return events & (poll_events::in | poll_events::out | poll_events::rdnorm);
}
result<i32> file::bytes_readable() {
  return error::notty;
}
result<> file::flags_changed(u32) {
  return {};
}
result<machine::mapping_source> file::map(u64, u64, u32, bool) {
  return error::nodev;
}
u32 file::mappable(bool shared) const {
  constexpr u32 all = protections::read | protections::write | protections::exec;
  if (!open_flags::reads(flags)) return 0;
  return shared && !open_flags::writes(flags) ? all & ~protections::write : all;
}
terminal* file::as_terminal() {
  return nullptr;
}
usize file::describe(char* to, usize limit) {
  if (!node) return 0;
  const auto size = namei::path_of(*current_process().paths, *node, to, limit);
  return size ? *size : 0;
}

} // namespace polyabi::reference
