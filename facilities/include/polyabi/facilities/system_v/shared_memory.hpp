// System V shared memory: segments that processes attach. A segment that was removed stays for those who have it attached.
#pragma once

#include <polyabi/facilities/system_v/objects.hpp>

namespace polyabi::facilities::system_v {

/// Flags of shmat(2).
enum class attach_flag : u8 { none, read_only, round, remap, execute, count_ };
struct attach_flag_bits : flag_map<attach_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(attach_flag::read_only, 1), bit(attach_flag::round, 2), bit(attach_flag::remap, 4),
                               bit(attach_flag::execute, 8)});
};
attach_flag_bits library_map(attach_flag);

/// What a segment's mode shows beside its nine bits: it goes with its last attachment; its pages stay in memory.
enum class segment_mark : u8 { none, removed, locked, count_ };
struct segment_mark_bits : flag_map<segment_mark> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(segment_mark::removed, 01000), bit(segment_mark::locked, 02000)});
};
segment_mark_bits library_map(segment_mark);

/// What IPC_STAT tells of a segment. `perm.mode` has the marks as well.
struct segment_status {
  permission perm;
  u64 segsz;
  i64 atime, dtime, ctime; ///< seconds
  i32 cpid, lpid;
  u64 nattch;
  u64 stored = 0; ///< bytes of memory that it costs; in no structure of a program's
  POLYABI_FIELDS(segment_status, perm, segsz, atime, dtime, ctime, cpid, lpid, nattch)
};

template <class K>
struct segment {
  permission perm;
  u64 size;
  i64 changed; ///< seconds, as are the others
  i32 creator;
  i32 last = 0; ///< the process that attached or detached it last
  i32 id = 0;
  i64 attached = 0, detached = 0;
  u64 mappings = 0;
  u64 holders = 0; ///< attachments, and a removal in progress
  bool removed = false, locked = false;
  typename K::memory_object bytes{};
};

template <class K>
struct segments;

/// One shmat(2): the open file that its mappings show. Children and parts of a mapping share it.
template <class K>
class attachment final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;

  explicit attachment(segment<K>& of) : custom_file<K>{&kind_mark}, of_{of} { ++of_.holders; }

  typename K::memory_object* memory() override { return &of_.bytes; }
  void mapped(i32 process) override {
    ++of_.mappings;
    of_.attached = now();
    of_.last = process;
  }
  void unmapped(i32 process) override {
    --of_.mappings;
    of_.detached = now();
    of_.last = process;
  }
  void closed() override {
    segment<K>& of = of_;
    destroy<K>(this);
    segments<K>::release(of);
  }
  u16 poll(u16, typename K::watch*) override { return 0; }
  bool has_readiness() const override { return false; }
  i64 size() const override { return static_cast<i64>(of_.size); }
  /// "/SYSV0000002a (deleted)", as Linux shows a segment with this key.
  usize describe(char* to, usize room) const override {
    char text[] = "/SYSV00000000 (deleted)";
    for (u32 i = 0; i < 8; ++i) text[5 + i] = "0123456789abcdef"[static_cast<u32>(of_.perm.key) >> (28 - 4 * i) & 15];
    const usize size = sizeof text - 1 < room ? sizeof text - 1 : room;
    __builtin_memcpy(to, text, size);
    return size;
  }

