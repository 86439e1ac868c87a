// What System V's semaphores, shared memory and message queues have in common: keys, identifiers, permissions, and the commands of
// their control calls. One set of objects for all personalities: a program of one may use what a program of another made.
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/intrusive_list.hpp>
#include <polyabi/core/services.hpp>
#include <polyabi/facilities/system_v/limits.hpp>

namespace polyabi::facilities::system_v {

/// Flags of the get calls and of operations (IPC_*).
enum class ipc_flag : u8 { none, creat, excl, nowait, count_ };
struct ipc_flag_bits : flag_map<ipc_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(ipc_flag::creat, 1), bit(ipc_flag::excl, 2), bit(ipc_flag::nowait, 4)});
};
ipc_flag_bits library_map(ipc_flag);

/// What the control calls do. `stat_index` and `stat_any` take an index into the table and answer the identifier there; the latter
/// asks for no permission.
enum class control : u8 {
  none, remove, set, stat, stat_index, stat_any, limits, usage,
  get_value, get_pid, get_all, get_waiting, get_waiting_for_zero, set_value, set_all, // semaphores
  lock, unlock,                                                                       // shared memory
  count_
};

/// How an operation asks for permission: read, write (semaphores call it alter), execute.
namespace wanted {
inline constexpr u32 read = 0444, write = 0222, execute = 0111;
}

/// The number by which everybody finds nothing: each get makes something new.
inline constexpr i32 private_key = 0;

/// The bits of a get call: what to do, and the mode of what is made or found.
struct get_request {
  u32 flags; ///< of `ipc_flag_bits`
  u32 mode;  ///< nine bits
};

/// Who owns an object and who may use it. `mode` has nine bits; personalities show more in it.
struct permission {
  i32 key;
  u32 uid, gid, cuid, cgid;
  u32 mode;
  u32 seq;
  POLYABI_FIELDS(permission, key, uid, gid, cuid, cgid, mode, seq)
};

/// Who asks. Made outside the section.
struct caller {
  u32 user, group;
  i32 process;
  i64 now; ///< seconds
  u32 group_count;
  u32 groups[32];

  bool is_superuser() const { return user == 0; }
  bool is_in(u32 wanted_group) const {
    if (group == wanted_group) return true;
    for (u32 i = 0; i < group_count; ++i)
      if (groups[i] == wanted_group) return true;
    return false;
  }
  bool owns(const permission& p) const { return user == p.uid || user == p.cuid; }
  /// `bits` are of `wanted`, or a whole mode.
  [[gnu::noinline]] bool may(const permission& p, u32 bits) const {
    const u32 asked = (bits >> 6 | bits >> 3 | bits) & 7;
    const u32 granted = owns(p) ? p.mode >> 6 : is_in(p.gid) || is_in(p.cgid) ? p.mode >> 3 : p.mode;
    return (asked & ~granted) == 0 || is_superuser();
  }
  /// IPC_SET and IPC_RMID.
  bool may_control(const permission& p) const { return owns(p) || is_superuser(); }
};

/// What `caller_of` asks of a kernel.
using caller_needs = operation_list<op::get_identity, op::getgroups, op::getpid>;

