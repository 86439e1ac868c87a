// The typed signature of a call: a function type over the tags of this file, for instance
//
//   new_fd(here, path, flags<open_flags>, file_mode)
//
// Each tag says how many argument words it takes, how they are decoded for the kernel, and what is written back. Width and sign
// come from the tag, so that nothing is narrowed or extended by accident. A tag's `decoder<Env>` has
//   errc decode(context<Env>&, const u64* words);   value();   and optionally   errc finish(context<Env>&);
// `finish` writes results to user memory after the operation has succeeded and before anything is installed.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/reservation.hpp>

#include <span>

namespace polyabi::arguments {

using namespace std::string_view_literals; // lengths known without strlen

// --- plain words ---------------------------------------------------------------------------------------------------------

/// An integer of this width. A 64-bit one takes two words on a 32-bit architecture (low word first).
template <class T>
struct number {
  template <class Env>
  static constexpr usize words = sizeof(T) > Env::model::word_size ? 2 : 1;
  template <class Env>
  struct decoder {
    T value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      if constexpr (words<Env> == 2) value_ = static_cast<T>((w[0] & 0xffffffff) | w[1] << 32);
      else value_ = static_cast<T>(w[0]);
      return errc::none;
    }
    constexpr T value() const { return value_; }
  };
};

/// C `long`: sign-extended from the architecture's word.
struct slong {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    i64 value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      value_ = Env::model::word_size == 4 ? static_cast<i32>(static_cast<u32>(w[0])) : static_cast<i64>(w[0]);
      return errc::none;
    }
    constexpr i64 value() const { return value_; }
  };
};

/// C `unsigned long`, a size or an address: zero-extended.
struct ulong {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    u64 value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      value_ = Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0];
      return errc::none;
    }
    constexpr u64 value() const { return value_; }
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
struct offset_halves {
  template <class Env>
  static constexpr usize words = 2;
  template <class Env>
  struct decoder {
    i64 value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      value_ = Env::model::word_size == 8 ? static_cast<i64>(w[0]) : static_cast<i64>((w[0] & 0xffffffff) | w[1] << 32);
      return errc::none;
    }
    constexpr i64 value() const { return value_; }
  };
};

/// A word that nobody reads.
struct unused {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    constexpr errc decode(context<Env>&, const u64*) { return errc::none; }
  };
};

// --- constants: no word, but a value for the kernel -----------------------------------------------------------------------

/// The kernel's number of a vocabulary name, or of no flags: `given<at_flag::symlink_nofollow>`, `given<at_flag::none>`.
template <auto Name>
struct given {
  template <class Env>
  static constexpr usize words = 0;
  template <class Env>
  struct decoder {
    constexpr errc decode(context<Env>&, const u64*) { return errc::none; }
    static constexpr auto value() {
      using map = kernel_map<typename Env::kernel, decltype(Name)>;
      if constexpr (Name == decltype(Name){}) return u32{0};
      else if constexpr (requires { map::rows[0].mask; }) return static_cast<u32>(detail::find_row<map>(as_any(Name))->value);
      else return static_cast<i32>(detail::number_of<map>(Name));
    }
  };
};

/// A literal for the kernel: `constant<false>`, `constant<i32{0}>`.
template <auto Value>
struct constant {
  template <class Env>
  static constexpr usize words = 0;
  template <class Env>
  struct decoder {
    constexpr errc decode(context<Env>&, const u64*) { return errc::none; }
    static constexpr auto value() { return Value; }
  };
};

/// A null pointer for an operation's optional structure.
template <class Shape>
struct no {
  template <class Env>
  static constexpr usize words = 0;
  template <class Env>
  struct decoder {
    constexpr errc decode(context<Env>&, const u64*) { return errc::none; }
    static constexpr native<typename Env::kernel, Shape>* value() { return nullptr; }
  };
};

/// The current directory, where a call without a directory argument looks names up.
struct here {
  template <class Env>
  static constexpr usize words = 0;
  template <class Env>
  struct decoder {
    constexpr errc decode(context<Env>&, const u64*) { return errc::none; }
    static constexpr i32 value() { return Env::kernel::current_directory; }
  };
};

