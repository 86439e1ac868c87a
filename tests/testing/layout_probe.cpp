// The layout probe finds what differs, and says so.
#include <polyabi/testing/layout_probe.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace polyabi;

template <class M>
struct timespec {
  typename M::slong sec, nsec;
  POLYABI_FIELDS(timespec, sec, nsec)
};
template <class M>
struct wrong_timespec {
  typename M::i32 sec;
  typename M::slong nsec;
  POLYABI_FIELDS(wrong_timespec, sec, nsec)
};

std::vector<std::string> differences_of(auto asked) {
  testing::layout_probe probe;
  probe.ask<decltype(asked)>({"struct timespec", "tv_"});
  return probe.run({"cc", "", {"time.h"}});
}

TEST_CASE("a structure that is as its header has it differs in nothing") { CHECK(differences_of(timespec<lp64>{}).empty()); }

TEST_CASE("a structure of another model differs in a sentence for each number") {
  const auto sentences = differences_of(wrong_timespec<ilp32_i386>{});
  REQUIRE(sentences.size() == 2);
  CHECK(sentences[0] == "sizeof struct timespec: the headers say 16, the structure has 8");
  CHECK(sentences[1] == "struct timespec.tv_nsec: the headers say 8, the structure has 4");
}

TEST_CASE("a header that is not there is told with the compiler's words") {
  testing::layout_probe probe;
  probe.ask_size("struct nothing", 1);
  const auto sentences = probe.run({"cc", "", {"no/such/header.h"}});
  REQUIRE(sentences.size() == 1);
  CHECK(sentences[0].find("no/such/header.h") != std::string::npos);
}

} // namespace
