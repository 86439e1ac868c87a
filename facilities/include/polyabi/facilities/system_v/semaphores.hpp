// System V semaphores: sets of them, operations on several at once that happen all or not at all, and adjustments that are undone
// when a process ends. Who cannot go on waits in order, and is completed by whoever changes the set.
#pragma once

#include <polyabi/facilities/system_v/objects.hpp>

namespace polyabi::facilities::system_v {

/// Flags of an operation (sem_flg).
enum class semaphore_flag : u8 { none, nowait, undo, count_ };
struct semaphore_flag_bits : flag_map<semaphore_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(semaphore_flag::nowait, 1), bit(semaphore_flag::undo, 2)});
};
semaphore_flag_bits library_map(semaphore_flag);

/// One operation of semop(2): adds, or waits for zero.
struct semaphore_operation {
  u16 num;
  i16 op;
  u32 flg; ///< of `semaphore_flag_bits`
  POLYABI_FIELDS(semaphore_operation, num, op, flg)
};

/// What IPC_STAT tells of a set.
struct semaphore_status {
  permission perm;
  i64 otime, ctime; ///< seconds
  u64 nsems;
  POLYABI_FIELDS(semaphore_status, perm, otime, ctime, nsems)
};

struct semaphore {
  i32 value = 0;
  i32 process = 0; ///< who changed it last
};

template <class K>
struct semaphore_set;

/// What has to be added to a set's semaphores when a process ends.
template <class K>
struct semaphore_undo {
  list_link in_set{}, in_process{};
  semaphore_set<K>* set = nullptr;
  i16 adjustments[1]{}; ///< as many as the set has

  static usize bytes(usize count) { return sizeof(semaphore_undo) + count * sizeof(i16); }
};

/// All of a process' undo records.
template <class K>
struct process_undo : K::process_attachment {
  static constexpr char kind_mark = 0;
  i32 process = 0;
  intrusive_list<semaphore_undo<K>, &semaphore_undo<K>::in_process> records;
};

/// A thread in semop(2) that waits.
template <class K>
struct semaphore_waiter {
  list_link link{};
  std::span<const semaphore_operation> operations{};
  semaphore_undo<K>* undo = nullptr;
  i32 process = 0;
  u16 blocked_by = 0; ///< index of the operation that cannot be done
  bool done = false;
  errc outcome = errc::none;
  typename K::wait_queue woken{};
};

template <class K>
struct semaphore_set {
  permission perm;
  i32 id = 0;
  i64 operated = 0, changed = 0; ///< seconds
  usize count;
  intrusive_list<semaphore_waiter<K>, &semaphore_waiter<K>::link> waiting{};
  intrusive_list<semaphore_undo<K>, &semaphore_undo<K>::in_set> undos{};
  semaphore* values() { return reinterpret_cast<semaphore*>(this + 1); }

  static usize bytes(usize count) { return sizeof(semaphore_set) + count * sizeof(semaphore); }

  /// What one attempt at a call's operations came to.
  enum class attempt : u8 { succeeded, waits, failed };
  struct attempted {
    attempt outcome;
    errc why = errc::none;
    u16 at = 0;
  };

  /// Does all of them or none.
  attempted perform(std::span<const semaphore_operation> operations, semaphore_undo<K>* undo, i32 process) {
    attempted answer{attempt::succeeded};
    usize i = 0;
    for (; i < operations.size(); ++i) {
      const semaphore_operation& o = operations[i];
      i32& value = values()[o.num].value;
      answer.at = static_cast<u16>(i);
      if (o.op == 0 ? value != 0 : value + o.op < 0) {
        const bool never = has_flag<semaphore_flag::nowait>(o.flg);
        answer = {never ? attempt::failed : attempt::waits, errc::again, static_cast<u16>(i)};
        break;
      }
      if (value + o.op > largest_semaphore_value || (undoes(o) && !adjust(*undo, o.num, -o.op))) {
        answer = {attempt::failed, errc::range, static_cast<u16>(i)};
        break;
      }
      value += o.op;
    }
    if (answer.outcome == attempt::succeeded) {
      for (const semaphore_operation& o : operations) values()[o.num].process = process;
      return answer;
    }
    while (i-- > 0) {
      const semaphore_operation& o = operations[i];
      values()[o.num].value -= o.op;
      if (undoes(o)) undo->adjustments[o.num] = static_cast<i16>(undo->adjustments[o.num] + o.op);
    }
    return answer;
  }

