// What a kernel offers with sockets to the library's own implementations of calls, beside services.hpp: sockets without
// descriptors, for whatever sits on top of them (STREAMS drivers), and socket calls on files that are the library's own (netlink).
#pragma once

#include <polyabi/core/services.hpp>
#include <polyabi/core/socket_messages.hpp>

namespace polyabi {

/// A socket that a facility gives its behaviour; the kernel has an open file of its own around it. What is not overridden is
/// refused as by a family that does not have it. All numbers are the kernel's. But for `poll` and `closed`, everything runs outside
/// the section.
template <class K>
class custom_socket {
public:
  explicit constexpr custom_socket(socket_kind kind) : kind_{kind} {}
  custom_socket(const custom_socket&) = delete;
  custom_socket& operator=(const custom_socket&) = delete;

  virtual answer<K> bind(typename K::thread&, const socket_address<K>&) { return error_of<K, errc::opnotsupp>; }
  virtual answer<K> connect(typename K::thread&, const socket_address<K>&) { return error_of<K, errc::opnotsupp>; }
  /// `dontwait` is among the flags of a call that must not block.
  virtual answer<K, i64> send(typename K::thread&, const outgoing_message<K>&, u32 /*flags*/) {
    return error_of<K, errc::opnotsupp>;
  }
  virtual answer<K, i64> receive(typename K::thread&, incoming_message<K>&, u32 /*flags*/) {
    return error_of<K, errc::opnotsupp>;
  }
  virtual answer<K> shutdown(typename K::thread&, i32 /*how*/) { return error_of<K, errc::opnotsupp>; }
  virtual answer<K> name(typename K::thread&, socket_address<K>&) { return error_of<K, errc::opnotsupp>; }
  virtual answer<K> peer_name(typename K::thread&, socket_address<K>&) { return error_of<K, errc::notconn>; }
  virtual answer<K> set_option(typename K::thread&, i32 /*level*/, i32 /*option*/, std::span<const unsigned char>) {
    return error_of<K, errc::noprotoopt>;
  }
  virtual answer<K, usize> get_option(typename K::thread&, i32 /*level*/, i32 /*option*/, std::span<unsigned char>) {
    return error_of<K, errc::noprotoopt>;
  }
  /// Inside the section; see custom_file.
  virtual u16 poll(u16 events, typename K::watch* places) = 0;
  /// Inside the section. The last reference is gone: frees itself.
  virtual void closed() = 0;

  const socket_kind& kind() const { return kind_; }

protected:
  ~custom_socket() = default; // `closed` knows the whole type

private:
  socket_kind kind_;
};

namespace service {

/// Sockets as open files without descriptors. Called outside the section; what blocks there is governed by the file's status
/// flags and the message flags, readiness is told by `service::readiness`. Signals: only `socket_send` sends one (SIGPIPE), unless
/// `nosignal` says otherwise.
///
/// Data may lie in kernel memory: while a `kernel_transfer` lives, the addresses in the calling thread's user vectors are the
/// kernel's own.
struct sockets {
  template <class K>
  static constexpr bool present =
      requires(typename K::thread& t, typename K::file& f, i32 number, u32 flags, socket_address<K>& address,
               const outgoing_message<K>& out, incoming_message<K>& in, std::span<const unsigned char> value,
               std::span<unsigned char> room) {
        typename K::kernel_transfer;
        // `flags`: status flags of the open file, nonblock or none.
        { K::make_socket(t, number, number, number, flags) } -> std::same_as<answer<K, typename K::file_ref>>;
        { K::make_socket_pair(t, number, number, number, flags) } -> std::same_as<answer<K, typename K::file_ref_pair>>;
        { K::socket_bind(t, f, address) } -> std::same_as<answer<K>>;
        { K::socket_connect(t, f, address) } -> std::same_as<answer<K>>;
        { K::socket_listen(t, f, number) } -> std::same_as<answer<K>>;
        { K::socket_accept(t, f, address, flags) } -> std::same_as<answer<K, typename K::file_ref>>;
        { K::socket_send(t, f, out, flags) } -> std::same_as<answer<K, i64>>;
        { K::socket_receive(t, f, in, flags) } -> std::same_as<answer<K, i64>>;
        { K::socket_shutdown(t, f, number) } -> std::same_as<answer<K>>;
        { K::socket_name(t, f, address) } -> std::same_as<answer<K>>;
        { K::socket_peer_name(t, f, address) } -> std::same_as<answer<K>>;
        { K::socket_set_option(t, f, number, number, value) } -> std::same_as<answer<K>>;
        { K::socket_get_option(t, f, number, number, room) } -> std::same_as<answer<K, usize>>;
        { K::socket_kind_of(t, f) } -> std::same_as<answer<K, socket_kind>>; // ENOTSOCK for other files
      };
};

/// Open files around a `custom_socket`, on which socket calls work as on the kernel's own.
struct custom_sockets {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::file& file, custom_socket<K>& custom, u32 flags) {
    // Inside the section; null for other files.
    { K::custom_socket_of(file) } -> std::same_as<custom_socket<K>*>;
    // Takes the custom socket over, whatever the answer.
    { K::make_socket_descriptor(t, custom, flags, flags) } -> std::same_as<answer<K, typename K::new_descriptor>>;
  };
};

} // namespace service

} // namespace polyabi
