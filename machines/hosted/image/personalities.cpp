// The names of the personalities linked into this image, for the tool.
#include "state.hpp"

#include <polyabi/reference/kernel.hpp>

namespace polyabi::hosted {

/// A personality has an entry for each of its architectures; its name counts once.
const char* personality_name(usize index, usize& length) {
  const auto all = reference::linked_personalities();
  for (usize i = 0; i < all.size(); ++i) {
    bool seen = false;
    for (usize j = 0; j < i; ++j) seen = seen || all[j]->name == all[i]->name;
    if (seen || index-- != 0) continue;
    length = all[i]->name.size();
    return all[i]->name.data();
  }
  return nullptr;
}

const char* linked_personality(usize index, usize& length, u32& arch) {
  const auto all = reference::linked_personalities();
  if (index >= all.size()) return nullptr;
  length = all[index]->name.size();
  arch = static_cast<u32>(all[index]->arch);
  return all[index]->name.data();
}

} // namespace polyabi::hosted