  /// After a change: whoever can go on now does, in the order in which they came.
  void settle(i64 now) {
    for (semaphore_waiter<K>* w = waiting.front(); w != nullptr;) {
      const attempted tried = perform(w->operations, w->undo, w->process);
      w->blocked_by = tried.at;
      if (tried.outcome == attempt::waits) {
        w = waiting.next(*w);
        continue;
      }
      const bool altered = tried.outcome == attempt::succeeded && alters(w->operations);
      if (tried.outcome == attempt::succeeded) operated = now;
      semaphore_waiter<K>* following = waiting.next(*w);
      finish(*w, tried.why);
      w = altered ? waiting.front() : following;
    }
  }

  void finish(semaphore_waiter<K>& w, errc outcome) {
    waiting.remove(w);
    w.done = true;
    w.outcome = outcome;
    w.woken.wake_all();
  }

  static bool alters(std::span<const semaphore_operation> operations) {
    for (const semaphore_operation& o : operations)
      if (o.op != 0) return true;
    return false;
  }

  static bool undoes(const semaphore_operation& o) { return has_flag<semaphore_flag::undo>(o.flg) && o.op != 0; }

private:
  static bool adjust(semaphore_undo<K>& undo, u16 number, i32 by) {
    const i32 sum = undo.adjustments[number] + by;
    if (sum < -largest_adjustment - 1 || sum > largest_adjustment) return false;
    undo.adjustments[number] = static_cast<i16>(sum);
    return true;
  }
};

/// Every set there is, and what is done with them.
template <class K>
struct semaphores {
  using set = semaphore_set<K>;
  using undo = semaphore_undo<K>;
  using section = typename K::section;

  struct state {
    table<K, set> all;
    u64 total = 0; ///< semaphores in all sets
  };
  static inline constinit state known{};

  static basic_result<i32, errc> get(const caller& who, const limits& most, i32 key, i32 count, get_request request) {
    if (count < 0 || static_cast<u64>(count) > most.semmsl) return errc::inval;
    const section inside;
    const auto suits = [&](set& found) { return static_cast<usize>(count) > found.count ? errc::inval : errc::none; };
    return system_v::get(known.all, who, key, request, suits, [&]() -> basic_result<set*, errc> {
      if (count == 0) return errc::inval;
      return make(who, most, key, static_cast<usize>(count), request.mode);
    });
  }

  /// semop(2). `until` is a time of the monotonic clock.
  static errc operate(typename K::thread& thread, const caller& who, i32 id, std::span<const semaphore_operation> operations,
                      u64 until) {
    const bool alters = set::alters(operations);
    bool undoes = false;
    u16 highest = 0;
    for (const semaphore_operation& o : operations) {
      undoes |= set::undoes(o);
      if (o.num > highest) highest = o.num;
    }
    const section inside;
    set* s = known.all.by_id(id);
    if (s == nullptr) return errc::inval;
    if (highest >= s->count) return errc::fbig;
    if (!who.may(s->perm, alters ? wanted::write : wanted::read)) return errc::acces;
    undo* record = nullptr;
    if (undoes && (record = undo_of(thread, who, *s)) == nullptr) return errc::nomem;
    const auto tried = s->perform(operations, record, who.process);
    if (tried.outcome == set::attempt::succeeded) {
      s->operated = who.now;
      if (alters) s->settle(who.now);
      return errc::none;
    }
    if (tried.outcome == set::attempt::failed) return tried.why;
    semaphore_waiter<K> place{.link = {}, .operations = operations, .undo = record, .process = who.process, .blocked_by = tried.at};
    s->waiting.push_back(place);
    while (!place.done) {
      const wakeup how = K::sleep(thread, place.woken, until);
      if (place.done) break;
      if (how != wakeup::woken) {
        s->waiting.remove(place);
        return how == wakeup::interrupted ? errc::intr : errc::again;
      }
    }
    return place.outcome;
  }

