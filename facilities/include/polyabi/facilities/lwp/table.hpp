// The light-weight processes of a process: threads with numbers of their own that count from 1, that are waited for when they
// have ended, and that park until another one calls them. The meaning is that of Solaris' _lwp_create(2) and its kin.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/intrusive_list.hpp>
#include <polyabi/core/services.hpp>

namespace polyabi::facilities::lwp {

/// What a light-weight process is made with.
struct kind {
  bool daemon = false;   ///< does not keep its process from ending
  bool detached = false; ///< nobody waits for it
};

/// One of them. An ended one stays until it has been waited for. Inside the section.
template <class K>
struct member {
  list_link link;
  i32 number = 0;
  i32 thread = 0;
  kind is;
  bool ends = false;   ///< it has asked for its end
  bool ended = false;  ///< and runs no more
  bool called = false; ///< another one has called it: the next parking is over at once
  bool stands = false; ///< it is suspended, or about to be
  bool waits = false;
  i32 waits_for = 0; ///< 0: any
  typename K::wait_queue parked;
};

template <class K>
using outcome = basic_result<i32, either_error<K>>;

/// What a table asks of a kernel.
using table_services = operation_list<service::custom_files, service::process_attachments, service::user_words, service::timers,
                                      service::thread_suspension>;

/// Those of one process. Made with the first that is created: before, there is one, number 1, which needs no table.
template <class K>
class table : K::process_attachment {
public:
  /// That of the caller's process. Null: none yet.
  static table* of(typename K::thread& caller) {
    return static_cast<table*>(K::attachment_of(K::process_of(caller), &kind_mark));
  }
  /// The same, made if there is none; `thread` is the caller's. Null: out of memory.
  static table* make(typename K::thread& caller, i32 thread) {
    if (table* known = of(caller); known != nullptr) return known;
    auto* made = create<K, table>();
    if (made == nullptr) return nullptr;
    if (made->add(thread, {}) == nullptr) {
      destroy<K>(made);
      return nullptr;
    }
    made->kind = &kind_mark;
    made->ended = made->executed = [](typename K::process_attachment& a) { destroy<K>(static_cast<table*>(&a)); };
    K::attach(K::process_of(caller), *made);
    return made;
  }
  table() = default;
  ~table() {
    while (member<K>* m = all_.pop_front()) destroy<K>(m);
  }

  /// Null: out of memory.
  member<K>* add(i32 thread, lwp::kind is) {
    auto* made = create<K, member<K>>();
    if (made == nullptr) return nullptr;
    made->thread = thread;
    made->is = is;
    made->number = ++last_;
    if (!K::at_thread_end(thread, &thread_ends)) {
      destroy<K>(made);
      return nullptr;
    }
    all_.push_back(*made);
    return made;
  }
  void remove(member<K>& gone) {
    all_.remove(gone);
    destroy<K>(&gone);
  }

  member<K>* find(i32 number) {
    for (member<K>* m = all_.front(); m != nullptr; m = all_.next(*m))
      if (m->number == number) return m;
    return nullptr;
  }
  member<K>* find_thread(i32 thread) {
    for (member<K>* m = all_.front(); m != nullptr; m = all_.next(*m))
      if (m->thread == thread && !m->ended) return m;
    return nullptr;
  }
  /// One that runs; null if it has ended.
  member<K>* find_running(i32 number) {
    member<K>* m = find(number);
    return m != nullptr && !m->ended ? m : nullptr;
  }

  /// The caller is about to end. True if none is left that its process would go on for.
  bool last_to_end(member<K>& self) {
    self.ends = true;
    for (const member<K>* m = all_.front(); m != nullptr; m = all_.next(*m))
      if (!m->ends && !m->ended && !m->is.daemon) return false;
    return true;
  }
  /// Whether all others stand still or have ended.
  bool last_to_run(const member<K>& self) {
    for (const member<K>* m = all_.front(); m != nullptr; m = all_.next(*m))
      if (m != &self && !m->ended && !m->stands) return false;
    return true;
  }

  /// Waits until one has ended, `number` or (0) any that nobody waits for, and forgets it; answers which. ESRCH for one that is
  /// not there, EINVAL for a detached one, EDEADLK where nobody would ever end.
  outcome<K> wait(typename K::thread& caller, member<K>& self, i32 number) {
    const waiting place{self, number};
    warned_ = false;
    for (;;) {
      member<K>* found = number != 0 ? find(number) : ended_one();
      if (number != 0 && found == nullptr) return errc::srch;
      if (found != nullptr && found->ended) {
        const i32 which = found->number;
        remove(*found);
        changed_.wake_all(); // others who wait for it
        return which;
      }
      if (number != 0 && found->is.detached) return errc::inval;
      if (number != 0 ? waits_for(*found, self) : everybody_waits()) return errc::deadlk;
      // One that waits for any may find itself in a deadlock now.
      if (!warned_ && everybody_waits()) {
        warned_ = true;
        changed_.wake_all();
      }
      if (K::sleep(caller, changed_, no_deadline) == wakeup::interrupted) return errc::intr;
    }
  }
  /// Nobody will wait for it. ESRCH, EINVAL.
  errc detach(i32 number) {
    member<K>* found = find(number);
    if (found == nullptr) return errc::srch;
    if (found->ended) {
      remove(*found);
      return errc::none;
    }
    if (found->is.detached) return errc::inval;
    found->is.detached = true;
    changed_.wake_all();
    return errc::none;
  }

