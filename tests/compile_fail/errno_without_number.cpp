// EXPECT: one side can produce this name and the other has no number for it
#include <polyabi/core/number_map.hpp>
using namespace polyabi;
struct kernel : number_map<errc> {
  static constexpr auto rows = std::to_array<row>({{errc::perm, 1}, {errc::doofus, 2}});
};
struct foreign : number_map<errc> {
#ifdef BROKEN
  static constexpr auto rows = std::to_array<row>({{errc::perm, 7}});
#else
  static constexpr auto rows = std::to_array<row>({{errc::perm, 7}, nearest(errc::doofus, 7)});
#endif
};
static_assert(total_number_table<kernel, foreign>::convert(2) == 7);
