// What happens to files, told in order (inotify), over the reference kernel's file systems.
#include "facilities.hpp"
#include "files.hpp"

#include <polyabi/facilities/vnode_events/queue.hpp>
#include <polyabi/reference/file_systems.hpp>

#include <vector>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;

namespace {

using K = ref::kernel;
using event = vnode_event;

struct record {
  i32 watch = 0;
  u32 what = 0;
  facilities::queue_notice notice{};
  bool directory = false;
  u32 cookie = 0;
  char name[48]{};

  static constexpr usize most = 64;
  static usize size(usize) { return most; }
  static void write(char* to, const facilities::queued_vnode_event& e) {
    record r{e.watch, e.what, e.notice, e.directory, e.cookie};
    __builtin_memcpy(r.name, e.name().data(), e.name_size < 47 ? e.name_size : 47);
    __builtin_memcpy(to, &r, sizeof r);
  }
};
static_assert(sizeof(record) <= record::most);
using queue = facilities::vnode_event_queue<K, record>;

constexpr u32 everything = vnode_events<event::accessed, event::modified, event::attributes, event::opened, event::closed_written,
                                        event::closed_unwritten, event::moved_from, event::moved_to, event::created,
                                        event::deleted, event::self_deleted, event::self_moved>;
constexpr u32 of_names = vnode_events<event::moved_from, event::moved_to, event::created, event::deleted, event::self_deleted,
                                   event::self_moved>;
constexpr u32 once = native_number<void, facilities::vnode_watch_flag::once>;
constexpr u32 add = native_number<void, facilities::vnode_watch_flag::add>;
constexpr u32 only_new = native_number<void, facilities::vnode_watch_flag::only_new>;
constexpr u32 only_named = native_number<void, facilities::vnode_watch_flag::only_named>;

std::string_view word_of(const record& r) {
  if (r.notice == facilities::queue_notice::ignored) return "ignored";
  if (r.notice == facilities::queue_notice::overflow) return "overflow";
  for (const auto& [bit, text] : std::initializer_list<std::pair<u32, std::string_view>>{
           {vnode_events<event::accessed>, "accessed"}, {vnode_events<event::modified>, "modified"},
           {vnode_events<event::attributes>, "attributes"}, {vnode_events<event::opened>, "opened"},
           {vnode_events<event::closed_written>, "written"}, {vnode_events<event::closed_unwritten>, "closed"},
           {vnode_events<event::moved_from>, "from"}, {vnode_events<event::moved_to>, "to"},
           {vnode_events<event::created>, "created"}, {vnode_events<event::deleted>, "deleted"},
           {vnode_events<event::self_deleted>, "gone"}, {vnode_events<event::self_moved>, "moved"},
           {vnode_events<event::unmounted>, "unmounted"}})
    if (r.what == bit) return text;
  return "?";
}

/// A directory "/place", on the host or in memory, and a queue.
struct watched_place : file_world {
  i32 descriptor = -1;

  explicit watched_place(bool memory, facilities::vnode_queue_limits limits = {}) {
    if (!memory) {
      REQUIRE(mkdir("/place") == error::none);
    } else {
      with_lock([] {
        auto tree = ref::make_memory_file_system(0777, false);
        auto root = ref::mounts::root();
        (void)ref::mounts::add(root, "place", std::move(*tree), {"none", "tmpfs", "rw"});
      });
    }
    descriptor = install_custom(user(), *create<K, queue>(limits), ref::open_flags::nonblock);
  }
  ~watched_place() { close(descriptor); }

  i32 watch(std::string_view path, u32 events = everything, u32 flags = 0) {
    return user().call([&](ref::thread& t) {
      auto number = facilities::watch_path<K, record>(t, descriptor, path, events, flags);
      return number ? *number : -static_cast<i32>(number.error());
    });
  }
  error unwatch(i32 number) {
    return user().call([&](ref::thread& t) { return facilities::unwatch<K, record>(t, descriptor, number).error(); });
  }
  std::vector<record> take() {
    std::vector<record> all;
    for (;;) {
      const user_bytes part{user().allocate(16 * record::most), 16 * record::most};
      const auto size = perform(user(), op::read{}, descriptor, user_vector{&part, 1});
      if (!size) return all;
      for (usize i = 0; i < static_cast<usize>(*size) / record::most; ++i)
        all.push_back(user().get<record>(part.address + i * record::most));
    }
  }
  /// "1 opened f, 1 closed f".
  std::string told() {
    std::string text;
    for (const record& r : take()) {
      if (!text.empty()) text += ", ";
      text += std::to_string(r.watch) + " " + std::string{word_of(r)};
      if (r.directory) text += "/";
      if (r.name[0] != 0) text += std::string{" "} + r.name;
    }
    return text;
  }
};

} // namespace

