// EXPECT: commit_right
#include <port/mini_kernel.hpp>
using namespace polyabi;
i32 install(mini::new_descriptor& d) {
#ifdef BROKEN
  return d.commit(commit_right{});
#else
  return detail::derived_entry::commit(d);
#endif
}
