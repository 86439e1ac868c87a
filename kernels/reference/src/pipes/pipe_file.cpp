// The open files at the ends of a pipe or FIFO.
#include <pipes/channel.hpp>

#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/text_writer.hpp>

namespace polyabi::reference {

namespace {

struct pipe_file final : file {
  ref<channel> shared;
  bool reads = false, writes = false;
  u64 writers_before = 0; ///< a FIFO's reader that has never met a writer sees no hang-up (poll(2))

  ~pipe_file() override {
    if (!shared) return;
    if (reads) --shared->readers;
    if (writes) --shared->writers;
    shared->readable.wake_all();
    shared->writable.wake_all();
  }
  void release() override { heap::destroy(this); }
  result<> flags_changed(u32 new_flags) override {
    return (new_flags & open_flags::direct) == 0 || shared->keep_packets() ? error::none : error::nomem;
  }

  bool nonblocking() const { return (flags & open_flags::nonblock) != 0; }

  result<i64> read(user_vector into, const i64* offset) override {
    if (offset != nullptr) return error::spipe;
    user_writer to{into};
    if (to.remaining() == 0) return 0;
    for (;;) {
      if (auto taken = take(to); taken.error() != error::again) return taken;
      if (shared->writers == 0) return 0;
      if (nonblocking()) return error::again;
      if (shared->readable.sleep() == wakeup::interrupted) return error::restart_call;
    }
  }

  /// EAGAIN if there is nothing.
  result<i64> take(user_writer& to) {
    const claim::holder mine{shared->reading};
    if (shared->queued() == 0) return error::again;
    bool made_room = false;
    const bool intact = shared->take(to, made_room);
    if (made_room) shared->writable.wake_all(poll_events::out);
    if (!intact && to.transferred() == 0) return error::fault;
    return static_cast<i64>(to.transferred());
  }

  result<i64> write(user_vector from, const i64* offset) override {
    if (offset != nullptr) return error::spipe;
    user_reader source{from};
    if (source.remaining() == 0) return 0;
    // A short write goes in whole or not yet; a long one goes in as room comes, in packets one by one.
    const bool atomic = source.remaining() <= pipe_atomic_write, packets = (flags & open_flags::direct) != 0;
    if (packets && !shared->keep_packets()) return error::nomem;
    u64 done = 0;
    while (source.remaining() != 0) {
      if (shared->readers == 0) {
        if (done != 0) break;
        signals::send(current_thread(), signals::from_kernel(signals::pipe));
        return error::pipe;
      }
      const u64 rest = source.remaining();
      const error failed = put(source, packets ? (rest < pipe_atomic_write ? rest : pipe_atomic_write) : atomic ? rest : 1);
      done = source.transferred();
      if (failed == error::none) continue;
      if (failed != error::again || nonblocking()) {
        if (done != 0) break;
        return failed;
      }
      if (shared->writable.sleep() == wakeup::interrupted) {
        if (done != 0) break;
        return error::restart_call;
      }
    }
    return static_cast<i64>(done);
  }

  result<i64> write_now(user_vector from) override {
    user_reader source{from};
    if (shared->readers == 0) {
      signals::send(current_thread(), signals::from_kernel(signals::pipe));
      return error::pipe;
    }
    const error failed = put(source, 1);
    if (failed != error::none && source.transferred() == 0) return failed;
    return static_cast<i64>(source.transferred());
  }
  channel* as_pipe() override { return shared.get(); }

  /// EAGAIN if there is no room for so much.
  error put(user_reader& from, u64 at_least) {
    const claim::holder mine{shared->writing};
    const bool packet = (flags & open_flags::direct) != 0;
    usize room = shared->room();
    if (room < at_least || !shared->packet_fits()) return error::again;
    if (packet && room > pipe_atomic_write) room = pipe_atomic_write;
    if (room > from.remaining()) room = static_cast<usize>(from.remaining());
    const u64 before = from.transferred();
    const bool intact = shared->put(from, room, packet);
    if (from.transferred() != before) shared->readable.wake_all(poll_events::in | poll_events::rdnorm);
    return intact ? error::none : error::fault;
  }

  u64 file_system_type() const override { return file_system_types::pipes; }
  result<> attributes(stat& out) override {
    if (node) return node->attributes(out);
    out = shared->kept.shown();
    out.dev = file_system_ids::pipes;
    out.ino = shared->number;
    out.nlink = 1;
    out.blksize = page_size;
    return {};
  }
  result<> change(const attribute_change& c) override { return node ? node->change(c) : shared->kept.change(c); }

  u16 poll(u16 events, waiter* place) override {
    u32 ready = 0;
    if (reads) {
      if (shared->queued() != 0) ready |= poll_events::in | poll_events::rdnorm;
      if (shared->writers == 0 && shared->writer_opens != writers_before) ready |= poll_events::hup;
    }
    if (writes) {
      if (shared->writes_fit()) ready |= poll_events::out;
      if (shared->readers == 0) ready |= poll_events::err;
    }
    ready &= events | u32{poll_events::err | poll_events::hup};
    if (place != nullptr && reads) shared->readable.enter(place[0]);
    if (place != nullptr && writes) shared->writable.enter(place[1]);
    return static_cast<u16>(ready);
  }

  result<i32> bytes_readable() override { return static_cast<i32>(shared->queued()); }

  usize describe(char* to, usize limit) override {
    if (node) return file::describe(to, limit);
    return text_writer{to, limit}.add("pipe:[").add_number(shared->number).add(']').size();
  }
};

} // namespace

ref<file> open_end(ref<channel> shared, ref<vnode> node, u32 flags) {
  auto* opened = heap::create<pipe_file>();
  if (opened == nullptr) return nullptr;
  const u32 mode = flags & open_flags::accmode;
  opened->reads = mode != open_flags::wronly;
  opened->writes = mode != open_flags::rdonly;
  opened->flags = flags;
  opened->writers_before = shared->writer_opens;
  if (opened->reads) ++shared->readers, ++shared->reader_opens;
  if (opened->writes) ++shared->writers, ++shared->writer_opens;
  opened->node = std::move(node);
  opened->shared = std::move(shared);
  return ref<file>{opened};
}

result<pipe_ends> make_pipe(u32 flags) {
  ref<channel> shared = channel::make();
  if (!shared) return error::nfile;
  pipe_ends ends{open_end(shared, nullptr, open_flags::rdonly | (flags & ~open_flags::direct)), nullptr};
  if (!ends.reader) return error::nomem;
  ends.writer = open_end(shared, nullptr, open_flags::wronly | flags);
  if (!ends.writer) return error::nomem;
  return ends;
}

} // namespace polyabi::reference
