// The memory map of a process: what is mapped where, kept beside the machine's real mappings.
#pragma once

#include <polyabi/reference/file.hpp>

namespace polyabi::reference {

/// One mapping: [start, end), page-aligned.
struct region {
  list_link link; ///< in order of address
  u64 start = 0, end = 0;
  u32 protection = 0;
  u32 flags = 0;     ///< native map flags: shared or private, anonymous, growsdown, ...
  u32 marks = 0;     ///< `region_marks`
  u64 offset = 0;    ///< into the file, or into the shared anonymous memory
  u64 shared_id = 0; ///< of shared anonymous memory: the same wherever that is mapped
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
  u64 size() const { return end - start; }
  bool is_shared() const { return (flags & map_flags::shared) != 0; }
  bool grows_down() const { return (flags & map_flags::growsdown) != 0; }
  bool has(u32 mark) const { return (marks & mark) != 0; }
  /// Counted by RLIMIT_DATA: private, writable, and no stack.
  bool is_data() const { return !is_shared() && (protection & protections::write) != 0 && !grows_down(); }
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

/// What was said of a region by mlock(2), madvise(2) and mseal(2), and of a private one of a file, whether it could be written to before.
namespace region_marks {
inline constexpr u32 locked = 1, lock_on_fault = 2, not_in_children = 4, zero_in_children = 8, not_dumped = 16, sealed = 32,
                     was_writable = 64;
}

/// What bounds a change of a memory map: the process' limits, and its rights.
struct memory_limits {
  u64 total = ~u64{0}, data = ~u64{0}, stack = ~u64{0}, locked = ~u64{0};
  static memory_limits of(const process&);
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
  result<u64> map(const memory_limits&, u64 address, u64 size, u32 protection, u32 flags, ref<file>, u64 offset,
                  region::purpose = region::purpose::ordinary);
  /// As above, without limits.
  result<u64> map(u64 address, u64 size, u32 protection, u32 flags, ref<file> backing, u64 offset,
                  region::purpose use = region::purpose::ordinary) {
    return map(memory_limits{}, address, size, protection, flags, std::move(backing), offset, use);
  }
  result<> unmap(u64 address, u64 size);
  result<> protect(const memory_limits&, u64 address, u64 size, u32 protection);
  result<> protect(u64 address, u64 size, u32 protection) { return protect(memory_limits{}, address, size, protection); }
  /// See op::remap.
  result<u64> remap(const memory_limits&, u64 address, u64 size, u64 new_size, u32 flags, u64 new_address);
  result<> remap_file(const memory_limits&, u64 address, u64 size, u64 offset);
  /// Answers the break in force afterwards.
  result<u64> set_break(const memory_limits&, u64 address);
  result<> sync(u64 address, u64 size, u32 flags);
  result<> advise(u64 address, u64 size, i32 advice);
  result<> lock(const memory_limits&, u64 address, u64 size, bool on_fault);
  result<> unlock(u64 address, u64 size);
  result<> lock_all(const memory_limits&, u32 flags);
  result<> seal(u64 address, u64 size);
  /// What `address` needs to be touched: a stack, or another region that grows down, reaches it now. False: nothing there
  /// grows.
  bool grow_to(const memory_limits&, u64 address);
  /// Whether a region might grow when `address` is touched; quick, and not always right.
  bool may_grow_to(u64 address) const { return address - growth_low_ < growth_high_ - growth_low_; }

