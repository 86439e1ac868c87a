// EXPECT: an operation must not install itself
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
#ifdef BROKEN
using made = i32; // a descriptor that is open already
#else
using made = mini::new_descriptor;
#endif
struct epoll_create {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env, made> call(context<Env>&) { return made{3}; }
};
struct other : tiny::personality {
  using syscalls = syscall_table<call<1, "epoll_create", arguments::new_fd(), epoll_create>>;
};
constexpr auto entries = vector_of<environment<other, tiny::machine, mini::kernel>>::entries.size();
