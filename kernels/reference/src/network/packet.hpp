// Packets in the kernel's own network.
#pragma once

#include <polyabi/core/internet_packets.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/intrusive_list.hpp>

namespace polyabi::reference::network {

/// The longest packet of IP.
inline constexpr usize packet_limit = 65535;

/// A whole packet of IP, from its header on. In one queue at most.
struct packet {
  list_link link;
  usize size;
  const usize allocated; ///< bytes behind it: `size` may become less
  u32 interface = 0; ///< index of the one that it came in by
  u64 time = 0;      ///< ns since 1970, when it came

  explicit packet(usize room) : size{room}, allocated{room} {}
  /// Null if memory is exhausted.
  static packet* make(usize size);
  static packet* copy(const packet&);

  unsigned char* bytes() { return reinterpret_cast<unsigned char*>(this + 1); }
  const unsigned char* bytes() const { return reinterpret_cast<const unsigned char*>(this + 1); }
  std::span<unsigned char> all() { return {bytes(), size}; }
  std::span<const unsigned char> all() const { return {bytes(), size}; }
  template <class Header>
  Header& at(usize offset) { return *reinterpret_cast<Header*>(bytes() + offset); }
  template <class Header>
  const Header& at(usize offset) const { return *reinterpret_cast<const Header*>(bytes() + offset); }

  internet::ip_header& ip() { return at<internet::ip_header>(0); }
  const internet::ip_header& ip() const { return at<internet::ip_header>(0); }
  /// Behind the IP header, which has been checked.
  std::span<unsigned char> payload() { return all().subspan(ip().size()); }
  std::span<const unsigned char> payload() const { return all().subspan(ip().size()); }
};
static_assert(alignof(internet::ip_header) == 1);

using packet_list = intrusive_list<packet, &packet::link>;

void free(packet*);

/// Frees what it still holds.
class packet_owner {
public:
  packet_owner() = default;
  explicit packet_owner(packet* p) : held_{p} {}
  packet_owner(packet_owner&& other) noexcept : held_{std::exchange(other.held_, nullptr)} {}
  packet_owner& operator=(packet_owner&& other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~packet_owner() { free(held_); }
  packet* get() const { return held_; }
  packet* operator->() const { return held_; }
  packet& operator*() const { return *held_; }
  explicit operator bool() const { return held_ != nullptr; }
  packet* leak() { return std::exchange(held_, nullptr); }

private:
  packet* held_ = nullptr;
};

} // namespace polyabi::reference::network
