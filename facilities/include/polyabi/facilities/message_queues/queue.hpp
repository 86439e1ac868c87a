// Message queues with names and priorities (POSIX mq_open). A message goes straight to who waits for it; the message of one who waits
// for room goes in as soon as there is some.
#pragma once

#include <polyabi/facilities/descriptor.hpp>
#include <polyabi/facilities/owned_message.hpp>
#include <polyabi/facilities/system_v/objects.hpp>

namespace polyabi::facilities::message_queues {

/// Who asks, and who may do what: as for System V's objects.
using system_v::caller;
using system_v::caller_of;
using system_v::permission;

struct limits {
  u64 queues = 256, messages = 10, size = 8192;                     ///< for ordinary users
  static constexpr u64 most_messages = 65536, largest = 16'777'216; ///< for everybody
  u64 default_messages = 10, default_size = 8192;
};
inline constexpr u32 priorities = 32768;
inline constexpr usize longest_name = 255;

struct attributes {
  u64 messages = 0, size = 0, waiting = 0;
};

/// A message; its bytes lie behind it.
struct message {
  list_link link;
  u32 priority = 0;
  usize size = 0;
  char* bytes() { return reinterpret_cast<char*>(this + 1); }
};

template <class K>
using owned_message = facilities::owned_message<K, message>;

/// A thread that waits for a message, or to be rid of one.
template <class K>
struct waiter {
  list_link link{};
  owned_message<K> carried{};
  bool done = false;
  typename K::wait_queue woken{};
};

/// Who is told, once, that a message has come to an empty queue. `signal` 0: nobody, but nobody else either.
template <class K>
struct notice {
  i32 process = 0; ///< 0: not asked for
  i32 signal = 0;
  u64 value = 0;
  /// Another way to tell: `deliver` is given these bytes for an open file.
  typename K::file_ref messenger{};
  static constexpr usize cookie_size = 32;
  unsigned char cookie[cookie_size]{};
  void (*deliver)(typename K::file&, std::span<const unsigned char>, bool came) = nullptr;

  /// `came`: a message has; or nobody is told any more.
  void deliver_cookie(bool came) {
    if (deliver != nullptr) deliver(*messenger, std::span<const unsigned char>{cookie, cookie_size}, came);
  }
};

/// A queue. Inside the section.
template <class K>
struct queue {
  list_link in_all;
  char name[longest_name];
  usize name_size = 0;
  bool removed = false;
  u32 opens = 0;
  permission perm{};
  attributes most{};
  u64 count = 0, bytes = 0;
  intrusive_list<message, &message::link> messages{}; ///< the highest priority first
  intrusive_list<waiter<K>, &waiter<K>::link> receivers{}, senders{};
  typename K::wait_queue changed{};
  notice<K> told{};
  typename K::signal_target told_to{};

  std::string_view called() const { return {name, name_size}; }
  void tell_nobody() { std::exchange(told, {}).deliver_cookie(false); }
  /// What it counts against its owner's limit.
  u64 cost() const { return most.messages * (most.size + sizeof(message)); }

  void put(owned_message<K> given, const caller& sender) {
    if (waiter<K>* first = receivers.pop_front()) {
      first->carried = std::move(given);
      first->done = true;
      first->woken.wake_all();
      return;
    }
    message* after = messages.front();
    while (after != nullptr && after->priority >= given->priority) after = messages.next(*after);
    bytes += given->size;
    messages.insert_before(after, *given.take());
    if (++count == 1) notify(sender);
    changed.wake_all(readable);
  }
  /// The first message; there is one. Room for one who waits.
  owned_message<K> take(const caller& receiver) {
    owned_message<K> first{messages.pop_front()};
    --count;
    bytes -= first->size;
    if (waiter<K>* next = senders.pop_front()) {
      put(std::move(next->carried), receiver);
      next->done = true;
      next->woken.wake_all();
    }
    changed.wake_all(writable);
    return first;
  }

  static constexpr u16 readable = native_number<K, poll_event::in> | native_number<K, poll_event::rdnorm>,
                       writable = native_number<K, poll_event::out> | native_number<K, poll_event::wrnorm>;

private:
  void notify(const caller& sender) {
    notice<K> wanted = std::exchange(told, {});
    wanted.deliver_cookie(true);
    if (wanted.process == 0 || wanted.signal == 0) return;
    native<K, shape::siginfo> info{};
    info.signo = wanted.signal;
    info.code = native_number<K, signal_code::mesgq>;
    info.pid = sender.process;
    info.uid = sender.user;
    info.value = wanted.value;
    (void)K::signal(told_to, info);
  }
};

/// Every queue that has a name.
template <class K>
struct queues {
  static inline constinit intrusive_list<queue<K>, &queue<K>::in_all> all{};
  static inline constinit u64 count = 0;

  static queue<K>* find(std::string_view name) {
    for (queue<K>* q = all.front(); q != nullptr; q = all.next(*q))
      if (q->called() == name) return q;
    return nullptr;
  }
  static u64 cost_of(u32 user) {
    u64 sum = 0;
    for (queue<K>* q = all.front(); q != nullptr; q = all.next(*q))
      if (q->perm.uid == user) sum += q->cost();
    return sum;
  }
  static void remove_name(queue<K>& q) {
    q.removed = true;
    all.remove(q);
    --count;
    free_if_unused(q);
  }
  static void free_if_unused(queue<K>& q) {
    if (!q.removed || q.opens != 0) return;
    while (message* m = q.messages.pop_front()) (void)owned_message<K>{m};
    destroy<K>(&q);
  }
};

/// An open queue.
template <class K>
class queue_file final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;
  explicit queue_file(queue<K>& of) : custom_file<K>{&kind_mark}, of_{of} { ++of_.opens; }

  queue<K>& of() { return of_; }

  u16 poll(u16 events, typename K::watch* places) override {
    u32 ready = 0;
    if (of_.count != 0) ready |= queue<K>::readable;
    if (of_.count < of_.most.messages) ready |= queue<K>::writable;
    if (places != nullptr) of_.changed.enter(places[0]);
    return static_cast<u16>(ready & events);
  }
  bool accepts_seek() const override { return true; }
  u32 mode() const override { return 0100000 | (of_.perm.mode & 0777); }
  i64 size() const override { return 80; } // as of the file system that Linux shows queues in
  usize describe(char* to, usize room) const override {
    const usize size = copy_text("/", to, room);
    return size + copy_text(of_.called(), to + size, room - size);
  }
  /// Who closes it is not told any more.
  void descriptor_closed(i32 process) override {
    if (of_.told.process == process) of_.tell_nobody();
  }
  void closed() override {
    queue<K>& q = of_;
    destroy<K>(this);
    --q.opens;
    queues<K>::free_if_unused(q);
  }

private:
  queue<K>& of_;
};

} // namespace polyabi::facilities::message_queues