  static basic_result<i32, errc> status(const caller& who, i32 id, control how, semaphore_status& out) {
    const section inside;
    const auto found = find_to_tell(known.all, who, id, how);
    if (!found) return found.error();
    const set& s = **found;
    out = {s.perm, s.operated, s.changed, s.count};
    return how == control::stat ? 0 : s.id;
  }

  static errc change(const caller& who, i32 id, const permission& to) {
    const section inside;
    return system_v::change(known.all, who, id, to);
  }

  static errc remove(const caller& who, i32 id) {
    const section inside;
    const auto found = find_to_control(known.all, who, id);
    if (!found) return found.error();
    set& s = **found;
    known.all.remove(s);
    while (undo* u = s.undos.front()) forget(*u, s.count);
    while (semaphore_waiter<K>* w = s.waiting.front()) s.finish(*w, errc::idrm);
    known.total -= s.count;
    const usize count = s.count;
    s.~set();
    K::deallocate(&s, set::bytes(count));
    return errc::none;
  }

  /// What one semaphore is asked for.
  static basic_result<i32, errc> ask(const caller& who, i32 id, i32 number, control what) {
    const section inside;
    const auto found = find(known.all, who, id, wanted::read);
    if (!found) return found.error();
    set& s = **found;
    if (number < 0 || static_cast<usize>(number) >= s.count) return errc::inval;
    const semaphore& one = s.values()[number];
    if (what == control::get_value) return one.value;
    if (what == control::get_pid) return one.process;
    i32 waiting = 0;
    for (const semaphore_waiter<K>* w = s.waiting.front(); w != nullptr; w = s.waiting.next(*w)) {
      const semaphore_operation& o = w->operations[w->blocked_by];
      waiting += o.num == number && (o.op == 0) == (what == control::get_waiting_for_zero);
    }
    return waiting;
  }

  static errc set_value(const caller& who, i32 id, i32 number, i32 value) {
    const section inside;
    const auto found = find(known.all, who, id, wanted::write);
    if (!found) return found.error();
    set& s = **found;
    if (number < 0 || static_cast<usize>(number) >= s.count) return errc::inval;
    if (value < 0 || value > largest_semaphore_value) return errc::range;
    s.values()[number] = {value, who.process};
    for (undo* u = s.undos.front(); u != nullptr; u = s.undos.next(*u)) u->adjustments[number] = 0;
    s.changed = who.now;
    s.settle(who.now);
    return errc::none;
  }

  /// How many semaphores a set has, for those who bring or want a value for each.
  static basic_result<usize, errc> count(const caller& who, i32 id, u32 bits) {
    const section inside;
    const auto found = find(known.all, who, id, bits);
    if (!found) return found.error();
    return (*found)->count;
  }
  /// As many values as the set has semaphores: EIDRM if that has changed.
  static errc get_all(const caller& who, i32 id, std::span<u16> values) {
    const section inside;
    const auto found = find(known.all, who, id, wanted::read);
    if (!found) return errc::idrm;
    set& s = **found;
    if (s.count != values.size()) return errc::idrm;
    for (usize i = 0; i < s.count; ++i) values[i] = static_cast<u16>(s.values()[i].value);
    return errc::none;
  }
  static errc set_all(const caller& who, i32 id, std::span<const u16> values) {
    for (const u16 value : values)
      if (value > largest_semaphore_value) return errc::range;
    const section inside;
    const auto found = find(known.all, who, id, wanted::write);
    if (!found) return errc::idrm;
    set& s = **found;
    if (s.count != values.size()) return errc::idrm;
    for (usize i = 0; i < s.count; ++i) s.values()[i] = {values[i], who.process};
    for (undo* u = s.undos.front(); u != nullptr; u = s.undos.next(*u))
      for (usize i = 0; i < s.count; ++i) u->adjustments[i] = 0;
    s.changed = who.now;
    s.settle(who.now);
    return errc::none;
  }

