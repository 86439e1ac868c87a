// EXPECT: the kernel can show this flag and the personality's map has no row for its name
#include <polyabi/core/member_types.hpp>
using namespace polyabi;
struct foreign : flag_map<open_flag> {
#ifdef BROKEN
  static constexpr auto rows = std::to_array<flag_row>({bit(open_flag::creat, 0x40)});
#else
  static constexpr auto rows = std::to_array<flag_row>({bit(open_flag::creat, 0x40), without(open_flag::exlock)});
#endif
};
struct open_flags : flag_map<open_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(open_flag::creat, 0x200), bit(open_flag::exlock, 0x20)});
};
struct kernel {
  template <class>
  using map = open_flags;
};
using member = flag_word<lp64::u32, foreign>;
errc show(member& to, u32 flags) {
  return to.from_native<kernel>(flags);
}
