// Bytes from one open file to another, through a buffer of the kernel's.
#include <descriptors/told_transfers.hpp>
#include <pipes/channel.hpp>

#include <polyabi/reference/descriptor_operations.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference {

namespace {

/// Kernel memory that reads and writes go to as if it were a user's.
class bounce_buffer {
public:
  static constexpr usize size = 64 * 1024;
  bounce_buffer() : bytes_{static_cast<char*>(heap::allocate(size))} {}
  ~bounce_buffer() {
    if (bytes_ != nullptr) heap::deallocate(bytes_, size);
  }
  bounce_buffer(const bounce_buffer&) = delete;
  bounce_buffer& operator=(const bounce_buffer&) = delete;
  explicit operator bool() const { return bytes_ != nullptr; }
  char* bytes() { return bytes_; }
  user_vector part(usize from, usize count) {
    part_ = {reinterpret_cast<std::uintptr_t>(bytes_) + from, count};
    return {&part_, 1};
  }

private:
  char* bytes_;
  user_bytes part_{};
};

struct movement {
  file& from;
  i64* from_offset;
  file& to;
  i64* to_offset;
  bool nonblocking;
  bounce_buffer buffer{};
  u64 moved = 0;

  /// Waits until the file is ready for one of the events. EAGAIN where nobody may wait.
  result<> wait_for(file& f, u16 events) {
    for (;;) {
      waiter places[2];
      if (f.poll(events, places) != 0) return {};
      // What has been moved is answered before anybody waits for more to come.
      if (nonblocking || (f.flags & open_flags::nonblock) != 0 || (&f == &from && moved != 0)) return error::again;
      if (sleep_until_woken(no_deadline) == wakeup::interrupted) return error::restart_call;
    }
  }

  /// Writes without waiting; at the offset, if one is given.
  result<i64> put(user_vector data) {
    const user_memory::kernel_transfer own_memory;
    auto written = to_offset != nullptr ? to.write(data, to_offset) : to.write_now(data);
    if (written && to_offset != nullptr) *to_offset += *written;
    return written;
  }

  /// One piece from a pipe: it leaves the pipe when it has been written. EAGAIN if it is empty.
  result<i64> piece_of_pipe(channel& pipe, usize size) {
    const claim::holder mine{pipe.reading};
    const usize there = pipe.peek(buffer.bytes(), size);
    if (there == 0) return pipe.writers == 0 ? result<i64>{0} : error::again;
    auto written = put(buffer.part(0, there));
    if (written) pipe.drop(static_cast<usize>(*written));
    return written;
  }

  /// One piece from a file that has a place for each byte: read where it is, and again if it could not be written.
  result<i64> piece_of_file(usize size) {
    i64 at = 0;
    if (from_offset != nullptr) {
      at = *from_offset;
    } else {
      const auto here = from.seek(0, seek_origins::current);
      if (!here) return here.error();
      at = *here;
    }
    result<i64> got = 0;
    {
      const user_memory::kernel_transfer own_memory;
      got = from.read(buffer.part(0, size), &at);
    }
    if (!got || *got == 0) return got;
    auto written = put(buffer.part(0, static_cast<usize>(*got)));
    if (!written) return written;
    if (from_offset != nullptr) *from_offset += *written;
    else if (auto sought = from.seek(at + *written, seek_origins::set); !sought) return sought.error();
    return written;
  }

  /// One piece from a socket, which keeps nothing: no more is taken than the pipe it goes to has room for.
  result<i64> piece_of_socket(socket_file& source, channel& pipe, usize size) {
    const claim::holder mine{pipe.writing};
    if (pipe.room() < size) size = pipe.room();
    if (size == 0 || !pipe.packet_fits()) return error::again;
    const user_memory::kernel_transfer own_memory;
    incoming_message<kernel> message{buffer.part(0, size)};
    auto got = receive_from(source, message, message_flags::dontwait);
    if (!got || *got == 0) return got;
    user_reader received{buffer.part(0, static_cast<usize>(*got))};
    (void)pipe.put(received, static_cast<usize>(*got));
    pipe.readable.wake_all(poll_events::in | poll_events::rdnorm);
    return got;
  }

