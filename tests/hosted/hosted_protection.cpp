// The kernel's memory closed by a protection key: a guest reaches for every page of it. Skipped on a processor without keys;
// protection-in-qemu.sh runs this where there are some.
#include "../reference/catch.hpp"
#include "tool_run.hpp"

#include <polyabi/hosted/image.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <vector>

using namespace hosted_test;
using namespace polyabi;

namespace {

void skip_without_keys() {
  constexpr int skipped = 77;
  const int key = pkey_alloc(0, 0);
  if (key > 0) {
    pkey_free(key);
    return;
  }
  std::puts("skipped: this machine has no protection keys");
  std::exit(skipped);
}

struct range {
  std::uint64_t start = 0, end = 0;
};

/// What is mapped of the kernel in a host process.
std::vector<range> kernel_mappings(pid_t process) {
  std::ifstream maps{"/proc/" + std::to_string(process) + "/maps"};
  std::vector<range> found;
  for (std::string line; std::getline(maps, line);) {
    range r;
    if (std::sscanf(line.c_str(), "%lx-%lx", &r.start, &r.end) != 2) continue;
    if (r.start >= hosted::kernel_base && r.end <= hosted::arena_base + hosted::arena_size) found.push_back(r);
  }
  return found;
}

class prober {
public:
  explicit prober(const std::string& entry)
      : run_{{"run", "--protect", "on", "--entry", entry, PROTECTION_GUEST_PATH, "pages"}} {
    REQUIRE(run_.shows("up\n"));
    mapped_ = kernel_mappings(run_.guests().at(0));
  }
  bool is_mapped(std::uint64_t address) const {
    for (const range& r : mapped_)
      if (address >= r.start && address < r.end) return true;
    return false;
  }
  const std::vector<range>& mapped() const { return mapped_; }

  void probe(range r, std::uint64_t step = 4096) {
    char line[80];
    std::snprintf(line, sizeof line, "%lx %lx %lx\n", r.start, r.end, step);
    run_.type(line);
    std::snprintf(line, sizeof line, "done %lx\n", (r.end - r.start + step - 1) / step);
    expected_ += line;
  }
  /// What was open. The guest has said of all pages that it tried them.
  std::vector<range> finish() {
    run_.type("\n");
    const ended end = run_.wait();
    CHECK(end.errors == "");
    CHECK(end.exited_with(0));
    std::vector<range> open;
    std::string rest;
    std::istringstream lines{end.output};
    for (std::string line; std::getline(lines, line);) {
      range r;
      if (std::sscanf(line.c_str(), "open %lx %lx", &r.start, &r.end) == 2)
        open.push_back(r);
      else
        rest += line + '\n';
    }
    CHECK(rest == "up\n" + expected_ + "ok\n");
    return open;
  }

private:
  tool_run run_;
  std::vector<range> mapped_;
  std::string expected_;
};

constexpr std::uint64_t mebibyte = 1 << 20;

void reach_for_every_page(const std::string& entry) {
  prober guest{entry};
  // The image, whole.
  std::uint64_t image_pages = 0;
  for (const range& r : guest.mapped()) {
    if (r.end > hosted::arena_base) continue;
    image_pages += (r.end - r.start) / 4096;
    guest.probe(r);
  }
  CHECK(image_pages > 256);
  // The stacks in use and more, and all pages that a kernel of this size has used; then some of each.
  constexpr std::uint64_t stacks_tried = 64 * hosted::stack_size;
  CHECK(guest.is_mapped(hosted::arena_base));
  CHECK(guest.is_mapped(hosted::pages_base));
  guest.probe({hosted::arena_base, hosted::arena_base + stacks_tried});
  guest.probe({hosted::pages_base, hosted::pages_base + 16 * mebibyte});
  guest.probe({hosted::arena_base + stacks_tried, hosted::pages_base}, mebibyte);
  guest.probe({hosted::pages_base + 16 * mebibyte, hosted::arena_base + hosted::arena_size}, 8 * mebibyte);
  const std::vector<range> open = guest.finish();
  // But the top of its own stack, where the host puts signal frames.
  REQUIRE(open.size() == 1);
  CHECK(open[0].start >= hosted::arena_base);
  CHECK(open[0].end % hosted::stack_size == 0);
  CHECK(open[0].end - open[0].start <= hosted::stack_size / 3);
}

} // namespace

TEST_CASE("a guest can neither read nor write any page of the kernel") {
  skip_without_keys();
  for (const std::string entry : {"dispatch", "patched"}) {
    CAPTURE(entry);
    reach_for_every_page(entry);
  }
}

TEST_CASE("every way back to a guest closes the kernel") {
  skip_without_keys();
  for (const std::string entry : {"dispatch", "patched"}) {
    CAPTURE(entry);
    const ended end = tool_run{{"run", "--protect", "on", "--entry", entry, PROTECTION_GUEST_PATH, "ways"}}.wait();
    CHECK(end.errors == "");
    CHECK(end.output == "ok\nok\nok\nok\n"); // three images that replaced children, and their parent
    CHECK(end.exited_with(0));
  }
}

TEST_CASE("every way back to a 32-bit guest closes the kernel") {
  skip_without_keys();
  for (const std::string entry : {"dispatch", "patched"})
    for (const std::string shape : {"0", "1", "2", "3"}) {
      CAPTURE(entry, shape);
      const ended end = tool_run{{"run", "--protect", "on", "--entry", entry, COMPAT_GUEST_PATH, "rights", shape}}.wait();
      CHECK(end.output == "ok\n");
      CHECK(end.errors == "");
      CHECK(end.exited_with(0));
    }
}

TEST_CASE("without protection the kernel's data is open, which shows that these tests can see it") {
  skip_without_keys();
  tool_run run{{"run", "--protect", "off", PROTECTION_GUEST_PATH, "pages"}};
  REQUIRE(run.shows("up\n"));
  char line[80];
  std::snprintf(line, sizeof line, "%lx %lx 1000\n\n", hosted::arena_base, hosted::arena_base + 4096);
  run.type(line);
  CHECK(run.wait().output.find("open 7ff900000000 7ff900001000\n") != std::string::npos);
}
