// AF_UNIX sockets. They behave as Linux' do where POSIX leaves it open, for most programs that use what it leaves open were
// written there (unix(7)).
#pragma once

#include <polyabi/reference/claim.hpp>
#include <polyabi/reference/user_transfer.hpp>
#include <sockets/families.hpp>
#include <sockets/local/local_message.hpp>
#include <sockets/waiting.hpp>

namespace polyabi::reference {

class local_socket final : public socket {
public:
  explicit local_socket(i32 of_type);
  static ref<local_socket> make(i32 type);
  /// Both are new, and of one type.
  static void join(local_socket& one, local_socket& other);
  void release() override;
  void closed() override;

  result<> bind(const socket_address<kernel>&) override;
  result<> connect(const socket_address<kernel>&, bool nonblocking, ref<socket>& instead) override;
  result<> listen(i32 backlog) override;
  result<ref<socket>> accept(bool nonblocking, socket_address<kernel>& from) override;
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
  local_socket* as_local() override { return this; }

  /// `function(rights&)` for all open files that wait here to be received, in connections to be accepted too.
  template <class Function>
  void each_rights(Function function);
  /// They can never be received: they go, and what they came with stays.
  void lose_rights();

private:
  enum class phase : u8 { unconnected, listening, connected };
  enum : u8 { no_more_input = 1, no_more_output = 2 };

  bool is_stream() const { return type == socket_types::stream; }
  bool is_connection() const { return type != socket_types::dgram; }
  /// The pending error, told once.
  result<> pending_error();

  // connect.cpp
  result<> connect_stream(std::string_view path, const patience&, ref<socket>& instead);
  result<> connect_datagram(std::string_view path, ref<socket>& instead);
  /// Datagrams that have come were for the peer it had: they go as well.
  void let_go_of_peer();
  void caller_is_peer(); ///< for SO_PEERCRED
  void write_name(const ref<local_name>&, socket_address<kernel>&) const;

  // send.cpp
  struct attachment {
    ref<rights> files;
    bool has_credentials = false;
    socket_credentials credentials{};
  };
  result<attachment> read_control(std::span<const unsigned char> control) const;
  result<> autobind_for_credentials();
  result<> wait_for_room(const patience&);
  result<i64> send_stream(const outgoing_message<kernel>&, attachment&, u32 flags);
  result<i64> send_datagram(const outgoing_message<kernel>&, attachment&, u32 flags);
  result<ref<local_socket>> receiver_of(const outgoing_message<kernel>&);
  bool is_full_for(const local_socket& sender) const;
  void enqueue(local_message&, local_socket& from, attachment&);
  void charge(usize bytes) { charged_ += bytes; }
  void uncharge(usize bytes);

  // receive.cpp
  struct receipt;
  result<i64> receive_stream(incoming_message<kernel>&, u32 flags);
  result<i64> receive_datagram(incoming_message<kernel>&, u32 flags);
  bool take_pieces(user_writer& to, receipt& so_far, u32 flags);
  void tell(const receipt&, incoming_message<kernel>&, u32 flags) const;
  void dequeue(local_message&);
  void drop_messages();

  phase phase_ = phase::unconnected;
  u8 shut_ = 0;       ///< no_more_input, no_more_output
  bool dead_ = false; ///< no descriptor is left, or it was never accepted
  bool pass_credentials_ = false, stamp_ = false, stamp_in_nanoseconds_ = false;
  u32 stored_ = 0; ///< options that are kept and have no effect here: a bit for each (options.cpp)
  i32 priority_ = 0, mark_ = 0, peek_offset_ = -1, receive_low_water_ = 1;
  linger_option linger_{0, 0};
  error error_ = error::none; ///< told at the next call
  ref<local_name> name_;
  ref<local_socket> peer_; ///< where what is sent goes; of a connection also when the other side has gone
  socket_credentials peer_credentials_{0, ~u32{0}, ~u32{0}};
  u32 peer_group_count_ = 0, peer_groups_[32]{};

  claim reading_;
  wait_queue readable_, writable_; ///< whoever waits for messages or connections, and for room in the own buffer
  wait_queue room_;                ///< whoever waits for room in this queue of datagrams or connections
  intrusive_list<local_message, &local_message::link> queue_;
  usize queued_ = 0;      ///< bytes
  i32 queue_length_ = 0;  ///< messages, or connections to be accepted
  i32 backlog_ = 10;      ///< how many may wait and one more is taken; of datagrams, Linux' net.unix.max_dgram_qlen
  usize charged_ = 0;     ///< what its messages that are still queued take
  usize send_buffer_, receive_buffer_;

  list_link in_backlog_;
  intrusive_list<local_socket, &local_socket::in_backlog_> backlog_list_;
};

template <class Function>
void local_socket::each_rights(Function function) {
  for (local_message* m = queue_.front(); m != nullptr; m = queue_.next(*m))
    if (m->files) function(*m->files);
  for (local_socket* s = backlog_list_.front(); s != nullptr; s = backlog_list_.next(*s)) s->each_rights(function);
}

} // namespace polyabi::reference
