// What is queued at a local socket: a datagram, or a piece of a stream.
#pragma once

#include <sockets/local/local_name.hpp>
#include <sockets/local/rights.hpp>

namespace polyabi::reference {

struct local_message {
  list_link link;
  usize size = 0, taken = 0; ///< bytes, and how many of them have been received
  ref<local_socket> sender;  ///< whose buffer it counts against
  ref<local_name> from;      ///< the sender's name then
  ref<rights> files;
  bool has_credentials = false;
  socket_credentials credentials{};
  u64 time = 0; ///< ns since 1970, if the receiver wanted to know

  /// With room for so many bytes behind it; null if memory is exhausted.
  static local_message* make(usize size);
  void free();
  char* data() { return reinterpret_cast<char*>(this + 1); }
  usize rest() const { return size - taken; }
  /// What it takes of the sender's buffer: all of its memory.
  usize charge() const { return sizeof *this + size; }
};

} // namespace polyabi::reference
