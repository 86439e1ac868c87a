// EXPECT: the field does not have the offset that its document gives
#include <polyabi/core/fields.hpp>
using namespace polyabi;
template <class M>
struct flock64 {
  typename M::i16 type, whence;
  typename M::i64 start, len;
  typename M::i32 pid;
  POLYABI_FIELDS(flock64, type, whence, start, len, pid)
};
#ifdef BROKEN
static_assert(at_offset<flock64<ilp32_i386>, "start", 8>);
#else
static_assert(at_offset<flock64<ilp32_i386>, "start", 4> && at_offset<flock64<lp64>, "start", 8>);
#endif
