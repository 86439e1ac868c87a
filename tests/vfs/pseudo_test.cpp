// Text of pseudo files, and the tables that state them.
#include <polyabi/vfs/pseudo.hpp>

#include "catch.hpp"

using namespace polyabi;

namespace {

std::string written(auto... parts) {
  char buffer[64];
  vfs::text_sink sink{buffer};
  (void)(sink << ... << parts);
  return std::string{sink.text()};
}

struct small_kernel {
  struct thread {};
};

bool uptime(const pseudo_context<small_kernel>&, vfs::text_sink& sink) {
  sink << 12 << '.' << vfs::padded{3, 2, '0'};
  return true;
}

constexpr pseudo_entry<small_kernel> process_entries[] = {
    pseudo::file<small_kernel>("uptime", &uptime, 0400),
    pseudo::object<small_kernel>("exe", process_object::executable),
};
constexpr pseudo_entry<small_kernel> entries[] = {
    pseudo::each_process<small_kernel>(process_entries),
    pseudo::file<small_kernel>("uptime", &uptime),
};
constexpr pseudo_tree<small_kernel> tree{"proc", entries};

} // namespace

TEST_CASE("numbers are written in the bases and widths that are asked for") {
  CHECK(written(0, ' ', -5, ' ', 1234567890123u) == "0 -5 1234567890123");
  CHECK(written(std::numeric_limits<i64>::min()) == "-9223372036854775808");
  CHECK(written(vfs::hex{255, 8}, ' ', vfs::octal{8, 4}) == "000000ff 0010");
  CHECK(written(vfs::padded{42, 5}, vfs::padded{7, 2, '0'}) == "   4207");
  CHECK(written(vfs::left{"ab", 4}, "|") == "ab  |");
}

TEST_CASE("text that does not fit is counted, so that it can be written again") {
  char buffer[4];
  vfs::text_sink sink{buffer};
  sink << "abcdef";
  CHECK_FALSE(sink.complete());
  CHECK(sink.needed() == 6);
  CHECK(sink.text() == "abcd");
}

TEST_CASE("a tree is a constant table of typed entries") {
  static_assert(tree.entries.size() == 2);
  static_assert(tree.entries[0].owned_by_process && tree.entries[0].entries.size() == 2);
  small_kernel::thread reader;
  char buffer[16];
  vfs::text_sink sink{buffer};
  CHECK(tree.entries[1].format({reader}, sink));
  CHECK(sink.text() == "12.03");
}
