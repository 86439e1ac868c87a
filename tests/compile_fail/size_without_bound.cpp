// EXPECT: a size that the user supplies needs a bound
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
using env = environment<tiny::personality, tiny::machine, mini::kernel>;
#ifdef BROKEN
arguments::array_in<tiny::info, 100'000>::decoder<env> d;
#else
arguments::array_in<tiny::info, 64>::decoder<env> d;
#endif
