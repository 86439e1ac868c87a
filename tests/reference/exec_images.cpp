// Booting and exec: real programs of the host are loaded (their code is not run), scripts, and what fails.
#include "guests.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/interrupt.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view gnu[]{"GNU"};

/// The personalities of guests, for images that are marked as Linux ones.
const abi<ref::kernel>& test_personality(architecture arch = architecture::x86_64) {
  static const auto make = [](architecture of) {
    abi<ref::kernel> p = simulated::direct_personality;
    p.arch = of;
    p.brand.note_owners = gnu;
    p.auxiliary_vector = [](const image_start& start, std::span<auxiliary_entry> out) -> usize {
      out[0] = {9, start.entry};
      out[1] = {7, start.interpreter_base};
      return 2;
    };
    return p;
  };
  static const abi<ref::kernel> wide = make(architecture::x86_64), narrow = make(architecture::i386);
  return arch == architecture::x86_64 ? wide : narrow;
}

/// The system, booted once: a host directory of our own is the root's /host part of it.
ref::thread& first_thread() {
  static ref::thread* first = [] {
    simulated::configure({"/"});
    const ref::boot_options options;
    const auto booted = ref::boot(options);
    REQUIRE(booted);
    return *booted;
  }();
  return *first;
}

/// A process with the tree of the booted system.
struct booted_process {
  ref::thread& first = first_thread(); // before any other process: it is process 2
  simulated::fresh_process p;
  booted_process() {
    *p->process().paths = *ref::process_table::init()->paths;
    p->process().memory = ref::address_space::make(false);
  }
  error exec(const std::string& path, const std::vector<std::string>& arguments) {
    const auto argv = p->put_strings(arguments), environment = p->put_strings({"A=b"});
    const i32 here = ref::at::current_directory;
    return perform(*p, op::exec{}, here, std::string_view{path}, argv, environment, 0U).error();
  }
  std::vector<std::string> argv() {
    std::vector<std::string> all;
    const u64 at = p->user_registers().rsp;
    for (u64 i = 0; i < p->get<u64>(at); ++i) {
      std::string text;
      for (u64 c = p->get<u64>(at + 8 + 8 * i); p->get<char>(c) != '\0'; ++c) text += p->get<char>(c);
      all.push_back(text);
    }
    return all;
  }
};

/// A directory of the host for this test.
struct scratch {
  fs::path where;
  scratch() {
    std::string name = (fs::temp_directory_path() / "polyabi-exec-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    where = name;
  }
  ~scratch() { fs::remove_all(where); }
  std::string script(const std::string& name, const std::string& text) const {
    const fs::path file = where / name;
    std::ofstream{file} << text;
    fs::permissions(file, fs::perms::owner_all);
    return file.string();
  }
};

} // namespace

std::span<const abi<ref::kernel>* const> polyabi::reference::linked_personalities() {
  static const abi<kernel>* const all[]{&test_personality(), &test_personality(architecture::i386)};
  return all;
}

TEST_CASE("a dynamic program: both files mapped, the stack built, registers at the interpreter", "[exec]") {
  booted_process b;
  CHECK(b.exec("/bin/true", {"true", "x"}) == error::none);
  CHECK(b.argv() == std::vector<std::string>{"true", "x"});
  auto& self = b.p->process();
  CHECK(std::string_view{self.name} == "true");
  CHECK(self.has_execed);
  CHECK(self.personality == &test_personality());
  CHECK(std::string_view{self.executable_path}.ends_with("/bin/true"));
  const auto* at_entry = self.memory->find(b.p->user_registers().rip);
  REQUIRE(at_entry != nullptr);
  CHECK((at_entry->protection & ref::protections::exec) != 0);
  CHECK(b.p->user_registers().rsp % 16 == 0);
  CHECK(self.memory->break_start() != 0);
  CHECK(b.p->get_text(self.environment_start, 3) == "A=b");
}

TEST_CASE("headers may lie anywhere in the file", "[exec]") {
  std::ifstream program{"/bin/true", std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{program}, {}};
  constexpr usize position_at = 32, size_at = 54, count_at = 56; // e_phoff, e_phentsize, e_phnum
  u64 position = 0;
  u16 size = 0, count = 0;
  std::memcpy(&position, &bytes[position_at], sizeof position);
  std::memcpy(&size, &bytes[size_at], sizeof size);
  std::memcpy(&count, &bytes[count_at], sizeof count);
  const std::string headers = bytes.substr(position, usize{size} * count);
  const scratch s;
  for (const usize offset : {8, 1000, 2040, 3000, 4088}) {
    std::string moved = bytes;
    moved.resize((bytes.size() / 4096 + 1) * 4096 + offset, 'x');
    const u64 there = moved.size();
    std::memcpy(&moved[position_at], &there, sizeof there);
    std::fill_n(moved.begin() + static_cast<std::ptrdiff_t>(position), headers.size(), 'y');
    booted_process b;
    INFO(offset);
    CHECK(b.exec(s.script("moved", moved + headers), {"moved"}) == error::none);
    CHECK(b.p->process().personality == &test_personality());
  }
}

TEST_CASE("scripts give their interpreter, its argument and the script's path", "[exec]") {
  const scratch s;
  booted_process b;
  const std::string script = s.script("script", "#! /bin/true  an argument \nrest");
  CHECK(b.exec(script, {"ignored", "1", "2"}) == error::none);
  CHECK(b.argv() == std::vector<std::string>{"/bin/true", "an argument", script, "1", "2"});
  CHECK(std::string_view{b.p->process().name} == "script");
}

