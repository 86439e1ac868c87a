// A doubly linked list whose links live in the elements: no allocation, removal from anywhere in constant time.
#pragma once

namespace polyabi {

/// A link; an element may have several, for several lists. Copying an element never copies its membership.
struct list_link {
  list_link* next = nullptr;
  list_link* previous = nullptr;
  void* owner = nullptr; ///< the element; null in a list's own end

  constexpr list_link() = default;
  constexpr list_link(const list_link&) {}
  constexpr list_link& operator=(const list_link&) { return *this; }

  constexpr bool linked() const { return next != nullptr; }
};

/// A circular list of `T` through the member `Link`. It stays where it was made.
template <class T, list_link T::*Link>
class intrusive_list {
public:
  constexpr intrusive_list() { end_.next = end_.previous = &end_; }
  intrusive_list(const intrusive_list&) = delete;
  intrusive_list& operator=(const intrusive_list&) = delete;

  bool empty() const { return end_.next == &end_; }
  T* front() const { return element(end_.next); }
  T* back() const { return element(end_.previous); }
  /// The element after or before `e`, which is in this list; null at the end.
  T* next(const T& e) const { return element((e.*Link).next); }
  T* previous(const T& e) const { return element((e.*Link).previous); }

  void push_back(T& e) { insert(e, end_); }
  void push_front(T& e) { insert(e, *end_.next); }
  /// `before` null: at the end.
  void insert_before(T* before, T& e) { insert(e, before != nullptr ? before->*Link : end_); }

  /// An element that is in no list is left alone.
  void remove(T& e) { unlink(e); }
  /// Takes an element out of whatever list it is in.
  static void unlink(T& e) {
    list_link& l = e.*Link;
    if (!l.linked()) return;
    l.previous->next = l.next;
    l.next->previous = l.previous;
    l.next = l.previous = nullptr;
  }
  T* pop_front() {
    T* e = front();
    if (e != nullptr) remove(*e);
    return e;
  }

private:
  static T* element(const list_link* l) { return static_cast<T*>(l->owner); }
  static void insert(T& e, list_link& before) {
    list_link& l = e.*Link;
    l.owner = &e;
    l.next = &before;
    l.previous = before.previous;
    before.previous->next = &l;
    before.previous = &l;
  }

  list_link end_;
};

} // namespace polyabi
