// process_vm_readv(2) and process_vm_writev(2): moving bytes between two processes.
#include "memory_checks.hpp"

#include <polyabi/reference/memory_operations.hpp>
#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace {

result<process*> find_other(thread& caller, i32 pid) {
  const thread* any = process_table::find_thread(pid);
  process* other = any != nullptr ? any->owner : process_table::find(pid);
  if (other == nullptr || other->state == process::phase::zombie || other->memory == nullptr) return error::srch;
  if (!may_inspect(*caller.owner, *other)) return error::perm;
  return other;
}

/// Piece by piece through a buffer. The other process may end between two of them.
template <class Cursor, class Move>
result<i64> move(thread& caller, i32 pid, user_vector here, user_vector there, Move move_piece) {
  const auto mine = total_size(here), its = total_size(there);
  if (!mine || !its) return error::inval;
  if (*mine == 0) return 0;
  if (auto found = find_other(caller, pid); !found) return found.error();
  Cursor own{here};
  user_cursor other{there};
  char buffer[page_size];
  error failure = error::none;
  while (own.remaining() != 0 && other.remaining() != 0) {
    const user_bytes part = other.current();
    u64 piece = part.size < own.remaining() ? part.size : own.remaining();
    const u64 to_page_end = page_size - part.address % page_size; // what fails does so page by page
    if (piece > to_page_end) piece = to_page_end;
    auto found = find_other(caller, pid);
    failure = found ? move_piece(own, **found, part.address, buffer, piece) : found.error();
    if (failure != error::none) break;
    other.advance(piece);
  }
  const auto moved = static_cast<i64>(other.transferred());
  return moved == 0 && failure != error::none ? result<i64>{failure} : moved;
}

} // namespace

result<i64> memory_operations::perform(op::read_memory_of, thread& caller, i32 pid, user_vector here, user_vector there) {
  return move<user_writer>(caller, pid, here, there, [](user_writer& to, const process& of, u64 from, char* buffer, u64 size) {
    return machine::copy_from(of, buffer, from, size) && to.write(buffer, size) ? error::none : error::fault;
  });
}

namespace {

template <class Copy>
result<i64> write(thread& caller, i32 pid, user_vector here, user_vector there, Copy copy) {
  // The other process is looked up before the caller's bytes are read: it may be gone when they are there.
  return move<user_reader>(caller, pid, here, there, [&](user_reader& from, process&, u64 to, char* buffer, u64 size) {
    if (!from.read(buffer, size)) return error::fault;
    auto found = find_other(caller, pid);
    if (!found) return found.error();
    return copy(**found, to, buffer, size) ? error::none : error::fault;
  });
}

} // namespace

result<i64> memory_operations::perform(op::write_memory_of, thread& caller, i32 pid, user_vector here, user_vector there) {
  return write(caller, pid, here, there, machine::copy_to);
}

result<i64> write_text_of(thread& caller, i32 pid, user_vector here, user_vector there) {
  return write(caller, pid, here, there, [](const process& of, u64 to, const void* from, usize size) {
    if (of.memory != nullptr) of.memory->mark_written(to, size);
    return machine::copy_to_text(of, to, from, size);
  });
}

} // namespace polyabi::reference
