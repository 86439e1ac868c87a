// Data through the host's sockets: straight between the host and the user's memory, without the kernel lock.
#include <sockets/host/host_wait.hpp>

#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace host = machine::host;

namespace {

constexpr i64 would_block = minus(error::again);

/// Every part lies in the user's memory: the host writes wherever it is told to.
result<u64> checked_size(user_vector parts) {
  for (usize i = 0; i < parts.count; ++i)
    if (parts.parts[i].size != 0 && !user_memory::in_range(parts.parts[i].address, parts.parts[i].size)) return error::fault;
  return total_size(parts);
}

/// The host works on the user's memory without the lock. What lies in kernel memory cannot fault, and if nothing is waited for
/// either, the lock is kept: who calls from inside the section stays inside.
template <class Work>
i64 by_host(u32 flags, Work work) {
  if (current_thread().kernel_transfers != 0 && (flags & message_flags::dontwait) != 0) return work();
  const kernel_lock::unlocked while_the_host_works;
  return work();
}

/// What is left of a vector when a part of it is done, or the beginning of that.
class rest_of_vector {
public:
  user_vector after(user_vector all, u64 done) {
    usize i = 0;
    while (done >= all.parts[i].size) done -= all.parts[i++].size;
    usize count = 0;
    for (; i < all.count && count < most; ++i, ++count) {
      parts_[count] = {all.parts[i].address + done, all.parts[i].size - done};
      done = 0;
    }
    return {parts_, count};
  }

private:
  static constexpr usize most = 16;
  user_bytes parts_[most];
};

} // namespace

result<i64> host_socket::send(const outgoing_message<kernel>& m, u32 flags) {
  const auto size = checked_size(m.data);
  if (!size) return size.error();
  readiness_.used();
  wait until{*this, (flags & message_flags::dontwait) != 0, send_timeout};
  outgoing_message<kernel> now = m;
  rest_of_vector rest;
  for (u64 sent = 0;;) {
    const i64 moved = by_host(flags, [&] { return host::send(descriptor_.number, now, flags); });
    if (moved >= 0) {
      sent += static_cast<u64>(moved);
      if (type != socket_types::stream || until.nonblocking() || sent >= *size) return static_cast<i64>(sent);
      until.satisfied();
      now = {rest.after(m.data, sent)};
      continue;
    }
    error failed = static_cast<error>(-moved);
    if (moved == would_block) {
      auto waited = until.until(poll_events::out);
      if (waited) continue;
      failed = waited.error();
    }
    if (sent != 0) return static_cast<i64>(sent);
    return failed;
  }
}

/// With one call of the host's, which waits if there is nothing yet.
result<i64> host_socket::receive_in_host(incoming_message<kernel>& m, u32 flags) {
  constexpr i64 interrupted = minus(error::intr);
  for (;;) {
    i64 moved = interrupted;
    const wakeup why = readiness_.sleep_in(
        [&](u32* word, u32 seen) { moved = host::receive_waiting(descriptor_.number, m, flags, word, seen); }, no_deadline);
    if (moved >= 0) return moved;
    if (moved != interrupted) return static_cast<error>(-moved);
    if (why == wakeup::interrupted) return error::restart_call;
  }
}

result<i64> host_socket::receive(incoming_message<kernel>& m, u32 flags) {
  const user_vector all = m.data;
  const auto size = checked_size(all);
  if (!size) return size.error();
  const bool is_stream = type == socket_types::stream, peek = (flags & message_flags::peek) != 0;
  // What is urgent, and what went wrong, is there or it is not.
  const bool never_waits = (flags & (message_flags::dontwait | message_flags::oob | message_flags::errqueue)) != 0;
  const bool wants_all = is_stream && !never_waits && (flags & message_flags::waitall) != 0;
  if (!never_waits && !wants_all && !peek && receive_timeout == 0 && receive_low_water_ <= 1 && let_block(true))
    return receive_in_host(m, flags);
  wait until{*this, never_waits, receive_timeout};
  if (is_stream && !never_waits && receive_low_water_ > 1)
    if (auto waited = until.until(poll_events::in); !waited) return waited.error();
  rest_of_vector rest;
  for (u64 got = 0;;) {
    const i64 moved = by_host(flags, [&] { return host::receive(descriptor_.number, m, flags); });
    error failed = moved < 0 ? static_cast<error>(-moved) : error::none;
    if (moved >= 0 && !peek) got += static_cast<u64>(moved);
    if (moved >= 0 && (!wants_all || moved == 0 || (peek ? static_cast<u64>(moved) : got) >= *size))
      return peek || !is_stream ? moved : static_cast<i64>(got);
    if (moved > 0 && peek) {
      constexpr u16 at_its_end = poll_events::rdhup | poll_events::hup | poll_events::err;
      if ((readiness_.poll(at_its_end, nullptr) & at_its_end) != 0) return moved;
      until.not_at_once();
    } else if (moved > 0) {
      until.satisfied();
      m.data = rest.after(all, got);
      continue;
    }
    if (moved == would_block || moved > 0) {
      auto waited = until.until(poll_events::in);
      if (waited) continue;
      failed = waited.error();
    }
    if (got != 0) return static_cast<i64>(got);
    return failed;
  }
}

} // namespace polyabi::reference
