// Calls on sockets that do the same in every personality with 4.2BSD's interface. `Wrong` is what a personality answers for an
// address that is not good:
//
//   template <class Env>
//   static errc error(socket_kind of_the_socket, errc wrong);
#pragma once

#include <polyabi/core/arguments/sockets.hpp>
#include <polyabi/core/reply_with.hpp>

namespace polyabi::socket_calls {

/// What is wrong with memory comes after what is wrong with the descriptor.
template <class Env>
either_error<typename Env::kernel> after_descriptor(context<Env>& c, i32 descriptor, errc wrong) {
  if (auto kind = c.perform(op::socket_kind{}, descriptor); !kind) return kind.error();
  return wrong;
}

/// What is wrong with an address, unless the descriptor is no socket: that comes first.
template <class Wrong, class Env>
either_error<typename Env::kernel> address_error(context<Env>& c, i32 descriptor, errc wrong, i32 family) {
  auto kind = c.perform(op::socket_kind{}, descriptor);
  if (!kind) return kind.error();
  if (wrong == errc::afnosupport) c.unsupported("address family", static_cast<u32>(family));
  return Wrong::template error<Env>(*kind, wrong);
}

/// bind and connect.
template <class Operation, class Wrong>
struct with_address {
  using needs = operation_list<Operation, op::socket_kind>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, const arguments::given_address<typename Env::kernel>& to) {
    if (to.wrong != errc::none) return address_error<Wrong>(c, descriptor, to.wrong, to.family);
    return reply_with<Env>(c.perform(Operation{}, descriptor, to.address));
  }
};

struct send {
  using needs = operation_list<op::send>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector data, u32 flags) {
    return reply_with<Env>(c.perform(op::send{}, descriptor, outgoing_message<typename Env::kernel>{data}, flags));
  }
};

template <class Wrong>
struct sendto {
  using needs = operation_list<op::send, op::socket_kind>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector data, u32 flags,
                              const arguments::given_address<typename Env::kernel>& to) {
    outgoing_message<typename Env::kernel> m{data};
    if (to.wrong != errc::none) return address_error<Wrong>(c, descriptor, to.wrong, to.family);
    if (to.present) m.to = &to.address;
    return reply_with<Env>(c.perform(op::send{}, descriptor, m, flags));
  }
};

struct recv {
  using needs = operation_list<op::receive>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector into, u32 flags) {
    incoming_message<typename Env::kernel> m{into};
    return reply_with<Env>(c.perform(op::receive{}, descriptor, m, flags));
  }
};

struct recvfrom {
  using needs = operation_list<op::receive>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector into, u32 flags,
                              socket_address<typename Env::kernel>& from) {
    incoming_message<typename Env::kernel> m{into};
    m.from = &from;
    return reply_with<Env>(c.perform(op::receive{}, descriptor, m, flags));
  }
};

} // namespace polyabi::socket_calls
