// The host's own open files as files here: the standard streams the tool was started with.
#include <files/host_vnode.hpp>

#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/host_readiness.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/text_writer.hpp>
#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace host = machine::host;

namespace {

error host_error(i64 answer) {
  return static_cast<error>(-answer);
}

/// Pipes, sockets and devices make one wait; regular files, directories and disks do not.
bool can_block(u32 mode) {
  const u32 type = mode & file_modes::type_mask;
  return type == file_modes::fifo || type == file_modes::sock || type == file_modes::chr;
}

struct host_stream_file final : file {
  i32 descriptor = -1;
  bool owned = false;
  host_readiness* readiness = nullptr; ///< null: it never blocks

  ~host_stream_file() override {
    heap::destroy(readiness);
    if (owned) host::close(descriptor);
  }
  void release() override { heap::destroy(this); }

  bool nonblocking() const { return (flags & open_flags::nonblock) != 0; }

  using transfer_function = i64 (*)(i32, u64, usize, i64);

  /// Moves the parts one by one, each straight between the host and user memory, without the kernel lock.
  result<i64> transfer(user_cursor parts, u32 bit, usize piece_limit, transfer_function move, const i64* offset) {
    error why = error::none;
    while (parts.remaining() != 0) {
      const user_bytes part = parts.current();
      const u64 size = part.size < piece_limit ? part.size : piece_limit;
      if (!user_memory::in_range(part.address, size)) {
        why = error::fault;
        break;
      }
      if (readiness != nullptr) {
        readiness->used();
        // What has been moved is answered before anybody waits for more to read.
        const bool must_not_wait = nonblocking() || (bit == host_readiness::readable && parts.transferred() != 0);
        if (auto ready = readiness->wait(bit, must_not_wait); !ready) {
          why = ready.error();
          break;
        }
      }
      const i64 at = offset != nullptr ? *offset + static_cast<i64>(parts.transferred()) : -1;
      i64 moved = 0;
      {
        const kernel_lock::unlocked others_run;
        moved = move(descriptor, part.address, static_cast<usize>(size), at);
      }
      if (moved < 0) {
        why = host_error(moved);
        if (why == error::again && readiness != nullptr && !nonblocking()) continue; // somebody else was faster
        if (why == error::intr) why = error::restart_call;
        break;
      }
      parts.advance(static_cast<u64>(moved));
      if (moved == 0 || (static_cast<u64>(moved) < size && bit == host_readiness::readable)) break;
    }
    if (parts.transferred() != 0 || why == error::none) return static_cast<i64>(parts.transferred());
    return why;
  }

  result<i64> read(user_vector into, const i64* offset) override {
    constexpr usize no_limit = usize{1} << 30;
    return transfer(user_cursor{into}, host_readiness::readable, no_limit, &host::read, offset);
  }

  result<i64> write(user_vector from, const i64* offset) override {
    // A writable pipe takes this much without blocking (PIPE_BUF).
    const usize piece = readiness != nullptr ? 4096 : usize{1} << 30;
    auto written = transfer(user_cursor{from}, host_readiness::writable, piece, &host::write, offset);
    if (written.error() == error::pipe) signals::send(current_thread(), signals::from_kernel(signals::pipe));
    return written;
  }

  result<i64> seek(i64 offset, i32 origin) override {
    const i64 at = host::seek(descriptor, offset, origin);
    if (at < 0) return host_error(at);
    return at;
  }

  result<> attributes(stat& out) override {
    if (const i64 answer = host::attributes_of(descriptor, out); answer < 0) return host_error(answer);
    return {};
  }

