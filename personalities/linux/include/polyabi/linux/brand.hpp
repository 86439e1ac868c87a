// How Linux executables are recognised, on both architectures.
#pragma once

#include <polyabi/core/personality.hpp>

namespace polyabi::brands {

namespace detail {
inline constexpr u8 linux_os_abi[] = {3}; // ELFOSABI_GNU: glibc's static programs with IFUNC
inline constexpr std::string_view linux_note_owners[] = {"GNU"};
inline constexpr std::string_view linux_interpreters[] = {
    "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux.so.2",     // glibc
    "/lib/ld-musl-x86_64.so.1",    "/lib/ld-musl-i386.so.1", // musl
    "/lib/ld-linux.so.1",                                    // libc5
};
inline constexpr gate linux_gates[] = {gate::syscall64, gate::int80};
} // namespace detail

/// musl's and Go's static programs carry no mark at all: only their gate tells.
inline constexpr brand_rules linux_images{
    .os_abi = detail::linux_os_abi,
    .note_owners = detail::linux_note_owners,
    .interpreters = detail::linux_interpreters,
    .old_brand = "Linux",
    .gates = detail::linux_gates,
    .gnu_note_system = 0,
};

} // namespace polyabi::brands
