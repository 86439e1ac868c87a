// EXPECT: this bit is in two rows of the flag map
#include <polyabi/core/flag_map.hpp>
using namespace polyabi;
struct foreign : flag_map<open_flag> {
#ifdef BROKEN
  static constexpr auto rows = std::to_array<flag_row>({bit(open_flag::creat, 0x40), hint(0x40)});
#else
  static constexpr auto rows = std::to_array<flag_row>({bit(open_flag::creat, 0x40), hint(0x80)});
#endif
};
static_assert(checked<foreign>);
