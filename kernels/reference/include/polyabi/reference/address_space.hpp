// The memory map of a process: what is mapped where, kept beside the machine's real mappings.
#pragma once

#include <polyabi/reference/file.hpp>

namespace polyabi::reference {

/// One mapping: [start, end), page-aligned.
struct region {
  list_link link; ///< in order of address
  u64 start = 0, end = 0;
  u32 protection = 0;
  u32 flags = 0;  ///< native map flags: shared or private, anonymous, growsdown, ...
  u64 offset = 0; ///< into the file
  u32 allowed = protections::read | protections::write | protections::exec; ///< protections that it may be given
  enum class purpose : u8 {
    ordinary,
    heap,
    stack,
    call_stubs, ///< code of the machine's own, for entering the kernel
  } use = purpose::ordinary;

  region() = default;
  region(const region&) = delete;
  region& operator=(const region&) = delete;
  ~region() {
    if (backing_) backing_->unmapped(*this);
  }
  bool is_shared() const { return (flags & map_flags::shared) != 0; }
  /// Null: anonymous.
  const ref<file>& backing() const { return backing_; }
  /// After all else is set.
  void show(ref<file> of) {
    backing_ = std::move(of);
    if (backing_) backing_->mapped(*this);
  }

private:
  ref<file> backing_;
};

/// Under the kernel lock. All changes to the calling process only, except `copy` in fork. Addresses and sizes are checked here.
class address_space {
public:
  /// No mapping lies below, so that null pointers fault; but see `starts_at_zero`.
  static constexpr u64 lowest_address = 0x10000;

  static address_space* make(bool is_32_bit, bool from_zero = false);
  address_space* copy() const; ///< for fork: the machine copies the pages. Null: out of memory
  address_space* share();      ///< for vfork
  void release();

  /// `fixed` replaces what is there; otherwise `address` is a hint.
  result<u64> map(u64 address, u64 size, u32 protection, u32 flags, ref<file>, u64 offset,
                  region::purpose = region::purpose::ordinary);
  result<> unmap(u64 address, u64 size);
  result<> protect(u64 address, u64 size, u32 protection);
  result<u64> remap(u64 address, u64 size, u64 new_size, bool may_move);
  /// Answers the break in force afterwards.
  result<u64> set_break(u64 address, u64 data_limit);
  /// For exec: forgets everything and starts over for the other width. The machine's mappings are gone already.
  void reset(bool is_32_bit, bool from_zero = false);
  void set_break_start(u64 address) { break_start_ = break_ = address; }
  u64 break_start() const { return break_start_; }
  u64 current_break() const { return break_; }
  bool is_32_bit() const { return is_32_bit_; }
  /// Programs of old formats are linked at address 0 and above: page zero may be mapped, on request.
  bool starts_at_zero() const { return from_zero_; }
  u64 lowest() const { return from_zero_ ? 0 : lowest_address; }
  bool is_shared() const { return references_ > 1; }
  /// The highest free gap of this size below the stack, or above `floor`; 0 if there is none.
  u64 find_gap(u64 size, u64 floor = lowest_address) const;
  /// The highest one below `ceiling`.
  u64 find_gap(u64 size, u64 floor, u64 ceiling) const;
  bool is_free(u64 start, u64 end) const;
  /// Whether every byte is mapped.
  bool covers(u64 start, u64 end) const;
  u64 limit() const { return from_zero_ ? from_zero_limit : machine::user_limit(is_32_bit_); }
  const region* first() const { return regions_.front(); }
  const region* next(const region& r) const { return regions_.next(r); }
  const region* find(u64 address) const;
  u64 size() const; ///< bytes mapped

private:
  void clear();
  /// Makes `at` a boundary between regions. False: out of memory.
  bool split(u64 at);
  /// Forgets [start, end), whose edges are boundaries.
  void forget(u64 start, u64 end);
  void insert(region&);
  void merge(u64 start, u64 end);
  region* first_from(u64 address) const;

  intrusive_list<region, &region::link> regions_;
  u32 references_ = 1;
  u64 break_start_ = 0, break_ = 0;
  bool is_32_bit_ = false, from_zero_ = false;
  /// Leaves a machine room for the base that it may need.
  static constexpr u64 from_zero_limit = 0xc0000000;
};

} // namespace polyabi::reference
