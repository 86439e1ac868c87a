// The side that the framework derives from the Linux personality's tables.
#include "../kernel.hpp"

#include <polyabi/linux/personality.hpp>

namespace bench {

// This kernel has not all the services that epoll and sockets ask for beside what is measured.
struct measured_epoll_wait {
  using needs = operation_list<>;
  template <class Env>
  static auto call(context<Env>& c, i32 descriptor, u64 into, i32 most, i32 milliseconds) {
    return linux_abi::handlers::epoll_wait::call(c, descriptor, into, most, milliseconds);
  }
};
struct measured_bind {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, const arguments::given_address<kernel>& to) {
    if (to.wrong != errc::none) return to.wrong;
    return reply_with<Env>(c.perform(op::bind{}, descriptor, to.address));
  }
};
struct few : linux_abi::personality {
  using syscalls = syscall_table<
      call<at{232, 256}, "epoll_wait",
           arguments::count(arguments::fd, linux_abi::tables::ready_events, arguments::int_, arguments::int_), measured_epoll_wait>,
      call<at{49, 361}, "bind", arguments::status(arguments::fd, arguments::socket_address_in), measured_bind>>;
};

using env = environment<linux_abi::personality, linux_abi::x86_64, kernel>;

void derived_system_call(thread& t, registers& r) {
  vector_of<env>::dispatch(t, r, static_cast<u32>(r.rax));
}
void derived_few(thread& t, registers& r) {
  vector_of<environment<few, linux_abi::x86_64, kernel>>::dispatch(t, r, static_cast<u32>(r.rax));
}

bool derived_signal(thread& t, registers& r, const signal_delivery<kernel>& what) {
  return linux_abi::deliver_signal<env>(t, r, what);
}

} // namespace bench