/// The directory argument of an *at() call; the personality's AT_FDCWD (`P::current_directory`) becomes the kernel's.
struct directory {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    i32 value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      value_ = static_cast<i32>(w[0]);
      if (value_ == Env::personality::current_directory) value_ = Env::kernel::current_directory;
      return errc::none;
    }
    constexpr i32 value() const { return value_; }
  };
};

// --- flags and enumerations -----------------------------------------------------------------------------------------------

/// Flags under the personality's map.
template <class Map>
struct flags {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    u32 value_;
    constexpr errc decode(context<Env>& c, const u64* w) {
      using table = total_flag_table<Map, kernel_map<typename Env::kernel, typename Map::name_type>>;
      const u64 bits = static_cast<u32>(w[0]);
      if (table::remarkable(bits) != 0) [[unlikely]] c.unsupported("flags"sv, table::remarkable(bits));
      if (errc e = table::refused(bits); e != errc::none) [[unlikely]] return e;
      value_ = static_cast<u32>(table::convert(bits));
      return errc::none;
    }
    constexpr u32 value() const { return value_; }
  };
};

/// One value of an enumeration under the personality's map; EINVAL for others.
template <class Map>
struct one_of {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    i32 value_;
    constexpr errc decode(context<Env>& c, const u64* w) {
      using table = number_table<Map, kernel_map<typename Env::kernel, typename Map::name_type>>;
      value_ = table::convert(static_cast<i32>(w[0]));
      if (value_ == table::absent) [[unlikely]] {
        if (detail::name_of<Map>(static_cast<i32>(w[0])) != typename Map::name_type{}) c.unsupported("value"sv, w[0]);
        return errc::inval;
      }
      return errc::none;
    }
    constexpr i32 value() const { return value_; }
  };
};

/// A signal number (under `P::signals`); with zero, where zero only checks (kill).
struct signal_number {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    i32 value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      const i32 n = static_cast<i32>(w[0]);
      using table = number_table<typename Env::personality::signals, kernel_map<typename Env::kernel, signal>>;
      value_ = n == 0 ? 0 : table::convert(n);
      return value_ == table::absent ? errc::inval : errc::none;
    }
    constexpr i32 value() const { return value_; }
  };
};

// --- strings and bytes ----------------------------------------------------------------------------------------------------

/// A string of at most `Limit` bytes with its NUL, copied in; `TooLong` if there is no NUL.
template <usize Limit, errc TooLong>
struct string {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    char text[Limit];
    usize length;
    errc decode(context<Env>& c, const u64* w) {
      const u64 at = Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0];
      const i64 n = Env::kernel::copy_in_string(c.thread, text, at, Limit);
      if (n < 0) return n == -1 ? errc::fault : TooLong;
      length = static_cast<usize>(n);
      return errc::none;
    }
    std::string_view value() const { return {text, length}; }
  };
};

/// A path name of at most 4096 bytes.
struct path : string<4096, errc::nametoolong> {};

/// A null path pointer is allowed and means an empty path (utimensat).
struct path_or_null {
  template <class Env>
  static constexpr usize words = 1;
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

/// Two words, address and size: bytes the call reads from, or writes to. Not copied here: the operation does.
struct bytes {
  template <class Env>
  static constexpr usize words = 2;
  template <class Env>
  struct decoder {
    user_bytes value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      value_ = Env::model::word_size == 4 ? user_bytes{static_cast<u32>(w[0]), static_cast<u32>(w[1])} : user_bytes{w[0], w[1]};
      return static_cast<i64>(value_.size) < 0 ? errc::inval : errc::none;
    }
    constexpr user_bytes value() const { return value_; }
  };
};
struct bytes_in : bytes {};  ///< the call reads them (write)
struct bytes_out : bytes {}; ///< the call fills them (readlink)

/// As `bytes`, for operations that take several runs: read and write.
struct buffer {
  template <class Env>
  static constexpr usize words = 2;
  template <class Env>
  struct decoder {
    user_bytes one;
    constexpr errc decode(context<Env>&, const u64* w) {
      one = Env::model::word_size == 4 ? user_bytes{static_cast<u32>(w[0]), static_cast<u32>(w[1])} : user_bytes{w[0], w[1]};
      return static_cast<i64>(one.size) < 0 ? errc::inval : errc::none;
    }
    constexpr user_vector value() const { return {&one, 1}; }
  };
};
struct buffer_in : buffer {};
struct buffer_out : buffer {};

