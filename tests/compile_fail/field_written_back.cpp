// EXPECT: a field of this structure is only read by the ABI
#include <new_abi/tiny.hpp>
#include <port/mini_kernel.hpp>
using namespace polyabi;
using env = environment<tiny::personality, tiny::machine, mini::kernel>;
template <class M>
struct pollfd {
  typename M::i32 fd;
#ifdef BROKEN
  in_only<typename M::i16> events;
#else
  typename M::i16 events;
#endif
  typename M::i16 revents;
  POLYABI_FIELDS(pollfd, fd, events, revents)
};
errc answer(context<env>& c, user_ptr<pollfd<lp64>> at, const pollfd<lp64>& all) {
  return c.write(at, all);
}
