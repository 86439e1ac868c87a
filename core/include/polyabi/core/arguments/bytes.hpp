// Tags for strings, buffers and iovecs.
#pragma once

#include <polyabi/core/arguments/words.hpp>

namespace polyabi::arguments {

/// A string of at most `Limit` bytes with its NUL, copied in; `TooLong` if there is no NUL.
template <usize Limit, errc TooLong>
struct string : takes<1> {
  template <class Env>
  struct decoder : lends<char[Limit]> {
    usize length;
    errc decode(context<Env>& c, const u64* w) {
      const u64 at = unsigned_word<Env>(w[0]);
      const i64 n = Env::kernel::copy_in_string(c.thread, *this->lent, at, Limit);
      if (n < 0) return n == -1 ? errc::fault : TooLong;
      length = static_cast<usize>(n);
      return errc::none;
    }
    std::string_view value() const { return {*this->lent, length}; }
  };
};

/// A path name of at most 4096 bytes.
struct path : string<4096, errc::nametoolong> {};

/// A null path pointer is allowed and means an empty path (utimensat).
struct path_or_null : takes<1> {
  template <class Env>
  struct decoder : path::decoder<Env> {
    errc decode(context<Env>& c, const u64* w) {
      if (w[0] == 0) {
        this->length = 0;
        return errc::none;
      }
      return path::decoder<Env>::decode(c, w);
    }
  };
};

/// Two words, address and size: bytes the call reads from, or writes to. Not copied here: the operation does, and judges the size.
struct bytes : takes<2> {
  template <class Env>
  struct decoder {
    user_bytes value_;
    void decode(context<Env>&, const u64* w) {
      value_ = user_bytes{unsigned_word<Env>(w[0]), unsigned_word<Env>(w[1])};
    }
    constexpr user_bytes value() const { return value_; }
  };
};
struct bytes_in : bytes {};  ///< the call reads them (write)
struct bytes_out : bytes {}; ///< the call fills them (readlink)
struct records_out : bytes_out {}; ///< records that a tracer wants to see whole (getdents)

/// As `bytes`, for operations that take several runs: read and write.
struct buffer : takes<2> {
  template <class Env>
  struct decoder {
    user_bytes one;
    void decode(context<Env>&, const u64* w) { one = user_bytes{unsigned_word<Env>(w[0]), unsigned_word<Env>(w[1])}; }
    constexpr user_vector value() const { return {&one, 1}; }
  };
};
struct buffer_in : buffer {};
struct buffer_out : buffer {};

/// Two words, an array of (pointer, size) and its length: an iovec of at most `Limit` parts, copied in once.
template <usize Limit>
struct vector : takes<2> {
  template <class Env>
  struct decoder {
    union {
      user_bytes parts[Limit]; // what is not used is not written
    };
    usize count;
    decoder() {}
    errc decode(context<Env>& c, const u64* w) {
      using word = typename Env::model::ulong;
      const auto n = static_cast<i32>(w[1]);
      if (n < 0 || static_cast<usize>(n) > Limit) return errc::inval;
      count = static_cast<usize>(n);
      u64 at = unsigned_word<Env>(w[0]);
      u64 total = 0;
      constexpr u64 limit = Env::model::word_size == 4 ? 0x7fffffff : 0x7fffffffffffffff;
      for (usize i = 0; i < count; ++i, at += 2 * sizeof(word)) {
        word pair[2];
        if (!Env::kernel::copy_in(c.thread, pair, at, sizeof pair)) return errc::fault;
        parts[i] = {static_cast<u64>(pair[0]), static_cast<u64>(pair[1])};
        if (parts[i].size > limit - total) return errc::inval;
        total += parts[i].size;
      }
      return errc::none;
    }
    user_vector value() const { return {parts, count}; }
  };
};
struct vector_in : vector<1024> {};
struct vector_out : vector<1024> {};

/// A null-terminated array of strings (argv, envp), for exec.
struct strings : takes<1> {
  template <class Env>
  struct decoder {
    static constexpr user_strings value(const u64* w) { return {unsigned_word<Env>(w[0]), Env::model::word_size}; }
  };
};

} // namespace polyabi::arguments
