// EXPECT: the direction encoded in this ioctl number is not the one in which its argument travels
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
struct encoding {
  static constexpr usize size_of(u32 number) { return number >> 16 & 0x1fff; }
  static constexpr ioctl_direction direction_of(u32 number) { return static_cast<ioctl_direction>(number >> 30); }
};
struct machine : tiny::machine {
  using ioctl_encoding = encoding;
};
struct other : tiny::personality {
  using ioctls =
      ioctl_table<errc::notty,
#ifdef BROKEN
                  request<0x40105401, "LOOK", arguments::status(arguments::fd, arguments::out<tiny::info>), op::fstat>>;
#else
                  request<0x80105401, "LOOK", arguments::status(arguments::fd, arguments::out<tiny::info>), op::fstat>>;
#endif
  using syscalls =
      syscall_table<call<1, "control", arguments::count(arguments::fd, ioctl_request, arguments::address), ioctl_of<ioctls>>>;
};
constexpr auto entries = vector_of<environment<other, machine, mini::kernel>>::entries.size();
void use(mini::thread& t, registers& r) {
  vector_of<environment<other, machine, mini::kernel>>::dispatch(t, r, 1);
}
