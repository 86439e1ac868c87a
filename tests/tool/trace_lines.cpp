// Records become lines: made-up records of the Linux personality, and the text that strace would print.
#include "catch.hpp"

#include <trace_printer.hpp>

#include <polyabi/core/instantiate.hpp>
#include <polyabi/linux/structures/stat.hpp>
#include <polyabi/reference/numbers.hpp>
#include <polyabi/reference/structs.hpp>

#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace polyabi;
using namespace polyabi::tool;

/// One record with memory behind some words.
struct made_record {
  trace_record head;
  std::string bytes;

  made_record(trace_kind kind, i32 thread, u32 number) {
    head.kind = kind;
    head.process = head.thread = thread;
    head.number = number;
  }
  made_record& words(std::initializer_list<u64> values) {
    std::copy(values.begin(), values.end(), head.words);
    return *this;
  }
  made_record& result(i64 value) {
    head.result = static_cast<u64>(value);
    return *this;
  }
  made_record& memory(u8 word, std::string_view text, u8 part = 0, u32 whole = 0) {
    const trace_blob blob{word, part, static_cast<u16>(text.size()), whole == 0 ? static_cast<u32>(text.size()) : whole};
    bytes.append(reinterpret_cast<const char*>(&blob), sizeof blob).append(text);
    bytes.resize((bytes.size() + 7) / 8 * 8);
    ++head.blob_count;
    return *this;
  }
  made_record& payload(const void* from, usize size) {
    bytes.assign(static_cast<const char*>(from), size);
    return *this;
  }
  std::vector<u8> whole() {
    head.size = static_cast<u32>(sizeof head + bytes.size());
    std::vector<u8> all(sizeof head);
    std::memcpy(all.data(), &head, sizeof head);
    all.insert(all.end(), bytes.begin(), bytes.end());
    return all;
  }
};
made_record enter(u32 number, i32 thread = 2) {
  return {trace_kind::enter, thread, number};
}
made_record leave(u32 number, i32 thread = 2) {
  return {trace_kind::leave, thread, number};
}