template <class K>
[[gnu::noinline]] caller caller_of(typename K::thread& thread) {
  caller c{};
  native<K, shape::identity> ids{};
  (void)polyabi::perform<K>(op::get_identity{}, thread, ids);
  c.user = ids.euid;
  c.group = ids.egid;
  const auto groups = polyabi::perform<K>(op::getgroups{}, thread, std::span<u32>{c.groups});
  c.group_count = groups && *groups > 0 && *groups <= 32 ? static_cast<u32>(*groups) : 0;
  const auto process = polyabi::perform<K>(op::getpid{}, thread);
  c.process = process ? *process : 0;
  c.now = static_cast<i64>(K::real_time() / 1'000'000'000);
  return c;
}

/// The objects of one kind, found by identifier (`seq` and index) or key. `T` has `permission perm` and `i32 id`. Inside the
/// section.
template <class K, class T>
class table {
public:
  static constexpr i32 index_limit = 32768;

  i32 size() const { return used_; }
  /// The highest index in use, 0 if there is none.
  i32 highest() const {
    for (i32 i = capacity_; i-- > 0;)
      if (slots_[i] != nullptr) return i;
    return 0;
  }
  T* at_index(i32 index) const { return index >= 0 && index < capacity_ ? slots_[index] : nullptr; }
  T* by_id(i32 id) const {
    T* found = id < 0 ? nullptr : at_index(id % index_limit);
    return found != nullptr && found->id == id ? found : nullptr;
  }
  T* by_key(i32 key) const {
    for (i32 i = 0; key != private_key && i < capacity_; ++i)
      if (slots_[i] != nullptr && slots_[i]->perm.key == key) return slots_[i];
    return nullptr;
  }
  /// The first object at or above an index; null at the end.
  T* from_index(i32 index) const {
    for (i32 i = index < 0 ? 0 : index; i < capacity_; ++i)
      if (slots_[i] != nullptr) return slots_[i];
    return nullptr;
  }

  /// Gives the object an identifier. Indices are used in turn, so that an old identifier is not soon another object's.
  errc add(T& made, u64 limit) {
    if (static_cast<u64>(used_) >= limit || used_ >= index_limit) return errc::nospc;
    if (used_ == capacity_ && !grow()) return errc::nomem;
    i32 index = (last_ + 1) % capacity_;
    while (slots_[index] != nullptr) index = (index + 1) % capacity_;
    if (index <= last_) sequence_ = (sequence_ + 1) % sequence_limit;
    last_ = index;
    slots_[index] = &made;
    ++used_;
    made.perm.seq = sequence_;
    made.id = static_cast<i32>(sequence_) * index_limit + index;
    return errc::none;
  }
  void remove(T& gone) {
    slots_[gone.id % index_limit] = nullptr;
    --used_;
  }

private:
  static constexpr u32 sequence_limit = 0x7fffffff / index_limit;
  static constexpr i32 first_capacity = 64;

  bool grow() {
    const i32 wanted = capacity_ == 0 ? first_capacity : capacity_ * 2;
    auto** larger = static_cast<T**>(K::allocate(static_cast<usize>(wanted) * sizeof(T*)));
    if (larger == nullptr) return false;
    for (i32 i = 0; i < wanted; ++i) larger[i] = i < capacity_ ? slots_[i] : nullptr;
    K::deallocate(slots_, static_cast<usize>(capacity_) * sizeof(T*));
    slots_ = larger;
    capacity_ = wanted;
    return true;
  }

  T** slots_ = nullptr;
  i32 capacity_ = 0, used_ = 0;
  i32 last_ = -1; ///< index of the object that was made last
  u32 sequence_ = 0;
};

/// What the get calls do: finds the key's object, or makes one. `suits(object)` says why a found one will not do; `make()` answers
/// a new one that is in the table, or a name. Inside the section.
template <class K, class T, class Suits, class Make>
basic_result<i32, errc> get(table<K, T>& all, const caller& who, i32 key, get_request request, Suits suits, Make make) {
  T* found = all.by_key(key);
  if (found != nullptr) {
    constexpr u32 exclusive = native_number<void, ipc_flag::creat> | native_number<void, ipc_flag::excl>;
    if ((request.flags & exclusive) == exclusive) return errc::exist;
    if (errc e = suits(*found); e != errc::none) return e;
    if (!who.may(found->perm, request.mode)) return errc::acces;
    return found->id;
  }
  if (key != private_key && !has_flag<ipc_flag::creat>(request.flags)) return errc::noent;
  basic_result<T*, errc> made = make();
  if (!made) return made.error();
  return (*made)->id;
}

/// The object of an identifier, if the caller may do this with it: EINVAL, EACCES.
template <class K, class T>
basic_result<T*, errc> find(const table<K, T>& all, const caller& who, i32 id, u32 bits) {
  T* found = all.by_id(id);
  if (found == nullptr) return errc::inval;
  if (bits != 0 && !who.may(found->perm, bits)) return errc::acces;
  return found;
}

/// For `control::stat` and its kin: by identifier or index.
template <class K, class T>
basic_result<T*, errc> find_to_tell(const table<K, T>& all, const caller& who, i32 id, control how) {
  T* found = how == control::stat ? all.by_id(id) : all.at_index(id);
  if (found == nullptr) return errc::inval;
  if (how != control::stat_any && !who.may(found->perm, wanted::read)) return errc::acces;
  return found;
}

/// For `control::set`, `control::remove` and `lock`: EINVAL, EPERM.
template <class K, class T>
basic_result<T*, errc> find_to_control(const table<K, T>& all, const caller& who, i32 id) {
  T* found = all.by_id(id);
  if (found == nullptr) return errc::inval;
  if (!who.may_control(found->perm)) return errc::perm;
  return found;
}

constexpr permission new_permission(const caller& who, i32 key, u32 mode) {
  return {key, who.user, who.group, who.user, who.group, mode & 0777, 0};
}
/// IPC_SET: owner, group and mode. EINVAL for what is nobody's number.
constexpr errc change(permission& to, const permission& from) {
  constexpr u32 nobody = ~u32{0};
  if (from.uid == nobody || from.gid == nobody) return errc::inval;
  to.uid = from.uid;
  to.gid = from.gid;
  to.mode = (to.mode & ~u32{0777}) | (from.mode & 0777);
  return errc::none;
}
/// IPC_SET where it sets nothing else: EINVAL, EPERM.
template <class K, class T>
errc change(const table<K, T>& all, const caller& who, i32 id, const permission& to) {
  const auto found = find_to_control(all, who, id);
  if (!found) return found.error();
  if (errc e = change((*found)->perm, to); e != errc::none) return e;
  (*found)->changed = who.now;
  return errc::none;
}

} // namespace polyabi::facilities::system_v
