// Reading directories: records packed into the program's buffer one by one.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/operations.hpp>

namespace polyabi {

/// Clears the end of a record, of which a name leaves up to 16 bytes: before anything is put into it.
inline void clear_end(unsigned char* record, usize size) {
  constexpr usize end = 16;
  if (size < end) __builtin_memset(record, 0, size);
  else __builtin_memset(record + size - end, 0, end);
}

/// Takes entries from op::read_directory until the buffer is full. `Record` says how one looks:
///
///   static constexpr usize largest;
///   // Fills all bytes of the size, which is 0 to leave the entry out. An error ends the reading: inval for want of room.
///   static errc make(const directory_entry&, u64 room, unsigned char* record, usize& size);
template <class Env, class Record>
struct directory_writer {
  context<Env>& c;
  u64 address, room;
  u64 used = 0;
  errc failed = errc::none; ///< why the last entry was not taken
  unsigned char record[Record::largest]{};

  directory_visitor visitor() { return {&visit, this}; }

private:
  static bool visit(void* state, const directory_entry& entry) { return static_cast<directory_writer*>(state)->put(entry); }
  bool put(const directory_entry& entry) {
    usize size = 0;
    failed = Record::make(entry, room - used, record, size);
    if (failed == errc::none && size != 0) failed = c.write_bytes(address + used, record, size);
    if (failed != errc::none) return false;
    used += size;
    return true;
  }
};

} // namespace polyabi
