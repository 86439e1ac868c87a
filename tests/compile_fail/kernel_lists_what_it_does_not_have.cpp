// EXPECT: the kernel lists an operation whose perform() is missing or has another signature
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
struct wrong_files : mini::file_operations {
  using mini::file_operations::perform;
#ifdef BROKEN
  static basic_result<i64, mini::error> perform(op::write, mini::thread&, i64, user_vector) { return i64{0}; }
#else
  static basic_result<i64, mini::error> perform(op::write, mini::thread&, i32, user_vector) { return i64{0}; }
#endif
  using provides = operation_list<op::write>;
};
struct kernel : kernel_of<wrong_files> {
  using thread = mini::thread;
  using error = mini::error;
};
static_assert(provides<kernel, op::write>());