  result<> change(const attribute_change& c) override {
    i64 answer = 0;
    if ((c.which & attribute_change::size_bit) != 0) answer = host::truncate(descriptor, static_cast<u64>(c.size));
    if (answer >= 0 && (c.which & attribute_change::mode_bit) != 0) answer = host::change_mode(descriptor, c.mode);
    constexpr u32 keep = ~u32{0}; // chown(2): -1 keeps
    if (answer >= 0 && (c.which & (attribute_change::owner_bit | attribute_change::group_bit)) != 0)
      answer = host::change_owner(descriptor, (c.which & attribute_change::owner_bit) != 0 ? c.uid : keep,
                                  (c.which & attribute_change::group_bit) != 0 ? c.gid : keep);
    if (answer >= 0 && (c.which & (attribute_change::access_time_bit | attribute_change::modify_time_bit)) != 0) {
      const bool access = (c.which & attribute_change::access_time_bit) != 0;
      const bool modify = (c.which & attribute_change::modify_time_bit) != 0;
      answer = host::change_times(descriptor, c.access.sec, access ? static_cast<u32>(c.access.nsec) : host::time_omit,
                                  c.modification.sec, modify ? static_cast<u32>(c.modification.nsec) : host::time_omit);
    }
    if (answer < 0) return host_error(answer);
    return {};
  }

  result<> sync() override {
    if (const i64 answer = host::sync(descriptor); answer < 0) return host_error(answer);
    return {};
  }

  u16 poll(u16 events, waiter* place) override {
    return readiness != nullptr ? readiness->poll(events, place) : file::poll(events, place);
  }

  result<i32> bytes_readable() override {
    const i64 answer = host::bytes_readable(descriptor);
    if (answer < 0) return host_error(answer);
    return static_cast<i32>(answer);
  }

  result<machine::mapping_source> map(u64 offset, u64, u32, bool shared) override {
    if (readiness != nullptr) return error::nodev;
    machine::mapping_source source;
    source.kind = machine::backing::host_file;
    source.shared = shared;
    source.handle = descriptor;
    source.offset = offset;
    return source;
  }

  usize describe(char* to, usize limit) override {
    if (node) return file::describe(to, limit);
    stat known{};
    (void)host::attributes_of(descriptor, known);
    const bool is_pipe = (known.mode & file_modes::type_mask) == file_modes::fifo;
    return text_writer{to, limit}.add(is_pipe ? "pipe:[" : "host:[").add_number(known.ino).add(']').size();
  }
};

/// Transfers of nothing mean something to sockets and most devices, which are left alone.
u32 access_mode(i32 descriptor, u32 mode) {
  const u32 type = mode & file_modes::type_mask;
  return type == file_modes::reg || type == file_modes::fifo ? access_by_transfers(descriptor) : open_flags::rdwr;
}

} // namespace

u32 access_by_transfers(i32 descriptor) {
  char nothing = 0;
  const auto address = static_cast<u64>(reinterpret_cast<std::uintptr_t>(&nothing));
  const bool reads = host::read(descriptor, address, 0, -1) >= 0, writes = host::write(descriptor, address, 0, -1) >= 0;
  return reads == writes ? open_flags::rdwr : reads ? open_flags::rdonly : open_flags::wronly;
}

ref<file> host_stream(i32 descriptor, u32 flags, bool owned) {
  stat known{};
  if (host::attributes_of(descriptor, known) < 0) return nullptr;
  auto* opened = heap::create<host_stream_file>();
  if (opened == nullptr) return nullptr;
  ref<file> made{opened};
  if (can_block(known.mode)) {
    opened->readiness = heap::create<host_readiness>(descriptor);
    if (opened->readiness == nullptr) return nullptr;
  }
  opened->descriptor = descriptor;
  opened->owned = owned;
  opened->flags = flags;
  return made;
}

ref<file> host_stream(i32 descriptor, bool owned) {
  stat known{};
  if (host::attributes_of(descriptor, known) < 0) return nullptr;
  const u32 type = known.mode & file_modes::type_mask;
  const bool is_named = type != file_modes::fifo && type != file_modes::sock;
  return host_stream(descriptor, access_mode(descriptor, known.mode) | (is_named ? open_flags::largefile : 0), owned);
}

} // namespace polyabi::reference
