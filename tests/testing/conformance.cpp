// The conformance set against the smallest kernel, against the reference kernel on the simulated machine, and against a broken one.
#include "../../examples/port/mini_kernel.hpp"

#include <polyabi/testing/conformance.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace polyabi;

template <class K>
struct flat_harness {
  using kernel = K;
  typename K::thread caller{1};
  usize used = 64;
  template <class Work>
  auto call(Work work) { return work(caller); }
  u64 allocate(usize size) { return std::exchange(used, used + (size + 7) / 8 * 8); }
  u64 bad_address() { return 1 << 20; }
  void write(u64 at, const void* from, usize size) { __builtin_memcpy(mini::memory + at, from, size); }
  void read(u64 at, void* to, usize size) { __builtin_memcpy(to, mini::memory + at, size); }
  std::string scratch_folder() { return ""; }
};

TEST_CASE("the smallest kernel conforms in what it has") {
  flat_harness<mini::kernel> harness;
  const auto report = testing::conformance(harness);
  for (const auto& sentence : report.failures) FAIL_CHECK(sentence);
  CHECK(report.run >= 4);
  CHECK(report.left_out >= 3);
}

struct careless_files : mini::file_operations {
  using mini::file_operations::perform;
  static basic_result<void, mini::error> perform(op::close, mini::thread&, i32) { return {}; }
  using provides = operation_list<op::close>;
};
struct careless_kernel : kernel_of<careless_files> {
  using thread = mini::thread;
  using error = mini::error;
  template <class Name> using map = mini::kernel::map<Name>;
  static constexpr i32 current_directory = -1;
};

TEST_CASE("a kernel that closes what is not open is told so in a sentence") {
  flat_harness<careless_kernel> harness;
  const auto report = testing::conformance(harness);
  REQUIRE(report.failures.size() == 2);
  CHECK(report.failures[0] == "closing descriptor -1: expected EBADF, got success");
}

} // namespace
