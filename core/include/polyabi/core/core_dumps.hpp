// The image of itself that a process leaves when a signal ends it (core(5)). When, and with whom standing still, is the
// kernel's affair; where it lies and what it looks like is the personality's: `abi::leave_core`.
#pragma once

#include <polyabi/core/process_tracing.hpp>
#include <polyabi/core/user_memory.hpp>

namespace polyabi::service {

/// What such an image is written with.
struct core_dumps {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::file& f, std::string_view path, u32 flags,
                                           user_vector from, u64 offset) {
    typename K::kernel_transfer; // while one lives, the caller's transfers are of kernel memory
    // As op::open, from the current directory, but without a descriptor. Inside the section, as the next.
    { K::open_file(t, path, flags, flags) } -> std::same_as<answer<K, typename K::file_ref>>;
    { K::write_file(f, from, offset) } -> std::same_as<answer<K, i64>>;
    // Outside. The threads of the caller's process, which stand still; the caller, which is one of them, comes first.
    K::for_each_standing(t, [](typename K::tracee&) {});
    // Somebody wants the caller to make an end.
    { K::must_die(t) } -> std::same_as<bool>;
  };
};

} // namespace polyabi::service
