// The bytes of files: many, in several parts, mapped, and what is told about them.
#include "files.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/file_systems.hpp>
#include <polyabi/reference/information_operations.hpp>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;

namespace {

std::string pattern(usize size) {
  std::string text(size, '\0');
  for (usize i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 23);
  return text;
}

struct mapped_world : file_world {
  mapped_world() { user().process().memory = ref::address_space::make(false); }
  u64 map(i32 descriptor, u64 size, u32 flags, i64 offset = 0) {
    auto at =
        perform(user(), op::map{}, u64{0}, size, ref::protections::read | ref::protections::write, flags, descriptor, offset);
    return at ? *at : 0;
  }
};

} // namespace

TEST_CASE("large files are kept whole, in memory and on the host", "[files]") {
  file_world w;
  for (const std::string_view path : {"/dev/shm/large", "/large"}) {
    const std::string text = pattern(700'001);
    const i32 f = w.open(path, flag::rdwr | flag::creat);
    for (usize at = 0; at < text.size(); at += 100'000) w.write(f, std::string_view{text}.substr(at, 100'000));
    CHECK(*perform(w.user(), op::seek{}, f, i64{0}, ref::seek_origins::set) == 0);
    CHECK(w.read(f, 800'000) == text);
    ref::stat s{};
    CHECK(w.status(path, s) == error::none);
    CHECK(s.size == 700'001);
    CHECK(s.blocks * 512 >= s.size);
    w.close(f);
  }
}

TEST_CASE("a read of several parts is one read; a fault after some bytes answers them", "[files]") {
  file_world w;
  for (const std::string_view path : {"/dev/shm/file", "/file"}) {
    w.make(path, "0123456789");
    const i32 f = w.open(path);
    const u64 a = w.user().allocate(64);
    const user_bytes parts[] = {{a, 3}, {a + 10, 0}, {a + 20, 4}, {0x10, 16}};
    CHECK(*perform(w.user(), op::read{}, f, user_vector{parts, 4}) == 7);
    CHECK(w.user().get_text(a, 3) + w.user().get_text(a + 20, 4) == "0123456");
    CHECK(*perform(w.user(), op::seek{}, f, i64{0}, ref::seek_origins::set) == 0);
    const user_bytes wrong{0x10, 16};
    CHECK(perform(w.user(), op::read{}, f, user_vector{&wrong, 1}).error() == error::fault);
    CHECK(*perform(w.user(), op::pread{}, f, user_vector{parts, 1}, i64{5}) == 3);
    CHECK(w.user().get_text(a, 3) == "567");
    w.close(f);
  }
}

TEST_CASE("shared mappings of files in memory are the file, private ones are copies", "[files]") {
  mapped_world w;
  w.make("/dev/shm/file", pattern(5000));
  const i32 f = w.open("/dev/shm/file", flag::rdwr);
  const u64 shared = w.map(f, 8192, ref::map_flags::shared), copy = w.map(f, 8192, ref::map_flags::private_);
  REQUIRE(shared != 0);
  REQUIRE(copy != 0);
  CHECK(w.user().get_text(shared, 5000) == pattern(5000));
  w.user().write(shared, "SHARED", 6);
  CHECK(w.read(f, 6) == "SHARED");
  w.user().write(copy, "COPY", 4);
  CHECK(w.content("/dev/shm/file").substr(0, 6) == "SHARED");

  SECTION("growing does not move what is mapped") {
    w.user().system_call(
        [&](ref::thread& t) { (void)polyabi::perform<ref::kernel>(op::seek{}, t, f, 0, ref::seek_origins::end); });
    for (int i = 0; i < 20; ++i) w.write(f, pattern(50'000));
    w.user().write(shared + 10, "STILL", 5);
    CHECK(w.content("/dev/shm/file").substr(10, 5) == "STILL");
  }
}

TEST_CASE("a mapped file in memory may be of any size, grow and be cut", "[files]") {
  mapped_world w;
  constexpr u64 page = ref::page_size;
  w.make("/dev/shm/file", pattern(100));
  const i32 f = w.open("/dev/shm/file", flag::rdwr);
  const u64 first = w.map(f, 2 * page, ref::map_flags::shared);
  REQUIRE(first != 0);
  CHECK_THROWS(w.user().get<char>(first + page)); // a bus error
  CHECK(perform(w.user(), op::ftruncate{}, f, i64{3} << 32).error() == error::none);
  CHECK(w.user().get<char>(first + page) == 0);
  const u64 far = w.map(f, page, ref::map_flags::shared, i64{1} << 33);
  REQUIRE(far != 0);
  w.user().write(far, "FAR", 3);
  const u64 at = w.user().allocate(8);
  const user_bytes part{at, 3};
  CHECK(*perform(w.user(), op::pread{}, f, user_vector{&part, 1}, i64{1} << 33) == 3);
  CHECK(w.user().get_text(at, 3) == "FAR");
  CHECK(*perform(w.user(), op::seek{}, f, i64{100'000}, ref::seek_origins::data) == i64{1} << 33);
  ref::stat s{};
  CHECK(w.status("/dev/shm/file", s) == error::none);
  CHECK(s.size == i64{3} << 32);
  CHECK(s.blocks <= 24);
  CHECK(perform(w.user(), op::ftruncate{}, f, i64{50}).error() == error::none);
  CHECK_THROWS(w.user().get<char>(far));
  CHECK(w.user().get<char>(first + 49) == pattern(50).back());
  CHECK(w.user().get<char>(first + 50) == 0);
}

TEST_CASE("what is cut off a file in memory is zero when it grows again", "[files]") {
  file_world w;
  for (const usize size : {5'000U, 1'000'000U}) {
    w.make("/dev/shm/file", pattern(size));
    const i32 f = w.open("/dev/shm/file", flag::rdwr);
    CHECK(perform(w.user(), op::ftruncate{}, f, i64{1000}).error() == error::none);
    CHECK(perform(w.user(), op::ftruncate{}, f, i64{3000}).error() == error::none);
    CHECK(w.read(f, 4000) == pattern(1000) + std::string(2000, '\0'));
    w.close(f);
  }
}

TEST_CASE("files of the host are mapped by the host", "[files]") {
  mapped_world w;
  w.make("/file", pattern(5000));
  const i32 f = w.open("/file", flag::rdwr);
  const u64 shared = w.map(f, 4096, ref::map_flags::shared, 4096);
  REQUIRE(shared != 0);
  w.user().write(shared, "END", 3);
  CHECK(perform(w.user(), op::sync_memory{}, shared, u64{4096}, ref::sync_flags::sync).error() == error::none);
  CHECK(*perform(w.user(), op::seek{}, f, i64{4096}, ref::seek_origins::set) == 4096);
  CHECK(w.read(f, 3) == "END");
  const i32 read_only = w.open("/file");
  CHECK(w.map(read_only, 4096, ref::map_flags::shared) == 0);
  CHECK(w.map(read_only, 4096, ref::map_flags::private_) != 0);
  const i32 directory = w.open("/");
  CHECK(w.map(directory, 4096, ref::map_flags::private_) == 0);

  SECTION("and told with their paths") {
    ref::region_info r{};
    char path[64];
    const auto more = perform(w.user(), op::next_region{}, w.user().id(), shared, r, std::span<char>{path});
    CHECK((more && *more));
    CHECK(r.start == shared);
    CHECK(r.offset == 4096);
    CHECK(r.purpose == region_purpose::file);
    CHECK(std::string_view{path, r.path_size} == "/file");
  }
}

TEST_CASE("a descriptor for the path alone can be looked at, started from, and nothing else", "[files]") {
  file_world w;
  w.make("/file", "text");
  w.symlink("file", "/link");
  const i32 f = w.open("/file", flag::path), link = w.open("/link", flag::path | flag::nofollow),
            root = w.open("/", flag::path);
  ref::stat s{};
  CHECK(perform(w.user(), op::fstat{}, f, s).error() == error::none);
  CHECK(s.size == 4);
  CHECK(w.read(f) == "error 9");
  CHECK(w.write(f, "x") == -9);
  CHECK(perform(w.user(), op::fchmod{}, f, 0600u).error() == error::badf);
  CHECK(perform(w.user(), op::fstat{}, link, s).error() == error::none);
  CHECK((s.mode & ref::file_modes::type_mask) == ref::file_modes::lnk);
  CHECK(w.read(w.open("file", flag::rdonly, 0, root)) == "text");
  CHECK(perform(w.user(), op::stat{}, f, "", ref::at::empty_path, s).error() == error::none);
  CHECK(perform(w.user(), op::fchdir{}, f).error() == error::notdir);
  CHECK(perform(w.user(), op::fchdir{}, root).error() == error::none);
}

TEST_CASE("processes are told by what they are", "[files]") {
  file_world w;
  ref::process_info info{};
  CHECK(perform(w.user(), op::process_info{}, w.user().id(), info).error() == error::none);
  CHECK(info.pid == w.user().id());
  CHECK(info.ppid == 1);
  CHECK(info.threads == 1);
  CHECK(info.umask == 022);
  CHECK(info.state == process_state::running);
  CHECK(perform(w.user(), op::process_info{}, 99999, info).error() == error::srch);
  CHECK(*perform(w.user(), op::next_process{}, 0) == 1);
  CHECK(*perform(w.user(), op::next_thread{}, w.user().id(), 0) == w.user().id());
  CHECK(*perform(w.user(), op::next_descriptor{}, w.user().id(), -1) == -1);
  w.make("/file", "text");
  const i32 f = w.open("/file", flag::rdonly);
  CHECK(*perform(w.user(), op::next_descriptor{}, w.user().id(), -1) == f);
  w.read(f, 3);
  i64 position = 0;
  u32 flags = 0;
  ref::stat status{};
  CHECK(perform(w.user(), op::descriptor_info{}, w.user().id(), f, position, flags, status).error() == error::none);
  CHECK(status.size == 4);
  CHECK(position == 3);
}

TEST_CASE("a file that a host process changes is seen as it is", "[files]") {
  file_world w;
  w.mkdir("/a");
  w.make("/a/f", "old");
  CHECK(w.content("/a/f") == "old");
  std::filesystem::remove(w.host() / "a/f");
  CHECK(w.open_error("/a/f") == error::noent);
  std::ofstream(w.host() / "a/f") << "new";
  CHECK(w.content("/a/f") == "new");
  std::filesystem::rename(w.host() / "a", w.host() / "b");
  CHECK(w.open_error("/a/f") == error::noent);
  CHECK(w.content("/b/f") == "new");
  CHECK(w.chdir("/b") == error::none);
  CHECK(w.current_directory() == "/b");
  std::filesystem::rename(w.host() / "b", w.host() / "c");
  CHECK(w.content("f") == "new");
}

TEST_CASE("no link and no dot-dot leads out of the host directory", "[files]") {
  file_world w;
  std::ofstream(w.host().parent_path() / (w.host().filename().string() + "-outside")) << "outside";
  const std::string outside = w.host().filename().string() + "-outside";
  w.symlink("../" + outside, "/up");
  w.symlink(w.host().parent_path().string() + "/" + outside, "/absolute");
  w.mkdir("/d");
  std::filesystem::create_symlink("/", w.host() / "d/root");
  CHECK(w.open_error("/up") == error::noent);
  CHECK(w.open_error("/absolute") == error::noent);
  CHECK(w.open_error("/d/../../" + outside) == error::noent);
  CHECK(w.list("/d/root") == w.list("/"));
  std::filesystem::remove(w.host().parent_path() / outside);
}
