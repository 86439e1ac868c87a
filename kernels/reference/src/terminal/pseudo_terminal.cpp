// Pseudo-terminals: the table of pairs, and the master's side.
#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/pseudo_terminal.hpp>
#include <polyabi/reference/text_writer.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace {

constexpr usize chunk_size = 256;

/// Pairs whose master is open; its file holds the reference.
constinit pseudo_terminal* pairs[pseudo_terminal::limit]{};

struct master_file final : file {
  ref<pseudo_terminal> pair;

  ~master_file() override { pair->close_master(); }
  void release() override { heap::destroy(this); }

  bool nonblocking() const { return (flags & open_flags::nonblock) != 0; }
  result<i64> read(user_vector into, const i64* offset) override {
    if (offset != nullptr) return error::spipe;
    return pair->master_read(into, nonblocking());
  }
  result<i64> write(user_vector from, const i64* offset) override {
    if (offset != nullptr) return error::spipe;
    return pair->master_write(from, nonblocking());
  }
  u16 poll(u16 events, waiter* place) override { return pair->master_poll(events, place); }
  result<i32> bytes_readable() override { return static_cast<i32>(pair->line.output_queued()); }
  terminal* as_terminal() override { return pair.get(); }
  usize describe(char* to, usize size) override { return text_writer{to, size}.add("/dev/ptmx").size(); }
};

/// TIOCPKT_*: what the byte before a packet says, on every system that has it (pty(4) of 4.2BSD). A packet of data begins with zero.
namespace packet_bits {
constexpr u8 flush_read = 1, flush_write = 2, stop = 4, start = 8, no_stop = 16, do_stop = 32, ioctl = 64;
}

result<i64> moved_or(u64 moved, error why) {
  if (moved != 0) return static_cast<i64>(moved);
  return why;
}

} // namespace

result<ref<file>> pseudo_terminal::open_master(ref<vnode> node, u32 flags) {
  u32 number = 0;
  while (number < limit && pairs[number] != nullptr) ++number;
  if (number == limit) return error::nospc;
  const ref<pseudo_terminal> pair{heap::create<pseudo_terminal>()};
  auto* opened = pair ? heap::create<master_file>() : nullptr;
  if (opened == nullptr) return error::nomem;
  const u64 now = machine::real_time();
  pair->accessed = pair->modified = {static_cast<i64>(now / 1'000'000'000), static_cast<i64>(now % 1'000'000'000)};
  pair->number = number;
  pair->master = opened;
  pair->uid = current_process().identity.euid;
  pair->gid = current_process().identity.egid;
  pairs[number] = pair.get();
  opened->pair = pair;
  opened->node = std::move(node);
  opened->flags = flags;
  return ref<file>{opened};
}

pseudo_terminal* pseudo_terminal::find(u32 number) {
  return number < limit ? pairs[number] : nullptr;
}

pseudo_terminal* pseudo_terminal::next(u32 number) {
  for (; number < limit; ++number)
    if (pairs[number] != nullptr) return pairs[number];
  return nullptr;
}

result<ref<file>> pseudo_terminal::open_slave(ref<vnode> node, u32 flags) {
  if (locked || !master_open) return error::io;
  auto opened = open_terminal(ref<terminal>{this}, std::move(node), flags);
  if (!opened) return opened.error();
  slave_seen = true;
  if ((flags & open_flags::noctty) == 0) job_control::acquire_at_open(*this, current_process());
  return opened;
}

void pseudo_terminal::close_master() {
  master_open = false;
  master = nullptr;
  pairs[number] = nullptr;
  hang_up();
}

result<i64> pseudo_terminal::master_read(user_vector into, bool nonblocking) {
  user_writer to{into};
  if (to.remaining() == 0) return 0;
  for (;;) {
    if (packets && changes != 0) {
      const u8 told = std::exchange(changes, u8{0});
      if (!to.write(&told, 1)) return error::fault;
      return 1;
    }
    if (const u8 data = 0; packets && line.output_queued() != 0 && !line.output_stopped() && !to.write(&data, 1)) return error::fault;
    while (to.remaining() != 0) {
      char chunk[chunk_size];
      const u64 wanted = to.remaining() < chunk_size ? to.remaining() : chunk_size;
      const usize size = line.take_output(chunk, static_cast<usize>(wanted));
      if (size == 0) break;
      if (!to.write(chunk, size)) return moved_or(to.transferred(), error::fault);
    }
    if (to.transferred() != 0) return static_cast<i64>(to.transferred());
    if (slave_closed()) return error::io;
    if (nonblocking) return error::again;
    if (master_readers.sleep() == wakeup::interrupted) return error::restart_call;
  }
}

result<i64> pseudo_terminal::master_write(user_vector from, bool nonblocking) {
  user_reader source{from};
  u64 written = 0;
  while (source.remaining() != 0) {
    char chunk[chunk_size];
    const u64 wanted = source.remaining() < chunk_size ? source.remaining() : chunk_size;
    const usize size = static_cast<usize>(wanted);
    if (!source.read(chunk, size)) return moved_or(written, error::fault);
    for (usize i = 0; i < size; ++i) {
      while (line.receive_room() == 0) {
        if (nonblocking) return moved_or(written, error::again);
        if (master_writers.sleep() == wakeup::interrupted) return moved_or(written, error::restart_call);
      }
      line.receive(static_cast<u8>(chunk[i]));
      ++written;
    }
  }
  return static_cast<i64>(written);
}

u16 pseudo_terminal::master_poll(u16 events, waiter* place) {
  u32 ready = 0;
  if (line.output_queued() != 0 && !line.output_stopped()) ready |= poll_events::in | poll_events::rdnorm;
  if (line.receive_room() != 0) ready |= poll_events::out;
  if (slave_closed()) ready |= poll_events::hup;
  if (packets && changes != 0) ready |= poll_events::pri | poll_events::in | poll_events::rdnorm;
  ready &= events | u32{poll_events::err | poll_events::hup};
  if (place != nullptr) {
    master_readers.enter(place[0]);
    master_writers.enter(place[1]);
  }
  return static_cast<u16>(ready);
}

void pseudo_terminal::set_packets(bool on) {
  if (on && !packets) changes = 0;
  packets = on;
}

void pseudo_terminal::changed(change what) {
  if (!packets) return;
  using namespace packet_bits;
  switch (what) {
  case change::flushed_input: changes |= flush_read; break;
  case change::flushed_output: changes |= flush_write; break;
  case change::stopped: changes = static_cast<u8>((changes & ~start) | stop); break;
  case change::started: changes = static_cast<u8>((changes & ~stop) | start); break;
  case change::needs_no_flow_characters: changes = static_cast<u8>((changes & ~do_stop) | no_stop); break;
  case change::obeys_flow_characters: changes = static_cast<u8>((changes & ~no_stop) | do_stop); break;
  case change::external_processing: changes |= ioctl; break;
  }
  master_readers.wake_all(poll_events::pri | poll_events::in | poll_events::rdnorm);
}

void pseudo_terminal::release() {
  heap::destroy(this);
}

u64 pseudo_terminal::device() const {
  return device_numbers::slave(number);
}

usize pseudo_terminal::describe(char* to, usize size) const {
  return text_writer{to, size}.add("/dev/pts/").add_number(number).size();
}

} // namespace polyabi::reference
