// How System V Release 4 executables are recognised: SVR4, UnixWare, DG/UX and Solaris on i386. Nearly all of them have
// EI_OSABI 0.
#pragma once

#include <polyabi/core/personality.hpp>

namespace polyabi::brands {

namespace detail {
inline constexpr u8 svr4_os_abi[] = {6}; // ELFOSABI_SOLARIS
inline constexpr std::string_view svr4_note_owners[] = {"GNU"};
inline constexpr std::string_view svr4_interpreters[] = {
    "/usr/lib/libc.so.1",   // SVR4, UnixWare, Dynix/ptx, Solaris
    "/usr/lib/ld.so.1",     // Solaris 2
    "/usr/dglib/libc.so.1", // DG/UX
    "/lib/libc.so.1",
};
inline constexpr std::string_view svr4_comments[] = {"UNIX System V.4", "UNIX System V Release 4", "acomp: (CCS)", "UnixWare ",
                                                     "SunOS 5."};
inline constexpr gate svr4_gates[] = {gate::lcall7, gate::lcall27, gate::int91, gate::intd2};
} // namespace detail

/// Stripped static programs have no mark: only their gate tells them from Linux' ones.
inline constexpr brand_rules svr4_images{
    .os_abi = detail::svr4_os_abi,
    .note_owners = detail::svr4_note_owners,
    .interpreters = detail::svr4_interpreters,
    .old_brand = "SVR4",
    .comments = detail::svr4_comments,
    .gates = detail::svr4_gates,
    .gnu_note_system = 2, // Solaris
    .coff = true,
};

} // namespace polyabi::brands
