// The table of System V Release 4: complete, and the calls that its programs make are there.
#include "catch.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>

#include <algorithm>
#include <map>
#include <string>

using namespace polyabi;

namespace {

using table = svr4::table::syscalls;

std::map<int, std::string> names_by_number() {
  std::map<int, std::string> names;
  for (usize i = 0; i < table::size; ++i) names[table::numbers<0>[i]] = table::names[i];
  return names;
}

/// The calls that a kernel which lists every operation would have.
std::map<int, support> levels_by_number() {
  std::map<int, support> levels;
  table::each([&]<class Row>(Row) {
    levels[Row::numbers.column[0]] = polyabi::detail::level_of<reference::kernel, typename Row::target>();
  });
  return levels;
}

} // namespace

TEST_CASE("every number from 0 to 255 has a row") {
  const auto names = names_by_number();
  for (int n = 0; n < 256; ++n) {
    INFO("number " << n);
    REQUIRE(names.count(n) == 1);
    CHECK(!names.at(n).empty());
  }
  CHECK(table::size == 256 + 3); // and Solaris' own stat, fstat, lstat
}

TEST_CASE("names stand at the numbers of sys/syscall.h") {
  const auto names = names_by_number();
  const std::pair<int, const char*> known[] = {
      {1, "exit"},       {7, "wait"},          {19, "lseek"},     {37, "kill"},       {39, "pgrpsys"},   {48, "signal"},
      {54, "ioctl"},     {57, "utssys"},       {62, "fcntl"},     {81, "getdents"},   {85, "getmsg"},    {87, "poll"},
      {98, "sigaction"}, {100, "context"},     {107, "waitsys"},  {115, "mmap"},      {119, "vfork"},    {123, "xstat"},
      {135, "uname"},    {139, "systeminfo"},  {143, "fork1"},    {175, "llseek"},    {199, "nanosleep"}, {215, "stat64"},
      {225, "open64"},   {230, "so_socket"},   {255, "umount2"}};
  for (const auto& [number, name] : known) CHECK(names.at(number) == name);
}

// The constant numbers before `lcall $7,$0` in static System V Release 4.2 programs.
TEST_CASE("what static programs call is there") {
  const auto levels = levels_by_number();
  const int called[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 12, 13, 14, 15, 16, 17, 18, 19, 20,  23,  24,  27,
                        28, 29, 30, 33, 34, 36, 37, 39, 41, 42, 43, 46, 47, 48, 50, 54, 57, 58, 59,  60,  61,  62,
                        63, 79, 80, 81, 84, 87, 88, 89, 90, 91, 92, 93, 94, 98, 99, 100, 103, 104, 107, 115, 117, 123,
                        124, 125, 126, 128, 129, 130, 131, 134, 135, 136, 137, 139, 141};
  for (const int n : called) {
    INFO("number " << n);
    CHECK((levels.at(n) == support::native || levels.at(n) == support::emulated));
  }
}

TEST_CASE("a row that is missing says why") {
  table::each([]<class Row>(Row) {
    constexpr auto level = polyabi::detail::level_of<reference::kernel, typename Row::target>();
    if (level == support::missing || level == support::refused || level == support::faked) {
      INFO(std::string{Row::name});
      CHECK(!polyabi::detail::reason_of<reference::kernel, typename Row::target>().empty());
    }
  });
}

TEST_CASE("nothing is missing without thought, and a number for several calls is there if one of them is") {
  const auto levels = levels_by_number();
  for (const auto& [n, level] : levels) {
    INFO("number " << n);
    CHECK(level != support::missing);
  }
  CHECK(levels.at(112) == support::native); // priocntlsys
  CHECK(levels.at(39) == support::native);  // pgrpsys
}
