// EXPECT: a user_ptr<const T> is only read
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
using env = environment<tiny::personality, tiny::machine, mini::kernel>;
#ifdef BROKEN
using pointer = user_ptr<const u32>;
#else
using pointer = user_ptr<u32>;
#endif
errc answer(context<env>& c, pointer p) { return c.write(p, u32{1}); }
