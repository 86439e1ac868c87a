// The lattice of constant propagation.
#include "catch.hpp"

#include <value.hpp>

namespace {

using namespace polyabi;
using check::value;

TEST_CASE("what is known where ways meet") {
  const value one = value::constant(1), two = value::constant(2), argument = value::in_register(7);
  CHECK(value{}.joined(one) == one);
  CHECK(one.joined(value{}) == one);
  CHECK(one.joined(two).numbers().size() == 2);
  CHECK(one.joined(two) == two.joined(one));
  CHECK(one.joined(argument).is_unknown());
  CHECK(argument.joined(argument) == argument);
  CHECK(argument.joined(value::on_stack(7)).is_unknown());
}

TEST_CASE("a few constants are kept, many are unknown") {
  value all;
  for (u64 n = 0; n < value::most; ++n) all = all.joined(value::constant(n));
  CHECK(all.numbers().size() == value::most);
  CHECK(all.joined(value::constant(3)) == all);
  CHECK(all.joined(value::constant(100)).is_unknown());
}

TEST_CASE("functions of constants") {
  const value both = value::constant(6).joined(value::constant(7));
  CHECK(both.mapped([](u64 n) { return n & ~u64{1}; }) == value::constant(6));
  CHECK(value::on_stack(8).mapped([](u64 n) { return n; }).is_unknown());
  CHECK(value{}.mapped([](u64 n) { return n; }) == value{});
}

} // namespace
