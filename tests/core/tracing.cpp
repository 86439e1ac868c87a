// What a traced call records is read off its signature.
#include "../../examples/new_abi/tiny.hpp"
#include "../../examples/port/mini_kernel.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace polyabi;

struct record {
  trace_record head;
  std::vector<unsigned char> payload;
  std::string text(u8 word) const {
    usize at = 0;
    for (u16 i = 0; i < head.blob_count; ++i) {
      trace_blob blob;
      std::memcpy(&blob, payload.data() + at, sizeof blob);
      if (blob.word == word) return {reinterpret_cast<const char*>(payload.data() + at + sizeof blob), blob.size};
      at += (sizeof blob + blob.size + 7) / 8 * 8;
    }
    return "-";
  }
};
std::vector<record> records;

struct traced_kernel : mini::kernel {
  static bool traced(thread&) { return true; }
  static void trace_identity(thread& caller, trace_record& head) { head.thread = caller.id; }
  static void trace_write(thread&, const trace_record& head, const void* payload, usize size) {
    const auto* bytes = static_cast<const unsigned char*>(payload);
    records.push_back({head, {bytes, bytes + size}});
  }
};
using env = environment<tiny::personality, tiny::machine, traced_kernel>;

void enter(u32 number, u64 a, u64 b = 0, u64 c = 0) {
  mini::thread caller{42};
  registers frame{};
  frame.rax = number;
  frame.rdi = a;
  frame.rsi = b;
  frame.rdx = c;
  records.clear();
  detail::enter<env>(caller, frame, gate::syscall64);
}

TEST_CASE("a call leaves two records: what it asks, and what it got") {
  std::strcpy(reinterpret_cast<char*>(mini::memory) + 100, "/zero");
  enter(4, 100, 1);
  REQUIRE(records.size() == 2);
  CHECK(records[0].head.kind == trace_kind::enter);
  CHECK(records[0].head.thread == 42);
  CHECK(records[0].head.words[1] == 1);
  CHECK(records[0].text(0) == "/zero");
  CHECK(records[1].head.kind == trace_kind::leave);
  CHECK(records[1].head.result == 3);
}

TEST_CASE("structures that the call fills are recorded when it ends, and only then") {
  enter(6, 3, 200);
  CHECK(records[0].head.blob_count == 0);
  CHECK(records[1].text(1).size() == 16);
}

TEST_CASE("an unreadable argument is left out, and the call goes on") {
  enter(4, 1 << 20, 1);
  REQUIRE(records.size() == 2);
  CHECK(records[0].head.blob_count == 0);
  CHECK((records[1].head.flags & carry_flag) != 0);
}

TEST_CASE("a long buffer is cut, and its length told") {
  enter(2, 3, 16, 1000);
  REQUIRE(records[1].head.blob_count == 1);
  trace_blob blob;
  std::memcpy(&blob, records[1].payload.data(), sizeof blob);
  CHECK(blob.size == 256);
  CHECK(blob.whole == 1000);
}

} // namespace
