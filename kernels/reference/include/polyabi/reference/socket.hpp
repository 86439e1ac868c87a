// Sockets: what socket calls do, and the open files around them.
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/reference/file.hpp>
#include <polyabi/reference/kept_attributes.hpp>
#include <polyabi/reference/socket_numbers.hpp>

namespace polyabi::reference {

struct kernel;
struct process;
class local_socket;

/// A socket of some family. Refuses what its kind says nothing of. All of it runs under the kernel lock, which is dropped while
/// user memory is copied, the thread sleeps, or the host works.
struct socket {
  u32 references = 0;
  i32 family, type, protocol;
  u64 number; ///< inode
  u64 receive_timeout = 0, send_timeout = 0; ///< ns; 0 waits for ever

  socket(i32 of_family, i32 of_type, i32 of_protocol);
  socket(const socket&) = delete;
  socket& operator=(const socket&) = delete;
  virtual ~socket() = default;
  /// Called when the last reference goes: frees the socket.
  virtual void release() = 0;
  /// The last descriptor is gone: whoever is connected hears of it.
  virtual void closed() {}

  virtual result<> bind(const socket_address<kernel>&);
  /// `instead` is filled if the open file is to have another socket from now on.
  virtual result<> connect(const socket_address<kernel>&, bool nonblocking, ref<socket>& instead);
  virtual result<> listen(i32 backlog);
  virtual result<ref<socket>> accept(bool nonblocking, socket_address<kernel>& from);
  /// Non-blocking calls have `dontwait` among their flags. EPIPE sends no signal: the caller does, if `pipe_signal` says so.
  virtual result<i64> send(const outgoing_message<kernel>&, u32 flags);
  virtual bool pipe_signal() const { return type == socket_types::stream; }
  virtual result<i64> receive(incoming_message<kernel>&, u32 flags);
  virtual result<> shutdown(i32 how);
  virtual result<> name(socket_address<kernel>&);
  virtual result<> peer_name(socket_address<kernel>&);
  /// Options of level `socket` that are no kind's own are looked at first (options.cpp).
  virtual result<> set_option(i32 level, i32 option, std::span<const unsigned char> value);
  virtual result<usize> get_option(i32 level, i32 option, std::span<unsigned char> value);
  virtual u16 poll(u16 events, waiter* place) = 0;
  virtual result<i32> bytes_readable();
  virtual result<i32> unsent();
  virtual result<i32> at_mark();
  virtual local_socket* as_local() { return nullptr; }
  bool is_custom = false; ///< of a facility (core/socket_services.hpp)
  u64 counted_by = 0; ///< the last count of all sockets that had it
};

/// The open file of a socket.
struct socket_file final : file {
  ref<socket> of;
  // Open files in messages, see sockets/local/rights.hpp.
  u32 in_flight = 0;       ///< how many of the references are in messages that wait
  list_link in_flight_link;
  u32 from_candidates = 0; ///< of those, how many are in messages that may be lost
  bool reachable = false;
  kept_attributes kept;

  explicit socket_file(ref<socket>);
  ~socket_file() override;
  void release() override;
  result<i64> read(user_vector into, const i64* offset) override;
  result<i64> write(user_vector from, const i64* offset) override;
  result<i64> write_now(user_vector from) override;
  result<> attributes(stat& out) override;
  result<> change(const attribute_change& c) override { return kept.change(c); }
  u64 file_system_type() const override { return file_system_types::sockets; }
  u16 poll(u16 events, waiter* place) override { return of->poll(events, place); }
  result<i32> bytes_readable() override { return of->bytes_readable(); }
  usize describe(char* to, usize limit) override;
  bool nonblocking() const { return (flags & open_flags::nonblock) != 0; }
};

/// Open files that came with a message: references to them, and descriptor numbers reserved in the receiver's table, which are
/// installed by the derived entry. Dropped uncommitted, it leaves nothing behind.
class new_descriptors {
public:
  new_descriptors() = default;
  new_descriptors(new_descriptors&& other) noexcept { *this = std::move(other); }
  new_descriptors& operator=(new_descriptors&&) noexcept;
  ~new_descriptors() { keep(0); }

  usize size() const { return count_; }
  i32 number(usize i) const { return numbers_[i]; }
  /// Lets go of all but the first `count`.
  void keep(usize count);
  void commit(commit_right);

  /// Room for `count` files; false if there is none.
  [[nodiscard]] bool make_room(usize count);
  /// Reserves the lowest free number of the process for one more.
  result<> add(process&, ref<file>, u32 descriptor_flags);

private:
  void free();

  ref<descriptor_table> table_;
  ref<file>* files_ = nullptr;
  i32* numbers_ = nullptr;
  usize count_ = 0, room_ = 0;
  u32 flags_ = 0;
};

/// A socket of a family that this kernel has.
result<ref<socket>> make_socket(i32 family, i32 type, i32 protocol);
/// Two that are connected to each other. EOPNOTSUPP if the family has no such thing.
struct socket_ends {
  ref<socket> first, second;
};
result<socket_ends> make_socket_pair(i32 family, i32 type, i32 protocol);
/// Its open file, for reading and writing. `flags`: open_flags::nonblock or nothing.
result<ref<file>> open_socket(ref<socket>, u32 flags);

/// The socket behind an open file. ENOTSOCK.
result<socket_file*> socket_of(file&);

/// Takes apart what only messages refer to that nobody can receive any more: sockets that are in flight in each other. Called when
/// a socket, or a descriptor of one that is in flight, is closed.
void collect_lost_rights();
/// Whether a reference fewer to this file may be a reason to do so.
bool is_in_flight(const file&);

/// send and receive as calls have them: with the file's own flags, and the signal.
result<i64> send_to(socket_file&, const outgoing_message<kernel>&, u32 flags);
result<i64> receive_from(socket_file&, incoming_message<kernel>&, u32 flags);

} // namespace polyabi::reference
