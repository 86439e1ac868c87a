// Open files in messages.
#pragma once

#include <polyabi/reference/socket.hpp>

namespace polyabi::reference {

class local_socket;

/// The open files that travel with one message. Peeking copies the references, not the object.
struct rights {
  u32 references = 0;
  usize count = 0;
  bool in_flight = false; ///< in a message that is queued
  list_link to_be_freed;
  ref<file> files[rights_limit];

  /// Files of the process by descriptor number. EBADF; ETOOMANYREFS if too many are under way.
  static result<ref<rights>> make(process&, std::span<const i32> descriptors);
  /// Files are closed by whoever came first, one after the other: what closes may drop messages with files in turn.
  void release();

  /// The message enters a queue, or leaves it.
  void depart();
  void arrive();
};

} // namespace polyabi::reference
