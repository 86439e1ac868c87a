// The walk of the library.
#include "../paths.hpp"

namespace bench {

errc derived_lookup(std::string_view path, place& out) {
  static const place roots = both_roots();
  path_tree tree;
  vfs::found<path_tree::node> found;
  auto done = vfs::lookup<vfs::standard_reroot>(tree, roots, roots, path, vfs::existing, found);
  out = found.where;
  return done.error();
}

} // namespace bench
