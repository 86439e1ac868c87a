// The memory of a process as a file: a position is an address.
#include "pseudo_vnode.hpp"

#include <memory/memory_checks.hpp>

namespace polyabi::reference {

namespace {

struct process_memory_file final : vnode_file {
  process_memory_file(ref<vnode> of, u32 open_flags, i32 process) : vnode_file{std::move(of), open_flags}, subject{process} {}
  void release() override { heap::destroy(this); }

  result<i64> read(user_vector into, const i64* offset) override {
    if (!readable()) return error::badf;
    return move([](auto&&... with) { return memory_operations::perform(op::read_memory_of{}, with...); }, into, offset);
  }
  result<i64> write(user_vector from, const i64* offset) override {
    if (!writable()) return error::badf;
    return move(write_text_of, from, offset);
  }
  /// Every number is an address; there is no end.
  result<i64> seek(i64 offset, i32 origin) override {
    switch (origin) {
    case seek_origins::set: return position = offset;
    case seek_origins::current: return position += offset;
    default: return error::inval;
    }
  }
  result<> sync() override { return {}; }

private:
  template <class Move>
  result<i64> move(Move bytes, user_vector here, const i64* offset) {
    u64 size = 0;
    for (usize i = 0; i < here.count; ++i) size += here.parts[i].size;
    const user_bytes there{static_cast<u64>(offset != nullptr ? *offset : position), size};
    auto moved = bytes(current_thread(), subject, here, user_vector{&there, 1});
    if (moved && offset == nullptr) position += *moved;
    if (moved) return moved;
    // What has ended has no memory left; what is not mapped cannot be had.
    return moved.error() == error::srch ? result<i64>{0} : moved.error() == error::fault ? error::io : moved.error();
  }

  i32 subject;
};

} // namespace

result<ref<file>> open_process_memory(ref<vnode> node, i32 process, u32 flags) {
  const struct process* of = process_table::find(process);
  if (of == nullptr) return error::noent;
  if (!may_inspect(current_process(), *of)) return error::acces;
  auto* made = heap::create<process_memory_file>(std::move(node), flags, process);
  if (made == nullptr) return error::nomem;
  return ref<file>{made};
}

} // namespace polyabi::reference
