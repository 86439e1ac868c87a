// libFuzzer target: `fuzz_streams CORPUS` with clang.
#include "stream_calls.hpp"

extern "C" int LLVMFuzzerTestOneInput(const polyabi::u8* data, polyabi::usize size) {
  polyabi::test::exercise_streams({data, size});
  return 0;
}
