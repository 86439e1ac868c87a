// RLIMIT_FSIZE.
#include "files.hpp"

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;

TEST_CASE("a write ends at the limit, and one beyond it is SIGXFSZ and EFBIG", "[limits]") {
  file_world w;
  guest& g = w.user();
  REQUIRE(set_handler(g, ref::signals::xfsz, 0x1000) == error::none);
  const i32 d = w.open("/limited", flag::rdwr | flag::creat);
  REQUIRE(d >= 0);
  g.process().limits[ref::resources::fsize].cur = 5;
  CHECK(w.write(d, "abc") == 3);
  CHECK(w.write(d, "defg") == 2);
  CHECK(g.delivered.empty());
  CHECK(w.write(d, "x") == -static_cast<i64>(error::fbig));
  CHECK(g.delivered.size() == 1);
  const user_bytes part{g.put_text("12345"), 5};
  CHECK(*perform(g, op::pwrite{}, d, user_vector{&part, 1}, i64{3}) == 2);
  CHECK(perform(g, op::set_status_flags{}, d, flag::append));
  CHECK(w.write(d, "x") == -static_cast<i64>(error::fbig));
  CHECK(*perform(g, op::seek{}, d, i64{0}, 0) == 0);
  CHECK(w.read(d) == "abc12");
}
