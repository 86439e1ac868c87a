// Sockets that the host carries: of the Internet's families, and those connected to local sockets of the host's own. Whoever only wants
// to receive waits in the host's own call. Otherwise the host's socket does not block, and whoever has to wait sleeps here until the
// machine tells that it is ready.
#pragma once

#include <polyabi/reference/host_readiness.hpp>
#include <polyabi/reference/machine_sockets.hpp>
#include <sockets/families.hpp>
#include <sockets/waiting.hpp>

namespace polyabi::reference {

class host_socket final : public socket {
public:
  /// Takes the descriptor over.
  host_socket(i32 of_family, i32 of_type, i32 of_protocol, i32 descriptor);
  static result<ref<host_socket>> make(i32 family, i32 type, i32 protocol);
  void release() override;
  void closed() override;

  result<> bind(const socket_address<kernel>&) override;
  result<> connect(const socket_address<kernel>&, bool nonblocking, ref<socket>& instead) override;
  /// To a local socket of the host's, whose file is open as this descriptor of the host's.
  result<> connect_to_file(i32 file, bool nonblocking);
  result<> listen(i32 backlog) override;
  result<ref<socket>> accept(bool nonblocking, socket_address<kernel>& from) override;
  result<i64> send(const outgoing_message<kernel>&, u32 flags) override;
  result<i64> receive(incoming_message<kernel>&, u32 flags) override;
  result<> shutdown(i32 how) override;
  result<> name(socket_address<kernel>&) override;
  result<> peer_name(socket_address<kernel>&) override;
  result<> set_option(i32 level, i32 option, std::span<const unsigned char> value) override;
  result<usize> get_option(i32 level, i32 option, std::span<unsigned char> value) override;
  u16 poll(u16 events, waiter* place) override { return readiness_.poll(events, place); }
  result<i32> bytes_readable() override;
  result<i32> unsent() override;
  result<i32> at_mark() override;

private:
  class wait; ///< the waits of one call
  result<i64> send_rest(user_vector parts, u64 sent, u32 flags, wait&);
  result<i64> receive_in_host(incoming_message<kernel>&, u32 flags);
  bool let_block(bool may);

  /// Closed after nobody waits for it any more: the next one of its number is another's.
  struct owned_descriptor {
    i32 number;
    bool lingers = false; ///< SO_LINGER: closing may take long
    ~owned_descriptor();
  } descriptor_;
  host_readiness readiness_;
  i32 receive_low_water_ = 1;
  bool may_block_ = false; ///< the host's calls that wait
};

} // namespace polyabi::reference
