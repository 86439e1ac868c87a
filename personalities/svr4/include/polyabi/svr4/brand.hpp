// How System V Release 4 executables are recognised: SVR4, UnixWare, DG/UX and Solaris on i386, nearly all of them with
// EI_OSABI 0; and Release 3's, which are COFF. First it is found out that an image is one of them (`svr4_images`), then whose
// it is.
#pragma once

#include <polyabi/core/personality.hpp>

namespace polyabi::brands {

namespace detail {
inline constexpr u8 svr4_os_abi[] = {6}; // ELFOSABI_SOLARIS
inline constexpr std::string_view svr4_note_owners[] = {"GNU", "SCO"};
inline constexpr std::string_view svr4_interpreters[] = {
    "/usr/lib/libc.so.1",   // SVR4, UnixWare, Dynix/ptx, Solaris
    "/usr/lib/ld.so.1",     // Solaris 2
    "/usr/dglib/libc.so.1", // DG/UX
    "/lib/libc.so.1",
};
inline constexpr std::string_view svr4_comments[] = {
    "UNIX System V.4", "UNIX System V Release 4", "Dell UNIX System V.4", "acomp: (CCS)", "UnixWare ", "SunOS 5."};
inline constexpr gate svr4_gates[] = {gate::lcall7, gate::lcall27, gate::lcall0f, gate::int91, gate::intd2};

inline constexpr gate amd64_gates[] = {gate::syscall64};

inline constexpr std::string_view solaris_note_owners[] = {"GNU"};
inline constexpr std::string_view solaris_amd64_interpreters[] = {"/lib/amd64/ld.so.1", "/usr/lib/amd64/ld.so.1", "/lib/64/ld.so.1",
                                                                  "/usr/lib/64/ld.so.1"};
inline constexpr std::string_view solaris_interpreters[] = {"/usr/lib/ld.so.1", "/lib/ld.so.1"};
inline constexpr std::string_view solaris_comments[] = {"SunOS 5."};
// USL's compilers are UnixWare's; "UnixWare 7.1.4" stands in what its own tools link.
inline constexpr std::string_view unixware_comments[] = {"UnixWare ", "acomp: (CCS)"};
inline constexpr std::string_view openserver_note_owners[] = {"SCO"};
inline constexpr std::string_view openserver_comments[] = {"crt1.s.source ", "crt1.s 1.", "SCO UNIX", "ods_30_compat"};
inline constexpr std::string_view interactive_comments[] = {"crt1.o: INTERACTIVE UNIX System", "INTERACTIVE UNIX System"};
inline constexpr u32 coherent_text[] = {0xa8}; // behind the headers of three sections: its linker writes no comments
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
    .coff = image_claim::all,
};

// --- vendors' variants: what tells them from each other
inline constexpr brand_rules solaris_images{
    .os_abi = detail::svr4_os_abi,
    .note_owners = detail::solaris_note_owners,
    .interpreters = detail::solaris_interpreters,
    .comments = detail::solaris_comments,
    .gates = detail::svr4_gates,
    .gnu_note_system = 2,
};
/// 64-bit programs of Solaris and illumos. Their gate is that of others too: it tells nothing where another personality has it.
inline constexpr brand_rules solaris_amd64_images{
    .os_abi = detail::svr4_os_abi,
    .note_owners = detail::solaris_note_owners,
    .interpreters = detail::solaris_amd64_interpreters,
    .comments = detail::solaris_comments,
    .gates = detail::amd64_gates,
    .gnu_note_system = 2,
};
inline constexpr brand_rules unixware_images{
    .comments = detail::unixware_comments,
    .gates = detail::svr4_gates,
};
inline constexpr brand_rules openserver_images{
    .note_owners = detail::openserver_note_owners,
    .comments = detail::openserver_comments,
    .gates = detail::svr4_gates,
    .coff = image_claim::marked,
};
inline constexpr brand_rules interactive_images{
    .comments = detail::interactive_comments,
    .gates = detail::svr4_gates,
    .coff = image_claim::marked,
};
inline constexpr brand_rules coherent_images{
    .gates = detail::svr4_gates,
    .coff = image_claim::marked,
    .coff_text = detail::coherent_text,
};
/// What is left.
inline constexpr brand_rules ibcs2_images{
    .gates = detail::svr4_gates,
    .coff = image_claim::all,
};

} // namespace polyabi::brands
