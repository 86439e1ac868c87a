// EXPECT: no row of the table has this name: a release cannot have brought it
#include <polyabi/core/release_history.hpp>
using namespace polyabi;
using namespace polyabi::arguments;
struct personality {
  using syscalls = syscall_table<call<at{436}, "close_range", status(uint_, uint_, uint_)>>;
#ifdef BROKEN
  static constexpr brought history[]{brought(release{5, 9}, "closerange")};
#else
  static constexpr brought history[]{brought(release{5, 9}, "close_range")};
#endif
};
static_assert(appearances<personality, 0>()[436] == release{5, 9});
