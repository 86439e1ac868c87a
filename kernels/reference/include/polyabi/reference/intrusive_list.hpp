// A doubly linked list whose links live in the elements: no allocation, removal from anywhere in constant time.
#pragma once

namespace polyabi::reference {

/// A link; an element may have several, for several lists.
struct list_link {
  list_link* next = nullptr;
  list_link* previous = nullptr;
  bool linked() const { return next != nullptr; }
};

/// A list of `T` through the member `Link`.
template <class T, list_link T::*Link>
class intrusive_list {
public:
  bool empty() const { return first_ == nullptr; }
  T* front() const { return element(first_); }
  T* next(const T& e) const { return element((e.*Link).next == &end_ ? nullptr : (e.*Link).next); }

  void push_back(T& e) {
    list_link& l = e.*Link;
    l.next = &end_;
    l.previous = last_;
    (last_ != nullptr ? last_->next : first_) = &l;
    last_ = &l;
  }
  void remove(T& e) {
    list_link& l = e.*Link;
    if (l.next == nullptr) return;
    (l.previous != nullptr ? l.previous->next : first_) = l.next == &end_ && l.previous == nullptr ? nullptr : l.next;
    if (l.next == &end_) last_ = l.previous; else l.next->previous = l.previous;
    l = {};
  }
  T* pop_front() {
    T* e = front();
    if (e != nullptr) remove(*e);
    return e;
  }

private:
  static T* element(list_link* l) {
    if (l == nullptr) return nullptr;
    alignas(T) static constexpr char dummy[sizeof(T)]{};
    const auto* base = reinterpret_cast<const T*>(dummy);
    const auto offset = reinterpret_cast<const char*>(&(base->*Link)) - dummy;
    return reinterpret_cast<T*>(reinterpret_cast<char*>(l) - offset);
  }
  list_link* first_ = nullptr;
  list_link* last_ = nullptr;
  static inline list_link end_{};
};

} // namespace polyabi::reference
