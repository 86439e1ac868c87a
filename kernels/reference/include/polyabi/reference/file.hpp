// Open files (descriptions) and the descriptor table.
#pragma once

#include <polyabi/core/file_space.hpp>
#include <polyabi/core/reservation.hpp>
#include <polyabi/core/user_memory.hpp>
#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/lock.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/vnode.hpp>

namespace polyabi::reference {

struct terminal;
struct channel;
struct region;
namespace network {
class tunnel_file;
}

/// Told when an open file has no references any more, before anything of it goes. Leaves by itself.
struct file_observer {
  list_link link;
  void (*gone)(file_observer&) = nullptr;
  file_observer() = default;
  file_observer(const file_observer&) = delete;
  file_observer& operator=(const file_observer&) = delete;
  ~file_observer() { leave(); }
  void leave() { intrusive_list<file_observer, &file_observer::link>::unlink(*this); }
};

/// What an open file is used for.
enum class file_use : u8 { bytes, attributes };

/// An open file description: position, status flags and what reads and writes. Shared by dup and fork.
/// Kinds derive from it: a vnode's file, a pipe end, a terminal, later a socket. Under the kernel lock.
struct file {
  u32 references = 0;
  u32 flags = 0; ///< native open flags: access mode and status flags
  i64 position = 0;
  u8 whole_lock = 0;      ///< kind of its flock lock, 0 without one
  bool has_range_locks = false; ///< of its own, perhaps
  ref<vnode> node;        ///< null for files without a name (pipes)
  ref<open_name> name; ///< by which it was opened, if that is known
  bool is_custom = false; ///< of a facility (core/services.hpp)
  bool is_socket = false; ///< a `socket_file`
  bool is_unseen = false; ///< only stands for a file until somebody gets it by its descriptor: see `itself`
  intrusive_list<file_observer, &file_observer::link> observers;

  file() = default;
  virtual ~file(); ///< drops its locks
  virtual void release() = 0;
  bool ending(); ///< the last reference is gone: tells its observers
  /// What one that only stands for a file stands for.
  virtual result<ref<file>> itself();

  /// The host's descriptor, as long as there are references, if what is to be used is the host's alone and nobody is told of that. -1: there
  /// is none. Without the kernel lock, by a thread whose process keeps one of the references (unlocked_use.hpp).
  virtual i32 unlocked_descriptor(file_use) const { return -1; }
  /// It has been found to be a regular file on that way.
  virtual void told_regular() {}

  /// `offset` null: at the position, which moves. A read of several parts is one read.
  virtual result<i64> read(user_vector into, const i64* offset);
  virtual result<i64> write(user_vector from, const i64* offset);
  /// A write at the end, wherever the position is; afterwards it is there if it `moves`.
  virtual result<i64> append(user_vector from, bool moves);
  virtual result<i64> seek(i64 offset, i32 origin);
  virtual result<> attributes(stat& out);
  virtual result<> change(const attribute_change&);
  /// ENODEV where files have no space, EOPNOTSUPP where it cannot be done. The range is one, and the file open for writing.
  virtual result<> change_space(space_change, i64 offset, i64 size);
  result<> statistics(statfs& out);
  /// Of those without a name.
  virtual u64 file_system_type() const { return file_system_types::anonymous; }
  virtual result<> sync();
  virtual result<> read_entries(directory_visitor);
  /// Events of `events` (native poll bits) that hold now, with err and hup whenever they do. If `place` is given, enters the
  /// wait queue(s) that will be woken when any of them comes, whether or not one holds now; `place` holds up to two waiters.
  virtual u16 poll(u16 events, waiter* place);
  /// False for files that never block: their `poll` says what poll(2) does, and nobody can be told of a change.
  virtual bool has_readiness() const { return !node || (node->type != file_modes::reg && node->type != file_modes::dir); }
  virtual result<i32> bytes_readable();
  virtual result<> flags_changed(u32 new_flags);
  /// How a mapping of it is backed: answers the source for `size` bytes at `offset`. ENODEV if it cannot be mapped.
  virtual result<machine::mapping_source> map(u64 offset, u64 size, u32 protection, bool shared);
  /// Protections that a mapping of it may ever have: readable files all, but for shared ones that are not open for writing.
  virtual u32 mappable(bool shared) const;
  /// A region of some process' shows it from now on, or does so no longer.
  virtual void mapped(const region&) {}
  virtual void unmapped(const region&) {}
  /// Whether neighbouring mappings of it are one.
  virtual bool mappings_merge() const { return true; }
  /// A descriptor of it is closed; there may be others.
  virtual void descriptor_closed() {}
  /// As write, but never waits: EAGAIN, or a part.
  virtual result<i64> write_now(user_vector from) { return write(from, nullptr); }
  /// The pipe that it is an end of, or null.
  virtual channel* as_pipe() { return nullptr; }
  /// The tunnel's end that it is, or null.
  virtual network::tunnel_file* as_tunnel() { return nullptr; }
  /// The terminal behind it, or null (ENOTTY).
  virtual terminal* as_terminal();
  /// A path to show in /proc/PID/fd: "pipe:[7]". Vnode files answer their path.
  virtual usize describe(char* to, usize limit);
};

/// A descriptor: an open file and the flags of this reference to it.
struct descriptor {
  ref<file> open_file;
  u32 flags = 0; ///< fd_flags
  bool reserved = false;
};

/// Descriptors of a process (shared by threads). Grows on demand up to the limit.
class descriptor_table {
public:
  u32 references = 0;
  void release();

