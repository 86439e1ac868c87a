// The porter's conformance set against the reference kernel, in a host directory and in memory.
#include "files.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/testing/conformance.hpp>

namespace polyabi::tests {

struct reference_harness {
  using kernel = reference::kernel;
  guest& user;
  std::string folder;
  template <class Work>
  auto call(Work work) { return user.call(work); }
  u64 allocate(usize size) { return user.allocate(size); }
  u64 bad_address() { return 8; }
  void write(u64 at, const void* from, usize size) { user.write(at, from, size); }
  void read(u64 at, void* to, usize size) { user.read(at, to, size); }
  std::string scratch_folder() { return folder; }
};

TEST_CASE("the reference kernel conforms") {
  file_world world;
  std::filesystem::create_directories(world.host() / "scratch");
  world.user().system_call([](reference::thread& t) { t.owner->memory = reference::address_space::make(false); });
  reference_harness harness{world.user(), "/scratch"};
  const auto report = testing::conformance(harness);
  for (const auto& sentence : report.failures) FAIL_CHECK(sentence);
  CHECK(report.run > 25);
  CHECK(report.left_out == 0);
}

} // namespace polyabi::tests
