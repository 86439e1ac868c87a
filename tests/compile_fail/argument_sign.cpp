// EXPECT: the arguments of this row are not what its operation takes
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
struct other : tiny::personality {
  using syscalls = syscall_table<
#ifdef BROKEN
      call<1, "drop", arguments::status(arguments::uint_), op::close>>; // an unsigned number where the kernel takes a signed
                                                                        // one
#else
      call<1, "drop", arguments::status(arguments::int_), op::close>>;
#endif
};
constexpr auto entries = vector_of<environment<other, tiny::machine, mini::kernel>>::entries.size();
