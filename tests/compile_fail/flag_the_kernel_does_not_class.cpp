// EXPECT: the kernel's flag map has no row for this name
#include <polyabi/core/flag_map.hpp>
using namespace polyabi;
struct foreign : flag_map<open_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(open_flag::creat, 0x40), bit(open_flag::direct, 0x4000)});
};
struct kernel : flag_map<open_flag> {
#ifdef BROKEN
  static constexpr auto rows = std::to_array<flag_row>({bit(open_flag::creat, 0x200)});
#else
  static constexpr auto rows = std::to_array<flag_row>({bit(open_flag::creat, 0x200), without(open_flag::direct)});
#endif
};
static_assert(total_flag_table<foreign, kernel>::convert(0x40) == 0x200);