TEST_CASE("a directory is told of what is done to the files in it", "[vnode events]") {
  watched_place w{GENERATE(false, true)};
  CHECK(w.watch("/place") == 1);
  CHECK(w.make("/place/f", "text") == error::none);
  CHECK(w.told() == "1 created f, 1 opened f, 1 modified f, 1 written f");
  CHECK(w.content("/place/f") == "text");
  CHECK(w.told() == "1 opened f, 1 accessed f, 1 closed f");
  CHECK(perform(w.user(), op::chmod{}, here, "/place/f", 0600u, 0u));
  CHECK(perform(w.user(), op::truncate{}, "/place/f", i64{1}));
  CHECK(w.told() == "1 attributes f, 1 modified f");
  CHECK(w.make("/place/f") == error::none);
  CHECK(w.told() == "1 opened f, 1 modified f, 1 written f");
  CHECK(w.link("/place/f", "/place/g") == error::none);
  CHECK(w.symlink("f", "/place/s") == error::none);
  CHECK(w.mkdir("/place/d") == error::none);
  CHECK(w.told() == "1 created g, 1 created s, 1 created/ d");
  CHECK(w.list("/place/d").size() == 2);
  CHECK(w.told() == "1 opened/ d, 1 accessed/ d, 1 closed/ d");
  CHECK(w.unlink("/place/f") == error::none);
  CHECK(w.rmdir("/place/d") == error::none);
  CHECK(w.told() == "1 deleted f, 1 deleted/ d");
}

TEST_CASE("a file is told of what is done to it, and of its end", "[vnode events]") {
  watched_place w{GENERATE(false, true)};
  CHECK(w.make("/place/f") == error::none);
  CHECK(w.watch("/place/f") == 1);
  CHECK(w.watch("/place", of_names) == 2);
  CHECK(w.link("/place/f", "/place/g") == error::none);
  CHECK(w.rename("/place/f", "/place/h") == error::none);
  CHECK(w.told() == "1 attributes, 2 created g, 2 from f, 2 to h, 1 moved");
  CHECK(w.unlink("/place/h") == error::none);
  CHECK(w.told() == "1 attributes, 2 deleted h");
  CHECK(w.unlink("/place/g") == error::none);
  CHECK(w.told() == "1 attributes, 1 gone, 1 ignored, 2 deleted g");
  CHECK(w.unwatch(1) == error::inval);
}

TEST_CASE("an open file without a name goes with its last user", "[vnode events]") {
  watched_place w{GENERATE(false, true)};
  CHECK(w.make("/place/f") == error::none);
  CHECK(w.watch("/place/f") == 1);
  const i32 d = w.open("/place/f", flag::wronly);
  CHECK(w.unlink("/place/f") == error::none);
  CHECK(w.told() == "1 opened, 1 attributes");
  w.write(d, "x");
  w.close(d);
  CHECK(w.told() == "1 modified, 1 written, 1 gone, 1 ignored");
}

TEST_CASE("the name by which a file is open moves with it, and stays known", "[vnode events]") {
  watched_place w{GENERATE(false, true)};
  CHECK(w.mkdir("/place/a") == error::none);
  CHECK(w.mkdir("/place/b") == error::none);
  CHECK(w.make("/place/a/f") == error::none);
  CHECK(w.link("/place/a/f", "/place/a/other") == error::none);
  const i32 d = w.open("/place/a/f", flag::wronly);
  CHECK(w.watch("/place/a", vnode_events<event::modified, event::closed_written>) == 1);
  CHECK(w.watch("/place/b", vnode_events<event::modified, event::closed_written>) == 2);
  CHECK(w.content("/place/a/other") == "");
  w.write(d, "x");
  CHECK(w.told() == "1 modified f");
  CHECK(w.rename("/place/a/f", "/place/b/g") == error::none);
  w.write(d, "x");
  CHECK(w.told() == "2 modified g");
  CHECK(w.unlink("/place/b/g") == error::none);
  w.write(d, "x");
  CHECK(w.told() == "2 modified g");
  CHECK(w.watch("/place/b", vnode_events<event::modified, event::closed_written>, only_named) == 2);
  w.write(d, "x");
  w.close(d);
  CHECK(w.told() == "");
}

