// The kernel's own personality: its table has every number once, and its maps lead back to themselves.
#include "catch.hpp"

#include <polyabi/native/personality.hpp>
#include <polyabi/reference/kernel.hpp>

#include <set>

using namespace polyabi;
using K = reference::kernel;
using table = native_abi::tables<K>::syscalls;

TEST_CASE("numbers and names stand once") {
  std::set<i32> numbers;
  std::set<std::string_view> names;
  for (usize i = 0; i < table::size; ++i) {
    CHECK(numbers.insert(table::numbers<0>[i]).second);
    CHECK(names.insert(table::names[i]).second);
  }
}

TEST_CASE("every call has its operation") {
  table::each([]<class Row>(Row) {
    INFO(std::string{Row::name});
    CHECK(polyabi::detail::level_of<K, typename Row::target>() == support::native);
  });
}

TEST_CASE("nothing is translated") {
  CHECK(native_abi::translates_nothing<K>);
  using errors = kernel_map<K, errc>;
  for (const auto& row : errors::rows) CHECK(total_number_table<errors, errors>::convert(row.number) == row.number);
  using open = flag_table<kernel_map<K, open_flag>, kernel_map<K, open_flag>>;
  CHECK(open::identity);
  reference::stat in{}, out{};
  in.ino = 77;
  native_abi::structures<K>::stat<lp64> same{};
  REQUIRE(to_foreign<K>(in, same) == errc::none);
  REQUIRE(to_native<K>(same, out) == errc::none);
  CHECK(out.ino == 77);
}
