// EXPECT: an errno of 0 would mean success
#include <polyabi/core/number_map.hpp>
using namespace polyabi;
struct foreign : number_map<errc> {
#ifdef BROKEN
  static constexpr auto rows = std::to_array<row>({{errc::perm, 0}});
#else
  static constexpr auto rows = std::to_array<row>({{errc::perm, 1}});
#endif
};
static_assert(checked<foreign>);
