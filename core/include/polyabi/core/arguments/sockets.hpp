// Tags for socket addresses: under the personality's `addresses<M>`, an address_union.
#pragma once

#include <polyabi/core/arguments.hpp>
#include <polyabi/core/socket_messages.hpp>

namespace polyabi::arguments {

/// An address as a program has given it. If something is wrong with it, a call may still look at the descriptor first.
template <class K>
struct given_address {
  socket_address<K>& address;
  errc wrong = errc::none;
  i32 family = 0;      ///< the program's number of it
  bool present = true; ///< null pointers are none
};

template <class Env>
using addresses_of = typename Env::personality::template addresses<typename Env::model>;

/// Reads an address of so many bytes.
template <class Env>
void read_address(context<Env>& c, u64 at, u64 size, given_address<typename Env::kernel>& to) {
  using all = addresses_of<Env>;
  typename all::buffer bytes;
  if (size > sizeof bytes) {
    to.wrong = errc::inval;
  } else if (to.wrong = c.read_bytes(at, bytes, static_cast<usize>(size)); to.wrong == errc::none) {
    to.wrong = all::to_native(bytes, static_cast<usize>(size), to.address, to.family);
  }
}

/// Writes as much of an address as there is room for; answers how long it is.
template <class Env>
errc write_address(context<Env>& c, const socket_address<typename Env::kernel>& from, u64 at, usize room, usize& size) {
  using all = addresses_of<Env>;
  typename all::buffer bytes;
  size = all::to_foreign(from, bytes);
  return c.write_bytes(at, bytes, size < room ? size : room);
}

/// Two words, pointer and length.
struct socket_address_in : takes<2> {
  template <class Env>
  struct decoder : lends<socket_address<typename Env::kernel>> {
    errc wrong = errc::none;
    i32 family = 0;
    bool present = true;
    errc decode(context<Env>& c, const u64* w) {
      given_address<typename Env::kernel> to{*this->lent};
      read_address<Env>(c, unsigned_word<Env>(w[0]), static_cast<u32>(w[1]), to);
      wrong = to.wrong;
      family = to.family;
      return errc::none;
    }
    given_address<typename Env::kernel> value() const { return {*this->lent, wrong, family, present}; }
  };
};

/// As above; a null pointer is no address.
struct socket_address_in_or_null : takes<2> {
  using traced_as = socket_address_in;
  template <class Env>
  struct decoder : socket_address_in::decoder<Env> {
    errc decode(context<Env>& c, const u64* w) {
      this->present = unsigned_word<Env>(w[0]) != 0;
      return this->present ? socket_address_in::decoder<Env>::decode(c, w) : errc::none;
    }
  };
};

/// Two words, pointer and pointer to a length (an i32), which says how much room there is and then how long the address is.
struct socket_address_out : takes<2> {
  template <class Env>
  struct decoder : lends<socket_address<typename Env::kernel>> {
    u64 to, length_at;
    void decode(context<Env>&, const u64* w) {
      to = unsigned_word<Env>(w[0]);
      length_at = unsigned_word<Env>(w[1]);
    }
    auto& value() { return *this->lent; }
    errc finish(context<Env>& c) {
      typename Env::model::i32 room;
      if (errc e = c.read(user_ptr<typename Env::model::i32>{length_at}, room); e != errc::none) return e;
      if (room < 0) return errc::inval;
      usize size = 0;
      if (errc e = write_address<Env>(c, *this->lent, to, static_cast<usize>(static_cast<i32>(room)), size); e != errc::none)
        return e;
      return c.write(user_ptr<typename Env::model::i32>{length_at}, typename Env::model::i32{static_cast<i32>(size)});
    }
  };
};

/// As above; a null pointer means that nobody wants to know.
struct socket_address_out_or_null : takes<2> {
  using traced_as = socket_address_out;
  template <class Env>
  struct decoder : socket_address_out::decoder<Env> {
    errc finish(context<Env>& c) { return this->to != 0 ? socket_address_out::decoder<Env>::finish(c) : errc::none; }
  };
};

/// What a handler that receives answers: a count, and descriptors that came along (nothing can fail any more).
template <class K>
struct received_message {
  i64 count = 0;
  typename K::new_descriptors descriptors{};
};
struct received {
  template <class Env, class T>
  static completed complete(context<Env>&, T& value) {
    polyabi::detail::derived_entry::commit(value.descriptors);
    return {static_cast<u64>(value.count)};
  }
};

} // namespace polyabi::arguments
