// Sockets of the Internet whose packets go over the kernel's own interfaces or to the host, as their addresses say: datagrams, pings
// and raw ones. Each has a socket of the host's for all that no own interface leads to; the two are one to the program.
#pragma once

#include <network/layer.hpp>

#include <polyabi/reference/claim.hpp>
#include <polyabi/reference/user_transfer.hpp>
#include <sockets/host/host_socket.hpp>

namespace polyabi::reference::network {

/// An address of the older family and a port, or what stands for one.
struct endpoint {
  u32 address = 0;
  u16 port = 0;
};
/// False for addresses that are none of the older family; of the newer one those that are mapped, and the unspecified, are.
bool endpoint_of(const socket_address<kernel>&, endpoint&);
void write_endpoint(i32 family, endpoint, socket_address<kernel>&);

/// TCP is the host's alone. True if an own interface leads to that address: nothing can be connected there.
bool only_own_lead_to(const socket_address<kernel>&);

class layered_socket : public socket {
public:
  /// `host` null: the host allows none.
  layered_socket(i32 of_family, i32 of_type, i32 of_protocol, ref<host_socket> host);
  ~layered_socket() override;
  void closed() override;

  result<> bind(const socket_address<kernel>&) override;
  result<> connect(const socket_address<kernel>&, bool nonblocking, ref<socket>& instead) override;
  result<i64> send(const outgoing_message<kernel>&, u32 flags) override;
  result<i64> receive(incoming_message<kernel>&, u32 flags) override;
  result<> shutdown(i32 how) override;
  result<> name(socket_address<kernel>&) override;
  result<> peer_name(socket_address<kernel>&) override;
  result<> set_option(i32 level, i32 option, std::span<const unsigned char> value) override;
  result<usize> get_option(i32 level, i32 option, std::span<unsigned char> value) override;
  u16 poll(u16 events, waiter* place) override;
  result<i32> bytes_readable() override;
  result<i32> unsent() override;
  result<i32> at_mark() override { return host_ ? host_->at_mark() : result<i32>{error::inval}; }

  /// A copy of a packet waits to be received; if there is no room or no memory it is lost.
  void take(const packet&);
  /// What goes wrong is told at the next call.
  void fail(error);
  /// Whether a packet from `from` to `to` is for this socket: 0 if not, or more the better it fits.
  u32 fits(endpoint from, endpoint to, u32 interface) const;
  /// Whether it has sent something to there.
  bool is_sender(endpoint from, endpoint to) const;

  list_link link; ///< among the sockets of its kind

protected:
  using socket_list = intrusive_list<layered_socket, &layered_socket::link>;

  virtual socket_list& of_kind() const = 0;
  /// Whether sockets of this kind have numbers that tell them apart.
  virtual bool has_ports() const { return true; }
  /// Bytes before what the program sends.
  virtual usize headers() const = 0;
  /// Fills what is behind the IP header, and sends it.
  virtual result<> finish(packet_owner, const sending&, endpoint to, const path&) = 0;
  /// What the program is given of a packet, and from where it came.
  virtual std::span<const unsigned char> data_of(const packet&) const = 0;
  virtual u16 sender_port(const packet&) const { return 0; }
  virtual bool wants(const packet&) const { return true; }

  u16 own_port() const { return local_.port; }

private:
  struct control; ///< what a message says of how it is to be sent
  result<> take_port(endpoint);
  void disconnect();
  result<> bind_before_sending(const path&);
  bool path_of(const outgoing_message<kernel>&, endpoint& to, path&) const;
  result<i64> send_over(const outgoing_message<kernel>&, endpoint to, const path&);
  result<> pending_error();
  /// EAGAIN if there is nothing any more.
  result<i64> receive_waiting(incoming_message<kernel>&, u32 flags);
  void tell(const packet&, incoming_message<kernel>&) const;
  bool asks_host() const { return host_ && !connected_; }
  result<bool> set_own_option(i32 level, i32 option, std::span<const unsigned char> value);

  ref<host_socket> host_;
  endpoint local_, peer_;
  u32 source_ = 0; ///< from where it sends if it is bound to no address
  bool bound_ = false, connected_ = false;
  bool bound_by_connect_ = false; ///< and no longer than it is connected
  u32 device_ = 0; ///< the own interface that it is bound to
  bool shut_ = false;

  // Options that own packets know; the host's socket has them as well.
  u8 ttl_ = usual_ttl, tos_ = 0;
  bool reuse_ = false, broadcast_ = false, only_newer_ = false, dont_fragment_ = false;
  bool tells_ttl_ = false, tells_tos_ = false, tells_address_ = false, stamp_ = false, stamp_in_nanoseconds_ = false;
  usize receive_buffer_ = 212992; ///< Linux' net.core.rmem_default

  error error_ = error::none;
  claim reading_;
  wait_queue readable_;
  packet_list queue_;
  usize queued_ = 0; ///< bytes, with what they take beside themselves
};

} // namespace polyabi::reference::network