TEST_CASE("what cannot be executed leaves the caller as it was", "[exec]") {
  const scratch s;
  booted_process b;
  CHECK(b.exec("/nowhere", {"x"}) == error::noent);
  CHECK(b.exec("/bin", {"x"}) == error::acces);
  CHECK(b.exec(s.script("text", "no program"), {"x"}) == error::noexec);
  CHECK(b.exec(s.script("lost", "#!/nowhere"), {"x"}) == error::noent);
  const std::string loop = s.script("loop", "#!" + (s.where / "loop").string());
  CHECK(b.exec(loop, {"x"}) == error::loop);
  CHECK(b.exec("/bin/true", {std::string(200'000, 'x')}) == error::toobig);
  CHECK_FALSE(b.p->process().has_execed);
}

TEST_CASE("a 32-bit program gets a 32-bit address space, stack and selectors", "[exec]") {
  // The smallest ELF32: one header, one segment that is the file, marked by a note of its own.
  struct elf32 {
    u8 ident[16]{0x7f, 'E', 'L', 'F', 1, 1, 1};
    u16 type = 2, machine = 3;
    u32 version = 1, entry = 0x8048000 + sizeof(elf32) - 4, program_headers = 52, section_headers = 0, flags = 0;
    u16 header_size = 52, program_header_size = 32, program_header_count = 2, section_header_size = 0, section_count = 0,
        section_names = 0;
    u32 load[8]{1, 0, 0x8048000, 0x8048000, sizeof(elf32), 0x3000, 7, 0x1000};
    u32 note[8]{4, 52 + 64, 0x8048000 + 52 + 64, 0, 32, 32, 4, 4};
    u32 note_data[8]{4, 16, 1, 0x554e47, 0, 2, 6, 32};
    u32 code = 0x90909090;
  };
  static_assert(sizeof(elf32) == 52 + 64 + 32 + 4);
  const scratch s;
  const elf32 file;
  const std::string path = s.script("small", {reinterpret_cast<const char*>(&file), sizeof file});
  booted_process b;
  REQUIRE(b.exec(path, {"small", "one"}) == error::none);
  auto& self = b.p->process();
  CHECK(self.personality == &test_personality(architecture::i386));
  CHECK(self.memory->is_32_bit());
  const auto& registers = b.p->user_registers();
  CHECK(registers.cs == 0x23);
  CHECK(registers.rip == file.entry);
  CHECK(registers.rsp < u64{1} << 32);
  CHECK(b.p->get<u32>(registers.rsp) == 2);
  CHECK(b.p->get_text(b.p->get<u32>(registers.rsp + 4), 6) == std::string_view{"small\0", 6});
  CHECK(self.memory->break_start() == 0x804b000);
  CHECK(b.p->get<u32>(0x8048000 + sizeof(elf32)) == 0); // behind the file's end
}

TEST_CASE("exec closes, resets and keeps what it should", "[exec]") {
  booted_process b;
  namespace sig = ref::signals;
  REQUIRE(set_handler(*b.p, sig::usr1, 0x5000) == error::none);
  REQUIRE(set_handler(*b.p, sig::usr2, ref::handlers::ignore) == error::none);
  b.p->thread().clear_on_exit = 1;
  CHECK(b.exec("/bin/true", {"true"}) == error::none);
  CHECK(b.p->process().actions[sig::usr1].handler == ref::handlers::default_);
  CHECK(b.p->process().actions[sig::usr2].handler == ref::handlers::ignore);
  CHECK(b.p->thread().clear_on_exit == 0);
}

TEST_CASE("exec by any thread ends the others and makes it the first", "[exec]") {
  booted_process b;
  const i32 pid = b.p->id();
  i32 new_id = 0;
  error answer = error::io;
  b.p->child_program = [&](guest& g) {
    const auto argv = g.put_strings({"true"});
    const i32 here = ref::at::current_directory;
    answer = perform(g, op::exec{}, here, std::string_view{"/bin/true"}, argv, argv, 0U).error();
    new_id = *perform(g, op::gettid{});
  };
  CHECK_FALSE(b.p.run([](guest& g) {
    g.system_call([](ref::thread& t) {
      auto made = polyabi::perform<ref::kernel>(op::create_thread{}, t);
      if (made) (void)detail::derived_entry::commit(*made);
    });
    sleep_for(g, 60'000);
  }));
  simulated::join_guests();
  CHECK(answer == error::none);
  CHECK(new_id == pid);
}

TEST_CASE("a vfork child that execs leaves its parent's memory alone", "[exec]") {
  booted_process b;
  const u64 address = b.p->put<u32>(1);
  const i32 child = fork(
      *b.p,
      [](guest& g) {
        const auto argv = g.put_strings({"true"});
        const i32 here = ref::at::current_directory;
        CHECK(perform(g, op::exec{}, here, std::string_view{"/bin/true"}, argv, argv, 0U).error() == error::none);
        CHECK_FALSE(g.process().memory->is_shared());
      },
      true);
  CHECK(wait_for(*b.p, child).status == 0);
  CHECK(b.p->get<u32>(address) == 1);
}

TEST_CASE("the first program starts, and how it ended is known", "[exec]") {
  {
    simulated::fresh_process p{first_thread()};
    const std::string_view arguments[]{"true"};
    CHECK(ref::boot_program(p->thread(), p->user_registers(), "/bin/nothing", arguments, {}).error() == error::noent);
    CHECK(ref::boot_program(p->thread(), p->user_registers(), "/bin/true", arguments, {}).error() == error::none);
    CHECK(p->id() == 2);
    CHECK(ref::first_program_status() == -1);
    CHECK_FALSE(p.run([](guest& g) { (void)perform(g, op::exit{}, 3); }));
  }
  CHECK(ref::first_program_status() == 3 << 8);
}
