#include <polyabi/core/fields.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace polyabi;

template <class M>
struct flock64 {
  typename M::i16 type, whence;
  typename M::i64 start, len;
  typename M::i32 pid;
  POLYABI_FIELDS(flock64, type, whence, start, len, pid)
};

// <linux/fcntl.h>: the alignment of 64-bit members is what tells i386 from the others.
static_assert(layout<flock64<lp64>, 32> && at_offset<flock64<lp64>, "start", 8> && at_offset<flock64<lp64>, "pid", 24>);
static_assert(layout<flock64<ilp32_i386>, 24> && at_offset<flock64<ilp32_i386>, "start", 4>);
static_assert(layout<flock64<ilp32>, 32> && at_offset<flock64<ilp32>, "start", 8>);

TEST_CASE("members lie in the foreign byte order") {
  flock64<ilp32_big> lock{};
  lock.type = 0x0102;
  lock.start = -2;
  CHECK(lock.type.bytes[0] == 1);
  CHECK(lock.start.bytes[7] == 0xfe);
  CHECK(lock.start == -2);
}

TEST_CASE("fields are found by name, in the order in which they are stated") {
  CHECK(has_field<flock64<lp64>>("len"));
  CHECK_FALSE(has_field<flock64<lp64>>("length"));
  std::string all;
  for_each_field<flock64<lp64>>([&]<class Field>(Field) { all += std::string{Field::name} + " "; });
  CHECK(all == "type whence start len pid ");
}

} // namespace
