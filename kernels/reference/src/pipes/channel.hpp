// The ring of bytes between the ends of a pipe or FIFO.
#pragma once

#include <polyabi/reference/claim.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kept_attributes.hpp>
#include <polyabi/reference/pipe.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

/// Shared by the open files of both ends. Under the kernel lock.
struct channel {
  u32 references = 0;
  u32 readers = 0, writers = 0;
  /// Opens so far: whoever waits in open(2) of a FIFO sees that the other end came, even if it has gone again.
  u64 reader_opens = 0, writer_opens = 0;
  wait_queue readable, writable, opened;
  u64 number = 0; ///< inode of a pipe without a name
  kept_attributes kept; ///< of one without a name
  // a FIFO's place in the table
  list_link in_table;
  u64 node_device = 0, node_inode = 0;

  /// Null if memory is exhausted.
  static ref<channel> make();
  void release();

  usize queued() const { return count_; }
  usize capacity() const { return capacity_; }
  usize room() const { return capacity_ - count_; }
  /// Whether a write that goes in whole does so now.
  bool writes_fit() const { return room() >= pipe_atomic_write && packet_fits(); }
  /// Packets are few: as many as there are pages.
  bool packet_fits() const { return parts_ == nullptr || part_count_ < slots(); }
  /// What is put from now on may be packets. False: out of memory.
  bool keep_packets();
  /// Whoever calls `take` or `put` holds this.
  claim reading, writing;
  /// Moves as much as both sides have; false on a fault. The kernel lock is dropped while bytes are copied.
  /// `made_room` says that writers may have waited for what was taken.
  bool take(user_writer& to, bool& made_room);
  /// As a `packet`, for which there is room, it is taken by one read, and what that one leaves is gone.
  bool put(user_reader& from, usize size, bool packet = false);
  /// Copies what waits to kernel memory of the caller's, at most so much and of one packet; it stays. The holder of `reading` takes it with `drop`.
  usize peek(char* to, usize size) const;
  void drop(usize size);
  /// A ring of so many bytes, whole pages. EBUSY if more wait, ENOMEM.
  result<> resize(usize capacity);

private:
  /// Bytes that were put one after the other, or a packet.
  struct part {
    u32 size;
    bool packet;
  };
  static constexpr usize most_parts = largest_pipe / page_size;
  usize slots() const { return capacity_ / page_size < most_parts ? capacity_ / page_size : most_parts; }
  /// How many bytes at the front are of one part.
  usize front_size() const { return parts_ == nullptr ? count_ : part_count_ == 0 ? 0 : parts_[first_part_].size; }
  bool packet_in_front() const { return parts_ != nullptr && part_count_ != 0 && parts_[first_part_].packet; }
  void add_to_parts(usize size, bool packet);
  /// Bytes of the front part are gone.
  void take_from_front(usize size);

  char* ring_ = nullptr;
  usize start_ = 0, count_ = 0, capacity_ = pipe_capacity;
  part* parts_ = nullptr; ///< a ring of `most_parts`; null as long as nobody wants packets
  usize first_part_ = 0, part_count_ = 0;
};

/// Makes an open file of one end, or of both for a FIFO opened for reading and writing. Null if memory is exhausted.
ref<file> open_end(ref<channel>, ref<vnode> node, u32 flags);

} // namespace polyabi::reference
