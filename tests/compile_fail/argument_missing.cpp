// EXPECT: the arguments of this row are not what its operation takes
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
struct other : tiny::personality {
  using syscalls = syscall_table<
#ifdef BROKEN
      call<1, "look", arguments::status(arguments::fd), op::fstat>>;
#else
      call<1, "look", arguments::status(arguments::fd, arguments::out<tiny::info>), op::fstat>>;
#endif
};
constexpr auto entries = vector_of<environment<other, tiny::machine, mini::kernel>>::entries.size();
