// The smallest kernel that polyabi can be brought to: it describes its numbers and one structure, and implements the operations it
// has. Everything else in a personality's table becomes "missing" by itself.
#pragma once

#include <polyabi/core/instantiate.hpp>

namespace mini {

using namespace polyabi;

// 1. The kernel's own error numbers ...
enum class error : u16 { none, bad_handle, bad_address, not_found, again, interrupted };

struct errors : number_map<errc> {
  static constexpr auto rows = std::to_array<row>({
      {errc::badf, i32(error::bad_handle)},
      {errc::fault, i32(error::bad_address)},
      {errc::noent, i32(error::not_found)},
      {errc::again, i32(error::again)},
  });
};
static_assert(checked<errors>);

// ... its flags: every name of the vocabulary that a personality may use is a bit, or stated to be absent ...
struct open_flags : flag_map<open_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      choice(access_mode::rdonly, 3, 0), choice(access_mode::wronly, 3, 1), choice(access_mode::rdwr, 3, 2),
      refuses(access_mode::neither, errc::inval), bit(open_flag::creat, 0x10), bit(open_flag::excl, 0x20),
      bit(open_flag::trunc, 0x40), bit(open_flag::append, 0x80),
      bit(open_flag::nonblock, 0x100), bit(open_flag::cloexec, 0x200), bit(open_flag::directory, 0x400),
      without(open_flag::noctty), without(open_flag::largefile), without(open_flag::sync), without(open_flag::dsync),
      without(open_flag::rsync), without(open_flag::noatime), without(open_flag::direct), without(open_flag::ndelay),
      without(open_flag::nofollow), without(open_flag::async), without(open_flag::xattr), without(open_flag::nolinks),
      refuses(open_flag::path, errc::inval), refuses(open_flag::tmpfile, errc::opnotsupp),
  });
};
static_assert(checked<open_flags>);

// ... and its structures.
struct stat {
  u64 dev, ino;
  u32 mode, uid, gid, blksize;
  u64 nlink, rdev;
  i64 size, blocks;
  struct time {
    i64 sec, nsec;
    POLYABI_FIELDS(time, sec, nsec)
  } atime, mtime, ctime, birthtime;
  POLYABI_FIELDS(stat, dev, ino, mode, uid, gid, blksize, nlink, rdev, size, blocks, atime, mtime, ctime, birthtime)
};

// 2. A thread, and what a new descriptor is until it is committed.
struct thread {
  i32 id;
};

class new_descriptor {
public:
  explicit new_descriptor(i32 number) : number_{number} {}
  new_descriptor() = default;
  i32 commit(commit_right) { return number_; }

private:
  i32 number_ = -1;
};

// 3. The operations it has. User memory is one flat array here; a real kernel calls its copyin and copyout.
inline unsigned char memory[4096];

constexpr bool in_range(u64 address, u64 size) { return address <= sizeof memory && size <= sizeof memory - address; }

struct file_operations {
  static basic_result<new_descriptor, error> perform(op::open, thread&, i32, std::string_view path, u32, u32) {
    if (path != std::string_view{"/zero", 5}) return error::not_found;
    return new_descriptor{3};
  }
  static basic_result<void, error> perform(op::close, thread&, i32 descriptor) {
    if (descriptor != 3) return error::bad_handle;
    return {};
  }
  static basic_result<i64, error> perform(op::read, thread&, i32 descriptor, user_vector into) {
    if (descriptor != 3) return error::bad_handle;
    i64 total = 0;
    for (usize i = 0; i < into.count; ++i) {
      if (!in_range(into.parts[i].address, into.parts[i].size)) return error::bad_address;
      __builtin_memset(memory + into.parts[i].address, 0, into.parts[i].size);
      total += static_cast<i64>(into.parts[i].size);
    }
    return total;
  }
  static basic_result<void, error> perform(op::fstat, thread&, i32 descriptor, stat& out) {
    if (descriptor != 3) return error::bad_handle;
    out = {};
    out.mode = 0020666; // a character device
    out.nlink = 1;
    return {};
  }
  using provides = operation_list<op::open, op::close, op::read, op::fstat>;
};

struct process_operations {
  static basic_result<i32, error> perform(op::getpid, thread& caller) { return caller.id; }
  using provides = operation_list<op::getpid>;
};

// 4. The kernel: its groups, its maps, and how it reaches user memory.
template <class Name> struct map_of;
template <> struct map_of<errc> { using type = errors; };
template <> struct map_of<open_flag> { using type = open_flags; };
template <class Shape> struct structure_of;
template <> struct structure_of<shape::stat> { using type = stat; };

struct kernel : kernel_of<file_operations, process_operations> {
  using thread = mini::thread;
  using error = mini::error;
  using new_descriptor = mini::new_descriptor;
  template <class Name> using map = typename map_of<Name>::type;
  template <class Shape> using native = typename structure_of<Shape>::type;
  static constexpr i32 current_directory = -1;
  static constexpr error restart_call = error::interrupted;

  static void request_restart(thread&) {}
  static bool copy_in(thread&, void* to, u64 from, usize size) {
    if (!in_range(from, size)) return false;
    __builtin_memcpy(to, memory + from, size);
    return true;
  }
  static bool copy_out(thread&, u64 to, const void* from, usize size) {
    if (!in_range(to, size)) return false;
    __builtin_memcpy(memory + to, from, size);
    return true;
  }
  static i64 copy_in_string(thread&, char* to, u64 from, usize limit) {
    for (usize i = 0; i < limit; ++i) {
      if (!in_range(from + i, 1)) return -1;
      if ((to[i] = static_cast<char>(memory[from + i])) == 0) return static_cast<i64>(i);
    }
    return -2;
  }
  /// The funnel for what is not supported. A real kernel logs it; this one only counts.
  static inline u32 unsupported_count = 0;
  static void unsupported(thread&, const unsupported_report&) { ++unsupported_count; }
};

} // namespace mini
