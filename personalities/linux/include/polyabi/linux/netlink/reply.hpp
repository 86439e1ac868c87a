// Messages to a netlink socket, put together in datagrams that wait to be received.
#pragma once

#include <polyabi/core/services.hpp>
#include <polyabi/linux/netlink/attributes.hpp>

#include <span>

namespace polyabi::linux_abi::netlink {


/// What waits to be received at once.
template <class K>
struct datagram {
  static constexpr usize room = 4096;
  datagram* next = nullptr;
  usize size = 0;
  alignas(8) unsigned char bytes[room];
};

/// Datagrams in order.
template <class K>
class datagram_queue {
public:
  datagram_queue() = default;
  datagram_queue(const datagram_queue&) = delete;
  datagram_queue& operator=(const datagram_queue&) = delete;
  ~datagram_queue() {
    while (datagram<K>* d = pop()) destroy<K>(d);
  }
  datagram<K>* front() const { return first_; }
  usize count() const { return count_; }
  void push(datagram<K>* d) {
    (last_ != nullptr ? last_->next : first_) = d;
    last_ = d;
    ++count_;
  }
  datagram<K>* pop() {
    datagram<K>* d = first_;
    if (d == nullptr) return nullptr;
    first_ = d->next;
    if (first_ == nullptr) last_ = nullptr;
    --count_;
    d->next = nullptr;
    return d;
  }
  /// Appends all of another one.
  void take(datagram_queue& other) {
    while (datagram<K>* d = other.pop()) push(d);
  }

private:
  datagram<K>* first_ = nullptr;
  datagram<K>* last_ = nullptr;
  usize count_ = 0;
};

/// Writes the answers to one request.
template <class K>
class reply_writer {
public:
  reply_writer(datagram_queue<K>& to, u32 sequence, u32 port) : to_{to}, sequence_{sequence}, port_{port} {}

  /// Begins a message with its own structure. False if memory is exhausted, then and later.
  template <class Body>
  bool begin(u16 type, u16 flags, const Body& body) {
    if (!begin_head(type, flags)) return false;
    append(&body, sizeof body);
    return true;
  }
  [[gnu::noinline]] void add(u16 type, const void* value, usize size) {
    if (failed_) return;
    rtattr<model> head{};
    head.len = static_cast<u16>(sizeof head + size);
    head.type = type;
    append(&head, sizeof head);
    append(value, size);
  }
  void add_number(u16 type, u32 value) { add(type, &value, sizeof value); }
  void add_text(u16 type, const char* text) {
    usize size = 0;
    while (text[size] != 0) ++size;
    add(type, text, size + 1);
  }
  /// The request that an error is about.
  void append_raw(std::span<const unsigned char> bytes) { append(bytes.data(), bytes.size()); }
  void end() {
    if (failed_) return;
    const u32 size = static_cast<u32>(datagram_->size - start_);
    __builtin_memcpy(datagram_->bytes + start_, &size, sizeof size); // the length comes first
    datagram_->size = start_ + aligned(size);
  }
  /// Messages of a kind of their own go in a datagram of their own.
  void next_datagram() { datagram_ = nullptr; }
  bool failed() const { return failed_; }

private:
  [[gnu::noinline]] bool begin_head(u16 type, u16 flags) {
    constexpr usize longest = 768;
    if (datagram_ != nullptr && datagram<K>::room - datagram_->size < longest) datagram_ = nullptr;
    if (datagram_ == nullptr) {
      datagram_ = create<K, datagram<K>>();
      if (datagram_ == nullptr) {
        failed_ = true;
        return false;
      }
      to_.push(datagram_);
    }
    start_ = datagram_->size;
    nlmsghdr<model> head{};
    head.type = type;
    head.flags = flags;
    head.seq = sequence_;
    head.pid = port_;
    append(&head, sizeof head);
    return true;
  }
  [[gnu::noinline]] void append(const void* from, usize size) {
    unsigned char* at = datagram_->bytes + datagram_->size;
    __builtin_memset(at, 0, aligned(size));
    __builtin_memcpy(at, from, size);
    datagram_->size += aligned(size);
  }

  datagram_queue<K>& to_;
  u32 sequence_, port_;
  datagram<K>* datagram_ = nullptr;
  usize start_ = 0;
  bool failed_ = false;
};

} // namespace polyabi::linux_abi::netlink
