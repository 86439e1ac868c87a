// Extended attributes: who may see and set which. Their file systems keep them.
#include <polyabi/reference/attribute_operations.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include "memory_attributes.hpp"
#include "paths.hpp"

#include <base/lock_turn.hpp>

namespace polyabi::reference {

using paths::process_of;

namespace {

constexpr usize longest_name = 255, most_bytes = 64 * 1024;

/// Kernel memory for a value or a list on its way. `data` is null if there is none.
struct room {
  char* data;
  usize size;
  explicit room(usize bytes) : data{bytes != 0 ? static_cast<char*>(heap::allocate(bytes)) : nullptr}, size{bytes} {}
  room(const room&) = delete;
  room& operator=(const room&) = delete;
  ~room() {
    if (data != nullptr) heap::deallocate(data, size);
  }
  bool missing() const { return data == nullptr && size != 0; }
  std::span<char> bytes() const { return {data, size}; }
};

result<ref<vnode>> find_file(thread& t, i32 directory, std::string_view path, u32 at_flags) {
  if (!path.empty() || (at_flags & at::empty_path) == 0) return paths::find(t, directory, path, at_flags);
  auto open = process_of(t).descriptors->get(directory);
  if (!open) return open.error();
  if (((*open)->flags & open_flags::path) != 0) return error::badf;
  if (!(*open)->node) return error::opnotsupp;
  return (*open)->node;
}

/// xattr(7): what each class asks of the caller.
result<> may_use(const process& p, vnode& v, std::string_view name, bool to_change) {
  if (name.empty() || name.size() > longest_name) return error::range;
  const error refused = to_change ? error::perm : error::nodata;
  const bool administers = p.identity.may(privileges::administer);
  if (name.starts_with(attribute_class::user)) {
    if (v.type != file_modes::reg && v.type != file_modes::dir) return refused;
    if (to_change && v.type == file_modes::dir && !p.identity.may(privileges::act_as_owner)) {
      stat s{};
      if (auto known = v.attributes(s); !known) return known;
      if ((s.mode & file_modes::sticky) != 0 && s.uid != p.identity.euid) return error::perm;
    }
    return v.permitted(p.identity, to_change ? access_modes::write : access_modes::read);
  }
  if (name.starts_with(attribute_class::trusted)) return administers ? result<>{} : refused;
  if (name.starts_with(attribute_class::security)) return administers || !to_change ? result<>{} : error::perm;
  if (name.starts_with(attribute_class::system)) return to_change ? paths::may_own(p, v) : result<>{};
  return error::opnotsupp;
}

/// Copies what was found to the user.
result<i64> answer(result<usize> found, const room& from, user_bytes into) {
  if (!found) return found.error();
  if (from.size != 0) {
    const kernel_lock::unlocked while_copying;
    if (!user_memory::copy_out(into.address, from.data, *found)) return error::fault;
  }
  return static_cast<i64>(*found);
}

} // namespace

result<i64> attribute_operations::perform(op::get_attribute, thread& t, i32 directory, std::string_view path,
                                          std::string_view name, user_bytes into, u32 at_flags) {
  auto node = find_file(t, directory, path, at_flags);
  if (!node) return node.error();
  if (auto may = may_use(process_of(t), **node, name, false); !may) return may.error();
  const room value{into.size < most_bytes ? into.size : most_bytes};
  if (value.missing()) return error::nomem;
  const kernel_lock::lending others_may_have_the_lock;
  return answer((*node)->get_attribute(name, value.bytes()), value, into);
}

result<> attribute_operations::perform(op::set_attribute, thread& t, i32 directory, std::string_view path, std::string_view name,
                                       user_bytes from, attribute_rule rule, u32 at_flags) {
  if (from.size > most_bytes) return error::toobig;
  const room value{from.size};
  if (value.missing()) return error::nomem;
  if (value.size != 0) {
    const kernel_lock::unlocked while_copying;
    if (!user_memory::copy_in(value.data, from.address, value.size)) return error::fault;
  }
  auto node = find_file(t, directory, path, at_flags);
  if (!node) return node.error();
  if (auto may = may_use(process_of(t), **node, name, true); !may) return may;
  auto set = (*node)->set_attribute(name, value.bytes(), rule);
  if (set) vnode_events::happened(**node, vnode_events::bits<vnode_event::attributes>);
  return set;
}

result<i64> attribute_operations::perform(op::list_attributes, thread& t, i32 directory, std::string_view path, user_bytes into,
                                          u32 at_flags) {
  auto node = find_file(t, directory, path, at_flags);
  if (!node) return node.error();
  const room list{into.size < most_bytes ? into.size : most_bytes};
  if (list.missing()) return error::nomem;
  return answer((*node)->list_attributes(process_of(t).identity, list.bytes()), list, into);
}

result<> attribute_operations::perform(op::remove_attribute, thread& t, i32 directory, std::string_view path,
                                       std::string_view name, u32 at_flags) {
  auto node = find_file(t, directory, path, at_flags);
  if (!node) return node.error();
  if (auto may = may_use(process_of(t), **node, name, true); !may) return may;
  auto removed = (*node)->remove_attribute(name);
  if (removed) vnode_events::happened(**node, vnode_events::bits<vnode_event::attributes>);
  return removed;
}

} // namespace polyabi::reference
