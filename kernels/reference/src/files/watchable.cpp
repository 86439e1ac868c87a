// Files that a program asks to be told of.
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/open_files.hpp>

#include "paths.hpp"

namespace polyabi::reference {

namespace {

void both_sides(const location& where, ref<vnode> (&out)[2]) {
  out[0] = front(where);
  if (where.merged()) out[1] = out[0] == where.native ? where.emulation : where.native;
}

} // namespace

result<> service_functions::nodes_of_directory(const file& opened, node_ref (&out)[2]) {
  if (!opened.node || opened.node->type != file_modes::dir) return error::notdir;
  both_sides(static_cast<const directory_file&>(opened).where, out);
  return {};
}

result<> service_functions::find_watchable(thread& caller, std::string_view path, bool follow, bool directory,
                                           node_ref (&out)[2]) {
  auto found = paths::find_location(caller, at::current_directory, path, follow);
  if (!found) return found.error();
  const ref<vnode>& node = front(*found);
  if (directory && node->type != file_modes::dir) return error::notdir;
  if (auto may = node->permitted(caller.owner->identity, access_modes::read); !may) return may;
  both_sides(*found, out);
  return {};
}

} // namespace polyabi::reference
