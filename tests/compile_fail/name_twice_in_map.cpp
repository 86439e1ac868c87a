// EXPECT: this name stands in two rows of the map
#include <polyabi/core/number_map.hpp>
using namespace polyabi;
struct foreign : number_map<signal> {
#ifdef BROKEN
  static constexpr auto rows = std::to_array<row>({{signal::hup, 1}, {signal::hup, 2}});
#else
  static constexpr auto rows = std::to_array<row>({{signal::hup, 1}, {signal::int_, 2}});
#endif
};
static_assert(checked<foreign>);
