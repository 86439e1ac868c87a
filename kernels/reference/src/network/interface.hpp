// The kernel's own interfaces: tunnels, whose packets a program reads and writes. Under the kernel lock.
#pragma once

#include <network/packet.hpp>

#include <polyabi/reference/reference_count.hpp>
#include <polyabi/reference/socket_structs.hpp>
#include <polyabi/reference/wait_queue.hpp>

namespace polyabi::reference::network {

/// Indexes of own interfaces; the host's are smaller.
inline constexpr u32 first_own_index = 0x10000;
inline constexpr u32 nobody = ~u32{0};
inline constexpr u32 smallest_mtu = 68, largest_mtu = 65535, usual_mtu = 1500; ///< RFC 791: every host takes 68 bytes

/// An address of the Internet's older family, as a number.
constexpr u32 number_of(const u8* bytes) {
  return u32{bytes[0]} << 24 | u32{bytes[1]} << 16 | u32{bytes[2]} << 8 | u32{bytes[3]};
}
constexpr void write_number(u8* bytes, u32 number) {
  for (u32 i = 0; i < 4; ++i) bytes[i] = static_cast<u8>(number >> (24 - 8 * i));
}
constexpr u32 mask_of(u8 prefix) {
  return prefix == 0 ? 0 : ~u32{0} << (32 - prefix);
}

struct assigned_address {
  list_link link;
  interface_address told;
  u32 address() const { return number_of(told.address); }
  u32 broadcast() const { return number_of(told.broadcast); }
  bool has_on_link(u32 other) const { return ((address() ^ other) & mask_of(told.prefix)) == 0; }
};

struct interface {
  u32 references = 0;
  list_link link;
  interface_info told{};
  intrusive_list<assigned_address, &assigned_address::link> addresses;
  bool removed = false;

  // The tunnel behind it.
  bool attached = false, persistent = false, carries = true;
  bool with_information = false; ///< packets have their protocol before them
  u32 owner = nobody, group = nobody;
  packet_list waiting; ///< to be read by the program
  usize waiting_count = 0;
  wait_queue readable;

  ~interface();
  void release();
  std::string_view name() const;
  bool is_up() const { return (told.flags & interface_flags::up) != 0; }
  /// Flags that follow from others.
  void refresh_flags();
  /// Sends a packet out: it waits for the program, or is lost.
  void transmit(packet_owner);
};

using interface_list = intrusive_list<interface, &interface::link>;
interface_list& interfaces();
interface* find_interface(u32 index);
interface* find_interface(std::string_view name);
/// The one that has this address, whether it is up or not.
interface* owner_of(u32 address);
/// Whether it is the address of a whole network of this interface.
bool is_broadcast(const interface&, u32 address);

/// A new one, down. EINVAL for a name that is none or the host's.
result<ref<interface>> make_interface(std::string_view name);
void remove(interface&);
/// EINVAL as for a new one.
result<> rename(interface&, std::string_view name);
/// Goes up or down; routes follow.
void set_up(interface&, bool up);

result<> add_address(interface&, const interface_address&, bool replace);
result<> set_first_address(interface&, const interface_address&);
result<> remove_address(interface&, const interface_address&);

} // namespace polyabi::reference::network
