#include "paths.hpp"

#include <cstring>

namespace bench {
namespace {

using enum vfs::node_kind;
constexpr node top{"", directory, nullptr, {}}, root{"root", directory, &top, {}}, compat{"compat", directory, &top, {}},
    usr{"usr", directory, &root, {}}, lib{"lib", directory, &usr, {}}, libc{"libc.so", other, &lib, {}},
    etc{"etc", directory, &root, {}}, passwd{"passwd", other, &etc, {}}, own_usr{"usr", directory, &compat, {}},
    own_lib{"lib", directory, &own_usr, {}}, own_libc{"libc.so", other, &own_lib, {}};
constexpr const node* all[] = {&root, &compat, &usr, &lib, &libc, &etc, &passwd, &own_usr, &own_lib, &own_libc};

} // namespace

basic_result<const node*, errc> path_tree::lookup(node directory, std::string_view name) {
  for (const bench::node* n : all)
    if (n->parent == directory && n->name == name) return n;
  return errc::noent;
}
basic_result<const node*, errc> path_tree::parent(node n) {
  return n->parent != nullptr ? n->parent : n;
}
basic_result<usize, errc> path_tree::name_in_parent(node n, char* to, usize limit) {
  return n->name.copy(to, limit);
}
basic_result<usize, errc> path_tree::read_link(node n, char* to, usize limit) {
  return n->target.copy(to, limit);
}
basic_result<void, errc> path_tree::may_search(node) {
  return done{};
}
bool path_tree::is_opaque(node) {
  return false;
}

place both_roots() {
  return {&compat, &root};
}

} // namespace bench