/// Two words, an array of (pointer, size) and its length: an iovec of at most `Limit` parts, copied in once.
template <usize Limit>
struct vector {
  template <class Env>
  static constexpr usize words = 2;
  template <class Env>
  struct decoder {
    user_bytes parts[Limit];
    usize count;
    errc decode(context<Env>& c, const u64* w) {
      using word = typename Env::model::ulong;
      const auto n = static_cast<i32>(w[1]);
      if (n < 0 || static_cast<usize>(n) > Limit) return errc::inval;
      count = static_cast<usize>(n);
      u64 at = Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0];
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
struct strings {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    user_strings value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      value_ = {Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0], Env::model::word_size};
      return errc::none;
    }
    constexpr user_strings value() const { return value_; }
  };
};

// --- structures -------------------------------------------------------------------------------------------------------------
// `S` is a foreign structure, a template over the data model, with `using shape = shape::...` for its kernel counterpart.

/// A pointer to a structure that a handler reads or writes itself: `user_ptr<S<model>>`.
template <template <class> class S>
struct pointer {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    user_ptr<S<typename Env::model>> value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      value_ = {Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0]};
      return errc::none;
    }
    constexpr auto value() const { return value_; }
  };
};

/// A pointer to plain scalars of the model: `scalars<i32>`.
template <class T>
struct scalars {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    user_ptr<T> value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      value_ = {Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0]};
      return errc::none;
    }
    constexpr user_ptr<T> value() const { return value_; }
  };
};

/// Two words, a pointer and a count: at most `Limit` structures, copied in once and translated. The handler gets the kernel's
/// structures and, to write back, the user address. A count above the limit is EINVAL.
template <template <class> class S, usize Limit>
struct array_in {
  template <class Env>
  static constexpr usize words = 2;
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
      const user_ptr<const foreign> from{Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0]};
      for (usize i = 0; i < count; ++i)
        if (errc e = c.read_native(from.at(i), items[i]); e != errc::none) return e;
      return errc::none;
    }
    std::span<kernel_structure> value() { return {items, count}; }
  };
};

/// The kernel fills it; translated and written after success. EFAULT for null, where the operation would have been useless.
template <template <class> class S>
struct out {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    using foreign = S<typename Env::model>;
    user_ptr<foreign> to;
    native<typename Env::kernel, typename foreign::shape> value_{};
    constexpr errc decode(context<Env>&, const u64* w) {
      to = {Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0]};
      return errc::none;
    }
    constexpr auto& value() { return value_; }
    errc finish(context<Env>& c) { return c.write_foreign(to, value_); }
  };
};

/// As `out`, but null means that the caller does not want it: the operation gets a null pointer.
template <template <class> class S>
struct out_or_null {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder : out<S>::template decoder<Env> {
    auto* value() { return this->to ? &this->value_ : nullptr; }
    errc finish(context<Env>& c) { return this->to ? out<S>::template decoder<Env>::finish(c) : errc::none; }
  };
};

/// Read and translated before the operation.
template <template <class> class S>
struct in {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    using foreign = S<typename Env::model>;
    native<typename Env::kernel, typename foreign::shape> value_{};
    errc decode(context<Env>& c, const u64* w) {
      return c.read_native(user_ptr<const foreign>{Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0]}, value_);
    }
    constexpr const auto& value() const { return value_; }
  };
};

/// As `in`; null is allowed and passed on.
template <template <class> class S>
struct in_or_null {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder : in<S>::template decoder<Env> {
    bool present;
    errc decode(context<Env>& c, const u64* w) {
      present = w[0] != 0;
      return present ? in<S>::template decoder<Env>::decode(c, w) : errc::none;
    }
    const auto* value() const { return present ? &this->value_ : nullptr; }
  };
};

