// Tags for plain argument words: integers, addresses, offsets.
#pragma once

#include <polyabi/core/environment.hpp>

namespace polyabi::arguments {

using namespace std::string_view_literals; // lengths known without strlen

/// How many argument words a tag takes; the base of most tags.
template <usize Count>
struct takes {
  template <class Env>
  static constexpr usize words = Count;
};

/// Base of a decoder that gives others the address of an object. The object stands apart from it (the derived entry has both),
/// so that what else the decoder knows need not be in memory. It is only defined: `decode` fills it.
template <class T>
struct lends {
  using lent_type = T;
  T* lent;
};

/// An argument word as the architecture holds an unsigned long: the upper half of a register means nothing to a 32-bit program.
template <class Env>
constexpr u64 unsigned_word(u64 w) {
  return Env::model::word_size == 4 ? static_cast<u32>(w) : w;
}

/// An integer of this width. A 64-bit one takes two words on a 32-bit architecture (low word first).
template <class T>
struct number {
  template <class Env>
  static constexpr usize words = sizeof(T) > Env::model::word_size ? 2 : 1;
  template <class Env>
  struct decoder {
    static constexpr T value(const u64* w) {
      if constexpr (words<Env> == 2)
        return static_cast<T>((w[0] & 0xffffffff) | w[1] << 32);
      else
        return static_cast<T>(w[0]);
    }
  };
};

/// C `long`: sign-extended from the architecture's word.
struct slong : takes<1> {
  template <class Env>
  struct decoder {
    static constexpr i64 value(const u64* w) {
      return Env::model::word_size == 4 ? static_cast<i32>(static_cast<u32>(w[0])) : static_cast<i64>(w[0]);
    }
  };
};

/// C `unsigned long`, a size or an address: zero-extended.
struct ulong : takes<1> {
  template <class Env>
  struct decoder {
    static constexpr u64 value(const u64* w) { return unsigned_word<Env>(w[0]); }
  };
};

struct fd : number<i32> {};
struct pid : number<i32> {};
struct user_id : number<u32> {};
struct group_id : number<u32> {};
struct file_mode : number<u32> {};
struct size : ulong {};
struct address : ulong {};
/// An integer C argument without a more telling tag.
struct int_ : number<i32> {};
struct uint_ : number<u32> {};
/// A file offset of one word (off_t).
struct offset : slong {};
/// A file offset of 64 bits on every architecture (loff_t).
struct offset64 : number<i64> {};
/// As offset64, split in two words, low first, on every architecture (preadv's pos_l and pos_h).
struct offset_halves : takes<2> {
  template <class Env>
  struct decoder {
    static constexpr i64 value(const u64* w) {
      return Env::model::word_size == 8 ? static_cast<i64>(w[0]) : static_cast<i64>((w[0] & 0xffffffff) | w[1] << 32);
    }
  };
};

/// A word that nobody reads.
struct unused : takes<1> {
  template <class Env>
  struct decoder {};
};

} // namespace polyabi::arguments