  static ref<descriptor_table> make();
  /// A copy for fork: every descriptor, the same open files.
  result<ref<descriptor_table>> copy() const;
  /// EBADF if not open. Reserved ones are not open.
  result<ref<file>> get(i32 number) const;
  descriptor* at(i32 number);
  /// Lowest free number from `minimum` on, marked reserved. EMFILE beyond `limit`.
  result<i32> reserve(i32 minimum, i32 limit);
  /// `number` exactly: grows the table; the descriptor there, if open, stays until the commit.
  result<> reserve_exactly(i32 number, i32 limit);
  void cancel(i32 number);
  void install(i32 number, ref<file>, u32 flags);
  /// EBADF if not open.
  result<> close(i32 number);
  void close_all();
  void close_on_exec();
  i32 size() const { return size_; }

private:
  /// Makes room for `number`.
  result<> grow(i32 number);
  void let_go(ref<file>);
  i32 first_free(i32 from) const;
  void take(i32 number);
  void give_back(i32 number);

  descriptor* entries_ = nullptr;
  u64* taken_ = nullptr; ///< a bit for each entry that is open or reserved: numbers are found 64 at a time
  i32 size_ = 0;         ///< a multiple of 64
  i32 lowest_free_ = 0;  ///< no number below it is free
};

/// A descriptor number reserved for an open file, not visible to the user until committed by the derived system-call entry
/// after its last copyout. Dropped uncommitted, it leaves nothing behind.
class new_descriptor {
public:
  new_descriptor() = default;
  new_descriptor(ref<descriptor_table> table, i32 number, ref<file> f, u32 fd_flags)
      : table_{table.leak()}, file_{f.leak()}, number_{number}, flags_{fd_flags} {}
  new_descriptor(new_descriptor&& other) noexcept
      : table_{std::exchange(other.table_, nullptr)}, file_{other.file_}, number_{other.number_}, flags_{other.flags_} {}
  new_descriptor& operator=(new_descriptor&& other) noexcept {
    std::swap(table_, other.table_);
    std::swap(file_, other.file_);
    std::swap(number_, other.number_);
    std::swap(flags_, other.flags_);
    return *this;
  }
  ~new_descriptor() {
    if (table_ != nullptr) cancel();
  }
  i32 number() const { return number_; }
  /// Answers the number, now open.
  i32 commit(commit_right) {
    if (table_ != nullptr) install();
    return number_;
  }
  /// A number that is open already and stays as it is (dup2 to itself).
  static new_descriptor existing(i32 number) {
    new_descriptor d;
    d.number_ = number;
    return d;
  }

private:
  void install();
  void cancel();

  // A reference to each of them, or to none: so there is one thing to look at when it goes.
  descriptor_table* table_ = nullptr;
  file* file_ = nullptr;
  i32 number_ = -1;
  u32 flags_ = 0;
};

/// Two of them: pipe(2), socketpair(2).
struct new_descriptor_pair {
  new_descriptor first, second;
  void commit(commit_right right) {
    (void)first.commit(right);
    (void)second.commit(right);
  }
};

} // namespace polyabi::reference