/// Read, changed by the operation, and written back.
template <template <class> class S>
struct inout {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    using foreign = S<typename Env::model>;
    user_ptr<foreign> at;
    native<typename Env::kernel, typename foreign::shape> value_{};
    errc decode(context<Env>& c, const u64* w) {
      at = {Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0]};
      return c.read_native(user_ptr<const foreign>{at.address}, value_);
    }
    constexpr auto& value() { return value_; }
    errc finish(context<Env>& c) { return c.write_foreign(at, value_); }
  };
};

/// A pointer through which the operation's answer is stored, as a `T`, after success: `status(fd, store_result<i32>)`.
template <class T>
struct store_result {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    u64 to;
    constexpr errc decode(context<Env>&, const u64* w) {
      to = Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0];
      return errc::none;
    }
    template <class V>
    errc store(context<Env>& c, const V& answered) {
      const auto raw = static_cast<T>(answered);
      return c.write_bytes(to, &raw, sizeof raw);
    }
  };
};

/// A pointer through which two reserved descriptors are stored, before they are installed (pipe): `status_pair(store_pair, ...)`.
struct store_pair {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    u64 to;
    constexpr errc decode(context<Env>&, const u64* w) {
      to = Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0];
      return errc::none;
    }
    template <class V>
    errc store(context<Env>& c, const V& pair) {
      const i32 raw[2] = {pair.first.number(), pair.second.number()};
      return c.write_bytes(to, raw, sizeof raw);
    }
  };
};

/// A pointer to a plain integer, read once: the operation gets the integer (FIONBIO, TIOCSPGRP).
template <class T>
struct value_at {
  template <class Env>
  static constexpr usize words = 1;
  template <class Env>
  struct decoder {
    T value_;
    errc decode(context<Env>& c, const u64* w) {
      return c.read_bytes(Env::model::word_size == 4 ? static_cast<u32>(w[0]) : w[0], &value_, sizeof value_);
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

// --- results ----------------------------------------------------------------------------------------------------------------
// A result tag turns what the operation answered into register values: `complete(context, answered value)`.

/// A completed call: one or two register values.
struct completed {
  u64 value = 0;
  u64 second = 0;
  bool leave_registers = false; ///< the handler has set the registers itself (sigreturn, exec)
};

/// 0.
struct status {
  template <class Env>
  static completed complete(context<Env>&) { return {}; }
  template <class Env, class T>
  static completed complete(context<Env>&, T&) { return {}; }
};

/// A signed number: a count, an id, an offset. EOVERFLOW if it does not fit into the word.
struct count {
  template <class Env, class T>
  static completed complete(context<Env>&, T& value) { return {static_cast<u64>(static_cast<i64>(value))}; }
};

/// An unsigned word: an address, flags.
struct word {
  template <class Env, class T>
  static completed complete(context<Env>&, T& value) { return {static_cast<u64>(value)}; }
};

/// A descriptor: installed now.
struct new_fd {
  template <class Env, class T>
  static completed complete(context<Env>&, T& reservation) { return {static_cast<u64>(detail::derived_entry::commit(reservation))}; }
};

/// Two descriptors, both in registers (SVR4's pipe).
struct two_new_fds {
  template <class Env, class T>
  static completed complete(context<Env>&, T& pair) {
    const completed c{static_cast<u64>(pair.first.number()), static_cast<u64>(pair.second.number())};
    detail::derived_entry::commit(pair);
    return c;
  }
};

/// Two descriptors, stored through `store_pair`, installed now; the call answers 0.
struct status_pair {
  template <class Env, class T>
  static completed complete(context<Env>&, T& pair) {
    detail::derived_entry::commit(pair);
    return {};
  }
};

/// A child process: the personality prepares the child's registers (`A::child_registers`), then it runs.
struct child {
  template <class Env, class T>
  static completed complete(context<Env>& c, T& reservation) {
    Env::arch::child_registers(c, reservation.frame());
    return {static_cast<u64>(static_cast<i64>(detail::derived_entry::commit(reservation)))};
  }
};

/// The handler answers `completed` itself: two values, or registers left alone.
struct registers_set {
  template <class Env>
  static completed complete(context<Env>&, completed& value) { return value; }
  template <class Env>
  static completed complete(context<Env>&) { return {0, 0, true}; }
};

} // namespace polyabi::arguments
