// Record locks: fcntl(2), F_GETLK, F_SETLK, F_SETLKW, and those of open files, F_OFD_GETLK and so on.
#include <descriptors/lock_table.hpp>

namespace polyabi::reference::record_locks {

namespace {

constinit lock_table* table = nullptr;
constexpr i64 end_of_file = 0x7fffffffffffffff;

const range_lock* obstacle(const range_lock& wanted) {
  for (const range_lock* l = table->held.front(); l != nullptr; l = table->held.next(*l))
    if (l->excludes(wanted)) return l;
  return nullptr;
}

/// Whether the holder waits, over any number of others, for the owner of `wanted`. Open files wait for nobody: processes do, through
/// them, and which ones cannot be known.
bool would_deadlock(const range_lock& wanted, const range_lock& in_the_way) {
  if (wanted.is_file || in_the_way.is_file) return false;
  const void* holder = in_the_way.owner;
  usize steps = 0;
  for (const range_lock* w = table->waiting.front(); w != nullptr && steps < 1000;) {
    const range_lock* next = w->owner == holder ? obstacle(*w) : nullptr;
    if (next == nullptr || next->is_file) {
      w = table->waiting.next(*w);
      continue;
    }
    if (next->owner == wanted.owner) return true;
    holder = next->owner;
    w = table->waiting.front();
    ++steps;
  }
  return false;
}

/// Two locks made before anything is changed, so that a change cannot fail half-way.
struct spares {
  range_lock* first = heap::create<range_lock>();
  range_lock* second = heap::create<range_lock>();
  spares() = default;
  spares(const spares&) = delete;
  spares& operator=(const spares&) = delete;
  ~spares() {
    heap::destroy(first);
    heap::destroy(second);
  }
  explicit operator bool() const { return first != nullptr && second != nullptr; }
};

void take_away(range_lock& l) {
  table->held.remove(l);
  heap::destroy(&l);
}

/// Cuts `bytes` out of the owner's locks on the file.
void clear(const range_lock& wanted, range_lock*& spare) {
  const range& bytes = wanted.bytes;
  for (range_lock *l = table->held.front(), *next = nullptr; l != nullptr; l = next) {
    next = table->held.next(*l);
    if (l->owner != wanted.owner || !(l->key == wanted.key) || !l->overlaps(bytes)) continue;
    const bool before = l->bytes.first<bytes.first, after = l->bytes.last> bytes.last;
    if (before && after) {
      range_lock& rest = *std::exchange(spare, nullptr);
      rest = *l;
      rest.bytes.first = bytes.last + 1;
      table->held.push_back(rest);
      l->bytes.last = bytes.first - 1;
      return;
    }
    if (before)
      l->bytes.last = bytes.first - 1;
    else if (after)
      l->bytes.first = bytes.last + 1;
    else
      take_away(*l);
  }
}

/// Grows the new lock over its neighbours of the same kind: they are one lock.
void join_neighbours(range_lock& wanted) {
  for (range_lock *l = table->held.front(), *next = nullptr; l != nullptr; l = next) {
    next = table->held.next(*l);
    if (l->owner != wanted.owner || !(l->key == wanted.key) || l->kind != wanted.kind) continue;
    if (wanted.bytes.first != 0 && l->bytes.last == wanted.bytes.first - 1)
      wanted.bytes.first = l->bytes.first;
    else if (wanted.bytes.last != end_of_file && l->bytes.first == wanted.bytes.last + 1)
      wanted.bytes.last = l->bytes.last;
    else
      continue;
    take_away(*l);
  }
}

result<range_lock> request(const lock_owner& owner, file& f, const flock& lock) {
  if (lock.type != lock_kinds::rdlck && lock.type != lock_kinds::wrlck && lock.type != lock_kinds::unlck) return error::inval;
  const auto bytes = resolve(f, lock);
  if (!bytes) return bytes.error();
  range_lock wanted;
  wanted.key = key_of(f);
  wanted.owner = owner.who;
  wanted.pid = owner.pid;
  wanted.is_file = owner.is_file;
  wanted.kind = lock.type;
  wanted.bytes = *bytes;
  return wanted;
}

} // namespace

lock_table* existing_locks() {
  return table;
}

lock_table* locks() {
  if (table == nullptr) table = heap::create<lock_table>();
  return table;
}

result<range> resolve(file& f, const flock& lock) {
  i64 base = 0;
  switch (lock.whence) {
  case seek_origins::set: break;
  case seek_origins::current: base = f.position; break;
  case seek_origins::end: {
    stat attributes{};
    if (auto known = f.attributes(attributes); !known) return known.error();
    base = attributes.size;
    break;
  }
  default: return error::inval;
  }
  i64 first = 0, last = end_of_file;
  if (__builtin_add_overflow(base, lock.start, &first)) return error::overflow;
  if (first < 0) return error::inval;
  if (lock.len > 0) {
    if (__builtin_add_overflow(first, lock.len - 1, &last)) return error::overflow;
  } else if (lock.len < 0) {
    last = first - 1;
    if (__builtin_add_overflow(first, lock.len, &first) || first < 0) return error::inval;
  }
  return range{first, last};
}

result<> test(const lock_owner& owner, file& f, flock& wanted) {
  if (wanted.type == lock_kinds::unlck) return error::inval;
  const auto asked = request(owner, f, wanted);
  if (!asked) return asked.error();
  const range_lock* held = nullptr; // of all in the way the one that begins first
  for (const range_lock* l = table != nullptr ? table->held.front() : nullptr; l != nullptr; l = table->held.next(*l))
    if (l->excludes(*asked) && (held == nullptr || l->bytes.first < held->bytes.first)) held = l;
  if (held == nullptr) {
    wanted.type = static_cast<i16>(lock_kinds::unlck);
    return {};
  }
  wanted.type = static_cast<i16>(held->kind);
  wanted.whence = static_cast<i16>(seek_origins::set);
  wanted.start = held->bytes.first;
  wanted.len = held->bytes.last == end_of_file ? 0 : held->bytes.last - held->bytes.first + 1;
  wanted.pid = held->pid;
  return {};
}

result<> set(const lock_owner& owner, file& f, const flock& lock, bool wait) {
  auto asked = request(owner, f, lock);
  if (!asked) return asked.error();
  range_lock& wanted = *asked;
  if (locks() == nullptr) return error::nolck;
  spares spare;
  if (!spare) return error::nolck;
  if (wanted.kind != lock_kinds::unlck) {
    while (const range_lock* held = obstacle(wanted)) {
      if (!wait) return error::again;
      if (would_deadlock(wanted, *held)) return error::deadlk;
      table->waiting.push_back(wanted);
      const wakeup reason = table->changed.sleep();
      table->waiting.remove(wanted);
      if (reason == wakeup::interrupted) return error::restart_call;
    }
  }
  clear(wanted, spare.second);
  if (wanted.kind != lock_kinds::unlck) {
    join_neighbours(wanted);
    range_lock& granted = *std::exchange(spare.first, nullptr);
    granted = wanted;
    table->held.push_back(granted);
    if (owner.is_file) f.has_range_locks = true;
  }
  table->changed.wake_all();
  return {};
}

bool drop(const void* owner, const file_key* key) {
  bool any = false;
  for (range_lock *l = table->held.front(), *next = nullptr; l != nullptr; l = next) {
    next = table->held.next(*l);
    if (l->owner != owner || (key != nullptr && !(l->key == *key))) continue;
    take_away(*l);
    any = true;
  }
  return any;
}

void closed(const descriptor_table& owner, const file& f) {
  if (table == nullptr || table->held.empty()) return;
  const file_key key = key_of(const_cast<file&>(f)); // asking for attributes changes nothing
  if (drop(&owner, &key)) table->changed.wake_all();
}

namespace {

lock_info describe_range(u32 number, const range_lock& l, bool waits) {
  const auto kind = l.is_file ? lock_owner_kind::open_file : lock_owner_kind::process;
  return {number, kind, l.kind == lock_kinds::wrlck, waits, l.pid, l.key.device, l.key.inode, l.bytes.first, l.bytes.last};
}

} // namespace

bool describe(u32 index, lock_info& out) {
  if (table == nullptr) return false;
  u32 number = 0;
  for (const whole_lock* l = table->whole.front(); l != nullptr; l = table->whole.next(*l)) {
    ++number;
    if (index-- != 0) continue;
    const bool writes = l->kind == lock_kinds::wrlck;
    out = {number, lock_owner_kind::whole_file, writes, false, l->pid, l->key.device, l->key.inode, 0, end_of_file};
    return true;
  }
  for (const range_lock* l = table->held.front(); l != nullptr; l = table->held.next(*l)) {
    ++number;
    if (index-- == 0) {
      out = describe_range(number, *l, false);
      return true;
    }
    for (const range_lock* w = table->waiting.front(); w != nullptr; w = table->waiting.next(*w)) {
      if (obstacle(*w) != l || index-- != 0) continue;
      out = describe_range(number, *w, true);
      return true;
    }
  }
  return false;
}

usize count() {
  if (table == nullptr) return 0;
  usize n = 0;
  for (auto* l = table->held.front(); l != nullptr; l = table->held.next(*l)) ++n;
  for (auto* l = table->waiting.front(); l != nullptr; l = table->waiting.next(*l)) ++n;
  for (auto* l = table->whole.front(); l != nullptr; l = table->whole.next(*l)) ++n;
  return n;
}

} // namespace polyabi::reference::record_locks
