// An outside author tests one translator of their own with the installed kit.
#include <polyabi/testing/conformance.hpp>
#include <polyabi/testing/layout_probe.hpp>
#include <polyabi/testing/round_trip.hpp>

using namespace polyabi;

template <class M>
struct point {
  typename M::i16 x;
  typename M::i32 y;
  POLYABI_FIELDS(point, x, y)
};
static_assert(layout<point<ilp32_big>, 8>);

struct native_point {
  i32 x, y;
  POLYABI_FIELDS(native_point, x, y)
};

int main() { return testing::round_trips<testing::no_kernel, point<ilp32_big>, native_point>(1000) ? 0 : 1; }
