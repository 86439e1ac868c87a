// System V message queues. A message goes straight to who waits for it; who waits for room is completed, in order, by whoever makes
// it.
#pragma once

#include <polyabi/facilities/owned_message.hpp>
#include <polyabi/facilities/system_v/objects.hpp>

namespace polyabi::facilities::system_v {

/// Flags of msgsnd(2) and msgrcv(2).
enum class message_flag : u8 { none, nowait, no_error, except, copy, count_ };
struct message_flag_bits : flag_map<message_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(message_flag::nowait, 1), bit(message_flag::no_error, 2), bit(message_flag::except, 4),
                               bit(message_flag::copy, 8)});
};
message_flag_bits library_map(message_flag);

/// What IPC_STAT tells of a queue.
struct queue_status {
  permission perm;
  i64 stime, rtime, ctime; ///< seconds
  u64 cbytes, qnum, qbytes;
  i32 lspid, lrpid;
  POLYABI_FIELDS(queue_status, perm, stime, rtime, ctime, cbytes, qnum, qbytes, lspid, lrpid)
};

/// A message; its bytes lie behind it.
struct message {
  list_link link;
  i64 type;
  usize size;
  char* bytes() { return reinterpret_cast<char*>(this + 1); }
};

template <class K>
using owned_message = facilities::owned_message<K, message>;

/// Which message a receiver wants.
struct message_choice {
  enum class by : u8 { any, type, other_type, lowest_up_to, position } how;
  i64 number;
  bool wants(const message& m) const {
    switch (how) {
    case by::any: return true;
    case by::type: return m.type == number;
    case by::other_type: return m.type != number;
    case by::lowest_up_to: return m.type <= number;
    case by::position: return false;
    }
    return false;
  }
};

/// A thread that waits for a message, or to be rid of one.
template <class K>
struct receiver {
  list_link link;
  message_choice choice;
  u64 room; ///< the largest message it takes
  const caller& who;
  owned_message<K> taken{};
  bool done = false;
  errc outcome = errc::none;
  typename K::wait_queue woken{};
};
template <class K>
struct sender {
  list_link link;
  owned_message<K> given;
  const caller& who;
  bool done = false;
  errc outcome = errc::none;
  typename K::wait_queue woken{};
};

template <class K>
struct message_queue {
  permission perm;
  i64 changed; ///< seconds, as are the others
  u64 limit;   ///< bytes, and messages
  i32 id = 0;
  i64 sent = 0, received = 0;
  u64 bytes = 0, messages = 0;
  i32 last_sender = 0, last_receiver = 0;
  intrusive_list<message, &message::link> list{};
  intrusive_list<receiver<K>, &receiver<K>::link> receivers{};
  intrusive_list<sender<K>, &sender<K>::link> senders{};

  bool has_room(usize size) const { return bytes + size <= limit && messages + 1 <= limit; }

  message* find(const message_choice& choice) const {
    message* best = nullptr;
    i64 position = 0;
    for (message* m = list.front(); m != nullptr; m = list.next(*m)) {
      if (choice.how == message_choice::by::position && position++ == choice.number) return m;
      if (!choice.wants(*m)) continue;
      if (choice.how != message_choice::by::lowest_up_to) return m;
      if (best == nullptr || m->type < best->type) best = m;
    }
    return best;
  }

  /// To the first receiver who wants it, or into the queue.
  void put(owned_message<K> given, i32 process, i64 now) {
    last_sender = process;
    sent = now;
    for (receiver<K>* r = receivers.front(); r != nullptr;) {
      receiver<K>* following = receivers.next(*r);
      if (r->choice.wants(*given)) {
        const bool fits = given->size <= r->room;
        if (fits) {
          last_receiver = r->who.process;
          received = now;
          r->taken = std::move(given);
        }
        finish(receivers, *r, fits ? errc::none : errc::toobig);
        if (fits) return;
      }
      r = following;
    }
    bytes += given->size;
    ++messages;
    list.push_back(*given.take());
  }

  /// Out of the queue. Those who wait for the room get it.
  owned_message<K> take(message& m, i32 process, i64 now) {
    list.remove(m);
    bytes -= m.size;
    --messages;
    last_receiver = process;
    received = now;
    admit(now);
    return owned_message<K>{&m};
  }

  /// Messages of those who wait, as far as there is room.
  void admit(i64 now) {
    for (sender<K>* s = senders.front(); s != nullptr;) {
      sender<K>* following = senders.next(*s);
      if (has_room(s->given->size)) {
        put(std::move(s->given), s->who.process, now);
        finish(senders, *s, errc::none);
      }
      s = following;
    }
  }

  template <class List, class Waiter>
  static void finish(List& of, Waiter& w, errc outcome) {
    of.remove(w);
    w.done = true;
    w.outcome = outcome;
    w.woken.wake_all();
  }
};

/// Every queue there is, and what is done with them.
template <class K>
struct message_queues {
  using queue = message_queue<K>;
  using section = typename K::section;

  struct state {
    table<K, queue> all;
  };
  static inline constinit state known{};

  static basic_result<i32, errc> get(const caller& who, const limits& most, i32 key, get_request request) {
    const section inside;
    return system_v::get(known.all, who, key, request, [](queue&) { return errc::none; },
                         [&]() -> basic_result<queue*, errc> {
                           auto* made = create<K, queue>(new_permission(who, key, request.mode), who.now, most.msgmnb);
                           if (made == nullptr) return errc::nomem;
                           if (errc e = known.all.add(*made, most.msgmni); e != errc::none) {
                             destroy<K>(made);
                             return e;
                           }
                           return made;
                         });
  }

