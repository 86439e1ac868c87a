// EXPECT: one side has this signal and the other's map says nothing of it
#include <polyabi/core/number_map.hpp>
using namespace polyabi;
struct kernel : number_map<signal> {
  static constexpr auto rows = std::to_array<row>({{signal::kill, 9}, {signal::info, 29}});
};
struct foreign : number_map<signal> {
#ifdef BROKEN
  static constexpr auto rows = std::to_array<row>({{ signal::kill, 9 }});
#else
  static constexpr auto rows = std::to_array<row>({{signal::kill, 9}, absent(signal::info)});
#endif
};
static_assert(signals_are_classed<kernel, foreign>);
