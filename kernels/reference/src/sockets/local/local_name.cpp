#include <sockets/local/local_socket.hpp>

#include <polyabi/reference/file_operations.hpp>
#include <polyabi/reference/heap.hpp>

#include <cstring>

namespace polyabi::reference {

namespace {

/// Bound names, by what they are found by.
struct name_table {
  static constexpr usize list_count = 64;
  intrusive_list<local_name, &local_name::in_table> lists[list_count];

  auto& of(u64 hash) { return lists[hash % list_count]; }
};
constinit name_table names;

u64 hash_of(std::string_view text) {
  u64 hash = 0xcbf29ce484222325; // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<u8>(c)) * 0x100000001b3;
  return hash;
}

/// Each type of socket has abstract names of its own (unix(7) does not tell; Linux looks among those of the type).
local_name* find_abstract(std::string_view text, i32 type) {
  auto& list = names.of(hash_of(text));
  for (local_name* n = list.front(); n != nullptr; n = list.next(*n))
    if (n->is_abstract() && n->bound->type == type && n->path() == text) return n;
  return nullptr;
}

local_name* find_node(const vnode& node) {
  auto& list = names.of(node.inode());
  for (local_name* n = list.front(); n != nullptr; n = list.next(*n))
    if (n->node && n->node->inode() == node.inode() && n->node->device() == node.device()) return n;
  return nullptr;
}

} // namespace

ref<local_name> local_name::make(std::string_view path) {
  auto* made = heap::create<local_name>();
  if (made == nullptr) return nullptr;
  made->size = path.size();
  std::memcpy(made->text, path.data(), path.size());
  return ref<local_name>{made};
}

void local_name::release() {
  unbind();
  heap::destroy(this);
}

void local_name::unbind() {
  bound = nullptr;
  intrusive_list<local_name, &local_name::in_table>::unlink(*this);
}

namespace {

/// Makes the socket's file.
result<ref<vnode>> make_node(std::string_view path) {
  thread& caller = current_thread();
  auto made = file_operations::perform(op::mknod{}, caller, at::current_directory, path, file_modes::sock | 0777, 0);
  if (!made) return made.error() == error::exist ? error::addrinuse : made.error();
  auto where = namei::find(*caller.owner, path, false);
  if (!where) return where.error();
  return front(*where);
}

} // namespace

result<ref<local_name>> bind_local_name(local_socket& to, std::string_view path) {
  auto made = local_name::make(path);
  if (!made) return error::nomem;
  if (made->is_abstract()) {
    if (find_abstract(path, to.type) != nullptr) return error::addrinuse;
    names.of(hash_of(path)).push_back(*made);
  } else {
    auto node = make_node(path);
    if (!node) return node.error();
    made->node = std::move(*node);
    names.of(made->node->inode()).push_back(*made);
  }
  made->bound = &to;
  return made;
}

result<ref<local_name>> bind_any_local_name(local_socket& to) {
  constexpr u32 name_count = 1 << 20; // five hexadecimal digits
  static constinit u32 last = 0;
  for (u32 tries = 0; tries < name_count; ++tries) {
    last = (last + 1) % name_count;
    char text[6]{};
    for (int digit = 0; digit < 5; ++digit) text[5 - digit] = "0123456789abcdef"[last >> (4 * digit) & 0xf];
    auto bound = bind_local_name(to, {text, sizeof text});
    if (bound.error() != error::addrinuse) return bound;
  }
  return error::nospc;
}

result<found_local> find_local_name(std::string_view path, i32 type) {
  if (path[0] == '\0') {
    const local_name* name = find_abstract(path, type);
    if (name == nullptr) return error::connrefused;
    return found_local{ref<local_socket>{name->bound}, nullptr};
  }
  const process& caller = current_process();
  auto where = namei::find(caller, path);
  if (!where) return where.error();
  const ref<vnode> node = front(*where);
  if (auto may = node->permitted(caller.identity, access_modes::write); !may) return may.error();
  if (node->type != file_modes::sock) return error::connrefused;
  if (const local_name* name = find_node(*node); name != nullptr) return found_local{ref<local_socket>{name->bound}, nullptr};
  if (node->host_descriptor() < 0) return error::connrefused;
  return found_local{nullptr, node};
}

} // namespace polyabi::reference
