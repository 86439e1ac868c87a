// What a derived entry is instantiated for, and the context in which it runs.
#pragma once

#include <polyabi/core/clear.hpp>
#include <polyabi/core/kernel.hpp>
#include <polyabi/core/personality.hpp>
#include <polyabi/core/release.hpp>
#include <polyabi/core/scalar.hpp>
#include <polyabi/core/translate.hpp>

#include <string_view>

namespace polyabi {

/// How an architecture's error returns look to the program.
enum class error_style : u8 {
  negative, ///< the result register holds minus the errno
  carry,    ///< the carry flag is set and the result register holds the errno
};

/// A trap convention as data: which registers carry what.
struct trap_convention {
  u64 registers::*number;
  u64 registers::*arguments[6]{};
  /// Arguments lie on the user stack instead, one word each, above the return address.
  bool stack_arguments = false;
  u64 registers::*result;
  u64 registers::*second; ///< of calls that return two values
  error_style errors;
};

/// One personality `P` on one of its architectures `A`, over one kernel `K`.
template <class P, class A, class K>
struct environment {
  using personality = P;
  using arch = A;
  using kernel = K;
  using model = typename A::model;
};

/// An error as a handler may answer it: a vocabulary name or the kernel's own number.
template <class K>
class either_error {
public:
  constexpr either_error() = default;
  constexpr either_error(errc name) : bits_{static_cast<u32>(name) << 16} {}
  constexpr either_error(typename K::error number) : bits_{static_cast<u16>(number)} {}
  constexpr bool operator==(const either_error&) const = default;
  constexpr bool is_name() const { return bits_ >> 16 != 0; }
  constexpr errc name() const { return static_cast<errc>(bits_ >> 16); }
  constexpr typename K::error number() const { return static_cast<typename K::error>(bits_ & 0xffff); }

private:
  u32 bits_ = 0;
};

/// What a handler answers: `reply<Env, i64>`.
template <class Env, class T = void>
using reply = basic_result<T, either_error<typename Env::kernel>>;

/// A report through the one funnel for what is not supported: "linux: open: flags 0x400000 (program)".
struct unsupported_report {
  std::string_view personality;
  std::string_view call;
  std::string_view what; ///< "call", "flags", "request", "option"
  u64 value;
};

/// A system call in progress, as a handler sees it. All access to user memory goes through it.
template <class Env>
struct context {
  using kernel = typename Env::kernel;
  using model = typename Env::model;
  using thread_type = typename kernel::thread;

  thread_type& thread;
  registers& frame;
  std::string_view call_name;

  /// Reads a foreign value, once.
  template <class T>
  [[nodiscard]] errc read(user_ptr<T> from, std::remove_const_t<T>& to) {
    static_assert(plain_bytes<T>, "only plain bytes cross from user memory");
    return kernel::copy_in(thread, &to, from.address, sizeof(T)) ? errc::none : errc::fault;
  }
  template <class T>
  [[nodiscard]] errc write(user_ptr<T> to, const std::type_identity_t<T>& from) {
    static_assert(!std::is_const_v<T>, "a user_ptr<const T> is only read");
    static_assert(plain_bytes<T>, "only plain bytes cross to user memory");
    static_assert(!has_read_only_fields<T>,
                  "a field of this structure is only read by the ABI: write_foreign() writes back the others");
    return kernel::copy_out(thread, to.address, &from, sizeof(T)) ? errc::none : errc::fault;
  }
  [[nodiscard]] errc read_bytes(u64 from, void* to, usize size) {
    return kernel::copy_in(thread, to, from, size) ? errc::none : errc::fault;
  }
  [[nodiscard]] errc write_bytes(u64 to, const void* from, usize size) {
    return kernel::copy_out(thread, to, from, size) ? errc::none : errc::fault;
  }

  /// Reads a structure whose size the program states (openat2, clone3, sched_setattr, ...): a program of an older release gives
  /// less and the rest is zero; one of a newer release may give more if what we do not know is zero, E2BIG otherwise. Less than
  /// the structure's first size (`T::growth`) is EINVAL; more than a page is E2BIG.
  template <class T>
  [[nodiscard]] errc read_versioned(user_ptr<T> from, u64 size, std::remove_const_t<T>& to) {
    static_assert(plain_bytes<T>, "only plain bytes cross from user memory");
    if (size < T::growth[0].size) return errc::inval;
    if (size > page_size) return errc::toobig;
    to = {};
    const usize whole = known_size<T>(release_seen<kernel>(thread));
    const usize known = size < whole ? static_cast<usize>(size) : whole;
    if (!kernel::copy_in(thread, &to, from.address, known)) return errc::fault;
    for (u64 at = known; at < size;) {
      unsigned char beyond[64];
      const usize part = size - at < sizeof beyond ? static_cast<usize>(size - at) : sizeof beyond;
      if (!kernel::copy_in(thread, beyond, from.address + at, part)) return errc::fault;
      for (usize i = 0; i < part; ++i)
        if (beyond[i] != 0) return errc::toobig;
      at += part;
    }
    return errc::none;
  }

  /// Reads a foreign structure and translates it to the kernel's.
  template <class F, class N>
  [[nodiscard]] errc read_native(user_ptr<F> from, N& to) {
    std::remove_const_t<F> foreign;
    if (errc e = read(from, foreign); e != errc::none) return e;
    return to_native<kernel>(foreign, to);
  }
  /// Translates the kernel's structure and writes it, but for fields that are only read.
  template <class F, class N>
  [[nodiscard]] errc write_foreign(user_ptr<F> to, const N& from) {
    F foreign;
    clear(foreign);
    if (errc e = to_foreign<kernel>(from, foreign); e != errc::none) return e;
    if constexpr (has_read_only_fields<F>)
      return write_fields(to.address, foreign);
    else
      return write(to, foreign);
  }

  /// A literal brings its length along: no strlen in a freestanding kernel.
  template <usize N>
  void unsupported(const char (&what)[N], u64 value) {
    unsupported(std::string_view{what, N - 1}, value);
  }
  void unsupported(std::string_view what, u64 value) { report(thread, call_name, what, value); }

  /// Performs a kernel operation.
  template <class Operation, class... Arguments>
  [[gnu::always_inline]] auto perform(Operation operation, Arguments&&... arguments) {
    static_assert(provides<kernel, Operation>(),
                  "the kernel does not provide this operation: list it in the handler's `needs`");
    // As polyabi::perform does it: without one more function for each use of an operation.
    [[maybe_unused]] const bracket<kernel, Operation> around{thread};
    return detail::performer<kernel, Operation>::perform(operation, thread, static_cast<Arguments&&>(arguments)...);
  }

private:
  // By its parts: a context whose address nobody has need not be in memory.
  [[gnu::noinline]] static void report(thread_type& thread, std::string_view call, std::string_view what, u64 value) {
    kernel::unsupported(thread, unsupported_report{Env::personality::name, call, what, value});
  }
  template <class F>
  errc write_fields(u64 to, const F& from) {
    errc failed = errc::none;
    for_each_field<F>([&]<class Field>(Field) {
      using member = field_type<Field>;
      const u64 place = to + detail::constant_offset<F, Field::member>();
      if (failed != errc::none || detail::is_in_only<member>) return;
      if constexpr (!has_read_only_fields<member>)
        failed = write_bytes(place, &(from.*Field::member), sizeof(member));
      else if constexpr (has_fields<member>)
        failed = write_fields(place, from.*Field::member);
    });
    return failed;
  }
};

} // namespace polyabi