TEST_CASE("both names of a move have one cookie, and no other move has it", "[vnode events]") {
  watched_place w{GENERATE(false, true)};
  CHECK(w.mkdir("/place/a") == error::none);
  CHECK(w.mkdir("/place/b") == error::none);
  CHECK(w.make("/place/a/f") == error::none);
  CHECK(w.make("/place/b/old") == error::none);
  CHECK(w.watch("/place/a", of_names) == 1);
  CHECK(w.watch("/place/b", of_names) == 2);
  CHECK(w.watch("/place/b/old") == 3);
  CHECK(w.rename("/place/a/f", "/place/a/g") == error::none);
  CHECK(w.rename("/place/a/g", "/place/b/old") == error::none);
  const auto all = w.take();
  REQUIRE(all.size() == 7);
  CHECK(all[0].cookie != 0);
  CHECK(all[0].cookie == all[1].cookie);
  CHECK(all[2].cookie == all[3].cookie);
  CHECK(all[0].cookie != all[2].cookie);
  CHECK((all[2].watch == 1 && all[3].watch == 2));
  CHECK(word_of(all[4]) == "attributes");
  CHECK(word_of(all[5]) == "gone");
  CHECK(word_of(all[6]) == "ignored");
  CHECK(w.rename("/place/b", "/place/c") == error::none);
  CHECK(w.told() == "2 moved");
}

TEST_CASE("directories end as files do", "[vnode events]") {
  watched_place w{GENERATE(false, true)};
  CHECK(w.mkdir("/place/d") == error::none);
  CHECK(w.mkdir("/place/d/sub") == error::none);
  CHECK(w.watch("/place/d", of_names) == 1);
  CHECK(w.watch("/place/d/sub", of_names) == 2);
  CHECK(w.rmdir("/place/d/sub") == error::none);
  CHECK(w.told() == "2 gone, 2 ignored, 1 deleted/ sub");
  const i32 held = w.open("/place/d", flag::directory);
  CHECK(w.rmdir("/place/d") == error::none);
  CHECK(w.told() == "");
  w.close(held);
  CHECK(w.told() == "1 gone, 1 ignored");
}

TEST_CASE("one file is watched once by a queue", "[vnode events]") {
  watched_place w{GENERATE(false, true)};
  CHECK(w.make("/place/f") == error::none);
  CHECK(w.watch("/place/f", vnode_events<event::opened>) == 1);
  CHECK(w.watch("/place/f", vnode_events<event::closed_unwritten>, add) == 1);
  CHECK(w.content("/place/f") == "");
  CHECK(w.told() == "1 opened, 1 closed");
  CHECK(w.watch("/place/f", vnode_events<event::closed_unwritten>) == 1);
  CHECK(w.watch("/place/f", vnode_events<event::closed_unwritten>, only_new) == -static_cast<i32>(error::exist));
  CHECK(w.watch("/place/f", vnode_events<event::closed_unwritten>, only_new | add) == -static_cast<i32>(error::inval));
  CHECK(w.content("/place/f") == "");
  CHECK(w.told() == "1 closed");
  CHECK(w.unwatch(1) == error::none);
  CHECK(w.told() == "1 ignored");
  CHECK(w.unwatch(1) == error::inval);
  CHECK(w.watch("/place/f", vnode_events<event::opened>, once) == 2); // numbers grow
  CHECK(w.content("/place/f") == "");
  CHECK(w.content("/place/f") == "");
  CHECK(w.told() == "2 opened, 2 ignored");
}

TEST_CASE("an event like the last one is told once", "[vnode events]") {
  watched_place w{GENERATE(false, true)};
  CHECK(w.make("/place/f") == error::none);
  CHECK(w.watch("/place", vnode_events<event::modified, event::attributes>) == 1);
  const i32 d = w.open("/place/f", flag::wronly);
  w.write(d, "x");
  w.write(d, "y");
  CHECK(perform(w.user(), op::fchmod{}, d, 0600u));
  w.write(d, "z");
  w.close(d);
  CHECK(w.told() == "1 modified f, 1 attributes f, 1 modified f");
}

