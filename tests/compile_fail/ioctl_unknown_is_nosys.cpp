// EXPECT: an unknown request is an error of the device
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
#ifdef BROKEN
constexpr errc unknown = errc::nosys;
#else
constexpr errc unknown = errc::notty;
#endif
using ioctls =
    ioctl_table<unknown, request<1, "LOOK", arguments::status(arguments::fd, arguments::out<tiny::info>), op::fstat>>;
static_assert(ioctls::size == 1);
