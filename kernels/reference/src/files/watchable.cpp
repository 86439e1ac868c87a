// Files that a program asks to be told of.
#include <polyabi/reference/kernel.hpp>

#include "paths.hpp"

namespace polyabi::reference {

result<> service_functions::find_watchable(thread& caller, std::string_view path, bool follow, bool directory,
                                           node_ref (&out)[2]) {
  auto found = paths::find_location(caller, at::current_directory, path, follow);
  if (!found) return found.error();
  const ref<vnode>& node = front(*found);
  if (directory && node->type != file_modes::dir) return error::notdir;
  if (auto may = node->permitted(caller.owner->identity, access_modes::read); !may) return may;
  out[0] = node;
  if (found->merged()) out[1] = node == found->native ? found->emulation : found->native;
  return {};
}

} // namespace polyabi::reference
