// The list itself, an open file (epoll_create): records of files, and those that something has happened to, in order. A file's
// watches put its record there, so that a wait looks at what is ready and not at what is watched.
#pragma once

#include <polyabi/facilities/descriptor.hpp>
#include <polyabi/facilities/interest/interest.hpp>

namespace polyabi::facilities {

template <class K>
class interest_list final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;
  using record = interest<K>;

  interest_list() : custom_file<K>{&kind_mark} {}

  // --- inside the section

  record* find(const typename K::file& target, i32 descriptor) const { return table_.find({&target, descriptor}); }
  usize records() const { return table_.size(); }
  template <class Visit>
  void each(Visit visit) const {
    table_.each(visit);
  }

  /// A new record of a file that has readiness and that this list has not by this descriptor.
  answer<K> add(typename K::file& target, i32 descriptor, const interest_request& request) {
    record* made = create<K, record>();
    if (made == nullptr) return error_of<K, errc::nomem>;
    made->list = this;
    made->target = &target;
    made->descriptor = descriptor;
    if (!table_.insert(*made)) {
      destroy<K>(made);
      return error_of<K, errc::nomem>;
    }
    if (auto* below = custom_file_of<interest_list>(target); below != nullptr) {
      nested_.push_back(*made);
      below->above_.push_back(*made);
    }
    made->gone = &target_gone;
    K::observe(target, *made);
    for (auto& place : made->places) {
      place.owner = made;
      place.notify = &target_changed;
      place.exclusive = has_exclusive(request);
    }
    set(*made, request, made->places);
    return {};
  }
  /// In one step: what happens meanwhile is told by the old request or by the new one.
  void modify(record& of, const interest_request& request) { set(of, request, nullptr); }
  void remove(record& gone) {
    table_.remove(gone);
    ready_.remove(gone);
    nested_.remove(gone);
    decltype(above_)::unlink(gone);
    destroy<K>(&gone);
  }

  /// The records of lists that this one has, and those that other lists have of it.
  record* first_nested() const { return nested_.front(); }
  record* next_nested(const record& r) const { return nested_.next(r); }
  record* first_above() const { return above_.front(); }
  record* next_above(const record& r) const { return above_.next(r); }
  /// The record behind an observer of a file, or null if the observer is somebody else's.
  static record* record_of(typename K::file_observer& observer) {
    return observer.gone == &target_gone ? static_cast<record*>(&observer) : nullptr;
  }
  /// For walks over lists of lists: the walk that came here last, and what it found.
  struct {
    u64 walk = 0;
    int depth = 0;
  } visited;

  u16 poll(u16 events, typename K::watch* places) override {
    if (places != nullptr) pollers_.enter(places[0]);
    return any_ready() ? static_cast<u16>(readable & events) : u16{0};
  }
  void closed() override {
    table_.drain([](record& r) { destroy<K>(&r); });
    destroy<K>(this);
  }

  // --- outside the section

  /// Waits for events and hands at most `most` of them to `deliver(event, index)`, which answers false if it cannot take one.
  /// Answers how many were taken; EFAULT if the first was not.
  template <class Deliver>
  answer<K, i32> wait(typename K::thread& caller, i32 most, u64 until, Deliver deliver) {
    for (;;) {
      if (auto told = tell(most, deliver); !told || *told != 0) return told;
      const typename K::section inside;
      if (ready_.empty()) settle();
      if (!ready_.empty()) continue;
      if (until <= K::monotonic_time()) return 0;
      if (K::sleep(caller, sleepers_, until) == wakeup::interrupted && ready_.empty()) return error_of<K, errc::intr>;
    }
  }

  bool accepts_seek() const override { return true; }
  usize describe(char* to, usize room) const override { return copy_text("anon_inode:[eventpoll]", to, room); }

private:
  static constexpr u16 readable = native_number<K, poll_event::in> | native_number<K, poll_event::rdnorm>;
  static constexpr u16 in_or_out = native_number<K, poll_event::in> | native_number<K, poll_event::out>;
  static constexpr usize batch_size = 16;

  /// An event on its way to the user, and what it was told of, in case it does not get there.
  struct told_event {
    ready_event event;
    const typename K::file* target;
    i32 descriptor;
    u64 number;
  };