  /// One piece from a device: it goes into the pipe whatever time that takes.
  result<i64> piece_of_device(usize size) {
    const user_memory::kernel_transfer own_memory;
    auto got = from.read(buffer.part(0, size), nullptr);
    if (!got || *got == 0) return got;
    return to.write(buffer.part(0, static_cast<usize>(*got)), nullptr);
  }

  result<i64> piece(usize size) {
    if (channel* pipe = from.as_pipe(); pipe != nullptr) return piece_of_pipe(*pipe, size);
    if (from.node && (from.node->type == file_modes::reg || from.node->type == file_modes::blk)) return piece_of_file(size);
    channel* pipe = to.as_pipe();
    if (pipe == nullptr) return error::inval;
    return from.is_socket ? piece_of_socket(static_cast<socket_file&>(from), *pipe, size) : piece_of_device(size);
  }

  result<i64> run(u64 size) {
    if (!buffer) return error::nomem;
    const auto ended = [&](error why) { return moved != 0 ? result<i64>{static_cast<i64>(moved)} : result<i64>{why}; };
    while (moved < size) {
      if (auto ready = wait_for(from, poll_events::in); !ready) return ended(ready.error());
      if (auto ready = wait_for(to, poll_events::out); !ready) return ended(ready.error());
      const u64 rest = size - moved;
      auto done = piece(rest < bounce_buffer::size ? static_cast<usize>(rest) : bounce_buffer::size);
      if (done.error() == error::again && moved == 0 && !nonblocking) continue; // somebody else was faster
      if (!done) return ended(done.error());
      if (*done == 0) break;
      moved += static_cast<u64>(*done);
    }
    return static_cast<i64>(moved);
  }
};

struct two_files {
  ref<file> from, to;
};
result<two_files> find(thread& caller, i32 from, i32 to) {
  auto one = caller.owner->descriptors->get(from), other = caller.owner->descriptors->get(to);
  if (!one || !other) return error::badf;
  if (!open_flags::reads((*one)->flags) || !open_flags::writes((*other)->flags)) return error::badf;
  return two_files{std::move(*one), std::move(*other)};
}

} // namespace

result<i64> descriptor_operations::perform(op::transfer, thread& caller, i32 from, i64* from_offset, i32 to, i64* to_offset,
                                           u64 size, bool nonblocking) {
  const auto files = find(caller, from, to);
  if (!files) return files.error();
  if ((from_offset != nullptr && *from_offset < 0) || (to_offset != nullptr && *to_offset < 0)) return error::inval;
  // Where bytes have no places, nobody can name one.
  if (from_offset != nullptr && !files->from->seek(0, seek_origins::current)) return error::inval;
  if (to_offset != nullptr && !files->to->seek(0, seek_origins::current)) return error::inval;
  // It would wait for itself.
  if (files->from->as_pipe() != nullptr && files->from->as_pipe() == files->to->as_pipe()) return error::inval;
  const auto moved = movement{*files->from, from_offset, *files->to, to_offset, nonblocking}.run(size);
  if (moved && *moved > 0) {
    tell_of_transfer<vnode_event::accessed>(*files->from);
    tell_of_transfer<vnode_event::modified>(*files->to);
  }
  return moved;
}

result<i64> descriptor_operations::perform(op::duplicate_bytes, thread& caller, i32 from, i32 to, u64 size, bool nonblocking) {
  const auto files = find(caller, from, to);
  if (!files) return files.error();
  channel* source = files->from->as_pipe();
  channel* target = files->to->as_pipe();
  if (source == nullptr || target == nullptr || source == target) return error::inval;
  movement m{*files->from, nullptr, *files->to, nullptr, nonblocking};
  if (!m.buffer) return error::nomem;
  for (;;) {
    if (auto ready = m.wait_for(m.from, poll_events::in); !ready) return ready.error();
    if (auto ready = m.wait_for(m.to, poll_events::out); !ready) return ready.error();
    const claim::holder mine{source->reading};
    const usize there = source->peek(m.buffer.bytes(), size < bounce_buffer::size ? static_cast<usize>(size) : bounce_buffer::size);
    if (there == 0 && source->writers == 0) return 0;
    if (there == 0) continue;
    auto written = m.put(m.buffer.part(0, there));
    if (written.error() == error::again && !nonblocking) continue;
    return written;
  }
}

} // namespace polyabi::reference
