// Tags for structures behind pointers: read, written, or both, translated between the foreign layout and the kernel's.
#pragma once

#include <polyabi/core/arguments/words.hpp>

#include <span>

namespace polyabi::arguments {

// `S` is a foreign structure, a template over the data model, with `using shape = shape::...` for its kernel counterpart.

/// A pointer to a structure that a handler reads or writes itself: `user_ptr<S<model>>`.
template <template <class> class S>
struct pointer : takes<1> {
  template <class Env>
  struct decoder {
    static constexpr user_ptr<S<typename Env::model>> value(const u64* w) { return {unsigned_word<Env>(w[0])}; }
  };
};

/// The same, of a structure that the handler only reads, or only fills: what a tracer looks at.
template <template <class> class S>
struct pointer_in : pointer<S> {};
template <template <class> class S>
struct pointer_out : pointer<S> {};

/// Memory that a structure points to: where in it the address stands, and where how many bytes there are. A structure that has
/// `static constexpr pointed_run points_to[]` is recorded by tracers with what it points to.
struct pointed_run {
  u16 address, size;
};

/// A pointer to plain scalars of the model: `scalars<i32>`.
template <class T>
struct scalars : takes<1> {
  template <class Env>
  struct decoder {
    static constexpr user_ptr<T> value(const u64* w) { return {unsigned_word<Env>(w[0])}; }
  };
};

/// Two words, a pointer and a count: at most `Limit` structures, copied in once and translated. The handler gets the kernel's
/// structures and, to write back, the user address. A count above the limit is EINVAL.
template <template <class> class S, usize Limit>
struct array_in : takes<2> {
  template <class Env>
  struct decoder {
    using foreign = S<typename Env::model>;
    using kernel_structure = native<typename Env::kernel, typename foreign::shape>;
    static_assert(Limit > 0 && Limit * sizeof(kernel_structure) <= 32768,
                  "a size that the user supplies needs a bound, and one that fits on a kernel stack");
    kernel_structure items[Limit];
    usize count;
    errc decode(context<Env>& c, const u64* w) {
      if (static_cast<u32>(w[1]) > Limit) return errc::inval;
      count = static_cast<u32>(w[1]);
      const user_ptr<const foreign> from{unsigned_word<Env>(w[0])};
      for (usize i = 0; i < count; ++i)
        if (errc e = c.read_native(from.at(i), items[i]); e != errc::none) return e;
      return errc::none;
    }
    std::span<kernel_structure> value() { return {items, count}; }
  };
};

/// The kernel fills it; translated and written after success. EFAULT for null, where the operation would have been useless.
template <template <class> class S>
struct out : takes<1> {
  template <class Env>
  struct decoder : lends<native<typename Env::kernel, typename S<typename Env::model>::shape>> {
    user_ptr<S<typename Env::model>> to;
    void decode(context<Env>&, const u64* w) {
      clear(*this->lent);
      to = {unsigned_word<Env>(w[0])};
    }
    constexpr auto& value() { return *this->lent; }
    errc finish(context<Env>& c) { return c.write_foreign(to, *this->lent); }
  };
};

/// As `out`, but null means that the caller does not want it: the operation gets a null pointer.
template <template <class> class S>
struct out_or_null : takes<1> {
  template <class Env>
  struct decoder : out<S>::template decoder<Env> {
    auto* value() { return this->to ? this->lent : nullptr; }
    errc finish(context<Env>& c) { return this->to ? out<S>::template decoder<Env>::finish(c) : errc::none; }
  };
};

/// Read and translated before the operation.
template <template <class> class S>
struct in : takes<1> {
  template <class Env>
  struct decoder : lends<native<typename Env::kernel, typename S<typename Env::model>::shape>> {
    errc decode(context<Env>& c, const u64* w) {
      clear(*this->lent);
      return c.read_native(user_ptr<const S<typename Env::model>>{unsigned_word<Env>(w[0])}, *this->lent);
    }
    constexpr const auto& value() const { return *this->lent; }
  };
};

/// As `in`; null is allowed and passed on.
template <template <class> class S>
struct in_or_null : takes<1> {
  template <class Env>
  struct decoder : in<S>::template decoder<Env> {
    bool present;
    errc decode(context<Env>& c, const u64* w) {
      present = w[0] != 0;
      return present ? in<S>::template decoder<Env>::decode(c, w) : errc::none;
    }
    const auto* value() const {
      const auto* given = this->lent;
      return present ? given : nullptr;
    }
  };
};

/// Read, changed by the operation, and written back.
template <template <class> class S>
struct inout : takes<1> {
  template <class Env>
  struct decoder : lends<native<typename Env::kernel, typename S<typename Env::model>::shape>> {
    user_ptr<S<typename Env::model>> at;
    errc decode(context<Env>& c, const u64* w) {
      clear(*this->lent);
      at = {unsigned_word<Env>(w[0])};
      return c.read_native(user_ptr<const S<typename Env::model>>{at.address}, *this->lent);
    }
    constexpr auto& value() { return *this->lent; }
    errc finish(context<Env>& c) { return c.write_foreign(at, *this->lent); }
  };
};

/// A pointer through which the operation's answer is stored, as a `T`, after success: `status(fd, store_result<i32>)`.
template <class T>
struct store_result : takes<1> {
  template <class Env>
  struct decoder {
    u64 to;
    void decode(context<Env>&, const u64* w) { to = unsigned_word<Env>(w[0]); }
    template <class V>
    errc store(context<Env>& c, const V& answered) {
      const auto raw = static_cast<T>(answered);
      return c.write_bytes(to, &raw, sizeof raw);
    }
  };
};

/// A pointer through which two reserved descriptors are stored, before they are installed (pipe): `status_pair(store_pair, ...)`.
struct store_pair : takes<1> {
  template <class Env>
  struct decoder {
    u64 to;
    void decode(context<Env>&, const u64* w) { to = unsigned_word<Env>(w[0]); }
    template <class V>
    errc store(context<Env>& c, const V& pair) {
      const i32 raw[2] = {pair.first.number(), pair.second.number()};
      return c.write_bytes(to, raw, sizeof raw);
    }
  };
};

/// A pointer to a plain integer, read once: the operation gets the integer (FIONBIO, TIOCSPGRP).
template <class T>
struct value_at : takes<1> {
  template <class Env>
  struct decoder {
    T value_;
    errc decode(context<Env>& c, const u64* w) {
      return c.read_bytes(unsigned_word<Env>(w[0]), &value_, sizeof value_);
    }
    constexpr T value() const { return value_; }
  };
};

/// An address behind which a handler reads or writes a `T`, or an array of them, itself: an address to the handler, memory to the
/// tracer. A tag of a personality's own may be recorded as another one is: `using traced_as = arguments::path;`.
template <class T>
struct address_of : ulong {};
/// As many as the next word says.
template <class T>
struct address_of_array : ulong {};
/// Bytes, as many as the next word says, or the i32 that the next word points to.
struct sized_bytes : ulong {};
struct bytes_sized_by_pointer : ulong {};

/// A message header that a handler reads or writes itself; the tracer follows its pointers. `S` has the fields name, namelen, iov,
/// iovlen, control and controllen.
template <template <class> class S>
struct message_out : pointer<S> {}; ///< it is sent
template <template <class> class S>
struct message_in : pointer<S> {}; ///< it is received
/// As many messages as the next word says: `S` has such a header as its field `hdr`.
template <template <class> class S>
struct messages_out : ulong {};
template <template <class> class S>
struct messages_in : ulong {};

} // namespace polyabi::arguments
