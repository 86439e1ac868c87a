// Objects by key: a hash table without nodes of its own, that grows with what is in it.
#pragma once

#include <polyabi/core/services.hpp>

namespace polyabi::facilities {

/// A key that is a number. Keys that are more have `hash()` and `operator==`.
struct number_key {
  u64 number = 0;
  bool operator==(const number_key&) const = default;
  u64 hash() const { return number; }
};

/// `Object` has `Object* next_in_bucket` and `Key key() const`. Inside the section.
template <class K, class Object, class Key>
class hash_table {
public:
  hash_table() = default;
  hash_table(const hash_table&) = delete;
  hash_table& operator=(const hash_table&) = delete;
  ~hash_table() {
    if (buckets_ != nullptr) K::deallocate(buckets_, count_ * sizeof(Object*));
  }

  usize size() const { return size_; }
  Object* find(const Key& key) const {
    if (buckets_ == nullptr) return nullptr;
    Object* o = bucket_of(key);
    while (o != nullptr && !(o->key() == key)) o = o->next_in_bucket;
    return o;
  }
  /// False if memory is exhausted.
  [[nodiscard]] bool insert(Object& o) {
    // One that cannot grow serves on.
    if (size_ >= count_ && !grow() && buckets_ == nullptr) return false;
    put(o);
    ++size_;
    return true;
  }
  void remove(Object& o) {
    Object** at = &bucket_of(o.key());
    while (*at != &o) at = &(*at)->next_in_bucket;
    *at = o.next_in_bucket;
    --size_;
  }
  /// Takes all out.
  template <class Visit>
  void drain(Visit visit) {
    for (usize i = 0; i < count_; ++i)
      while (Object* o = buckets_[i]) {
        buckets_[i] = o->next_in_bucket;
        --size_;
        visit(*o);
      }
  }
  template <class Visit>
  void each(Visit visit) const {
    for (usize i = 0; i < count_; ++i)
      for (Object* o = buckets_[i]; o != nullptr; o = o->next_in_bucket) visit(*o);
  }

private:
  static constexpr usize first_count = 16;

  Object*& bucket_of(const Key& key) const { return buckets_[key.hash() * 0x9e3779b97f4a7c15 >> shift_]; }
  void put(Object& o) {
    Object*& bucket = bucket_of(o.key());
    o.next_in_bucket = bucket;
    bucket = &o;
  }
  bool grow() {
    const usize count = count_ == 0 ? first_count : count_ * 2;
    auto** made = static_cast<Object**>(K::allocate(count * sizeof(Object*)));
    if (made == nullptr) return false;
    for (usize i = 0; i < count; ++i) made[i] = nullptr;
    Object** const old = buckets_;
    const usize old_count = count_;
    buckets_ = made;
    count_ = count;
    shift_ = 64 - __builtin_ctzll(count);
    for (usize i = 0; i < old_count; ++i)
      while (Object* o = old[i]) {
        old[i] = o->next_in_bucket;
        put(*o);
      }
    if (old != nullptr) K::deallocate(old, old_count * sizeof(Object*));
    return true;
  }

  Object** buckets_ = nullptr;
  usize count_ = 0, size_ = 0;
  int shift_ = 0;
};

} // namespace polyabi::facilities