  /// Stops one, and waits until it stands. ESRCH; EDEADLK if nobody would run then.
  errc suspend(typename K::thread& caller, member<K>& self, i32 number) {
    member<K>* target = find_running(number);
    if (target == nullptr) return errc::srch;
    if (!target->stands && last_to_run(*target)) return errc::deadlk;
    for (;;) {
      const i32 thread = target->thread;
      target->stands = true;
      if (!K::suspend_thread(caller, thread)) return errc::srch;
      if (target == &self) return errc::none; // at the return from this call
      while (!K::is_suspended(caller, thread)) {
        if (K::sleep(caller, K::threads_changed(caller), no_deadline) == wakeup::interrupted) return errc::intr;
        target = find_running(number);
        if (target == nullptr) return errc::srch;
        if (!target->stands) break; // somebody lets it go on meanwhile
      }
      if (target->stands) return errc::none;
    }
  }
  errc resume(typename K::thread& caller, i32 number) {
    member<K>* target = find_running(number);
    if (target == nullptr) return errc::srch;
    target->stands = false;
    return K::resume_thread(caller, target->thread) ? errc::none : errc::srch;
  }

  /// Waits until another one calls. ETIME, EINTR.
  errc park(typename K::thread& caller, member<K>& self, u64 until) {
    errc failed = errc::none;
    while (failed == errc::none && !self.called) {
      const wakeup why = K::sleep(caller, self.parked, until);
      if (self.called) break;
      if (why == wakeup::timed_out) failed = errc::time;
      if (why == wakeup::interrupted) failed = errc::intr;
    }
    self.called = false;
    return failed;
  }
  errc call(i32 number, bool now = true) {
    member<K>* target = find_running(number);
    if (target == nullptr) return errc::srch;
    target->called = now;
    if (now) target->parked.wake_all();
    return errc::none;
  }

private:
  static constexpr char kind_mark = 0;

  /// It waits for the length of a call.
  struct waiting {
    member<K>& self;
    waiting(member<K>& who, i32 number) : self{who} {
      self.waits = true;
      self.waits_for = number;
    }
    ~waiting() { self.waits = false; }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;
  };

  bool is_waited_for(i32 number) {
    for (const member<K>* m = all_.front(); m != nullptr; m = all_.next(*m))
      if (m->waits && m->waits_for == number) return true;
    return false;
  }
  /// An ended one that nobody waits for in particular.
  member<K>* ended_one() {
    for (member<K>* m = all_.front(); m != nullptr; m = all_.next(*m))
      if (m->ended && !is_waited_for(m->number)) return m;
    return nullptr;
  }
  /// Whether `who` waits, through others, for `whom`.
  bool waits_for(const member<K>& who, const member<K>& whom) {
    const member<K>* at = &who;
    for (usize steps = 0; at != nullptr && steps <= all_size(); ++steps) {
      if (at == &whom) return true;
      if (!at->waits || at->waits_for == 0) return false;
      at = find_running(at->waits_for);
    }
    return false;
  }
  usize all_size() {
    usize count = 0;
    for (const member<K>* m = all_.front(); m != nullptr; m = all_.next(*m)) ++count;
    return count;
  }
  /// All that count wait for others, and none of them will be woken by one that has ended.
  bool everybody_waits() {
    for (const member<K>* m = all_.front(); m != nullptr; m = all_.next(*m)) {
      if (m->ended && is_waited_for(m->number)) return false;
      if (!m->ended && !m->is.daemon && !m->waits) return false;
    }
    return true;
  }

  /// Called by a thread of the process at its end, outside the section.
  static void thread_ends(typename K::thread& ending) {
    const auto thread = polyabi::perform<K>(op::gettid{}, ending);
    if (!thread) return;
    const typename K::section inside;
    table* known = of(ending);
    member<K>* self = known != nullptr ? known->find_thread(*thread) : nullptr;
    if (self == nullptr) return;
    known->warned_ = false;
    if (self->is.detached)
      known->remove(*self);
    else
      self->ended = true;
    known->changed_.wake_all();
  }

  intrusive_list<member<K>, &member<K>::link> all_;
  typename K::wait_queue changed_; ///< one has ended, or is waited for no more
  i32 last_ = 0;
  bool warned_ = false; ///< those who wait for any have been told that all wait
};

} // namespace polyabi::facilities::lwp