  /// msgsnd(2). The message's bytes are in it already.
  static errc send(typename K::thread& thread, const caller& who, i32 id, owned_message<K> given, u32 flags) {
    const section inside;
    const auto found = find(known.all, who, id, wanted::write);
    if (!found) return found.error();
    queue& q = **found;
    if (q.has_room(given->size)) {
      q.put(std::move(given), who.process, who.now);
      return errc::none;
    }
    if (has_flag<message_flag::nowait>(flags)) return errc::again;
    sender<K> place{.link = {}, .given = std::move(given), .who = who};
    q.senders.push_back(place);
    return wait(thread, q.senders, place);
  }

  /// msgrcv(2). `room` is the largest message that is taken.
  static basic_result<owned_message<K>, errc> receive(typename K::thread& thread, const caller& who, i32 id, u64 room, i64 type,
                                                      u32 flags) {
    const bool copies = has_flag<message_flag::copy>(flags), waits = !has_flag<message_flag::nowait>(flags);
    if (copies && (waits || has_flag<message_flag::except>(flags))) return errc::inval;
    if (has_flag<message_flag::no_error>(flags)) room = ~u64{0};
    const message_choice choice = choice_for(type, flags);
    const section inside;
    const auto found = find(known.all, who, id, wanted::read);
    if (!found) return found.error();
    queue& q = **found;
    if (message* m = q.find(choice)) {
      if (m->size > room) return errc::toobig;
      if (!copies) return q.take(*m, who.process, who.now);
      auto copy = owned_message<K>::make(m->type, m->size);
      if (!copy) return errc::nomem;
      __builtin_memcpy(copy->bytes(), m->bytes(), m->size);
      return copy;
    }
    if (!waits) return errc::nomsg;
    receiver<K> place{.link = {}, .choice = choice, .room = room, .who = who};
    q.receivers.push_back(place);
    if (errc e = wait(thread, q.receivers, place); e != errc::none) return e;
    return std::move(place.taken);
  }

  static basic_result<i32, errc> status(const caller& who, i32 id, control how, queue_status& out) {
    const section inside;
    const auto found = find_to_tell(known.all, who, id, how);
    if (!found) return found.error();
    out = told(**found);
    return how == control::stat ? 0 : (*found)->id;
  }

  static errc change(const caller& who, const limits& most, i32 id, const permission& to, u64 bytes) {
    const section inside;
    const auto found = find_to_control(known.all, who, id);
    if (!found) return found.error();
    if (bytes > most.msgmnb && !who.is_superuser()) return errc::perm;
    queue& q = **found;
    if (errc e = system_v::change(q.perm, to); e != errc::none) return e;
    q.limit = bytes;
    q.changed = who.now;
    // Whoever may not go on any more is told so; whoever has room now goes on.
    turn_away(q.receivers, q.perm, wanted::read);
    turn_away(q.senders, q.perm, wanted::write);
    q.admit(who.now);
    return errc::none;
  }

  static errc remove(const caller& who, i32 id) {
    const section inside;
    const auto found = find_to_control(known.all, who, id);
    if (!found) return found.error();
    queue& q = **found;
    known.all.remove(q);
    while (receiver<K>* r = q.receivers.front()) queue::finish(q.receivers, *r, errc::idrm);
    while (sender<K>* s = q.senders.front()) queue::finish(q.senders, *s, errc::idrm);
    while (message* m = q.list.pop_front()) (void)owned_message<K>{m};
    destroy<K>(&q);
    return errc::none;
  }

  struct usage {
    u64 queues, messages, bytes;
    i32 highest;
  };
  static usage used() {
    const section inside;
    usage sum{static_cast<u64>(known.all.size()), 0, 0, known.all.highest()};
    for (const queue* q = known.all.from_index(0); q != nullptr; q = known.all.from_index(index_of(*q) + 1)) {
      sum.messages += q->messages;
      sum.bytes += q->bytes;
    }
    return sum;
  }
  /// For listings: see `semaphores::next`.
  static bool next(i32& index, i32& id, queue_status& out) {
    const section inside;
    const queue* q = known.all.from_index(index);
    if (q == nullptr) return false;
    index = index_of(*q) + 1;
    id = q->id;
    out = told(*q);
    return true;
  }

private:
  static i32 index_of(const queue& q) { return q.id % table<K, queue>::index_limit; }
  static queue_status told(const queue& q) {
    return {q.perm, q.sent, q.received, q.changed, q.bytes, q.messages, q.limit, q.last_sender, q.last_receiver};
  }

  static message_choice choice_for(i64 type, u32 flags) {
    using by = message_choice::by;
    if (has_flag<message_flag::copy>(flags)) return {by::position, type};
    if (type == 0) return {by::any, 0};
    if (type < 0) return {by::lowest_up_to, type == std::numeric_limits<i64>::min() ? std::numeric_limits<i64>::max() : -type};
    return {has_flag<message_flag::except>(flags) ? by::other_type : by::type, type};
  }

  template <class List>
  static void turn_away(List& waiters, const permission& p, u32 bits) {
    for (auto* w = waiters.front(); w != nullptr;) {
      auto* following = waiters.next(*w);
      if (!w->who.may(p, bits)) queue::finish(waiters, *w, errc::acces);
      w = following;
    }
  }

  template <class List, class Waiter>
  static errc wait(typename K::thread& thread, List& in, Waiter& place) {
    while (!place.done) {
      if (K::sleep(thread, place.woken, no_deadline) != wakeup::interrupted || place.done) continue;
      in.remove(place);
      return errc::intr;
    }
    return place.outcome;
  }
};

} // namespace polyabi::facilities::system_v
