// The host's sockets, if the machine has a host: what the kernel asks of it beside machine.hpp. Families, types, flags, options,
// addresses and control items are the kernel's own; the machine translates. Negative answers are kernel error numbers. No call but
// `receive_waiting` blocks: EAGAIN says that it would, and `watch` tells when to try again.
#pragma once

#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference::machine::host {

/// Non-blocking. The machine closes it with `close`.
i32 socket(i32 family, i32 type, i32 protocol);
i64 bind(i32 descriptor, const socket_address<kernel>&);
/// EINPROGRESS until it is connected or has failed; asked again then, it answers which.
i64 connect(i32 descriptor, const socket_address<kernel>&);
/// To a local socket of the host's, whose file is open as `path_only` descriptor `file`.
i64 connect_local(i32 descriptor, i32 file);
i64 listen(i32 descriptor, i32 backlog);
i32 accept(i32 descriptor, socket_address<kernel>& from);
/// Data goes straight between the host and the user's memory (or the kernel's own). Parts have been checked with
/// `user_memory::in_range`.
i64 send(i32 descriptor, const outgoing_message<kernel>&, u32 flags);
/// Fills all of the message but `descriptors`.
i64 receive(i32 descriptor, incoming_message<kernel>&, u32 flags);
/// The same, and waits for something to receive, at a descriptor that may block: until the word is another than `expected`, which is
/// EINTR. Who changes the word calls `interrupt`.
i64 receive_waiting(i32 descriptor, incoming_message<kernel>&, u32 flags, const u32* word, u32 expected);
/// Says whether it may block. While it may, neither `connect` nor `accept` is asked for.
i64 let_block(i32 descriptor, bool may);
i64 shutdown(i32 descriptor, i32 how);
i64 socket_name(i32 descriptor, socket_address<kernel>&);
i64 peer_name(i32 descriptor, socket_address<kernel>&);
i64 set_option(i32 descriptor, i32 level, i32 option, std::span<const unsigned char> value);
/// Answers the size of the value.
i64 get_option(i32 descriptor, i32 level, i32 option, std::span<unsigned char> value);
i64 unsent(i32 descriptor);
i64 at_mark(i32 descriptor);

/// The host's network: from the `first` one on, as many as fit. Answers how many there are, the others included.
i64 interfaces(usize first, std::span<interface_info>);
i64 interface_addresses(usize first, std::span<interface_address>);
i64 routes(usize first, std::span<route_info>);

} // namespace polyabi::reference::machine::host
