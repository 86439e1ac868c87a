// EXPECT: two names share this number
#include <polyabi/core/number_map.hpp>
using namespace polyabi;
struct foreign : number_map<errc> {
#ifdef BROKEN
  static constexpr auto rows = std::to_array<row>({{errc::opnotsupp, 95}, {errc::notsup, 95}});
#else
  static constexpr auto rows = std::to_array<row>({{errc::opnotsupp, 95}, nearest(errc::notsup, 95)});
#endif
};
static_assert(checked<foreign>);
