// Names of local sockets: paths of file systems, and abstract names that belong to no file.
#pragma once

#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference {

class local_socket;

/// A name that a socket is bound to. Its connections have it too, and messages carry that of their sender.
struct local_name {
  u32 references = 0;
  usize size = 0;
  char text[sizeof(sockaddr_un::path)]{};
  ref<vnode> node; ///< null of an abstract name
  local_socket* bound = nullptr; ///< null once it is closed
  list_link in_table;

  static ref<local_name> make(std::string_view path);
  void release();
  std::string_view path() const { return {text, size}; }
  bool is_abstract() const { return size != 0 && text[0] == '\0'; }
  /// Nobody finds the socket by it any more.
  void unbind();
};

/// Binds a name that is free. EADDRINUSE.
result<ref<local_name>> bind_local_name(local_socket&, std::string_view path);
/// A free abstract name of five digits, as autobind gives it.
result<ref<local_name>> bind_any_local_name(local_socket&);

/// What a name leads to.
struct found_local {
  ref<local_socket> bound; ///< null: a socket of the host's own
  ref<vnode> node;
};
/// For a socket of that type. ECONNREFUSED if nobody is bound to it, or what looking a path up answers.
result<found_local> find_local_name(std::string_view path, i32 type);

} // namespace polyabi::reference