  static bool has_exclusive(const interest_request& request) {
    return (request.flags & native_number<void, interest_flag::exclusive>) != 0;
  }

  static void settle() {
    if constexpr (requires { K::settle_readiness(); }) K::settle_readiness();
  }

  void set(record& r, const interest_request& request, typename K::watch* places) {
    constexpr u16 all_events = 0xffff;
    r.request = request;
    tells_edges_ |= r.has(native_number<void, interest_flag::edge>);
    r.disarmed = false;
    r.number = ++last_number_;
    if ((K::poll_file(*r.target, places != nullptr ? all_events : r.wanted(), places) & r.wanted()) != 0) make_ready(r);
  }

  void make_ready(record& r) {
    if (!r.in_ready.linked()) ready_.push_back(r);
    sleepers_.wake_one();
    pollers_.wake_all(readable);
  }

  static bool target_changed(typename K::watch& place, u16 happened) {
    auto& r = *static_cast<record*>(place.owner);
    if ((happened & r.wanted()) == 0) return false;
    const bool somebody_waits = !r.list->sleepers_.empty();
    r.list->make_ready(r);
    if (!place.exclusive) return true;
    // Taken, unless it is about both directions: others may wait for the other one.
    return somebody_waits && (happened & in_or_out) != in_or_out;
  }

  static void target_gone(typename K::file_observer& observer) {
    auto& r = static_cast<record&>(observer);
    r.list->remove(r);
  }

  /// Drops records from the ready list that have become ready and are not any more.
  bool any_ready() {
    while (record* r = ready_.front()) {
      if ((K::poll_file(*r->target, r->wanted(), nullptr) & r->wanted()) != 0) return true;
      ready_.remove(*r);
    }
    return false;
  }

  template <class Deliver>
  answer<K, i32> tell(i32 most, Deliver deliver) {
    i32 told = 0;
    u64 round = 0;
    while (told < most) {
      told_event batch[batch_size];
      const usize room = static_cast<usize>(most - told) < batch_size ? static_cast<usize>(most - told) : batch_size;
      const usize count = collect(batch, room, round);
      for (usize i = 0; i < count; ++i, ++told) {
        if (deliver(batch[i].event, told)) continue;
        take_back(batch + i, count - i);
        if (told != 0) return told;
        return error_of<K, errc::fault>;
      }
      if (count < room) break;
    }
    return told;
  }

  /// The next ready events of a round, which meets each record once.
  usize collect(told_event* to, usize room, u64& round) {
    const typename K::section inside;
    if (round == 0) {
      round = ++last_round_;
      if (tells_edges_) settle(); // what changed before this call is told by it, all of it
    }
    usize count = 0;
    while (count < room) {
      record* r = ready_.front();
      if (r == nullptr || r->round == round) break;
      r->round = round;
      ready_.remove(*r);
      const auto events = static_cast<u16>(K::poll_file(*r->target, r->wanted(), nullptr) & r->wanted());
      if (events == 0) continue;
      to[count++] = {{events, r->request.word, r->request.data}, r->target, r->descriptor, r->number};
      if (r->has(native_number<void, interest_flag::oneshot>))
        r->disarmed = true;
      else if (!r->has(native_number<void, interest_flag::edge>))
        ready_.push_back(*r); // behind the others: nobody starves
    }
    if (!ready_.empty()) sleepers_.wake_one();
    return count;
  }

  /// Events that the user could not be given are ready again, in their order, before all others.
  void take_back(const told_event* events, usize count) {
    const typename K::section inside;
    for (usize i = count; i-- > 0;) {
      record* r = table_.find({events[i].target, events[i].descriptor});
      if (r == nullptr || r->number != events[i].number) continue; // removed or modified meanwhile
      r->disarmed = false;
      ready_.remove(*r);
      ready_.push_front(*r);
    }
    if (!ready_.empty()) sleepers_.wake_one();
  }

  hash_table<K, record, interest_key<K>> table_;
  intrusive_list<record, &record::in_ready> ready_;
  intrusive_list<record, &record::in_nested> nested_;
  intrusive_list<record, &record::in_above> above_;
  typename K::wait_queue sleepers_, pollers_;
  u64 last_number_ = 0, last_round_ = 0;
  bool tells_edges_ = false; ///< a record is, or was, of edges
};

} // namespace polyabi::facilities