std::string printed(std::vector<made_record> records, print_options options = {}, std::string_view arch = "x86_64") {
  std::FILE* file = std::tmpfile();
  trace_printer printer{file, {find_description("linux", arch)}, options};
  for (made_record& r : records) printer.record(r.whole());
  printer.finish();
  std::rewind(file);
  std::string text(1 << 16, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}
std::string line(std::vector<made_record> records) {
  std::string text = printed(std::move(records));
  return text.substr(0, text.size() - 1);
}

TEST_CASE("a path, flags by name, and the mode only where a file may be made") {
  CHECK(line({enter(257).words({0xffffff9c, 0x1000, 0x80000, 0644}).memory(1, "/etc/passwd"), leave(257).result(3)}) ==
        "openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY|O_CLOEXEC) = 3");
  CHECK(line({enter(257).words({5, 0x1000, 0x241, 0644}).memory(1, "new"), leave(257).result(-13)}) ==
        "openat(5, \"new\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = -1 EACCES (Permission denied)");
}

TEST_CASE("bytes are escaped and cut; sizes follow") {
  CHECK(line({enter(1)
                  .words({1, 0x1000, 6})
                  .memory(1, "a\"\n\t\001"
                             "2"),
              leave(1).result(6)}) == "write(1, \"a\\\"\\n\\t\\0012\", 6)             = 6");
  const std::string long_text(40, 'x');
  CHECK(line({enter(0).words({3, 0x1000, 100}), leave(0).result(40).memory(1, long_text)}) ==
        "read(3, \"" + std::string(32, 'x') + "\"..., 100) = 40");
  CHECK(line({enter(0).words({3, 0x1000, 100}), leave(0).result(0)}) == "read(3, \"\", 100)                        = 0");
  CHECK(line({enter(0).words({3, 0x1000, 100}), leave(0).result(-9)}) ==
        "read(3, 0x1000, 100)                    = -1 EBADF (Bad file descriptor)");
}

TEST_CASE("stat in short: a size, or a device") {
  linux_abi::stat<lp64> st{};
  st.mode = 0100644;
  st.size = i64{512};
  const auto text = [&] { return std::string_view{reinterpret_cast<const char*>(&st), sizeof st}; };
  CHECK(line({enter(5).words({3, 0x1000}), leave(5).memory(1, text())}) ==
        "fstat(3, {st_mode=S_IFREG|0644, st_size=512, ...}) = 0");
  st.mode = 020620;
  st.rdev.raw = u64{0x8803};
  CHECK(line({enter(5).words({3, 0x1000}), leave(5).memory(1, text())}) ==
        "fstat(3, {st_mode=S_IFCHR|0620, st_rdev=makedev(0x88, 0x3), ...}) = 0");
}

TEST_CASE("an ioctl by its request") {
  const std::string window("\x18\0\x50\0\0\0\0\0", 8);
  CHECK(line({enter(16).words({0, 0x5413, 0x1000}), leave(16).memory(1, window)}) ==
        "ioctl(0, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0");
  CHECK(line({enter(16).words({0, 0x5401, 0x1000}), leave(16).result(-25)}) ==
        "ioctl(0, TCGETS, 0x1000)                = -1 ENOTTY (Inappropriate ioctl for device)");
}

TEST_CASE("arguments of exec, and the size of the environment") {
  CHECK(line({enter(59).words({0x1000, 0x2000, 0x3000}).memory(0, "/bin/ls").memory(1, "ls").memory(1, "/", 1).memory(2, "A=1"),
              leave(59).result(59)}) == "execve(\"/bin/ls\", [\"ls\", \"/\"], 0x3000 /* 1 var */) = 0");
}

TEST_CASE("addresses, masks of modes, what does not return") {
  CHECK(line({enter(9).words({0, 4096, 3, 0x22, ~u64{0}, 0}), leave(9).result(0x7f0000000000)}) ==
        "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000");
  CHECK(line({enter(95).words({022}), leave(95).result(0)}) == "umask(022)                              = 000");
  CHECK(line({enter(231).words({3}), leave(231)}) == "exit_group(3)                           = ?");
}

TEST_CASE("a call that nobody knows is shown in numbers") {
  CHECK(line({enter(4000).words({1, 2, 3, 4, 5, 6}), leave(4000).result(-38)}) ==
        "syscall_0xfa0(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)");
}

TEST_CASE("two processes take turns: what was interrupted is resumed") {
  CHECK(printed({enter(0, 2).words({0, 0x1000, 1}), enter(39, 3), leave(39, 3).result(3), leave(0, 2).result(1).memory(1, "x")},
                {.always_prefix = true}) == "2     read(0,  <unfinished ...>\n"
                                            "3     getpid()                          = 3\n"
                                            "2     <... read resumed>\"x\", 1)         = 1\n");
}

TEST_CASE("more than one process: the line says which") {
  CHECK(printed({enter(39, 2), leave(39, 2).result(2), enter(39, 3), leave(39, 3).result(3)}) ==
        "getpid()                                = 2\n"
        "[pid     3] getpid()                    = 3\n");
}

TEST_CASE("signals and ends, in the personality's numbers") {
  reference::siginfo info{};
  info.signo = reference::signals::chld;
  info.code = reference::signal_codes::cld_killed;
  info.pid = 7;
  info.status = reference::signals::usr1;
  made_record signal{trace_kind::signal, 2, static_cast<u32>(info.signo)};
  CHECK(
      line({signal.payload(&info, sizeof info)}) ==
      "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=7, si_uid=0, si_status=SIGUSR1, si_utime=0, si_stime=0} ---");
  CHECK(line({made_record{trace_kind::exited, 2, 3 << 8}}) == "+++ exited with 3 +++");
  CHECK(line({made_record{trace_kind::exited, 2, static_cast<u32>(reference::signals::usr1)}}) == "+++ killed by SIGUSR1 +++");
  CHECK(line({enter(0).words({0, 0x1000, 1}), made_record{trace_kind::exited, 2, 9}}) ==
        "read(0,  <unfinished ...>) = ?\n+++ killed by SIGKILL +++");
}

TEST_CASE("the native operation stands behind the call") {
  CHECK(printed({enter(39), leave(39).result(2)}, {.native = true}) ==
        "getpid()                                = 2  # op::getpid\n");
}

TEST_CASE("32-bit words are narrow, and their errors negative") {
  CHECK(printed({enter(5).words({0x1000, 0, 0}).memory(0, "x"), leave(5).result(i64{0xfffffffe})}, {}, "i386") ==
        "open(\"x\", O_RDONLY)                     = -1 ENOENT (No such file or directory)\n");
}

TEST_CASE("the summary counts calls and errors") {
  std::FILE* file = std::tmpfile();
  trace_printer printer{file, {find_description("linux", "x86_64")}, {.calls = false}};
  for (const i64 result : {i64{3}, i64{-2}}) {
    printer.record(enter(3).words({3}).whole());
    printer.record(leave(3).result(result).whole());
  }
  const std::string text = printer.tally().summary();
  CHECK(std::ftell(file) == 0);
  std::fclose(file);
  CHECK(text.find("        2         1 close\n") != text.npos);
}

TEST_CASE("a record that is cut off is no record") {
  auto bytes = enter(39).whole();
  bytes.pop_back();
  CHECK_FALSE(parsed_record::parse(bytes));
  auto hostile = enter(39).memory(0, "abc").whole();
  hostile[sizeof(trace_record) + 2] = 200; // a size beyond the record
  CHECK_FALSE(parsed_record::parse(hostile));
}

} // namespace
