// EXPECT: the arguments of this row are not what its operation takes
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
struct other : tiny::personality {
  using syscalls = syscall_table<
#ifdef BROKEN
      call<1, "drop", arguments::status(arguments::slong), op::close>>; // a long where the kernel takes an int
#else
      call<1, "drop", arguments::status(arguments::fd), op::close>>;
#endif
};
constexpr auto entries = vector_of<environment<other, tiny::machine, mini::kernel>>::entries.size();