private:
  static i64 now() { return static_cast<i64>(K::real_time() / 1'000'000'000); }

  segment<K>& of_;
};

/// Every segment there is, and what is done with them.
template <class K>
struct segments {
  using section = typename K::section;

  struct state {
    table<K, segment<K>> all;
    u64 pages = 0; ///< of all segments
  };
  static inline constinit state known{};

  static basic_result<i32, errc> get(const caller& who, const limits& most, i32 key, u64 size, get_request request) {
    const section inside;
    const auto suits = [&](segment<K>& found) { return found.size < size ? errc::inval : errc::none; };
    return system_v::get(known.all, who, key, request, suits,
                         [&]() -> basic_result<segment<K>*, errc> { return make(who, most, key, size, request.mode); });
  }

  /// shmat(2): answers the address.
  static basic_result<u64, either_error<K>> attach(typename K::thread& thread, const caller& who, i32 id, u64 address,
                                                   u32 flags) {
    constexpr u32 read = native_number<K, protection::read>, write = native_number<K, protection::write>,
                  execute = native_number<K, protection::exec>;
    const bool read_only = has_flag<attach_flag::read_only>(flags), executes = has_flag<attach_flag::execute>(flags),
               replaces = has_flag<attach_flag::remap>(flags);
    u32 map_flags = native_number<K, map_flag::shared>;
    if (address != 0) {
      if (has_flag<attach_flag::round>(flags)) {
        address &= ~(segment_alignment - 1);
        if (address == 0 && replaces) return errc::inval;
      }
      if (address % segment_alignment != 0) return errc::inval;
      map_flags |= replaces ? native_number<K, map_flag::fixed> : native_number<K, map_flag::fixed_noreplace>;
    } else if (replaces) {
      return errc::inval;
    }
    const section inside;
    const auto found =
        find(known.all, who, id, wanted::read | (read_only ? 0 : wanted::write) | (executes ? wanted::execute : 0));
    if (!found) return found.error();
    auto* made = create<K, attachment<K>>(**found);
    if (made == nullptr) return errc::nomem;
    const auto mode = read_only ? native_number<K, access_mode::rdonly> : native_number<K, access_mode::rdwr>;
    const auto file = K::make_file(*made, static_cast<u32>(mode));
    if (!file) return file.error();
    const u32 protections = read | (read_only ? 0 : write) | (executes ? execute : 0);
    const auto mapped = K::map_file(thread, *file, address, (*found)->size, protections, map_flags, 0);
    if (mapped) return *mapped;
    // What lies there already is told as EINVAL.
    if (mapped.error() == error_of<K, errc::exist>) return errc::inval;
    return mapped.error();
  }

  /// shmdt(2): all that is left of the attachment at an address.
  static errc detach(typename K::thread& thread, u64 address) {
    if (address % page_size != 0) return errc::inval;
    const section inside;
    const attachment<K>* which = nullptr;
    file_mapping<K> m;
    u64 end = ~u64{0};
    for (u64 at = address; at < end && K::mapping_from(thread, at, m); at = m.end) {
      const attachment<K>* of = custom_file_of<attachment<K>>(*m.file);
      if (of == nullptr || m.start - address != m.offset || (which != nullptr && which != of)) continue;
      if (which == nullptr) end = address + static_cast<u64>(of->size());
      which = of;
      m.file = {};
      if (!K::unmap(thread, m.start, m.end - m.start)) return errc::inval;
    }
    return which != nullptr ? errc::none : errc::inval;
  }

  static basic_result<i32, errc> status(const caller& who, i32 id, control how, segment_status& out) {
    const section inside;
    const auto found = find_to_tell(known.all, who, id, how);
    if (!found) return found.error();
    out = told(**found);
    return how == control::stat ? 0 : (*found)->id;
  }

  static errc change(const caller& who, i32 id, const permission& to) {
    const section inside;
    return system_v::change(known.all, who, id, to);
  }

  static errc remove(const caller& who, i32 id) {
    const section inside;
    const auto found = find_to_control(known.all, who, id);
    if (!found) return found.error();
    (*found)->removed = true;
    (*found)->perm.key = private_key; // nobody finds it by its key any more
    hold(**found);
    release(**found);
    return errc::none;
  }

  /// Whether a segment's pages are to stay in memory. `may_lock` is the limit's answer for who is not the superuser.
  static errc lock(const caller& who, i32 id, bool on, bool may_lock) {
    const section inside;
    const auto found = find_to_control(known.all, who, id);
    if (!found) return found.error();
    if (on && !may_lock && !who.is_superuser()) return errc::perm;
    (*found)->locked = on;
    return errc::none;
  }

  struct usage {
    u64 segments, pages, resident; ///< resident: pages that were written to
    i32 highest;
  };
  static usage used() {
    const section inside;
    usage sum{static_cast<u64>(known.all.size()), known.pages, 0, known.all.highest()};
    for (const segment<K>* s = known.all.from_index(0); s != nullptr; s = known.all.from_index(index_of(*s) + 1))
      sum.resident += s->bytes.stored() / page_size;
    return sum;
  }
  /// For listings: see `semaphores::next`.
  static bool next(i32& index, i32& id, segment_status& out) {
    const section inside;
    const segment<K>* s = known.all.from_index(index);
    if (s == nullptr) return false;
    index = index_of(*s) + 1;
    id = s->id;
    out = told(*s);
    return true;
  }

  /// Inside the section: one holder fewer. A removed segment goes with the last one.
  static void release(segment<K>& s) {
    if (--s.holders != 0 || !s.removed) return;
    known.all.remove(s);
    known.pages -= pages_of(s.size);
    destroy<K>(&s);
  }

private:
  static i32 index_of(const segment<K>& s) { return s.id % table<K, segment<K>>::index_limit; }
  static void hold(segment<K>& s) { ++s.holders; }
  static u64 pages_of(u64 size) { return (size + page_size - 1) / page_size; }

  static segment_status told(const segment<K>& s) {
    segment_status out{s.perm, s.size, s.attached, s.detached, s.changed, s.creator, s.last, s.mappings, 0};
    out.stored = s.bytes.stored();
    if (s.removed) out.perm.mode |= native_number<void, segment_mark::removed>;
    if (s.locked) out.perm.mode |= native_number<void, segment_mark::locked>;
    return out;
  }

  static basic_result<segment<K>*, errc> make(const caller& who, const limits& most, i32 key, u64 size, u32 mode) {
    if (size < smallest_segment || size > most.shmmax) return errc::inval;
    const u64 pages = pages_of(size);
    if (pages * page_size < size || pages > most.shmall || known.pages > most.shmall - pages) return errc::nospc;
    auto* made = create<K, segment<K>>(new_permission(who, key, mode), size, who.now, who.process);
    if (made == nullptr) return errc::nomem;
    errc failure = made->bytes.resize(pages * page_size) ? errc::none : errc::nomem;
    if (failure == errc::none) failure = known.all.add(*made, most.shmmni);
    if (failure != errc::none) {
      destroy<K>(made);
      return failure;
    }
    known.pages += pages;
    return made;
  }
};

} // namespace polyabi::facilities::system_v
