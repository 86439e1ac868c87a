// EXPECT: the structure does not have the size that its document gives
#include <polyabi/core/fields.hpp>
using namespace polyabi;
template <class M>
struct flock64 {
  typename M::i16 type, whence;
  typename M::i64 start, len;
  typename M::i32 pid;
};
#ifdef BROKEN
static_assert(layout<flock64<ilp32_i386>, 32>);
#else
static_assert(layout<flock64<ilp32_i386>, 24> && layout<flock64<lp64>, 32>);
#endif