TEST_CASE("a queue that is full says so once, and goes on when it has been read", "[vnode events]") {
  watched_place w{true, {.queues = 10, .watches = 10, .events = 4}};
  CHECK(w.watch("/place", vnode_events<event::created>) == 1);
  for (const char* path : {"/place/a", "/place/b", "/place/c", "/place/d", "/place/e", "/place/f"})
    CHECK(w.make(path) == error::none);
  CHECK(w.told() == "1 created a, 1 created b, 1 created c, 1 created d, -1 overflow");
  CHECK(w.make("/place/g") == error::none);
  CHECK(w.told() == "1 created g");
}

TEST_CASE("watches have a limit", "[vnode events]") {
  watched_place w{true, {.queues = 10, .watches = 2, .events = 4}};
  for (const char* path : {"/place/a", "/place/b", "/place/c"}) CHECK(w.make(path) == error::none);
  CHECK(w.watch("/place/a") == 1);
  CHECK(w.watch("/place/b") == 2);
  CHECK(w.watch("/place/c") == -static_cast<i32>(error::nospc));
  CHECK(w.unwatch(1) == error::none);
  CHECK(w.watch("/place/c") == 3);
}

TEST_CASE("a mount that goes takes its watches along", "[vnode events]") {
  watched_place w{true};
  CHECK(w.make("/place/f") == error::none);
  CHECK(w.watch("/place/f", vnode_events<event::opened>) == 1);
  CHECK(w.watch("/", vnode_events<event::opened>) == 2);
  file_world::with_lock([&] {
    auto found = ref::namei::find(w.user().process(), "/place/f");
    REQUIRE(found);
    ref::vnode_events::unmounted(ref::front(*found)->file_system());
  });
  CHECK(w.told() == "1 unmounted, 1 ignored");
}

TEST_CASE("a watched file is the same object when it is found again", "[vnode events]") {
  watched_place w{false};
  for (int i = 0; i < 200; ++i) CHECK(w.make("/place/f" + std::to_string(i)) == error::none);
  CHECK(w.watch("/place/f7", vnode_events<event::opened>) == 1);
  for (int i = 0; i < 200; ++i) CHECK(w.content("/place/f" + std::to_string(i)) == "");
  CHECK(w.told() == "1 opened");
}

TEST_CASE("both sides of a directory that is two in one", "[vnode events]") {
  file_world plain{true};
  REQUIRE(plain.mkdir("/place") == error::none);
  std::filesystem::create_directories(plain.host() / "emulation" / "place");
  std::ofstream{plain.host() / "place" / "below"} << "x";
  plain.enter_emulation();
  guest& g = plain.user();
  const i32 d = install_custom(g, *create<K, queue>(facilities::vnode_queue_limits{}), ref::open_flags::nonblock);
  const i32 number =
      g.call([&](ref::thread& t) { return *facilities::watch_path<K, record>(t, d, "/place", of_names | vnode_events<event::opened>, 0); });
  CHECK(number == 1);
  CHECK(plain.make("/place/above") == error::none);
  CHECK(plain.content("/place/below") == "x");
  const user_bytes part{g.allocate(640), 640};
  const auto size = perform(g, op::read{}, d, user_vector{&part, 1});
  REQUIRE(size);
  REQUIRE(*size == 3 * static_cast<i64>(record::most));
  CHECK(std::string_view{g.get<record>(part.address).name} == "above");
  CHECK(std::string_view{g.get<record>(part.address + 2 * record::most).name} == "below");
  plain.close(d);
}

TEST_CASE("readers wait for events", "[vnode events]") {
  watched_place w{true};
  CHECK(w.watch("/place", vnode_events<event::created>) == 1);
  CHECK(perform(w.user(), op::set_nonblocking{}, w.descriptor, false));
  CHECK(*perform(w.user(), op::bytes_readable{}, w.descriptor) == 0);
  (void)fork(w.user(), [&](guest& child) {
    sleep_for(child, 20);
    (void)install(child, op::open{}, here, "/place/f", flag::wronly | flag::creat, 0644u);
  });
  const user_bytes part{w.user().allocate(record::most), record::most}, small{part.address, 8};
  CHECK(*perform(w.user(), op::read{}, w.descriptor, user_vector{&part, 1}) == record::most);
  CHECK(wait_for(w.user()).status == 0);
  CHECK(w.make("/place/g") == error::none);
  CHECK(*perform(w.user(), op::bytes_readable{}, w.descriptor) == record::most);
  CHECK(perform(w.user(), op::read{}, w.descriptor, user_vector{&small, 1}).error() == error::inval);
}
