// Pseudo-terminals: a terminal whose device is a program at the master side.
#pragma once

#include <polyabi/reference/terminal.hpp>

namespace polyabi::reference {

struct pseudo_terminal final : terminal {
  static constexpr u32 limit = 256;

  u32 number = 0;
  bool locked = true;       ///< the slave cannot be opened
  bool master_open = true;
  bool slave_seen = false;  ///< the slave has been open: a master without one reads EIO
  bool packets = false;     ///< the master is told of changes by a byte before what it reads
  u8 changes = 0;           ///< what it has not been told yet (`packet_bits`)
  file* master = nullptr;   ///< compared only
  wait_queue master_readers, master_writers;

  /// Makes a pair and opens its master. ENOSPC beyond `limit`.
  static result<ref<file>> open_master(ref<vnode> node, u32 flags);
  /// The pair with this number while its master is open, or null.
  static pseudo_terminal* find(u32 number);
  /// The first pair with at least this number, or null: for listings.
  static pseudo_terminal* next(u32 number);

  /// Opens the slave, EIO while it is locked. Acquires it as controlling terminal unless the flags say O_NOCTTY.
  result<ref<file>> open_slave(ref<vnode> node, u32 flags);

  result<i64> master_read(user_vector into, bool nonblocking);
  result<i64> master_write(user_vector from, bool nonblocking);
  u16 master_poll(u16 events, waiter* place);
  void close_master();
  void set_packets(bool on);
  bool slave_closed() const { return slave_seen && open_files == 0; }

  void release() override;
  u64 device() const override;
  usize describe(char* to, usize size) const override;
  pseudo_terminal* as_pseudo_terminal() override { return this; }
  bool drains() const override { return false; }
  void last_close() override { master_readers.wake_all(); }
  void output_ready() override { master_readers.wake_all(poll_events::in | poll_events::rdnorm); }
  void changed(change) override;
  void input_room() override { master_writers.wake_all(poll_events::out); }
};

} // namespace polyabi::reference