  /// Sets, semaphores, and the highest index in use.
  struct usage {
    u64 sets, semaphores;
    i32 highest;
  };
  static usage used() {
    const section inside;
    return {static_cast<u64>(known.all.size()), known.total, known.all.highest()};
  }
  /// For listings: the set at or above an index; false at the end. The index becomes the next one to ask for.
  static bool next(i32& index, i32& id, semaphore_status& out) {
    const section inside;
    const set* s = known.all.from_index(index);
    if (s == nullptr) return false;
    index = s->id % table<K, set>::index_limit + 1;
    id = s->id;
    out = {s->perm, s->operated, s->changed, s->count};
    return true;
  }

private:
  static basic_result<set*, errc> make(const caller& who, const limits& most, i32 key, usize count, u32 mode) {
    if (known.total + count > most.semmns) return errc::nospc;
    void* memory = K::allocate(set::bytes(count));
    if (memory == nullptr) return errc::nomem;
    set* made = ::new (memory) set{.perm = new_permission(who, key, mode), .changed = who.now, .count = count};
    for (usize i = 0; i < count; ++i) ::new (&made->values()[i]) semaphore{};
    if (errc e = known.all.add(*made, most.semmni); e != errc::none) {
      made->~set();
      K::deallocate(memory, set::bytes(count));
      return e;
    }
    known.total += count;
    return made;
  }

  /// The caller's process' record for a set; null if there is no memory.
  static undo* undo_of(typename K::thread& thread, const caller& who, set& s) {
    using owner = process_undo<K>;
    auto& process = K::process_of(thread);
    auto* records = static_cast<owner*>(K::attachment_of(process, &owner::kind_mark));
    if (records == nullptr) {
      records = create<K, owner>();
      if (records == nullptr) return nullptr;
      records->kind = &owner::kind_mark;
      records->process = who.process;
      records->ended = &process_ended; // another program of the process keeps them
      K::attach(process, *records);
    }
    for (undo* u = records->records.front(); u != nullptr; u = records->records.next(*u))
      if (u->set == &s) return u;
    void* memory = K::allocate(undo::bytes(s.count));
    if (memory == nullptr) return nullptr;
    undo* made = ::new (memory) undo{.in_set = {}, .in_process = {}, .set = &s, .adjustments = {}};
    for (usize i = 0; i < s.count; ++i) made->adjustments[i] = 0;
    s.undos.push_back(*made);
    records->records.push_back(*made);
    return made;
  }

  static void forget(undo& u, usize count) {
    intrusive_list<undo, &undo::in_set>::unlink(u);
    intrusive_list<undo, &undo::in_process>::unlink(u);
    u.~undo();
    K::deallocate(&u, undo::bytes(count));
  }

  static void process_ended(typename K::process_attachment& ended) {
    auto& records = static_cast<process_undo<K>&>(ended);
    const i64 now = static_cast<i64>(K::real_time() / 1'000'000'000);
    while (undo* u = records.records.front()) {
      set& s = *u->set;
      bool changed = false;
      for (usize i = 0; i < s.count; ++i) {
        if (u->adjustments[i] == 0) continue;
        semaphore& one = s.values()[i];
        const i32 value = one.value + u->adjustments[i];
        one = {value < 0 ? 0 : value > largest_semaphore_value ? largest_semaphore_value : value, records.process};
        changed = true;
      }
      forget(*u, s.count);
      if (!changed) continue;
      s.operated = now;
      s.settle(now);
    }
    destroy<K>(&records);
  }
};

} // namespace polyabi::facilities::system_v
