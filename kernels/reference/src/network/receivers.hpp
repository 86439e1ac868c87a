// Sockets that packets are for.
#pragma once

#include <network/packet.hpp>
#include <polyabi/reference/numbers.hpp>

namespace polyabi::reference::network {

/// Gives raw sockets of its protocol a copy each. False if there is none.
bool receive_raw(const packet&);
/// A datagram of UDP, whose sizes and checksum are right. False if nobody is there for it.
bool receive_datagram(const packet&);
/// The answer to an echo. False if nobody waits for it.
bool receive_echo(const packet&);
/// A packet that `about` begins did not arrive: whoever sent it hears of it.
void tell_sender(std::span<const unsigned char> about, error why);

} // namespace polyabi::reference::network
