// Tables of calls and of ioctls, from small ones to larger ones than any system's: each call in turn is made.
#include "../../examples/new_abi/tiny.hpp"
#include "../../examples/port/mini_kernel.hpp"
#include "growth.hpp"

#include <utility>

namespace bench {
namespace {

using namespace polyabi;
using namespace polyabi::arguments;

/// A name for each row.
template <usize I>
consteval auto numbered() {
  const char text[] = {'n', static_cast<char>('0' + I / 100 % 10), static_cast<char>('0' + I / 10 % 10),
                       static_cast<char>('0' + I % 10), 0};
  return fixed_string{text};
}
/// Spread as those of a real system are.
constexpr u32 request_number(usize i) {
  return 0x5400 + static_cast<u32>(i) * 37;
}

template <class Indices>
struct tables_of;
template <usize... I>
struct tables_of<std::index_sequence<I...>> {
  using calls = syscall_table<call<static_cast<i32>(I), numbered<I>(), status(fd), op::close>...>;
  using requests = ioctl_table<errc::inval, request<request_number(I), numbered<I>(), status(fd), op::close>...>;
  using control = syscall_table<call<1, "control", status(fd, ioctl_request, address), ioctl_of<requests>>>;
};
template <class Table>
struct personality_with : tiny::personality {
  using syscalls = Table;
};

template <class Table>
void enter(u32 number, u64 request) {
  static mini::thread caller{1};
  registers frame{};
  frame.rdi = 1;
  frame.rsi = request;
  vector_of<environment<personality_with<Table>, tiny::machine, mini::kernel>>::dispatch(caller, frame, number);
}
template <usize N>
void make_calls(int turns) {
  for (u32 i = 0; i < static_cast<u32>(turns); ++i) enter<typename tables_of<std::make_index_sequence<N>>::calls>(i * 7 % N, 0);
}
template <usize N>
void make_requests(int turns) {
  for (u32 i = 0; i < static_cast<u32>(turns); ++i)
    enter<typename tables_of<std::make_index_sequence<N>>::control>(1, request_number(i * 7 % N));
}

constexpr int sizes[] = {16, 64, 256, 512};
void calls_in_a_table(int size, int turns) {
  switch (size) {
  case 16: return make_calls<16>(turns);
  case 64: return make_calls<64>(turns);
  case 256: return make_calls<256>(turns);
  default: return make_calls<512>(turns);
  }
}
void ioctls_in_a_table(int size, int turns) {
  switch (size) {
  case 16: return make_requests<16>(turns);
  case 64: return make_requests<64>(turns);
  case 256: return make_requests<256>(turns);
  default: return make_requests<512>(turns);
  }
}

constexpr growing all[] = {{"calls in a table", sizes, &calls_in_a_table}, {"ioctls in a table", sizes, &ioctls_in_a_table}};

} // namespace

std::span<const growing> growing_tables() {
  return all;
}

} // namespace bench
