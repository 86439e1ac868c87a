// Both personalities joined with one kernel in one file: what bench/run compiles to see what that costs. As in every file that
// joins them with this kernel, what depends on the kernel alone is left to machines/joined/linux.cpp and svr4.cpp. Nothing
// links it.
#include "../machines/joined/linux.hpp"
#include "../machines/joined/svr4.hpp"

namespace bench {

using polyabi::reference::kernel;
extern const polyabi::abi<kernel> linux_x86_64, svr4_i386;
constinit const polyabi::abi<kernel> linux_x86_64 =
    polyabi::abi_of<polyabi::environment<polyabi::linux_abi::personality, polyabi::linux_abi::x86_64, kernel>>;
constinit const polyabi::abi<kernel> svr4_i386 = polyabi::abi_of<polyabi::svr4::on<kernel>>;

} // namespace bench
