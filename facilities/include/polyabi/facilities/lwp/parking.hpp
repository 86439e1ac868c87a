// Where threads wait that synchronise through user memory: by address, in order of arrival. Nobody looks at what stands there:
// whoever waits is in line before it lets others change the memory, so that no wakeup is missed.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/services.hpp>

namespace polyabi::lwp {

/// What a thread waits for: an address of its process, or of all processes (memory that they share, at the same address).
struct parking_key {
  i32 process = 0; ///< 0: all
  u64 address = 0;
  bool operator==(const parking_key&) const = default;
};

/// A thread's place in line. It lies on the thread's stack. All of it inside the section.
template <class K>
class parking_place {
public:
  explicit parking_place(const parking_key& k) : key{k} {
    previous_ = last;
    (last != nullptr ? last->next_ : first) = this;
    last = this;
  }
  ~parking_place() { leave(); }
  parking_place(const parking_place&) = delete;
  parking_place& operator=(const parking_place&) = delete;

  /// Waits until it is called. Called once, it is out of the line.
  wakeup wait(typename K::thread& caller, u64 until) {
    while (!called_) {
      const wakeup why = K::sleep(caller, queue_, until);
      if (called_) break;
      if (why != wakeup::woken) return why;
    }
    return wakeup::woken;
  }
  bool called() const { return called_; }

  /// Calls up to `limit` of those that wait for `key`; answers how many.
  static u32 call(const parking_key& key, u32 limit) {
    u32 count = 0;
    for (parking_place* p = first; p != nullptr && count < limit;) {
      parking_place* following = p->next_;
      if (p->key == key) {
        p->leave();
        p->called_ = true;
        p->queue_.wake_all();
        ++count;
      }
      p = following;
    }
    return count;
  }
  const parking_key key;

private:
  void leave() {
    if (!in_line_) return;
    in_line_ = false;
    (previous_ != nullptr ? previous_->next_ : first) = next_;
    (next_ != nullptr ? next_->previous_ : last) = previous_;
  }

  static constinit inline parking_place* first = nullptr;
  static constinit inline parking_place* last = nullptr;

  parking_place* previous_ = nullptr;
  parking_place* next_ = nullptr;
  bool in_line_ = true, called_ = false;
  typename K::wait_queue queue_;
};

} // namespace polyabi::lwp