  /// For exec: forgets everything and starts over for the other width. The machine's mappings are gone already.
  void reset(bool is_32_bit, bool from_zero = false);
  /// Addresses that are kept free for the stack to grow into, counted from its end.
  void set_stack_room(u64 size) {
    stack_room_ = size;
    known_gap_ = {};
  }
  u64 stack_room() const { return stack_room_; }
  void set_break_start(u64 address) { break_start_ = break_ = address; }
  u64 break_start() const { return break_start_; }
  u64 current_break() const { return break_; }
  bool is_32_bit() const { return is_32_bit_; }
  /// Programs of old formats are linked at address 0 and above: page zero may be mapped, on request.
  bool starts_at_zero() const { return from_zero_; }
  u64 lowest() const { return from_zero_ ? 0 : lowest_address; }
  u32 users() const { return references_; }
  bool is_shared() const { return references_ > 1; }
  /// The highest free gap of this size below the stack, or above `floor`; 0 if there is none.
  u64 find_gap(u64 size, u64 floor = lowest_address) const;
  /// The highest one below `ceiling`.
  u64 find_gap(u64 size, u64 floor, u64 ceiling) const;
  bool is_free(u64 start, u64 end) const;
  /// Somebody outside has written there, whatever its protection.
  void mark_written(u64 address, u64 size);
  /// Whether every byte is mapped.
  bool covers(u64 start, u64 end) const;
  u64 limit() const { return from_zero_ ? from_zero_limit : machine::user_limit(is_32_bit_); }
  const region* first() const { return regions_.front(); }
  const region* next(const region& r) const { return regions_.next(r); }
  const region* find(u64 address) const;
  u64 size() const;        ///< bytes mapped
  u64 locked_size() const; ///< bytes locked
  /// Kinds of barriers that the process has asked for (memory_barrier): a bit each.
  u32 barriers = 0;

private:
  void clear();
  /// Makes `at` a boundary between regions. False: out of memory.
  bool split(u64 at);
  /// Forgets [start, end), whose edges are boundaries.
  void forget(u64 start, u64 end);
  void insert(region&);
  void merge(u64 start, u64 end);
  region* first_from(u64 address) const;
  const region* last_below(u64 address) const;
  void take_out(region&);
  /// Where `map` puts a mapping.
  result<u64> place(u64 address, u64 size, u32 flags) const;
  bool any_sealed(u64 start, u64 end) const;
  u64 data_size() const;
  u64 mapped_within(u64 start, u64 end) const;
  /// ENOMEM beyond RLIMIT_AS or RLIMIT_DATA.
  result<> fits(const memory_limits&, u64 more, bool is_data) const;
  /// Pages of [start, end), whose edges are boundaries, lose and get marks.
  void mark(u64 start, u64 end, u32 without, u32 with);
  /// Brings the pages of locked regions in.
  result<> populate(u64 start, u64 end);
  void note_growth();
  result<u64> remap_here(const memory_limits&, const region& old, u64 address, u64 size, u64 new_size);
  result<u64> remap_elsewhere(u64 address, u64 size, u64 new_size, u64 to, u32 flags);
  result<> check_resize(const memory_limits&, const region& old, u64 address, u64 size, u64 new_size, u32 flags) const;

  intrusive_list<region, &region::link> regions_;
  mutable region* recent_ = nullptr; ///< the one that was looked for last: the next one is mostly near
  /// Above `ceiling` there is no gap of `size` or more for a mapping that may lie anywhere. Size 0: not known.
  struct known_gap {
    u64 size = 0, ceiling = 0;
  };
  mutable known_gap known_gap_;
  u32 references_ = 1;
  u64 break_start_ = 0, break_ = 0;
  u64 stack_room_ = 0;
  u64 growth_low_ = 0, growth_high_ = 0; ///< see `may_grow_to`
  u32 future_marks_ = 0;                 ///< of mappings to come (mlockall)
  bool is_32_bit_ = false, from_zero_ = false;
  /// Leaves a machine room for the base that it may need.
  static constexpr u64 from_zero_limit = 0xc0000000;
};

/// Whether no other thread runs in the memory of this process: it has one thread, and who else has that memory waits for it to exec.
bool runs_alone(const process&);

/// Gives the kernel lock back for a scope in which the machine works on the pages of this map, if nobody but the calling thread can
/// change them. Others may look at the map meanwhile.
class others_may_run {
public:
  explicit others_may_run(const address_space&);
  ~others_may_run() {
    if (given_back_) kernel_lock::acquire();
  }
  others_may_run(const others_may_run&) = delete;
  others_may_run& operator=(const others_may_run&) = delete;

private:
  bool given_back_;
};

/// Whole pages.
constexpr u64 page_round_up(u64 value) {
  return (value + page_size - 1) & ~u64{page_size - 1};
}
constexpr u64 page_round_down(u64 value) {
  return value & ~u64{page_size - 1};
}
constexpr bool is_page_aligned(u64 value) {
  return value % page_size == 0;
}

} // namespace polyabi::reference
