// Builds the first user stack of an image: argc, argv, envp, the auxiliary vector, and the strings they point at.
//
//   high   one zero word
//          file name given to exec
//          environment strings         (as Linux and System V have them: argument strings below, both in order)
//          argument strings
//          platform string
//          16 random bytes
//          padding to 16
//          auxiliary vector, ended by AT_NULL
//          envp[], 0
//          argv[], 0
//   low    argc                        <- stack pointer, a multiple of 16
#pragma once

#include <polyabi/activators/image.hpp>

namespace polyabi::activators {

inline constexpr usize max_argument_string = 131072; ///< Linux' MAX_ARG_STRLEN, with the NUL
inline constexpr usize max_auxiliary_entries = 48;

/// What a stack limit leaves for strings and vectors, as Linux has it: a quarter, but from 128 KiB to 6 MiB.
constexpr u64 argument_limit(u64 stack_limit) {
  constexpr u64 least = 128 << 10, most = 6 << 20;
  const u64 quarter = stack_limit / 4;
  return quarter < least ? least : quarter > most ? most : quarter;
}

/// Strings that lie one after the other, each with its NUL: how a kernel keeps what it copied in.
struct string_block {
  const char* bytes = nullptr;
  usize size = 0; ///< with all NULs
  usize count = 0;
};

/// Fills a block in memory of the caller, one string at a time.
class string_collector {
public:
  constexpr explicit string_collector(std::span<char> memory) : memory_{memory} {}
  /// `errc::toobig` if the memory is full or the string longer than `max_argument_string`.
  constexpr errc append(std::string_view text);
  constexpr string_block block() const { return {memory_.data(), size_, count_}; }
  constexpr usize remaining() const { return memory_.size() - size_; }

private:
  std::span<char> memory_;
  usize size_ = 0, count_ = 0;
};

/// What the stack is built from. Arguments come in blocks so that a script's interpreter can be put before the caller's own.
struct stack_request {
  u64 top = 0;                  ///< the byte after the stack, a multiple of 16
  u64 size_limit = 0;           ///< bytes that may be used, strings and vectors together; E2BIG beyond. See `argument_limit`
  u8 pointer_size = 8;          ///< 4 or 8
  bool auxiliary_vector = true; ///< false: none, not even its end
  std::span<const string_block> arguments, environment;
  std::string_view file_name, platform;
  std::array<u8, 16> random{};
};

/// Where everything is.
struct stack_layout {
  u64 stack_pointer = 0;
  u64 argument_count = 0, environment_count = 0, auxiliary_count = 0; ///< without terminators
  u64 arguments_start = 0, arguments_end = 0;                         ///< the strings, for /proc/PID/cmdline
  u64 environment_start = 0, environment_end = 0;                     ///< for /proc/PID/environ
  u64 file_name = 0, platform = 0, random = 0;
  u64 vectors_end = 0; ///< the byte after the auxiliary vector
};

/// Writes user memory: false if it cannot.
template <class W>
concept stack_writer = requires(W& writer, u64 address, const void* from, usize size) {
  { writer.write(address, from, size) } -> std::same_as<bool>;
};

/// Gives every string its place. `errc::toobig` if they exceed the limits. The stack pointer is not known before
/// `place_vectors`.
constexpr basic_result<stack_layout, errc> place_strings(const stack_request& request);

/// Gives the vectors their place under the strings, for so many auxiliary entries (without AT_NULL).
constexpr errc place_vectors(const stack_request& request, usize auxiliary_count, stack_layout& layout);

/// Writes everything to its place. `errc::fault` if the writer cannot.
template <stack_writer Writer>
errc write_stack(const stack_request& request, const stack_layout& layout, std::span<const auxiliary_entry> auxiliary,
                 Writer& writer);

/// All three steps. `auxiliary` is `abi::auxiliary_vector` or alike: usize(const image_start&, std::span<auxiliary_entry>);
/// `start` is what the kernel knows, the addresses of strings are filled in here.
template <class Auxiliary, stack_writer Writer>
basic_result<stack_layout, errc> build_stack(const stack_request& request, image_start start, Auxiliary&& auxiliary,
                                             Writer& writer);

} // namespace polyabi::activators

#include <polyabi/activators/detail/build_stack.hpp>
