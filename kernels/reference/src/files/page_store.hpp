// Where the bytes of files in memory are.
#pragma once

#include <polyabi/reference/claim.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

/// What the vnodes of one mount share. Lives as long as they do.
struct memory_mount {
  u64 id = 0;
  u64 last_inode = 0;
  u64 pages = 0;
  u64 own_limit = 0; ///< 0: none was set
  u32 vnodes = 0;
  u32 writers = 0; ///< files open to be written
  bool frozen = false, read_only = false;
  bool is_fixed() const { return frozen || read_only; } ///< users change no names
  /// Pages that it may hold: as a setting says, or half of the memory that there is, as everywhere.
  u64 page_limit() const;
};

/// The bytes of a regular file. Those of a small one lie in pages of the kernel's. One that is mapped, or that grows, moves to
/// a memory object of the machine, once and for all: that is sparse, of any size, and what every mapping shows.
class page_store {
public:
  explicit page_store(memory_mount& mount) : mount_{mount} {}
  ~page_store();
  page_store(const page_store&) = delete;
  page_store& operator=(const page_store&) = delete;

  /// Somebody copies to or from the bytes, without the kernel lock: they stay where they are.
  class transfer {
  public:
    explicit transfer(page_store& of) : of_{of} { ++of_.transfers_; }
    ~transfer() {
      if (--of_.transfers_ == 0) of_.idle_.wake_all();
    }
    transfer(const transfer&) = delete;
    transfer& operator=(const transfer&) = delete;

  private:
    page_store& of_;
  };
  /// Held by whoever writes: two who append do not overwrite each other.
  claim writing;

  u64 size() const { return size_; }
  /// Bytes from `offset` on, which lie within the file. EFAULT. The caller holds a `transfer`.
  result<> read(user_writer& to, u64 offset, u64 size);
  /// The file grows as need be. What was written before a failure counts as transferred. The caller holds `writing`.
  result<> write(user_reader& from, u64 offset, u64 size);
  /// What is cut off reads as zeros if the file grows again.
  result<> resize(u64 size);
  /// The bytes read as zeros and cost nothing any more.
  result<> release(u64 offset, u64 size);
  /// Later writes there will not fail for want of memory. Does not make the file longer.
  result<> reserve(u64 offset, u64 size);
  /// The next byte that was written, or was not; the end of the file counts as not written. ENXIO if there is none.
  result<u64> find(u64 offset, bool written) const;
  /// The machine's memory object, for mappings.
  result<i32> object();
  /// Bytes of memory that it costs.
  u64 stored() const;

private:
  static constexpr u64 small_limit = 64 * page_size;
  static constexpr i32 none = -1;

  bool is_object() const { return object_ != none; }
  result<> grow(u64 end);
  result<> become_object();
  result<> write_small(user_reader& from, u64 offset, u64 size);
  result<> write_object(user_reader& from, u64 offset, u64 size);
  void clear(u64 from, u64 to);
  void free_pages();
  void wait_for_transfers();
  bool fits(u64 more_pages) const { return mount_.pages + more_pages <= mount_.page_limit(); }
  /// Brings the mount's count up to date.
  void account();

  memory_mount& mount_;
  u64 size_ = 0;
  char* pages_ = nullptr; ///< null: an object, or empty
  u64 page_count_ = 0;    ///< that the mount has counted
  i32 object_ = none;
  u32 transfers_ = 0;
  wait_queue idle_;
};

} // namespace polyabi::reference
